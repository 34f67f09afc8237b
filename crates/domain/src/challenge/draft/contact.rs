//! Place, language, and whom to ask.

use crate::form::{Errors, Fields};

/// Languages in which a notice may be written (ISO 639-1): those of the European Union and its neighbours.
pub const LANGUAGES: &[&str] = &[
    "en", "fr", "es", "de", "it", "pt", "nl", "pl", "ro", "bg", "ca", "cs", "cy", "da", "el", "et", "eu", "fi", "ga", "gd", "gl",
    "hr", "hu", "is", "lt", "lv", "mt", "nb", "nn", "sk", "sl", "sq", "sr", "sv", "tr", "uk",
];

pub(super) struct Parsed {
    pub place: String,
    pub lang: String,
    pub contact: String,
    pub credit: String,
}

pub(super) fn contact(f: &Fields, e: &mut Errors) -> Parsed {
    let lang = match f.get("lang") {
        "" => "en",
        code if LANGUAGES.contains(&code) => code,
        _ => {
            e.say("lang", "choose");
            "en"
        }
    };
    Parsed {
        place: e.text(f, "place", false, 120),
        lang: lang.to_owned(),
        contact: e.text(f, "contact", true, 300),
        credit: e.text(f, "credit", false, 300),
    }
}
