//! Wrapped keys as stored: read, wrapped anew when the master key changes, overwritten when they end. What they mean is the
//! business of `workflow::sealing`.

use domain::ids::{ChallengeId, ResponseId, RoundId};
use domain::moment::Moment;
use domain::policy::{DestroyKeys, Permit};

use crate::Result;
use crate::conn::Conn;
use crate::tx::Tx;

#[derive(Clone, Debug, sqlx::FromRow)]
pub struct RoundKeyRow {
    pub round: i64,
    pub sealed_key: Vec<u8>,
}

/// The readable wrap of an opened envelope's key.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct OpenedKeyRow {
    pub submission: i64,
    pub kind: String,
    pub opened_key: Vec<u8>,
}

impl Conn {
    /// `None` once it was overwritten.
    pub async fn round_key(&mut self, round: i64) -> Result<Option<RoundKeyRow>> {
        row!(self, RoundKeyRow, "select id as round, sealed_key from round where id = $1 and destroyed_at is null", round)
    }

    pub async fn round_keys(&mut self) -> Result<Vec<RoundKeyRow>> {
        rows!(self, RoundKeyRow, "select id as round, sealed_key from round where destroyed_at is null order by id")
    }

    pub async fn opened_keys(&mut self) -> Result<Vec<OpenedKeyRow>> {
        rows!(
            self,
            OpenedKeyRow,
            "select submission, kind, opened_key from envelope where opened_key is not null order by submission, kind"
        )
    }

    /// Whether a draft of a round opens no more: its key ends with the time for which a round's papers are kept, if nothing of it
    /// was opened; that of a round cancelled under an older release ended with the round's own key alone.
    pub async fn draft_is_gone(&mut self, response: ResponseId, round: RoundId) -> Result<bool> {
        let found = row!(
            self,
            (Option<i64>,),
            "select coalesce(q.destroyed_at, i.draft_destroyed_at, case when q.number = 1 then r.draft_destroyed_at end)
             from response r join round q on q.challenge = r.challenge
             left join round_entry i on i.response = r.id and i.round = q.id
             where r.id = $1 and q.id = $2",
            response.get(),
            round.get()
        )?;
        Ok(found.is_some_and(|(at,)| at.is_some()))
    }

    /// Challenges that were decided or cancelled by an instant and still hold keys that nobody will need.
    pub async fn challenges_with_idle_keys(&mut self, ended: Moment) -> Result<Vec<ChallengeId>> {
        let found = rows!(
            self,
            (i64,),
            // Of each round: the one that was decided last is not the only one with withdrawn and superseded submissions.
            "select distinct v.challenge from challenge_standing v join round r on r.challenge = v.challenge
             where (v.decided_at <= $1 or v.cancelled_at <= $1) and r.destroyed_at is null
             and (not exists (select 1 from opening p where p.round = r.id and p.envelope = 'quality' and p.confirmed_at is not null) or exists (select 1 from envelope e join submission s on s.id = e.submission
                where s.round = r.id and e.opened_key is null and e.destroyed_at is null)
                or exists (select 1 from enclosure f where f.round = r.id and f.destroyed_at is null
                    and not exists (select 1 from submission_file n join envelope e on e.submission = n.submission and e.kind = n.kind
                        where n.file = f.id and e.opened_key is not null))
                or exists (select 1 from clarification_file f join check_event c on c.id = f.clarification
                    where c.round = r.id and f.destroyed_at is null
                    and not exists (select 1 from clarification_answer_file n where n.file = f.id))
                or exists (select 1 from response x where r.number = 1 and x.challenge = r.challenge and x.draft_destroyed_at is null
                    and not exists (select 1 from submission s join envelope e on e.submission = s.id
                        where s.response = x.id and s.round = r.id and e.opened_key is not null))
                or exists (select 1 from round_entry x where x.round = r.id and x.draft_destroyed_at is null
                    and not exists (select 1 from submission s join envelope e on e.submission = s.id
                        where s.response = x.response and s.round = r.id and e.opened_key is not null)))
             order by v.challenge",
            ended.micros()
        )?;
        Ok(found.into_iter().map(|(id,)| ChallengeId(id)).collect())
    }
}

impl Tx {
    pub async fn rewrap_round_key(&mut self, round: i64, sealed_key: &[u8]) -> Result<()> {
        exec!(self, "update round set sealed_key = $2 where id = $1", round, sealed_key)?;
        Ok(())
    }

    pub async fn rewrap_opened_key(&mut self, row: &OpenedKeyRow, opened_key: &[u8]) -> Result<()> {
        exec!(
            self,
            "update envelope set opened_key = $3 where submission = $1 and kind = $2",
            row.submission,
            row.kind.as_str(),
            opened_key
        )?;
        Ok(())
    }

    /// Overwrites the keys of a round's submissions that were never opened, of the files that none of the opened ones names, and
    /// of the drafts of which nothing was opened; of a round that never was, its own key too, under which drafts lie. Gives how many envelopes it took.
    pub async fn destroy_keys(&mut self, permit: &Permit<DestroyKeys>, with_round: bool) -> Result<u64> {
        self.accept(permit)?;
        let (round, at) = (permit.subject().id, permit.now().micros());
        // As long as a wrapped key is, so that the page of the database is overwritten in place.
        let nothing = vec![0u8; WRAPPED];
        let done = exec!(
            self,
            "update envelope set sealed_key = $2, destroyed_at = $3 where opened_key is null and destroyed_at is null
             and submission in (select s.id from submission s where s.round = $1)",
            round,
            nothing.as_slice(),
            at
        )?;
        // Files that no opened envelope names: of drafts, of what was withdrawn or superseded.
        exec!(
            self,
            "update enclosure set sealed_key = $2, destroyed_at = $3 where round = $1 and destroyed_at is null
             and not exists (select 1 from submission_file n join envelope e on e.submission = n.submission and e.kind = n.kind
                where n.file = enclosure.id and e.opened_key is not null)",
            round,
            nothing.as_slice(),
            at
        )?;
        // And those that were handed in for a clarification and never sent.
        exec!(
            self,
            "update clarification_file set sealed_key = $2, destroyed_at = $3 where destroyed_at is null
             and clarification in (select c.id from check_event c where c.round = $1)
             and not exists (select 1 from clarification_answer_file n where n.file = clarification_file.id)",
            round,
            nothing.as_slice(),
            at
        )?;
        exec!(
            self,
            "update response set draft_key = $2, draft_destroyed_at = $3 where draft_destroyed_at is null
             and challenge = (select q.challenge from round q where q.id = $1 and q.number = 1)
             and not exists (select 1 from submission s join envelope e on e.submission = s.id
                where s.response = response.id and s.round = $1 and e.opened_key is not null)",
            round,
            nothing.as_slice(),
            at
        )?;
        exec!(
            self,
            "update round_entry set draft_key = $2, draft_destroyed_at = $3 where draft_destroyed_at is null and round = $1
             and not exists (select 1 from submission s join envelope e on e.submission = s.id
                where s.response = round_entry.response and s.round = $1 and e.opened_key is not null)",
            round,
            nothing.as_slice(),
            at
        )?;
        if with_round {
            exec!(
                self,
                "update round set sealed_key = $2, destroyed_at = $3 where id = $1 and destroyed_at is null",
                round,
                nothing.as_slice(),
                at
            )?;
        }
        self.record(permit, None)?;
        Ok(done)
    }
}

/// Bytes of a wrapped key: nonce, key, tag.
const WRAPPED: usize = 24 + 32 + 16;
