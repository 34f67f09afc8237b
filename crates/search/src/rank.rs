//! One pass over what matches: counts, and the best in an order that is total.
//!
//! The engine's own collectors break ties by place in the index, which differs from node to node and moves when hidden
//! documents make segments merge. Here the date and then kind and id decide.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::sync::Arc;

use tantivy::collector::{Collector, SegmentCollector};
use tantivy::{DocAddress, DocId, Score, SegmentOrdinal, SegmentReader};

use crate::columns::Columns;
use crate::document::Kind;
use crate::facets::{Chosen, Counter, Counts};

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

#[derive(Clone)]
pub(crate) struct Gather {
    /// By segment.
    pub columns: Vec<Arc<Columns>>,
    /// What is counted and chosen here. Without it all that matches is kept, and only its number told.
    pub chosen: Option<Chosen>,
    pub order: Order,
    /// How many are kept. With 0 it only counts.
    pub limit: usize,
}

#[derive(Debug, Default)]
pub(crate) struct Gathered {
    /// That match and are what was chosen.
    pub total: usize,
    /// Of all that match, where something is counted.
    pub counts: Counts,
    /// Best first.
    pub best: Vec<Ranked>,
}

impl Gathered {
    /// Whether nothing matched, whatever is chosen.
    pub fn is_empty(&self) -> bool {
        self.total == 0 && self.counts.seen == 0
    }
}

pub(crate) struct SegmentGather {
    counter: Option<Counter>,
    order: Order,
    limit: usize,
    segment: SegmentOrdinal,
    columns: Arc<Columns>,
    total: usize,
    best: BinaryHeap<Reverse<Ranked>>,
}

impl Collector for Gather {
    type Fruit = Gathered;
    type Child = SegmentGather;

    fn for_segment(&self, segment: SegmentOrdinal, _: &SegmentReader) -> tantivy::Result<SegmentGather> {
        let columns = self.columns.get(segment as usize).cloned();
        let columns = columns.ok_or_else(|| tantivy::TantivyError::InternalError("a segment without columns".to_owned()))?;
        Ok(SegmentGather {
            counter: self.chosen.as_ref().map(|chosen| Counter::new(chosen, &columns)),
            order: self.order,
            limit: self.limit,
            segment,
            columns,
            total: 0,
            best: BinaryHeap::new(),
        })
    }

    fn requires_scoring(&self) -> bool {
        self.order == Order::Score && self.limit > 0
    }

    fn merge_fruits(&self, segments: Vec<Gathered>) -> tantivy::Result<Gathered> {
        let mut all = Gathered::default();
        for segment in segments {
            all.total += segment.total;
            all.counts.add(segment.counts);
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
            Order::Newest => (0, self.columns.published_at.get_val(doc)),
            Order::Closing { now } => match self.columns.closes_at.first(doc) {
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
        if let Some(counter) = &mut self.counter
            && !counter.admits(doc)
        {
            return;
        }
        self.total += 1;
        if self.limit == 0 {
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
        let columns = &self.columns;
        let key = Reverse((columns.kind.get_val(doc), columns.id.get_val(doc)));
        let rank = Rank { group, first, published_at: columns.published_at.get_val(doc), key };
        self.best.push(Reverse((rank, DocAddress::new(self.segment, doc))));
        if full {
            self.best.pop();
        }
    }

    fn harvest(self) -> Gathered {
        let counts = self.counter.map(Counter::counts).unwrap_or_default();
        Gathered { total: self.total, counts, best: self.best.into_iter().map(|Reverse(ranked)| ranked).collect() }
    }
}

/// Every document that matches, by kind and id, in no order.
pub(crate) struct Keys(pub Vec<Arc<Columns>>);

pub(crate) struct SegmentKeys {
    columns: Arc<Columns>,
    keys: Vec<(Kind, i64)>,
}

impl Collector for Keys {
    type Fruit = Vec<(Kind, i64)>;
    type Child = SegmentKeys;

    fn for_segment(&self, segment: SegmentOrdinal, _: &SegmentReader) -> tantivy::Result<SegmentKeys> {
        let columns = self.0.get(segment as usize).cloned();
        let columns = columns.ok_or_else(|| tantivy::TantivyError::InternalError("a segment without columns".to_owned()))?;
        Ok(SegmentKeys { columns, keys: Vec::new() })
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
        if let Some(kind) = Kind::ALL.get(self.columns.kind.get_val(doc) as usize) {
            self.keys.push((*kind, self.columns.id.get_val(doc)));
        }
    }

    fn harvest(self) -> Vec<(Kind, i64)> {
        self.keys
    }
}
