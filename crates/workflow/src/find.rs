//! Searching: the policy's scope as a reader of the index.

use domain::organisation::Actor;
use domain::policy::{FindScope, find_scope};
use search::{Audience, Page, Query, Reader, Suggestion};

use crate::{Desk, Error, Result};

/// What the actor may find, as the policy says.
pub async fn scope(desk: &Desk, actor: &Actor) -> Result<FindScope> {
    let teams = match (actor.user(), actor.acting_as()) {
        (Some(user), Some(acting)) => desk.store.read().await?.teams_of(user.get(), acting.organisation.get()).await?,
        _ => Vec::new(),
    };
    Ok(find_scope(actor, teams.into_iter().map(Into::into).collect()))
}

pub fn reader(scope: &FindScope) -> Reader {
    let teams = scope.teams.iter().map(|challenge| Audience::Team(challenge.get()));
    Reader { audiences: std::iter::once(Audience::Public).chain(teams).collect(), hidden: Vec::new() }
}

/// Whatever is typed is a query; nothing in it is an error.
pub async fn search(desk: &Desk, actor: &Actor, query: Query) -> Result<Page> {
    let reader = reader(&scope(desk, actor).await?);
    let (index, now) = (desk.index.clone(), desk.store.now().micros());
    blocking(move || Ok(index.search(&query, &reader, now)?)).await
}

/// Titles that begin with what is typed, of documents that the actor may find.
pub async fn suggest(desk: &Desk, actor: &Actor, prefix: String, most: usize) -> Result<Vec<Suggestion>> {
    let reader = reader(&scope(desk, actor).await?);
    let index = desk.index.clone();
    blocking(move || Ok(index.suggest(&prefix, &reader, most)?)).await
}

/// The engine blocks; the async threads do not.
async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(|error| Error::Broken(error.to_string()))?
}
