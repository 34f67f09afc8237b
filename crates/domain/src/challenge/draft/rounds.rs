//! Later rounds, as far as they are planned: a card each.

use sha2::{Digest, Sha256};

use super::MOST_ROWS;
use super::criteria::sums_to_hundred;
use crate::challenge::{Criterion, CriterionKind, LaterRound, Method, Question, QuestionKind, RoundKind, Shortlist};
use crate::form::{Errors, FieldError, Fields};
use crate::ids::{CriterionId, QuestionId, RoundPlanId};
use crate::moment::{Moment, local};
use crate::points::Weight;

/// Words of an answer, where a line names no limit.
const DEFAULT_WORDS: u32 = 300;
const SCALE: u8 = 5;

/// `first`: the deadline of the first round, which every later one follows.
pub(super) fn rounds(f: &Fields, zone: &str, first: Moment, e: &mut Errors) -> Vec<LaterRound> {
    let rows = f.rows("round");
    if rows.len() > MOST_ROWS {
        e.add(FieldError::new(format!("round-{}-kind", rows[MOST_ROWS]), "too-many-rows").with("max", MOST_ROWS));
    }
    let mut before = first;
    let mut out = Vec::new();
    for row in rows {
        let round = round(f, row, zone, e);
        if let Some(deadline) = round.deadline {
            if !before.before(deadline) {
                e.say(format!("round-{row}-date"), "round-order");
            }
            before = deadline;
        }
        out.push(round);
    }
    out
}

fn round(f: &Fields, row: u32, zone: &str, e: &mut Errors) -> LaterRound {
    let name = |field: &str| format!("round-{row}-{field}");
    let id = RoundPlanId::parse(f.of_row("round", row, "id")).unwrap_or(RoundPlanId(i64::from(row)));
    let deadline = match f.of_row("round", row, "date") {
        "" => None,
        date => local(date, "17:00", zone).map_err(|_| e.say(name("date"), "date")).ok(),
    };
    let carried = carried(f, row, id, e);
    LaterRound {
        id,
        kind: RoundKind::parse(f.of_row("round", row, "kind")).unwrap_or_default(),
        shortlist: shortlist(f, row, e),
        questions: questions(f, row, id, e),
        criteria: criteria(f, row, id, carried.as_ref().map(|carried| carried.weight), e),
        carried,
        least: least(f, row, e),
        method: Method::default(),
        deadline,
    }
}

fn shortlist(f: &Fields, row: u32, e: &mut Errors) -> Shortlist {
    match f.of_row("round", row, "places") {
        "" => Shortlist::AllAboveThresholds,
        text => match text.parse::<u32>() {
            Ok(places) if (1..=1_000).contains(&places) => Shortlist::Best { places },
            _ => {
                e.add(FieldError::new(format!("round-{row}-places"), "whole-number").with("max", 1_000));
                Shortlist::AllAboveThresholds
            }
        },
    }
}

/// The least total of the round before; nothing typed: none.
fn least(f: &Fields, row: u32, e: &mut Errors) -> Option<Weight> {
    match f.of_row("round", row, "least") {
        "" => None,
        text => Weight::parse(text).ok().filter(|least| *least <= Weight::HUNDRED).or_else(|| {
            e.say(format!("round-{row}-least"), "weight");
            None
        }),
    }
}

/// The points of the round before under a name and a weight: "Written answers 30".
fn carried(f: &Fields, row: u32, round: RoundPlanId, e: &mut Errors) -> Option<Criterion> {
    let name = format!("round-{row}-carried");
    let line = f.get(&name).trim();
    if line.is_empty() {
        return None;
    }
    let parsed = last_number(line).and_then(|(label, weight)| Some((label, Weight::parse(weight).ok()?)));
    let Some((label, weight)) = parsed.filter(|(_, weight)| (1..10_000).contains(&weight.hundredths())) else {
        e.add(FieldError::new(&name, "round-criterion").with("line", line));
        return None;
    };
    let id = CriterionId(id_of_line(round, "carried", label));
    Some(Criterion { kind: CriterionKind::Carried, max: 0, descriptors: Vec::new(), ..criterion(id, label, weight) })
}

fn criterion(id: CriterionId, name: &str, weight: Weight) -> Criterion {
    Criterion {
        id,
        name: name.to_owned(),
        guidance: String::new(),
        weight,
        kind: CriterionKind::Scored,
        max: SCALE,
        threshold: None,
        descriptors: vec![String::new(); usize::from(SCALE) + 1],
        parts: Vec::new(),
        reads: Vec::new(),
    }
}

/// One a line; a number behind it is its word limit: "How did the trial go? 300".
fn questions(f: &Fields, row: u32, round: RoundPlanId, e: &mut Errors) -> Vec<Question> {
    let name = format!("round-{row}-questions");
    lines(f, &name, e)
        .into_iter()
        .map(|line| {
            let (label, words) = match last_number(line) {
                Some((label, number)) => (label, number.parse().ok().filter(|limit| (1..=5_000).contains(limit))),
                None => (line, Some(DEFAULT_WORDS)),
            };
            if words.is_none() {
                e.say(&name, "word-limit");
            }
            Question {
                id: QuestionId(id_of_line(round, "question", label)),
                label: label.to_owned(),
                help: String::new(),
                kind: QuestionKind::LongText,
                max_words: words.unwrap_or(DEFAULT_WORDS),
                required: true,
                confidential: false,
            }
        })
        .collect()
}

/// One a line with its weight behind it: "Effect in use 60". The weights of a round, with what is carried, add up to 100.
fn criteria(f: &Fields, row: u32, round: RoundPlanId, carried: Option<Weight>, e: &mut Errors) -> Vec<Criterion> {
    let name = format!("round-{row}-criteria");
    let criteria: Vec<Criterion> = lines(f, &name, e)
        .into_iter()
        .filter_map(|line| {
            let parsed = last_number(line).and_then(|(label, weight)| Some((label, Weight::parse(weight).ok()?)));
            let Some((label, weight)) = parsed.filter(|(_, weight)| weight.hundredths() > 0) else {
                e.add(FieldError::new(&name, "round-criterion").with("line", line));
                return None;
            };
            Some(criterion(CriterionId(id_of_line(round, "criterion", label)), label, weight))
        })
        .collect();
    if criteria.is_empty() {
        e.say(&name, "round-criteria-none");
    } else {
        sums_to_hundred(&name, "weights-sum", criteria.iter().map(|criterion| criterion.weight).chain(carried), e);
    }
    criteria
}

fn lines<'a>(f: &'a Fields, name: &str, e: &mut Errors) -> Vec<&'a str> {
    let lines: Vec<&str> = f.get(name).lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    if lines.len() > MOST_ROWS {
        e.add(FieldError::new(name, "too-many-rows").with("max", MOST_ROWS));
    }
    for (at, line) in lines.iter().enumerate() {
        if line.chars().count() > 300 {
            e.add(FieldError::new(name, "too-long").with("max", 300).with("over", line.chars().count() - 300));
        } else if lines[..at].contains(line) {
            e.add(FieldError::new(name, "option-twice").with("option", line));
        }
    }
    lines
}

/// ("Effect in use", "60") of "Effect in use 60" or "Effect in use (60 %)".
fn last_number(line: &str) -> Option<(&str, &str)> {
    let line = line.trim_end_matches([')', '%', ' ']);
    let at = line.rfind(|letter: char| !letter.is_ascii_digit() && letter != '.' && letter != ',')?;
    let (text, number) = line.split_at(at + line[at..].chars().next().map_or(1, char::len_utf8));
    let text = text.trim_end_matches(['(', ' ', ':', '\u{a0}']);
    (number.starts_with(|letter: char| letter.is_ascii_digit()) && !text.is_empty()).then_some((text, number))
}

/// The same line of the same round keeps its id in every version.
fn id_of_line(round: RoundPlanId, list: &str, line: &str) -> i64 {
    let hash = Sha256::digest(format!("{round}\n{list}\n{line}"));
    let bytes: [u8; 8] = hash[..8].try_into().unwrap_or_default();
    i64::from_be_bytes(bytes) & i64::MAX
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(pairs: &[(&str, &str)]) -> (Vec<LaterRound>, Vec<String>) {
        let mut errors = Errors::default();
        let first = local("2026-12-20", "12:00", "UTC").unwrap();
        let found = rounds(&pairs.iter().copied().collect(), "UTC", first, &mut errors);
        (found, errors.0.into_iter().map(|e| format!("{}: {}", e.field, e.code)).collect())
    }

    const INTERVIEW: [(&str, &str); 5] = [
        ("round-1-kind", "interview"),
        ("round-1-places", "4"),
        ("round-1-date", "2027-01-20"),
        ("round-1-questions", "What went wrong so far?\nWho would be here? 100"),
        ("round-1-criteria", "Effect in use (60 %)\nPeople 40"),
    ];

    #[test]
    fn a_later_round_is_planned_with_its_form_and_criteria() {
        let (found, errors) = parsed(&INTERVIEW);
        assert!(errors.is_empty(), "{errors:?}");
        assert_eq!(found[0].shortlist, Shortlist::Best { places: 4 });
        let asked: Vec<_> = found[0].questions.iter().map(|q| (q.label.as_str(), q.max_words)).collect();
        assert_eq!(asked, [("What went wrong so far?", 300), ("Who would be here?", 100)]);
        let scored: Vec<_> = found[0].criteria.iter().map(|c| (c.name.as_str(), c.weight.to_string())).collect();
        assert_eq!(scored, [("Effect in use", "60".to_owned()), ("People", "40".to_owned())]);
        assert_eq!(parsed(&INTERVIEW).0, found, "the same lines keep their ids");
    }

    #[test]
    fn what_is_carried_has_a_name_and_its_share_of_the_hundred() {
        let mut carrying = INTERVIEW.to_vec();
        carrying.extend([("round-1-carried", "Written answers 30 %"), ("round-1-least", "62.5")]);
        assert_eq!(parsed(&carrying).1, ["round-1-criteria: weights-sum"]);
        carrying[4].1 = "Effect in use 42\nPeople 28";
        let (found, errors) = parsed(&carrying);
        assert!(errors.is_empty(), "{errors:?}");
        let carried = found[0].carried.as_ref().expect("carried");
        assert_eq!((carried.name.as_str(), carried.weight.to_string()), ("Written answers", "30".to_owned()));
        assert_eq!(found[0].least, Weight::parse("62.5").ok());
        carrying[5].1 = "Written answers";
        carrying[6].1 = "101";
        assert!(parsed(&carrying).1.contains(&"round-1-carried: round-criterion".to_owned()));
        assert!(parsed(&carrying).1.contains(&"round-1-least: weight".to_owned()));
    }

    #[test]
    fn weights_of_a_round_sum_to_a_hundred_and_rounds_follow_each_other() {
        let mut wrong = INTERVIEW;
        wrong[2].1 = "2026-12-01";
        wrong[4].1 = "Effect 60\nPeople";
        assert_eq!(
            parsed(&wrong).1,
            ["round-1-criteria: round-criterion", "round-1-criteria: weights-sum", "round-1-date: round-order"]
        );
        wrong[4].1 = "";
        assert!(parsed(&wrong).1.contains(&"round-1-criteria: round-criteria-none".to_owned()));
    }

    #[test]
    fn no_later_round_is_planned_where_nothing_was_written() {
        assert_eq!(parsed(&[]), (Vec::new(), Vec::new()));
    }
}
