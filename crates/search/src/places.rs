//! Several places of one word, or several words of which any will do, looked up one by one.
//!
//! The engine's own union fills a window of 4,096 documents with scores before it answers for one of them. Where the other words
//! of a query leave few documents, nearly all of that is thrown away: here each place is asked for those documents alone, by its
//! own list's skips. Documents and scores are those of `DisjunctionMaxQuery` with the same share.

use tantivy::query::{EmptyScorer, EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::{DocId, DocSet, Score, SegmentReader, TERMINATED, Term};

/// Matches what any of them matches; scores the best of them, and a share of each other.
#[derive(Debug)]
pub(crate) struct Places {
    of: Vec<Box<dyn Query>>,
    also: Score,
}

impl Places {
    /// `also`: the share, 0 to 1; with 1 it is their sum.
    pub fn new(of: Vec<Box<dyn Query>>, also: Score) -> Self {
        Self { of, also }
    }
}

impl Clone for Places {
    fn clone(&self) -> Self {
        Self { of: self.of.iter().map(|query| query.box_clone()).collect(), also: self.also }
    }
}

impl Query for Places {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        let of = self.of.iter().map(|query| query.weight(scoring)).collect::<tantivy::Result<_>>()?;
        Ok(Box::new(PlacesWeight { of, also: self.also }))
    }

    fn query_terms<'a>(&'a self, visitor: &mut dyn FnMut(&'a Term, bool)) {
        for query in &self.of {
            query.query_terms(visitor);
        }
    }
}

struct PlacesWeight {
    of: Vec<Box<dyn Weight>>,
    also: Score,
}

impl Weight for PlacesWeight {
    fn scorer(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let mut of = Vec::with_capacity(self.of.len());
        for weight in &self.of {
            let scorer = weight.scorer(reader, boost)?;
            if scorer.doc() != TERMINATED {
                of.push(scorer);
            }
        }
        Ok(match of.len() {
            0 => Box::new(EmptyScorer),
            // By itself it is what the engine knows best to intersect.
            1 => of.remove(0),
            _ => Box::new(PlacesScorer { doc: first(&of), of, also: self.also }),
        })
    }

    fn explain(&self, reader: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
        let mut scorer = self.scorer(reader, 1.0)?;
        let score = if scorer.doc() <= doc && scorer.seek(doc) == doc { scorer.score() } else { 0.0 };
        Ok(Explanation::new("the best place, and a share of each other", score))
    }
}

struct PlacesScorer {
    /// Two or more; `doc` is the least that any stands on.
    of: Vec<Box<dyn Scorer>>,
    doc: DocId,
    also: Score,
}

fn first(of: &[Box<dyn Scorer>]) -> DocId {
    of.iter().map(|scorer| scorer.doc()).min().unwrap_or(TERMINATED)
}

impl DocSet for PlacesScorer {
    fn advance(&mut self) -> DocId {
        self.seek(self.doc.saturating_add(1).min(TERMINATED))
    }

    fn seek(&mut self, target: DocId) -> DocId {
        if self.doc < target {
            for scorer in &mut self.of {
                if scorer.doc() < target {
                    scorer.seek(target);
                }
            }
            self.doc = first(&self.of);
        }
        self.doc
    }

    fn doc(&self) -> DocId {
        self.doc
    }

    fn size_hint(&self) -> u32 {
        self.of.iter().map(|scorer| scorer.size_hint()).fold(0, u32::saturating_add)
    }

    fn cost(&self) -> u64 {
        self.of.iter().map(|scorer| scorer.cost()).sum()
    }
}

impl Scorer for PlacesScorer {
    fn score(&mut self) -> Score {
        let (mut best, mut sum) = (0.0, 0.0);
        for scorer in &mut self.of {
            if scorer.doc() == self.doc {
                let score = scorer.score();
                sum += score;
                best = Score::max(best, score);
            }
        }
        best + (sum - best) * self.also
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use tantivy::collector::DocSetCollector;
    use tantivy::query::{BooleanQuery, DisjunctionMaxQuery, Occur, TermQuery};
    use tantivy::schema::{Field, IndexRecordOption, Schema, TEXT};
    use tantivy::{Index, Searcher, doc};

    use super::*;

    fn searcher(texts: &[String]) -> (Searcher, Field) {
        let mut schema = Schema::builder();
        let field = schema.add_text_field("text", TEXT);
        let index = Index::create_in_ram(schema.build());
        let mut writer = index.writer_with_num_threads(1, 15_000_000).unwrap();
        for text in texts {
            writer.add_document(doc!(field => text.as_str())).unwrap();
        }
        writer.commit().unwrap();
        (index.reader().unwrap().searcher(), field)
    }

    fn scores(searcher: &Searcher, query: &dyn Query) -> Vec<(u32, f32)> {
        let weight = query.weight(EnableScoring::enabled_from_searcher(searcher)).unwrap();
        let mut out = Vec::new();
        for segment in searcher.segment_readers() {
            let mut scorer = weight.scorer(segment, 1.0).unwrap();
            while scorer.doc() != TERMINATED {
                out.push((scorer.doc(), scorer.score()));
                scorer.advance();
            }
        }
        out
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(40))]

        /// The engine's union is the plain second way to the same documents and scores, alone and among other words.
        #[test]
        fn it_finds_and_scores_what_the_engines_union_does(
            texts in prop::collection::vec(prop::collection::vec("[a-e]", 1..12).prop_map(|words| words.join(" ")), 1..300),
            also in prop::sample::select(vec![0.0f32, 0.2, 1.0]),
        ) {
            let (searcher, field) = searcher(&texts);
            let term = |word: &str| -> Box<dyn Query> {
                Box::new(TermQuery::new(Term::from_field_text(field, word), IndexRecordOption::WithFreqs))
            };
            let ways = |words: &[&str]| -> [Box<dyn Query>; 2] {
                let of = || words.iter().map(|word| term(word)).collect::<Vec<_>>();
                [Box::new(Places::new(of(), also)), Box::new(DisjunctionMaxQuery::with_tie_breaker(of(), also))]
            };
            let [own, engine] = ways(&["a", "b", "z"]);
            prop_assert_eq!(scores(&searcher, own.as_ref()), scores(&searcher, engine.as_ref()));
            let among = |of: [Box<dyn Query>; 2], nth: usize| {
                let any = of.into_iter().nth(nth).unwrap();
                BooleanQuery::new(vec![(Occur::Must, any), (Occur::Must, ways(&["c", "d"]).into_iter().nth(nth).unwrap())])
            };
            let (own, engine) = (among(ways(&["a", "b"]), 0), among(ways(&["a", "b"]), 1));
            prop_assert_eq!(
                searcher.search(&own, &DocSetCollector).unwrap(),
                searcher.search(&engine, &DocSetCollector).unwrap()
            );
            prop_assert_eq!(scores(&searcher, &own), scores(&searcher, &engine));
        }
    }
}
