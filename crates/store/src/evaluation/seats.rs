//! Who sits on a panel: appointed, replaced, ended; who may lead beside the chair.

use domain::ids::{RoundId, SeatId};
use domain::moment::Moment;
use domain::policy::{AppointSeat, EndSeat, NameDeputy, Permit, SeatRole, SeatStanding};

use crate::conn::Conn;
use crate::facts::{seat_role, seat_standing};
use crate::tx::Tx;
use crate::{Error, Result};

#[derive(Clone, Debug)]
pub struct SeatRow {
    pub id: SeatId,
    pub user: i64,
    pub name: String,
    pub email: String,
    pub role: SeatRole,
    pub standing: SeatStanding,
    pub locked: bool,
    pub scores: i64,
    /// May act as chair beside the chair.
    pub deputy: bool,
    /// Whose place it took.
    pub replaces: Option<String>,
    /// Joined after the panel had seen all scores: why.
    pub filled: Option<String>,
}

/// A seat that ended, and why.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct EndedSeatRow {
    pub id: i64,
    pub name: String,
    pub ended_at: i64,
    /// Empty of a seat that ended before reasons were asked for.
    pub reason: String,
}

#[derive(sqlx::FromRow)]
struct RawSeat {
    id: i64,
    user_id: i64,
    name: String,
    email: String,
    role: String,
    moderates: bool,
    standing: String,
    event: Option<String>,
    scores: i64,
    deputy: Option<i64>,
    replaces: Option<String>,
    filled: Option<String>,
}

impl Conn {
    pub async fn seats(&mut self, round: RoundId) -> Result<Vec<SeatRow>> {
        let raw = rows!(
            self,
            RawSeat,
            "select s.id, s.user_id, u.name, u.email, s.role, s.moderates,
                    (select case when count(*) = 0 then 'undeclared'
                                 when count(case when t.kind = 'removed' then 1 end) > 0 then 'removed'
                                 when count(case when d.conflict and t.kind is null then 1 end) > 0 then 'unsettled'
                                 when count(case when t.kind = 'recused' then 1 end) > 0 then 'recused' else 'clear' end
                        from declaration d left join settlement t on t.declaration = d.id where d.seat = s.id) as standing,
                    (select e.kind from seat_event e where e.seat = s.id order by e.at desc, e.id desc limit 1) as event,
                    (select count(*) from score x where x.seat = s.id and x.n = 1) as scores,
                    (select y.seat from deputy y where y.round = s.round order by y.at desc, y.id desc limit 1) as deputy,
                    (select w.name from seat p join users w on w.id = p.user_id where p.id = s.replaces) as replaces,
                    (select f.reason from panel_filled f where f.seat = s.id) as filled
             from seat s join users u on u.id = s.user_id
             where s.round = $1 and s.ended_at is null
             order by case when s.moderates then 0 else 1 end, case s.role when 'chair' then 0 when 'evaluator' then 1 when 'adviser' then 2 else 3 end, u.name",
            round.get()
        )?;
        raw.into_iter()
            .map(|row| {
                Ok(SeatRow {
                    id: SeatId(row.id),
                    user: row.user_id,
                    name: row.name,
                    email: row.email,
                    role: seat_role(&row.role, row.moderates)?,
                    standing: seat_standing(&row.standing)?,
                    locked: row.event.as_deref() == Some("locked"),
                    scores: row.scores,
                    deputy: row.deputy == Some(row.id),
                    replaces: row.replaces,
                    filled: row.filled,
                })
            })
            .collect()
    }

    /// Seats that ended, the oldest first.
    pub async fn ended_seats(&mut self, round: RoundId) -> Result<Vec<EndedSeatRow>> {
        rows!(
            self,
            EndedSeatRow,
            "select s.id, u.name, s.ended_at, coalesce(e.reason, '') as reason from seat s join users u on u.id = s.user_id
             left join seat_end e on e.seat = s.id where s.round = $1 and s.ended_at is not null order by s.ended_at, s.id",
            round.get()
        )
    }
}

impl Tx {
    /// A person has one seat in a round; a second appointment is `Stale`. `replaces`: the seat whose place it takes. `filled`: why
    /// it is appointed although the panel has seen all scores.
    pub async fn appoint_seat(
        &mut self,
        permit: &Permit<AppointSeat>,
        id: SeatId,
        user: i64,
        role: SeatRole,
        replaces: Option<SeatId>,
        filled: Option<&str>,
    ) -> Result<()> {
        self.accept(permit)?;
        let (round, by) = (RoundId(permit.subject().id), (permit.now(), permit.by().get()));
        self.insert_seat(round, id, user, role, replaces, by).await?;
        if let Some(reason) = filled {
            self.fill_panel(round, id, reason, by).await?;
        }
        self.record(permit, None)
    }

    /// `by`: when, and by whom.
    pub(crate) async fn insert_seat(
        &mut self,
        round: RoundId,
        id: SeatId,
        user: i64,
        role: SeatRole,
        replaces: Option<SeatId>,
        by: (Moment, i64),
    ) -> Result<()> {
        let made = exec!(
            self,
            "insert into seat (id, round, user_id, role, moderates, replaces, created_at, created_by)
             values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict do nothing",
            id.get(),
            round.get(),
            user,
            if role == SeatRole::Moderator { SeatRole::Adviser } else { role }.code(),
            role == SeatRole::Moderator,
            replaces.map(SeatId::get),
            by.0.micros(),
            by.1
        )?;
        if made == 0 { Err(Error::Stale) } else { Ok(()) }
    }

    /// `by`: when, and by whom.
    pub(crate) async fn fill_panel(&mut self, round: RoundId, seat: SeatId, reason: &str, by: (Moment, i64)) -> Result<()> {
        exec!(
            self,
            "insert into panel_filled (seat, round, reason, at, by_user) values ($1, $2, $3, $4, $5)",
            seat.get(),
            round.get(),
            reason,
            by.0.micros(),
            by.1
        )?;
        Ok(())
    }

    pub async fn end_seat(&mut self, permit: &Permit<EndSeat>, round: RoundId, reason: &str) -> Result<()> {
        self.accept(permit)?;
        let (seat, at) = (permit.subject().id, permit.now().micros());
        let ended = exec!(
            self,
            "update seat set ended_at = $3 where id = $1 and round = $2 and ended_at is null",
            seat,
            round.get(),
            at
        )?;
        if ended == 0 {
            return Err(Error::Stale);
        }
        exec!(
            self,
            "insert into seat_end (seat, reason, at, by_user) values ($1, $2, $3, $4)",
            seat,
            reason,
            at,
            permit.by().get()
        )?;
        self.record(permit, None)
    }

    /// The seat may act as chair from now on, in place of any deputy before.
    pub async fn name_deputy(&mut self, permit: &Permit<NameDeputy>, id: i64, round: RoundId, reason: &str) -> Result<()> {
        self.accept(permit)?;
        let made = exec!(
            self,
            "insert into deputy (id, round, seat, reason, at, by_user)
             select $1, s.round, s.id, $4, $5, $6 from seat s where s.id = $2 and s.round = $3 and s.ended_at is null",
            id,
            permit.subject().id,
            round.get(),
            reason,
            permit.now().micros(),
            permit.by().get()
        )?;
        if made == 0 {
            return Err(Error::Stale);
        }
        self.record(permit, None)
    }
}
