//! A seeded sample of findings for people to label: spread over sources and statements, in an order that tells nothing.

use std::collections::{BTreeMap, HashMap};

use domain::statement::{Finding, Rule};
use serde_json::{Value, json};

use crate::corpus::Checked;

/// Characters of context each side.
const CONTEXT: usize = 250;

/// `most` findings of each rule, but for those whose place was labelled before.
pub fn draw(all: &[Checked], seed: u64, most: usize, labelled: &Labelled) -> Vec<Value> {
    let mut out: Vec<(u64, Value)> = Vec::new();
    for rule in Rule::ALL {
        let mut by_source: BTreeMap<&str, Vec<(u64, &Checked, &Finding)>> = BTreeMap::new();
        for checked in all {
            let of_rule = checked
                .findings
                .iter()
                .filter(|finding| finding.rule == rule && !labelled.meets(&place(&checked.row.id, finding)));
            // One finding a statement, drawn; more only where there are few.
            let mut drawn: Vec<_> =
                of_rule.map(|finding| (mix(seed, &place(&checked.row.id, finding)), checked, finding)).collect();
            drawn.sort_by_key(|(order, ..)| *order);
            for (nth, (order, ..)) in drawn.iter_mut().enumerate() {
                *order = (*order >> 8) | ((nth.min(255) as u64) << 56);
            }
            by_source.entry(&checked.row.source).or_default().extend(drawn);
        }
        by_source.values_mut().for_each(|list| list.sort_by_key(|(order, ..)| std::cmp::Reverse(*order)));
        let mut left = most;
        while left > 0 && by_source.values().any(|list| !list.is_empty()) {
            for list in by_source.values_mut() {
                if left > 0
                    && let Some((_, checked, finding)) = list.pop()
                {
                    left -= 1;
                    out.push((mix(seed ^ 1, &place(&checked.row.id, finding)), row(checked, finding)));
                }
            }
        }
    }
    out.sort_by_key(|(order, _)| *order);
    out.into_iter().map(|(_, row)| row).collect()
}

/// Places labelled before: what overlaps one is not drawn again.
#[derive(Default)]
pub struct Labelled(HashMap<String, Vec<(u32, u32)>>);

impl Labelled {
    pub fn of(keys: impl IntoIterator<Item = String>) -> Self {
        let mut all: HashMap<String, Vec<(u32, u32)>> = HashMap::new();
        for (place, range) in keys.into_iter().filter_map(|key| Self::split(&key)) {
            all.entry(place).or_default().push(range);
        }
        Self(all)
    }

    fn meets(&self, key: &str) -> bool {
        let Some((place, (start, end))) = Self::split(key) else { return false };
        self.0
            .get(&place)
            .is_some_and(|ranges| ranges.iter().any(|range| *range == (start, end) || range.0 < end && start < range.1))
    }

    fn split(key: &str) -> Option<(String, (u32, u32))> {
        let (place, range) = key.rsplit_once(':')?;
        let (start, end) = range.split_once('-')?;
        Some((place.to_owned(), (start.parse().ok()?, end.parse().ok()?)))
    }
}

/// Names a finding by where it is, so that the same words keep their label whatever the rules become.
pub fn place(id: &str, finding: &Finding) -> String {
    let span = finding.span.map_or((0, 0), |span| span.chars);
    let field = if finding.span.is_some() { &finding.field } else { "" };
    format!("{id}:{field}:{}:{}-{}", finding.rule.code(), span.0, span.1)
}

pub fn row(checked: &Checked, finding: &Finding) -> Value {
    let (start, end) = finding.span.map_or((0, 0), |span| span.chars);
    let text = checked.statement.passages.iter().find(|p| p.field == finding.field).map_or("", |p| p.text.as_str());
    let cut = |from: usize, to: usize| text.chars().skip(from).take(to - from).collect::<String>();
    let (start, end) = (start as usize, end as usize);
    let mut out = json!({ "key": place(&checked.row.id, finding), "id": checked.row.id, "rule": finding.rule.code() });
    if finding.span.is_some() {
        out["field"] = json!(finding.field);
        out["start"] = json!(start);
        out["end"] = json!(end);
        out["before"] = json!(cut(start.saturating_sub(CONTEXT), start));
        out["excerpt"] = json!(cut(start, end));
        out["after"] = json!(cut(end, end + CONTEXT));
    }
    out
}

/// The counts of rules, for the report beside a sample.
pub fn counts(rows: &[Value]) -> HashMap<String, usize> {
    rows.iter().fold(HashMap::new(), |mut all, row| {
        *all.entry(row["rule"].as_str().unwrap_or("").to_owned()).or_default() += 1;
        all
    })
}

/// SplitMix64 over FNV-1a: a seeded order that is the same everywhere.
fn mix(seed: u64, text: &str) -> u64 {
    let mut hash =
        text.bytes().fold(0xcbf2_9ce4_8422_2325 ^ seed, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    hash = (hash ^ (hash >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    hash = (hash ^ (hash >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    hash ^ (hash >> 31)
}
