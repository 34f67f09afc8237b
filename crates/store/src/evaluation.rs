//! The panel: seats, declarations, scores, the record that makes them final.

use domain::ids::{CriterionId, DeclarationId, ResponseId, RoundId, SeatId};
use domain::moment::Moment;
use domain::policy::{
    AppointSeat, DeclareInterest, EndSeat, LockScores, NameDeputy, Permit, ReviseScore, ScoreResponse, SeatRole, SeatStanding,
    SettleDeclaration, UnlockScores,
};

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

#[derive(Clone, Debug, sqlx::FromRow)]
pub struct DeclarationRow {
    pub id: i64,
    pub seat: i64,
    pub name: String,
    pub conflict: bool,
    pub statement: String,
    pub at: i64,
    pub settlement: Option<String>,
    pub settlement_reason: Option<String>,
}

#[derive(Clone, Debug, sqlx::FromRow)]
pub struct ScoreRow {
    pub seat: i64,
    pub response: i64,
    pub criterion: i64,
    pub n: i64,
    pub points: i64,
    pub reason: String,
    /// Why not one point more.
    pub next_point: String,
    pub at: i64,
    pub row_version: i64,
}

/// A score as its owner gives it.
#[derive(Clone, Debug, Default)]
pub struct GivenScore {
    pub points: u8,
    pub reason: String,
    /// Why not one point more; may be empty.
    pub next_point: String,
}

/// Why a score was not one point more.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct NextPointRow {
    pub seat: i64,
    pub criterion: i64,
    pub points: i64,
    pub next_point: String,
}

/// When a scorer's locked scores were given back, and why.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct UnlockRow {
    pub reason: String,
    pub at: i64,
    pub by_name: String,
}

#[derive(Clone, Debug, sqlx::FromRow)]
pub struct FinalRow {
    pub response: i64,
    pub criterion: i64,
    pub seat: Option<i64>,
    pub points: i64,
    pub reason: String,
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

    /// All declarations of a round, the oldest first: none is ever overwritten.
    pub async fn declarations(&mut self, round: RoundId) -> Result<Vec<DeclarationRow>> {
        rows!(
            self,
            DeclarationRow,
            "select d.id, d.seat, u.name, d.conflict, d.statement, d.at, t.kind as settlement, t.reason as settlement_reason
             from declaration d join seat s on s.id = d.seat join users u on u.id = s.user_id
             left join settlement t on t.declaration = d.id where s.round = $1 order by d.at, d.id",
            round.get()
        )
    }

    /// The responses that a seat is recused from, by any of its declarations: a later one lifts nothing.
    pub async fn recusals(&mut self, seat: SeatId) -> Result<Vec<ResponseId>> {
        let found = rows!(
            self,
            (i64,),
            "select distinct p.response from declaration d join settlement t on t.declaration = d.id and t.kind = 'recused'
             join declaration_party p on p.declaration = d.id where d.seat = $1",
            seat.get()
        )?;
        Ok(found.into_iter().map(|(id,)| ResponseId(id)).collect())
    }

    /// The same for all seats of a round: (seat, response).
    pub async fn recusals_in(&mut self, round: RoundId) -> Result<Vec<(SeatId, ResponseId)>> {
        let found = rows!(
            self,
            (i64, i64),
            "select distinct d.seat, p.response from seat s join declaration d on d.seat = s.id
             join settlement t on t.declaration = d.id and t.kind = 'recused'
             join declaration_party p on p.declaration = d.id where s.round = $1",
            round.get()
        )?;
        Ok(found.into_iter().map(|(seat, response)| (SeatId(seat), ResponseId(response))).collect())
    }

    pub async fn declared_parties(&mut self, declaration: DeclarationId) -> Result<Vec<String>> {
        let found = rows!(
            self,
            (String,),
            "select o.name from declaration_party p join response r on r.id = p.response join organisation o on o.id = r.supplier
             where p.declaration = $1 order by o.name",
            declaration.get()
        )?;
        Ok(found.into_iter().map(|(name,)| name).collect())
    }

    /// What was chosen in the declarations of a round: (declaration, key of the party).
    pub async fn chosen_parties(&mut self, round: RoundId) -> Result<Vec<(i64, i64)>> {
        rows!(
            self,
            (i64, i64),
            "select c.declaration, c.party from declaration_chosen c join declaration d on d.id = c.declaration
             join seat s on s.id = d.seat where s.round = $1 order by c.declaration, c.party",
            round.get()
        )
    }

    /// One seat's own scores of one response: the newest of each criterion.
    pub async fn scores_of_response(&mut self, seat: SeatId, response: ResponseId) -> Result<Vec<ScoreRow>> {
        rows!(
            self,
            ScoreRow,
            "select x.seat, x.response, x.criterion, x.n, x.points, x.reason, x.next_point, x.at, x.row_version from score x
             where x.seat = $1 and x.response = $2
             and x.n = (select max(y.n) from score y where y.seat = x.seat and y.response = x.response and y.criterion = x.criterion)",
            seat.get(),
            response.get()
        )
    }

    /// One seat's own scores: the newest of each response and criterion.
    pub async fn scores_of(&mut self, seat: SeatId) -> Result<Vec<ScoreRow>> {
        rows!(
            self,
            ScoreRow,
            "select x.seat, x.response, x.criterion, x.n, x.points, x.reason, x.next_point, x.at, x.row_version from score x
             where x.seat = $1 and x.n = (select max(y.n) from score y where y.seat = x.seat and y.response = x.response and y.criterion = x.criterion)",
            seat.get()
        )
    }

    /// Everybody's scores, every revision: for moderation and after, never before.
    pub async fn scores(&mut self, round: RoundId) -> Result<Vec<ScoreRow>> {
        rows!(
            self,
            ScoreRow,
            "select x.seat, x.response, x.criterion, x.n, x.points, x.reason, x.next_point, x.at, x.row_version
             from score x join seat s on s.id = x.seat where s.round = $1 and s.ended_at is null order by x.response, x.criterion, x.seat, x.n",
            round.get()
        )
    }

    /// Of one response: what its scorers wrote to be missing for one point more, beside their newest scores.
    pub async fn next_points(&mut self, response: ResponseId) -> Result<Vec<NextPointRow>> {
        rows!(
            self,
            NextPointRow,
            "select x.seat, x.criterion, x.points, x.next_point from score x where x.response = $1 and x.next_point <> ''
             and x.n = (select max(y.n) from score y where y.seat = x.seat and y.response = x.response and y.criterion = x.criterion)",
            response.get()
        )
    }

    /// The last unlocking of a seat, if it was the last thing that happened to its scores.
    pub async fn unlocked(&mut self, seat: SeatId) -> Result<Option<UnlockRow>> {
        row!(
            self,
            UnlockRow,
            "select e.reason, e.at, u.name as by_name from seat_event e join users u on u.id = e.by_user
             where e.kind = 'unlocked' and e.id = (select x.id from seat_event x where x.seat = $1 order by x.at desc, x.id desc limit 1)",
            seat.get()
        )
    }

    pub async fn final_scores(&mut self, round: RoundId) -> Result<Vec<FinalRow>> {
        rows!(
            self,
            FinalRow,
            "select response, criterion, seat, points, reason from final_score where round = $1 order by response, criterion, seat",
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

    pub async fn declare_interest(
        &mut self,
        permit: &Permit<DeclareInterest>,
        id: DeclarationId,
        statement: &str,
        chosen: &[i64],
        parties: &[ResponseId],
    ) -> Result<()> {
        self.accept(permit)?;
        exec!(
            self,
            "insert into declaration (id, seat, conflict, statement, at) values ($1, $2, $3, $4, $5)",
            id.get(),
            permit.subject().id,
            !parties.is_empty(),
            statement,
            permit.now().micros()
        )?;
        for party in chosen {
            exec!(self, "insert into declaration_chosen (declaration, party) values ($1, $2)", id.get(), *party)?;
        }
        for party in parties {
            exec!(self, "insert into declaration_party (declaration, response) values ($1, $2)", id.get(), party.get())?;
        }
        self.record(permit, None)
    }

    pub async fn settle_declaration(
        &mut self,
        permit: &Permit<SettleDeclaration>,
        declaration: DeclarationId,
        kind: &str,
        reason: &str,
    ) -> Result<()> {
        self.accept(permit)?;
        let done = exec!(
            self,
            "insert into settlement (declaration, kind, reason, at, by_user)
             select d.id, $3, $4, $5, $6 from declaration d where d.id = $1 and d.seat = $2 and d.conflict on conflict do nothing",
            declaration.get(),
            permit.subject().id,
            kind,
            reason,
            permit.now().micros(),
            permit.by().get()
        )?;
        if done == 0 {
            return Err(Error::Stale);
        }
        self.record(permit, None)
    }

    /// Before the lock the score is seen by its owner alone, so a correction replaces it; compare-and-set on what the owner saw.
    pub async fn score_response(
        &mut self,
        permit: &Permit<ScoreResponse>,
        response: ResponseId,
        criterion: CriterionId,
        score: &GivenScore,
        seen: i64,
    ) -> Result<i64> {
        self.accept(permit)?;
        let (points, reason) = (i64::from(score.points), score.reason.as_str());
        let (seat, at) = (permit.subject().id, permit.now().micros());
        // It goes on from where it was cleared: no version comes back.
        let done = if seen == 0 {
            exec!(
                self,
                "insert into score (seat, response, criterion, n, points, reason, at, next_point, row_version)
                 values ($1, $2, $3, 1, $4, $5, $6, $7, 1 + coalesce((select c.version from score_cleared c
                     where c.seat = $1 and c.response = $2 and c.criterion = $3), 0)) on conflict do nothing",
                seat,
                response.get(),
                criterion.get(),
                points,
                reason,
                at,
                score.next_point.as_str()
            )?
        } else {
            exec!(
                self,
                "update score set points = $5, reason = $6, at = $7, next_point = $8, row_version = row_version + 1
                 where seat = $1 and response = $2 and criterion = $3 and n = 1 and row_version = $4",
                seat,
                response.get(),
                criterion.get(),
                seen,
                points,
                reason,
                at,
                score.next_point.as_str()
            )?
        };
        if done == 0 {
            return Err(Error::Stale);
        }
        self.record(permit, None)?;
        if seen > 0 {
            return Ok(seen + 1);
        }
        let given: Option<(i64,)> = row!(
            self,
            (i64,),
            "select row_version from score where seat = $1 and response = $2 and criterion = $3 and n = 1",
            seat,
            response.get(),
            criterion.get()
        )?;
        Ok(given.map_or(1, |(version,)| version))
    }

    /// The cell is as if it had never been scored: nobody else has seen it. `Stale` when it is not the version that was seen.
    pub async fn clear_score(
        &mut self,
        permit: &Permit<ScoreResponse>,
        response: ResponseId,
        criterion: CriterionId,
        seen: i64,
    ) -> Result<()> {
        self.accept(permit)?;
        let done = exec!(
            self,
            "delete from score where seat = $1 and response = $2 and criterion = $3 and n = 1 and row_version = $4",
            permit.subject().id,
            response.get(),
            criterion.get(),
            seen
        )?;
        if done == 0 {
            return Err(Error::Stale);
        }
        exec!(
            self,
            "insert into score_cleared (seat, response, criterion, version) values ($1, $2, $3, $4)
             on conflict (seat, response, criterion) do update set version = excluded.version",
            permit.subject().id,
            response.get(),
            criterion.get(),
            seen
        )?;
        self.record(permit, None)
    }

    pub async fn lock_scores(&mut self, permit: &Permit<LockScores>, event: i64) -> Result<()> {
        self.accept(permit)?;
        exec!(
            self,
            "insert into seat_event (id, seat, kind, at, by_user) values ($1, $2, 'locked', $3, $4)",
            event,
            permit.subject().id,
            permit.now().micros(),
            permit.by().get()
        )?;
        self.record(permit, None)
    }

    /// The lock stays in the file beside it.
    pub async fn unlock_scores(&mut self, permit: &Permit<UnlockScores>, event: i64, reason: &str) -> Result<()> {
        self.accept(permit)?;
        exec!(
            self,
            "insert into seat_event (id, seat, kind, reason, at, by_user) values ($1, $2, 'unlocked', $3, $4, $5)",
            event,
            permit.subject().id,
            reason,
            permit.now().micros(),
            permit.by().get()
        )?;
        self.record(permit, None)
    }

    /// Revision n + 1; the old value is kept, and why not the next point as long as the points are the same. `Stale` when the newest is
    /// not the one that was seen.
    pub async fn revise_score(
        &mut self,
        permit: &Permit<ReviseScore>,
        response: ResponseId,
        criterion: CriterionId,
        points: u8,
        reason: &str,
        seen: i64,
    ) -> Result<()> {
        self.accept(permit)?;
        let done = exec!(
            self,
            "insert into score (seat, response, criterion, n, points, reason, at, next_point)
             select s.seat, s.response, s.criterion, s.n + 1, $5, $6, $7, case when s.points = $5 then s.next_point else '' end
             from score s
             where s.seat = $1 and s.response = $2 and s.criterion = $3 and s.n = $4 on conflict do nothing",
            permit.subject().id,
            response.get(),
            criterion.get(),
            seen,
            i64::from(points),
            reason,
            permit.now().micros()
        )?;
        if done == 0 {
            return Err(Error::Stale);
        }
        self.record(permit, None)
    }
}
