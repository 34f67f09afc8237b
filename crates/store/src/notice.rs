//! Telling people: an event is written once, a notice for each person it concerns, and mail by each one's choice, all in the
//! transaction of the change. A few statements however many are told.

use domain::ids::to_text;
use domain::moment::{MINUTE, Moment};
use domain::notice::{Choice, Event, Group, id_of};

use crate::tx::Tx;
use crate::{Error, Result, corrupt};

/// A notice for each person that `$from` finds as `x.user_id`; whoever has one keeps it. $1 event, $2 now, $3 required,
/// $4 the usual choice, $5 the kind, $6 who did it; $7 is the statement's own.
macro_rules! notices {
    ($tx:expr, $told:expr, $from:expr, $id:expr) => {
        exec!(
            $tx,
            concat!(
                "insert into notice (user_id, event, at, required, mail)
                 select u.id, $1, $2, $3, case when $3 then 'at_once' else coalesce(c.choice, $4) end
                 from (select distinct user_id from ",
                $from,
                ") x join users u on u.id = x.user_id left join notice_choice c on c.user_id = u.id and c.kind = $5
                 where u.confirmed_at is not null and u.id <> $6 on conflict do nothing"
            ),
            $told.event,
            $told.at,
            $told.required,
            $told.usual,
            $told.kind,
            $told.by,
            $id
        )
    };
}

/// Whether the submission of response `r` stands: the newest one is not withdrawn.
macro_rules! stands {
    () => {
        "exists (select 1 from submission b where b.response = r.id and b.n = (select max(d.n) from submission d where d.response = r.id)
            and not exists (select 1 from response_event w where w.response = r.id and w.kind = 'withdrawn' and w.at >= b.received_at))"
    };
}

/// What every statement of one event binds.
struct Told {
    event: i64,
    at: i64,
    required: bool,
    usual: &'static str,
    kind: &'static str,
    by: i64,
}

impl Tx {
    /// Tells everybody whom the event concerns, once: a notice in their list, and mail as they chose it. Gives how many were
    /// told; none when this was told before.
    pub async fn tell(&mut self, event: &Event) -> Result<u64> {
        let now = self.now().await?;
        let id = event.id();
        let words =
            serde_json::to_string(&event.words).map_err(|error| Error::Corrupt { what: "notice", why: error.to_string() })?;
        let fresh = exec!(
            self,
            "insert into notice_event (id, once, kind, challenge, organisation, words, link, act_by, zone, at)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) on conflict do nothing",
            id,
            event.once.as_str(),
            event.kind.code(),
            event.challenge.map(|challenge| challenge.get()),
            event.organisation.map(|organisation| organisation.get()),
            words,
            event.link.as_str(),
            event.act_by.map(Moment::micros),
            event.zone.as_str(),
            now.micros()
        )?;
        if fresh == 0 {
            return Ok(0);
        }
        let mut told = 0;
        for group in event.kind.groups() {
            told += self.tell_group(event, *group, now).await?;
        }
        if told > 0 {
            self.mail_at_once(id, now).await?;
            self.mail_in_summaries(id, now).await?;
        }
        Ok(told)
    }

    async fn tell_group(&mut self, event: &Event, group: Group, now: Moment) -> Result<u64> {
        let kind = event.kind;
        let told = Told {
            event: event.id(),
            at: now.micros(),
            required: kind.required_for(group),
            usual: kind.usual().code(),
            kind: kind.code(),
            by: event.by.map_or(0, |user| user.get()),
        };
        let challenge = event.challenge.map_or(0, |challenge| challenge.get());
        let organisation = event.organisation.map_or(0, |organisation| organisation.get());
        match group {
            Group::Answered => notices!(
                self,
                told,
                concat!(
                    "response r join membership m on m.organisation = r.supplier and m.ended_at is null where r.challenge = $7 and ",
                    stands!()
                ),
                challenge
            ),
            Group::Drafters => notices!(
                self,
                told,
                "response r join membership m on m.organisation = r.supplier and m.ended_at is null where r.challenge = $7",
                challenge
            ),
            Group::StillDrafting => notices!(
                self,
                told,
                concat!(
                    "response r join membership m on m.organisation = r.supplier and m.ended_at is null where r.challenge = $7 and not ",
                    stands!()
                ),
                challenge
            ),
            Group::Followers => notices!(self, told, "follow where challenge = $7", challenge),
            Group::StillFollowing => notices!(
                self,
                told,
                concat!(
                    "follow f where f.challenge = $7 and not exists (select 1 from response r
                        join membership m on m.organisation = r.supplier and m.ended_at is null
                        where r.challenge = $7 and m.user_id = f.user_id and ",
                    stands!(),
                    ")"
                ),
                challenge
            ),
            Group::Officers => {
                notices!(self, told, "challenge_team where challenge = $7 and role = 'officer' and until is null", challenge)
            }
            Group::Approvers => {
                notices!(self, told, "challenge_team where challenge = $7 and role = 'approver' and until is null", challenge)
            }
            Group::Seats => notices!(
                self,
                told,
                "seat s join round o on o.id = s.round where o.challenge = $7 and s.ended_at is null
                 and not exists (select 1 from declaration d join settlement t on t.declaration = d.id where d.seat = s.id and t.kind = 'removed')",
                challenge
            ),
            Group::Scorers => notices!(
                self,
                told,
                "seat s join round o on o.id = s.round where o.challenge = $7 and s.ended_at is null and s.role in ('chair', 'evaluator')
                 and not exists (select 1 from declaration d join settlement t on t.declaration = d.id where d.seat = s.id and t.kind = 'removed')
                 and coalesce((select e.kind from seat_event e where e.seat = s.id order by e.at desc, e.id desc limit 1), '') <> 'locked'",
                challenge
            ),
            Group::Members => notices!(self, told, "membership where organisation = $7 and ended_at is null", organisation),
            Group::Owners => {
                notices!(self, told, "membership where organisation = $7 and role = 'owner' and ended_at is null", organisation)
            }
            Group::Named => {
                let mut all = 0;
                for user in &event.named {
                    all += notices!(self, told, "(select id as user_id from users where id = $7) n", user.get())?;
                }
                Ok(all)
            }
        }
    }

    /// One row of the outbox for each reader who wants to know at once. Its id mixes the event's with the reader's: both are
    /// drawn at random. `a | b - a & b` is the exclusive or, which SQLite lacks.
    async fn mail_at_once(&mut self, event: i64, now: Moment) -> Result<()> {
        exec!(
            self,
            "insert into outbox (id, event, recipient, channel, template, params, created_at, due_at)
             select (u.id | $1) - (u.id & $1), $2, u.email, 'mail', 'notice', $3, $4, $4
             from notice n join users u on u.id = n.user_id where n.event = $1 and n.mail = 'at_once'
             on conflict (event, recipient, channel) do nothing",
            event,
            format!("notice:{}", to_text(event)),
            serde_json::json!({ "event": to_text(event) }).to_string(),
            now.micros()
        )?;
        Ok(())
    }

    /// Readers of summaries get this into their next one: a row of the outbox for each reader and instant, whatever else
    /// it takes in. It leaves a minute later, so that whatever was told before its instant is in it.
    async fn mail_in_summaries(&mut self, event: i64, now: Moment) -> Result<()> {
        let wanted = rows!(
            self,
            (String, String),
            "select distinct n.mail, u.zone from notice n join users u on u.id = n.user_id
             where n.event = $1 and n.mail in ('daily', 'weekly')",
            event
        )?;
        for (code, zone) in wanted {
            let choice = Choice::parse(&code).ok_or_else(|| corrupt("choice of notices"))?;
            let Some(at) = choice.summary_after(now, &zone) else { continue };
            exec!(
                self,
                "update notice set summary_at = $1
                 where event = $2 and mail = $3 and user_id in (select id from users where zone = $4)",
                at.micros(),
                event,
                code.as_str(),
                zone.as_str()
            )?;
            exec!(
                self,
                "insert into outbox (id, event, recipient, channel, template, params, created_at, due_at)
                 select (u.id | $1) - (u.id & $1), $2, u.email, 'mail', $3, $4, $5, $6
                 from notice n join users u on u.id = n.user_id where n.event = $7 and n.mail = $8 and u.zone = $9
                 on conflict (event, recipient, channel) do nothing",
                id_of(&format!("summary:{code}:{}", at.micros())),
                format!("summary:{code}:{}", at.micros()),
                format!("summary_{code}"),
                serde_json::json!({ "at": at.micros() }).to_string(),
                now.micros(),
                at.plus(MINUTE).micros(),
                event,
                code.as_str(),
                zone.as_str()
            )?;
        }
        Ok(())
    }
}
