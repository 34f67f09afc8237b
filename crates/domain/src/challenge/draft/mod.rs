//! A draft as typed, section by section, and its parsing into terms.

mod budget;
mod categories;
mod contact;
mod context;
mod criteria;
mod limits;
mod outcomes;
mod panel;
mod problem;
mod questions;
mod requirements;
mod rounds;
mod terms;
#[cfg(test)]
mod tests;
mod timetable;
mod written;

use std::collections::BTreeMap;

pub use contact::LANGUAGES;
pub use criteria::SCALES;
pub use outcomes::MOST_OUTCOMES;
pub use written::draft_of;

use crate::challenge::Terms;
use crate::form::{Errors, FieldError, Fields};
use crate::moment::Moment;

/// The pages of the workshop, in their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Section {
    Problem,
    Outcomes,
    Limits,
    Context,
    Budget,
    Timetable,
    Requirements,
    Terms,
    Questions,
    Criteria,
    Panel,
    Rounds,
    Categories,
    Contact,
}

crate::organisation::codes!(Section {
    Problem = "problem",
    Outcomes = "outcomes",
    Limits = "limits",
    Context = "context",
    Budget = "budget",
    Timetable = "timetable",
    Requirements = "requirements",
    Terms = "terms",
    Questions = "questions",
    Criteria = "criteria",
    Panel = "panel",
    Rounds = "rounds",
    Categories = "categories",
    Contact = "contact",
});

#[derive(Clone, Debug, Default)]
pub struct Draft(pub BTreeMap<Section, Fields>);

impl Draft {
    pub fn section(&self, section: Section) -> Fields {
        self.0.get(&section).cloned().unwrap_or_default()
    }

    pub fn title(&self) -> &str {
        self.0.get(&Section::Problem).map_or("", |fields| fields.get("title"))
    }
}

/// Most rows of a list.
const MOST_ROWS: usize = 30;

/// Errors of each section, while a draft is parsed.
struct Reader<'a> {
    draft: &'a Draft,
    errors: Vec<(Section, FieldError)>,
}

impl Reader<'_> {
    fn read<T>(&mut self, section: Section, parse: impl FnOnce(&Fields, &mut Errors) -> T) -> T {
        let mut errors = Errors::default();
        let parsed = parse(&self.draft.section(section), &mut errors);
        self.errors.extend(errors.0.into_iter().map(|error| (section, error)));
        parsed
    }
}

/// The terms that a draft states, if it is approved at `now` to be published at `publish_at`.
pub fn parse(draft: &Draft, publish_at: Moment) -> Result<Terms, Vec<(Section, FieldError)>> {
    let (terms, errors) = parse_loosely(draft, publish_at);
    if errors.is_empty() { Ok(terms) } else { Err(errors) }
}

/// What can be read of a draft, and everything that is missing or wrong: what is missing is empty in the terms.
pub fn parse_loosely(draft: &Draft, publish_at: Moment) -> (Terms, Vec<(Section, FieldError)>) {
    let mut r = Reader { draft, errors: Vec::new() };
    let problem = r.read(Section::Problem, problem::problem);
    let outcomes = r.read(Section::Outcomes, outcomes::outcomes);
    let limits = r.read(Section::Limits, limits::limits);
    let (context, data) = r.read(Section::Context, context::context);
    let budget = r.read(Section::Budget, budget::budget);
    let dates = r.read(Section::Timetable, |f, e| timetable::timetable(f, publish_at, e));
    let requirements = r.read(Section::Requirements, requirements::requirements);
    let offer = r.read(Section::Terms, terms::offer);
    let questions = r.read(Section::Questions, |f, e| questions::questions(f, &outcomes, e));
    let (criteria, price) =
        r.read(Section::Criteria, |f, e| (criteria::criteria(f, budget.pilot.as_ref(), &questions, e), criteria::price(f, e)));
    let panel = r.read(Section::Panel, panel::panel);
    let mut later = r.read(Section::Rounds, |f, e| rounds::rounds(f, &dates.zone, dates.deadline, e));
    // One method for the whole challenge: it is never mixed.
    later.iter_mut().for_each(|round| round.method = panel.method);
    let categories = r.read(Section::Categories, categories::categories);
    let contact = r.read(Section::Contact, contact::contact);
    let terms = Terms {
        title: problem.title,
        summary: problem.summary,
        problem: problem.parts,
        statement: problem.statement,
        outcomes,
        limits,
        context,
        data,
        budget: budget.pilot,
        currency: budget.currency,
        route: budget.route,
        adoption: budget.adoption,
        requirements,
        offer,
        questions,
        criteria,
        method: panel.method,
        panel: panel.panel,
        price,
        later,
        total_threshold: panel.total_threshold,
        enquiry_deadline: dates.enquiries,
        deadline: dates.deadline,
        opening_at: dates.opening,
        zone: dates.zone,
        decision_by: dates.decision,
        pilot_from: dates.pilot,
        law: dates.law,
        categories,
        place: contact.place,
        contact: contact.contact,
        credit: contact.credit,
        anonymous: panel.anonymous,
        promises_bind: budget.promises_bind,
        lang: contact.lang,
        // No text of a section: the workflow adds what is attached.
        attachments: Vec::new(),
    };
    (terms, r.errors)
}
