//! Searching what was opened. The responses that this reader may read, as this reader may read them (the same policy and the same
//! function as their pages), are put into an index in memory that lives as long as the search: what was sealed never lies in
//! the clear on a disk, nobody's search can tell of another's, and what is hidden (whom a recusal concerns, names in an
//! anonymous round, prices before the result) is not in it at all.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use domain::ids::ChallengeId;
use domain::moment::Moment;
use domain::organisation::Actor;
use domain::policy::{self, ListOpenedResponses};
use domain::response::{Field, form};
use search::{Audience, Change, Document, Index, Kind, Page, Position, Query, Reader};
use store::Lock;

use super::blocking;
use crate::response::{Named, OpenedResponse, OpenedRound, opened_round};
use crate::{Desk, Result};

/// Rounds that are searched, the latest opened first: each response is decrypted for the search.
const ROOMS: i64 = 40;

/// So long one search opens rounds: then it answers with what it has, and says what it left out.
const PATIENCE: Duration = Duration::from_millis(1_500);
/// So many responses one search has in memory, and as many as the round that passes this has.
const RESPONSES: usize = 2_000;

/// Where a hit belongs, and what it is called.
#[derive(Clone, Debug)]
pub struct FoundResponse {
    pub challenge: ChallengeId,
    pub named: Named,
}

#[derive(Debug, Default)]
pub struct FoundResponses {
    pub page: Page,
    pub of: BTreeMap<i64, FoundResponse>,
    /// Rounds that the actor reads and that were not searched, because it would have taken too long; with their titles.
    pub left_out: Vec<(ChallengeId, String)>,
    /// There are more, opened before all these.
    pub more: bool,
}

/// Whether there is a round with opened responses where the actor has a seat or is on the team.
pub async fn reads_responses(desk: &Desk, actor: &Actor) -> Result<bool> {
    Ok(!rooms(desk, actor, 1).await?.is_empty())
}

async fn rooms(desk: &Desk, actor: &Actor, most: i64) -> Result<Vec<i64>> {
    let Some(user) = actor.user() else { return Ok(Vec::new()) };
    let buyer = actor.acting_as().map_or(0, |acting| acting.organisation.get());
    Ok(desk.store.read().await?.opened_rooms(user.get(), buyer, most).await?)
}

/// A page of the opened responses that the actor may read. The kinds of the query are of no account.
pub async fn search_responses(desk: &Desk, actor: &Actor, query: Query) -> Result<FoundResponses> {
    search_for(desk, actor, query, PATIENCE).await
}

/// The same with another patience. The round opened last is searched in any case.
pub async fn search_for(desk: &Desk, actor: &Actor, query: Query, patience: Duration) -> Result<FoundResponses> {
    let begun = Instant::now();
    let mut rooms = rooms(desk, actor, ROOMS + 1).await?;
    let more = rooms.len() as i64 > ROOMS;
    rooms.truncate(ROOMS as usize);
    let (mut documents, mut of, mut left_out) = (Vec::new(), BTreeMap::new(), Vec::new());
    for challenge in rooms.into_iter().map(ChallengeId) {
        let mut conn = desk.store.read().await?;
        let facts = crate::challenge::facts::<ListOpenedResponses>(&mut conn, actor, challenge, Lock::None).await?;
        // No attempt to read: a search asks for nothing in particular, so a refusal leaves no entry.
        if policy::list_opened_responses(actor, &facts).is_err() {
            continue;
        }
        if !documents.is_empty() && (documents.len() >= RESPONSES || begun.elapsed() >= patience) {
            let title = conn.challenge_row(challenge).await?.map(|row| row.title()).unwrap_or_default();
            left_out.push((challenge, title));
            continue;
        }
        let round = opened_round(desk, &mut conn, facts).await?;
        for response in &round.responses {
            documents.push(document(&round, response));
            of.insert(response.id.get(), FoundResponse { challenge, named: response.named.clone() });
        }
    }
    let query = Query { kinds: vec![Kind::Response], ..query };
    let now = desk.store.now().micros();
    let page = blocking(move || {
        let index = Index::in_memory()?;
        index.apply(documents.into_iter().map(Change::Put).collect(), Position { position: 0, due_until: 0 })?;
        Ok(index.search(&query, &Reader::public(), now)?)
    })
    .await?;
    Ok(FoundResponses { page, of, left_out, more })
}

/// Public to whom this one index is for. What the page of the response keeps back (price and what belongs to it, who signed) is
/// not in it; enclosed files are named, not read.
fn document(round: &OpenedRound, response: &OpenedResponse) -> Document {
    let terms = &round.terms;
    let said = |field: &Field| {
        matches!(field, Field::Question(_) | Field::Promise(_) | Field::By(_) | Field::Evidence(_) | Field::DeclareWhy(_))
    };
    let mut body = String::new();
    for field in form(terms).into_iter().filter(said) {
        body.push_str(response.answer(field));
        body.push('\n');
    }
    for file in response.content.all_files() {
        body.push_str(&file.name);
        body.push('\n');
    }
    Document {
        kind: Kind::Response,
        id: response.id.get(),
        title: round.title.clone(),
        summary: String::new(),
        body,
        who: match &response.named {
            Named::Supplier(name) => name.clone(),
            Named::Pseudonym(_) => String::new(),
        },
        place: String::new(),
        lang: terms.lang.clone(),
        audiences: vec![Audience::Public],
        published_at: response.received_at.map_or(0, Moment::micros),
        opens_at: None,
        closes_at: None,
        decided_at: None,
        buyer: String::new(),
        categories: terms.categories.clone(),
        budget: None,
    }
}
