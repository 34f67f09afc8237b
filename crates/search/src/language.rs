//! From text to words, and from a word to the forms under which it is indexed and looked up.
//!
//! A word is indexed as written (lower case, accents folded: the *surface*) and, at the same position, under its stem,
//! tagged with the language: `schools` gives `schools` and `school␁en`; in a language without a stemmer the surface stands
//! for the stem, `ysgolion␁`. So quoted phrases and forgiven spelling work on surfaces, word forms on stems alone (equal
//! surfaces have equal stems), and a French stem never meets an English word that happens to be spelt like it.
//! Stop words are indexed like all others; a query decides what it needs of them (`query`).

use std::borrow::Cow;

use frostem::{Algorithm, Stemmer};
use tantivy::tokenizer::{AsciiFoldingFilter, RawTokenizer, TextAnalyzer, Token, TokenStream, Tokenizer};

/// ISO 639-1 code, stemmer. Other languages are indexed by surfaces alone.
pub(crate) const LANGUAGES: [(&str, Algorithm); 11] = [
    ("en", Algorithm::English),
    ("fr", Algorithm::French),
    ("de", Algorithm::German),
    ("es", Algorithm::Spanish),
    ("it", Algorithm::Italian),
    ("nl", Algorithm::Dutch),
    ("pt", Algorithm::Portuguese),
    ("sv", Algorithm::Swedish),
    ("da", Algorithm::Danish),
    ("no", Algorithm::Norwegian),
    ("fi", Algorithm::Finnish),
];

/// Separates a stem from its language. No word contains it, and it keeps stems three edits away from every surface.
const TAG: char = '\u{1}';
/// Longer words are cut, on both sides alike: nobody types them, and they would swell the dictionary.
const LONGEST_WORD: usize = 60;

/// A language that has a stemmer.
#[derive(Clone, Copy)]
pub(crate) struct Language {
    pub code: &'static str,
    stemmer: Stemmer,
}

impl Language {
    /// `"fr"`, `"fr-CA"` and `"FR"` are French; `None` for a language without a stemmer.
    pub fn find(tag: &str) -> Option<Self> {
        let primary = tag.split(['-', '_']).next().unwrap_or_default();
        let primary = primary.to_ascii_lowercase();
        let code = match primary.as_str() {
            "nb" | "nn" => "no",
            other => other,
        };
        Self::all().find(|language| language.code == code)
    }

    pub fn all() -> impl Iterator<Item = Self> {
        LANGUAGES.iter().map(|(code, algorithm)| Self { code, stemmer: Stemmer::new(*algorithm) })
    }
}

/// Folds accents; holds a buffer, so it is made once a call and passed on. (Remembering stems was tried: no faster.)
#[derive(Clone)]
pub(crate) struct Folder(TextAnalyzer);

impl Folder {
    pub fn new() -> Self {
        Self(TextAnalyzer::builder(RawTokenizer::default()).filter(AsciiFoldingFilter).build())
    }

    fn fold<'a>(&mut self, word: &'a str) -> Cow<'a, str> {
        if word.is_ascii() {
            return Cow::Borrowed(word);
        }
        let mut stream = self.0.token_stream(word);
        let mut folded = if stream.advance() { std::mem::take(&mut stream.token_mut().text) } else { word.to_owned() };
        folded.retain(|letter| !is_mark(letter));
        Cow::Owned(folded)
    }

    /// Lower case, accents folded, cut to length: the form that surfaces are compared in.
    pub fn surface(&mut self, word: &str) -> String {
        let lower = cut(&word.to_lowercase()).to_owned();
        self.fold(&lower).into_owned()
    }

    /// A whole name (of a place, a buyer) as names are compared: in any case, with or without accents.
    pub fn name(&mut self, name: &str) -> String {
        let lower = name.trim().to_lowercase();
        self.fold(&lower).into_owned()
    }

    /// The tagged stems of a word in one language: of the word with its accents (French endings need them) and of the
    /// word without (many people type none). Usually they are the same.
    pub fn stems(&mut self, word: &str, language: Language) -> Vec<String> {
        let lower = word.to_lowercase();
        let lower = cut(&lower);
        let accented = language.stemmer.stem(lower);
        let mut stems = vec![tagged(&self.fold(&accented), language)];
        if !lower.is_ascii() {
            let folded = self.fold(lower);
            let plain = tagged(&language.stemmer.stem(&folded), language);
            if plain != stems[0] {
                stems.push(plain);
            }
        }
        stems
    }
}

/// What a language without a stemmer has in place of a stem.
pub(crate) fn unstemmed(surface: &str) -> String {
    format!("{surface}{TAG}")
}

/// The text as the index's tokenizer takes it: the language first, because a tokenizer sees nothing else of a document.
pub(crate) fn labelled(text: &str, language: Option<Language>) -> String {
    let code = language.map_or("", |language| language.code);
    format!("{code}{TAG}{text}")
}

/// The tokenizer of all text fields: every form of every word. (The engine would also take ready tokens, but carries
/// them to its own thread as JSON.)
#[derive(Clone)]
pub(crate) struct Forms(Folder);

impl Forms {
    pub const NAME: &'static str = "forms";

    pub fn new() -> Self {
        Self(Folder::new())
    }
}

impl Tokenizer for Forms {
    type TokenStream<'a> = FormStream<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> FormStream<'a> {
        let (code, text) = text.split_once(TAG).unwrap_or(("", text));
        FormStream {
            folder: &mut self.0,
            language: Language::find(code),
            words: words(text),
            stems: Vec::new(),
            token: Token::default(),
        }
    }
}

pub(crate) struct FormStream<'a> {
    folder: &'a mut Folder,
    language: Option<Language>,
    words: Words<'a>,
    /// Of the current word, still to be given out.
    stems: Vec<String>,
    token: Token,
}

impl TokenStream for FormStream<'_> {
    fn advance(&mut self) -> bool {
        if let Some(stem) = self.stems.pop() {
            self.token.text = stem;
            return true;
        }
        let Some((offset, word)) = self.words.next() else {
            return false;
        };
        self.token.offset_from = offset;
        self.token.offset_to = offset + word.len();
        // The first follows `usize::MAX`.
        self.token.position = self.token.position.wrapping_add(1);
        self.token.text = self.folder.surface(word);
        match self.language {
            Some(language) => self.stems = self.folder.stems(word, language),
            None => self.stems.push(unstemmed(&self.token.text)),
        }
        true
    }

    fn token(&self) -> &Token {
        &self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.token
    }
}

/// The words of a text with their byte offsets: runs of letters and digits, in any script.
pub(crate) fn words(text: &str) -> Words<'_> {
    Words { rest: text, at: 0 }
}

pub(crate) struct Words<'a> {
    rest: &'a str,
    at: usize,
}

impl<'a> Iterator for Words<'a> {
    type Item = (usize, &'a str);

    fn next(&mut self) -> Option<Self::Item> {
        let start = self.rest.find(char::is_alphanumeric)?;
        let word = &self.rest[start..];
        let end = word.find(|letter: char| !letter.is_alphanumeric() && !is_mark(letter)).unwrap_or(word.len());
        let found = (self.at + start, &word[..end]);
        self.at += start + end;
        self.rest = &word[end..];
        Some(found)
    }
}

/// Accents written as characters of their own (as macOS does), and soft hyphens: inside a word, not of it.
fn is_mark(letter: char) -> bool {
    matches!(letter, '\u{300}'..='\u{36f}' | '\u{ad}')
}

fn tagged(stem: &str, language: Language) -> String {
    format!("{stem}{TAG}{}", language.code)
}

fn cut(word: &str) -> &str {
    match word.char_indices().nth(LONGEST_WORD) {
        Some((end, _)) => &word[..end],
        None => word,
    }
}

/// Function words of English and French (folded), with the letters that elision and possessives leave behind. Beside
/// other words they are wished for, not required. Left out on purpose: words that mean something in the other language
/// or in a notice (son, or, pour, sans, en, will, no, it).
pub(crate) fn is_stop_word(surface: &str) -> bool {
    const STOP: &[&str] = &[
        "a", "about", "an", "and", "are", "as", "at", "au", "aux", "avec", "be", "by", "c", "ce", "ces", "cette", "d", "dans",
        "de", "des", "du", "est", "et", "for", "from", "has", "have", "how", "i", "in", "into", "is", "its", "j", "l", "la",
        "le", "les", "leur", "leurs", "m", "n", "nos", "notre", "of", "on", "our", "par", "qu", "que", "qui", "s", "se", "sur",
        "t", "that", "the", "their", "this", "to", "un", "une", "was", "we", "with", "y",
    ];
    STOP.binary_search(&surface).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_keep_decomposed_accents_and_split_at_elisions() {
        let text = "L’e\u{301}nergie, d'été: CO2 e-mail";
        let found: Vec<_> = words(text).map(|(_, word)| word).collect();
        assert_eq!(found, ["L", "e\u{301}nergie", "d", "été", "CO2", "e", "mail"]);
        for (offset, word) in words(text) {
            assert_eq!(&text[offset..offset + word.len()], word);
        }
        assert_eq!(Folder::new().surface("E\u{301}nergie"), "energie");
        assert_eq!(Folder::new().surface("Straße"), "strasse");
    }

    #[test]
    fn a_language_tag_may_name_a_region() {
        assert_eq!(Language::find("fr-CA").unwrap().code, "fr");
        assert_eq!(Language::find("EN").unwrap().code, "en");
        assert_eq!(Language::find("nb").unwrap().code, "no");
        assert!(Language::find("xx").is_none());
        assert!(Language::find("").is_none());
    }

    #[test]
    fn french_stems_meet_with_and_without_accents() {
        let french = Language::find("fr").unwrap();
        let mut folder = Folder::new();
        for (one, other) in [("utilisées", "utiliser"), ("utilisees", "utilisées"), ("écoles", "ecole"), ("qualités", "qualite")]
        {
            let one = folder.stems(one, french);
            let other = folder.stems(other, french);
            assert!(one.iter().any(|stem| other.contains(stem)), "{one:?} {other:?}");
        }
    }

    #[test]
    fn stop_words_are_in_order() {
        // `binary_search` needs it.
        assert!(is_stop_word("a") && is_stop_word("the") && is_stop_word("y"));
        assert!(is_stop_word("qu") && is_stop_word("l") && !is_stop_word("school"));
        for word in ["des", "of", "with", "into", "leurs", "notre", "une"] {
            assert!(is_stop_word(word), "{word}");
        }
    }
}
