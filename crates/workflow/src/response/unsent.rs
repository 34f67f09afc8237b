//! What of a draft was not submitted: read with its supplier's own keys, for its page and for the reminders of its members.

use domain::challenge::Terms;
use domain::ids::{ResponseId, RoundId, SubmissionId};
use domain::response::{self as rules, Unsent};
use store::Conn;

use super::OwnResponse;
use super::read::written;
use super::receipt::{Own, own_content};
use crate::{Desk, Result};

/// Of a submission that stands, and a draft of the same round with its terms. `None` where what was submitted cannot be read any more.
pub(crate) async fn unsent(
    desk: &Desk,
    conn: &mut Conn,
    (id, round): (ResponseId, RoundId),
    submission: SubmissionId,
    terms: &Terms,
) -> Result<Option<Vec<Unsent>>> {
    let Own::Kept(sent) = own_content(desk, conn, submission).await? else { return Ok(None) };
    let (answers, files) = written(desk, conn, id, round).await?;
    let draft = answers.into_iter().map(|(name, answer)| (name, answer.text)).collect();
    Ok(Some(rules::unsent(terms, &sent, &draft, &files)))
}

/// The same for the supplier's own page. `None` where nothing of its round stands, or what does cannot be read.
pub async fn read_unsent(desk: &Desk, own: &OwnResponse) -> Result<Option<Vec<Unsent>>> {
    let Some(submission) = own.row.submission else { return Ok(None) };
    let Own::Kept(sent) = own_content(desk, &mut desk.store.read().await?, SubmissionId(submission)).await? else {
        return Ok(None);
    };
    Ok(Some(rules::unsent(&own.terms, &sent, &own.draft(), &own.files)))
}
