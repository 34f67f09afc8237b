//! An officer records that a requirement is passed, what is to be clarified, or that the response is excluded.

use domain::challenge::Terms;
use domain::check::{Asked, Check, CheckKind, CheckSubject, FILES, left_open};
use domain::form::{Errors, FieldError, Fields};
use domain::ids::{ChallengeId, RequirementId, ResponseId};
use domain::moment::{Moment, local_fields};
use domain::notice::EventKind;
use domain::organisation::Actor;
use domain::policy::{self, CheckFacts, CheckResponse, Refused};
use domain::response::{asks_price, form};
use store::{Lock, NewCheck};

use super::{Record, mark, of, records};
use crate::response::round_of;
use crate::{Desk, Error, Result, notice};

const LONGEST: usize = 4_000;
/// The name under which an answer to a requirement itself is given, beside the fields of the form.
pub(super) const REQUIREMENT: &str = "requirement";
pub(super) const PRICE: &str = "price";

/// Fields `subject` (a requirement's id, `price`, or `all` to pass every requirement that waits), `kind` (passed, clarify, excluded),
/// `reason`, `seen` (what was read of the cell, of `all` of the whole response: [`super::CheckView::mark`]); of a clarification `field-<name>` for each field that
/// it may touch, `deadline_date` and `deadline_time`, not before the least period of the law profile.
pub async fn check_response(
    desk: &Desk,
    actor: &Actor,
    challenge: ChallengeId,
    response: ResponseId,
    fields: &Fields,
) -> Result<()> {
    let (helper, who, fields) = (desk.clone(), actor.clone(), fields.clone());
    desk.write(actor, move |tx| {
        Box::pin(async move {
            let unseen = || Refused::unseen::<CheckResponse>(response.get());
            let facts = tx.response_facts(&who, response, Lock::Update).await?.ok_or_else(unseen)?;
            if facts.challenge.challenge != challenge {
                return Err(unseen().into());
            }
            let terms = tx.terms_of(&facts.challenge).await?.ok_or_else(unseen)?;
            let all = fields.get("subject") == "all";
            let subject = if all {
                terms.requirements.first().map(|first| CheckSubject::Requirement(first.id))
            } else {
                subject(&terms, &fields)
            };
            let subject = subject.ok_or_else(unseen)?;
            let kind = if all { Some(CheckKind::Passed) } else { CheckKind::parse(fields.get("kind")) };
            let before = match facts.challenge.round {
                Some(round) => records(&helper, tx, round).await?,
                None => Vec::new(),
            };
            let asked = asked(&before, response, subject, facts.challenge.now);
            let check = CheckFacts { subject, kind: kind.unwrap_or(CheckKind::Passed), asked, anonymous: terms.anonymous };
            let permit = policy::check_response(&who, &facts, check)?;
            let round = round_of(&facts.challenge)?;

            let mut errors = Errors::default();
            if kind.is_none() {
                errors.say("kind", "choose");
            }
            let reason = errors.text(&fields, "reason", true, LONGEST);
            let clarification = (kind == Some(CheckKind::Clarify))
                .then(|| clarification(&terms, &fields, subject, facts.challenge.now, &mut errors));
            errors.done(()).map_err(Error::Invalid)?;
            // Neither over what a colleague recorded meanwhile nor over an answer that nobody has read.
            if fields.get("seen") != mark(of(&before, response, (!all).then_some(subject))) {
                return Err(Error::Stale);
            }
            let subjects: Vec<CheckSubject> = if all {
                // An exclusion is undone by itself, with a reason of its own.
                let waits = |id: &RequirementId| matches!(newest_kind(&before, response, *id), None | Some(CheckKind::Clarify));
                terms.requirements.iter().map(|one| one.id).filter(waits).map(CheckSubject::Requirement).collect()
            } else {
                vec![subject]
            };
            let standing: Vec<ResponseId> = tx.standing_responses(round).await?.iter().map(|row| ResponseId(row.id)).collect();
            let required: Vec<RequirementId> = terms.requirements.iter().map(|one| one.id).collect();
            let mut checks: Vec<Check> = before.iter().map(check_of).collect();
            let mut new = Vec::new();
            for subject in subjects {
                let n = checks.last().map_or(0, |last| last.n) + 1;
                checks.push(Check { n, response, subject, kind: check.kind });
                new.push(NewCheck {
                    id: helper.chance.id(),
                    n,
                    subject,
                    kind: check.kind,
                    reason: reason.clone(),
                    left_open: left_open(&standing, &required, &checks),
                    clarification: clarification.clone(),
                });
            }
            let Some(last) = new.last().cloned() else { return Err(Error::Stale) };
            tx.check_response(&permit, round, terms.anonymous, &new).await?;
            if let Some((_, deadline)) = &last.clarification {
                let told = notice::about(tx, EventKind::ClarificationAsked, last.id, challenge).await?;
                let told = told.to_organisation(facts.supplier, "").link(format!("/responses/{response}/clarifications"));
                tx.tell(&told.act_by(*deadline, &terms.zone)).await?;
            }
            // The last cell of the check: the panel can begin.
            if last.left_open == 0 && facts.challenge.standing.unchecked > 0 && facts.challenge.standing.record_at.is_none() {
                let told = notice::about(tx, EventKind::Checked, last.id, challenge).await?;
                tx.tell(&told.by(who.user()).link(format!("/challenges/{challenge}/panel"))).await?;
            }
            Ok(())
        })
    })
    .await
}

/// What is published, and nothing else: a requirement of these terms, or the price where one is asked.
fn subject(terms: &Terms, fields: &Fields) -> Option<CheckSubject> {
    CheckSubject::parse(fields.get("subject")).filter(|subject| match subject {
        CheckSubject::Requirement(id) => terms.requirements.iter().any(|one| one.id == *id),
        CheckSubject::Price => asks_price(terms),
    })
}

fn check_of(record: &Record) -> Check {
    Check { n: record.n, response: record.response, subject: record.subject, kind: record.kind }
}

fn newest(records: &[Record], response: ResponseId, subject: CheckSubject) -> Option<&Record> {
    records.iter().rfind(|record| record.response == response && record.subject == subject)
}

fn newest_kind(records: &[Record], response: ResponseId, id: RequirementId) -> Option<CheckKind> {
    newest(records, response, CheckSubject::Requirement(id)).map(|record| record.kind)
}

/// How the supplier was asked about a cell: by its newest clarification.
fn asked(records: &[Record], response: ResponseId, subject: CheckSubject, now: Moment) -> Asked {
    let of_cell = records.iter().filter(|record| record.response == response && record.subject == subject);
    let clarification = of_cell.filter_map(|record| record.clarification.as_ref()).next_back();
    Asked::of(clarification.map(|asked| (asked.deadline, asked.answer.is_some())), now)
}

/// The names that it may touch, as JSON, and its deadline.
fn clarification(terms: &Terms, fields: &Fields, subject: CheckSubject, now: Moment, errors: &mut Errors) -> (String, Moment) {
    let own = if subject == CheckSubject::Price { PRICE } else { REQUIREMENT };
    // Prices are explained where they are seen, and nowhere before.
    let form = form(terms).into_iter().map(|field| field.name()).filter(|name| name != PRICE);
    let touched = std::iter::once(own.to_owned())
        .chain(form)
        .chain([FILES.to_owned()])
        .filter(|name| fields.checked(&format!("field-{name}")));
    let touched: Vec<String> = touched.collect();
    if touched.is_empty() {
        errors.say(format!("field-{own}"), "clarify-fields");
    }
    let deadline = crate::amendment::date(fields, "deadline", &terms.zone, true, errors).unwrap_or(Moment::NEVER);
    let earliest = terms.law.clarification_from(now, &terms.zone);
    if deadline.before(earliest) {
        let (date, time) = local_fields(earliest, &terms.zone);
        let days = terms.law.numbers().clarification_days;
        errors.add(FieldError::new("deadline_date", "clarify-deadline").with("days", days).with("date", date).with("time", time));
    }
    (serde_json::to_string(&touched).unwrap_or_default(), deadline)
}
