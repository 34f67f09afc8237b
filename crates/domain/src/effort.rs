//! What a form costs those who answer and those who score: two estimates, in minutes, shown beside the builder and on the
//! notice. Estimates, not rules: every assumption is a constant with its source, and where there is none it says so.

use crate::challenge::{Question, QuestionKind, Terms};
use crate::form::words;
use crate::response::asks_price;

/// Silent reading of non-fiction by adults. Brysbaert, "How many words do we read per minute?", Journal of Memory and
/// Language 109 (2019): 238, from 190 studies.
pub const READ_WORDS_PER_MINUTE: u32 = 238;

/// Composing at a keyboard. Karat, Halverson, Horn and Karat, "Patterns of entry and correction in large vocabulary continuous
/// speech recognition systems", CHI 1999: 19 words a minute, corrections included.
pub const COMPOSE_WORDS_PER_MINUTE: u32 = 19;

/// Minutes of finding out, agreeing and revising to each minute of composing. An assumption, from no study.
pub const PREPARE_FACTOR: u32 = 3;

/// An answer without words (a number, a date, a choice) is looked up and agreed. An assumption.
pub const FIELD_MINUTES: u32 = 10;

/// Working out what an outcome can be promised, before its evidence is written. An assumption.
pub const PROMISE_MINUTES: u32 = 45;

/// Getting one file ready. An assumption.
pub const FILE_MINUTES: u32 = 30;

/// Working out a price. An assumption.
pub const PRICE_MINUTES: u32 = 120;

/// Deciding on one score, beside reading for it and writing its reason. An assumption.
pub const SCORE_MINUTES: u32 = 2;

/// Words of one reason. An assumption.
pub const REASON_WORDS: u32 = 40;

/// More hours than this for one evaluator are warned of: a working day beside the usual work.
pub const MOST_PANEL_HOURS: u32 = 8;

fn reading(words: u32) -> u32 {
    words.div_ceil(READ_WORDS_PER_MINUTE)
}

/// What one supplier spends, at the word limits, in minutes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SupplierEffort {
    /// The notice itself.
    pub reading: u32,
    /// Most words that can be written.
    pub words: u32,
    pub writing: u32,
    /// Fields without words, and promises.
    pub fields: u32,
    pub files: u32,
    pub price: u32,
}

impl SupplierEffort {
    pub fn minutes(&self) -> u32 {
        self.reading + self.writing + self.fields + self.files + self.price
    }

    /// Whole hours, half an hour counted up; at least one.
    pub fn hours(&self) -> u32 {
        ((self.minutes() + 30) / 60).max(1)
    }
}

/// The effort of answering the first round in full.
pub fn supplier_effort(terms: &Terms) -> SupplierEffort {
    let mut effort = SupplierEffort { reading: reading(notice_words(terms)), ..SupplierEffort::default() };
    for question in &terms.questions {
        effort.words += question.words();
        match question.kind {
            QuestionKind::ShortText | QuestionKind::LongText => {}
            QuestionKind::Files { most, .. } => effort.files += FILE_MINUTES * u32::from(most.max(1)),
            QuestionKind::Promise { .. } => effort.fields += PROMISE_MINUTES,
            _ => effort.fields += FIELD_MINUTES,
        }
    }
    effort.fields += PROMISE_MINUTES * count(terms.unasked_outcomes().count());
    effort.writing = effort.words.div_ceil(COMPOSE_WORDS_PER_MINUTE) * (1 + PREPARE_FACTOR);
    effort.price = if asks_price(terms) { PRICE_MINUTES } else { 0 };
    effort
}

fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

/// Words of the notice: the problem, limits, questions, criteria.
fn notice_words(terms: &Terms) -> u32 {
    let asked = terms.questions.iter().flat_map(|question| [&question.label, &question.help]);
    let scored = terms
        .criteria
        .iter()
        .flat_map(|criterion| [&criterion.name, &criterion.guidance].into_iter().chain(&criterion.descriptors));
    let own = [&terms.summary, &terms.statement, &terms.limits, &terms.route];
    count(own.into_iter().chain(asked).chain(scored).map(|text| words(text)).sum())
}

/// What the panel spends on scoring, before it meets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PanelEffort {
    pub responses: u32,
    pub evaluators: u32,
    /// Words read for one response: those of each question once for every criterion that reads it.
    pub words: u32,
    /// Scores given for one response.
    pub scores: u32,
    /// Minutes of one evaluator.
    pub minutes: u32,
}

impl PanelEffort {
    /// Hours of one evaluator, half an hour counted up.
    pub fn hours(&self) -> u32 {
        (self.minutes + 30) / 60
    }

    /// Hours of all evaluators together.
    pub fn hours_of_all(&self) -> u32 {
        self.minutes.saturating_mul(self.evaluators).saturating_add(30) / 60
    }

    pub fn too_much(&self) -> bool {
        self.minutes > MOST_PANEL_HOURS * 60
    }
}

/// Expected responses x words x criteria: the cost of evaluation, where the officer has said what to expect.
pub fn panel_effort(terms: &Terms) -> Option<PanelEffort> {
    let expected = terms.panel.expected?;
    let (mut words, mut scores) = (0u32, 0u32);
    for leaf in terms.leaves() {
        let read: u32 = terms.questions.iter().filter(|question| leaf.reads(question.id)).map(Question::words).sum();
        words = words.saturating_add(read);
        scores += 1;
    }
    let each = scores * (SCORE_MINUTES + REASON_WORDS.div_ceil(COMPOSE_WORDS_PER_MINUTE));
    let minutes = expected.responses.saturating_mul(reading(words) + each);
    Some(PanelEffort { responses: expected.responses, evaluators: expected.evaluators, words, scores, minutes })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::challenge::{Criterion, CriterionKind, Expected};
    use crate::ids::{CriterionId, QuestionId};
    use crate::points::Weight;

    fn text(id: i64, max_words: u32) -> Question {
        let kind = QuestionKind::LongText;
        Question {
            id: QuestionId(id),
            label: String::new(),
            help: String::new(),
            kind,
            max_words,
            required: true,
            confidential: false,
        }
    }

    fn criterion(id: i64, reads: &[i64]) -> Criterion {
        Criterion {
            id: CriterionId(id),
            name: String::new(),
            guidance: String::new(),
            weight: Weight::from_hundredths(5000),
            kind: CriterionKind::Scored,
            max: 5,
            threshold: None,
            descriptors: Vec::new(),
            parts: Vec::new(),
            reads: reads.iter().copied().map(QuestionId).collect(),
        }
    }

    #[test]
    fn the_supplier_writes_reads_looks_up_and_makes_files() {
        let mut terms = Terms { questions: vec![text(1, 190)], ..Terms::default() };
        // 190 words at 19 a minute are ten minutes, and three times ten before they are written.
        let effort = supplier_effort(&terms);
        assert_eq!((effort.words, effort.writing, effort.minutes(), effort.hours()), (190, 40, 40, 1));
        terms.questions.push(Question { kind: QuestionKind::YesNo, ..text(2, 300) });
        terms.questions.push(Question { kind: QuestionKind::Files { kinds: Vec::new(), most: 2 }, ..text(3, 0) });
        let effort = supplier_effort(&terms);
        assert_eq!((effort.words, effort.fields, effort.files), (190, 10, 60), "a yes or no has no words");
        terms.statement = "word ".repeat(476);
        assert_eq!(supplier_effort(&terms).reading, 2);
    }

    #[test]
    fn the_panel_reads_each_answer_once_for_every_criterion_that_reads_it() {
        let mut terms = Terms { questions: vec![text(1, 238), text(2, 476)], ..Terms::default() };
        terms.criteria = vec![criterion(1, &[1]), criterion(2, &[1, 2])];
        assert_eq!(panel_effort(&terms), None, "nobody has said what to expect");
        terms.panel.expected = Some(Expected { responses: 10, evaluators: 3 });
        let effort = panel_effort(&terms).unwrap();
        // 238 + 238 + 476 words are four minutes; two scores of 2 + 3 minutes; ten responses.
        assert_eq!((effort.words, effort.scores, effort.minutes), (952, 2, 140));
        assert_eq!((effort.hours(), effort.hours_of_all(), effort.too_much()), (2, 7, false));
    }

    #[test]
    fn a_criterion_that_names_no_question_reads_them_all() {
        let mut terms =
            Terms { questions: vec![text(1, 100), text(2, 200)], criteria: vec![criterion(1, &[])], ..Terms::default() };
        terms.panel.expected = Some(Expected { responses: 1, evaluators: 1 });
        assert_eq!(panel_effort(&terms).unwrap().words, 300);
    }

    #[test]
    fn more_than_eight_hours_for_one_evaluator_are_too_much() {
        let effort = |minutes| PanelEffort { responses: 1, evaluators: 1, words: 0, scores: 0, minutes };
        assert!(!effort(480).too_much());
        assert!(effort(481).too_much());
    }
}
