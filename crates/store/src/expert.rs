//! Experts from outside, invited by mail to one seat of one round.

use domain::ids::{RoundId, SeatId, SeatInvitationId};
use domain::moment::Moment;
use domain::policy::{AcceptSeat, InviteExpert, Permit, SeatRole, WithdrawExpert};

use crate::conn::Conn;
use crate::tx::Tx;
use crate::{Error, Result};

#[derive(Clone, Debug, sqlx::FromRow)]
pub struct SeatInvitationRow {
    pub id: i64,
    pub challenge: i64,
    pub round: i64,
    pub email: String,
    /// Code of [`SeatRole`].
    pub role: String,
    pub replaces: Option<i64>,
    pub expires_at: i64,
    pub withdrawn_at: Option<i64>,
    /// Why, where the panel had seen all scores; else empty.
    pub reason: String,
    /// The seat that was taken by it.
    pub seat: Option<i64>,
}

macro_rules! invitation_columns {
    () => {
        "select i.id, r.challenge, i.round, i.email, i.role, i.replaces, i.expires_at, i.withdrawn_at, i.reason, u.seat from seat_invitation i
         join round r on r.id = i.round left join seat_undertaking u on u.invitation = i.id "
    };
}

impl Conn {
    pub async fn seat_invitation(&mut self, id: SeatInvitationId) -> Result<Option<SeatInvitationRow>> {
        row!(self, SeatInvitationRow, concat!(invitation_columns!(), "where i.id = $1"), id.get())
    }

    /// The newest first.
    pub async fn seat_invitations(&mut self, round: RoundId) -> Result<Vec<SeatInvitationRow>> {
        rows!(self, SeatInvitationRow, concat!(invitation_columns!(), "where i.round = $1 order by i.at desc, i.id"), round.get())
    }
}

impl Tx {
    pub async fn invite_expert(
        &mut self,
        permit: &Permit<InviteExpert>,
        id: SeatInvitationId,
        email: &str,
        role: SeatRole,
        expires_at: Moment,
        reason: &str,
    ) -> Result<()> {
        self.accept(permit)?;
        exec!(
            self,
            "insert into seat_invitation (id, round, email, role, at, by_user, expires_at, reason)
             values ($1, $2, $3, $4, $5, $6, $7, $8)",
            id.get(),
            permit.subject().id,
            email,
            role.code(),
            permit.now().micros(),
            permit.by().get(),
            expires_at.micros(),
            reason
        )?;
        self.record(permit, None)
    }

    /// `Stale` where it was taken up or withdrawn meanwhile.
    pub async fn withdraw_expert(&mut self, permit: &Permit<WithdrawExpert>, id: SeatInvitationId) -> Result<()> {
        self.accept(permit)?;
        let done = exec!(
            self,
            "update seat_invitation set withdrawn_at = $3, withdrawn_by = $4 where id = $1 and round = $2 and withdrawn_at is null
             and not exists (select 1 from seat_undertaking u where u.invitation = seat_invitation.id)",
            id.get(),
            permit.subject().id,
            permit.now().micros(),
            permit.by().get()
        )?;
        if done == 0 {
            return Err(Error::Stale);
        }
        self.record(permit, None)
    }

    /// The seat and the undertaking, or `Stale` where the person has a seat or the invitation was taken up already. `filled`: why it
    /// is taken up although the panel has seen all scores.
    pub async fn accept_seat(
        &mut self,
        permit: &Permit<AcceptSeat>,
        seat: SeatId,
        invitation: SeatInvitationId,
        role: SeatRole,
        replaces: Option<SeatId>,
        filled: Option<&str>,
    ) -> Result<()> {
        self.accept(permit)?;
        let (round, by, at) = (RoundId(permit.subject().id), permit.by().get(), permit.now());
        self.insert_seat(round, seat, by, role, replaces, (at, by)).await?;
        if let Some(reason) = filled {
            self.fill_panel(round, seat, reason, (at, by)).await?;
        }
        let taken = exec!(
            self,
            "insert into seat_undertaking (seat, invitation, at) values ($1, $2, $3) on conflict do nothing",
            seat.get(),
            invitation.get(),
            at.micros()
        )?;
        if taken == 0 {
            return Err(Error::Stale);
        }
        self.record(permit, None)
    }
}
