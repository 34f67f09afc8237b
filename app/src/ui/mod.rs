//! Words of pages without procurement in them: fields, errors, tables, dates, tags. A thing moves here on its third use.

mod fields;
mod format;
mod markdown;
mod pieces;
mod table;

pub use fields::{
    Choice, Form, checkbox, described, error_summary, field, hidden, in_textarea, input, password, radios, select, sentence,
    submit, textarea, textarea_with,
};
pub use format::{
    amount, civil, clock, days_left, decimal, escaped, exact, instant, number, relative, short, size, time_left, urgency, when,
};
pub use markdown::{markdown, paragraphs};
pub use pieces::{bar, confirm, done_banner, empty, pager, stage_tag, summary, tag, warning};
pub(crate) use table::cells;
pub use table::{Column, Row, Table, table};
