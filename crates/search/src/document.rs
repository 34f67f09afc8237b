//! What is findable: a document, its kinds, and how one becomes fields of the index.

use serde::{Deserialize, Serialize};
use tantivy::TantivyDocument;

use crate::language::{Language, labelled};
use crate::schema::{Fields, Text};
use crate::visibility::Audience;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    Challenge,
    /// Awarded or ended elsewhere or here: what others have asked for before.
    #[serde(rename = "past")]
    PastChallenge,
    Solution,
    /// An organisation of which something is public.
    Supplier,
    Buyer,
    /// What was opened of a round. Never in an index on disk: it is found in one of its reader's own, in memory.
    Response,
}

impl Kind {
    pub const ALL: [Self; 6] =
        [Self::Challenge, Self::PastChallenge, Self::Solution, Self::Supplier, Self::Buyer, Self::Response];

    /// `"challenge"`, `"past"`, `"solution"`, `"supplier"`, `"buyer"`, `"response"`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Challenge => "challenge",
            Self::PastChallenge => "past",
            Self::Solution => "solution",
            Self::Supplier => "supplier",
            Self::Buyer => "buyer",
            Self::Response => "response",
        }
    }

    /// The reverse of `as_str`; `None` for any other word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }

    /// Its place in `ALL`, also its number in the index.
    pub(crate) fn number(self) -> usize {
        self as usize
    }
}

/// What may be found, and by whom. Texts are plain, without markup. Instants are microseconds since 1970, UTC.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    pub kind: Kind,
    pub id: i64,
    pub title: String,
    pub summary: String,
    pub body: String,
    /// The buyer's or the supplier's name. Empty where a pseudonym hides it.
    pub who: String,
    pub place: String,
    /// BCP 47: `"en"`, `"fr-CA"`. Decides the word forms.
    pub lang: String,
    pub audiences: Vec<Audience>,
    pub published_at: i64,
    pub opens_at: Option<i64>,
    pub closes_at: Option<i64>,
    /// When its decision was published.
    pub decided_at: Option<i64>,
    /// The buyer's name, also where `who` is a supplier; the facet and `buyer:` go by it. Empty where it is hidden.
    pub buyer: String,
    /// Codes of the common procurement vocabulary, eight digits each; others are passed over.
    pub categories: Vec<String>,
    /// Whole units of its own currency, rounded down. Bands compare the number alone: to a supplier who looks for the size
    /// of a task, a hundred thousand of the usual currencies is the same.
    pub budget: Option<i64>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::large_enum_variant, reason = "nearly every change is a `Put`: a box each would only add an allocation")]
pub enum Change {
    /// In place of any document of the same kind and id.
    Put(Document),
    /// No error where there is none.
    Remove { kind: Kind, id: i64 },
}

/// How much of a body is kept to cut snippets from, in bytes. All of it is indexed; but every hit on a page has its
/// stored text read and scanned, and a match is seldom found only behind the second page of a notice.
const KEPT_BODY: usize = 8192;

pub(crate) fn to_engine(fields: &Fields, document: &Document) -> TantivyDocument {
    let mut out = TantivyDocument::new();
    let public = document.audiences.contains(&Audience::Public);
    let language = Language::find(&document.lang);
    let mut index = |text: Text, value: &str| {
        let field = if public { text.public } else { text.restricted };
        if !value.is_empty() {
            out.add_text(field, labelled(value, language));
        }
    };
    index(fields.title, &document.title);
    // What is said in short counts twice. A field of its own would cost each word of each query one more list to read.
    index(fields.rest, &document.summary);
    index(fields.rest, &document.summary);
    for text in [&document.who, &document.place, &document.body] {
        index(fields.rest, text);
    }
    if document.buyer != document.who {
        index(fields.rest, &document.buyer);
    }

    out.add_text(fields.key, format!("{}:{}", document.kind.as_str(), document.id));
    let mut audiences = document.audiences.clone();
    audiences.sort_unstable();
    audiences.dedup();
    for audience in audiences {
        out.add_text(fields.audience, audience.term());
        out.add_text(fields.audience, audience.term_of(document.kind));
    }
    out.add_text(fields.stemmer, language.map_or("", |language| language.code));
    out.add_u64(fields.kind, document.kind.number() as u64);
    out.add_i64(fields.id, document.id);
    out.add_i64(fields.published_at, document.published_at);
    let instants =
        [(fields.opens_at, document.opens_at), (fields.closes_at, document.closes_at), (fields.decided_at, document.decided_at)];
    for (field, at) in instants {
        if let Some(at) = at {
            out.add_i64(field, at);
        }
    }
    for (name, words, value) in
        [(fields.buyer, fields.buyer_words, &document.buyer), (fields.place, fields.place_words, &document.place)]
    {
        if !value.is_empty() {
            out.add_text(name, value);
            out.add_text(words, labelled(value, None));
        }
    }
    for code in document.categories.iter().filter_map(|code| category(code)) {
        out.add_u64(fields.category, code);
    }
    if let Some(budget) = document.budget {
        out.add_i64(fields.budget, budget);
    }
    if let Some(tag) = tag(&document.lang) {
        out.add_u64(fields.lang, tag);
    }
    out.add_text(fields.shown_title, &document.title);
    out.add_text(fields.shown_summary, &document.summary);
    let kept = document.body.floor_char_boundary(KEPT_BODY);
    out.add_text(fields.shown_body, &document.body[..kept]);
    out.add_text(fields.shown_who, &document.who);
    out.add_text(fields.shown_lang, &document.lang);
    out
}

/// Eight digits as a number.
fn category(code: &str) -> Option<u64> {
    (code.len() == 8 && code.bytes().all(|byte| byte.is_ascii_digit())).then(|| code.parse().ok()).flatten()
}

/// The primary part of a language tag as a number, and back. `None` for what is no tag.
pub(crate) fn tag(lang: &str) -> Option<u64> {
    let primary = lang.split(['-', '_']).next().unwrap_or_default();
    let letters = primary.bytes().map(|byte| byte.to_ascii_lowercase());
    let fits = (2..=3).contains(&primary.len()) && letters.clone().all(|byte| byte.is_ascii_lowercase());
    fits.then(|| letters.fold(0, |number, byte| number << 5 | u64::from(byte - b'a' + 1)))
}

pub(crate) fn untag(mut number: u64) -> String {
    let mut letters = Vec::new();
    while number > 0 {
        letters.push(b'a' + (number & 31) as u8 - 1);
        number >>= 5;
    }
    letters.iter().rev().map(|letter| char::from(*letter)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_have_their_words() {
        for (number, kind) in Kind::ALL.into_iter().enumerate() {
            assert_eq!(Kind::parse(kind.as_str()), Some(kind));
            assert_eq!(kind.number(), number);
        }
        assert_eq!(Kind::parse("Challenge"), None);
    }

    #[test]
    fn languages_are_numbers_and_come_back() {
        for (lang, back) in [("fr-CA", "fr"), ("EN", "en"), ("zza", "zza"), ("cy", "cy")] {
            assert_eq!(tag(lang).map(untag).as_deref(), Some(back));
        }
        assert_eq!((tag(""), tag("e"), tag("é"), tag("english")), (None, None, None, None));
    }
}
