//! What a row of the outbox says, looked up when it is about to leave: a choice made meanwhile counts, and a reminder that
//! does not hold any more stays away.

use domain::ids::{ChallengeId, ResponseId, SubmissionId, UserId, from_text};
use domain::moment::Moment;
use domain::notice::{Choice, Circumstances, EventKind, Stop, Words, reminds};
use domain::sounding::SoundingState;
use serde_json::Value;
use store::{Conn, NoticeRow, Outgoing};

use super::Told;
use super::due::{later_changes, owed};
use crate::response::signed_receipt;
use crate::{Desk, Error, Result};

/// A mail before it is put into words.
#[derive(Clone, Debug)]
pub enum Post {
    /// A text of its own, with parameters: confirmations, resets, receipts.
    Plain {
        template: String,
        params: Value,
        /// The signed receipt that comes with it.
        receipt: Option<String>,
    },
    Event {
        told: Told,
        stop: Option<String>,
    },
    Summary {
        choice: Choice,
        told: Vec<Told>,
        stop: String,
    },
    /// What an alert found.
    Found(crate::alert::Found),
    /// Nothing is left to say.
    Silent,
}

/// Reads what the row refers to; `Err` where it can never be a letter.
pub async fn compose(desk: &Desk, mail: &Outgoing) -> Result<Post> {
    let params: Value = serde_json::from_str(&mail.params).map_err(|_| Error::Broken("its parameters do not parse".into()))?;
    if mail.template == crate::alert::TEMPLATE {
        return Ok(crate::alert::found(desk, &params).await?.map_or(Post::Silent, Post::Found));
    }
    let summary = mail.template.strip_prefix("summary_").and_then(Choice::parse);
    if mail.template != "notice" && summary.is_none() {
        let receipt = match params["submission"].as_str().and_then(SubmissionId::parse) {
            Some(submission) => signed_receipt(desk, &mut desk.store.read().await?, submission).await?,
            None => None,
        };
        return Ok(Post::Plain { template: mail.template.clone(), params, receipt });
    }
    let mut conn = desk.store.read().await?;
    let now = conn.now().await?;
    let Some(user) = conn.user_by_email(&mail.recipient).await? else { return Ok(Post::Silent) };
    if let Some(choice) = summary {
        let at = Moment(params["at"].as_i64().unwrap_or_default());
        let mut told = Vec::new();
        for row in conn.summary(user.id, choice, at).await? {
            if wanted(&row) && holds(desk, &mut conn, &row, now).await? {
                told.push(Told::leaving(&row, now)?);
            }
        }
        if told.is_empty() {
            return Ok(Post::Silent);
        }
        // What has to be done first comes first; what asks for nothing after it, in the order in which it happened.
        told.sort_by_key(|one| (one.act_by.is_none(), one.act_by, one.at));
        return Ok(Post::Summary { choice, told, stop: desk.stop_link(user.id, Stop::Summary(choice)) });
    }
    let event = params["event"].as_str().and_then(from_text).unwrap_or_default();
    match conn.notice(user.id, event).await? {
        Some(row) if wanted(&row) && holds(desk, &mut conn, &row, now).await? => {
            let told = Told::leaving(&row, now)?;
            let stop = (!told.required).then(|| desk.stop_link(user.id, Stop::Kind(told.kind)));
            Ok(Post::Event { told, stop })
        }
        _ => Ok(Post::Silent),
    }
}

/// Its reader may have stopped the kind since it was told.
fn wanted(row: &NoticeRow) -> bool {
    row.required || row.choice.as_deref() != Some(Choice::InApp.code())
}

/// Reminders are compared with the facts once more; what happened, happened.
async fn holds(desk: &Desk, conn: &mut Conn, row: &NoticeRow, now: Moment) -> Result<bool> {
    let (Some(kind), Some(challenge), Some(told)) = (EventKind::parse(&row.kind), row.challenge, row.act_by) else {
        return Ok(true);
    };
    if kind == EventKind::SoundingCloses {
        let soundings = conn.soundings_of(ChallengeId(challenge)).await?;
        let mut standings = soundings.iter().map(store::SoundingRow::standing);
        return Ok(standings.any(|one| one.closes_at() == Moment(told) && one.state(now) == SoundingState::Open));
    }
    if kind == EventKind::InterviewNear {
        // Given back, withdrawn, or over.
        return Ok(now.before(Moment(told)) && conn.interview_at(challenge, Moment(told)).await?);
    }
    if kind == EventKind::RoundDue {
        return Ok(now.before(Moment(told)) && conn.owes_round(UserId(row.user_id), challenge, Moment(told)).await?);
    }
    if !matches!(kind, EventKind::DeadlineNear | EventKind::ScoresDue) {
        return Ok(true);
    }
    if kind == EventKind::DeadlineNear && row.link.starts_with("/responses/") {
        return owes(desk, conn, row, ChallengeId(challenge), Moment(told), now).await;
    }
    let Some(found) = conn.reminder(ChallengeId(challenge), UserId(row.user_id)).await? else { return Ok(false) };
    let told = Moment(told);
    let circumstances = match kind {
        EventKind::DeadlineNear => Circumstances {
            told,
            deadline: found.deadline.map(Moment),
            cancelled: found.cancelled_at.is_some(),
            done: found.submitted > 0,
        },
        // The day of the decision is the version's, and does not move under a panel that scores.
        _ => Circumstances {
            told,
            deadline: Some(told),
            cancelled: found.cancelled_at.is_some(),
            done: found.unlocked == 0 || found.record_at.is_some(),
        },
    };
    Ok(reminds(now, &circumstances))
}

/// Whether there is still to do about a response what its members were told.
async fn owes(desk: &Desk, conn: &mut Conn, row: &NoticeRow, challenge: ChallengeId, told: Moment, now: Moment) -> Result<bool> {
    let Some(found) = conn.challenge_row(challenge).await? else { return Ok(false) };
    let Some(terms) = found.terms()? else { return Ok(false) };
    let cancelled = found.cancelled_at.is_some();
    let id = row.link.strip_prefix("/responses/").and_then(ResponseId::parse);
    let response = match id {
        Some(id) => conn.response(id).await?,
        None => None,
    };
    if let (Some(id), Some(own)) = (id, response.filter(|own| own.round_number > 1)) {
        let member = conn.members_of(own.supplier).await?.iter().any(|member| member.user_id == row.user_id);
        let still = match own.submission.filter(|_| member) {
            Some(submission) => later_changes(desk, conn, id, submission).await?,
            None => false,
        };
        return Ok(reminds(now, &Circumstances { told, deadline: Some(Moment(own.deadline)), cancelled, done: !still }));
    }
    let said: Words = serde_json::from_str(&row.words).unwrap_or_default();
    let owed = owed(desk, conn, &found, &terms, Some(UserId(row.user_id))).await?;
    let still = owed.iter().any(|one| one.link() == row.link && Some(one.owed.n()) == said.n);
    Ok(reminds(now, &Circumstances { told, deadline: found.deadline.map(Moment), cancelled, done: !still }))
}
