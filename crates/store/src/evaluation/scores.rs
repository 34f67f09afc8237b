//! Scores: given, cleared, locked, given back, revised; and those that are final.

use domain::ids::{CriterionId, ResponseId, RoundId, SeatId};
use domain::policy::{LockScores, Permit, ReviseScore, ScoreResponse, UnlockScores};

use crate::conn::Conn;
use crate::tx::Tx;
use crate::{Error, Result};

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
