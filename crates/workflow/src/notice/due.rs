//! What time brings and nobody does: publications and reminders. Looked for, never switched: each is told once, and what it
//! tells follows from the facts of that moment.

use domain::challenge::Terms;
use std::collections::BTreeMap;

use domain::ids::{ChallengeId, OrganisationId, ResponseId, RoundId, SubmissionId, UserId, to_text};
use domain::moment::{DAY, HOUR, Moment};
use domain::notice::{Event, EventKind, Owed, Step, step};
use domain::sounding::SoundingState;
use store::{ChallengeRow, Conn, SoundingRow};

use crate::{Desk, Error, Result};

/// A publication is still news for this long, also after a service stood still.
const NEWS: i64 = DAY;

/// Tells what has become due and was not told. Gives how many people were told something. Several nodes may do it at once.
pub async fn tell_due(desk: &Desk) -> Result<u64> {
    let mut told = 0;
    for event in untold(desk).await? {
        told += desk
            .store
            .write(move |tx| {
                Box::pin(async move {
                    let told = tx.tell(&event).await?;
                    // Nobody does it: the record has the publication and the deadline already.
                    tx.leave_no_entry();
                    Ok::<_, Error>(told)
                })
            })
            .await?;
    }
    Ok(told)
}

async fn untold(desk: &Desk) -> Result<Vec<Event>> {
    let mut conn = desk.store.read().await?;
    let now = conn.now().await?;
    let mut events = Vec::new();
    for row in conn.published_since(now.plus(-NEWS), now).await? {
        let Some(event) = row.terms()?.and_then(|terms| published(&row, &terms)) else { continue };
        events.push(event.naming(crate::sounding::commenters(&mut conn, ChallengeId(row.challenge)).await?));
    }
    for row in conn.deadlines_near(now, Step::Week.before()).await? {
        let Some(terms) = row.terms()? else { continue };
        let Some((step, near)) = deadline_near(&row, &terms, now) else { continue };
        // Told last: once it is, so are they, however often a service stops between them.
        if conn.was_told(&near).await? {
            continue;
        }
        for one in owed(desk, &mut conn, &row, &terms, None).await? {
            events.push(response_due(&row, &terms, step, &one));
        }
        events.push(near);
    }
    for row in conn.deadlines_passed(now.plus(-NEWS), now).await? {
        events.extend(row.terms()?.and_then(|terms| why_not(&row, &terms)));
    }
    for row in conn.scoring_now().await? {
        events.extend(row.terms()?.and_then(|terms| scores_due(&row, &terms, now)));
    }
    for row in conn.soundings_near(now, Step::TwoDays.before()).await? {
        let Some(event) = sounding_closes(&row, &row.terms()?, now) else { continue };
        events.push(event.naming(crate::sounding::commenters(&mut conn, ChallengeId(row.challenge)).await?));
    }
    for due in conn.rounds_due(now, Step::Week.before()).await? {
        let deadline = Moment(due.deadline);
        let (Some(step), Some((title, zone))) = (step(now, deadline), named(&mut conn, due.challenge).await?) else { continue };
        let (challenge, response) = (ChallengeId(due.challenge), ResponseId(due.response));
        // Of a deadline that has moved it is told anew.
        let fact = format!("{}:{}:{}:{}", to_text(due.round), to_text(due.response), deadline.micros(), step.code());
        let event = match due.submission {
            None => Event::once(EventKind::RoundDue, fact).on(challenge, &title).n(step.before() / HOUR),
            Some(_) if due.touched == 0 => continue,
            Some(submission) => {
                let event = Event::once(EventKind::DeadlineNear, fact).on(challenge, &title).n(Owed::Changes.n());
                if conn.was_told(&event).await? || !later_changes(desk, &mut conn, response, submission).await? {
                    continue;
                }
                event
            }
        };
        let event = event.to_organisation(OrganisationId(due.supplier), "").act_by(deadline, &zone);
        events.push(event.link(format!("/responses/{response}")));
    }
    for (challenge, supplier, booking, starts) in conn.interviews_near(now, Step::Day.before()).await? {
        let starts = Moment(starts);
        let (Some(step), Some((title, zone))) = (step(now, starts), named(&mut conn, challenge).await?) else { continue };
        let fact = format!("{}:{}", to_text(booking), step.code());
        let event = Event::once(EventKind::InterviewNear, fact).on(ChallengeId(challenge), &title).n(step.before() / HOUR);
        let event = event.to_organisation(OrganisationId(supplier), "").act_by(starts, &zone);
        // Each side finds the place on a page of its own.
        events.push(event.link("/work"));
    }
    let mut untold = Vec::new();
    for event in events {
        if !conn.was_told(&event).await? {
            untold.push(event);
        }
    }
    Ok(untold)
}

/// Title and zone, for what is told of it.
async fn named(conn: &mut Conn, challenge: i64) -> Result<Option<(String, String)>> {
    let row = conn.challenge_row(ChallengeId(challenge)).await?;
    Ok(row.map(|row| row.heading()).transpose()?.flatten().map(|heading| (heading.title, heading.zone)))
}

fn published(row: &ChallengeRow, terms: &Terms) -> Option<Event> {
    let event = Event::of(EventKind::Published, row.challenge).on(ChallengeId(row.challenge), &terms.title);
    Some(event.act_by(Moment(row.deadline?), &terms.zone))
}

/// To those who follow and do not answer.
fn deadline_near(row: &ChallengeRow, terms: &Terms, now: Moment) -> Option<(Step, Event)> {
    let deadline = Moment(row.deadline?);
    let step = step(now, deadline)?;
    let fact = format!("{}:{}:{}", to_text(row.round?), deadline.micros(), step.code());
    let event = Event::once(EventKind::DeadlineNear, fact).on(ChallengeId(row.challenge), &terms.title);
    Some((step, event.act_by(deadline, &terms.zone)))
}

/// A response with something to do before the deadline.
pub(super) struct OwedBy {
    pub response: ResponseId,
    supplier: OrganisationId,
    pub owed: Owed,
}

impl OwedBy {
    pub fn link(&self) -> String {
        format!("/responses/{}", self.response)
    }
}

/// What the responses to a challenge's first round owe. `user`: only those of their suppliers.
pub(super) async fn owed(
    desk: &Desk,
    conn: &mut Conn,
    row: &ChallengeRow,
    terms: &Terms,
    user: Option<UserId>,
) -> Result<Vec<OwedBy>> {
    let challenge = ChallengeId(row.challenge);
    let first = (1, row.deadline.map(Moment));
    let terms = terms.of_round(1, first.1);
    // Of each version under which something was submitted, once.
    let mut before: BTreeMap<i64, bool> = BTreeMap::new();
    let mut out = Vec::new();
    for due in conn.responses_due(challenge, user).await? {
        let unconfirmed = match due.version.filter(|under| Some(*under) != row.n) {
            None => false,
            Some(under) => match before.get(&under) {
                Some(known) => *known,
                None => {
                    let found = crate::response::unconfirmed(conn, challenge, under, first, &terms).await?;
                    before.insert(under, found);
                    found
                }
            },
        };
        let changed = match due.submission.zip(row.round) {
            // Confirming brings the changes too.
            Some((submission, round)) if due.touched > 0 && !unconfirmed => {
                changed(desk, conn, (ResponseId(due.response), RoundId(round)), submission, &terms).await?
            }
            _ => false,
        };
        let owed = Owed::of(due.version.is_some(), unconfirmed, changed);
        let (response, supplier) = (ResponseId(due.response), OrganisationId(due.supplier));
        out.extend(owed.map(|owed| OwedBy { response, supplier, owed }));
    }
    Ok(out)
}

/// Whether a draft says something else than what stands. What cannot be read any more does not say that it does not.
async fn changed(desk: &Desk, conn: &mut Conn, of: (ResponseId, RoundId), submission: i64, terms: &Terms) -> Result<bool> {
    let unsent = crate::response::unsent(desk, conn, of, SubmissionId(submission), terms).await?;
    Ok(unsent.is_none_or(|unsent| !unsent.is_empty()))
}

/// The same of a later round: of the newest that the response takes part in.
pub(super) async fn later_changes(desk: &Desk, conn: &mut Conn, response: ResponseId, submission: i64) -> Result<bool> {
    let Some(row) = conn.response(response).await? else { return Ok(false) };
    let Some(terms) = conn.challenge_row(ChallengeId(row.challenge)).await?.map(|row| row.terms()).transpose()?.flatten() else {
        return Ok(false);
    };
    let terms = terms.of_round(u32::try_from(row.round_number).unwrap_or_default(), Some(Moment(row.deadline)));
    changed(desk, conn, (response, RoundId(row.round)), submission, &terms).await
}

/// To the members of a supplier: what is to be done about its response, with a link to it.
fn response_due(row: &ChallengeRow, terms: &Terms, step: Step, one: &OwedBy) -> Event {
    let deadline = row.deadline.unwrap_or_default();
    let fact = format!("{}:{}:{deadline}:{}", to_text(row.round.unwrap_or_default()), one.response, step.code());
    let event = Event::once(EventKind::DeadlineNear, fact).on(ChallengeId(row.challenge), &terms.title);
    let event = event.to_organisation(one.supplier, "").n(one.owed.n()).act_by(Moment(deadline), &terms.zone);
    event.link(one.link())
}

/// Who followed or drafted and did not answer is asked why, once a deadline.
fn why_not(row: &ChallengeRow, terms: &Terms) -> Option<Event> {
    let id = ChallengeId(row.challenge);
    let fact = format!("{}:{}", to_text(row.round?), row.deadline?);
    Some(Event::once(EventKind::WhyNot, fact).on(id, &terms.title).link(format!("/challenges/{id}/why-not")).zone(&terms.zone))
}

/// Once, two days before the date; a sounding that was opened for less told it when it was opened.
fn sounding_closes(row: &SoundingRow, terms: &Terms, now: Moment) -> Option<Event> {
    let standing = row.standing();
    let due = standing.open_until.plus(-Step::TwoDays.before());
    if standing.closes_at() != standing.open_until
        || standing.state(now) != SoundingState::Open
        || !standing.opened_at.before(due)
    {
        return None;
    }
    let fact = format!("{}:{}", to_text(row.id), row.open_until);
    let event = Event::once(EventKind::SoundingCloses, fact).on(ChallengeId(row.challenge), &terms.title);
    Some(event.link(format!("/soundings/{}", to_text(row.id))).act_by(standing.open_until, &terms.zone))
}

/// Scores are wanted by the day on which the authority means to decide.
fn scores_due(row: &ChallengeRow, terms: &Terms, now: Moment) -> Option<Event> {
    let by = terms.decision_by?;
    let step = step(now, by)?;
    let id = ChallengeId(row.challenge);
    let fact = format!("{}:{}:{}", to_text(row.round?), by.micros(), step.code());
    let event = Event::once(EventKind::ScoresDue, fact).on(id, &terms.title).link(format!("/challenges/{id}/scoring"));
    Some(event.n(step.before() / HOUR).act_by(by, &terms.zone))
}
