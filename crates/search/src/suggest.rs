//! Titles that begin to look like what somebody is typing.

use crate::document::Kind;
use crate::index::Index;
use crate::language::{Folder, words};
use crate::matching::Matcher;
use crate::query::{Query, Wanted};
use crate::rank::{Gather, Order};
use crate::statistics::Statistics;
use crate::visibility::Reader;
use crate::{Error, query::Word};

/// Of so many newest matches the best are chosen.
const LOOKED_AT: usize = 50;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suggestion {
    pub kind: Kind,
    pub id: i64,
    pub title: String,
}

impl Index {
    /// Documents that this reader may find and whose title has all the words of `prefix`, the last one perhaps
    /// unfinished: first those whose title begins so, then the newest. At most `limit`, and never more than 50. Nothing
    /// for a prefix without a word.
    pub fn suggest(&self, prefix: &str, reader: &Reader, limit: usize) -> Result<Vec<Suggestion>, Error> {
        let side = self.side();
        let (searcher, fields) = (side.searcher(), &side.fields);
        let mut folder = Folder::new();
        let typed = Wanted::typed(prefix, &mut folder, &side.languages());
        let statistics = Statistics::of(&searcher, fields, typed.iter(), reader.reads_public_only())?;
        let query = Query { facets: false, ..Query::default() };
        let matcher = Matcher { searcher: &searcher, fields, reader, query: &query, now: 0, cache: &side.cache, statistics };
        let columns = side.cache.of(&searcher)?;
        let gather = Gather { columns, chosen: None, order: Order::Newest, limit: LOOKED_AT };
        let gathered = matcher.titles(&typed, &gather)?;
        let beginning = join(typed.iter().map(|word: &Word| word.surface.clone()));
        let mut found = Vec::new();
        for (_, address) in gathered.best {
            let shown = side.shown(&searcher, address)?;
            let surfaces = words(&shown.title).map(|(_, word)| folder.surface(word));
            let begins = join(surfaces).starts_with(&beginning);
            found.push((!begins, Suggestion { kind: shown.kind, id: shown.id, title: shown.title }));
        }
        // Stable: within each part the newest stay first.
        found.sort_by_key(|(later, _)| *later);
        found.truncate(limit);
        Ok(found.into_iter().map(|(_, it)| it).collect())
    }
}

fn join(surfaces: impl Iterator<Item = String>) -> String {
    surfaces.collect::<Vec<_>>().join(" ")
}
