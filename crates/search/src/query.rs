//! What is asked and what is answered, and the reading of typed text.

use crate::document::Kind;
use crate::facets::Facets;
use crate::filter::{Band, Filter, When, named};
use crate::language::{Folder, Language, is_stop_word, unstemmed, words};

/// How many words of a query count; the rest is ignored. Each costs a dozen look-ups.
const MOST_WORDS: usize = 32;
/// How many letters of a query are read.
const MOST_LETTERS: usize = 2000;

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
/// `-not`, also `-"not this"`; and what confines it: `buyer:leeds`, `place:"west yorkshire"`, `status:open` (or `soon`,
/// `closed`, `decided`), `kind:solution`, `lang:fr`, `category:85`, `budget>100k` (or `>=`, `<`, `<=`, `=`), each also with a
/// `-` before it. Everything else is words or nothing; a text without a word counts as empty and finds everything the reader
/// may find.
///
/// Where not one document (whatever is chosen beside the text, if facets are asked for) has all the words: a word that no document of this reader has, and that is long
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
    /// Codes of categories that begin with these digits, two to eight; trailing zeros count for nothing.
    pub category: Option<String>,
    /// The whole name, in any case, with or without accents.
    pub place: Option<String>,
    /// Likewise.
    pub buyer: Option<String>,
    /// The primary part of a language tag.
    pub lang: Option<String>,
    pub band: Option<Band>,
    /// From 1. Pages that end behind the 10,000th document are empty, though `total` tells of more.
    pub page: u32,
    pub per_page: u32,
    /// Count by kind and the rest beside the hits.
    pub facets: bool,
    /// Mark the words in titles, and cut the snippets to where they are; else titles are plain and snippets their beginning.
    pub marks: bool,
}

impl Default for Query {
    /// Everything, the first twenty.
    fn default() -> Self {
        Self {
            text: String::new(),
            kinds: Vec::new(),
            when: When::Any,
            sort: Sort::Relevance,
            category: None,
            place: None,
            buyer: None,
            lang: None,
            band: None,
            page: 1,
            per_page: 20,
            facets: true,
            marks: true,
        }
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
    pub decided_at: Option<i64>,
    /// 0 unless sorted by relevance to something.
    pub score: f32,
}

#[derive(Debug, Clone, Default, PartialEq)]
pub struct Page {
    /// Exact, over all pages.
    pub total: usize,
    pub hits: Vec<Hit>,
    /// Every kind, in the order of `Kind::ALL`, whatever kinds were asked for; all else that was chosen holds. Empty without
    /// facets.
    pub counts: Vec<(Kind, usize)>,
    /// The other groups, each likewise. Empty without facets.
    pub facets: Facets,
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
        let surface = folder.surface(typed);
        stems.push(unstemmed(&surface));
        Self { surface, stems }
    }

    /// Under which it is looked up; the surface is none of them.
    pub fn forms(&self) -> impl Iterator<Item = &str> {
        self.stems.iter().map(String::as_str)
    }

    /// The forms of its languages, without the one of languages that have none.
    pub fn stemmed(&self) -> impl Iterator<Item = &str> {
        let own = self.stems.len().saturating_sub(1);
        self.stems.iter().take(own).map(String::as_str)
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
    pub filters: Vec<Filter>,
    pub not: Vec<Filter>,
    /// Names that stand before what means nothing to them: words like any other.
    pub misread: Vec<&'static str>,
}

impl Query {
    /// What it waits for besides words: the states that are chosen, or typed as `status:closed`.
    pub fn whens(&self) -> Vec<When> {
        let typed = Wanted::parse(&self.text, &mut Folder::new(), &[]).filters;
        let typed = typed.into_iter().filter_map(|filter| match filter {
            Filter::When(when) => Some(when),
            _ => None,
        });
        typed.chain((self.when != When::Any).then_some(self.when)).collect()
    }

    /// Names of fields (`budget`, `status`) before something that they cannot be, each once: taken for words, which somebody
    /// should be told.
    pub fn misread(&self) -> Vec<&'static str> {
        let mut names = Wanted::parse(&self.text, &mut Folder::new(), &[]).misread;
        names.sort_unstable();
        names.dedup();
        names
    }

    /// What it confines itself to, chosen or typed as `kind:supplier`.
    pub fn confines(&self) -> Confines {
        let wanted = Wanted::parse(&self.text, &mut Folder::new(), &[]);
        let mut confines = Confines {
            kinds: Kind::ALL.into_iter().filter(|kind| self.kinds.is_empty() || self.kinds.contains(kind)).collect(),
            whens: self.whens(),
            place: self.place.is_some(),
            category: self.category.is_some(),
            budget: self.band.is_some(),
        };
        for filter in &wanted.filters {
            match filter {
                Filter::Kind(only) => confines.kinds.retain(|kind| kind == only),
                Filter::Place(_) => confines.place = true,
                Filter::Category(_) => confines.category = true,
                Filter::Budget(..) => confines.budget = true,
                Filter::When(_) | Filter::Buyer(_) | Filter::Lang(_) => {}
            }
        }
        for filter in &wanted.not {
            if let Filter::Kind(never) = filter {
                confines.kinds.retain(|kind| kind != never);
            }
        }
        confines
    }
}

/// What a query confines itself to beside its words.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Confines {
    /// Those that may be found: all where none is named, none where two are named that exclude each other.
    pub kinds: Vec<Kind>,
    pub whens: Vec<When>,
    /// Whether a place, a category, a size of the budget is asked for.
    pub place: bool,
    pub category: bool,
    pub budget: bool,
}

impl Wanted {
    /// Whether there is anything to be relevant to.
    pub fn is_empty(&self) -> bool {
        self.words.is_empty() && self.phrases.is_empty()
    }

    /// Every word that is looked for, or must not be there.
    pub fn all(&self) -> impl Iterator<Item = &Word> {
        self.words.iter().chain(&self.wishes).chain(self.phrases.iter().chain(&self.excluded).flatten())
    }

    /// The words of an unfinished title, as they stand.
    pub fn typed(text: &str, folder: &mut Folder, languages: &[Language]) -> Vec<Word> {
        let words = words(text).take(MOST_WORDS);
        words.map(|(_, word)| Word::new(word, folder, languages)).collect()
    }

    pub fn parse(text: &str, folder: &mut Folder, languages: &[Language]) -> Self {
        let mut wanted = Self::default();
        let mut left = MOST_WORDS;
        for Piece { text, quoted, negative, name } in pieces(text) {
            if let Some((name, sign)) = name {
                if let Some(filter) = Filter::parse(name, sign, text, folder) {
                    if negative { &mut wanted.not } else { &mut wanted.filters }.push(filter);
                    continue;
                }
                wanted.misread.push(name);
                wanted.words.push(Word::new(name, folder, languages));
            }
            if let (None, false, Some((name, ..))) = (name, quoted, named(text)) {
                // Nothing stands behind it.
                wanted.misread.push(name);
            }
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
    /// What stands before it, and with which sign: `("budget", ">")`.
    name: Option<(&'static str, &'static str)>,
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
        let mut name = None;
        if let Some((found, sign, after)) = named(rest) {
            // "place: leeds" is meant like "place:leeds".
            let after = after.trim_start();
            if !after.is_empty() {
                name = Some((found, sign));
                rest = after;
            }
        }
        let first = rest.chars().next();
        if let Some(quote) = first.filter(|letter| is_quote(*letter)) {
            rest = &rest[quote.len_utf8()..];
            if let Some((inside, after)) = rest.split_once(is_quote) {
                rest = after;
                return Some(Piece { text: inside, quoted: true, negative, name });
            }
            // A quote that is never closed is no quote.
        } else if first.is_none() && !negative {
            return None;
        }
        let end = rest.find(|letter: char| letter.is_whitespace() || is_quote(letter)).unwrap_or(rest.len());
        let (piece, after) = rest.split_at(end);
        rest = after;
        Some(Piece { text: piece, quoted: false, negative, name })
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

    #[test]
    fn names_confine_and_what_means_nothing_is_words() {
        let parse = |text: &str| Wanted::parse(text, &mut Folder::new(), &[]);
        let wanted = parse("heat Buyer:Alder place:\"Alder Valley\" -status:closed budget>50k kind:solutions");
        assert_eq!(wanted.words.len(), 1);
        assert_eq!(wanted.filters.len(), 4);
        assert_eq!(wanted.filters[1], Filter::Place(strings(&["alder", "valley"])));
        assert_eq!(wanted.not, [Filter::When(When::Closed)]);
        assert_eq!(parse("place: leeds").filters, [Filter::Place(strings(&["leeds"]))]);
        let words = |text: &str| parse(text).words.into_iter().map(|word| word.surface).collect::<Vec<_>>();
        assert_eq!(words("status:unheard"), strings(&["status", "unheard"]));
        assert_eq!(words("budget>lots place:"), strings(&["budget", "lots", "place"]));
        assert_eq!(words("title:heat"), strings(&["title", "heat"]));
        let misread = |text: &str| Query { text: text.into(), ..Query::default() }.misread();
        assert_eq!(misread("status:unheard leak budget>lots budget>"), ["budget", "status"]);
        assert_eq!(misread("buyer:"), ["buyer"]);
        assert_eq!(misread("\"budget>\" place:leeds title:heat budget"), Vec::<&str>::new());
    }
}
