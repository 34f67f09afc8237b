//! What the authority asks a supplier to clarify after the opening, beside what it sent.

use axum::extract::{Path, RawQuery};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use domain::check::FILES;
use domain::form::{FieldError, Fields};
use domain::ids::{ResponseId, from_text, to_text};
use domain::policy::{self, AnswerClarification, Refusal, Refused};
use leptos::prelude::*;
use serde_json::json;
use workflow::check::{self as verbs, Clarification, Clarifications};
use workflow::response::DraftAnswer;

use super::clarified_files::{beside_answer, never_sent, to_files};
use super::{answers_view, enclosed, files_at, id_of, price_view};
use crate::account::shown;
use crate::cx::Cx;
use crate::evaluation::field_label;
use crate::fault::Fault;
use crate::frame::Page;
use crate::guard::{Post, parse};
use crate::islands::{ConflictWords, DraftKeeper, KeptAt, KeptOf, SaveWords, draft_key, kept_note, person};
use crate::ui::{Form, amount, clock, empty, error_summary, exact, hidden, paragraphs, submit, textarea, when};
use crate::words::t;

pub async fn clarifications(cx: Cx, Path(id): Path<String>, RawQuery(query): RawQuery) -> Result<Response, Fault> {
    let id = id_of(&id)?;
    page(&cx, id, asked_of(query.as_deref()), Form::default()).await
}

async fn page(cx: &Cx, id: ResponseId, chosen: Option<i64>, form: Form) -> Result<Response, Fault> {
    let found = verbs::read_clarifications(&cx.desk, &cx.actor, id).await?;
    let may = |asked: &&Clarification| {
        policy::answer_clarification(&cx.actor, &found.facts, asked.deadline, asked.open, cx.now).is_ok()
    };
    // The one that was chosen, else the first that waits, else the first that can still be changed.
    let open: Vec<&Clarification> = found.asked.iter().filter(may).collect();
    let first = open.iter().find(|asked| asked.answer.is_none()).or(open.first()).map(|asked| asked.id);
    let active = chosen.filter(|id| open.iter().any(|asked| asked.id == *id)).or(first);
    let all = found
        .asked
        .iter()
        .map(|asked| one(cx, id, &found, asked, (open.iter().any(|known| known.id == asked.id), active == Some(asked.id)), &form))
        .collect_view();
    let main = if found.asked.is_empty() { empty(t!(cx, "clarify-none"), t!(cx, "clarify-none-text")) } else { all.into_any() };
    let price = found.content.price.as_ref().map(|price| price_view(cx, &found.content, amount(price)));
    let kept = active.is_none().then(|| kept_note(cx, &KeptOf::Clarifications(id), KeptAt::default()));
    let lost = form.errors.iter().any(|error| error.field == "typed").then(|| {
        let typed = form.fields.0.iter().filter(|(name, _)| name.starts_with("answer-"));
        let typed = typed.map(|(_, text)| paragraphs(text)).collect_view();
        view! { <section id="typed" class="govuk-inset-text"><h2 class="govuk-heading-s">{t!(cx, "clarify-not-sent")}</h2>{typed}</section> }
    });
    let title = t!(cx, "clarify-title");
    let body = view! {
        {error_summary(cx, &form.errors)}
        <span class="govuk-caption-l">{found.title.clone()}</span>
        <h1 class="govuk-heading-l">{title.clone()}</h1>
        <p class="wp-lead">{t!(cx, "clarify-text")}</p>
        {kept}
        {lost}
        {main}
        <h2 class="govuk-heading-m">{t!(cx, "clarify-sent")}</h2>
        <div class="wp-score__answers">{answers_view(cx, &found.terms, &found.content, &files_at(id))}{price}</div>
    };
    let above = vec![("/work".into(), t!(cx, "nav-work")), (format!("/responses/{id}"), found.title.clone())];
    Ok(Page::new(title, body).under(above).invalid_if(form.invalid()).works().render(cx))
}

/// `(may, here)`: it can be answered; its form stands here.
fn one(
    cx: &Cx,
    id: ResponseId,
    found: &Clarifications,
    asked: &Clarification,
    (may, here): (bool, bool),
    form: &Form,
) -> AnyView {
    let terms = &found.terms;
    let answer = asked.answer.as_ref().map(|answer| {
        let texts = answer
            .texts
            .iter()
            .map(|(name, text)| view! { <h3 class="govuk-heading-s">{field_label(cx, terms, name)}</h3>{paragraphs(text)} })
            .collect_view();
        let files = answer.files.iter().map(|(name, files)| view! { <h3 class="govuk-heading-s">{t!(cx, "clarified-files", what = field_label(cx, terms, name))}</h3>{enclosed(cx, files, &files_at(id))} }).collect_view();
        view! { <div class="govuk-inset-text"><p class="wp-meta">{t!(cx, "clarify-answered")} " " {exact(cx, answer.at, Some(&terms.zone))} ", " {answer.by.clone()}</p>{texts}{files}</div> }
    });
    let unsent = found.unsent(asked);
    let stored = found.drafts.get(&asked.id);
    let act = if here {
        let mut shown = form.clone();
        if !form.invalid() {
            let said = asked.answer.iter().flat_map(|answer| &answer.texts);
            said.for_each(|(name, text)| shown.fields.set(format!("answer-{name}"), text.as_str()));
            unsent
                .iter()
                .flat_map(|draft| &draft.texts.0)
                .for_each(|(name, text)| shown.fields.set(name.as_str(), text.as_str()));
        }
        let other = |name: &str| {
            let met = form.errors.iter().any(|error| error.code.starts_with("stale") && error.field == format!("answer-{name}"));
            stored.filter(|_| met).map(|draft| both(cx, form.fields.raw(&format!("answer-{name}")), draft.text(name)))
        };
        let boxes = asked
            .fields
            .iter()
            .map(|name| {
                let what = field_label(cx, terms, name);
                let files = beside_answer(cx, id, found, asked, name);
                if name == FILES {
                    // Files that show it have no words of their own; an error by the field leads here.
                    return view! { <section id=format!("answer-{name}") tabindex="-1"><h3 class="govuk-heading-s">{what}</h3>{files}</section> }.into_any();
                }
                let hint = if files.is_some() { "clarify-file-hint" } else { "" };
                let text = textarea(cx, &shown, &format!("answer-{name}"), t!(cx, "clarify-answer", what = what), hint, 6);
                view! { {text}{other(name)}{files} }.into_any()
            })
            .collect_view();
        let status = unsent.map(|draft| unsent_at(cx, found, &draft.stored)).unwrap_or_default();
        view! {
            {asked.answer.is_some().then(|| view! { <p>{t!(cx, "clarify-again")}</p> })}
            <form method="post" id="form" action=address(id, asked.id) novalidate>
                {hidden("seen", stored.map_or(0, |draft| draft.stored.row_version))}
                {hidden("held", found.holds(asked))}
                {keeper(cx, address(id, asked.id), status, form.invalid())}
                {boxes}
                <div class="govuk-button-group">
                    {submit(t!(cx, "clarify-button"), "")}
                    <button class="govuk-button govuk-button--secondary" name="do" value="save">{t!(cx, "clarify-save")}</button>
                </div>
                <p class="govuk-hint">{t!(cx, "clarify-save-text")}</p>
            </form>
        }
        .into_any()
    } else if may {
        view! { <p><a class="govuk-link" href=address(id, asked.id)>{t!(cx, "clarify-this")}</a></p> }.into_any()
    } else {
        let key = if asked.open && cx.now.reached(asked.deadline) { "clarify-late" } else { "clarify-over" };
        // What was written or handed in and not sent is not lost with the time, and is said to be nobody else's.
        let texts = unsent.into_iter().flat_map(|draft| draft.texts.0.values()).filter(|text| !text.trim().is_empty());
        let texts: Vec<AnyView> = texts.map(|text| paragraphs(text).into_any()).collect();
        let files = never_sent(cx, id, found, asked);
        let left = (!texts.is_empty() || files.is_some()).then(|| {
            view! { <div class="govuk-inset-text"><p class="wp-meta">{t!(cx, "clarify-not-sent")}</p>{texts}{files}</div> }
        });
        view! { <p class="wp-muted">{t!(cx, key)}</p>{left} }.into_any()
    };
    let about = match asked.subject {
        domain::check::CheckSubject::Price => t!(cx, "checks-price"),
        domain::check::CheckSubject::Requirement(id) => {
            terms.requirements.iter().find(|one| one.id == id).map(|one| one.title.clone()).unwrap_or_default()
        }
    };
    view! {
        <section class="wp-card">
            <h2 class="govuk-heading-m">{t!(cx, "clarify-about", what = about)}</h2>
            <p class="wp-meta">{t!(cx, "clarify-by")} " " {when(cx, asked.deadline, Some(&terms.zone))}</p>
            {paragraphs(&asked.question)}
            {answer}
            {act}
        </section>
    }
    .into_any()
}

fn address(id: ResponseId, asked: i64) -> String {
    format!("/responses/{id}/clarifications?asked={}", to_text(asked))
}

fn asked_of(query: Option<&str>) -> Option<i64> {
    from_text(parse(query.unwrap_or_default().as_bytes()).get("asked"))
}

/// "Saved 14:02 CET, not sent yet."
fn unsent_at(cx: &Cx, found: &Clarifications, stored: &DraftAnswer) -> String {
    let at = stored.updated_at.map(|at| clock(at, cx.zone.as_deref().unwrap_or(&found.terms.zone)));
    t!(cx, "clarify-unsent", time = at.unwrap_or_default())
}

/// Both texts of an answer, side by side: saving again replaces the saved one knowingly.
fn both(cx: &Cx, mine: &str, theirs: &str) -> AnyView {
    let empty = theirs.trim().is_empty().then(|| t!(cx, "keep-empty"));
    view! {
        <div class="wp-conflict wp-conflict--here">
            <div class="wp-conflict__sides">
                <div><p class="wp-muted">{t!(cx, "keep-yours")}</p><pre class="wp-conflict__theirs">{mine.to_owned()}</pre></div>
                <div><p class="wp-muted">{t!(cx, "keep-saved")}</p><pre class="wp-conflict__theirs">{theirs.to_owned()}{empty}</pre></div>
            </div>
        </div>
    }
    .into_any()
}

/// What saves the form as one types. It sends nothing: only the button does.
fn keeper(cx: &Cx, action: String, status: String, unsaved: bool) -> AnyView {
    let (words, conflict_words) = (SaveWords::of(cx, "clarify-failed"), ConflictWords::of(cx, "clarify-kept"));
    view! {
        <div data-load="now" class="govuk-!-margin-bottom-3">
            <DraftKeeper key=draft_key(cx, &action) action=action person=person(cx) each=false unsaved=unsaved status=status
                words=words conflict_words=conflict_words/>
        </div>
    }
    .into_any()
}

/// `do=save`: what is written, without sending it.
pub async fn clarifications_post(
    cx: Cx,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
    post: Post,
) -> Result<Response, Fault> {
    let id = id_of(&id)?;
    let asked = from_text(post.fields.get("asked")).or(asked_of(query.as_deref()));
    let asked = asked.ok_or(Refused::unseen::<AnswerClarification>(id.get()))?;
    let files = to_files(id, asked, post.fields.get("do"));
    let outcome = match post.fields.get("do") {
        act if act == "save" || files.is_some() => {
            verbs::save_clarification(&cx.desk, &cx.actor, id, asked, &post.fields).await.map(Some)
        }
        _ => verbs::answer_clarification(&cx.desk, &cx.actor, id, asked, post.received_at, &post.fields).await.map(|()| None),
    };
    match outcome {
        Ok(Some(version)) if cx.json => {
            let found = verbs::read_clarifications(&cx.desk, &cx.actor, id).await?;
            let said = found.drafts.get(&asked).map(|draft| unsent_at(&cx, &found, &draft.stored));
            Ok(axum::Json(json!({ "seen": version.to_string(), "saved": said })).into_response())
        }
        Err(workflow::Error::Stale) => stale(&cx, id, asked, post.fields).await,
        Err(error) if cx.json => Err(Fault(error)),
        Ok(_) if files.is_some() => Ok(Redirect::to(&files.unwrap_or_default()).into_response()),
        Ok(saved) => {
            let (more, done) = match saved {
                Some(_) => (format!("&asked={}", to_text(asked)), "clarification-saved"),
                None => (String::new(), "clarified"),
            };
            Ok(Redirect::to(&format!("/responses/{id}/clarifications?done={done}{more}")).into_response())
        }
        Err(error) => {
            // Told on the page, with what was typed.
            let errors = match error.refusal() {
                Some(Refusal::Late) => vec![FieldError::new("typed", "clarify-late")],
                Some(Refusal::ClarificationOver) => vec![FieldError::new("typed", "clarify-over")],
                _ => shown(error)?,
            };
            page(&cx, id, Some(asked), Form::with(post.fields, errors)).await
        }
    }
}

/// Somebody saved another text meanwhile: both stand side by side.
async fn stale(cx: &Cx, id: ResponseId, asked: i64, posted: Fields) -> Result<Response, Fault> {
    let found = verbs::read_clarifications(&cx.desk, &cx.actor, id).await?;
    let unseen = || Refused::unseen::<AnswerClarification>(id.get());
    let of = found.asked.iter().find(|one| one.id == asked).ok_or_else(unseen)?;
    let draft = found.drafts.get(&asked).ok_or_else(unseen)?;
    let own = draft.stored.own(&cx.actor);
    let differing = of.fields.iter().filter(|name| posted.raw(&format!("answer-{name}")).trim() != draft.text(name).trim());
    if !cx.json {
        let code = if own.is_some() { "stale-own-answer" } else { "stale-answer" };
        let errors = differing.map(|name| FieldError::new(format!("answer-{name}"), code)).collect();
        return page(cx, id, Some(asked), Form::with(posted, errors)).await;
    }
    let row = |name: &String| {
        let (field, label) = (format!("answer-{name}"), field_label(cx, &found.terms, name));
        json!({ "field": field, "label": label, "mine": posted.raw(&field), "theirs": draft.text(name) })
    };
    let differing: Vec<_> = differing.map(row).collect();
    let why = match own {
        Some(at) => t!(cx, "answer-yours-live", time = clock(at, cx.zone.as_deref().unwrap_or(&found.terms.zone))),
        None => t!(cx, "answer-theirs-live"),
    };
    let answer = json!({
        "seen": draft.stored.row_version.to_string(),
        "differing": differing,
        "errors": [{ "field": "form", "text": why }],
    });
    Ok((StatusCode::CONFLICT, axum::Json(answer)).into_response())
}
