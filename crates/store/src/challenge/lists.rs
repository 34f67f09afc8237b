//! Lists of challenges, each with its standing and its title.

use domain::ids::{ChallengeId, OrganisationId};
use domain::moment::Moment;

use super::ChallengeRow;
use crate::Result;
use crate::conn::Conn;

/// Where challenges stand, as part of a [`ChallengeRow`].
macro_rules! standing_columns {
    () => {
        concat!(
            "select v.challenge, v.reference, v.buyer, v.buyer_name, v.created_at, v.round, v.n, v.submitted_at, v.sent_back_at,
                v.scheduled_for, v.publish_at, v.cancelled_at, v.round_number, v.deadline, v.opened_at, ",
            check_columns!(),
            ", v.scorers, v.locked, v.record_at, v.recommended_at, v.decision_sent_back_at,
                v.decided_at, "
        )
    };
}

/// The columns of a [`ChallengeRow`], once; what follows says which challenges.
macro_rules! challenge_columns {
    () => {
        concat!(standing_columns!(), "
                (select w.terms from challenge_version w where w.challenge = v.challenge and w.n = v.n) as terms,
                (select f.fields from challenge_section f where f.challenge = v.challenge and f.section = 'problem') as problem ")
    };
}

macro_rules! challenge_rows {
    ($conn:expr, $from:literal $(, $bind:expr)* $(,)?) => {
        rows!($conn, ChallengeRow, concat!(challenge_columns!(), $from) $(, $bind)*)
    };
}

macro_rules! challenge_row {
    ($conn:expr, $from:literal $(, $bind:expr)* $(,)?) => {
        row!($conn, ChallengeRow, concat!(challenge_columns!(), $from) $(, $bind)*)
    };
}

/// The same columns of a challenge that is open: what only comes after its deadline is not looked for, row by row.
macro_rules! open_columns {
    () => {
        "select v.challenge, v.reference, v.buyer, v.buyer_name, v.created_at, v.round, v.n, cast(null as bigint) as submitted_at,
                cast(null as bigint) as sent_back_at, v.scheduled_for, v.publish_at, cast(null as bigint) as cancelled_at, v.round_number, v.deadline,
                cast(null as bigint) as opened_at, cast(0 as bigint) as unchecked, cast(0 as bigint) as price_sealed,
                cast(0 as bigint) as scorers, cast(0 as bigint) as locked, cast(null as bigint) as record_at,
                cast(null as bigint) as recommended_at, cast(null as bigint) as decision_sent_back_at, cast(null as bigint) as decided_at,
                (select w.terms from challenge_version w where w.challenge = v.challenge and w.n = v.n) as terms,
                cast(null as text) as problem "
    };
}

impl Conn {
    pub async fn challenge_row(&mut self, id: ChallengeId) -> Result<Option<ChallengeRow>> {
        challenge_row!(self, "from challenge_standing v where v.challenge = $1", id.get())
    }

    /// Where each of these stands, in no order. Without what they say: their rows have no terms and no title.
    pub async fn standings(&mut self, challenges: &[ChallengeId]) -> Result<Vec<ChallengeRow>> {
        rows_of!(
            self,
            ChallengeRow,
            concat!(
                standing_columns!(),
                "cast(null as text) as terms, cast(null as text) as problem
                 from challenge_standing v where v.challenge in (values (cast($1 as bigint)))"
            ),
            challenges,
            |id| id.get()
        )
    }

    pub async fn challenge_of_reference(&mut self, reference: &str) -> Result<Option<ChallengeId>> {
        let found = row!(self, (i64,), "select id from challenge where reference = $1", reference)?;
        Ok(found.map(|(id,)| ChallengeId(id)))
    }

    /// Published ones; open first by deadline when `open`, else newest first.
    pub async fn public_challenges(&mut self, now: Moment, open: bool, most: i64, skip: i64) -> Result<Vec<ChallengeRow>> {
        if open {
            rows!(
                self,
                ChallengeRow,
                concat!(
                    open_columns!(),
                    "from challenge_standing v where v.publish_at <= $1 and v.deadline > $1 and v.cancelled_at is null
                     order by v.deadline, v.reference limit $2 offset $3"
                ),
                now.micros(),
                most,
                skip
            )
        } else {
            challenge_rows!(
                self,
                "from challenge_standing v where v.publish_at <= $1 and (v.deadline <= $1 or v.cancelled_at is not null)
                 and (v.cancelled_at is null or v.cancelled_at >= v.publish_at)
                 order by v.publish_at desc, v.reference limit $2 offset $3",
                now.micros(),
                most,
                skip
            )
        }
    }

    /// How many are open, and how many were published and are not open any more.
    pub async fn public_counts(&mut self, now: Moment) -> Result<(i64, i64)> {
        let counts = row!(
            self,
            (i64, i64),
            "select count(case when v.deadline > $1 and v.cancelled_at is null then 1 end),
                    count(case when v.deadline <= $1 or v.cancelled_at is not null then 1 end)
             from challenge_standing v where v.publish_at <= $1 and (v.cancelled_at is null or v.cancelled_at >= v.publish_at)",
            now.micros()
        )?;
        Ok(counts.unwrap_or_default())
    }

    /// Lately decided, for the home page.
    pub async fn decided_challenges(&mut self, most: i64) -> Result<Vec<ChallengeRow>> {
        challenge_rows!(
            self,
            "from challenge_standing v where v.decided_at is not null and v.cancelled_at is null order by v.decided_at desc limit $1",
            most
        )
    }

    /// Where the user is on the team and the buyer is the one given.
    pub async fn team_challenges(&mut self, user: i64, buyer: i64) -> Result<Vec<ChallengeRow>> {
        challenge_rows!(
            self,
            "from challenge_team t join challenge_standing v on v.challenge = t.challenge
             where t.user_id = $1 and t.until is null and v.buyer = $2 order by v.created_at desc",
            user,
            buyer
        )
    }

    /// What a buyer has published, the newest first.
    pub async fn buyer_challenges(&mut self, buyer: OrganisationId, now: Moment) -> Result<Vec<ChallengeRow>> {
        challenge_rows!(
            self,
            "from challenge c join challenge_standing v on v.challenge = c.id
             where c.buyer = $1 and v.publish_at <= $2 order by v.publish_at desc, v.reference",
            buyer.get(),
            now.micros()
        )
    }

    /// Published, not cancelled, and the deadline came after `since`.
    pub async fn deadlines_passed(&mut self, since: Moment, now: Moment) -> Result<Vec<ChallengeRow>> {
        challenge_rows!(
            self,
            "from round x join challenge_standing v on v.round = x.id
             where x.number = 1 and x.deadline > $1 and x.deadline <= $2 and v.publish_at <= $2 and v.cancelled_at is null",
            since.micros(),
            now.micros()
        )
    }

    /// Where the user holds a seat.
    pub async fn seat_challenges(&mut self, user: i64) -> Result<Vec<ChallengeRow>> {
        challenge_rows!(
            self,
            "from seat s join challenge_standing v on v.round = s.round
             where s.user_id = $1 and s.ended_at is null order by v.created_at desc",
            user
        )
    }

    /// Challenges with opened responses where the user holds a seat, or is on the team while acting for its buyer (0: for
    /// none); the latest opening first. Who of them may read, the policy says.
    pub async fn opened_rooms(&mut self, user: i64, buyer: i64, most: i64) -> Result<Vec<i64>> {
        let found = rows!(
            self,
            (i64,),
            "select r.challenge from round r join opening p on p.round = r.id and p.envelope = 'quality'
             where r.id in (select s.round from seat s where s.user_id = $1 and s.ended_at is null)
                or r.challenge in (select t.challenge from challenge_team t join challenge c on c.id = t.challenge
                    where t.user_id = $1 and t.until is null and c.buyer = $2)
             group by r.challenge order by max(p.confirmed_at) desc, r.challenge limit $3",
            user,
            buyer,
            most
        )?;
        Ok(found.into_iter().map(|(id,)| id).collect())
    }

    pub async fn followed_challenges(&mut self, user: i64) -> Result<Vec<ChallengeRow>> {
        challenge_rows!(
            self,
            "from follow f join challenge_standing v on v.challenge = f.challenge where f.user_id = $1 order by v.deadline",
            user
        )
    }

    /// Published, not cancelled, with a deadline after `now` and within `ahead`.
    pub async fn deadlines_near(&mut self, now: Moment, ahead: i64) -> Result<Vec<ChallengeRow>> {
        challenge_rows!(
            self,
            "from round x join challenge_standing v on v.round = x.id
             where x.number = 1 and x.deadline > $1 and x.deadline <= $2 and v.publish_at <= $1 and v.cancelled_at is null",
            now.micros(),
            now.plus(ahead).micros()
        )
    }

    /// Those whose instant of publication came after `since` and has come, unless they were cancelled. The instant is that of the
    /// approval, or of the official notice: one of its own instants lies in the same span.
    pub async fn published_since(&mut self, since: Moment, now: Moment) -> Result<Vec<ChallengeRow>> {
        challenge_rows!(
            self,
            "from (select e.challenge from challenge_event e where e.publish_at > $1 and e.publish_at <= $2
                   union select w.challenge from official_notice w where w.at > $1 and w.at <= $2
                   union select w.challenge from official_notice w where w.published_at > $1 and w.published_at <= $2) x
             join challenge_standing v on v.challenge = x.challenge
             where v.publish_at > $1 and v.publish_at <= $2 and v.cancelled_at is null",
            since.micros(),
            now.micros()
        )
    }

    /// Opened, and the panel's record is not approved yet.
    pub async fn scoring_now(&mut self) -> Result<Vec<ChallengeRow>> {
        challenge_rows!(
            self,
            "from opening x join challenge_standing v on v.round = x.round
             where x.envelope = 'quality' and not exists (select 1 from panel_record p where p.round = x.round)
             and v.cancelled_at is null"
        )
    }

    /// Every challenge, for the index's scan, in pages by id.
    pub async fn scan_challenges(&mut self, after: i64, most: i64) -> Result<Vec<ChallengeRow>> {
        challenge_rows!(self, "from challenge_standing v where v.challenge > $1 order by v.challenge limit $2", after, most)
    }
}
