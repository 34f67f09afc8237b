//! Interview times of a round, and who has taken which.

use domain::ids::{ResponseId, RoundId, UserId};
use domain::interview::Slot;
use domain::moment::Moment;
use domain::policy::{BookSlot, OfferSlots, Permit, WithdrawSlot};

use crate::conn::Conn;
use crate::tx::Tx;
use crate::{Error, Result};

#[derive(Clone, Debug, sqlx::FromRow)]
pub struct SlotRow {
    pub id: i64,
    pub starts_at: i64,
    pub minutes: i64,
    pub place: String,
    pub book_until: i64,
    /// When it was offered, or last taken or given back: a calendar's stamp.
    pub changed_at: i64,
    /// How often it was taken.
    pub bookings: i64,
    pub withdrawn_at: Option<i64>,
    /// Why, where somebody had taken it; else empty.
    pub withdrawn_reason: String,
    /// Who has it.
    pub response: Option<i64>,
    pub supplier_name: Option<String>,
}

impl SlotRow {
    /// Counts each taking and each giving back: a calendar's sequence, which only rises.
    pub fn sequence(&self) -> i64 {
        2 * self.bookings - i64::from(self.response.is_some())
    }

    pub fn slot(&self) -> Slot {
        Slot {
            starts: Moment(self.starts_at),
            minutes: u32::try_from(self.minutes).unwrap_or_default(),
            book_until: Moment(self.book_until),
        }
    }
}

impl Conn {
    /// Withdrawn ones too, in the order of time.
    pub async fn slots(&mut self, round: RoundId) -> Result<Vec<SlotRow>> {
        rows!(
            self,
            SlotRow,
            "select s.id, s.starts_at, s.minutes, s.place, s.book_until, s.withdrawn_at, s.withdrawn_reason, b.response, o.name as supplier_name,
                    coalesce((select max(coalesce(x.released_at, x.at)) from slot_booking x where x.slot = s.id), s.at) as changed_at,
                    (select count(*) from slot_booking x where x.slot = s.id) as bookings
             from interview_slot s left join slot_booking b on b.slot = s.id and b.released_at is null
             left join response r on r.id = b.response left join organisation o on o.id = r.supplier
             where s.round = $1 order by s.starts_at, s.id",
            round.get()
        )
    }

    /// The times that a response has taken in a round, also those that it has no more, by when they begin. What they count is its
    /// own takings alone: nothing of them tells of other suppliers.
    pub async fn own_slots(&mut self, round: RoundId, response: ResponseId) -> Result<Vec<SlotRow>> {
        rows!(
            self,
            SlotRow,
            "select s.id, s.starts_at, s.minutes, s.place, s.book_until, s.withdrawn_at, s.withdrawn_reason,
                    max(case when b.released_at is null then b.response end) as response, cast(null as text) as supplier_name,
                    max(coalesce(b.released_at, b.at)) as changed_at, count(*) as bookings
             from slot_booking b join interview_slot s on s.id = b.slot where b.round = $1 and b.response = $2
             group by s.id, s.starts_at, s.minutes, s.place, s.book_until, s.withdrawn_at, s.withdrawn_reason
             order by s.starts_at, s.id",
            round.get(),
            response.get()
        )
    }

    /// Taken times of challenges that go on, beginning after `now` and within `ahead`: challenge, supplier, booking, start.
    pub async fn interviews_near(&mut self, now: Moment, ahead: i64) -> Result<Vec<(i64, i64, i64, i64)>> {
        rows!(
            self,
            (i64, i64, i64, i64),
            "select r.challenge, r.supplier, b.id, s.starts_at from interview_slot s
             join slot_booking b on b.slot = s.id and b.released_at is null join response r on r.id = b.response
             where s.starts_at > $1 and s.starts_at <= $2 and s.withdrawn_at is null
             and not exists (select 1 from challenge_event e where e.challenge = r.challenge and e.kind = 'cancelled')",
            now.micros(),
            now.plus(ahead).micros()
        )
    }

    /// Whether somebody has a time of this start in a challenge.
    pub async fn interview_at(&mut self, challenge: i64, starts: Moment) -> Result<bool> {
        let found = row!(
            self,
            (i64,),
            "select count(*) from interview_slot s join slot_booking b on b.slot = s.id and b.released_at is null
             join response r on r.id = b.response where r.challenge = $1 and s.starts_at = $2 and s.withdrawn_at is null",
            challenge,
            starts.micros()
        )?;
        Ok(found.is_some_and(|(n,)| n > 0))
    }

    /// Whether a supplier of theirs was invited to a round that is due then, and has nothing standing in it.
    pub async fn owes_round(&mut self, user: UserId, challenge: i64, deadline: Moment) -> Result<bool> {
        let found = row!(
            self,
            (i64,),
            "select count(*) from membership m cross join response r join round_entry i on i.response = r.id join round q on q.id = i.round
             where m.user_id = $1 and m.ended_at is null and r.supplier = m.organisation and r.challenge = $2 and q.deadline = $3
             and not exists (select 1 from submission b where b.response = r.id and b.round = q.id
                and not exists (select 1 from response_event w where w.response = r.id and w.round = q.id and w.kind = 'withdrawn'
                    and w.n >= b.n))",
            user.get(),
            challenge,
            deadline.micros()
        )?;
        Ok(found.is_some_and(|(n,)| n > 0))
    }
}

impl Tx {
    pub async fn offer_slots(&mut self, permit: &Permit<OfferSlots>, slots: &[(i64, Slot)], place: &str) -> Result<()> {
        self.accept(permit)?;
        for (id, slot) in slots {
            exec!(
                self,
                "insert into interview_slot (id, round, starts_at, minutes, place, book_until, at, by_user) values ($1, $2, $3, $4, $5, $6, $7, $8)",
                *id,
                permit.subject().id,
                slot.starts.micros(),
                i64::from(slot.minutes),
                place,
                slot.book_until.micros(),
                permit.now().micros(),
                permit.by().get()
            )?;
        }
        self.record(permit, None)
    }

    /// Whoever had taken it has none then; `reason`: why. `Stale` where it is withdrawn already, or of another round.
    pub async fn withdraw_slot(&mut self, permit: &Permit<WithdrawSlot>, slot: i64, reason: &str) -> Result<()> {
        self.accept(permit)?;
        let at = permit.now().micros();
        let done = exec!(
            self,
            "update interview_slot set withdrawn_at = $3, withdrawn_reason = $4 where id = $1 and round = $2 and withdrawn_at is null",
            slot,
            permit.subject().id,
            at,
            reason
        )?;
        if done == 0 {
            return Err(Error::Stale);
        }
        exec!(self, "update slot_booking set released_at = $2 where slot = $1 and released_at is null", slot, at)?;
        self.record(permit, None)
    }

    /// Gives back what it had and takes the other, both or neither. `Stale` where somebody else took it meanwhile, or it was
    /// withdrawn: two never have the same.
    pub async fn book_slot(&mut self, permit: &Permit<BookSlot>, id: i64, round: RoundId, slot: i64) -> Result<()> {
        self.accept(permit)?;
        let (response, at) = (permit.subject().id, permit.now().micros());
        exec!(
            self,
            "update slot_booking set released_at = $3 where round = $1 and response = $2 and released_at is null",
            round.get(),
            response,
            at
        )?;
        let made = exec!(
            self,
            "insert into slot_booking (id, slot, round, response, at, by_user)
             select cast($1 as bigint), s.id, s.round, cast($4 as bigint), cast($5 as bigint), cast($6 as bigint) from interview_slot s where s.id = $2 and s.round = $3 and s.withdrawn_at is null
             on conflict do nothing",
            id,
            slot,
            round.get(),
            response,
            at,
            permit.by().get()
        )?;
        if made == 0 {
            return Err(Error::Stale);
        }
        self.record(permit, None)
    }
}
