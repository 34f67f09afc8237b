//! Precision on labelled findings and recall on statements labelled whole, by rule. Labels are places and verdicts without text;
//! a finding meets a label where rule, statement and field are the same and the ranges overlap.

use std::collections::HashMap;
use std::fs;
use std::path::Path;

use domain::statement::Rule;
use serde::Deserialize;

use crate::corpus::Checked;

#[derive(Deserialize)]
struct Verdict {
    key: String,
    right: bool,
}

#[derive(Deserialize)]
struct Whole {
    id: String,
    findings: Vec<Expected>,
}

#[derive(Deserialize)]
struct Expected {
    rule: String,
    #[serde(default)]
    field: Option<String>,
    #[serde(default)]
    start: Option<u32>,
    #[serde(default)]
    end: Option<u32>,
}

/// Where something was found or should have been: field and characters; an empty field is the whole statement.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Place {
    field: String,
    range: (u32, u32),
}

impl Place {
    fn meets(&self, other: &Place) -> bool {
        self.field == other.field && (self.range == other.range || self.range.0 < other.range.1 && other.range.0 < self.range.1)
    }
}

/// What the check says now, by statement and rule.
pub struct Now(HashMap<(String, Rule), Vec<Place>>);

impl Now {
    pub fn of(all: &[Checked]) -> Self {
        let mut now: HashMap<_, Vec<Place>> = HashMap::new();
        for checked in all {
            for finding in &checked.findings {
                let place = finding.span.map_or(Place { field: String::new(), range: (0, 0) }, |span| Place {
                    field: finding.field.clone(),
                    range: span.chars,
                });
                now.entry((checked.row.id.clone(), finding.rule)).or_default().push(place);
            }
        }
        Self(now)
    }

    fn says(&self, id: &str, rule: Rule, place: &Place) -> bool {
        self.0.get(&(id.to_owned(), rule)).is_some_and(|places| places.iter().any(|said| said.meets(place)))
    }
}

/// Right ones of all; nothing where there are none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Share {
    pub right: usize,
    pub all: usize,
}

impl Share {
    pub fn share(self) -> Option<f64> {
        (self.all > 0).then(|| self.right as f64 / self.all as f64)
    }

    fn add(&mut self, right: bool) {
        self.all += 1;
        self.right += usize::from(right);
    }
}

/// Labelled findings of a file: as they were drawn, and those among them that the check still says.
#[derive(Clone, Copy, Debug, Default)]
pub struct Precision {
    pub drawn: Share,
    pub now: Share,
}

pub type Precisions = HashMap<Rule, Precision>;

pub fn precision(file: &Path, now: &Now) -> Precisions {
    let mut out = Precisions::new();
    for verdict in lines::<Verdict>(file) {
        let (id, place, rule) = parse(&verdict.key);
        let of = out.entry(rule).or_default();
        of.drawn.add(verdict.right);
        if now.says(&id, rule, &place) {
            of.now.add(verdict.right);
        }
    }
    out
}

/// Adds what another file says.
pub fn add(all: &mut Precisions, more: Precisions) {
    for (rule, precision) in more {
        let of = all.entry(rule).or_default();
        for (of, more) in [(&mut of.drawn, precision.drawn), (&mut of.now, precision.now)] {
            *of = Share { right: of.right + more.right, all: of.all + more.all };
        }
    }
}

/// The statements that a file of labels is about.
pub fn statements(file: &Path) -> Vec<String> {
    let id = |line: serde_json::Value| {
        let id = line["id"].as_str().map(str::to_owned);
        id.or_else(|| line["key"].as_str().map(|key| parse(key).0))
    };
    lines::<serde_json::Value>(file).into_iter().filter_map(id).collect()
}

/// Recall by rule on statements labelled whole: the odd ones, which rules may be tuned on, and the even ones, held out.
pub fn recall(file: &Path, now: &Now) -> [HashMap<Rule, Share>; 2] {
    let mut out = [HashMap::new(), HashMap::new()];
    for (nth, whole) in lines::<Whole>(file).into_iter().enumerate() {
        for expected in whole.findings {
            let Some(rule) = Rule::parse(&expected.rule) else { continue };
            let place = Place {
                field: expected.field.unwrap_or_default(),
                range: (expected.start.unwrap_or(0), expected.end.unwrap_or(0)),
            };
            out[nth % 2].entry(rule).or_insert_with(Share::default).add(now.says(&whole.id, rule, &place));
        }
    }
    out
}

/// `id:field:rule:start-end`
fn parse(key: &str) -> (String, Place, Rule) {
    let mut parts = key.rsplitn(4, ':');
    let mut next = || parts.next().expect("a key has four parts");
    let (range, rule, field, id) = (next(), next(), next(), next());
    let (start, end) = range.split_once('-').expect("a range");
    let number = |n: &str| n.parse().expect("a place");
    (id.to_owned(), Place { field: field.to_owned(), range: (number(start), number(end)) }, Rule::parse(rule).expect("a rule"))
}

fn lines<T: for<'a> Deserialize<'a>>(file: &Path) -> Vec<T> {
    let Ok(text) = fs::read_to_string(file) else { return Vec::new() };
    text.lines()
        .filter(|line| !line.trim().is_empty())
        .map(|line| serde_json::from_str(line).expect("a line of labels"))
        .collect()
}
