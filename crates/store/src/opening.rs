//! The opening: whether it takes two, who asked, who confirmed, and what was opened.

use domain::audit::{AskedRow, OpenedRow, RuleRow};
use domain::ids::{OrganisationId, RoundId};
use domain::moment::Moment;
use domain::policy::{AskOpening, OpenResponses, Permit, SetOpeningRule, Verb};

use crate::conn::Conn;
use crate::tx::Tx;
use crate::{Error, Result};

/// Who opened a round, and when.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct OpeningRow {
    pub asked_by: String,
    pub asked_at: i64,
    pub confirmed_by: String,
    pub confirmed_at: i64,
    pub asked_by_id: i64,
    pub confirmed_by_id: i64,
    pub to_check: i64,
    pub awaits: Option<String>,
    /// Of the round.
    pub deadline: i64,
}

impl OpeningRow {
    /// What its entry of the record binds; `kind` of the envelopes, `opened`: [`domain::audit::opened_digest`].
    pub fn bound<'a>(&'a self, round: RoundId, kind: &'a str, opened: &'a [u8]) -> OpenedRow<'a> {
        OpenedRow {
            round: round.get(),
            kind,
            asked_by: self.asked_by_id,
            asked_at: Moment(self.asked_at),
            confirmed_by: self.confirmed_by_id,
            confirmed_at: Moment(self.confirmed_at),
            to_check: self.to_check,
            awaits: self.awaits.as_deref(),
            deadline: Moment(self.deadline),
            opened,
        }
    }
}

/// A submission that an opening unsealed, with the digest that was taken of what was read.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct OpenedSubmissionRow {
    pub submission: i64,
    pub digest: Vec<u8>,
}

/// One envelope as the opening leaves it.
#[derive(Clone, Debug)]
pub struct Unsealed {
    pub submission: i64,
    pub key: Vec<u8>,
    pub digest: Vec<u8>,
}

/// What an opening leaves to be done.
#[derive(Clone, Copy, Debug, Default)]
pub struct Left {
    /// Cells of the check: responses by requirements.
    pub to_check: i64,
    /// The kind of envelope that stays sealed, where one does.
    pub awaits: Option<&'static str>,
}

impl Conn {
    pub async fn opening(&mut self, round: RoundId, envelope: &str) -> Result<Option<OpeningRow>> {
        row!(
            self,
            OpeningRow,
            "select a.name as asked_by, o.asked_at, c.name as confirmed_by, o.confirmed_at, o.asked_by as asked_by_id,
                o.confirmed_by as confirmed_by_id, o.to_check, o.awaits, q.deadline
             from opening o join round q on q.id = o.round join users a on a.id = o.asked_by join users c on c.id = o.confirmed_by
             where o.round = $1 and o.envelope = $2",
            round.get(),
            envelope
        )
    }

    /// In the order of their ids, which are random.
    pub async fn opened_submissions(&mut self, round: RoundId, envelope: &str) -> Result<Vec<OpenedSubmissionRow>> {
        rows!(
            self,
            OpenedSubmissionRow,
            "select e.submission, coalesce(e.opened_digest, s.digest) as digest
             from envelope e join submission s on s.id = e.submission
             where s.round = $1 and e.kind = $2 and e.opened_key is not null order by e.submission",
            round.get(),
            envelope
        )
    }

    /// The name of a person who asked for an opening.
    pub async fn person(&mut self, user: i64) -> Result<Option<String>> {
        let found = row!(self, (String,), "select name from users where id = $1", user)?;
        Ok(found.map(|(name,)| name))
    }

    /// Whether a person handled names at the opening of an anonymous round.
    pub async fn handled_names(&mut self, round: RoundId, user: i64) -> Result<bool> {
        let found = row!(self, (i64,), "select count(*) from name_handler where round = $1 and user_id = $2", round.get(), user)?;
        Ok(found.is_some_and(|(n,)| n > 0))
    }

    /// Whether a buyer's openings take two, for what is approved now.
    pub async fn opening_by_two(&mut self, organisation: OrganisationId) -> Result<bool> {
        let found = row!(
            self,
            (bool,),
            "select by_two from opening_rule where organisation = $1 order by at desc, id desc limit 1",
            organisation.get()
        )?;
        Ok(found.is_none_or(|(by_two,)| by_two))
    }
}

/// One opening as it is recorded.
#[derive(Clone, Debug)]
pub struct NewOpening<'a> {
    /// Of the envelopes: `quality` or `price`.
    pub kind: &'a str,
    /// By whom and when, where another asked.
    pub asked: Option<(i64, Moment)>,
    /// Whoever opens sees names that the panel does not.
    pub names: bool,
    /// Over all that is opened.
    pub digest: Vec<u8>,
    /// What it leaves to be done.
    pub left: Left,
}

impl Tx {
    pub async fn set_opening_rule(&mut self, permit: &Permit<SetOpeningRule>, id: i64, by_two: bool) -> Result<()> {
        self.accept(permit)?;
        exec!(
            self,
            "insert into opening_rule (id, organisation, by_two, at, by_user) values ($1, $2, $3, $4, $5)",
            id,
            permit.subject().id,
            by_two,
            permit.now().micros(),
            permit.by().get()
        )?;
        let (buyer, at, by) = (permit.subject().id, permit.now(), permit.by().get());
        self.record(permit, Some(RuleRow { rule: id, buyer, by_two, at, by }.digest()))
    }

    /// `names`: the round is anonymous, and who asks learns names.
    pub async fn ask_opening(&mut self, permit: &Permit<AskOpening>, id: i64, kind: &str, names: bool) -> Result<()> {
        self.accept(permit)?;
        exec!(
            self,
            "insert into opening_ask (id, round, envelope, at, by_user) values ($1, $2, $3, $4, $5)",
            id,
            permit.subject().id,
            kind,
            permit.now().micros(),
            permit.by().get()
        )?;
        if names {
            self.handles_names(permit).await?;
        }
        let bound = AskedRow { ask: id, round: permit.subject().id, kind, at: permit.now(), by: permit.by().get() };
        self.record(permit, Some(bound.digest()))
    }

    async fn handles_names<V: Verb>(&mut self, permit: &Permit<V>) -> Result<()> {
        exec!(
            self,
            "insert into name_handler (round, user_id, at) values ($1, $2, $3) on conflict do nothing",
            permit.subject().id,
            permit.by().get(),
            permit.now().micros()
        )?;
        Ok(())
    }

    /// The opening of one envelope kind: readable keys for the submissions that stand, all of them or none. `Stale` when one is
    /// not of this round or was opened before.
    pub async fn open_responses(
        &mut self,
        permit: &Permit<OpenResponses>,
        opening: NewOpening<'_>,
        unsealed: &[Unsealed],
    ) -> Result<()> {
        self.accept(permit)?;
        let NewOpening { kind, asked, names, digest, left } = opening;
        let round = permit.subject().id;
        for one in unsealed {
            let opened = exec!(
                self,
                "update envelope set opened_key = $3, opened_digest = $5 where submission = $1 and kind = $2
                 and opened_key is null and submission in (select s.id from submission s where s.round = $4)",
                one.submission,
                kind,
                one.key.as_slice(),
                round,
                one.digest.as_slice()
            )?;
            if opened != 1 {
                return Err(Error::Stale);
            }
        }
        let (asked_by, asked_at) = asked.unwrap_or((permit.by().get(), permit.now()));
        exec!(
            self,
            "insert into opening (round, envelope, asked_by, asked_at, confirmed_by, confirmed_at, to_check, awaits)
             values ($1, $2, $3, $4, $5, $6, $7, $8)",
            round,
            kind,
            asked_by,
            asked_at.micros(),
            permit.by().get(),
            permit.now().micros(),
            left.to_check,
            left.awaits
        )?;
        if names {
            self.handles_names(permit).await?;
        }
        let (deadline,) = row!(self, (i64,), "select deadline from round where id = $1", round)?.ok_or(Error::Stale)?;
        let bound = OpenedRow {
            round,
            kind,
            asked_by,
            asked_at,
            confirmed_by: permit.by().get(),
            confirmed_at: permit.now(),
            to_check: left.to_check,
            awaits: left.awaits,
            deadline: Moment(deadline),
            opened: &digest,
        };
        self.record(permit, Some(bound.digest()))
    }
}
