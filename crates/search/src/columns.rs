//! The columns of a segment, opened once: looking them up by name would cost each search as much as a rare word does.
//! Names (of places and buyers) have a number each that holds in all segments, so that counting adds up plain numbers.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tantivy::columnar::{Column, ColumnValues, StrColumn};
use tantivy::index::SegmentId;
use tantivy::{DocId, Searcher, SegmentReader};

use crate::filter::Band;
use crate::language::Folder;
use crate::schema::{BUDGET, BUYER, CATEGORY, CLOSES_AT, DECIDED_AT, ID, KIND, LANG, OPENS_AT, PLACE, PUBLISHED_AT};

pub(crate) struct Columns {
    pub kind: Arc<dyn ColumnValues<u64>>,
    pub id: Arc<dyn ColumnValues<i64>>,
    pub published_at: Arc<dyn ColumnValues<i64>>,
    pub closes_at: Column<i64>,
    pub category: Column<u64>,
    /// What is counted by, a row a document: reading seven columns for each that matches took most of a search's time.
    pub rows: Vec<Row>,
    /// By the numbers of places and buyers in this segment, those that all segments share.
    pub places: Vec<u32>,
    pub buyers: Vec<u32>,
}

/// Forty bytes: a million documents take forty megabytes.
pub(crate) struct Row {
    opens_at: i64,
    closes_at: i64,
    decided_at: i64,
    /// Numbers of this segment; `NONE` where there is no name.
    pub place: u32,
    pub buyer: u32,
    /// `document::tag`; 0 where there is none.
    pub lang: u16,
    pub kind: u8,
    /// In the order of `Band::ALL`; `NO_BAND` where there is no budget.
    pub band: u8,
    /// Which instants there are, and whether there are categories: one bit each.
    has: u8,
}

pub(crate) const NONE: u32 = u32::MAX;
pub(crate) const NO_BAND: u8 = u8::MAX;

impl Row {
    fn instant(&self, bit: u8, at: i64) -> Option<i64> {
        (self.has & bit != 0).then_some(at)
    }

    pub fn opens_at(&self) -> Option<i64> {
        self.instant(1, self.opens_at)
    }

    pub fn closes_at(&self) -> Option<i64> {
        self.instant(2, self.closes_at)
    }

    pub fn decided_at(&self) -> Option<i64> {
        self.instant(4, self.decided_at)
    }

    pub fn has_category(&self) -> bool {
        self.has & 8 != 0
    }
}

/// Whether two names (of places, of buyers) are one: in any case, with or without accents.
pub fn is_same_name(one: &str, other: &str) -> bool {
    let mut folder = Folder::new();
    folder.name(one) == folder.name(other)
}

/// Every name that was ever read, and the columns of the segments in use.
#[derive(Default)]
pub(crate) struct Cache(Mutex<Inner>);

#[derive(Default)]
struct Inner {
    numbers: HashMap<Arc<str>, u32>,
    names: Vec<Arc<str>>,
    /// By a name as names are compared: the numbers of its spellings. By number: the first of them, which stands for all.
    spellings: HashMap<String, Vec<u32>>,
    same: Vec<u32>,
    segments: HashMap<SegmentId, Arc<Columns>>,
}

impl Cache {
    /// In the order of the segments. Those of a new one are read outside of the lock: other searches do not wait for it.
    pub fn of(&self, searcher: &Searcher) -> tantivy::Result<Vec<Arc<Columns>>> {
        searcher.segment_readers().iter().map(|segment| self.columns(segment)).collect()
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn columns(&self, segment: &SegmentReader) -> tantivy::Result<Arc<Columns>> {
        let id = segment.segment_id();
        if let Some(known) = self.inner().segments.get(&id).cloned() {
            return Ok(known);
        }
        let fast = segment.fast_fields();
        let instant = |name| {
            let found: Option<Column<i64>> = fast.column_opt(name)?;
            Ok::<_, tantivy::TantivyError>(found.unwrap_or_else(|| Column::build_empty_column(segment.max_doc())))
        };
        let number = |name| {
            let found: Option<Column<u64>> = fast.column_opt(name)?;
            Ok::<_, tantivy::TantivyError>(found.unwrap_or_else(|| Column::build_empty_column(segment.max_doc())))
        };
        let (opens_at, closes_at, decided_at) = (instant(OPENS_AT)?, instant(CLOSES_AT)?, instant(DECIDED_AT)?);
        let (category, budget, lang) = (number(CATEGORY)?, instant(BUDGET)?, number(LANG)?);
        let (place, buyer) = (fast.str(PLACE)?, fast.str(BUYER)?);
        let kind = fast.u64(KIND)?.first_or_default_col(0);
        let named = |column: &Option<StrColumn>, doc| {
            let ordinal = column.as_ref().and_then(|column| column.ords().first(doc));
            ordinal.map_or(NONE, |ordinal| ordinal as u32)
        };
        let row = |doc: DocId| {
            let (opens, closes, decided) = (opens_at.first(doc), closes_at.first(doc), decided_at.first(doc));
            let there = [opens.is_some(), closes.is_some(), decided.is_some(), category.first(doc).is_some()];
            Row {
                opens_at: opens.unwrap_or_default(),
                closes_at: closes.unwrap_or_default(),
                decided_at: decided.unwrap_or_default(),
                place: named(&place, doc),
                buyer: named(&buyer, doc),
                lang: lang.first(doc).unwrap_or_default() as u16,
                kind: kind.get_val(doc) as u8,
                band: budget.first(doc).map_or(NO_BAND, |budget| Band::of(budget) as u8),
                has: there.into_iter().enumerate().map(|(bit, there)| u8::from(there) << bit).sum(),
            }
        };
        let columns = Arc::new(Columns {
            rows: (0..segment.max_doc()).map(row).collect(),
            id: fast.i64(ID)?.first_or_default_col(0),
            published_at: fast.i64(PUBLISHED_AT)?.first_or_default_col(0),
            places: self.names(place)?,
            buyers: self.names(buyer)?,
            kind,
            closes_at,
            category,
        });
        self.inner().segments.insert(id, columns.clone());
        Ok(columns)
    }

    fn names(&self, column: Option<StrColumn>) -> tantivy::Result<Vec<u32>> {
        let Some(column) = column else { return Ok(Vec::new()) };
        let mut names = Vec::with_capacity(column.num_terms());
        let mut stream = column.dictionary().stream()?;
        let mut inner = self.inner();
        while stream.advance() {
            names.push(inner.intern(&String::from_utf8_lossy(stream.key())));
        }
        Ok(names)
    }

    /// Forgets the columns of segments that are gone.
    pub fn keep(&self, searcher: &Searcher) {
        let used: HashSet<SegmentId> = searcher.segment_readers().iter().map(SegmentReader::segment_id).collect();
        self.inner().segments.retain(|id, _| used.contains(id));
    }

    /// The numbers of a name that some document has or had, in all its spellings.
    pub fn numbers(&self, name: &str) -> Vec<u32> {
        let name = Folder::new().name(name);
        self.inner().spellings.get(&name).cloned().unwrap_or_default()
    }

    pub fn spellings(&self, name: &str) -> Vec<Arc<str>> {
        self.numbers(name).into_iter().map(|number| self.name(number)).collect()
    }

    /// What is counted by number, each name's spellings together.
    pub fn together(&self, counts: HashMap<u32, usize>) -> impl Iterator<Item = Vec<(u32, usize)>> + use<> {
        let inner = self.inner();
        let mut names: HashMap<u32, Vec<(u32, usize)>> = HashMap::with_capacity(counts.len());
        for (number, count) in counts {
            let same = inner.same.get(number as usize).copied().unwrap_or(number);
            names.entry(same).or_default().push((number, count));
        }
        names.into_values()
    }

    pub fn name(&self, number: u32) -> Arc<str> {
        let inner = self.inner();
        inner.names.get(number as usize).cloned().unwrap_or_default()
    }
}

impl Inner {
    fn intern(&mut self, name: &str) -> u32 {
        if let Some(number) = self.numbers.get(name) {
            return *number;
        }
        let (number, name): (u32, Arc<str>) = (self.names.len() as u32, name.into());
        let spellings = self.spellings.entry(Folder::new().name(&name)).or_default();
        spellings.push(number);
        self.same.push(spellings.first().copied().unwrap_or(number));
        self.names.push(name.clone());
        self.numbers.insert(name, number);
        number
    }
}
