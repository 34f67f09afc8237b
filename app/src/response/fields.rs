//! The fields of a round's form: one control for each kind of question, as its supplier fills it and as its author previews it.

use domain::challenge::{Outcome, Question, QuestionKind, Terms};
use domain::form::words;
use domain::response::{Content, Field, REASONS, Secret, asks_price, box_name, declared};
use leptos::prelude::*;

use crate::cx::Cx;
use crate::ui::{Form, amount, described, field, hidden, input, paragraphs, select, textarea, textarea_with};
use crate::words::t;

/// What a page puts behind a field, by its name: who saved it, what a colleague wrote, what is wrong with it.
pub type Beside<'a> = &'a dyn Fn(&str) -> AnyView;

/// One thing that a form asks: what stands together on a page, and can stand alone on one.
#[derive(Clone, Copy)]
pub enum Asked<'a> {
    Question(&'a Question),
    /// With the question that asks for it: versions of the first release asked for every outcome without one.
    Outcome(&'a Outcome, Option<&'a Question>),
    Price,
    /// What the notice asks to be declared.
    Declarations(&'a Terms),
}

impl Asked<'_> {
    pub fn fields(self) -> Vec<Field> {
        match self {
            Asked::Question(question) => {
                let beside = Secret::ALL.map(|part| Field::Secret(question.id, part));
                [Field::Question(question.id)].into_iter().chain(beside).collect()
            }
            Asked::Outcome(outcome, _) => vec![Field::Promise(outcome.id), Field::By(outcome.id), Field::Evidence(outcome.id)],
            Asked::Price => vec![Field::Price, Field::PriceValid, Field::PriceCovers],
            Asked::Declarations(terms) => {
                let each = declared(terms).flat_map(|one| [Field::Declare(one.id), Field::DeclareWhy(one.id)]);
                each.chain([Field::SignedBy, Field::SignedOn]).collect()
            }
        }
    }
}

/// All that a form asks, in its order.
pub fn asked(terms: &Terms) -> Vec<Asked<'_>> {
    let questions = terms.questions.iter().map(|question| match question.outcome().and_then(|id| terms.outcome(id)) {
        Some(outcome) => Asked::Outcome(outcome, Some(question)),
        None => Asked::Question(question),
    });
    let outcomes = terms.unasked_outcomes().map(|outcome| Asked::Outcome(outcome, None));
    let declarations = declared(terms).next().map(|_| Asked::Declarations(terms));
    questions.chain(outcomes).chain(asks_price(terms).then_some(Asked::Price)).chain(declarations).collect()
}

/// What a part of the form is called in a list.
pub fn asked_label(cx: &Cx, asked: Asked<'_>) -> String {
    match asked {
        Asked::Question(question) => question.label.clone(),
        Asked::Outcome(outcome, question) => outcome_title(outcome, question).to_owned(),
        Asked::Price => t!(cx, "price"),
        Asked::Declarations(_) => t!(cx, "declared-title"),
    }
}

fn outcome_title<'a>(outcome: &'a Outcome, question: Option<&'a Question>) -> &'a str {
    question.map(|question| question.label.as_str()).filter(|label| !label.is_empty()).unwrap_or(&outcome.title)
}

/// The fields of what is asked.
pub fn form_fields(cx: &Cx, terms: &Terms, asked: &[Asked<'_>], form: &Form, beside: Beside<'_>) -> AnyView {
    let binds = || t!(cx, if terms.promises_bind { "promises-bind" } else { "promises-free" });
    let shown = asked
        .iter()
        .map(|part| match part {
            Asked::Question(question) => one(cx, terms, form, question, beside),
            Asked::Outcome(outcome, question) => promise(cx, form, outcome, *question, binds(), beside),
            Asked::Price => price(cx, terms, form, beside),
            Asked::Declarations(_) => declarations(cx, terms, form, beside),
        })
        .collect_view();
    view! {
        <h2 class="govuk-heading-m">{t!(cx, "questions")}</h2>
        {shown}
    }
    .into_any()
}

fn price(cx: &Cx, terms: &Terms, form: &Form, beside: Beside<'_>) -> AnyView {
    let currency = terms.currency.to_string();
    let basis = price_basis(cx, terms).map(|text| view! { <p>{text}</p> });
    let [valid, covers] = [Field::PriceValid, Field::PriceCovers].map(Field::name);
    view! {
        <h2 class="govuk-heading-m">{t!(cx, "price")}</h2>
        {basis}
        {input(cx, form, "price", t!(cx, "price-label", currency = currency), "price-hint", "number", "")}
        {beside("price")}
        {input(cx, form, &valid, t!(cx, "price-valid"), "price-valid-hint", "number", "")}
        {beside(&valid)}
        {textarea(cx, form, &covers, t!(cx, "price-covers"), "price-covers-hint", 3)}
        {beside(&covers)}
    }
    .into_any()
}

/// Each condition in the notice's own words, and one signature for all.
fn declarations(cx: &Cx, terms: &Terms, form: &Form, beside: Beside<'_>) -> AnyView {
    let rows = declared(terms)
        .map(|one| {
            let [said, why] = [Field::Declare(one.id), Field::DeclareWhy(one.id)].map(Field::name);
            let answers = ["yes", "no"].map(|code| (code.to_owned(), t!(cx, &format!("declared-{code}")))).to_vec();
            let hint = (!one.evidence.is_empty()).then(|| t!(cx, "requirement-proof", proof = &one.evidence));
            view! {
                <div class="govuk-!-margin-bottom-6">
                    {choices(cx, form, &said, (one.title.clone(), hint), answers, false, false)}
                    {beside(&said)}
                    {textarea(cx, form, &why, t!(cx, "declare-why"), "declare-why-hint", 2)}
                    {beside(&why)}
                </div>
            }
        })
        .collect_view();
    let [by, on] = [Field::SignedBy, Field::SignedOn].map(Field::name);
    view! {
        <h2 class="govuk-heading-m">{t!(cx, "declared-title")}</h2>
        <p>{t!(cx, "declarations-text")}</p>
        {rows}
        {input(cx, form, &by, t!(cx, "signed-by"), "signed-by-hint", "text", "name")}
        {beside(&by)}
        {date(cx, form, &on, t!(cx, "signed-on"), None)}
        {beside(&on)}
    }
    .into_any()
}

/// The price of a submission, how long the offer stands, and what it covers.
pub fn price_view(cx: &Cx, content: &Content, price: String) -> AnyView {
    let valid = content.valid_days().map(|days| view! { <p>{t!(cx, "price-valid-shown", days = days)}</p> });
    let covers = content.answer(Field::PriceCovers);
    let covers =
        (!covers.is_empty()).then(|| view! { <h4 class="govuk-heading-s">{t!(cx, "price-covers")}</h4>{paragraphs(covers)} });
    view! { <section><h3 class="wp-score__question">{t!(cx, "price")}</h3><p>{price}</p>{valid}{covers}</section> }.into_any()
}

/// "Without tax, for two years. It covers: …", as far as the authority said so.
pub fn price_basis(cx: &Cx, terms: &Terms) -> Option<String> {
    let basis = &terms.price;
    let mut said = vec![t!(cx, &format!("price-tax-{}", basis.tax.code()))];
    if !basis.period.is_empty() {
        said.push(t!(cx, "price-period-said", period = &basis.period));
    }
    if !basis.covers.is_empty() {
        said.push(t!(cx, "price-covers-said", covers = &basis.covers));
    }
    if basis.separate {
        said.push(t!(cx, "price-separate-said"));
    }
    asks_price(terms).then(|| said.join(" "))
}

fn label_of(cx: &Cx, label: &str, required: bool) -> String {
    if required { label.to_owned() } else { t!(cx, "optional-label", label = label) }
}

/// Help, what the kind allows, and whether confidentiality may be claimed.
pub(super) fn hint_of(cx: &Cx, terms: &Terms, question: &Question) -> String {
    let kind = match &question.kind {
        QuestionKind::Number { unit, min, max } => {
            let end = |end: &Option<_>| end.map(domain::number::canonical);
            match (end(min), end(max)) {
                (Some(min), Some(max)) => t!(cx, "number-between", min = min, max = max, unit = unit),
                (Some(min), None) => t!(cx, "number-from", min = min, unit = unit),
                (None, Some(max)) => t!(cx, "number-to", max = max, unit = unit),
                (None, None) => String::new(),
            }
        }
        QuestionKind::Money => t!(cx, "money-in", currency = terms.currency.to_string()),
        QuestionKind::Choice { several: true, .. } => t!(cx, "choose-several"),
        QuestionKind::Choice { several: false, .. } => t!(cx, "choose-one"),
        QuestionKind::Files { kinds, most } => files_wanted(cx, kinds, *most),
        _ => String::new(),
    };
    let confidential = if question.confidential { t!(cx, "confidential-allowed") } else { String::new() };
    let parts = [question.help.as_str(), &kind, &confidential];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

pub fn files_wanted(cx: &Cx, kinds: &[domain::challenge::FileKind], most: u8) -> String {
    let kinds: Vec<String> = kinds.iter().map(|kind| t!(cx, &format!("file-kind-{}", kind.code()))).collect();
    t!(cx, "files-wanted", n = most, kinds = kinds.join(", "))
}

fn one(cx: &Cx, terms: &Terms, form: &Form, question: &Question, beside: Beside<'_>) -> AnyView {
    let name = Field::Question(question.id).name();
    let label = label_of(cx, &question.label, question.required);
    let hint = Some(hint_of(cx, terms, question)).filter(|hint| !hint.is_empty());
    let control = match &question.kind {
        QuestionKind::Number { unit, .. } => line(cx, form, &name, label, hint, "decimal", unit),
        QuestionKind::Money => line(cx, form, &name, label, hint, "decimal", &terms.currency.to_string()),
        QuestionKind::Date => date(cx, form, &name, label, hint),
        QuestionKind::YesNo => {
            let answers = ["yes", "no"].map(|code| (code.to_owned(), t!(cx, &format!("answer-{code}")))).to_vec();
            choices(cx, form, &name, (label, hint), answers, false, !question.required)
        }
        QuestionKind::Choice { options, several } => {
            let answers = options.iter().map(|option| (option.clone(), option.clone())).collect();
            choices(cx, form, &name, (label, hint), answers, *several, !question.required)
        }
        QuestionKind::Files { .. } => view! {
            {textarea_with(cx, form, &name, label, hint, 3)}
            {count(cx, form, &name, question.max_words)}
        }
        .into_any(),
        kind => {
            let rows = if *kind == QuestionKind::ShortText { 2 } else { 10 };
            view! { {textarea_with(cx, form, &name, label, hint, rows)}{count(cx, form, &name, question.max_words)} }.into_any()
        }
    };
    let secret = question.confidential.then(|| secret(cx, form, question, beside));
    view! { <div class="govuk-!-margin-bottom-6">{control}{beside(&name)}{secret}</div> }.into_any()
}

/// Which words of an answer are confidential, why and until when: folded away while nothing is said.
fn secret(cx: &Cx, form: &Form, question: &Question, beside: Beside<'_>) -> AnyView {
    let [words, why, reason, until] = Secret::ALL.map(|part| Field::Secret(question.id, part).name());
    let said = [&words, &why, &reason, &until]
        .into_iter()
        .any(|name| !form.fields.get(name).is_empty() || form.errors.iter().any(|error| error.field == *name));
    let reasons =
        REASONS.iter().copied().chain(["other"]).map(|code| (code.to_owned(), t!(cx, &format!("secret-why-{code}")), None));
    let choices = std::iter::once((String::new(), t!(cx, "secret-why-none"), None)).chain(reasons).collect();
    view! {
        <details class="govuk-details wp-secret" open=said>
            <summary class="govuk-details__summary"><span class="govuk-details__summary-text">{t!(cx, "secret-title")} <span class="govuk-visually-hidden">": " {question.label.clone()}</span></span></summary>
            <div class="govuk-details__text">
                {textarea(cx, form, &words, t!(cx, "secret-words"), "secret-words-hint", 3)}{beside(&words)}
                {select(cx, form, &why, t!(cx, "secret-why"), "", choices)}{beside(&why)}
                {input(cx, form, &reason, t!(cx, "secret-reason"), "secret-reason-hint", "text", "")}{beside(&reason)}
                {date(cx, form, &until, t!(cx, "secret-until"), Some(t!(cx, "secret-until-hint")))}{beside(&until)}
            </div>
        </details>
    }
    .into_any()
}

/// Words written, of how many. What is over the limit stays and is told.
fn count(cx: &Cx, form: &Form, name: &str, max: u32) -> AnyView {
    let n = words(form.fields.get(name));
    let over = n.saturating_sub(max as usize);
    let (class, text) = match over {
        0 => ("wp-muted", t!(cx, "word-count", n = n, max = max)),
        _ => ("wp-over", t!(cx, "word-over", n = n, max = max, over = over)),
    };
    // The same sentences for whoever counts while one types.
    let within = t!(cx, "word-count", n = "{n}", max = max);
    let one = t!(cx, "word-over", n = "{n}", max = max, over = 1);
    let beyond = t!(cx, "word-over", n = "{n}", max = max, over = "{over}");
    view! {
        <p class=class data-counts=name.to_owned() data-max=max.to_string() data-within=within data-one=one data-beyond=beyond>
            {text}
        </p>
    }
    .into_any()
}

fn line(cx: &Cx, form: &Form, name: &str, label: String, hint: Option<String>, mode: &'static str, unit: &str) -> AnyView {
    let error = form.error(cx, name);
    let unit = (!unit.is_empty()).then(|| view! { <span class="wp-unit">{unit.to_owned()}</span> });
    let control = view! {
        <input class="govuk-input govuk-input--width-10" id=name.to_owned() name=name.to_owned() type="text" inputmode=mode
            value=form.fields.raw(name).to_owned() autocomplete="off"
            aria-describedby=described(name, hint.is_some(), error.is_some()) aria-invalid=error.is_some().then_some("true")/>
        {unit}
    };
    field(cx, name, label, hint, error, control.into_any())
}

fn date(cx: &Cx, form: &Form, name: &str, label: String, hint: Option<String>) -> AnyView {
    let error = form.error(cx, name);
    let control = view! {
        <input class="govuk-input govuk-input--width-10" id=name.to_owned() name=name.to_owned() type="date"
            value=form.fields.raw(name).to_owned()
            aria-describedby=described(name, hint.is_some(), error.is_some()) aria-invalid=error.is_some().then_some("true")/>
    };
    field(cx, name, label, hint, error, control.into_any())
}

/// One of the answers, or several. `open`: it may be left without one, and a choice can be taken back.
fn choices(
    cx: &Cx,
    form: &Form,
    name: &str,
    (legend, hint): (String, Option<String>),
    answers: Vec<(String, String)>,
    several: bool,
    open: bool,
) -> AnyView {
    let error = form.error(cx, name);
    let chosen: Vec<&str> = form.fields.get(name).lines().map(str::trim).collect();
    let none = (!several && open).then(|| (String::new(), t!(cx, "answer-none")));
    let items = (1..)
        .zip(answers.into_iter().chain(none))
        .map(|(n, (value, label))| {
            let checked = if value.is_empty() { chosen.is_empty() || chosen == [""] } else { chosen.contains(&value.as_str()) };
            // The first has the field's own id: the error summary leads to it.
            let id = if n == 1 { name.to_owned() } else { format!("{name}-{n}") };
            let (kind, block, posted) = match several {
                true => ("checkbox", "govuk-checkboxes", box_name(name, n)),
                false => ("radio", "govuk-radios", name.to_owned()),
            };
            view! {
                <div class=format!("{block}__item")>
                    <input class=format!("{block}__input") id=id.clone() type=kind name=posted value=value checked=checked/>
                    <label class=format!("govuk-label {block}__label") for=id>{label}</label>
                </div>
            }
        })
        .collect_view();
    let class = if error.is_some() { "govuk-form-group govuk-form-group--error" } else { "govuk-form-group" };
    let (hint_id, error_id) = (format!("{name}-hint"), format!("{name}-error"));
    let describes = described(name, hint.is_some(), error.is_some());
    view! {
        <div class=class>
            <fieldset class="govuk-fieldset" aria-describedby=describes>
                <legend class="govuk-fieldset__legend govuk-fieldset__legend--s">{legend}</legend>
                {hint.map(|hint| view! { <div class="govuk-hint" id=hint_id>{hint}</div> })}
                {error.map(|error| view! { <p class="govuk-error-message" id=error_id><span class="govuk-visually-hidden">{t!(cx, "error-prefix")}</span> {error}</p> })}
                // Boxes that are all empty post nothing: this says that the question was on the page.
                {several.then(|| hidden(name, ""))}
                <div class=if several { "govuk-checkboxes" } else { "govuk-radios" }>{items}</div>
            </fieldset>
        </div>
    }
    .into_any()
}

/// Beside the outcome: now and wanted; then the promised value, by when, and what makes it believable. `question`: nothing in
/// versions of the first release, which asked for no date.
fn promise(cx: &Cx, form: &Form, outcome: &Outcome, question: Option<&Question>, binds: String, beside: Beside<'_>) -> AnyView {
    let (value, by, evidence) =
        (Field::Promise(outcome.id).name(), Field::By(outcome.id).name(), Field::Evidence(outcome.id).name());
    let title = outcome_title(outcome, question);
    let required = question.is_none_or(|question| question.required);
    let until = question.map(|_| {
        let label = t!(cx, "promise-by", outcome = &outcome.title);
        let hint = (!outcome.by.is_empty()).then(|| t!(cx, "promise-by-hint", by = &outcome.by));
        view! { {date(cx, form, &by, label, hint)}{beside(&by)} }
    });
    let help = question
        .map(|question| question.help.clone())
        .filter(|help| !help.is_empty())
        .map(|help| view! { <p class="govuk-hint">{help}</p> });
    let limit = question.map(|question| count(cx, form, &evidence, question.max_words));
    view! {
        <fieldset class="govuk-fieldset wp-promise">
            <legend class="govuk-fieldset__legend govuk-fieldset__legend--s">{label_of(cx, title, required)}</legend>
            <p>{t!(cx, promise_words(outcome), now = &outcome.baseline, wanted = &outcome.target, unit = &outcome.unit, by = &outcome.by)} " " {binds}</p>
            {help}
            {input(cx, form, &value, t!(cx, "promise-value", outcome = &outcome.title), "promise-hint", "text", "")}
            {beside(&value)}
            {until}
            {textarea(cx, form, &evidence, t!(cx, "promise-evidence", outcome = &outcome.title), "promise-evidence-hint", 4)}
            {limit}
            {beside(&evidence)}
        </fieldset>
    }
    .into_any()
}

/// The sentence of what an outcome is now and is to be, with or without a unit.
pub(super) fn promise_words(outcome: &Outcome) -> &'static str {
    if outcome.unit.trim().is_empty() { "promise-outcome-bare" } else { "promise-outcome" }
}

/// The price as it was typed, or as an amount where it reads as one.
pub fn typed_price(terms: &Terms, text: &str) -> String {
    domain::money::Money::parse(text, terms.currency).map_or_else(|_| text.to_owned(), |money| amount(&money))
}
