//! One pass over what matches: counts by kind, and the best of the wanted kinds in an order that is total.
//!
//! The engine's own collectors break ties by place in the index, which differs from node to node and moves when hidden
//! documents make segments merge. Here the date and then kind and id decide.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::sync::Arc;

use tantivy::collector::{Collector, SegmentCollector};
use tantivy::columnar::{Column, ColumnValues};
use tantivy::{DocAddress, DocId, Score, SegmentOrdinal, SegmentReader};

use crate::document::Kind;
use crate::schema::{CLOSES_AT, ID, KIND, PUBLISHED_AT};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Order {
    Score,
    Newest,
    /// Deadlines to come, the nearest first; then those gone by, the latest first; then documents without one.
    Closing {
        now: i64,
    },
}

/// Greater is better. `score` is in thousandths: sums of floats differ in their last bits with the order of segments.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Rank {
    group: u8,
    first: i64,
    published_at: i64,
    key: Reverse<(u64, i64)>,
}

impl Rank {
    /// The score if that was the order, else 0.
    pub fn score(&self, order: Order) -> f32 {
        match order {
            Order::Score => self.first as f32 / 1000.0,
            Order::Newest | Order::Closing { .. } => 0.0,
        }
    }
}

pub(crate) type Ranked = (Rank, DocAddress);

pub(crate) struct Gather {
    /// Which kinds are kept, by `Kind::number`; all are counted.
    pub kinds: [bool; Kind::ALL.len()],
    pub order: Order,
    /// How many are kept. With 0 it only counts.
    pub limit: usize,
}

#[derive(Debug, Default)]
pub(crate) struct Gathered {
    pub counts: [usize; Kind::ALL.len()],
    /// Best first.
    pub best: Vec<Ranked>,
}

impl Gathered {
    pub fn is_empty(&self) -> bool {
        self.counts.iter().all(|count| *count == 0)
    }
}

pub(crate) struct SegmentGather {
    kinds: [bool; Kind::ALL.len()],
    order: Order,
    limit: usize,
    segment: SegmentOrdinal,
    kind: Arc<dyn ColumnValues<u64>>,
    id: Arc<dyn ColumnValues<i64>>,
    published_at: Arc<dyn ColumnValues<i64>>,
    closes_at: Column<i64>,
    counts: [usize; Kind::ALL.len()],
    best: BinaryHeap<Reverse<Ranked>>,
}

impl Collector for Gather {
    type Fruit = Gathered;
    type Child = SegmentGather;

    fn for_segment(&self, segment: SegmentOrdinal, reader: &SegmentReader) -> tantivy::Result<SegmentGather> {
        let columns = reader.fast_fields();
        Ok(SegmentGather {
            kinds: self.kinds,
            order: self.order,
            limit: self.limit,
            segment,
            kind: columns.u64(KIND)?.first_or_default_col(0),
            id: columns.i64(ID)?.first_or_default_col(0),
            published_at: columns.i64(PUBLISHED_AT)?.first_or_default_col(0),
            closes_at: columns.column_opt(CLOSES_AT)?.unwrap_or_else(|| Column::build_empty_column(reader.max_doc())),
            counts: Default::default(),
            best: BinaryHeap::new(),
        })
    }

    fn requires_scoring(&self) -> bool {
        self.order == Order::Score && self.limit > 0
    }

    fn merge_fruits(&self, segments: Vec<Gathered>) -> tantivy::Result<Gathered> {
        let mut all = Gathered::default();
        for segment in segments {
            for (sum, count) in all.counts.iter_mut().zip(segment.counts) {
                *sum += count;
            }
            all.best.extend(segment.best);
        }
        all.best.sort_unstable_by(|one, other| other.cmp(one));
        all.best.truncate(self.limit);
        Ok(all)
    }
}

impl SegmentGather {
    fn first(&self, doc: DocId, score: Score) -> (u8, i64) {
        match self.order {
            Order::Score => (0, (f64::from(score) * 1000.0).round() as i64),
            Order::Newest => (0, self.published_at.get_val(doc)),
            Order::Closing { now } => match self.closes_at.first(doc) {
                // The bitwise complement reverses an order without overflow.
                Some(at) if now < at => (2, !at),
                Some(at) => (1, at),
                None => (0, 0),
            },
        }
    }
}

impl SegmentCollector for SegmentGather {
    type Fruit = Gathered;

    fn collect(&mut self, doc: DocId, score: Score) {
        let kind = self.kind.get_val(doc);
        let number = kind as usize;
        // A kind that this binary does not know cannot be in an index of this version.
        let Some(count) = self.counts.get_mut(number) else {
            return;
        };
        *count += 1;
        if !self.kinds[number] || self.limit == 0 {
            return;
        }
        let (group, first) = self.first(doc, score);
        let full = self.best.len() >= self.limit;
        if let Some(Reverse((worst, _))) = self.best.peek()
            && full
            && (group, first) < (worst.group, worst.first)
        {
            return;
        }
        let rank =
            Rank { group, first, published_at: self.published_at.get_val(doc), key: Reverse((kind, self.id.get_val(doc))) };
        self.best.push(Reverse((rank, DocAddress::new(self.segment, doc))));
        if full {
            self.best.pop();
        }
    }

    fn harvest(self) -> Gathered {
        Gathered { counts: self.counts, best: self.best.into_iter().map(|Reverse(ranked)| ranked).collect() }
    }
}

/// Every document that matches, by kind and id, in no order.
pub(crate) struct Keys;

pub(crate) struct SegmentKeys {
    kind: Arc<dyn ColumnValues<u64>>,
    id: Arc<dyn ColumnValues<i64>>,
    keys: Vec<(Kind, i64)>,
}

impl Collector for Keys {
    type Fruit = Vec<(Kind, i64)>;
    type Child = SegmentKeys;

    fn for_segment(&self, _: SegmentOrdinal, reader: &SegmentReader) -> tantivy::Result<SegmentKeys> {
        let columns = reader.fast_fields();
        Ok(SegmentKeys {
            kind: columns.u64(KIND)?.first_or_default_col(0),
            id: columns.i64(ID)?.first_or_default_col(0),
            keys: Vec::new(),
        })
    }

    fn requires_scoring(&self) -> bool {
        false
    }

    fn merge_fruits(&self, segments: Vec<Vec<(Kind, i64)>>) -> tantivy::Result<Vec<(Kind, i64)>> {
        Ok(segments.concat())
    }
}

impl SegmentCollector for SegmentKeys {
    type Fruit = Vec<(Kind, i64)>;

    fn collect(&mut self, doc: DocId, _: Score) {
        if let Some(kind) = Kind::ALL.get(self.kind.get_val(doc) as usize) {
            self.keys.push((*kind, self.id.get_val(doc)));
        }
    }

    fn harvest(self) -> Vec<(Kind, i64)> {
        self.keys
    }
}
