//! Escaped text with the words that were looked for in `<mark>`, and the part of a text that shows them best.
//!
//! The engine's own snippets know one tokenizer a field and no forgiven spelling, and cut titles; so the marking is done
//! here, with the same forms of words that the index has.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use crate::language::{Folder, Language, is_stop_word, words};
use crate::query::{Wanted, Word};

/// Letters in a snippet, roughly (bytes).
const LONGEST: usize = 200;
/// How much of it goes before the first marked word.
const LEAD: usize = 60;

pub(crate) struct Marker {
    folder: Folder,
    /// Form to the number of its word.
    forms: HashMap<String, usize>,
    initials: HashSet<char>,
    slips: Vec<(usize, Vec<char>, usize)>,
    count: usize,
    /// By language and word as written: words repeat over a page of hits, and stemming is dear.
    seen: HashMap<(&'static str, String), Option<usize>>,
}

impl Marker {
    pub fn new(wanted: &Wanted, respelled: &[Word]) -> Self {
        let mut marker = Self {
            folder: Folder::new(),
            forms: HashMap::new(),
            initials: HashSet::new(),
            slips: Vec::new(),
            count: 0,
            seen: HashMap::new(),
        };
        for phrase in &wanted.phrases {
            // "bank of england" marks no other "of"; "of the" marks what there is.
            let some = phrase.iter().any(|word| !is_stop_word(&word.surface));
            for word in phrase {
                if !some || !is_stop_word(&word.surface) {
                    marker.add([word.surface.as_str()]);
                }
            }
        }
        for word in &wanted.words {
            marker.add(word.forms().chain([word.surface.as_str()]));
        }
        for word in respelled {
            let letters = word.surface.chars().collect();
            let slip = (marker.count, letters, usize::from(word.tolerance()));
            marker.slips.push(slip);
            marker.count += 1;
        }
        marker
    }

    fn add<'a>(&mut self, forms: impl IntoIterator<Item = &'a str>) {
        for form in forms {
            self.initials.extend(form.chars().next());
            self.forms.entry(form.to_owned()).or_insert(self.count);
        }
        self.count += 1;
    }

    /// Which of the wanted words this is, if any.
    fn which(&mut self, word: &str, language: Option<Language>) -> Option<usize> {
        let code = language.map_or("", |language| language.code);
        // No stemmer but the Dutch touches the first letter: most words need no stemming.
        let initial = word.chars().next().map(|letter| letter.to_ascii_lowercase());
        if self.slips.is_empty() && code != "nl" && initial.is_some_and(|it| it.is_ascii() && !self.initials.contains(&it)) {
            return None;
        }
        let key = (code, word.to_owned());
        if let Some(known) = self.seen.get(&key) {
            return *known;
        }
        let surface = self.folder.surface(word);
        let mut found = self.forms.get(&surface).copied();
        if found.is_none()
            && let Some(language) = language
        {
            let stems = self.folder.stems(word, language);
            found = stems.iter().find_map(|stem| self.forms.get(stem)).copied();
        }
        if found.is_none() && !self.slips.is_empty() {
            let letters: Vec<char> = surface.chars().collect();
            found = self.slips.iter().find(|(_, slip, most)| within(slip, &letters, *most)).map(|(number, _, _)| *number);
        }
        self.seen.insert(key, found);
        found
    }

    /// The whole text, escaped and marked.
    pub fn mark(&mut self, text: &str, language: Option<Language>) -> String {
        let mut html = String::with_capacity(text.len() + 32);
        let mut done = 0;
        if self.count > 0 {
            for (start, word) in words(text) {
                if self.which(word, language).is_some() {
                    escape(&text[done..start], &mut html);
                    html.push_str("<mark>");
                    escape(word, &mut html);
                    html.push_str("</mark>");
                    done = start + word.len();
                }
            }
        }
        escape(&text[done..], &mut html);
        html
    }

    /// A marked part of the first text that has any of the words; else the beginning of the first that is not empty.
    pub fn snippet(&mut self, texts: [&str; 2], language: Option<Language>) -> String {
        for text in texts {
            if let Some(focus) = self.focus(text, language) {
                return self.part(text, focus, language);
            }
        }
        let text = texts.into_iter().find(|text| !text.trim().is_empty());
        text.map_or_else(String::new, |text| self.part(text, 0..0, language))
    }

    /// The stretch of at most `LONGEST` with most different words; the first such.
    fn focus(&mut self, text: &str, language: Option<Language>) -> Option<Range<usize>> {
        let mut near: Vec<(Range<usize>, usize)> = Vec::new();
        let mut best: Option<(usize, Range<usize>)> = None;
        if self.count == 0 {
            return None;
        }
        for (start, word) in words(text) {
            let Some(number) = self.which(word, language) else {
                continue;
            };
            let end = start + word.len();
            near.retain(|(range, _)| range.start + LONGEST - LEAD >= end);
            near.push((start..end, number));
            let different: HashSet<_> = near.iter().map(|(_, number)| number).collect();
            let different = different.len();
            if best.as_ref().is_none_or(|(most, _)| different > *most) {
                best = Some((different, near[0].0.start..end));
                if different == self.count {
                    break;
                }
            }
        }
        best.map(|(_, range)| range)
    }

    fn part(&mut self, text: &str, focus: Range<usize>, language: Option<Language>) -> String {
        let earliest = text.floor_char_boundary(focus.start.saturating_sub(LEAD));
        let start = if earliest == 0 {
            0
        } else {
            let gap = text[earliest..focus.start].find(char::is_whitespace);
            gap.map_or(focus.start, |gap| earliest + gap)
        };
        let latest = text.floor_char_boundary(start + LONGEST);
        let end = if latest == text.len() {
            latest
        } else {
            let from = focus.end.clamp(start, latest);
            let gap = text[from..latest].rfind(char::is_whitespace);
            gap.map_or(latest, |gap| from + gap)
        };
        let marked = self.mark(text[start..end].trim(), language);
        let before = if start > 0 { "…" } else { "" };
        let after = if end < text.trim_end().len() { "…" } else { "" };
        format!("{before}{marked}{after}")
    }
}

fn escape(text: &str, html: &mut String) {
    for letter in text.chars() {
        match letter {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            '\'' => html.push_str("&#39;"),
            other => html.push(other),
        }
    }
}

/// Whether two words are at most `most` letters apart; neighbours changed over count one, as in the engine.
fn within(one: &[char], other: &[char], most: usize) -> bool {
    if one.len().abs_diff(other.len()) > most {
        return false;
    }
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=other.len()).collect();
    for (i, a) in one.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, b) in other.iter().enumerate() {
            let changed = last[j] + usize::from(a != b);
            let mut least = changed.min(last[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && *a == other[j - 1] && one[i - 1] == *b {
                least = least.min(before[j - 1] + 1);
            }
            row.push(least);
        }
        before = std::mem::replace(&mut last, row);
    }
    last[other.len()] <= most
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marker(text: &str) -> Marker {
        let english = Language::find("en").unwrap();
        Marker::new(&Wanted::parse(text, &mut Folder::new(), &[english]), &[])
    }

    #[test]
    fn marks_forms_and_escapes_everything_else() {
        let english = Language::find("en");
        assert_eq!(
            marker("school b").mark("<b>Schools'</b> & \"schooling\" <mark>", english),
            "&lt;<mark>b</mark>&gt;<mark>Schools</mark>&#39;&lt;/<mark>b</mark>&gt; &amp; \
             &quot;<mark>schooling</mark>&quot; &lt;mark&gt;"
        );
        assert_eq!(marker("").mark("a < b", None), "a &lt; b");
    }

    #[test]
    fn a_snippet_shows_where_most_words_are() {
        let filler = "Nothing of interest stands here. ".repeat(20);
        let text = format!("Heat. {filler}Heat pumps for old schools. {filler}");
        let html = marker("heat school").snippet(["No match", &text], Language::find("en"));
        assert!(html.contains("<mark>Heat</mark> pumps for old <mark>schools</mark>"), "{html}");
        assert!(html.starts_with('…') && html.ends_with('…'), "{html}");
        assert!(html.len() < LONGEST + 60, "{html}");
    }

    #[test]
    fn a_snippet_without_a_match_is_the_beginning() {
        assert_eq!(marker("x").snippet(["", "Some body."], None), "Some body.");
        assert_eq!(marker("x").snippet(["", " "], None), "");
        let long = "é".repeat(1000);
        assert!(marker("x").snippet([&long, ""], None).len() <= LONGEST + 3);
    }

    #[test]
    fn distances_are_those_of_the_engine() {
        let near = |one: &str, other: &str, most| {
            let letters = |word: &str| word.chars().collect::<Vec<_>>();
            within(&letters(one), &letters(other), most)
        };
        assert!(near("bridge", "brigde", 1) && near("bridge", "bridg", 1));
        assert!(!near("bridge", "birgde", 1) && near("bridge", "birgde", 2));
        assert!(near("", "", 0) && !near("abc", "", 2));
    }
}
