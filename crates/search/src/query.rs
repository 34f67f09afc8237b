//! What is asked and what is answered, and the reading of typed text.

use crate::document::Kind;
use crate::language::{Folder, Language, is_stop_word, words};

/// How many words of a query count; the rest is ignored. Each costs a dozen look-ups.
const MOST_WORDS: usize = 32;
/// How many letters of a query are read.
const MOST_LETTERS: usize = 2000;

/// Compared with `now` at query time, microseconds UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum When {
    #[default]
    Any,
    /// `opens_at <= now < closes_at`: the instant of a deadline is already late. A document that lacks either is never
    /// open.
    Open,
    /// `closes_at <= now`.
    Closed,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Sort {
    /// Without any word to be relevant to, the newest first.
    #[default]
    Relevance,
    /// Deadlines to come, the nearest first; then those gone by, the latest first; then documents without one.
    Closing,
    /// By `published_at`.
    Newest,
}

/// `text`, as typed: words (all must be found, in any of their forms), `"phrases"` (exact words in this order) and
/// `-not`, also `-"not this"`. Everything else is words or nothing; a text without a word counts as empty and finds
/// everything the reader may find.
///
/// Where not one document (of any kind) has all the words: a word that no document of this reader has, and that is long
/// enough, is looked for within one letter's error (two from eight letters on); and failing that, at least half of the
/// words that are found at all must be there. Phrases and exclusions always hold as typed. Function words beside others
/// are a wish, alone they are what is looked for.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Query {
    pub text: String,
    /// Empty: all.
    pub kinds: Vec<Kind>,
    pub when: When,
    pub sort: Sort,
    /// From 1. Pages that end behind the 10,000th document are empty, though `total` tells of more.
    pub page: u32,
    pub per_page: u32,
}

impl Default for Query {
    /// Everything, the first twenty.
    fn default() -> Self {
        Self { text: String::new(), kinds: Vec::new(), when: When::Any, sort: Sort::Relevance, page: 1, per_page: 20 }
    }
}

#[derive(Debug, Clone, PartialEq)]
pub struct Hit {
    pub kind: Kind,
    pub id: i64,
    pub title: String,
    /// The whole title; escaped, with `<mark>` and no other tag.
    pub title_html: String,
    /// About 200 letters of the summary or, where only that has the words, of the body; escaped, with `<mark>` and no
    /// other tag. Their beginning where neither has.
    pub snippet_html: String,
    pub who: String,
    pub lang: String,
    pub published_at: i64,
    pub opens_at: Option<i64>,
    pub closes_at: Option<i64>,
    /// 0 unless sorted by relevance to something.
    pub score: f32,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Page {
    /// Exact, over all pages.
    pub total: usize,
    pub hits: Vec<Hit>,
    /// Every kind, in the order of `Kind::ALL`; for the same text, reader and `when`, whatever kinds were asked for.
    pub counts: Vec<(Kind, usize)>,
    /// Nothing matched plainly, so spelling was forgiven.
    pub fuzzy: bool,
}

/// A word in all the forms it is looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Word {
    pub surface: String,
    pub stems: Vec<String>,
}

impl Word {
    fn new(typed: &str, folder: &mut Folder, languages: &[Language]) -> Self {
        let mut stems = Vec::new();
        for language in languages {
            stems.extend(folder.stems(typed, *language));
        }
        Self { surface: folder.surface(typed), stems }
    }

    pub fn forms(&self) -> impl Iterator<Item = &str> {
        std::iter::once(&self.surface).chain(&self.stems).map(String::as_str)
    }

    /// How many letters may be wrong.
    pub fn tolerance(&self) -> u8 {
        match self.surface.chars().count() {
            0..4 => 0,
            4..8 => 1,
            _ => 2,
        }
    }
}

/// What a text asks for.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Wanted {
    pub words: Vec<Word>,
    /// Function words, where there are others.
    pub wishes: Vec<Word>,
    pub phrases: Vec<Vec<Word>>,
    pub excluded: Vec<Vec<Word>>,
}

impl Wanted {
    /// Whether there is anything to be relevant to.
    pub fn is_empty(&self) -> bool {
        self.words.is_empty() && self.phrases.is_empty()
    }

    /// Every word that is looked for.
    pub fn positive(&self) -> impl Iterator<Item = &Word> {
        self.words.iter().chain(&self.wishes).chain(self.phrases.iter().flatten())
    }

    /// The words of an unfinished title, as they stand.
    pub fn typed(text: &str, folder: &mut Folder, languages: &[Language]) -> Vec<Word> {
        let words = words(text).take(MOST_WORDS);
        words.map(|(_, word)| Word::new(word, folder, languages)).collect()
    }

    pub fn parse(text: &str, folder: &mut Folder, languages: &[Language]) -> Self {
        let mut wanted = Self::default();
        let mut left = MOST_WORDS;
        for Piece { text, quoted, negative } in pieces(text) {
            let mut found: Vec<Word> = words(text).take(left).map(|(_, word)| Word::new(word, folder, languages)).collect();
            left -= found.len();
            if found.is_empty() {
                continue;
            }
            if negative {
                wanted.excluded.push(found);
            } else if quoted {
                wanted.phrases.push(found);
            } else {
                wanted.words.append(&mut found);
            }
        }
        let mut seen = Vec::new();
        wanted.words.retain(|word| {
            let new = !seen.contains(&word.surface);
            seen.push(word.surface.clone());
            new
        });
        let (wishes, words): (Vec<_>, Vec<_>) =
            std::mem::take(&mut wanted.words).into_iter().partition(|word| is_stop_word(&word.surface));
        if words.is_empty() && wanted.phrases.is_empty() {
            wanted.words = wishes;
        } else {
            wanted.words = words;
            wanted.wishes = wishes;
        }
        wanted
    }
}

struct Piece<'a> {
    text: &'a str,
    quoted: bool,
    negative: bool,
}

fn is_quote(letter: char) -> bool {
    matches!(letter, '"' | '“' | '”' | '„' | '«' | '»')
}

fn pieces(text: &str) -> impl Iterator<Item = Piece<'_>> {
    let mut rest = match text.char_indices().nth(MOST_LETTERS) {
        Some((end, _)) => &text[..end],
        None => text,
    };
    std::iter::from_fn(move || {
        rest = rest.trim_start();
        let negative = rest.starts_with('-');
        if negative {
            rest = &rest[1..];
        }
        let first = rest.chars().next();
        if let Some(quote) = first.filter(|letter| is_quote(*letter)) {
            rest = &rest[quote.len_utf8()..];
            if let Some((inside, after)) = rest.split_once(is_quote) {
                rest = after;
                return Some(Piece { text: inside, quoted: true, negative });
            }
            // A quote that is never closed is no quote.
        } else if first.is_none() && !negative {
            return None;
        }
        let end = rest.find(|letter: char| letter.is_whitespace() || is_quote(letter)).unwrap_or(rest.len());
        let (piece, after) = rest.split_at(end);
        rest = after;
        Some(Piece { text: piece, quoted: false, negative })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> [Vec<String>; 4] {
        let wanted = Wanted::parse(text, &mut Folder::new(), &[]);
        let join = |words: &[Word]| {
            let words: Vec<_> = words.iter().map(|word| word.surface.as_str()).collect();
            words.join(" ")
        };
        [
            wanted.words.iter().map(|word| word.surface.clone()).collect(),
            wanted.wishes.iter().map(|word| word.surface.clone()).collect(),
            wanted.phrases.iter().map(|words| join(words)).collect(),
            wanted.excluded.iter().map(|words| join(words)).collect(),
        ]
    }

    fn strings(list: &[&str]) -> Vec<String> {
        list.iter().map(|word| (*word).to_owned()).collect()
    }

    #[test]
    fn words_phrases_and_exclusions() {
        let [words, wishes, phrases, excluded] =
            parse("Heat for the schools -oil \"air quality\" -\"diesel bus\" -e-mail « été chaud »");
        assert_eq!(words, strings(&["heat", "schools"]));
        assert_eq!(wishes, strings(&["for", "the"]));
        assert_eq!(phrases, strings(&["air quality", "ete chaud"]));
        assert_eq!(excluded, strings(&["oil", "diesel bus", "e mail"]));
    }

    #[test]
    fn only_function_words_are_what_is_looked_for() {
        assert_eq!(parse("of the")[0], strings(&["of", "the"]));
        assert_eq!(parse("the \"air\"")[1], strings(&["the"]));
    }

    #[test]
    fn odd_quotes_and_dashes_are_no_syntax() {
        assert_eq!(parse("\"open end")[0], strings(&["open", "end"]));
        assert_eq!(parse("- -- a- 24-hour")[0], strings(&["24", "hour"]));
        assert_eq!(parse("-\"open end")[3], strings(&["open"]));
        assert_eq!(parse("\"\" \" \" - \"")[0], Vec::<String>::new());
        assert_eq!(parse("title:heat AND (oil OR *)")[0].len(), 4);
    }

    #[test]
    fn words_are_taken_once_and_up_to_a_bound() {
        assert_eq!(parse("heat Heat HEAT")[0], strings(&["heat"]));
        let many: String = (0..100).map(|number| format!("w{number} ")).collect();
        assert_eq!(parse(&many)[0].len(), MOST_WORDS);
        assert_eq!(parse(&"x".repeat(100_000))[0].len(), 1);
    }
}
