//! The town's texts as their files hold them, with dates counted from the day on which it is filled.

use std::collections::BTreeMap;

use domain::challenge::Stage;
use jiff::ToSpan;
use jiff::civil::Date;
use serde::Deserialize;

use crate::{Error, Result};

macro_rules! plans {
    ($($key:literal),+ $(,)?) => { &[$(($key, include_str!(concat!("../../town/", $key, ".toml")))),+] };
}

/// Every challenge: its key and the text of its file.
pub(super) const PLANS: &[(&str, &str)] = plans![
    "beds",
    "bins",
    "buses",
    "crossings",
    "damp",
    "falls",
    "heat",
    "lead",
    "leaks",
    "library",
    "lights",
    "linen",
    "market",
    "noise",
    "permits",
    "porters",
    "potholes",
    "pumps",
    "stops",
    "visits",
    "waiting",
];

const PEOPLE: &str = include_str!("../../town/people.toml");

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct People {
    pub person: Vec<Person>,
    pub organisation: Vec<Organisation>,
    /// What the points of a criterion mean, from 0 on, where a challenge does not say so itself.
    pub scale: Vec<String>,
    pub reasons: Reasons,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Person {
    pub key: String,
    pub name: String,
    pub email: String,
    pub role: String,
    #[serde(default)]
    pub administrator: bool,
    /// Offered to visitors of the demo.
    #[serde(default)]
    pub shown: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Organisation {
    pub key: String,
    pub kind: String,
    pub name: String,
    pub place: String,
    pub about: String,
    pub owner: String,
    #[serde(default)]
    pub members: Vec<Member>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Member {
    pub person: String,
    pub role: String,
}

/// How evaluators end their reasons, by points from 0 on: each in their own words.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Reasons {
    pub second: Vec<String>,
    pub third: Vec<String>,
}

/// Why a section was sent back, and what a field of it says since.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Mended {
    pub section: String,
    pub reason: String,
    pub field: String,
    pub text: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Plan {
    #[serde(skip)]
    pub key: &'static str,
    pub officer: String,
    pub approver: String,
    pub stage: String,
    /// Days from today, at nine; before that it is written and approved.
    pub published: i64,
    /// Days from today; 0 means the next noon or five o'clock that is some hours away.
    pub deadline: i64,
    #[serde(default = "noon")]
    pub time: String,

    pub title: String,
    pub summary: String,
    pub statement: String,
    #[serde(default)]
    pub place: String,
    #[serde(default)]
    pub outcome: Vec<Outcome>,
    #[serde(default)]
    pub limits: String,
    #[serde(default)]
    pub route: String,
    #[serde(default)]
    pub context: String,
    #[serde(default)]
    pub data: String,
    #[serde(default)]
    pub maximum: String,
    #[serde(default)]
    pub duration: String,
    #[serde(default)]
    pub buyers: String,
    #[serde(default)]
    pub conditions: String,
    #[serde(default)]
    pub categories: Vec<String>,
    /// What is done, when, and what is paid then.
    #[serde(default)]
    pub milestones: Vec<[String; 3]>,
    /// The condition, its kind, and what shows it.
    #[serde(default)]
    pub requirements: Vec<[String; 3]>,
    #[serde(default)]
    pub budget: String,
    #[serde(default)]
    pub promises_bind: bool,
    #[serde(default)]
    pub question: Vec<Question>,
    #[serde(default)]
    pub criterion: Vec<Criterion>,
    #[serde(default)]
    pub total_threshold: String,
    #[serde(default)]
    pub law: String,
    #[serde(default)]
    pub anonymous: bool,
    /// What the price must cover, as the form of the criteria has it.
    #[serde(default)]
    pub price: BTreeMap<String, String>,
    /// Evaluators and responses reckoned with, quorum, reasons, as the form of the panel has them.
    #[serde(default)]
    pub rules: BTreeMap<String, String>,
    /// Later rounds, each as its form has it.
    #[serde(default)]
    pub round: Vec<BTreeMap<String, String>>,
    pub contact: String,

    pub sent_back: Option<String>,
    /// Reference of the official notice, above the threshold; recorded before it is approved.
    pub official: Option<String>,
    /// Who must approve beside each other: a kind and a person.
    #[serde(default)]
    pub approvals: BTreeMap<String, String>,
    /// Sent back once by the approver, section by section, and mended; then all but the approver have approved it.
    #[serde(default)]
    pub mended: Vec<Mended>,
    pub cancelled: Option<String>,
    /// The chair first.
    #[serde(default)]
    pub panel: Vec<String>,
    #[serde(default)]
    pub adviser: Option<String>,
    #[serde(default)]
    pub conflict: Option<Conflict>,
    /// How much of their work each seat has done, in hundredths; all of it where nothing is said.
    #[serde(default)]
    pub progress: Vec<usize>,
    #[serde(default)]
    pub revision: Vec<Revision>,
    #[serde(default)]
    pub discussion: String,
    #[serde(default)]
    pub decision: Option<Decision>,
    /// The second round, once the cut before it is approved.
    #[serde(default)]
    pub second: Option<Second>,
    #[serde(default)]
    pub response: Vec<Response>,
    /// What happens besides: what others say of the draft; after publication enquiries, amendments, a failure of the service.
    #[serde(default)]
    pub after: Vec<After>,
}

/// What is said to those who go on, and the interviews that are offered to them. Days are counted from today.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Second {
    pub deadline: i64,
    pub invitation: String,
    /// The day of the interviews.
    pub interview: i64,
    pub place: String,
    /// A supplier that has taken a time.
    pub booked: String,
}

/// Something that happens on a day.
#[derive(Deserialize)]
pub(super) struct After {
    /// Days from today, and minutes after midnight.
    pub day: i64,
    pub at: i64,
    #[serde(flatten)]
    pub act: Act,
}

#[derive(Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
pub(super) enum Act {
    /// The owner of a supplier asks; `why`: in confidence.
    Ask {
        supplier: String,
        question: String,
        #[serde(default)]
        why: Option<String>,
    },
    /// The officer answers those enquiries of the challenge that hold these words.
    Answer {
        holding: Vec<String>,
        question: String,
        answer: String,
        /// It led to the last amendment.
        #[serde(default)]
        amended: bool,
    },
    /// One field of a section: written, proposed and approved.
    Amend { section: String, field: String, text: String, reason: String },
    /// The deadline, to so many days from today: proposed and approved.
    Extend { deadline: i64, reason: String },
    /// A server of the service is seen alive.
    Alive { run: i64 },
    /// The service failed: asked by the officer, confirmed by the approver.
    Reopen { day_of_failure: i64, from: String, until: String, deadline: i64, reason: String },
    /// The officer shows the draft to everybody, for comments until so many days from today.
    Show { days: i64 },
    /// A person says something of what is shown; `section` is empty for the whole.
    Say { person: String, section: String, comment: String },
    /// The officer says what became of those comments that hold these words.
    Become { holding: Vec<String>, taken_up: bool, what: String },
    /// The officer invites a person to read the draft, until so many days from today.
    InviteReader { person: String, days: i64 },
    /// The invited person comments on a passage.
    Remark { person: String, section: String, quote: String, comment: String },
    /// The officer answers the remark that holds these words.
    AnswerRemark { holding: String, answer: String },
    /// The awarded publishes in the open library; fields as its form has them.
    Publish { supplier: String, entry: BTreeMap<String, String> },
    /// A supplier looks for a partner.
    Partner { supplier: String, brings: String, seeks: String, contact: String },
    /// A person keeps a search, as it stands in an address, to be told of what is new.
    Keep { person: String, search: String, rhythm: String },
    /// Whoever keeps a search is told of what came since.
    Tell,
}

fn noon() -> String {
    "12:00".into()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Outcome {
    pub title: String,
    #[serde(default)]
    pub unit: String,
    pub baseline: String,
    pub target: String,
    pub by: String,
    pub measured: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Question {
    pub label: String,
    #[serde(default)]
    pub help: String,
    #[serde(default)]
    pub words: Option<u32>,
    #[serde(default)]
    pub optional: bool,
    /// Kind, and whatever else the card of this kind has.
    #[serde(default)]
    pub card: BTreeMap<String, String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Criterion {
    pub name: String,
    #[serde(default)]
    pub guidance: String,
    pub weight: String,
    #[serde(default)]
    pub kind: String,
    #[serde(default)]
    pub threshold: String,
    /// Numbers of the questions that it reads, from 1, and of the outcomes with an o before them.
    #[serde(default)]
    pub reads: Vec<String>,
    #[serde(default)]
    pub part: Vec<Part>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Part {
    pub name: String,
    pub weight: String,
    #[serde(default)]
    pub guidance: String,
}

/// A conflict of interest that somebody of the panel declares and an officer settles as a recusal.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Conflict {
    pub person: String,
    pub supplier: String,
    pub statement: String,
    pub reason: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Revision {
    pub person: String,
    pub supplier: String,
    /// From 0, among what is scored.
    pub criterion: usize,
    pub points: u8,
    pub reason: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Decision {
    pub kind: String,
    #[serde(default)]
    pub awarded: String,
    pub reason: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Response {
    pub supplier: String,
    /// Who writes it: the supplier's owner where nobody is named.
    #[serde(default)]
    pub person: Option<String>,
    #[serde(default)]
    pub state: State,
    #[serde(default)]
    pub price: String,
    pub answers: Vec<String>,
    #[serde(default)]
    pub promises: Vec<String>,
    #[serde(default)]
    pub evidence: Vec<String>,
    /// For each criterion or sub-criterion that is scored the points of each seat.
    #[serde(default)]
    pub points: Vec<Vec<u8>>,
    /// For each scored criterion what speaks for the response, and what keeps it from the next point.
    #[serde(default)]
    pub good: Vec<String>,
    #[serde(default)]
    pub lacks: Vec<String>,
    /// What the letter says.
    #[serde(default)]
    pub letter: String,
}

#[derive(Clone, Copy, Default, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub(super) enum State {
    Draft,
    #[default]
    Submitted,
    /// Submitted, read again, and submitted once more.
    Resubmitted,
    Withdrawn,
}

impl Plan {
    /// How far the first round goes: all of it, where there is a second.
    pub(super) fn first_stage(&self) -> Stage {
        if self.second.is_some() { Stage::Decided } else { self.stage() }
    }

    pub(super) fn stage(&self) -> Stage {
        Stage::parse(&self.stage).unwrap_or(Stage::Draft)
    }
}

/// The texts are part of the program and tested: what does not parse here never left the workshop.
pub(super) fn people() -> People {
    toml::from_str(PEOPLE).unwrap_or_else(|error| panic!("town/people.toml: {error}"))
}

/// The stage that each plan names, in the order of [`PLANS`].
pub(super) fn stages() -> Vec<Stage> {
    let today = Date::constant(2000, 1, 1);
    plans(today).unwrap_or_default().iter().map(Plan::stage).collect()
}

pub(super) fn plans(today: Date) -> Result<Vec<Plan>> {
    PLANS
        .iter()
        .map(|(key, text)| {
            let mut plan: Plan =
                toml::from_str(&dated(text, today)).map_err(|error| Error::Broken(format!("town/{key}.toml: {error}")))?;
            plan.key = key;
            Ok(plan)
        })
        .collect()
}

/// `{m+14}` becomes the month fourteen months from today ("January 2028"), `{y-1}` last year.
fn dated(text: &str, today: Date) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        match after.split_once('}').and_then(|(mark, tail)| Some((date(mark, today)?, tail))) {
            Some((date, tail)) => {
                out.push_str(&date);
                rest = tail;
            }
            None => {
                out.push('{');
                rest = after;
            }
        }
    }
    out.push_str(rest);
    out
}

fn date(mark: &str, today: Date) -> Option<String> {
    let (unit, count) = mark.split_at_checked(1)?;
    let count: i32 = count.parse().ok()?;
    Some(match unit {
        "m" => today.first_of_month().checked_add(count.months()).ok()?.strftime("%B %Y").to_string(),
        "y" => (i32::from(today.year()) + count).to_string(),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_count_from_today() {
        let today = Date::constant(2026, 11, 24);
        assert_eq!(dated("by {m+14}, as in {y-1} {x} {", today), "by January 2028, as in 2025 {x} {");
    }

    #[test]
    fn every_text_is_whole() {
        let people = people();
        assert_eq!(people.scale.len(), 6);
        assert!([&people.reasons.second, &people.reasons.third].iter().all(|words| words.len() == 6));
        for plan in plans(Date::constant(2026, 11, 24)).unwrap() {
            let scored: usize =
                plan.criterion.iter().filter(|criterion| criterion.kind.is_empty()).map(|scored| scored.part.len().max(1)).sum();
            assert!(Stage::parse(&plan.stage).is_some(), "{}: stage", plan.key);
            for response in &plan.response {
                let at = format!("{}, {}", plan.key, response.supplier);
                if response.state != State::Draft {
                    // What asks for files may be left out.
                    let files =
                        plan.question.iter().filter(|question| question.card.get("kind").is_some_and(|kind| kind == "files"));
                    let most = plan.question.len();
                    assert!((most - files.count()..=most).contains(&response.answers.len()), "{at}: answers");
                    assert_eq!(response.promises.len(), plan.outcome.len(), "{at}: promises");
                    assert_eq!(response.evidence.len(), plan.outcome.len(), "{at}: evidence");
                }
                if plan.first_stage() >= Stage::Scoring && plan.first_stage() != Stage::Cancelled {
                    assert_eq!(response.points.len(), scored, "{at}: points");
                    assert!(response.points.iter().all(|points| points.len() == plan.panel.len()), "{at}: points a seat");
                    assert_eq!((response.good.len(), response.lacks.len()), (scored, scored), "{at}: good, lacks");
                }
                if matches!(plan.first_stage(), Stage::Recommended | Stage::Decided) {
                    assert!(!response.letter.is_empty(), "{at}: letter");
                }
            }
        }
    }
}
