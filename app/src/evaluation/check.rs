//! The check: responses by requirements, and one response with what is recorded of it.

use axum::extract::{Path, RawQuery};
use axum::response::{IntoResponse, Redirect, Response};
use domain::challenge::{Stage, Terms};
use domain::check::{CheckKind, CheckSubject, FILES};
use domain::ids::{ChallengeId, ResponseId};
use domain::moment::local_fields;
use domain::policy::{ReadCheck, Refused};
use domain::response::{Field, asks_price, form};
use leptos::prelude::*;
use workflow::check::{self as verbs, CheckView, Clarification, Record};
use workflow::response::OpenedResponse;

use super::{named, response_of};
use crate::account::shown;
use crate::challenge::{crumbs, id_of};
use crate::cx::Cx;
use crate::fault::Fault;
use crate::frame::Page;
use crate::guard::Post;
use crate::response::{answers_view, enclosed, price_view};
use crate::ui::{
    Column, Form, Table, amount, checkbox, empty, error_summary, exact, hidden, input, paragraphs, radios, stage_tag, submit,
    tag, textarea, warning, when,
};
use crate::words::t;

/// How a cell stands: the kind of its tag and the key of its word.
fn state(cx: &Cx, subject: CheckSubject, newest: Option<&Record>) -> (&'static str, &'static str) {
    match newest {
        // Only a price that looks too low is asked about.
        None if subject == CheckSubject::Price => ("past", "cell-not-asked"),
        None => ("waiting", "cell-waits"),
        Some(record) => match (record.kind, &record.clarification) {
            (CheckKind::Passed, _) => ("open", "cell-passed"),
            (CheckKind::Excluded, _) => ("cancelled", "cell-excluded"),
            (CheckKind::Clarify, Some(asked)) if asked.answer.is_some() => ("waiting", "cell-answered"),
            (CheckKind::Clarify, Some(asked)) if cx.now.reached(asked.deadline) => ("waiting", "cell-unanswered"),
            (CheckKind::Clarify, _) => ("scoring", "cell-asked"),
        },
    }
}

/// What is checked of each response: the requirements, and the price once it may be seen.
fn subjects(found: &CheckView) -> Vec<CheckSubject> {
    let required = found.terms.requirements.iter().map(|one| CheckSubject::Requirement(one.id));
    let price = found.facts.stage().has_result() && asks_price(&found.terms);
    required.chain(price.then_some(CheckSubject::Price)).collect()
}

fn title_of(cx: &Cx, terms: &Terms, subject: CheckSubject) -> String {
    let requirement = match subject {
        CheckSubject::Requirement(id) => terms.requirements.iter().find(|one| one.id == id),
        CheckSubject::Price => None,
    };
    requirement.map_or_else(|| t!(cx, "checks-price"), |one| one.title.clone())
}

pub async fn check(cx: Cx, Path(id): Path<String>) -> Result<Response, Fault> {
    let id = id_of(&id)?;
    let found = verbs::read_check(&cx.desk, &cx.actor, id).await?;
    let subjects = subjects(&found);
    let main = if subjects.is_empty() || found.responses.is_empty() {
        let (title, text) =
            if subjects.is_empty() { ("checks-none", "checks-none-text") } else { ("responses-none", "responses-none-text") };
        empty(t!(cx, title), t!(cx, text))
    } else {
        grid(&cx, id, &found, &subjects)
    };
    let title = t!(cx, "checks-title");
    let scoring = matches!(found.facts.stage(), Stage::Scoring | Stage::Moderation);
    let body = view! {
        <p class="wp-meta">{stage_tag(&cx, found.facts.stage(), true)}</p>
        <span class="govuk-caption-l">{found.title.clone()}</span>
        <h1 class="govuk-heading-l">{title.clone()}</h1>
        <p class="wp-lead">{t!(cx, "checks-text")}</p>
        <p><strong>{t!(cx, "checks-open", n = found.facts.standing.unchecked)}</strong></p>
        {(scoring && !subjects.is_empty()).then(|| warning(&cx, t!(cx, "checks-again")))}
        {main}
    };
    Ok(Page::new(title, body).under(crumbs(&cx, id, &found.title)).wide().render(&cx))
}

fn grid(cx: &Cx, id: ChallengeId, found: &CheckView, subjects: &[CheckSubject]) -> AnyView {
    let short = |n: usize, subject: &CheckSubject| match subject {
        CheckSubject::Price => t!(cx, "checks-price"),
        CheckSubject::Requirement(_) => t!(cx, "checks-column", n = n),
    };
    let heads = (1..).zip(subjects).map(|(n, subject)| Column::named(short(n, subject)));
    let columns = [Column::of(cx, "column-supplier")].into_iter().chain(heads).collect();
    let legend = found.terms.requirements.iter().map(|one| view! { <li>{one.title.clone()}</li> }).collect_view();
    let rows = found
        .responses
        .iter()
        .map(|response| {
            let name = named(cx, &response.named);
            let cells = subjects.iter().map(|subject| {
                    let (kind, key) = state(cx, *subject, found.cell(response.id, *subject).next_back());
                    let label = t!(cx, "checks-of", name = &name, what = title_of(cx, &found.terms, *subject));
                    let href = format!("/challenges/{id}/check/{}?cell={subject}", response.id);
                    view! { <a class="govuk-link" href=href aria-label=format!("{label}: {}", t!(cx, key))>{tag(kind, t!(cx, key))}</a> }.into_any()
                });
            let out = response.excluded.is_some().then(|| view! { " " {tag("cancelled", t!(cx, "response-excluded"))} });
            let title = view! { <a class="govuk-link" href=format!("/challenges/{id}/check/{}", response.id)>{name.clone()}</a>{out} };
            [title.into_any()].into_iter().chain(cells).collect()
        })
        .collect();
    view! {
        {Table::new(t!(cx, "checks-table"), columns, rows).render()}
        <h2 class="govuk-heading-m">{t!(cx, "checks-requirements")}</h2>
        <ol class="govuk-list govuk-list--number">{legend}</ol>
    }
    .into_any()
}

fn chosen(query: Option<&str>) -> Option<String> {
    query?.split('&').find_map(|pair| pair.strip_prefix("cell=")).map(str::to_owned)
}

pub async fn check_one(
    cx: Cx,
    Path((id, response)): Path<(String, String)>,
    RawQuery(query): RawQuery,
) -> Result<Response, Fault> {
    let (id, response) = (id_of(&id)?, response_of(&response)?);
    one(&cx, id, response, chosen(query.as_deref()), Form::default()).await
}

async fn one(cx: &Cx, id: ChallengeId, response: ResponseId, cell: Option<String>, form: Form) -> Result<Response, Fault> {
    let found = verbs::read_check(&cx.desk, &cx.actor, id).await?;
    let unseen = Refused::unseen::<ReadCheck>(response.get());
    let of = found.responses.iter().find(|one| one.id == response).ok_or(unseen)?;
    let subjects = subjects(&found);
    let waits = |subject: &CheckSubject| match found.cell(response, *subject).next_back().map(|record| record.kind) {
        None => *subject != CheckSubject::Price,
        Some(kind) => kind == CheckKind::Clarify,
    };
    let all = cell.as_deref() == Some("all");
    let asked_for = cell.as_deref().and_then(CheckSubject::parse).filter(|subject| subjects.contains(subject));
    let next = subjects.iter().copied().find(|subject| waits(subject) && of.excluded.is_none());
    let active = if all { None } else { asked_for.or(next) };
    // A price that is asked about keeps the decision waiting; it is settled here.
    let may = !found.facts.stage().has_result() || found.facts.stage() == Stage::Result && found.facts.officer();
    let rows = subjects
        .iter()
        .map(|subject| {
            let (kind, key) = state(cx, *subject, found.cell(response, *subject).next_back());
            let current = active == Some(*subject);
            let title = title_of(cx, &found.terms, *subject);
            let href = format!("/challenges/{id}/check/{response}?cell={subject}#cell");
            view! { <li><a class="govuk-link" href=href aria-current=current.then_some("step")>{title}</a> " " {tag(kind, t!(cx, key))}</li> }
        })
        .collect_view();
    let several = subjects.iter().filter(|subject| waits(subject) && **subject != CheckSubject::Price).count() > 1;
    let pass_all = (several && !all).then(|| {
        view! { <p><a class="govuk-link" href=format!("/challenges/{id}/check/{response}?cell=all#cell")>{t!(cx, "checks-all")}</a></p> }
    });
    let main = match active {
        _ if all => pass_all_form(cx, &form, found.mark(response, None)),
        Some(subject) => cell_view(cx, &found, of, subject, &form, may),
        None => view! { <p>{t!(cx, "checks-settled")}</p> }.into_any(),
    };
    let price = found.facts.stage().has_result().then_some(()).and(of.content.price.as_ref());
    let price = price.map(|price| price_view(cx, &of.content, amount(price)));
    let name = named(cx, &of.named);
    let body = view! {
        {error_summary(cx, &form.errors)}
        <span class="govuk-caption-l">{found.title.clone()}</span>
        <h1 class="govuk-heading-l">{name.clone()}</h1>
        <p class="wp-meta">{stage_tag(cx, found.facts.stage(), true)} {of.excluded.is_some().then(|| view! { " " {tag("cancelled", t!(cx, "response-excluded"))} })}</p>
        <ol class="govuk-list govuk-list--number">{rows}</ol>
        {pass_all}
        <section id="cell">{main}</section>
        <h2 class="govuk-heading-m">{t!(cx, "checks-answers")}</h2>
        <div class="wp-score__answers">{answers_view(cx, &found.terms, &of.content, &format!("/challenges/{id}/responses/{response}/files"))}{price}</div>
    };
    let mut above = crumbs(cx, id, &found.title);
    above.push((format!("/challenges/{id}/check"), t!(cx, "checks-title")));
    Ok(Page::new(name, body).under(above).invalid_if(form.invalid()).render(cx))
}

fn pass_all_form(cx: &Cx, form: &Form, seen: String) -> AnyView {
    view! {
        <h2 class="govuk-heading-m">{t!(cx, "checks-all-title")}</h2>
        <p>{t!(cx, "checks-all-text")}</p>
        <form method="post" novalidate>
            {hidden("subject", "all")}
            {hidden("seen", seen)}
            {textarea(cx, form, "reason", t!(cx, "check-reason"), "check-reason-hint", 3)}
            {submit(t!(cx, "check-all-button"), "")}
        </form>
    }
    .into_any()
}

/// One requirement of one response: what was recorded, and the form for what comes next.
fn cell_view(cx: &Cx, found: &CheckView, of: &OpenedResponse, subject: CheckSubject, form: &Form, may: bool) -> AnyView {
    let terms = &found.terms;
    let requirement = match subject {
        CheckSubject::Requirement(id) => terms.requirements.iter().find(|one| one.id == id),
        CheckSubject::Price => None,
    };
    let evidence = requirement.filter(|one| !one.evidence.is_empty());
    let evidence = evidence.map(|one| view! { <p class="wp-muted">{t!(cx, "checks-evidence", evidence = &one.evidence)}</p> });
    // What the supplier declared of it stands beside what is recorded.
    let declared = requirement.and_then(|one| of.content.declaration(one.id)).map(|(holds, why)| {
        let key = if holds { "declared-beside-yes" } else { "declared-beside-no" };
        view! { <div class="govuk-inset-text"><p>{t!(cx, key)}</p>{(!why.is_empty()).then(|| paragraphs(why))}</div> }
    });
    let files_at = format!("/challenges/{}/responses/{}/files", found.facts.challenge, of.id);
    let records: Vec<&Record> = found.cell(of.id, subject).collect();
    let history = records
        .iter()
        .map(|record| {
            let (kind, key) = match record.kind {
                CheckKind::Clarify => ("scoring", "cell-asked"),
                _ => state(cx, record.subject, Some(record)),
            };
            let asked = record.clarification.as_ref().map(|asked| answered(cx, terms, asked, &files_at));
            view! { <li>{tag(kind, t!(cx, key))} " " {t!(cx, "checks-by", name = &record.by)} " " {exact(cx, record.at, Some(&terms.zone))}{paragraphs(&record.reason)}{asked}</li> }
        })
        .collect_view();
    let history = (!records.is_empty())
        .then(|| view! { <h3 class="govuk-heading-s">{t!(cx, "checks-history")}</h3><ol class="govuk-list">{history}</ol> });
    let seen = found.mark(of.id, Some(subject));
    let officer = found.facts.team == Some(domain::challenge::TeamRole::Officer);
    let form = (may && officer).then(|| cell_form(cx, found, subject, form, seen));
    view! { <h2 class="govuk-heading-m">{title_of(cx, terms, subject)}</h2>{evidence}{declared}{history}{form} }.into_any()
}

fn cell_form(cx: &Cx, found: &CheckView, subject: CheckSubject, form: &Form, seen: String) -> AnyView {
    let terms = &found.terms;
    let price = subject == CheckSubject::Price;
    let kinds = CheckKind::ALL
        .iter()
        .map(|kind| {
            let label = format!("check-{}-{}", if price { "price" } else { "kind" }, kind.code());
            let hint = (*kind != CheckKind::Passed).then(|| t!(cx, &format!("check-kind-{}-hint", kind.code())));
            (kind.code().to_owned(), t!(cx, &label), hint)
        })
        .collect();
    let days = terms.law.numbers().clarification_days;
    let (date, time) = local_fields(terms.law.clarification_from(cx.now, &terms.zone), &terms.zone);
    let own = if price { "price" } else { "requirement" };
    let mut shown = form.clone();
    if !form.invalid() {
        shown.fields.set(format!("field-{own}"), "yes");
    }
    let names = std::iter::once(own.to_owned()).chain(touchable(terms)).chain([FILES.to_owned()]);
    let touch =
        names.map(|name| checkbox(cx, &shown, &format!("field-{name}"), field_label(cx, terms, &name), "yes")).collect_view();
    view! {
        <form method="post" novalidate>
            {hidden("subject", subject)}
            {hidden("seen", seen)}
            {radios(cx, &shown, "kind", t!(cx, "check-kind"), kinds)}
            {textarea(cx, &shown, "reason", t!(cx, "check-reason"), "check-reason-hint", 4)}
            <fieldset class="govuk-fieldset">
                <legend class="govuk-fieldset__legend govuk-fieldset__legend--s">{t!(cx, "check-touch")}</legend>
                <p class="govuk-hint">{t!(cx, "check-touch-hint")}</p>
                {touch}
            </fieldset>
            <p class="govuk-hint">{t!(cx, "check-deadline-hint", zone = &terms.zone, days = days, date = date, time = time)}</p>
            <div class="wp-pair">
                {input(cx, &shown, "deadline_date", t!(cx, "check-deadline-date"), "", "date", "")}
                {input(cx, &shown, "deadline_time", t!(cx, "check-deadline-time"), "field-time-hint", "time", "")}
            </div>
            {submit(t!(cx, "check-button"), "")}
        </form>
    }
    .into_any()
}

/// Fields of the form that a clarification may touch: the value of a promise stands for all of it.
fn touchable(terms: &Terms) -> impl Iterator<Item = String> {
    let fields = form(terms).into_iter().filter(|field| matches!(field, Field::Question(_) | Field::Promise(_)));
    fields.map(Field::name)
}

/// How a field is called that a clarification touches.
pub fn field_label(cx: &Cx, terms: &Terms, name: &str) -> String {
    match Field::parse(name) {
        Some(Field::Question(id)) => {
            terms.questions.iter().find(|one| one.id == id).map_or_else(|| name.to_owned(), |one| one.label.clone())
        }
        Some(Field::Promise(id)) => terms.outcome(id).map_or_else(|| name.to_owned(), |one| one.title.clone()),
        _ if name == FILES => t!(cx, "clarify-field-files"),
        _ if name == "price" => t!(cx, "clarify-field-price"),
        _ => t!(cx, "clarify-field-requirement"),
    }
}

/// By when a clarification is answered, and what was answered; `files_at`: where files of the response are handed out.
fn answered(cx: &Cx, terms: &Terms, asked: &Clarification, files_at: &str) -> AnyView {
    match &asked.answer {
        None if cx.now.reached(asked.deadline) => view! { <p class="wp-muted">{t!(cx, "clarified-unanswered")}</p> }.into_any(),
        None => {
            view! { <p class="wp-meta">{t!(cx, "clarify-by")} " " {when(cx, asked.deadline, Some(&terms.zone))}</p> }.into_any()
        }
        Some(answer) => {
            let texts = answer
                .texts
                .iter()
                .map(|(name, text)| view! { <h4 class="govuk-heading-s">{field_label(cx, terms, name)}</h4>{paragraphs(text)} })
                .collect_view();
            let files = answer.files.iter().map(|(name, files)| {
                let what = t!(cx, "clarified-files", what = field_label(cx, terms, name));
                view! { <h4 class="govuk-heading-s">{what}</h4>{enclosed(cx, files, files_at)} }
            });
            let files = files.collect_view();
            view! { <div class="govuk-inset-text"><p class="wp-meta">{t!(cx, "clarified-answered")} " " {exact(cx, answer.at, Some(&terms.zone))}</p>{texts}{files}</div> }
                .into_any()
        }
    }
}

/// What was clarified of an opened response, beside its untouched answers; `files_at`: where its files are handed out.
pub fn clarified(cx: &Cx, terms: &Terms, clarified: &[Clarification], files_at: &str) -> Option<AnyView> {
    if clarified.is_empty() {
        return None;
    }
    let all = clarified
        .iter()
        .map(|asked| {
            view! {
                <section>
                    <h3 class="wp-score__question">{title_of(cx, terms, asked.subject)}</h3>
                    <p class="wp-meta">{t!(cx, "clarified-asked")} " " {exact(cx, asked.asked_at, Some(&terms.zone))}</p>
                    {paragraphs(&asked.question)}
                    {answered(cx, terms, asked, files_at)}
                </section>
            }
        })
        .collect_view();
    Some(
        view! { <section class="wp-score__answers"><h2 class="govuk-heading-m">{t!(cx, "clarified-title")}</h2>{all}</section> }
            .into_any(),
    )
}

pub async fn check_one_post(cx: Cx, Path((id, response)): Path<(String, String)>, post: Post) -> Result<Response, Fault> {
    let (id, response) = (id_of(&id)?, response_of(&response)?);
    match verbs::check_response(&cx.desk, &cx.actor, id, response, &post.fields).await {
        Ok(()) => Ok(Redirect::to(&format!("/challenges/{id}/check/{response}?done=checked")).into_response()),
        Err(error) => {
            let cell = Some(post.fields.get("subject").to_owned());
            // What the policy says of an exclusion is told by the form, with what was typed kept.
            let errors = match error {
                workflow::Error::Refused(refused)
                    if matches!(
                        refused.why,
                        domain::policy::Refusal::NotAskedFirst | domain::policy::Refusal::ClarificationOpen
                    ) =>
                {
                    vec![domain::form::FieldError::new("kind", refused.why.code())]
                }
                workflow::Error::Stale => vec![domain::form::FieldError::new("cell", "stale-check")],
                error => shown(error)?,
            };
            one(&cx, id, response, cell, Form::with(post.fields, errors)).await
        }
    }
}
