//! Texts in any number, recombined by a seeded generator from real ones: sentences and titles of two sources each. The same
//! seed and number give the same text everywhere.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;

use serde_json::{Value, json};

use crate::{Failure, Result};

/// A past challenge or a published solution.
#[derive(Clone, Debug)]
pub struct Made {
    pub past: bool,
    pub title: String,
    pub summary: String,
    pub body: String,
    who: String,
    agency: String,
    lang: String,
    budget: String,
    opens: u64,
    number: u64,
}

struct Source {
    title: String,
    summary: String,
    sentences: Vec<String>,
    who: String,
    agency: String,
    lang: String,
    budget: String,
}

pub struct Sources {
    past: Vec<Source>,
    solutions: Vec<Source>,
}

/// Bytes of a body, roughly: what a notice has on its first two pages.
const BODY: usize = 2_000;

impl Sources {
    /// `None` where the folder has no such files.
    pub fn read(folder: &Path) -> Result<Option<Self>> {
        let (challenges, responses) = (folder.join("challenges.jsonl"), folder.join("responses.jsonl"));
        if !challenges.exists() || !responses.exists() {
            return Ok(None);
        }
        let past = lines(&challenges, |row| source(row, "description", ""))?;
        let solutions = lines(&responses, |row| source(row, "text", "supplier"))?;
        if past.is_empty() || solutions.is_empty() {
            return Err(Failure("the data has no texts".into()));
        }
        Ok(Some(Self { past, solutions }))
    }

    /// The first copies keep their titles; later ones take half of another's. Three of ten are past challenges.
    pub fn make(&self, number: u64) -> Made {
        let mut dice = Dice(number.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x5eed);
        let past = number % 10 < 3;
        let sources = if past { &self.past } else { &self.solutions };
        let (each, before) = if past { (3, 0) } else { (7, 3) };
        let nth = (number / 10) as usize * each + (number % 10) as usize - before;
        let one = &sources[nth % sources.len()];
        let mut other = &sources[dice.below(sources.len())];
        if other.lang != one.lang {
            other = one;
        }
        let title = if nth < sources.len() {
            one.title.clone()
        } else {
            let half = |text: &str, front: bool| {
                let words: Vec<&str> = text.split_whitespace().collect();
                let middle = words.len().div_ceil(2);
                if front { words[..middle].join(" ") } else { words[middle..].join(" ") }
            };
            format!("{} {}", half(&one.title, true), half(&other.title, false))
        };
        let mut body = String::with_capacity(BODY + 400);
        let (mut first, mut second) = (one.sentences.iter(), other.sentences.iter());
        while body.len() < BODY {
            let next = if dice.below(3) == 0 { second.next() } else { first.next() };
            let Some(sentence) = next.or_else(|| first.next()).or_else(|| second.next()) else { break };
            body.push_str(sentence);
            body.push(' ');
        }
        Made {
            past,
            title,
            summary: one.summary.clone(),
            body,
            who: one.who.clone(),
            agency: if dice.below(2) == 0 { one.agency.clone() } else { other.agency.clone() },
            lang: one.lang.clone(),
            budget: one.budget.clone(),
            opens: 2008 + dice.below(15) as u64,
            number,
        }
    }

    /// Titles of documents among the first so many, spread evenly; each with whether it is a past challenge.
    pub fn titles(&self, documents: u64, most: u64) -> Vec<(String, bool)> {
        let last = documents.min((self.past.len() / 3 * 10).min(self.solutions.len() / 7 * 10) as u64);
        let step = (last / most).max(1) | 1;
        let made = (0..last).step_by(step as usize).map(|number| self.make(number));
        made.map(|made| (plain(&made.title), made.past)).filter(|(title, _)| !title.is_empty()).collect()
    }
}

impl Made {
    /// As `wellposed import` takes it.
    pub fn line(&self) -> String {
        let id = format!("made-{}", self.number);
        let row = if self.past {
            json!({"id": id, "source": "recombined", "licence": "mixed", "lang": self.lang, "country": "US", "agency": self.agency,
                "title": self.title, "summary": self.summary, "description": self.body, "budget": self.budget,
                "opens": self.opens.to_string(), "closes": (self.opens + 1).to_string()})
        } else {
            json!({"id": id, "source": "recombined", "licence": "mixed", "lang": self.lang, "supplier": self.who,
                "agency": self.agency, "title": self.title, "text": self.body, "year": self.opens})
        };
        format!("{row}\n")
    }
}

/// Words alone: engines differ in what they make of the rest.
fn plain(title: &str) -> String {
    let words = title.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty());
    words.take(8).collect::<Vec<_>>().join(" ")
}

fn lines(file: &Path, of: impl Fn(&Value) -> Option<Source>) -> Result<Vec<Source>> {
    let mut all = Vec::new();
    for line in BufReader::with_capacity(1 << 20, File::open(file)?).lines() {
        let row: Value = serde_json::from_str(&line?)?;
        all.extend(of(&row));
    }
    Ok(all)
}

fn source(row: &Value, body: &str, who: &str) -> Option<Source> {
    let text = |name: &str| row[name].as_str().unwrap_or_default().trim().to_owned();
    let (title, body) = (text("title"), text(body));
    if title.is_empty() || body.is_empty() {
        return None;
    }
    let mut sentences = Vec::new();
    let mut length = 0;
    for sentence in body.split_inclusive(". ").map(str::trim).filter(|sentence| !sentence.is_empty()) {
        length += sentence.len();
        sentences.push(sentence.to_owned());
        if length > 2 * BODY {
            break;
        }
    }
    let lang = text("lang");
    Some(Source {
        title,
        summary: text("summary"),
        sentences,
        who: text(who),
        agency: text("agency"),
        lang: if lang.is_empty() { "en".to_owned() } else { lang },
        budget: text("budget"),
    })
}

/// SplitMix64: a few lines, and the same numbers for ever.
pub struct Dice(pub u64);

impl Dice {
    pub fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub fn below(&mut self, end: usize) -> usize {
        (self.roll() % end.max(1) as u64) as usize
    }
}
