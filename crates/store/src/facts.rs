//! The facts that the policy decides on: of a challenge, to one actor; for one who asks or for many at once.

use domain::challenge::{OPENING_DELAY, Standing, TeamRole};
use domain::ids::{ChallengeId, OrganisationId, ResponseId, RoundId, SeatId, UserId};
use domain::moment::Moment;
use domain::organisation::{Actor, Role};
use domain::policy::{Approvals, Brand, ChallengeFacts, OpeningFacts, Seat, SeatRole, SeatStanding};

use crate::conn::Conn;
use crate::{Lock, Result, corrupt};

#[derive(sqlx::FromRow)]
struct FactsRow {
    /// Which of those asked for.
    n: i64,
    buyer: i64,
    buyer_verified: i64,
    four_eyes: bool,
    author: i64,
    wrote: i64,
    approvals_named: i64,
    approvals_missing: i64,
    approvals_own: i64,
    round: Option<i64>,
    submitted_at: Option<i64>,
    sent_back_at: Option<i64>,
    scheduled_for: Option<i64>,
    publish_at: Option<i64>,
    cancelled_at: Option<i64>,
    round_number: Option<i64>,
    rounds_after: i64,
    deadline: Option<i64>,
    opened_at: Option<i64>,
    unchecked: i64,
    price_sealed: i64,
    scorers: i64,
    locked: i64,
    record_at: Option<i64>,
    recommended_at: Option<i64>,
    decision_sent_back_at: Option<i64>,
    decided_at: Option<i64>,
    buyer_role: Option<String>,
    team_role: Option<String>,
    seat: Option<i64>,
    seat_role: Option<String>,
    moderates: Option<bool>,
    deputy: Option<i64>,
    outside: i64,
    seat_standing: String,
    seat_event: Option<String>,
    own_response: Option<i64>,
    supplies: i64,
    recommended_by: Option<i64>,
    refilled: i64,
    scored: i64,
    submitted: i64,
    recused: i64,
    by_two: Option<bool>,
    asked_by: Option<i64>,
    asked_at: Option<i64>,
    handled_names: i64,
}

/// How one of its responses stands to the actor, besides the facts of the challenge.
pub(crate) struct Responded {
    pub(crate) submitted: bool,
    pub(crate) recused: bool,
}

/// What facts are asked for: a challenge, to an actor, and one of its responses (0: none).
#[derive(Clone, Copy)]
pub(crate) struct AskedFacts<'a> {
    pub(crate) actor: &'a Actor,
    pub(crate) challenge: ChallengeId,
    pub(crate) response: i64,
    /// The number of a round; 0: the newest, of a response the newest that it takes part in.
    pub(crate) round: i64,
}

fn acting(actor: &Actor) -> i64 {
    actor.acting_as().map_or(0, |acting| acting.organisation.get())
}

impl Conn {
    /// Locks the challenge, reads the clock, then the facts: in that order, whoever asks.
    pub async fn challenge_facts(&mut self, actor: &Actor, id: ChallengeId, lock: Lock) -> Result<Option<ChallengeFacts>> {
        if !self.lock_challenge(id, lock).await? {
            return Ok(None);
        }
        Ok(self.facts_of(AskedFacts { actor, challenge: id, response: 0, round: 0 }).await?.map(|(facts, _)| facts))
    }

    /// The same as they are in one round of the challenge, by its number: its opening, its panel, its decision.
    pub async fn round_facts(
        &mut self,
        actor: &Actor,
        id: ChallengeId,
        round: i64,
        lock: Lock,
    ) -> Result<Option<ChallengeFacts>> {
        if !self.lock_challenge(id, lock).await? {
            return Ok(None);
        }
        Ok(self.facts_of(AskedFacts { actor, challenge: id, response: 0, round }).await?.map(|(facts, _)| facts))
    }

    /// The facts of a challenge, and of one of its responses, after the locks.
    pub(crate) async fn facts_of(&mut self, asked: AskedFacts<'_>) -> Result<Option<(ChallengeFacts, Responded)>> {
        Ok(self.facts_of_each(&[asked]).await?.pop().flatten())
    }

    /// The same for many in one statement, in the order in which they are asked for.
    pub(crate) async fn facts_of_each(&mut self, asked: &[AskedFacts<'_>]) -> Result<Vec<Option<(ChallengeFacts, Responded)>>> {
        let (now, brand) = (self.now().await?, self.brand());
        let numbered: Vec<(i64, &AskedFacts)> = (0i64..).zip(asked).collect();
        // What is true of a challenge whoever asks is found once for all who ask (`stands`).
        // From the few memberships of one person to their responses, not from all responses of the challenge: `cross join`
        // keeps that order on SQLite, which has no statistics to find it by; and counted, because PostgreSQL makes of `exists` a table of
        // all submissions there are.
        let found = rows_of!(
            self,
            FactsRow,
            concat!(
                "with asked (n, challenge, user_id, acting, response, delay, number) as (values (cast($1 as bigint), cast($2 as bigint), cast($3 as bigint), cast($4 as bigint), cast($5 as bigint), cast($6 as bigint), cast($7 as bigint))),
             stands as materialized (
                select v.challenge, v.buyer, v.buyer_verified, v.four_eyes, v.author, v.round, v.submitted_at, v.sent_back_at, v.scheduled_for,
                    v.publish_at, v.cancelled_at, v.round_number, coalesce(v.rounds_after, 0) as rounds_after, v.deadline, v.opened_at, ", check_columns!(), ", v.scorers, v.locked, v.record_at, v.recommended_at, v.decision_sent_back_at, v.decided_at,
                    (select w.digest from challenge_version w where w.challenge = v.challenge order by w.n desc limit 1) as newest,
                    (select count(*) from approval_need q where q.challenge = v.challenge and q.until is null) as approvals_named,
                    (select y.seat from deputy y where y.round = v.round order by y.at desc, y.id desc limit 1) as deputy,
                    (select q.recommended_by from decision q where q.round = v.round order by q.recommended_at desc limit 1) as recommended_by,
                    (select count(*) from panel_filled f where f.round = v.round) as refilled,
                    (select p.by_two from opening_rule p where p.organisation = v.buyer and p.at <= coalesce((select min(e.at)
                        from challenge_event e where e.challenge = v.challenge and e.kind = 'approved'), 9223372036854775807)
                        order by p.at desc, p.id desc limit 1) as by_two,
                    (select z.id from opening_ask z where z.round = v.round and z.at >= v.deadline + (select max(asked.delay) from asked)
                        and z.envelope = case when v.opened_at is null then 'quality' else 'price' end
                        order by z.at, z.id limit 1) as ask
                from round_standing v where v.challenge in (select asked.challenge from asked)),
             approved as materialized (
                select v.challenge, count(*) as missing from (select distinct challenge, newest from stands) v
                join approval_need q on q.challenge = v.challenge and q.until is null
                    and not exists (select 1 from approval p where p.challenge = q.challenge and p.kind = q.kind and p.user_id = q.user_id
                        and p.digest = v.newest)
                group by v.challenge)
             select asked.n, v.buyer, v.buyer_verified, v.four_eyes, v.author, v.round, v.submitted_at, v.sent_back_at, v.scheduled_for,
                    v.publish_at, v.cancelled_at, v.round_number, v.rounds_after, v.deadline, v.opened_at, v.unchecked, v.price_sealed, v.scorers, v.locked, v.record_at,
                    v.recommended_at, v.decision_sent_back_at, v.decided_at, v.approvals_named, v.deputy, v.recommended_by, v.refilled, v.by_two,
                    (select count(*) from challenge_writer x where x.challenge = v.challenge and x.user_id = asked.user_id)
                        + (select count(*) from challenge_version x where x.challenge = v.challenge and x.created_by = asked.user_id) as wrote,
                    coalesce((select m.missing from approved m where m.challenge = v.challenge), 0) as approvals_missing,
                    (select count(*) from approval_need q where q.challenge = v.challenge and q.until is null and q.user_id = asked.user_id
                        and not exists (select 1 from approval p where p.challenge = q.challenge and p.kind = q.kind and p.user_id = q.user_id
                            and p.digest = v.newest)) as approvals_own,
                    (select m.role from membership m where m.organisation = v.buyer and m.user_id = asked.user_id and m.ended_at is null) as buyer_role,
                    (select t.role from challenge_team t where t.challenge = v.challenge and t.user_id = asked.user_id and t.until is null) as team_role,
                    s.id as seat, s.role as seat_role, s.moderates,
                    (select count(*) from seat_undertaking y where y.seat = s.id) as outside,
                    (select case when count(*) = 0 then 'undeclared'
                                 when count(case when x.kind = 'removed' then 1 end) > 0 then 'removed'
                                 when count(case when d.conflict and x.kind is null then 1 end) > 0 then 'unsettled'
                                 when count(case when x.kind = 'recused' then 1 end) > 0 then 'recused' else 'clear' end
                        from declaration d left join settlement x on x.declaration = d.id where d.seat = s.id) as seat_standing,
                    (select e.kind from seat_event e where e.seat = s.id order by e.at desc, e.id desc limit 1) as seat_event,
                    (select r.id from response r where r.challenge = v.challenge and r.supplier = asked.acting order by r.candidacy limit 1) as own_response,
                    (select count(*) from membership m cross join response r
                        where m.user_id = asked.user_id and m.ended_at is null and r.challenge = v.challenge and r.supplier = m.organisation
                        and (select count(*) from submission b where b.response = r.id
                            and not exists (select 1 from response_event w where w.response = r.id and w.round = b.round
                                and w.kind = 'withdrawn' and w.n >= b.n)) > 0) as supplies,
                    (select count(*) from score z join seat y on y.id = z.seat where y.round = v.round and y.user_id = asked.user_id) as scored,
                    (select count(*) from submission b where b.response = asked.response and b.round = v.round
                        and not exists (select 1 from response_event w where w.response = asked.response and w.round = b.round
                            and w.kind = 'withdrawn' and w.n >= b.n)) as submitted,
                    (select count(*) from declaration d
                        join settlement t on t.declaration = d.id and t.kind = 'recused'
                        join declaration_party p on p.declaration = d.id and p.response = asked.response
                        where d.seat = s.id) as recused,
                    a.by_user as asked_by, a.at as asked_at,
                    (select count(*) from name_handler h where h.round = v.round and h.user_id = asked.user_id) as handled_names
             from asked cross join stands v
             left join opening_ask a on a.id = v.ask
             left join seat s on s.round = v.round and s.user_id = asked.user_id and s.ended_at is null
             where v.challenge = asked.challenge
                and (v.round is null or v.round_number = case when asked.number > 0 then asked.number
                    when asked.response = 0 then (select max(x.number) from round x where x.challenge = asked.challenge)
                    else coalesce((select max(i.number) from round_entry i where i.response = asked.response), 1) end)"
            ),
            numbered,
            |(n, asked)| *n,
            asked.challenge.get(),
            asked.actor.user().map_or(0, |user| user.get()),
            acting(asked.actor),
            asked.response,
            OPENING_DELAY,
            asked.round
        )?;
        let mut facts: Vec<Option<(ChallengeFacts, Responded)>> = asked.iter().map(|_| None).collect();
        for row in found {
            let Some((slot, asked)) = usize::try_from(row.n).ok().and_then(|n| facts.get_mut(n).zip(asked.get(n))) else {
                continue;
            };
            *slot = Some(facts_in(row, asked, now, brand)?);
        }
        Ok(facts)
    }
}

fn facts_in(row: FactsRow, asked: &AskedFacts, now: Moment, brand: Brand) -> Result<(ChallengeFacts, Responded)> {
    let at = |at: Option<i64>| at.map(Moment);
    let buyer = OrganisationId(row.buyer);
    let team = row.team_role.as_deref().map(|role| TeamRole::parse(role).ok_or_else(|| corrupt("role on a team"))).transpose()?;
    let seat = match (row.seat, row.seat_role.as_deref()) {
        (Some(id), Some(role)) => Some(Seat {
            id: SeatId(id),
            role: seat_role(role, row.moderates == Some(true))?,
            standing: seat_standing(&row.seat_standing)?,
            locked: row.seat_event.as_deref() == Some("locked"),
            deputy: row.deputy == Some(id),
            outside: row.outside > 0,
        }),
        _ => None,
    };
    let responded = Responded { submitted: row.submitted > 0, recused: row.recused > 0 };
    let facts = ChallengeFacts {
        brand,
        now,
        challenge: asked.challenge,
        round: row.round.map(RoundId),
        buyer,
        buyer_verified: row.buyer_verified == 1,
        four_eyes: row.four_eyes,
        author: UserId(row.author),
        wrote: row.wrote > 0,
        approvals: Approvals { named: row.approvals_named, missing: row.approvals_missing, own: row.approvals_own },
        standing: Standing {
            submitted_at: at(row.submitted_at),
            sent_back_at: at(row.sent_back_at),
            scheduled_for: at(row.scheduled_for),
            publish_at: at(row.publish_at),
            cancelled_at: at(row.cancelled_at),
            round: row.round_number.unwrap_or_default(),
            rounds_after: row.rounds_after,
            deadline: at(row.deadline),
            opened_at: at(row.opened_at),
            unchecked: row.unchecked,
            price_sealed: row.price_sealed > 0,
            scorers: row.scorers,
            locked: row.locked,
            record_at: at(row.record_at),
            recommended_at: at(row.recommended_at),
            decision_sent_back_at: at(row.decision_sent_back_at),
            decided_at: at(row.decided_at),
        },
        opening: OpeningFacts {
            by_two: row.by_two.unwrap_or(true),
            asked: row.asked_by.map(UserId).zip(at(row.asked_at)),
            handled_names: row.handled_names > 0,
        },
        buyer_role: row.buyer_role.as_deref().map(|role| Role::parse(role).ok_or_else(|| corrupt("role"))).transpose()?,
        team: team.filter(|_| asked.actor.acts_for(buyer)),
        seat,
        own_response: row.own_response.filter(|_| acting(asked.actor) != 0).map(ResponseId),
        supplies: row.supplies > 0,
        recommended_by: row.recommended_by.map(UserId),
        scored: row.scored > 0,
        refilled: row.refilled > 0,
    };
    Ok((facts, responded))
}

/// A chair who only moderates is stored under a role that does not score.
pub(crate) fn seat_role(code: &str, moderates: bool) -> Result<SeatRole> {
    if moderates {
        return Ok(SeatRole::Moderator);
    }
    SeatRole::parse(code).ok_or_else(|| corrupt("role of a seat"))
}

/// The worst of a seat's declarations counts, never the newest alone: nobody lifts an own conflict or a recusal by declaring
/// again that there is none.
pub(crate) fn seat_standing(code: &str) -> Result<SeatStanding> {
    Ok(match code {
        "undeclared" => SeatStanding::Undeclared,
        "removed" => SeatStanding::Removed,
        "unsettled" => SeatStanding::Unsettled,
        "recused" => SeatStanding::Recused,
        "clear" => SeatStanding::Clear,
        _ => return Err(corrupt("standing of a seat")),
    })
}
