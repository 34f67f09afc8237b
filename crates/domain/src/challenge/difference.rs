//! What changed from one version of the terms to another, field by field: for the approver who reads a challenge again, for
//! an amendment, for whoever followed the first version.
//!
//! It works on the terms as they are stored, so that a part added to them is compared without being named here; only
//! [`SECTIONS`] says where a part is written, and a test fails where one is missing from it.

use std::collections::BTreeSet;

use serde::Serialize;
use serde_json::Value as Json;

use crate::challenge::{Section, Terms};
use crate::moment::Moment;
use crate::money::Money;

/// One side of a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// A person's words, or the code of a choice (the catalogue knows which).
    Text(String),
    Number(i64),
    At(Moment),
    Money(Money),
    Flag(bool),
}

/// One field that differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    pub section: Section,
    /// `statement`, `outcomes.target`; `outcomes.order` where only the order of rows is another.
    pub key: String,
    /// The title of the row of a list, by its newest name; of nested lists the outer one first.
    pub rows: Vec<String>,
    /// `None` where there was nothing, or the whole row is new.
    pub before: Option<Value>,
    pub after: Option<Value>,
}

impl Change {
    /// The part of the terms that it belongs to: `outcomes` of `outcomes.target`.
    pub fn part(&self) -> &str {
        self.key.split('.').next().unwrap_or_default()
    }
}

/// The parts of the terms in the order in which they are read, and the section that each is written in.
const SECTIONS: &[(&str, Section)] = &[
    ("title", Section::Problem),
    ("summary", Section::Problem),
    ("problem", Section::Problem),
    ("statement", Section::Problem),
    ("outcomes", Section::Outcomes),
    ("limits", Section::Limits),
    ("context", Section::Context),
    ("data", Section::Context),
    ("attachments", Section::Context),
    ("budget", Section::Budget),
    ("currency", Section::Budget),
    ("route", Section::Budget),
    ("adoption", Section::Budget),
    ("promises_bind", Section::Budget),
    ("enquiry_deadline", Section::Timetable),
    ("deadline", Section::Timetable),
    ("opening_at", Section::Timetable),
    ("zone", Section::Timetable),
    ("decision_by", Section::Timetable),
    ("pilot_from", Section::Timetable),
    ("law", Section::Timetable),
    ("requirements", Section::Requirements),
    ("offer", Section::Terms),
    ("questions", Section::Questions),
    ("criteria", Section::Criteria),
    ("price", Section::Criteria),
    ("price", Section::Criteria),
    ("method", Section::Panel),
    ("panel", Section::Panel),
    ("total_threshold", Section::Panel),
    ("anonymous", Section::Panel),
    ("later", Section::Rounds),
    ("categories", Section::Categories),
    ("place", Section::Contact),
    ("contact", Section::Contact),
    ("credit", Section::Contact),
    ("lang", Section::Contact),
];

/// The parts of the terms that have a place here.
pub fn parts() -> impl Iterator<Item = &'static str> {
    SECTIONS.iter().map(|(part, _)| *part)
}

/// The section in which a part of the terms is written.
pub fn section_of(part: &str) -> Section {
    SECTIONS.iter().find(|(known, _)| *known == part).map_or(Section::Problem, |(_, section)| *section)
}

/// Every field that differs, in the order in which a notice is read; empty when the two say the same.
pub fn changes(before: &Terms, after: &Terms) -> Vec<Change> {
    differing(&with_names(before), &with_names(after))
}

/// The terms as JSON, in which a criterion names the questions that it reads by their words instead of their ids.
fn with_names(terms: &Terms) -> Json {
    let mut json = serde_json::to_value(terms).unwrap_or_default();
    let named = |id: &Json| {
        let question = terms.questions.iter().find(|question| id.as_str() == Some(&question.id.to_string()))?;
        let outcome = question.outcome().and_then(|id| terms.outcome(id)).map(|outcome| outcome.title.clone());
        Some(Json::String(outcome.filter(|_| question.label.is_empty()).unwrap_or_else(|| question.label.clone())))
    };
    for criterion in json.get_mut("criteria").and_then(Json::as_array_mut).into_iter().flatten() {
        if let Some(reads) = criterion.get_mut("reads").and_then(Json::as_array_mut) {
            *reads = reads.iter().filter_map(named).collect();
        }
    }
    json
}

fn differing(before: &impl Serialize, after: &impl Serialize) -> Vec<Change> {
    // Terms are made of what JSON can hold; were it otherwise they could not have been stored.
    let (Ok(Json::Object(before)), Ok(Json::Object(after))) = (serde_json::to_value(before), serde_json::to_value(after)) else {
        return Vec::new();
    };
    let place = |part: &str| SECTIONS.iter().position(|(known, _)| *known == part).unwrap_or(SECTIONS.len());
    let mut parts: Vec<&String> = before.keys().chain(after.keys()).collect::<BTreeSet<_>>().into_iter().collect();
    parts.sort_by_key(|part| place(part));
    let mut out = Vec::new();
    for part in parts {
        let mut walk = Walk { section: section_of(part), rows: Vec::new(), out: &mut out };
        walk.compare(part, before.get(part), after.get(part));
    }
    out
}

struct Walk<'a> {
    section: Section,
    rows: Vec<String>,
    out: &'a mut Vec<Change>,
}

impl Walk<'_> {
    fn compare(&mut self, key: &str, before: Option<&Json>, after: Option<&Json>) {
        let (before, after) = (before.filter(|json| !nothing(json)), after.filter(|json| !nothing(json)));
        if before == after {
            return;
        }
        match (before, after) {
            (Some(Json::Array(b)), Some(Json::Array(a))) if listed(b) || listed(a) => self.list(key, b, a),
            (Some(Json::Array(b)), None) if listed(b) => self.list(key, b, &[]),
            (None, Some(Json::Array(a))) if listed(a) => self.list(key, &[], a),
            (Some(Json::Object(b)), Some(Json::Object(a))) if alike(b, a) => self.fields(key, Some(b), Some(a)),
            (before, after) => {
                let (before, after) = (before.map(value), after.map(value));
                self.out.push(Change { section: self.section, key: key.to_owned(), rows: self.rows.clone(), before, after });
            }
        }
    }

    /// Rows are the same by their ids, which stay the same across versions.
    fn list(&mut self, key: &str, before: &[Json], after: &[Json]) {
        let find = |rows: &[Json], id: &Json| rows.iter().position(|row| row.get("id") == Some(id));
        let ids = |rows: &[Json]| rows.iter().filter_map(|row| row.get("id").cloned()).collect::<Vec<_>>();
        let (old, new) = (ids(before), ids(after));
        let removed = old.iter().filter(|id| find(after, id).is_none());
        for id in new.iter().chain(removed) {
            let (b, a) = (find(before, id).map(|at| &before[at]), find(after, id).map(|at| &after[at]));
            self.rows.push(a.or(b).map(name).unwrap_or_default());
            self.fields(key, b.and_then(Json::as_object), a.and_then(Json::as_object));
            self.rows.pop();
        }
        let kept = |rows: &[Json], ids: &[Json], other: &[Json]| {
            let names = ids.iter().filter(|id| other.contains(id)).filter_map(|id| find(rows, id)).map(|at| name(&rows[at]));
            names.collect::<Vec<_>>().join("\n")
        };
        if old.iter().filter(|id| new.contains(id)).ne(new.iter().filter(|id| old.contains(id))) {
            let (before, after) = (kept(before, &old, &new), kept(after, &new, &old));
            self.out.push(Change {
                section: self.section,
                key: format!("{key}.order"),
                rows: self.rows.clone(),
                before: Some(Value::Text(before)),
                after: Some(Value::Text(after)),
            });
        }
    }

    fn fields(
        &mut self,
        key: &str,
        before: Option<&serde_json::Map<String, Json>>,
        after: Option<&serde_json::Map<String, Json>>,
    ) {
        let mut names: Vec<&String> =
            before.into_iter().chain(after).flat_map(|map| map.keys()).collect::<BTreeSet<_>>().into_iter().collect();
        names.sort_by_key(|name| !NAMES.contains(&name.as_str()));
        for name in names.into_iter().filter(|name| *name != "id") {
            let of = |map: Option<&serde_json::Map<String, Json>>| map.and_then(|map| map.get(name)).cloned();
            self.compare(&format!("{key}.{name}"), of(before).as_ref(), of(after).as_ref());
        }
    }
}

/// What a row is called by.
const NAMES: [&str; 3] = ["title", "name", "label"];

fn name(row: &Json) -> String {
    NAMES.iter().find_map(|field| row.get(field)?.as_str()).unwrap_or_default().to_owned()
}

fn nothing(json: &Json) -> bool {
    match json {
        Json::Null => true,
        Json::String(text) => text.is_empty(),
        Json::Array(rows) => rows.is_empty() || rows.iter().all(nothing),
        _ => false,
    }
}

fn listed(rows: &[Json]) -> bool {
    rows.iter().any(|row| row.get("id").is_some())
}

/// Two objects that are compared field by field: not money, and not two different variants of a choice.
fn alike(before: &serde_json::Map<String, Json>, after: &serde_json::Map<String, Json>) -> bool {
    !before.contains_key("amount") && (before.len() > 1 || before.keys().eq(after.keys()))
}

fn value(json: &Json) -> Value {
    match json {
        Json::Bool(flag) => Value::Flag(*flag),
        // Amounts are decimal texts in the terms, so a number of this size is an instant in microseconds (from 1970-04 on).
        Json::Number(number) => match number.as_i64().unwrap_or_default() {
            at if at > 10_000_000_000_000 => Value::At(Moment(at)),
            n => Value::Number(n),
        },
        Json::Object(map) if map.contains_key("amount") => match serde_json::from_value(json.clone()) {
            Ok(money) => Value::Money(money),
            Err(_) => Value::Text(told(json)),
        },
        json => Value::Text(told(json)),
    }
}

/// Lists one line an entry; of a choice with contents its code first.
fn told(json: &Json) -> String {
    match json {
        Json::Null => String::new(),
        Json::String(text) => text.clone(),
        Json::Array(rows) => rows.iter().map(told).collect::<Vec<_>>().join("\n"),
        Json::Object(map) if map.len() == 1 => {
            map.iter().map(|(code, rest)| format!("{code} {}", told(rest)).trim().to_owned()).collect()
        }
        Json::Object(map) => {
            map.iter().filter(|(name, _)| *name != "id").map(|(_, rest)| told(rest)).collect::<Vec<_>>().join(", ")
        }
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn keys(before: Json, after: Json) -> Vec<String> {
        differing(&before, &after)
            .into_iter()
            .map(|change| [change.rows.join(">"), change.key].join(" ").trim().to_owned())
            .collect()
    }

    #[test]
    fn equal_terms_have_no_changes_and_an_empty_text_is_nothing() {
        let terms = json!({ "title": "A", "limits": "", "budget": null });
        assert!(differing(&terms, &terms).is_empty());
        assert!(differing(&terms, &json!({ "title": "A" })).is_empty());
    }

    #[test]
    fn fields_of_rows_are_compared_by_the_rows_id_wherever_the_row_stands() {
        let before =
            json!({ "outcomes": [{ "id": "1", "title": "A", "target": "4" }, { "id": "2", "title": "B", "target": "5" }] });
        let after =
            json!({ "outcomes": [{ "id": "2", "title": "B", "target": "5" }, { "id": "1", "title": "A", "target": "3" }] });
        assert_eq!(keys(before, after), ["A outcomes.target", "outcomes.order"]);
    }

    #[test]
    fn a_new_row_and_a_row_taken_out_are_told_field_by_field() {
        let before = json!({ "outcomes": [{ "id": "1", "title": "A", "target": "4" }] });
        let after = json!({ "outcomes": [{ "id": "2", "title": "B", "target": "4" }] });
        assert_eq!(keys(before, after), ["B outcomes.title", "B outcomes.target", "A outcomes.title", "A outcomes.target"]);
    }

    #[test]
    fn lists_within_rows_name_both() {
        let before =
            json!({ "rounds": [{ "id": "1", "name": "Sift", "questions": [{ "id": "7", "label": "How?", "max_words": 100 }] }] });
        let after =
            json!({ "rounds": [{ "id": "1", "name": "Sift", "questions": [{ "id": "7", "label": "How?", "max_words": 200 }] }] });
        assert_eq!(keys(before, after), ["Sift>How? rounds.questions.max_words"]);
    }

    #[test]
    fn instants_money_flags_and_choices_are_told_as_what_they_are() {
        let before = json!({ "deadline": 1_800_000_000_000_000_i64, "budget": { "amount": "10.00", "currency": "EUR" }, "anonymous": false,
            "criteria": [{ "id": "1", "name": "Effect", "kind": "scored" }] });
        let after = json!({ "deadline": 1_800_000_000_000_001_i64, "budget": { "amount": "20.00", "currency": "EUR" }, "anonymous": true,
            "criteria": [{ "id": "1", "name": "Effect", "kind": { "price": "relative" } }] });
        let found = differing(&before, &after);
        assert!(found.iter().any(|change| matches!(change.before, Some(Value::At(_))) && change.section == Section::Timetable));
        assert!(found.iter().any(|change| matches!(&change.after, Some(Value::Money(money)) if money.minor == 2000)));
        assert!(found.iter().any(|change| change.after == Some(Value::Flag(true))));
        assert!(found.iter().any(|change| change.after == Some(Value::Text("price relative".into()))));
    }
}
