//! What benchmarks measure against: the bare engine over the same texts, as its own documentation would have it.

use std::path::Path;

use tantivy::collector::{Count, TopDocs};
use tantivy::query::{BooleanQuery, Occur, Query, QueryParser, TermQuery};
use tantivy::schema::{Field, IndexRecordOption, STORED, STRING, Schema, TextFieldIndexing, TextOptions};
use tantivy::{Index as Engine, IndexReader, IndexWriter, TantivyDocument, Term};

use crate::document::Document;
use crate::{Error, Kind};

/// Title and body in English word forms, a term for the reader and one for the kind.
pub struct Raw {
    reader: IndexReader,
    parser: QueryParser,
    audience: Field,
    kind: Field,
}

/// Takes documents until `finish`.
pub struct RawBuilder {
    engine: Engine,
    writer: IndexWriter,
    fields: [Field; 5],
}

impl RawBuilder {
    /// In an empty folder.
    pub fn new(folder: &Path) -> Result<Self, Error> {
        let mut schema = Schema::builder();
        let text = TextOptions::default().set_stored().set_indexing_options(
            TextFieldIndexing::default().set_tokenizer("en_stem").set_index_option(IndexRecordOption::WithFreqsAndPositions),
        );
        let fields = [
            schema.add_text_field("title", text.clone()),
            schema.add_text_field("body", text),
            schema.add_text_field("audience", STRING),
            schema.add_text_field("kind", STRING),
            schema.add_i64_field("id", STORED),
        ];
        let engine = Engine::create_in_dir(folder, schema.build())?;
        let writer = engine.writer_with_num_threads(1, 64 << 20)?;
        Ok(Self { engine, writer, fields })
    }

    pub fn put(&mut self, document: &Document) -> Result<(), Error> {
        let [title, body, audience, kind, id] = self.fields;
        let mut out = TantivyDocument::new();
        out.add_text(title, &document.title);
        out.add_text(body, format!("{}\n{}", document.summary, document.body));
        for one in &document.audiences {
            out.add_text(audience, one.term());
        }
        out.add_text(kind, document.kind.as_str());
        out.add_i64(id, document.id);
        self.writer.add_document(out)?;
        Ok(())
    }

    pub fn finish(mut self) -> Result<Raw, Error> {
        self.writer.commit()?;
        self.writer.wait_merging_threads()?;
        let [title, body, audience, kind, _] = self.fields;
        let mut parser = QueryParser::for_index(&self.engine, vec![title, body]);
        parser.set_conjunction_by_default();
        Ok(Raw { reader: self.engine.reader()?, parser, audience, kind })
    }
}

impl Raw {
    /// Public documents of a kind that have all the words: how many there are, and the best twenty read.
    pub fn search(&self, text: &str, kind: Kind) -> Result<usize, Error> {
        let searcher = self.reader.searcher();
        let (words, _) = self.parser.parse_query_lenient(text);
        let exact = |field, text: &str| -> (Occur, Box<dyn Query>) {
            (Occur::Must, Box::new(TermQuery::new(Term::from_field_text(field, text), IndexRecordOption::Basic)))
        };
        let query =
            BooleanQuery::new(vec![(Occur::Must, words), exact(self.audience, "public"), exact(self.kind, kind.as_str())]);
        let (best, total) = searcher.search(&query, &(TopDocs::with_limit(20).order_by_score(), Count))?;
        for (_, address) in best {
            let _: TantivyDocument = searcher.doc(address)?;
        }
        Ok(total)
    }
}
