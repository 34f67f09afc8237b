//! The columns of a segment, opened once: looking them up by name would cost each search as much as a rare word does.
//! Names (of places and buyers) have a number each that holds in all segments, so that counting adds up plain numbers.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};

use tantivy::columnar::{Column, ColumnValues, StrColumn};
use tantivy::index::SegmentId;
use tantivy::{Searcher, SegmentReader};

use crate::schema::{BUDGET, BUYER, CATEGORY, CLOSES_AT, DECIDED_AT, ID, KIND, LANG, OPENS_AT, PLACE, PUBLISHED_AT};

pub(crate) struct Columns {
    pub kind: Arc<dyn ColumnValues<u64>>,
    pub id: Arc<dyn ColumnValues<i64>>,
    pub published_at: Arc<dyn ColumnValues<i64>>,
    pub opens_at: Column<i64>,
    pub closes_at: Column<i64>,
    pub decided_at: Column<i64>,
    pub category: Column<u64>,
    pub budget: Column<i64>,
    pub lang: Column<u64>,
    pub place: NameColumn,
    pub buyer: NameColumn,
}

/// A name a document at most.
pub(crate) struct NameColumn {
    /// A number of this segment.
    pub ordinals: Column<u64>,
    /// By that, the number that all segments share.
    pub names: Vec<u32>,
}

/// Every name that was ever read, and the columns of the segments in use.
#[derive(Default)]
pub(crate) struct Cache(Mutex<Inner>);

#[derive(Default)]
struct Inner {
    numbers: HashMap<Arc<str>, u32>,
    names: Vec<Arc<str>>,
    segments: HashMap<SegmentId, Arc<Columns>>,
}

impl Cache {
    /// In the order of the segments.
    pub fn of(&self, searcher: &Searcher) -> tantivy::Result<Vec<Arc<Columns>>> {
        let mut inner = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        searcher.segment_readers().iter().map(|segment| inner.columns(segment)).collect()
    }

    /// Forgets the columns of segments that are gone.
    pub fn keep(&self, searcher: &Searcher) {
        let used: HashSet<SegmentId> = searcher.segment_readers().iter().map(SegmentReader::segment_id).collect();
        self.0.lock().unwrap_or_else(PoisonError::into_inner).segments.retain(|id, _| used.contains(id));
    }

    /// The number of a name that some document has or had.
    pub fn number(&self, name: &str) -> Option<u32> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).numbers.get(name).copied()
    }

    pub fn name(&self, number: u32) -> Arc<str> {
        let inner = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        inner.names.get(number as usize).cloned().unwrap_or_default()
    }
}

impl Inner {
    fn columns(&mut self, segment: &SegmentReader) -> tantivy::Result<Arc<Columns>> {
        let id = segment.segment_id();
        if let Some(known) = self.segments.get(&id) {
            return Ok(known.clone());
        }
        let fast = segment.fast_fields();
        let none = || Column::build_empty_column(segment.max_doc());
        let instant = |name| Ok::<_, tantivy::TantivyError>(fast.column_opt(name)?.unwrap_or_else(none));
        let number = |name| {
            let found: Option<Column<u64>> = fast.column_opt(name)?;
            Ok::<_, tantivy::TantivyError>(found.unwrap_or_else(|| Column::build_empty_column(segment.max_doc())))
        };
        let columns = Arc::new(Columns {
            kind: fast.u64(KIND)?.first_or_default_col(0),
            id: fast.i64(ID)?.first_or_default_col(0),
            published_at: fast.i64(PUBLISHED_AT)?.first_or_default_col(0),
            opens_at: instant(OPENS_AT)?,
            closes_at: instant(CLOSES_AT)?,
            decided_at: instant(DECIDED_AT)?,
            category: number(CATEGORY)?,
            budget: instant(BUDGET)?,
            lang: number(LANG)?,
            place: self.names(fast.str(PLACE)?, segment)?,
            buyer: self.names(fast.str(BUYER)?, segment)?,
        });
        self.segments.insert(id, columns.clone());
        Ok(columns)
    }

    fn names(&mut self, column: Option<StrColumn>, segment: &SegmentReader) -> tantivy::Result<NameColumn> {
        let Some(column) = column else {
            return Ok(NameColumn { ordinals: Column::build_empty_column(segment.max_doc()), names: Vec::new() });
        };
        let mut names = Vec::with_capacity(column.num_terms());
        let mut stream = column.dictionary().stream()?;
        while stream.advance() {
            names.push(self.intern(&String::from_utf8_lossy(stream.key())));
        }
        Ok(NameColumn { ordinals: column.ords().clone(), names })
    }

    fn intern(&mut self, name: &str) -> u32 {
        if let Some(number) = self.numbers.get(name) {
            return *number;
        }
        let (number, name): (u32, Arc<str>) = (self.names.len() as u32, name.into());
        self.names.push(name.clone());
        self.numbers.insert(name, number);
        number
    }
}
