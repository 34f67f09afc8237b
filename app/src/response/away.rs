//! Working on a draft elsewhere: the questions with their limits as a document, and what was written there put back.

use std::collections::BTreeMap;

use axum::extract::Path;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use docx_rs::{Docx, Paragraph, Run, Style, StyleType};
use domain::challenge::QuestionKind;
use domain::form::{FieldError, Fields};
use domain::response::{ASIDE, Field, Place, REASONS, Secret, Sheet, Typed, declared, form_mark, marker};
use leptos::prelude::*;
use workflow::response::{self as verbs, OwnResponse};

use super::draft::{Shown, draft_page};
use super::fields::{Asked, asked, asked_label, hint_of, price_basis, promise_words};
use super::id_of;
use crate::cx::Cx;
use crate::fault::Fault;
use crate::frame::Page;
use crate::guard::Post;
use crate::ui::{Form, error_summary, instant, textarea};
use crate::words::t;

const DOCX: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";

/// One place of the document: the field, how it is written, what it is called, and what stands beside it.
struct Row {
    field: Field,
    typed: Typed,
    place: Place,
}

fn row(field: Field, typed: Typed, heading: String, asides: impl IntoIterator<Item = String>) -> Row {
    // A help text of several lines is several asides: each line of the document is one or none.
    let lines = asides.into_iter().flat_map(|aside| aside.lines().map(str::to_owned).collect::<Vec<_>>());
    let asides = lines.filter(|line| !line.trim().is_empty()).collect();
    Row { field, typed, place: Place { heading: heading.split_whitespace().collect::<Vec<_>>().join(" "), asides } }
}

/// What of a page is a control with options, as lines beside the place.
fn options(cx: &Cx, options: &[(String, String)], several: bool) -> Vec<String> {
    let how = t!(cx, if several { "away-some" } else { "away-one" });
    std::iter::once(how).chain(options.iter().map(|(_, words)| words.clone())).collect()
}

/// All that the form asks, but files: those are named where they are asked for, with where to add them.
fn elsewhere(cx: &Cx, own: &OwnResponse) -> Vec<Row> {
    let terms = &own.terms;
    let words = |max: u32| t!(cx, "away-words", max = max);
    let coded = |codes: &[&str], key: &str| -> Vec<(String, String)> {
        codes.iter().map(|code| ((*code).to_owned(), t!(cx, &format!("{key}-{code}")))).collect()
    };
    let mut rows = Vec::new();
    for part in asked(terms) {
        let label = asked_label(cx, part);
        match part {
            Asked::Question(question) => {
                let mut beside = vec![hint_of(cx, terms, question)];
                let typed = match &question.kind {
                    QuestionKind::YesNo => Typed::One(coded(&["yes", "no"], "answer")),
                    QuestionKind::Choice { options, several } => {
                        let options = options.iter().map(|option| (option.clone(), option.clone())).collect();
                        if *several { Typed::Some(options) } else { Typed::One(options) }
                    }
                    QuestionKind::Date => Typed::Date,
                    _ => Typed::Text,
                };
                match &typed {
                    Typed::One(all) => beside.extend(options(cx, all, false)),
                    Typed::Some(all) => beside.extend(options(cx, all, true)),
                    Typed::Date => beside.push(t!(cx, "away-date")),
                    _ => {}
                }
                if let QuestionKind::Files { .. } = question.kind {
                    let at =
                        format!("{}/responses/{}#{}", cx.desk.base_url, own.facts.response, Field::Question(question.id).name());
                    beside.push(t!(cx, "away-files", at = at));
                }
                if question.kind.has_words() {
                    beside.push(words(question.max_words));
                }
                rows.push(row(Field::Question(question.id), typed, label.clone(), beside));
                if question.confidential {
                    let of = |part, typed, name: &str, beside: Vec<String>| {
                        let heading = t!(cx, "away-secret", question = &label, part = t!(cx, name));
                        row(Field::Secret(question.id, part), typed, heading, beside)
                    };
                    let mut reasons = REASONS.to_vec();
                    reasons.push("other");
                    let reasons = coded(&reasons, "secret-why");
                    let beside = options(cx, &reasons, false);
                    let hint = |name: &str| vec![t!(cx, name)];
                    rows.push(of(Secret::Words, Typed::Text, "secret-words", hint("secret-words-hint")));
                    rows.push(of(Secret::Why, Typed::One(reasons), "secret-why", beside));
                    rows.push(of(Secret::Reason, Typed::Text, "secret-reason", hint("secret-reason-hint")));
                    rows.push(of(Secret::Until, Typed::Date, "secret-until", hint("away-date")));
                }
            }
            Asked::Outcome(outcome, question) => {
                let said = t!(
                    cx,
                    promise_words(outcome),
                    now = &outcome.baseline,
                    wanted = &outcome.target,
                    unit = &outcome.unit,
                    by = &outcome.by
                );
                rows.push(row(Field::Promise(outcome.id), Typed::Text, t!(cx, "promise-value", outcome = &label), [said]));
                if question.is_some() {
                    let until = t!(cx, "promise-by", outcome = &label);
                    rows.push(row(Field::By(outcome.id), Typed::Date, until, [t!(cx, "away-date")]));
                }
                let limit = question.map(|question| words(question.max_words));
                rows.push(row(Field::Evidence(outcome.id), Typed::Text, t!(cx, "promise-evidence", outcome = &label), limit));
            }
            Asked::Declarations(terms) => {
                for one in declared(terms) {
                    let said = coded(&["yes", "no"], "declared");
                    let beside = options(cx, &said, false);
                    rows.push(row(Field::Declare(one.id), Typed::One(said), one.title.clone(), beside));
                    let why = t!(cx, "away-secret", question = &one.title, part = t!(cx, "declare-why"));
                    rows.push(row(Field::DeclareWhy(one.id), Typed::Text, why, [t!(cx, "declare-why-hint")]));
                }
                rows.push(row(Field::SignedBy, Typed::Text, t!(cx, "signed-by"), [t!(cx, "signed-by-hint")]));
                rows.push(row(Field::SignedOn, Typed::Date, t!(cx, "signed-on"), [t!(cx, "away-date")]));
            }
            Asked::Price => {
                let label = t!(cx, "price-label", currency = terms.currency.to_string());
                rows.push(row(Field::Price, Typed::Amount(terms.currency), label, price_basis(cx, terms)));
                let valid = [t!(cx, "price-valid-hint"), t!(cx, "away-whole")];
                rows.push(row(Field::PriceValid, Typed::Whole, t!(cx, "price-valid"), valid));
                rows.push(row(Field::PriceCovers, Typed::Text, t!(cx, "price-covers"), [t!(cx, "price-covers-hint")]));
            }
        }
    }
    rows
}

/// The document as it is handed out now, and as what comes back is read.
fn sheet_of(rows: &[Row]) -> Sheet {
    let form = form_mark(rows.iter().map(|row| &row.field));
    Sheet::new(form, rows.iter().map(|row| row.place.clone()).collect())
}

/// The document, with what is written already.
pub async fn document(cx: Cx, Path(id): Path<String>) -> Result<Response, Fault> {
    let own = verbs::read_own_response(&cx.desk, &cx.actor, id_of(&id)?).await?;
    let bytes = docx(&cx, &own).ok_or_else(|| Fault::broken("a document could not be made"))?;
    let name = format!("attachment; filename=\"{}.docx\"", own.reference);
    let headers = [
        (header::CONTENT_TYPE, DOCX.to_owned()),
        (header::CONTENT_DISPOSITION, name),
        (header::CACHE_CONTROL, "private, no-store".to_owned()),
    ];
    Ok((headers, bytes).into_response())
}

fn docx(cx: &Cx, own: &OwnResponse) -> Option<Vec<u8>> {
    let line = |text: &str| Paragraph::new().add_run(Run::new().add_text(text));
    let aside = |text: String| Paragraph::new().add_run(Run::new().add_text(format!("{ASIDE} {text}")).italic());
    let heading = Style::new("Heading2", StyleType::Paragraph).name("heading 2").size(26).bold();
    let title = Style::new("Heading1", StyleType::Paragraph).name("heading 1").size(34).bold();
    let mut docx = Docx::new().add_style(title).add_style(heading);
    docx = docx.add_paragraph(line(&own.terms.title).style("Heading1"));
    let deadline = instant(cx.words, own.terms.deadline, &own.terms.zone);
    docx = docx.add_paragraph(aside(t!(cx, "away-how", deadline = deadline)));
    let partners = format!("{}/responses/{}/partners", cx.desk.base_url, own.facts.response);
    docx = docx.add_paragraph(aside(t!(cx, "away-partners", at = partners)));
    let rows = elsewhere(cx, own);
    let sheet = sheet_of(&rows);
    for (n, Row { field, typed, place }) in (1..).zip(&rows) {
        docx = docx.add_paragraph(line(&format!("{} {}", marker(n, sheet.form()), place.heading)).style("Heading2"));
        for beside in &place.asides {
            docx = docx.add_paragraph(aside(beside.clone()));
        }
        let text = own.answers.get(&field.name()).map(|answer| answer.text.clone()).unwrap_or_default();
        for paragraph in sheet.written(&typed.words(&text)) {
            docx = docx.add_paragraph(line(&paragraph));
        }
    }
    let mut bytes = std::io::Cursor::new(Vec::new());
    docx.build().pack(&mut bytes).ok()?;
    Some(bytes.into_inner())
}

pub async fn paste(cx: Cx, Path(id): Path<String>) -> Result<Response, Fault> {
    let own = verbs::read_own_response(&cx.desk, &cx.actor, id_of(&id)?).await?;
    Ok(paste_page(&cx, &own, &Form::default()))
}

fn first_marker(cx: &Cx, own: &OwnResponse) -> String {
    marker(1, sheet_of(&elsewhere(cx, own)).form())
}

fn paste_page(cx: &Cx, own: &OwnResponse, form: &Form) -> Response {
    let id = own.facts.response;
    let body = view! {
        {error_summary(cx, &form.errors)}
        <span class="govuk-caption-l">{own.terms.title.clone()}</span>
        <h1 class="govuk-heading-l">{t!(cx, "paste-title")}</h1>
        <p class="wp-lead">{t!(cx, "paste-text", marker = first_marker(cx, own))}</p>
        <p><a class="govuk-link" href=format!("/responses/{id}/document") download="">{t!(cx, "away-document")}</a></p>
        <form method="post" novalidate>
            {textarea(cx, form, "pasted", t!(cx, "paste-field"), "paste-field-hint", 16)}
            <button class="govuk-button">{t!(cx, "paste-button")}</button>
        </form>
        <p><a class="govuk-link" href=format!("/responses/{id}")>{t!(cx, "back-to-draft")}</a></p>
    };
    let above = vec![("/work".into(), t!(cx, "nav-work")), (format!("/responses/{id}"), own.terms.title.clone())];
    Page::new(t!(cx, "paste-title"), body).under(above).invalid_if(form.invalid()).works().render(cx)
}

/// The draft with what was pasted in its fields. Nothing is saved before it was looked at: where an answer says something else
/// already, both stand there.
pub async fn paste_post(cx: Cx, Path(id): Path<String>, post: Post) -> Result<Response, Fault> {
    let own = verbs::read_own_response(&cx.desk, &cx.actor, id_of(&id)?).await?;
    let rows = elsewhere(&cx, &own);
    let sheet = sheet_of(&rows);
    let pasted = post.fields.raw("pasted");
    // Its numbers stand for other questions than ours do, unless its headings are ours: nothing is put anywhere by guess.
    let renumbered = if sheet.is_of_another(pasted) {
        let Some(renumbered) = sheet.renumbered(pasted) else {
            let error = FieldError::new("pasted", "pasted-other-form");
            return Ok(paste_page(&cx, &own, &Form::with(post.fields, vec![error])));
        };
        Some(renumbered)
    } else {
        None
    };
    let mut parts = sheet.split(renumbered.as_deref().unwrap_or(pasted));
    parts.remove(&0);
    if parts.is_empty() {
        let error = FieldError::new("pasted", "pasted-nothing").with("marker", first_marker(&cx, &own));
        return Ok(paste_page(&cx, &own, &Form::with(post.fields, vec![error])));
    }
    let mut fields: Fields = own.draft();
    let (mut theirs, mut errors) = (BTreeMap::new(), Vec::new());
    for (n, Row { field, typed, .. }) in (1..).zip(&rows) {
        let Some(text) = parts.remove(&n) else { continue };
        let name = field.name();
        let before = fields.raw(&name).to_owned();
        let text = match typed.read(&text) {
            Ok(text) => text,
            // The draft keeps what it had; what was pasted stands in the sentence, because its control has no place for it.
            Err((code, said)) => {
                errors.push(FieldError::new(name, code).with("text", said));
                continue;
            }
        };
        if !before.trim().is_empty() && before.trim() != text {
            theirs.insert(name.clone(), before);
        }
        fields.set(name, text);
    }
    draft_page(&cx, &own, &Shown { form: Form::with(fields, errors), theirs, one: None, pasted: true }).await
}
