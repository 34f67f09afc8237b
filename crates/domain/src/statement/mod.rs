//! The statement check: reads a problem statement as a careful procurement adviser would and says for each finding what,
//! where, why and a better way. It advises; only a brand where it would narrow the field must be cleared.
//!
//! Pure: the same statement gives the same findings on the server and in the browser. Which words a rule looks for is data
//! (`crates/domain/rules`); how well each rule does on real challenges is measured (`docs/statement-check.md`). To add a
//! rule: name it in [`Rule`], put its words into a list, its judgement into `rules/`, its sentences into `check.ftl`, and
//! measure it before it speaks.

mod draft;
mod finding;
mod pack;
mod passage;
mod pattern;
mod rules;
mod words;

#[cfg(test)]
mod tests;

pub use draft::{of_draft, of_section};
pub use finding::{Finding, Gravity, Rule, Span};
pub use passage::{Facts, Lang, Linked, Passage, Role, Statement};

/// All findings: by passage in the order given, by place within a passage; what is missing and the structural ones last.
pub fn check(statement: &Statement) -> Vec<Finding> {
    rules::run(statement)
}
