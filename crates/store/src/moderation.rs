//! What a panel writes while it moderates: agreed scores, minutes, dissent, and the record that makes scores final.

use domain::ids::{CriterionId, ResponseId, RoundId, SeatId};
use domain::policy::{
    AgreeScore, ApproveRecord, AssignResponses, ConfirmRecord, Permit, ProposeRecord, RecordDissent, RecordMinutes, SignRecord,
};

use crate::conn::Conn;
use crate::evaluation::FinalRow;
use crate::tx::Tx;
use crate::{Error, Result};

#[derive(Clone, Debug, sqlx::FromRow)]
pub struct PanelRow {
    pub discussion: String,
    pub at: i64,
    pub by_user: i64,
    pub by_name: String,
}

/// An agreed score; of several of one response and criterion the highest `n` counts.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct AgreedRow {
    pub response: i64,
    pub criterion: i64,
    pub n: i64,
    pub points: i64,
    pub reason: String,
    pub at: i64,
    pub by_name: String,
}

/// Minutes or dissent beside an item.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct NoteRow {
    pub id: i64,
    pub response: i64,
    pub criterion: i64,
    /// `minutes` or `dissent`
    pub kind: String,
    pub seat: i64,
    pub name: String,
    pub text: String,
    pub at: i64,
}

#[derive(Clone, Debug, sqlx::FromRow)]
pub struct ProposalRow {
    pub id: i64,
    pub discussion: String,
    pub at: i64,
    pub by_name: String,
}

#[derive(Clone, Debug, sqlx::FromRow)]
pub struct SignatureRow {
    pub seat: i64,
    /// SHA-256 of what the member saw of the record.
    pub digest: Vec<u8>,
    pub at: i64,
}

/// A member without whom the record was closed.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct WithoutRow {
    pub seat: i64,
    pub name: String,
    pub reason: String,
}

/// A second person's word that the record is closed without members who did not approve it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct ConfirmationRow {
    pub reason: String,
    /// SHA-256 of the whole record as it was confirmed.
    pub digest: Vec<u8>,
    pub at: i64,
    pub by_user: i64,
    pub by_name: String,
}

impl Conn {
    /// The oldest first.
    pub async fn record_confirmations(&mut self, round: RoundId) -> Result<Vec<ConfirmationRow>> {
        rows!(
            self,
            ConfirmationRow,
            "select c.reason, c.digest, c.at, c.by_user, u.name as by_name from record_confirmation c join users u on u.id = c.by_user
             where c.round = $1 order by c.at, c.id",
            round.get()
        )
    }

    /// Every agreed score of a round, older ones first.
    pub async fn agreed_scores(&mut self, round: RoundId) -> Result<Vec<AgreedRow>> {
        rows!(
            self,
            AgreedRow,
            "select a.response, a.criterion, a.n, a.points, a.reason, a.at, u.name as by_name from agreed_score a
             join users u on u.id = a.by_user where a.round = $1 order by a.response, a.criterion, a.n",
            round.get()
        )
    }

    /// All minutes, and each member's newest dissent, where it says anything.
    pub async fn item_notes(&mut self, round: RoundId) -> Result<Vec<NoteRow>> {
        rows!(
            self,
            NoteRow,
            "select n.id, n.response, n.criterion, n.kind, n.seat, u.name, n.text, n.at from item_note n
             join seat s on s.id = n.seat join users u on u.id = s.user_id
             where n.round = $1 and n.text <> '' and (n.kind = 'minutes' or not exists (select 1 from item_note m
                where m.round = n.round and m.response = n.response and m.criterion = n.criterion and m.kind = 'dissent'
                and m.seat = n.seat and (m.at > n.at or (m.at = n.at and m.id > n.id))))
             order by n.at, n.id",
            round.get()
        )
    }

    /// The newest record that was put before the members.
    pub async fn record_proposal(&mut self, round: RoundId) -> Result<Option<ProposalRow>> {
        row!(
            self,
            ProposalRow,
            "select p.id, p.discussion, p.at, u.name as by_name from record_proposal p join users u on u.id = p.by_user
             where p.round = $1 order by p.at desc, p.id desc limit 1",
            round.get()
        )
    }

    pub async fn record_signatures(&mut self, round: RoundId) -> Result<Vec<SignatureRow>> {
        rows!(self, SignatureRow, "select seat, digest, at from record_signature where round = $1 order by at, seat", round.get())
    }

    pub async fn record_without(&mut self, round: RoundId) -> Result<Vec<WithoutRow>> {
        rows!(
            self,
            WithoutRow,
            "select w.seat, u.name, w.reason from record_without w join seat s on s.id = w.seat join users u on u.id = s.user_id
             where w.round = $1 order by u.name",
            round.get()
        )
    }

    /// Who scores what, of seats that stand: (seat, response).
    pub async fn assignments(&mut self, round: RoundId) -> Result<Vec<(SeatId, ResponseId)>> {
        let found = rows!(
            self,
            (i64, i64),
            "select a.seat, a.response from assignment a join seat s on s.id = a.seat
             where a.round = $1 and s.ended_at is null order by a.seat, a.response",
            round.get()
        )?;
        Ok(found.into_iter().map(|(seat, response)| (SeatId(seat), ResponseId(response))).collect())
    }

    pub async fn panel_record(&mut self, round: RoundId) -> Result<Option<PanelRow>> {
        row!(
            self,
            PanelRow,
            "select p.discussion, p.at, p.by_user, u.name as by_name from panel_record p join users u on u.id = p.by_user where p.round = $1",
            round.get()
        )
    }
}

impl Tx {
    pub async fn assign_responses(
        &mut self,
        permit: &Permit<AssignResponses>,
        round: RoundId,
        pairs: &[(SeatId, ResponseId)],
    ) -> Result<()> {
        self.accept(permit)?;
        let (at, by) = (permit.now().micros(), permit.by().get());
        insert_all!(
            self,
            "insert into assignment (round, seat, response, at, by_user) values ($1, $2, $3, $4, $5)",
            pairs,
            |(seat, response)| round.get(),
            seat.get(),
            response.get(),
            at,
            by
        );
        self.record(permit, None)
    }

    /// Agreed score n = `seen` + 1; `Stale` when the newest is not the one that was seen (0: none).
    pub async fn agree_score(
        &mut self,
        permit: &Permit<AgreeScore>,
        response: ResponseId,
        criterion: CriterionId,
        points: u8,
        reason: &str,
        seen: i64,
    ) -> Result<()> {
        self.accept(permit)?;
        let done = exec!(
            self,
            "insert into agreed_score (round, response, criterion, n, points, reason, at, by_user)
             select $1, $2, $3, $4 + 1, $5, $6, $7, $8 from round r
             where r.id = $1 and $4 = (select coalesce(max(a.n), 0) from agreed_score a
                where a.round = $1 and a.response = $2 and a.criterion = $3) on conflict do nothing",
            permit.subject().id,
            response.get(),
            criterion.get(),
            seen,
            i64::from(points),
            reason,
            permit.now().micros(),
            permit.by().get()
        )?;
        if done == 0 {
            return Err(Error::Stale);
        }
        self.record(permit, None)
    }

    pub async fn record_minutes(
        &mut self,
        permit: &Permit<RecordMinutes>,
        id: i64,
        round: RoundId,
        response: ResponseId,
        criterion: CriterionId,
        text: &str,
    ) -> Result<()> {
        self.accept(permit)?;
        let (seat, at) = (permit.subject().id, permit.now().micros());
        exec!(
            self,
            "insert into item_note (id, round, response, criterion, kind, seat, text, at) values ($1, $2, $3, $4, 'minutes', $5, $6, $7)",
            id,
            round.get(),
            response.get(),
            criterion.get(),
            seat,
            text,
            at
        )?;
        self.record(permit, None)
    }

    /// An empty text takes it back; what was written before is kept.
    pub async fn record_dissent(
        &mut self,
        permit: &Permit<RecordDissent>,
        id: i64,
        round: RoundId,
        response: ResponseId,
        criterion: CriterionId,
        text: &str,
    ) -> Result<()> {
        self.accept(permit)?;
        let (seat, at) = (permit.subject().id, permit.now().micros());
        exec!(
            self,
            "insert into item_note (id, round, response, criterion, kind, seat, text, at) values ($1, $2, $3, $4, 'dissent', $5, $6, $7)",
            id,
            round.get(),
            response.get(),
            criterion.get(),
            seat,
            text,
            at
        )?;
        self.record(permit, None)
    }

    pub async fn propose_record(&mut self, permit: &Permit<ProposeRecord>, id: i64, discussion: &str) -> Result<()> {
        self.accept(permit)?;
        exec!(
            self,
            "insert into record_proposal (id, round, discussion, at, by_user) values ($1, $2, $3, $4, $5)",
            id,
            permit.subject().id,
            discussion,
            permit.now().micros(),
            permit.by().get()
        )?;
        self.record(permit, None)
    }

    /// `digest`: SHA-256 of what the member sees of the record. Signing the same again is `Stale`.
    pub async fn sign_record(&mut self, permit: &Permit<SignRecord>, round: RoundId, digest: &[u8]) -> Result<()> {
        self.accept(permit)?;
        let done = exec!(
            self,
            "insert into record_signature (round, seat, digest, at) values ($1, $2, $3, $4) on conflict do nothing",
            round.get(),
            permit.subject().id,
            digest,
            permit.now().micros()
        )?;
        if done == 0 {
            return Err(Error::Stale);
        }
        self.record(permit, Some(digest.to_vec()))
    }

    /// `digest`: SHA-256 of the whole record.
    pub async fn confirm_record(&mut self, permit: &Permit<ConfirmRecord>, id: i64, reason: &str, digest: &[u8]) -> Result<()> {
        self.accept(permit)?;
        exec!(
            self,
            "insert into record_confirmation (id, round, reason, digest, at, by_user) values ($1, $2, $3, $4, $5, $6)",
            id,
            permit.subject().id,
            reason,
            digest,
            permit.now().micros(),
            permit.by().get()
        )?;
        self.record(permit, Some(digest.to_vec()))
    }

    /// The record of the discussion, those without whom it was closed, and the scores that are final by it. `digest`: of the whole.
    pub async fn approve_record(
        &mut self,
        permit: &Permit<ApproveRecord>,
        discussion: &str,
        without: &[(SeatId, String)],
        finals: &[(i64, FinalRow)],
        digest: &[u8],
    ) -> Result<()> {
        self.accept(permit)?;
        let (round, at) = (permit.subject().id, permit.now().micros());
        exec!(
            self,
            "insert into panel_record (round, discussion, at, by_user) values ($1, $2, $3, $4)",
            round,
            discussion,
            at,
            permit.by().get()
        )?;
        insert_all!(
            self,
            "insert into record_without (round, seat, reason, at) values ($1, $2, $3, $4)",
            without,
            |(seat, reason)| round,
            seat.get(),
            reason.as_str(),
            at
        );
        insert_all!(
            self,
            "insert into final_score (id, round, response, criterion, seat, points, reason, at) values ($1, $2, $3, $4, $5, $6, $7, $8)",
            finals,
            |(id, row)| *id,
            round,
            row.response,
            row.criterion,
            row.seat,
            row.points,
            row.reason.as_str(),
            at
        );
        self.record(permit, Some(digest.to_vec()))
    }
}
