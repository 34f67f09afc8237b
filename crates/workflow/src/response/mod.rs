//! Answering: sealed drafts, submissions with receipts, withdrawal, the opening, and reading what was opened.

mod draft;
mod enclosing;
mod link;
mod opening;
mod partner;
mod read;
mod receipt;
mod redacting;
mod reuse;
mod sealed;
mod submit;
mod together;
mod unsealing;
mod unsent;

use domain::challenge::Terms;
use domain::ids::{ChallengeId, ResponseId, RoundId};
use domain::organisation::Actor;
use domain::policy::{self, ChallengeFacts, Refused, ResponseFacts};
use store::{Conn, Lock};

pub(crate) use self::draft::typed;
pub use self::draft::{Saved, as_read, save_answer, start_response};
pub(crate) use self::enclosing::take_in;
pub use self::enclosing::{
    SealedFile, asks_files, enclose_file, find_opened_file, find_own_file, read_sealed_file, remove_enclosed,
};
pub use self::link::{
    DraftLink, DraftLinks, LINK_DAYS, SharedDraft, find_shared_file, read_draft_links, read_shared_draft, revoke_draft_link,
    share_draft,
};
pub use self::opening::{
    Named, NamedResponse, NamedRound, OpenedResponse, OpenedRound, OpeningRecord, OpeningView, ask_opening,
    list_opened_responses, list_opened_responses_of, open_responses, read_opened_response, read_opened_response_of, read_opening,
    read_opening_room,
};
pub(crate) use self::opening::{contents, named_round, opened_round};
pub use self::partner::{
    PartnersView, SignOffState, ToSign, ask_sign_off, content_digest, read_partners, read_to_sign, save_partners, sign_off,
};
pub(crate) use self::partner::{parties_of, responses_behind};
pub(crate) use self::read::unconfirmed;
pub use self::read::{DraftAnswer, Invited, OwnListed, OwnResponse, list_own_responses, read_own_response};
pub(crate) use self::receipt::{Own, own_content, signed_receipt};
pub use self::receipt::{Receipt, read_opened, read_receipt};
pub use self::redacting::{end_redaction, read_redactions, redact_response};
pub use self::reuse::{From, Reusable, Say, Source, asks_words, read_reusable, reuse_answer};
pub use self::sealed::Reviewed;
pub use self::submit::{submit_answers, submit_response, withdraw_response};
pub(crate) use self::together::Inbox;
pub use self::unsealing::{Lack, MOST_TOLD, Unwhole};
pub use self::unsent::read_unsent;
pub(crate) use self::unsent::unsent;
use crate::sealing::{Key, draft_place};
use crate::{Desk, Error, Result};

/// The one envelope of a challenge that does not separate the price.
pub const QUALITY: &str = "quality";
/// The other, where it does: opened when the quality scores are final.
pub const PRICE: &str = "price";

async fn facts<V: policy::Verb>(conn: &mut Conn, actor: &Actor, id: ResponseId, lock: Lock) -> Result<ResponseFacts> {
    Ok(conn.response_facts(actor, id, lock).await?.ok_or(Refused::unseen::<V>(id.get()))?)
}

pub(crate) fn round_of(facts: &ChallengeFacts) -> Result<RoundId> {
    facts.round.ok_or_else(|| Error::Broken("a published challenge without a round".into()))
}

impl Desk {
    pub(crate) async fn round_key(&self, conn: &mut Conn, round: RoundId) -> Result<Key> {
        let row = conn.round_key(round.get()).await?.ok_or_else(|| Error::Broken("a round without a key".into()))?;
        Ok(self.keys.round_key(round.get(), &row.sealed_key)?)
    }

    pub(crate) async fn draft_key(&self, conn: &mut Conn, response: ResponseId, round: RoundId) -> Result<Key> {
        let sealed = conn.draft_key(response, round).await?;
        let sealed = sealed.ok_or_else(|| Error::Broken("a draft of a round in which its response has no part".into()))?;
        Ok(self.round_key(conn, round).await?.unwrap(&draft_place(response.get()), &sealed)?)
    }

    /// The published terms as the round of these facts has them.
    pub(crate) async fn round_terms(&self, conn: &mut Conn, facts: &ChallengeFacts) -> Result<(i64, Terms)> {
        let (n, terms) = self.terms(conn, facts.challenge).await?;
        let number = u32::try_from(facts.standing.round).unwrap_or_default();
        Ok((n, if number > 1 { terms.of_round(number, facts.standing.deadline) } else { terms }))
    }

    /// The published terms of a challenge: the first round's.
    pub(crate) async fn terms(&self, conn: &mut Conn, challenge: ChallengeId) -> Result<(i64, Terms)> {
        let row = conn.challenge_row(challenge).await?.ok_or_else(|| Error::Broken("a response without a challenge".into()))?;
        row.n.zip(row.terms()?).ok_or_else(|| Error::Broken("a response to an unpublished challenge".into()))
    }
}
