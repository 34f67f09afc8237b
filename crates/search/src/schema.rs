//! The fields of the index, and its version.

use tantivy::Term;
use tantivy::schema::{FAST, Field, IndexRecordOption, STORED, STRING, Schema, SchemaBuilder, TextFieldIndexing, TextOptions};

use crate::document::Kind;
use crate::language::Forms;

/// Up by one whenever fields, words or stemmers change: an index of another version is made anew.
pub(crate) const VERSION: u32 = 3;

/// Indexes of versions before this one are not read even while another is made. Goes up to `VERSION` with a version that mends
/// who may find what, or what is told of it.
pub(crate) const READ_FROM: u32 = 1;

/// One piece of text, indexed twice over: a document that the public may find is in `public`, any other in
/// `restricted`, so that nothing a hidden document says is counted where public words are ranked.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Text {
    pub public: Field,
    pub restricted: Field,
    /// How much a word found here counts, relative to the body.
    pub weight: f32,
}

/// How much a word counts in the title, and in all else. By measurement (`docs/search.md`): more hides texts that say it behind
/// titles that mention it, less loses titles that are half remembered.
const TITLE: f32 = 2.5;
const REST: f32 = 1.0;

/// Names of the fast columns.
pub(crate) const KIND: &str = "kind";
pub(crate) const ID: &str = "id";
pub(crate) const PUBLISHED_AT: &str = "published_at";
pub(crate) const OPENS_AT: &str = "opens_at";
pub(crate) const CLOSES_AT: &str = "closes_at";
pub(crate) const DECIDED_AT: &str = "decided_at";
pub(crate) const BUYER: &str = "buyer";
pub(crate) const PLACE: &str = "place";
pub(crate) const CATEGORY: &str = "category";
pub(crate) const BUDGET: &str = "budget";
pub(crate) const LANG: &str = "lang";

#[derive(Debug, Clone, Copy)]
pub(crate) struct Fields {
    // What is searched. Words only: no text is stored here.
    pub title: Text,
    /// Summary, buyer, supplier, place and body, one after the other.
    pub rest: Text,
    /// For `buyer:` and `place:`. No ranking counts their words, so public and other documents share them.
    pub buyer_words: Field,
    pub place_words: Field,
    // What filters.
    /// `"challenge:123"`: one document each.
    pub key: Field,
    /// `Audience::term` and `Audience::term_of`, several a document.
    pub audience: Field,
    /// Which stemmer the document went through; empty for none.
    pub stemmer: Field,
    // What is answered, sorted by and compared with `now`. Columns and stored.
    pub kind: Field,
    pub id: Field,
    pub published_at: Field,
    pub opens_at: Field,
    pub closes_at: Field,
    pub decided_at: Field,
    // What is counted by, and chosen from: a name each, as written.
    pub buyer: Field,
    pub place: Field,
    /// Eight digits as a number, several a document.
    pub category: Field,
    pub budget: Field,
    /// `document::tag`.
    pub lang: Field,
    // What is shown. Stored only.
    pub shown_title: Field,
    pub shown_summary: Field,
    pub shown_body: Field,
    pub shown_who: Field,
    pub shown_lang: Field,
}

impl Fields {
    pub fn text(&self) -> [Text; 2] {
        [self.title, self.rest]
    }

    pub fn key_term(&self, kind: Kind, id: i64) -> Term {
        Term::from_field_text(self.key, &format!("{}:{id}", kind.as_str()))
    }
}

/// The fields of another version's index, by their names: those that are searched, filtered and shown must be there as they
/// are now, whatever else there is. A filter by words of buyer or place that it lacks finds nothing in it.
pub(crate) fn fields_in(other: &Schema) -> Option<Fields> {
    let (own, _) = build();
    let find = |name: &str| {
        let field = other.get_field(name).ok()?;
        (other.get_field_entry(field) == own.get_field_entry(own.get_field(name).ok()?)).then_some(field)
    };
    let text = |name: &str, weight| Some(Text { public: find(name)?, restricted: find(&format!("{name}_restricted"))?, weight });
    let key = find("key")?;
    Some(Fields {
        title: text("title", TITLE)?,
        rest: text("rest", REST)?,
        buyer_words: find("buyer_words").unwrap_or(key),
        place_words: find("place_words").unwrap_or(key),
        key,
        audience: find("audience")?,
        stemmer: find("stemmer")?,
        kind: find(KIND)?,
        id: find(ID)?,
        published_at: find(PUBLISHED_AT)?,
        opens_at: find(OPENS_AT)?,
        closes_at: find(CLOSES_AT)?,
        decided_at: find(DECIDED_AT)?,
        buyer: find(BUYER)?,
        place: find(PLACE)?,
        category: find(CATEGORY)?,
        budget: find(BUDGET)?,
        lang: find(LANG)?,
        shown_title: find("shown_title")?,
        shown_summary: find("shown_summary")?,
        shown_body: find("shown_body")?,
        shown_who: find("shown_who")?,
        shown_lang: find("shown_lang")?,
    })
}

pub(crate) fn build() -> (Schema, Fields) {
    let mut builder = Schema::builder();
    let number = FAST | STORED;
    let name = STRING | FAST;
    let fields = Fields {
        title: text(&mut builder, "title", TITLE),
        rest: text(&mut builder, "rest", REST),
        buyer_words: builder.add_text_field("buyer_words", words()),
        place_words: builder.add_text_field("place_words", words()),
        key: builder.add_text_field("key", STRING),
        audience: builder.add_text_field("audience", filter()),
        stemmer: builder.add_text_field("stemmer", filter()),
        kind: builder.add_u64_field(KIND, number.clone()),
        id: builder.add_i64_field(ID, number.clone()),
        published_at: builder.add_i64_field(PUBLISHED_AT, number.clone()),
        opens_at: builder.add_i64_field(OPENS_AT, number.clone()),
        closes_at: builder.add_i64_field(CLOSES_AT, number.clone()),
        decided_at: builder.add_i64_field(DECIDED_AT, number),
        buyer: builder.add_text_field(BUYER, name.clone()),
        place: builder.add_text_field(PLACE, name),
        category: builder.add_u64_field(CATEGORY, FAST),
        budget: builder.add_i64_field(BUDGET, FAST),
        lang: builder.add_u64_field(LANG, FAST),
        shown_title: builder.add_text_field("shown_title", STORED),
        shown_summary: builder.add_text_field("shown_summary", STORED),
        shown_body: builder.add_text_field("shown_body", STORED),
        shown_who: builder.add_text_field("shown_who", STORED),
        shown_lang: builder.add_text_field("shown_lang", STORED),
    };
    (builder.build(), fields)
}

fn text(builder: &mut SchemaBuilder, name: &str, weight: f32) -> Text {
    let options = TextOptions::default().set_indexing_options(
        TextFieldIndexing::default().set_tokenizer(Forms::NAME).set_index_option(IndexRecordOption::WithFreqsAndPositions),
    );
    Text {
        public: builder.add_text_field(name, options.clone()),
        restricted: builder.add_text_field(&format!("{name}_restricted"), options),
        weight,
    }
}

/// Found by, never ranked by.
fn words() -> TextOptions {
    TextOptions::default().set_indexing_options(
        TextFieldIndexing::default().set_tokenizer(Forms::NAME).set_fieldnorms(false).set_index_option(IndexRecordOption::Basic),
    )
}

fn filter() -> TextOptions {
    TextOptions::default().set_indexing_options(
        TextFieldIndexing::default().set_tokenizer("raw").set_fieldnorms(false).set_index_option(IndexRecordOption::Basic),
    )
}
