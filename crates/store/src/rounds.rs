//! Later rounds' deadlines that move: proposed, approved or declined.

use domain::audit::ExtendedRow;
use domain::ids::{RoundExtensionId, RoundId};
use domain::moment::Moment;
use domain::policy::{ApproveRoundExtension, DeclineRoundExtension, ExtendRound, Permit};

use crate::conn::Conn;
use crate::tx::Tx;
use crate::{Error, Result};

#[derive(Clone, Debug, sqlx::FromRow)]
pub struct RoundExtensionRow {
    pub id: i64,
    pub deadline_before: i64,
    pub deadline: i64,
    /// Told to all who were invited, once it is approved.
    pub reason: String,
    pub by_user: i64,
    pub by_name: String,
    /// `approved` or `declined`; `None`: it waits for its approver.
    pub ended: Option<String>,
}

impl Conn {
    /// The oldest first.
    pub async fn round_extensions(&mut self, round: RoundId) -> Result<Vec<RoundExtensionRow>> {
        rows!(
            self,
            RoundExtensionRow,
            "select x.id, x.deadline_before, x.deadline, x.reason, x.by_user, u.name as by_name, e.kind as ended
             from round_extension x join users u on u.id = x.by_user left join round_extension_end e on e.extension = x.id
             where x.round = $1 order by x.at, x.id",
            round.get()
        )
    }
}

impl Tx {
    /// From the deadline as it stands to a later one.
    pub async fn extend_round(
        &mut self,
        permit: &Permit<ExtendRound>,
        id: RoundExtensionId,
        (before, after): (Moment, Moment),
        reason: &str,
    ) -> Result<()> {
        self.accept(permit)?;
        exec!(
            self,
            "insert into round_extension (id, round, deadline_before, deadline, reason, at, by_user) values ($1, $2, $3, $4, $5, $6, $7)",
            id.get(),
            permit.subject().id,
            before.micros(),
            after.micros(),
            reason,
            permit.now().micros(),
            permit.by().get()
        )?;
        self.record(permit, None)
    }

    /// Moves the deadline; `Stale` where it ended meanwhile, or the deadline is not the one that it moves.
    pub async fn approve_round_extension(
        &mut self,
        permit: &Permit<ApproveRoundExtension>,
        row: &RoundExtensionRow,
    ) -> Result<()> {
        self.accept(permit)?;
        self.end_round_extension(row.id, "approved", permit.now(), permit.by().get()).await?;
        let moved = exec!(
            self,
            "update round set deadline = $3, row_version = row_version + 1 where id = $1 and deadline = $2",
            permit.subject().id,
            row.deadline_before,
            row.deadline
        )?;
        if moved != 1 {
            return Err(Error::Stale);
        }
        let (before, after) = (Moment(row.deadline_before), Moment(row.deadline));
        let bound = ExtendedRow { extension: row.id, round: permit.subject().id, before, after };
        self.record(permit, Some(bound.digest()))
    }

    pub async fn decline_round_extension(&mut self, permit: &Permit<DeclineRoundExtension>, id: RoundExtensionId) -> Result<()> {
        self.accept(permit)?;
        self.end_round_extension(id.get(), "declined", permit.now(), permit.by().get()).await?;
        self.record(permit, None)
    }

    async fn end_round_extension(&mut self, id: i64, kind: &str, at: Moment, by: i64) -> Result<()> {
        let done = exec!(
            self,
            "insert into round_extension_end (extension, kind, at, by_user) values ($1, $2, $3, $4) on conflict do nothing",
            id,
            kind,
            at.micros(),
            by
        )?;
        if done == 0 { Err(Error::Stale) } else { Ok(()) }
    }
}
