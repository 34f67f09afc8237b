//! A field's text as words, sentences and blocks, with their places. One pass; nothing here knows a rule.
//!
//! Written here and not taken from a segmentation library: Unicode's sentence rule stops after "approx." and its tables
//! alone would take most of the room that the check has in the browser.

/// What stands before a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Gap {
    /// A hyphen, an apostrophe, a slash or nothing: `user-friendly`, `d'une`.
    Joined,
    Space,
    Comma,
    /// Colon, semicolon, dash, bracket: a phrase does not run across it.
    Clause,
    Sentence,
    Block,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    Lower,
    /// First letter only.
    Capital,
    /// Two or more capitals and no small letter but a plural s.
    Upper,
    /// `iPhone`, `JavaScript`.
    Mixed,
    Number,
    /// An address: skipped by every rule.
    Opaque,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Word {
    pub start: usize,
    pub end: usize,
    fold: (usize, usize),
    pub gap: Gap,
    pub shape: Shape,
    pub quoted: bool,
    pub sentence: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Paragraph,
    Heading,
    Item,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Sentence {
    pub start: usize,
    pub end: usize,
    /// Words, half open.
    pub words: (usize, usize),
    pub block: usize,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Block {
    pub kind: Kind,
    /// Sentences, half open.
    pub sentences: (usize, usize),
    /// References, key words, code: read by no rule.
    pub apparatus: bool,
}

pub(super) struct Text<'a> {
    pub source: &'a str,
    folded: String,
    pub words: Vec<Word>,
    pub sentences: Vec<Sentence>,
    pub blocks: Vec<Block>,
}

impl<'a> Text<'a> {
    pub fn read(source: &'a str) -> Self {
        let mut text = Text {
            source,
            folded: String::with_capacity(source.len()),
            words: Vec::new(),
            sentences: Vec::new(),
            blocks: Vec::new(),
        };
        let mut apparatus = false;
        for line in blocks(source) {
            text.block(line, &mut apparatus);
        }
        text
    }

    /// A word in small letters without accents.
    pub fn folded(&self, word: usize) -> &str {
        let (from, to) = self.words[word].fold;
        &self.folded[from..to]
    }

    pub fn typed(&self, word: usize) -> &'a str {
        &self.source[self.words[word].start..self.words[word].end]
    }

    pub fn sentence_of(&self, word: usize) -> Sentence {
        self.sentences[self.words[word].sentence]
    }

    pub fn block_of(&self, word: usize) -> Block {
        self.blocks[self.sentence_of(word).block]
    }

    /// Words as people count them: `user-friendly` is one.
    pub fn count(&self, words: (usize, usize)) -> usize {
        (words.0..words.1).filter(|&w| w == words.0 || self.words[w].gap != Gap::Joined).count()
    }

    fn block(&mut self, block: RawBlock, apparatus: &mut bool) {
        let sentence = self.sentences.len();
        let index = self.blocks.len();
        let words_before = self.words.len();
        self.blocks.push(Block { kind: block.kind, sentences: (sentence, sentence), apparatus: block.code });
        Scanner::new(self, block.from, block.to, index).run();
        if self.words.len() == words_before {
            self.blocks.pop();
            return;
        }
        *apparatus = self.apparatus_after(index, words_before, *apparatus);
        let end = self.sentences.len();
        let block = &mut self.blocks[index];
        block.sentences.1 = end;
        block.apparatus |= *apparatus;
    }

    /// Whether a block belongs to a list of references or key words, which runs until the next heading.
    fn apparatus_after(&self, index: usize, first: usize, before: bool) -> bool {
        let label = self.folded(first).trim_end_matches('s');
        let after = self.source[self.words[first].end..].chars().next();
        let labelled = self.blocks[index].kind == Kind::Heading || matches!(after, Some(':'));
        if labelled && matches!(label, "reference" | "keyword" | "bibliography" | "bibliographie" | "source") {
            return true;
        }
        let heading = self.blocks[index].kind == Kind::Heading || (after == Some(':') && self.words[first].shape == Shape::Upper);
        before && !heading
    }
}

struct RawBlock {
    kind: Kind,
    from: usize,
    to: usize,
    code: bool,
}

/// Cuts a text into paragraphs, headings and list items. A line that a mail program wrapped is no new block.
fn blocks(source: &str) -> Vec<RawBlock> {
    let mut out: Vec<RawBlock> = Vec::new();
    let (mut at, mut open, mut fenced) = (0, false, false);
    for line in source.split_inclusive('\n') {
        let (from, to) = (at, at + line.len());
        at = to;
        let trimmed = line.trim();
        if trimmed.starts_with("```") {
            fenced = !fenced;
            open = false;
            continue;
        }
        if trimmed.is_empty() {
            open = false;
            continue;
        }
        let indent = line.len() - line.trim_start().len();
        let (kind, skip) = marker(trimmed);
        let continues =
            kind == Kind::Paragraph && open && out.last().is_some_and(|last| wrapped(&source[last.from..from], trimmed));
        if continues && let Some(last) = out.last_mut() {
            last.to = to;
        } else {
            out.push(RawBlock { kind, from: from + indent + skip, to, code: fenced });
        }
        open = true;
    }
    out
}

/// Whether a line ran on because it was full, not because it ended.
fn wrapped(before: &str, next: &str) -> bool {
    let line = before.trim_end().rsplit('\n').next().unwrap_or("");
    let small = next.starts_with(|c: char| c.is_lowercase() || c.is_ascii_digit() || c == '(');
    line.len() >= if small { 30 } else { 62 } && !line.ends_with(['.', '!', '?', ':', ';'])
}

/// The kind of a line, and how many bytes its mark takes.
fn marker(line: &str) -> (Kind, usize) {
    let hashes = line.bytes().take_while(|b| *b == b'#').count();
    if hashes > 0 && hashes <= 6 && line[hashes..].starts_with(char::is_whitespace) {
        return (Kind::Heading, hashes);
    }
    let mut chars = line.chars();
    let first = chars.next().unwrap_or(' ');
    if matches!(first, '-' | '*' | '+' | '•' | '–' | '—' | '·' | '◦' | '▪' | '●' | 'o' | '\u{f0b7}')
        && chars.next().is_some_and(char::is_whitespace)
    {
        return (Kind::Item, first.len_utf8());
    }
    if matches!(first, '•' | '●' | '▪' | '\u{f0b7}') {
        return (Kind::Item, first.len_utf8());
    }
    let digits = line.trim_start_matches('(');
    let head: String = digits.chars().take_while(|c| c.is_alphanumeric()).take(4).collect();
    let tail = &digits[head.len()..];
    let numbered = !head.is_empty() && (head.chars().all(|c| c.is_ascii_digit()) && head.len() < 3 || head.chars().count() == 1);
    if numbered && tail.starts_with([')', '.']) && tail[1..].starts_with(char::is_whitespace) {
        return (Kind::Item, line.len() - tail.len() + 1);
    }
    if line.len() <= 70
        && (line.ends_with(':') || !line.ends_with(['.', '!', '?', ';', ',']) && line.chars().any(char::is_alphabetic))
        && line.split_whitespace().count() <= 9
    {
        return (Kind::Heading, 0);
    }
    (Kind::Paragraph, 0)
}

/// Abbreviations whose full stop ends no sentence.
const ABBREVIATIONS: &[&str] = &[
    "approx", "art", "av", "bd", "bldg", "capt", "cf", "co", "col", "corp", "dept", "dr", "ed", "eg", "env", "eq", "ex", "fig",
    "figs", "gen", "gov", "hon", "ie", "inc", "jr", "lt", "ltd", "max", "mgr", "min", "mlle", "mm", "mme", "mr", "mrs", "ms",
    "mt", "no", "nos", "num", "p", "par", "pp", "prof", "rd", "ref", "refs", "rep", "resp", "rev", "sec", "sen", "sgt", "sr",
    "st", "ste", "tel", "u.s", "e.g", "i.e", "u.k", "viz", "vol", "vs", "c.-a-d",
];

/// French words that lose their vowel before another: `l'outil`, `qu'une`.
const ELIDED: &[&str] = &["l", "d", "j", "m", "t", "s", "n", "c", "qu", "jusqu", "lorsqu", "puisqu", "quoiqu", "quelqu"];

struct Scanner<'t, 'a> {
    text: &'t mut Text<'a>,
    at: usize,
    to: usize,
    block: usize,
    gap: Gap,
    quote: Option<usize>,
    quoted_to: usize,
}

impl<'t, 'a> Scanner<'t, 'a> {
    fn new(text: &'t mut Text<'a>, at: usize, to: usize, block: usize) -> Self {
        Self { text, at, to, block, gap: Gap::Block, quote: None, quoted_to: 0 }
    }

    fn run(mut self) {
        while let Some(c) = self.peek() {
            if c.is_alphanumeric() {
                self.word();
            } else {
                self.mark(c);
            }
        }
    }

    fn peek(&self) -> Option<char> {
        self.text.source[self.at..self.to].chars().next()
    }

    /// One character between words.
    fn mark(&mut self, c: char) {
        let gap = match c {
            c if c.is_whitespace() => Gap::Space,
            ',' => Gap::Comma,
            ';' | ':' | '—' | '–' | '|' | '[' | ']' | '{' | '}' | '<' | '>' | '=' => Gap::Clause,
            '(' | ')' => Gap::Clause,
            '.' | '!' | '?' | '…' if self.ends_sentence(c) => Gap::Sentence,
            '"' | '“' | '«' if self.quoted_to <= self.at => {
                self.open_quote(c);
                Gap::Joined
            }
            '`' => {
                self.skip_code();
                return;
            }
            _ => Gap::Joined,
        };
        self.gap = self.gap.max(gap);
        self.at += c.len_utf8();
    }

    fn skip_code(&mut self) {
        let rest = &self.text.source[self.at + 1..self.to];
        let length = rest.find('`').filter(|n| *n <= 200).map_or(1, |n| n + 2);
        self.gap = self.gap.max(Gap::Clause);
        self.at += length;
    }

    fn open_quote(&mut self, c: char) {
        let close = match c {
            '“' => '”',
            '«' => '»',
            c => c,
        };
        let from = self.at + c.len_utf8();
        if let Some(length) = self.text.source[from..self.to].find(close).filter(|n| *n <= 240) {
            self.quote = Some(from);
            self.quoted_to = from + length + close.len_utf8();
        }
    }

    /// Whether the stop at `self.at` ends a sentence: what follows starts one, and what precedes is no abbreviation.
    fn ends_sentence(&self, c: char) -> bool {
        let rest = self.text.source[self.at + c.len_utf8()..self.to]
            .trim_start_matches(['.', '!', '?', '"', '”', '»', '\'', '’', ')', '*', '_', ']']);
        let spaced = rest.starts_with(char::is_whitespace);
        let next = rest.trim_start().trim_start_matches(['"', '“', '«', '(', '*', '_', '[', ' ', '\u{a0}']).chars().next();
        let Some(next) = next else { return true };
        if !(next.is_uppercase() || next.is_numeric() || (c != '.' && spaced) || matches!(next, '•' | '-' | '–')) {
            return false;
        }
        if c != '.' {
            return true;
        }
        let Some(last) = self.text.words.last().filter(|word| word.end == self.at) else { return spaced };
        let word = &self.text.folded[last.fold.0..last.fold.1];
        let typed = &self.text.source[last.start..last.end];
        if !spaced {
            return next.is_uppercase() && typed.len() > 3 && typed.ends_with(char::is_lowercase);
        }
        let initial = typed.chars().count() == 1 && typed.chars().all(char::is_uppercase);
        !(ABBREVIATIONS.contains(&word) || initial)
    }

    fn word(&mut self) {
        let start = self.at;
        if let Some(length) = address(&self.text.source[start..self.to]) {
            self.push(start, start + length, Shape::Opaque);
            return;
        }
        let (end, joined) = self.word_end(start);
        self.push(start, end, shape(&self.text.source[start..end]));
        if joined {
            self.at += self.peek().map_or(0, char::len_utf8);
        }
    }

    /// Where the word ends, and whether an apostrophe after it joins it to the next.
    fn word_end(&self, start: usize) -> (usize, bool) {
        let source = &self.text.source[start..self.to];
        let mut chars = source.char_indices().peekable();
        let mut last = ' ';
        while let Some((i, c)) = chars.next() {
            let next = chars.peek().map(|(_, c)| *c);
            let inside = next.is_some_and(char::is_alphanumeric);
            let goes_on = match c {
                c if c.is_alphanumeric() || ('\u{300}'..='\u{36f}').contains(&c) => true,
                '.' => inside && !(last.is_lowercase() && next.is_some_and(char::is_uppercase)),
                ',' => inside && last.is_ascii_digit() && next.is_some_and(|c| c.is_ascii_digit()),
                '&' => inside && last.is_uppercase(),
                '+' => last.is_alphanumeric() && i <= 2,
                '\'' | '’' => {
                    let elided = inside && ELIDED.iter().any(|e| e.eq_ignore_ascii_case(&source[..i]));
                    if elided
                        || (inside && next == Some('s') && !source[i + c.len_utf8() + 1..].starts_with(char::is_alphanumeric))
                    {
                        return (start + i, true);
                    }
                    inside
                }
                _ => false,
            };
            if !goes_on {
                return (start + i, false);
            }
            last = c;
        }
        (self.to, false)
    }

    fn push(&mut self, start: usize, end: usize, shape: Shape) {
        let from = self.text.folded.len();
        fold(&self.text.source[start..end], &mut self.text.folded);
        let starts = self.gap >= Gap::Sentence || self.text.sentences.last().is_none_or(|s| s.block != self.block);
        let index = self.text.words.len();
        if starts {
            self.text.sentences.push(Sentence { start, end, words: (index, index), block: self.block });
        }
        let sentence = self.text.sentences.len() - 1;
        let last = &mut self.text.sentences[sentence];
        last.end = end;
        last.words.1 = index + 1;
        self.text.words.push(Word {
            start,
            end,
            fold: (from, self.text.folded.len()),
            gap: self.gap,
            shape,
            quoted: self.quote.is_some_and(|q| q <= start) && start < self.quoted_to,
            sentence,
        });
        self.gap = Gap::Joined;
        self.at = end;
    }
}

/// How long an address at the start of `source` is, if one stands there.
fn address(source: &str) -> Option<usize> {
    let length =
        source.find(|c: char| c.is_whitespace() || matches!(c, ')' | ']' | '>' | '"' | '”' | '»')).unwrap_or(source.len());
    let chunk = source[..length].trim_end_matches(['.', ',', ';', ':', '!', '?']);
    let (host, _) = chunk.split_once('/').unwrap_or((chunk, ""));
    let dotted = chunk.contains('/')
        && host.contains('.')
        && host.split('.').all(|part| part.len() > 1 && part.chars().all(|c| c.is_ascii_lowercase()));
    (chunk.contains("://") || chunk.starts_with("www.") || dotted || (chunk.contains('@') && chunk.contains('.')))
        .then_some(chunk.len())
}

fn shape(word: &str) -> Shape {
    if word.starts_with(|c: char| c.is_ascii_digit()) && !word.chars().any(char::is_alphabetic) {
        return Shape::Number;
    }
    let stem = word.strip_suffix('s').filter(|stem| stem.len() > 1).unwrap_or(word);
    let capitals = stem.chars().filter(|c| c.is_uppercase()).count();
    let small = stem.chars().any(char::is_lowercase);
    match (capitals, small) {
        (0, _) => Shape::Lower,
        (1, true) if word.starts_with(char::is_uppercase) => Shape::Capital,
        (_, true) => Shape::Mixed,
        (1, false) => Shape::Capital,
        (_, false) => Shape::Upper,
    }
}

/// Small letters without accents, and one kind of apostrophe. Patterns and texts meet in this form.
pub(super) fn fold(word: &str, into: &mut String) {
    for c in word.chars() {
        match c {
            'a'..='z' | '0'..='9' => into.push(c),
            'A'..='Z' => into.push(c.to_ascii_lowercase()),
            'à' | 'â' | 'ä' | 'á' | 'ã' | 'å' | 'À' | 'Â' | 'Ä' | 'Á' => into.push('a'),
            'ç' | 'Ç' => into.push('c'),
            'é' | 'è' | 'ê' | 'ë' | 'É' | 'È' | 'Ê' | 'Ë' => into.push('e'),
            'î' | 'ï' | 'í' | 'ì' | 'Î' | 'Ï' => into.push('i'),
            'ô' | 'ö' | 'ó' | 'ò' | 'õ' | 'Ô' | 'Ö' => into.push('o'),
            'û' | 'ü' | 'ù' | 'ú' | 'Û' | 'Ü' | 'Ù' => into.push('u'),
            'ñ' => into.push('n'),
            'œ' | 'Œ' => into.push_str("oe"),
            'æ' | 'Æ' => into.push_str("ae"),
            '’' => into.push('\''),
            '\u{300}'..='\u{36f}' => {}
            c => into.extend(c.to_lowercase()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(source: &str) -> Vec<String> {
        let text = Text::read(source);
        (0..text.words.len()).map(|w| text.folded(w).to_owned()).collect()
    }

    fn sentences(source: &str) -> Vec<&str> {
        let text = Text::read(source);
        text.sentences.iter().map(|s| &source[s.start..s.end]).collect()
    }

    #[test]
    fn words_lose_accents_case_and_elision() {
        assert_eq!(words("L’outil d'une Équipe, qu'il a"), ["l", "outil", "d", "une", "equipe", "qu", "il", "a"]);
        assert_eq!(
            words("user-friendly AT&T's U.S. 1,500.5 don't"),
            ["user", "friendly", "at&t", "s", "u.s", "1,500.5", "don't"]
        );
        assert_eq!(words("e\u{301}cole cœur"), ["ecole", "coeur"]);
    }

    #[test]
    fn abbreviations_end_no_sentence_and_a_missing_space_does() {
        assert_eq!(
            sentences("We use approx. 5 vans, e.g. Blue ones. Dr. Who came. It rained.Then not."),
            ["We use approx. 5 vans, e.g. Blue ones", "Dr. Who came", "It rained", "Then not"]
        );
    }

    #[test]
    fn headings_items_and_wrapped_lines() {
        let text = Text::read(
            "# Now\nOne line that is long enough to have been wrapped by\na mail program.\n\n- first\n- second\n1. third",
        );
        let kinds: Vec<Kind> = text.blocks.iter().map(|b| b.kind).collect();
        assert_eq!(kinds, [Kind::Heading, Kind::Paragraph, Kind::Item, Kind::Item, Kind::Item]);
    }

    #[test]
    fn references_code_and_addresses_are_no_prose() {
        let text = Text::read("We ask.\nREFERENCES: 1. Smith\n2. Jones et al.\n# Then\nGo to https://x.org/a-b.");
        let flags: Vec<bool> = text.blocks.iter().map(|b| b.apparatus).collect();
        assert_eq!(flags, [false, true, true, false, false]);
        assert_eq!(text.words.last().unwrap().shape, Shape::Opaque);
    }
}
