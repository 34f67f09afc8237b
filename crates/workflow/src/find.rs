//! Searching: the policy's scope as a reader of the index.

mod came;
mod opened;

use domain::form::Fields;
use domain::ids::{ChallengeId, OrganisationId};
use domain::moment::Moment;
use domain::organisation::{Actor, OrganisationKind};
use domain::policy::{FindScope, find_scope};
use search::{Audience, Band, Hit, Kind, Likeness, Page, Query, Reader, Sort, Suggestion, When};
use store::Conn;

pub use self::came::{Awarded, Came, Standing, standings};
pub use self::opened::{FoundResponse, FoundResponses, reads_responses, search_for, search_responses};

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
    Reader { audiences: std::iter::once(Audience::Public).chain(teams).collect(), ..Reader::default() }
}

/// What the actor may find in the index as it is. One of another version, which is read until this one's is whole, is not followed:
/// what was taken back since it was left is hidden. (Whoever lost a place on a team finds nothing of it in any case: whose
/// documents a reader asks for is read from the database, each time.) Who is signed in finds at once what they wrote just before.
async fn reads(desk: &Desk, actor: &Actor) -> Result<Reader> {
    if actor.user().is_some() {
        crate::follow::caught_up(desk).await;
    }
    let reader = reader(&scope(desk, actor).await?);
    hiding(desk, reader).await
}

async fn hiding(desk: &Desk, reader: Reader) -> Result<Reader> {
    let Some(left_at) = desk.index.left_at() else { return Ok(reader) };
    let taken_back = desk.store.read().await?.taken_back_since(left_at.position).await?;
    let hidden = taken_back.into_iter().flat_map(|(kind, id)| match kind.as_str() {
        "solution" => vec![(Kind::Solution, id)],
        _ => vec![(Kind::Supplier, id), (Kind::Buyer, id)],
    });
    Ok(Reader { hidden: hidden.collect(), ..reader })
}

/// Whatever is typed is a query; nothing in it is an error.
pub async fn search(desk: &Desk, actor: &Actor, query: Query) -> Result<Page> {
    let reader = reads(desk, actor).await?;
    let (index, now) = (desk.index.clone(), desk.store.now().micros());
    blocking(move || Ok(index.search(&query, &reader, now)?)).await
}

/// The fields of an address that say what is looked for; `sort` and `page` only say how it is shown.
pub const SEARCH_FIELDS: &[&str] = &["q", "kind", "when", "category", "place", "buyer", "lang", "budget"];

/// Documents on a page of what was found.
pub const PER_PAGE: u32 = 20;
/// How deep one may page.
pub const DEEPEST: u32 = 10_000;

/// The text of a search as far as it is read.
pub fn typed(fields: &Fields) -> String {
    fields.raw("q").chars().take(MOST_LETTERS).collect()
}

/// Letters that are read of what is typed, and of each other field.
pub const MOST_LETTERS: usize = 400;
pub const MOST_OF_A_FIELD: usize = 200;

/// Whatever an address says is a query: what means nothing chooses nothing.
pub fn query_of(fields: &Fields) -> Query {
    let text =
        |name: &str| Some(fields.get(name).trim().chars().take(MOST_OF_A_FIELD).collect::<String>()).filter(|it| !it.is_empty());
    Query {
        text: typed(fields),
        kinds: Kind::parse(fields.get("kind")).into_iter().collect(),
        when: When::parse(fields.get("when")).unwrap_or_default(),
        sort: match fields.get("sort") {
            "closing" => Sort::Closing,
            "newest" => Sort::Newest,
            _ => Sort::Relevance,
        },
        category: text("category"),
        place: text("place"),
        buyer: text("buyer"),
        lang: text("lang"),
        band: Band::parse(fields.get("budget")),
        page: fields.get("page").parse().unwrap_or(1).clamp(1, DEEPEST / PER_PAGE),
        per_page: PER_PAGE,
        ..Query::default()
    }
}

/// A document of a feed, and when it was last published or changed.
#[derive(Clone, Debug)]
pub struct Entry {
    pub hit: Hit,
    pub updated: Moment,
}

/// So many entries has a feed.
const IN_A_FEED: u32 = 50;

/// The newest that everybody may find, whoever asks; newest first.
pub async fn feed(desk: &Desk, fields: &Fields) -> Result<Vec<Entry>> {
    let mut query = Query { sort: Sort::Newest, page: 1, per_page: IN_A_FEED, facets: false, ..query_of(fields) };
    if query.kinds.is_empty() {
        // What is news by itself: an organisation is none.
        query.kinds = vec![Kind::Challenge, Kind::PastChallenge, Kind::Solution];
    }
    let hits = search(desk, &Actor::Visitor, query).await?.hits;
    let hits = updated(&mut desk.store.read().await?, hits).await?;
    Ok(hits.into_iter().map(|(hit, updated)| Entry { hit, updated }).collect())
}

/// With when each was last published or changed in public.
pub(crate) async fn updated(conn: &mut Conn, hits: Vec<Hit>) -> Result<Vec<(Hit, Moment)>> {
    let challenges: Vec<_> = hits.iter().filter(|hit| hit.kind == Kind::Challenge).map(|hit| ChallengeId(hit.id)).collect();
    let changed = conn.publicly_changed(&challenges).await?;
    let at = |hit: &Hit| {
        let changed = changed.iter().find(|(challenge, _)| hit.kind == Kind::Challenge && *challenge == hit.id);
        Moment(changed.map_or(hit.published_at, |(_, at)| hit.published_at.max(*at)))
    };
    Ok(hits.into_iter().map(|hit| (at(&hit), hit)).map(|(at, hit)| (hit, at)).collect())
}

/// Which of these documents a search finds for everybody, the newest first; as much is forgiven as on the search's page. At
/// most the page of the query.
pub async fn among(desk: &Desk, query: Query, only: Vec<(Kind, i64)>) -> Result<Vec<Hit>> {
    let reader = hiding(desk, Reader { only: Some(only), ..Reader::public() }).await?;
    let (index, now) = (desk.index.clone(), desk.store.now().micros());
    let query = Query { sort: Sort::Newest, page: 1, facets: false, ..query };
    blocking(move || Ok(index.search(&query, &reader, now)?.hits)).await
}

/// Titles that begin with what is typed, of documents that the actor may find.
pub async fn suggest(desk: &Desk, actor: &Actor, prefix: String, most: usize) -> Result<Vec<Suggestion>> {
    let reader = reads(desk, actor).await?;
    let index = desk.index.clone();
    blocking(move || Ok(index.suggest(&prefix, &reader, most)?)).await
}

/// How many alike are told at once.
const ALIKE: u32 = 4;

/// What is like a document that the actor may find.
#[derive(Debug, Default)]
pub struct Alike {
    /// Challenges and past challenges, and what came of each that is over.
    pub problems: Vec<(Hit, Option<Came>)>,
    pub solutions: Vec<Hit>,
    /// By what they publish and were awarded for.
    pub suppliers: Vec<Hit>,
}

/// Problems and solutions like this document, of those that the actor may find. Nothing where the actor may not find it.
pub async fn alike(desk: &Desk, actor: &Actor, kind: Kind, id: i64) -> Result<Alike> {
    let reader = reads(desk, actor).await?;
    let (index, now) = (desk.index.clone(), desk.store.now().micros());
    let (problems, solutions, suppliers) = blocking(move || {
        let of = |kinds: &[Kind]| {
            let query = Query { kinds: kinds.to_vec(), per_page: ALIKE, ..Query::default() };
            index.similar(kind, id, &query, &reader, now)
        };
        Ok((of(&[Kind::Challenge, Kind::PastChallenge])?, of(&[Kind::Solution])?, of(&[Kind::Supplier])?))
    })
    .await?;
    let mut conn = desk.store.read().await?;
    let problems = came::came(&mut conn, problems).await?;
    Ok(Alike { problems, solutions, suppliers })
}

/// Open problems like those that the actor's supplier has solved: by what it published in the library, the challenges in
/// which it was awarded, and its solutions that came from elsewhere. Nothing for anybody else, or where it has none.
pub async fn like_what_was_solved(desk: &Desk, actor: &Actor) -> Result<Vec<Hit>> {
    let Some(acting) = actor.acting_as().filter(|acting| acting.kind == OrganisationKind::Supplier) else {
        return Ok(Vec::new());
    };
    let Some(likeness) = solved(&mut desk.store.read().await?, acting.organisation).await? else { return Ok(Vec::new()) };
    let reader = reads(desk, actor).await?;
    let (index, now) = (desk.index.clone(), desk.store.now().micros());
    let query = Query { kinds: vec![Kind::Challenge], when: When::Open, per_page: ALIKE, ..Query::default() };
    blocking(move || Ok(index.like(&likeness, &[], &query, &reader, now)?)).await
}

/// What a supplier has solved, as one text; in the language of the newest.
async fn solved(conn: &mut Conn, supplier: OrganisationId) -> Result<Option<Likeness>> {
    let most = ALIKE as usize;
    let (mut lang, mut titles, mut texts) = (None, Vec::new(), Vec::new());
    for row in conn.library_of(supplier).await?.into_iter().filter(|row| row.withdrawn_at.is_none()).take(most) {
        let entry = row.entry()?;
        lang.get_or_insert_with(|| entry.lang().to_owned());
        texts.push(format!("{}\n{}", entry.summary, entry.text()));
        titles.push(entry.title);
    }
    for award in conn.awards_to(supplier).await?.into_iter().take(most) {
        let Some(row) = conn.challenge_row(ChallengeId(award.challenge)).await? else { continue };
        titles.push(row.title());
        texts.extend(row.terms()?.map(|terms| format!("{}\n{}", terms.summary, terms.problem.now)));
    }
    for row in conn.solutions_of(supplier.get(), i64::from(ALIKE)).await? {
        lang.get_or_insert(row.lang);
        titles.push(row.title);
        texts.push(row.body);
    }
    let lang = lang.unwrap_or_else(|| "en".to_owned());
    Ok((!titles.is_empty()).then(|| Likeness { lang, title: titles.join("\n"), text: texts.join("\n") }))
}

/// The engine blocks; the async threads do not.
async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(|error| Error::Broken(error.to_string()))?
}
