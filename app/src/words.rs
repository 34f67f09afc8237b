//! The catalogue: every sentence that a person reads, by key, in Fluent files. English is complete; a pseudo-language marks
//! what comes from here, so that a test finds text that does not.

use std::cell::RefCell;
use std::collections::HashMap;
use std::fmt::Write;
use std::sync::{Arc, LazyLock};

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use unic_langid::LanguageIdentifier;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Lang {
    #[default]
    En,
    /// English between brackets: for tests.
    Pseudo,
}

impl Lang {
    pub fn code(self) -> &'static str {
        match self {
            Lang::En => "en",
            Lang::Pseudo => "en-XA",
        }
    }

    pub fn parse(code: &str) -> Option<Self> {
        match code {
            "en" => Some(Lang::En),
            "en-XA" => Some(Lang::Pseudo),
            _ => None,
        }
    }
}

/// The files of a language, in one bundle.
const ENGLISH: &[&str] = &[
    include_str!("../locales/en/core.ftl"),
    include_str!("../locales/en/account.ftl"),
    include_str!("../locales/en/challenge.ftl"),
    include_str!("../locales/en/amendment.ftl"),
    include_str!("../locales/en/enquiry.ftl"),
    include_str!("../locales/en/workshop.ftl"),
    include_str!("../locales/en/check.ftl"),
    include_str!("../locales/en/check_requirements.ftl"),
    include_str!("../locales/en/response.ftl"),
    include_str!("../locales/en/evaluation.ftl"),
    include_str!("../locales/en/errors.ftl"),
    include_str!("../locales/en/files.ftl"),
    include_str!("../locales/en/form.ftl"),
    include_str!("../locales/en/mail.ftl"),
    include_str!("../locales/en/notices.ftl"),
    include_str!("../locales/en/approval.ftl"),
    include_str!("../locales/en/receipt.ftl"),
    include_str!("../locales/en/answering.ftl"),
    include_str!("../locales/en/sounding.ftl"),
    include_str!("../locales/en/people.ftl"),
    include_str!("../locales/en/table.ftl"),
    include_str!("../locales/en/alerts.ftl"),
    include_str!("../locales/en/result.ftl"),
    include_str!("../locales/en/library.ftl"),
    include_str!("../locales/en/room.ftl"),
    include_str!("../locales/en/rounds.ftl"),
];

static EN: LazyLock<FluentBundle<FluentResource>> = LazyLock::new(|| {
    let mut bundle = FluentBundle::new_concurrent(vec!["en".parse::<LanguageIdentifier>().unwrap_or_default()]);
    // The marks that isolate parameters for mixed scripts would show up in titles and mails.
    bundle.set_use_isolating(false);
    for text in ENGLISH {
        // A file that does not parse is found by a test; here its sound part is used.
        let resource = FluentResource::try_new((*text).to_owned()).unwrap_or_else(|(sound, errors)| {
            tracing::error!(?errors, "the catalogue does not parse");
            sound
        });
        if let Err(errors) = bundle.add_resource(resource) {
            tracing::error!(?errors, "a key stands twice in the catalogue");
        }
    }
    bundle
});

/// Sentences that each thread remembers, of those whose parameters are numbers or none: a long list says few different ones, and
/// choosing between singular and plural costs a microsecond. What holds a text is not remembered: nobody knows whose it is.
const MOST_SAID: usize = 4_096;

thread_local! {
    /// The name that is being looked up, in a place that is used again, and the sentences by name.
    static SAID: RefCell<(String, HashMap<String, String>)> = RefCell::default();
}

/// The sentences of one reader's language.
#[derive(Clone, Copy, Debug, Default)]
pub struct Words(pub Lang);

/// A parameter of a sentence: text, or a number that chooses between singular and plural.
pub enum Arg {
    Text(String),
    Number(i64),
}

macro_rules! arg_from {
    ($($type:ty => |$v:ident| $make:expr),+ $(,)?) => {$(
        impl From<$type> for Arg { fn from($v: $type) -> Self { $make } }
    )+};
}

arg_from! {
    &str => |v| Arg::Text(v.to_owned()),
    String => |v| Arg::Text(v),
    &String => |v| Arg::Text(v.clone()),
    i64 => |v| Arg::Number(v),
    i32 => |v| Arg::Number(v.into()),
    u32 => |v| Arg::Number(v.into()),
    u8 => |v| Arg::Number(v.into()),
    usize => |v| Arg::Number(i64::try_from(v).unwrap_or(i64::MAX)),
    Arc<str> => |v| Arg::Text(v.to_string()),
}

impl Words {
    /// The sentence of a key. An unknown key shows itself: better than an empty page, and found by a test.
    pub fn say(self, key: &str, args: Vec<(&'static str, Arg)>) -> String {
        let said = |args: Vec<(&'static str, Arg)>| {
            let args = args.into_iter().map(|(name, arg)| (name.to_owned(), arg)).collect::<Vec<_>>();
            self.say_with(key, &args)
        };
        if args.iter().any(|(_, arg)| matches!(arg, Arg::Text(_))) {
            return said(args);
        }
        SAID.with_borrow_mut(|(name, sentences)| {
            name.clear();
            name.extend([self.0.code(), " ", key]);
            for (parameter, arg) in &args {
                if let Arg::Number(number) = arg {
                    // Into memory: it cannot fail.
                    let _ = write!(name, " {parameter}={number}");
                }
            }
            if let Some(sentence) = sentences.get(name.as_str()) {
                return sentence.clone();
            }
            if sentences.len() >= MOST_SAID {
                sentences.clear();
            }
            let sentence = said(args);
            sentences.insert(name.clone(), sentence.clone());
            sentence
        })
    }

    /// The same with names known only at run time: errors of forms, parameters of mails.
    pub fn say_with(self, key: &str, args: &[(String, Arg)]) -> String {
        let pattern = EN.get_message(key).and_then(|message| message.value());
        let Some(pattern) = pattern else {
            tracing::error!(key, "not in the catalogue");
            return format!("?{key}?");
        };
        let mut values = FluentArgs::new();
        for (name, arg) in args {
            let value = match arg {
                Arg::Text(text) => FluentValue::from(text.as_str()),
                Arg::Number(number) => FluentValue::from(*number),
            };
            values.set(name.as_str(), value);
        }
        let mut errors = Vec::new();
        let text = EN.format_pattern(pattern, Some(&values), &mut errors).into_owned();
        if !errors.is_empty() {
            tracing::error!(key, ?errors, "a sentence lacks a parameter");
        }
        match self.0 {
            Lang::En => text,
            Lang::Pseudo => format!("⟦{text}⟧"),
        }
    }

    /// All keys that begin so, in the order of the catalogue.
    pub fn keys_beginning(beginning: &str) -> impl Iterator<Item = &'static str> {
        ENGLISH
            .iter()
            .flat_map(|text| text.lines())
            .filter_map(move |line| line.split_once(" =").map(|(key, _)| key).filter(|key| key.starts_with(beginning)))
    }

    pub fn has(key: &str) -> bool {
        EN.get_message(key).is_some()
    }
}

/// A sentence: `t!(cx, "key")`, `t!(cx, "key", name = value)`.
macro_rules! t {
    ($cx:expr, $key:expr $(, $name:ident = $value:expr)* $(,)?) => {
        $cx.words.say($key, vec![$((stringify!($name), $crate::words::Arg::from($value))),*])
    };
}
pub(crate) use t;

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn keys() -> BTreeSet<String> {
        ENGLISH
            .iter()
            .flat_map(|text| text.lines())
            .filter(|line| line.starts_with(|c: char| c.is_ascii_lowercase()))
            .filter_map(|line| line.split_once(" =").map(|(key, _)| key.to_owned()))
            .collect()
    }

    fn sources(folder: &std::path::Path, out: &mut String) {
        for entry in std::fs::read_dir(folder).unwrap().flatten() {
            let path = entry.path();
            if path.is_dir() {
                sources(&path, out);
            } else if path.extension().is_some_and(|ext| ext == "rs") {
                out.push_str(&std::fs::read_to_string(path).unwrap());
            }
        }
    }

    #[test]
    fn the_catalogue_parses_and_no_key_stands_twice() {
        for text in ENGLISH {
            if let Err((_, errors)) = FluentResource::try_new((*text).to_owned()) {
                panic!("{errors:?}");
            }
        }
        let all = ENGLISH
            .iter()
            .flat_map(|text| text.lines())
            .filter(|line| line.starts_with(|c: char| c.is_ascii_lowercase()))
            .count();
        assert_eq!(all, keys().len());
    }

    #[test]
    fn every_key_that_pages_name_is_in_the_catalogue() {
        let mut text = String::new();
        sources(std::path::Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src")), &mut text);
        let keys = keys();
        let missing: BTreeSet<&str> = text
            .split("t!(cx, \"")
            .skip(1)
            .filter_map(|rest| rest.split('"').next())
            .filter(|key| *key != "key" && !keys.contains(*key))
            .collect();
        assert!(missing.is_empty(), "not in the catalogue: {missing:#?}");
    }

    #[test]
    fn every_code_that_the_rules_give_has_its_sentence() {
        use domain::challenge::{Section, Stage};
        use domain::policy::Refusal;
        let codes = Refusal::ALL.iter().map(|code| format!("refusal-{}", code.code()));
        let stages =
            Stage::ALL.iter().flat_map(|stage| [format!("stage-{}", stage.code()), format!("stage-supplier-{}", stage.code())]);
        let sections = Section::ALL
            .iter()
            .flat_map(|section| ["", "-hint", "-good", "-example"].map(|part| format!("section-{}{part}", section.code())));
        let languages = domain::challenge::LANGUAGES.iter().map(|code| format!("language-{code}"));
        let missing: Vec<String> = codes.chain(stages).chain(sections).chain(languages).filter(|key| !Words::has(key)).collect();
        assert!(missing.is_empty(), "not in the catalogue: {missing:#?}");
    }

    #[test]
    fn every_error_of_a_form_has_its_sentence() {
        let mut text = String::new();
        for folder in ["../crates/domain/src", "../crates/workflow/src", "src"] {
            sources(&std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(folder), &mut text);
        }
        let mut missing = BTreeSet::new();
        for start in ["e.say(", "errors.say(", "FieldError::new(", "Error::field("] {
            for call in text.split(start).skip(1) {
                // The code is the last text of the call; what a rule computes is looked at where it is made.
                let call = call.split([';', '\n']).next().unwrap_or_default().split(".with(").next().unwrap_or_default();
                let code = call.split('"').skip(1).step_by(2).last().unwrap_or_default();
                let plain = !code.is_empty() && code.chars().all(|c| c.is_ascii_lowercase() || c == '-');
                if plain && !call.contains(".code()") && !call.contains("price_refusal") && !Words::has(&format!("error-{code}"))
                {
                    missing.insert(code.to_owned());
                }
            }
        }
        assert!(missing.is_empty(), "no sentence for {missing:#?}");
    }

    #[test]
    fn numbers_choose_their_words() {
        let words = Words(Lang::En);
        assert_eq!(words.say("days-left", vec![("days", Arg::from(1))]), "1 day left");
        assert_eq!(words.say("days-left", vec![("days", Arg::from(12))]), "12 days left");
        // Remembered, each by its number and language.
        for days in [1, 12, 1] {
            assert!(words.say("days-left", vec![("days", Arg::from(days))]).starts_with(&format!("{days} day")));
        }
        assert_eq!(Words(Lang::Pseudo).say("days-left", vec![("days", Arg::from(1))]), "⟦1 day left⟧");
    }
}
