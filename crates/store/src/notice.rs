//! Telling people: an event is written once, a notice for each person it concerns, and mail by each one's choice, all in the
//! transaction of the change. A few statements however many are told.

use domain::ids::{ChallengeId, UserId, to_text};
use domain::moment::{MINUTE, Moment};
use domain::notice::{Choice, Event, EventKind, Group, id_of};
use domain::policy::{ManageNotices, Permit};

use crate::conn::Conn;
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
        "exists (select 1 from submission b where b.response = r.id
            and not exists (select 1 from response_event w where w.response = r.id and w.round = b.round and w.kind = 'withdrawn' and w.n >= b.n))"
    };
}

/// The header counts unread notices up to this.
pub const MOST_UNREAD: i64 = 100;

/// A notice as its reader sees it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct NoticeRow {
    pub event: i64,
    pub user_id: i64,
    pub kind: String,
    pub challenge: Option<i64>,
    /// JSON of [`domain::notice::Words`].
    pub words: String,
    pub link: String,
    pub act_by: Option<i64>,
    pub zone: String,
    pub at: i64,
    pub required: bool,
    pub read_at: Option<i64>,
    /// What the reader chooses for the kind now, if anything.
    pub choice: Option<String>,
}

/// How a response to the first round stands before its deadline.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct ResponseDueRow {
    pub response: i64,
    pub supplier: i64,
    /// What stands; `None` where nothing does.
    pub submission: Option<i64>,
    /// Of the challenge, under which that was submitted.
    pub version: Option<i64>,
    /// Something was saved, handed in or taken off since, or so shortly before that it may not be in it: worth a look at what.
    pub touched: i64,
}

/// How a response stands in a later round before its deadline.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct RoundDueRow {
    pub challenge: i64,
    pub supplier: i64,
    pub response: i64,
    pub round: i64,
    pub deadline: i64,
    /// What stands in that round; `None` where nothing does.
    pub submission: Option<i64>,
    /// As in [`ResponseDueRow`].
    pub touched: i64,
}

/// How a deadline stands for somebody who is about to be reminded of it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct ReminderRow {
    pub deadline: Option<i64>,
    pub cancelled_at: Option<i64>,
    pub record_at: Option<i64>,
    /// Suppliers of theirs whose submission stands.
    pub submitted: i64,
    /// Seats of theirs that score and are not locked.
    pub unlocked: i64,
}

/// Whether the draft of a response `r` in round `q` may say something else than its submission `s`. An answer that was saved in the ten
/// minutes before the submission was written may have come after the draft was read for it; of one of before nobody knows when it was written.
macro_rules! touched {
    () => {
        "(case when exists (select 1 from draft_answer a where a.response = r.id and a.round = q.id
                and a.updated_at > coalesce(s.written_at - 600000000, 0))
            or exists (select 1 from enclosure f where f.response = r.id and f.round = q.id and f.removed_at is null
                and not exists (select 1 from submission_file n where n.submission = s.id and n.file = f.id))
            or exists (select 1 from submission_file n join enclosure f on f.id = n.file where n.submission = s.id and f.removed_at is not null)
            then cast(1 as bigint) else cast(0 as bigint) end)"
    };
}

macro_rules! notice_rows {
    ($conn:expr, $rest:literal $(, $bind:expr)* $(,)?) => {
        rows!(
            $conn,
            NoticeRow,
            concat!(
                "select e.id as event, n.user_id, e.kind, e.challenge, e.words, e.link, e.act_by, e.zone, n.at, n.required, n.read_at,
                        c.choice
                 from notice n join notice_event e on e.id = n.event
                 left join notice_choice c on c.user_id = n.user_id and c.kind = e.kind ",
                $rest
            )
            $(, $bind)*
        )
    };
}

impl Conn {
    /// Newest first. `skip` of the newest are left out.
    pub async fn notices(&mut self, user: i64, most: i64, skip: i64) -> Result<Vec<NoticeRow>> {
        notice_rows!(self, "where n.user_id = $1 order by n.at desc, n.event desc limit $2 offset $3", user, most, skip)
    }

    /// How many there are, and how many of them are not read.
    pub async fn notice_counts(&mut self, user: i64) -> Result<(i64, i64)> {
        let counts = row!(
            self,
            (i64, i64),
            "select count(*), count(case when read_at is null then 1 end) from notice where user_id = $1",
            user
        )?;
        Ok(counts.unwrap_or_default())
    }

    pub async fn notice(&mut self, user: i64, event: i64) -> Result<Option<NoticeRow>> {
        Ok(notice_rows!(self, "where n.user_id = $1 and n.event = $2", user, event)?.into_iter().next())
    }

    /// What a summary takes in, oldest first.
    pub async fn summary(&mut self, user: i64, choice: Choice, at: Moment) -> Result<Vec<NoticeRow>> {
        notice_rows!(
            self,
            "where n.user_id = $1 and n.mail = $2 and n.summary_at = $3 order by n.at, n.event",
            user,
            choice.code(),
            at.micros()
        )
    }

    /// What a person chose instead of what is usual, by kind.
    pub async fn notice_choices(&mut self, user: i64) -> Result<Vec<(String, String)>> {
        rows!(self, (String, String), "select kind, choice from notice_choice where user_id = $1", user)
    }

    pub async fn was_told(&mut self, event: &Event) -> Result<bool> {
        Ok(row!(self, (i64,), "select at from notice_event where id = $1", event.id())?.is_some())
    }

    /// The responses to a challenge's first round; `user`: only those of their suppliers.
    pub async fn responses_due(&mut self, challenge: ChallengeId, user: Option<UserId>) -> Result<Vec<ResponseDueRow>> {
        rows!(
            self,
            ResponseDueRow,
            concat!("select r.id as response, r.supplier, s.id as submission, s.challenge_version as version, ", touched!(), " as touched
             from response r join round q on q.challenge = r.challenge and q.number = 1
             left join submission s on s.response = r.id and s.round = q.id
                and s.n = (select max(x.n) from submission x where x.response = r.id and x.round = q.id)
                and not exists (select 1 from response_event e where e.response = r.id and e.round = q.id and e.kind = 'withdrawn' and e.n >= s.n)
             where r.challenge = $1 and ($2 = 0 or exists (select 1 from membership m where m.organisation = r.supplier
                and m.user_id = $2 and m.ended_at is null))
             order by r.id"),
            challenge.get(),
            user.map_or(0, UserId::get)
        )
    }

    /// Responses that were invited to a later round, with a deadline after `now` and within `ahead`.
    pub async fn rounds_due(&mut self, now: Moment, ahead: i64) -> Result<Vec<RoundDueRow>> {
        rows!(
            self,
            RoundDueRow,
            concat!(
                "select r.challenge, r.supplier, r.id as response, q.id as round, q.deadline, s.id as submission, ",
                touched!(),
                " as touched
                 from round q join round_entry i on i.round = q.id join response r on r.id = i.response
                 left join submission s on s.response = r.id and s.round = q.id
                    and s.n = (select max(x.n) from submission x where x.response = r.id and x.round = q.id)
                    and not exists (select 1 from response_event e where e.response = r.id and e.round = q.id and e.kind = 'withdrawn' and e.n >= s.n)
                 where q.deadline > $1 and q.deadline <= $2
                 and not exists (select 1 from challenge_event e where e.challenge = r.challenge and e.kind = 'cancelled')
                 order by r.id"
            ),
            now.micros(),
            now.plus(ahead).micros()
        )
    }

    pub async fn reminder(&mut self, challenge: ChallengeId, user: UserId) -> Result<Option<ReminderRow>> {
        row!(
            self,
            ReminderRow,
            concat!(
                "select v.deadline, v.cancelled_at, v.record_at,
                        (select count(*) from membership m cross join response r where m.user_id = $2 and m.ended_at is null
                            and r.challenge = v.challenge and r.supplier = m.organisation and ",
                stands!(),
                ") as submitted,
                        (select count(*) from seat s where s.round = v.round and s.user_id = $2 and s.ended_at is null
                            and s.role in ('chair', 'evaluator')
                            and coalesce((select e.kind from seat_event e where e.seat = s.id order by e.at desc, e.id desc limit 1), '')
                                <> 'locked') as unlocked
                 from challenge_standing v where v.challenge = $1"
            ),
            challenge.get(),
            user.get()
        )
    }
}

impl Tx {
    /// One notice, or all (`None`). Read stays read: the first time counts.
    pub async fn read_notices(&mut self, permit: &Permit<ManageNotices>, event: Option<i64>) -> Result<()> {
        self.accept(permit)?;
        let (user, now) = (permit.by().get(), permit.now().micros());
        match event {
            Some(event) => exec!(
                self,
                "update notice set read_at = $3 where user_id = $1 and event = $2 and read_at is null",
                user,
                event,
                now
            )?,
            None => exec!(self, "update notice set read_at = $2 where user_id = $1 and read_at is null", user, now)?,
        };
        self.leave_no_entry();
        Ok(())
    }

    pub async fn choose_notices(&mut self, permit: &Permit<ManageNotices>, choices: &[(EventKind, Choice)]) -> Result<()> {
        self.accept(permit)?;
        for (kind, choice) in choices {
            self.choose_notice(permit.by().get(), *kind, *choice).await?;
        }
        self.record(permit, None)
    }

    /// By a link in a mail, without signing in: who holds the link holds the mailbox.
    pub async fn choose_by_link(&mut self, user: i64, choices: &[(EventKind, Choice)]) -> Result<()> {
        for (kind, choice) in choices {
            self.choose_notice(user, *kind, *choice).await?;
        }
        self.record_account("stop_notices", user).await
    }

    async fn choose_notice(&mut self, user: i64, kind: EventKind, choice: Choice) -> Result<()> {
        exec!(
            self,
            "insert into notice_choice (user_id, kind, choice) values ($1, $2, $3)
             on conflict (user_id, kind) do update set choice = excluded.choice",
            user,
            kind.code(),
            choice.code()
        )?;
        Ok(())
    }
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
            // What is told to a supplier about its own response is told to nobody else.
            if *group == Group::OnlyFollowing && event.organisation.is_some() {
                continue;
            }
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
            Group::OnlyFollowing => notices!(
                self,
                told,
                "follow f where f.challenge = $7 and not exists (select 1 from response r
                    join membership m on m.organisation = r.supplier and m.ended_at is null
                    where r.challenge = $7 and m.user_id = f.user_id)",
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
             on conflict do nothing",
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
                 on conflict do nothing",
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
