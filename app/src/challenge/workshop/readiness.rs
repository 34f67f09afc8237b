//! Readiness: what is missing, and what the statement check says, by section; a finding is mended or left with a reason.

use axum::extract::Path;
use axum::response::{IntoResponse, Redirect, Response};
use domain::challenge::Section;
use domain::ids::ChallengeId;
use domain::statement::Gravity;
use leptos::prelude::*;
use workflow::challenge::{self as verbs, Readiness, Told as Checked};

use super::conflict::label;
use super::findings::sentences;
use crate::account::shown;
use crate::challenge::id_of;
use crate::cx::Cx;
use crate::fault::{Fault, Told};
use crate::frame::Page;
use crate::guard::Post;
use crate::ui::{Form, error_summary, hidden, input, relative, sentence, tag};
use crate::words::t;

pub async fn readiness(cx: Cx, Path(id): Path<String>) -> Result<Response, Fault> {
    readiness_page(&cx, id_of(&id)?, &Form::default()).await
}

async fn readiness_page(cx: &Cx, id: ChallengeId, form: &Form) -> Result<Response, Fault> {
    let found = verbs::read_readiness(&cx.desk, &cx.actor, id).await?;
    let may = domain::policy::dismiss_finding(&cx.actor, &found.view.facts).is_ok();
    let open = found.findings.iter().filter(|told| told.dismissed.is_none() && told.finding.gravity != Gravity::Note).count();
    let blocking = found.findings.iter().filter(|told| told.blocks()).count();
    let missing = if found.drafting() { found.view.missing.len() } else { 0 };
    let verdict =
        if missing + blocking == 0 { t!(cx, "readiness-ready") } else { t!(cx, "readiness-not-ready", n = missing + blocking) };
    let sections = Section::ALL.iter().filter_map(|section| part(cx, &found, *section, may, form)).collect_view();
    let body = view! {
        {error_summary(cx, &form.errors)}
        <span class="govuk-caption-l">{found.view.title.clone()}</span>
        <h1 class="govuk-heading-l">{t!(cx, "readiness")}</h1>
        <p class="wp-lead">{verdict} " " {t!(cx, "readiness-findings", n = open)}</p>
        <p>{t!(cx, "readiness-text")}</p>
        {sections}
        <p><a class="govuk-link" href=format!("/challenges/{id}/edit")>{t!(cx, "back-to-tasks")}</a></p>
    };
    let above = vec![("/work".into(), t!(cx, "nav-work")), (format!("/challenges/{id}/edit"), found.view.title.clone())];
    Ok(Page::new(format!("{} – {}", t!(cx, "readiness"), found.view.title), body)
        .under(above)
        .invalid_if(form.invalid())
        .render(cx))
}

fn part(cx: &Cx, found: &Readiness, section: Section, may: bool, form: &Form) -> Option<AnyView> {
    let id = found.view.facts.challenge;
    let to = format!("/challenges/{id}/edit/{}", section.code());
    let missing: Vec<_> = found
        .view
        .missing
        .iter()
        .filter(|(of, _)| found.drafting() && *of == section)
        .map(|(_, error)| {
            let text = t!(cx, "readiness-field", field = label(cx, &error.field), error = sentence(cx, error));
            (format!("{to}#{}", error.field), text)
        })
        .collect();
    let told: Vec<_> = found.findings.iter().enumerate().filter(|(_, told)| told.finding.section == section.code()).collect();
    if missing.is_empty() && told.is_empty() {
        return None;
    }
    let missing = (!missing.is_empty()).then(|| {
        let rows = missing
            .into_iter()
            .map(|(to, text)| {
                let text = if may { view! { <a class="govuk-link" href=to>{text}</a> }.into_any() } else { text.into_any() };
                view! { <li>{text}</li> }
            })
            .collect_view();
        view! { <h3 class="govuk-heading-s">{t!(cx, "readiness-missing")}</h3><ul class="govuk-list govuk-list--bullet">{rows}</ul> }
    });
    let told = told.into_iter().map(|(n, told)| finding(cx, &to, n, told, may, form)).collect_view();
    Some(
        view! {
            <section class="wp-readiness">
                <h2 class="govuk-heading-m">{t!(cx, &format!("section-{}", section.code()))}</h2>
                {missing}
                <ol class="govuk-list wp-findings">{told}</ol>
            </section>
        }
        .into_any(),
    )
}

fn finding(cx: &Cx, to: &str, n: usize, told: &Checked, may: bool, form: &Form) -> AnyView {
    let finding = &told.finding;
    let says = sentences(cx, finding);
    let kind = match finding.gravity {
        Gravity::MustClear => "closed",
        Gravity::Advice => "waiting",
        Gravity::Note => "draft",
    };
    let label = match &told.dismissed {
        Some(_) => tag("decided", t!(cx, "finding-left")),
        None => tag(kind, t!(cx, &format!("check-gravity-{}", finding.gravity.code()))),
    };
    let quote = (!finding.excerpt.is_empty())
        .then(|| view! { <blockquote class="wp-finding__words">{finding.excerpt.clone()}</blockquote> });
    let mend =
        may.then(|| view! { <p><a class="govuk-link" href=format!("{to}#{}", finding.field)>{t!(cx, "finding-mend")}</a></p> });
    let reason = told.dismissed.as_ref().map(|dismissed| {
        view! { <p class="wp-finding__reason">{t!(cx, "finding-reason", name = &dismissed.by_name, when = relative(cx, dismissed.at), reason = &dismissed.reason)}</p> }
    });
    view! {
        <li class="wp-finding">
            <p>{label} " " <strong>{says.what}</strong></p>
            {quote}
            <p>{says.why}</p>
            <p>{says.better}</p>
            {reason}
            {mend}
            {may.then(|| act(cx, n, told, form))}
        </li>
    }
    .into_any()
}

/// Leaving it with a reason, or taking the reason back.
fn act(cx: &Cx, n: usize, told: &Checked, form: &Form) -> Option<AnyView> {
    let key = told.finding.key();
    if told.dismissed.is_some() {
        return Some(
            view! {
                <form method="post">
                    {hidden("finding", key)}
                    <button class="govuk-button govuk-button--secondary" name="do" value="back">{t!(cx, "finding-take-back")}</button>
                </form>
            }
            .into_any(),
        );
    }
    if told.finding.gravity == Gravity::Note {
        return None;
    }
    // Only the form that was posted shows what was typed; the id of its field is what the summary leads to.
    let posted = form.fields.get("finding") == key;
    let blank = Form::default();
    let own = if posted { form } else { &blank };
    let field = if posted {
        input(cx, own, "reason", t!(cx, "finding-why"), "finding-why-hint", "text", "")
    } else {
        reason_field(cx, n)
    };
    Some(
        view! {
            <details class="govuk-details" open=posted>
                <summary class="govuk-details__summary"><span class="govuk-details__summary-text">{t!(cx, "finding-leave")}</span></summary>
                <div class="govuk-details__text">
                    <form method="post" novalidate>
                        {hidden("finding", key)}
                        {field}
                        <button class="govuk-button govuk-button--secondary" name="do" value="dismiss">{t!(cx, "finding-dismiss")}</button>
                    </form>
                </div>
            </details>
        }
        .into_any(),
    )
}

/// One of many on the page: its id has the finding's number.
fn reason_field(cx: &Cx, n: usize) -> AnyView {
    let (id, hint) = (format!("reason-{n}"), format!("reason-{n}-hint"));
    view! {
        <div class="govuk-form-group">
            <label class="govuk-label govuk-label--s" for=id.clone()>{t!(cx, "finding-why")}</label>
            <div class="govuk-hint" id=hint.clone()>{t!(cx, "finding-why-hint")}</div>
            <input class="govuk-input" id=id name="reason" aria-describedby=hint/>
        </div>
    }
    .into_any()
}

pub async fn readiness_post(cx: Cx, Path(id): Path<String>, post: Post) -> Result<Response, Fault> {
    let id = id_of(&id)?;
    let outcome = match post.fields.get("do") {
        "dismiss" => verbs::dismiss_finding(&cx.desk, &cx.actor, id, &post.fields).await,
        "back" => verbs::take_back_finding(&cx.desk, &cx.actor, id, &post.fields).await,
        _ => return Ok(Told::BadRequest.into_response()),
    };
    match outcome {
        Ok(()) if cx.json => Ok(axum::Json(serde_json::json!({})).into_response()),
        Err(error) if cx.json => Err(Fault(error)),
        Ok(()) => Ok(Redirect::to(&format!("/challenges/{id}/readiness?done=saved")).into_response()),
        Err(error) => {
            let errors = shown(error)?;
            readiness_page(&cx, id, &Form::with(post.fields, errors)).await
        }
    }
}
