//! The amendment in the making: begun with a question and a reason, written section by section, proposed, approved.

use axum::extract::Path;
use axum::response::{IntoResponse, Redirect, Response};
use domain::challenge::Stage;
use domain::challenge::amendment::{AmendmentKind, Weight, weight};
use domain::challenge::difference::section_of;
use domain::form::FieldError;
use domain::ids::{AmendmentId, ChallengeId};
use domain::policy::{self, AmendmentFacts, AmendmentState};
use leptos::prelude::*;
use workflow::amendment::{self as verbs, AmendmentView, Making};

use super::{amendable, failed, named};
use crate::account::shown;
use crate::challenge::difference::differences;
use crate::challenge::{crumbs, id_of, notice};
use crate::cx::Cx;
use crate::fault::{Fault, Told};
use crate::frame::Page;
use crate::guard::Post;
use crate::ui::{Form, error_summary, radios, sentence, submit, tag, textarea, warning};
use crate::words::t;

pub async fn amendment(cx: Cx, Path(id): Path<String>) -> Result<Response, Fault> {
    page(&cx, id_of(&id)?, Form::default()).await
}

async fn page(cx: &Cx, id: ChallengeId, form: Form) -> Result<Response, Fault> {
    let found = verbs::read_amendment(&cx.desk, &cx.actor, id).await?;
    let form = Form::with(form.fields, named(cx, form.errors));
    let main = match &found.making {
        None => begin(cx, &found, &form),
        Some(making) if making.state == AmendmentState::Proposed => proposed(cx, &found, making, &form),
        Some(making) => writing(cx, &found, making, &form),
    };
    let title = t!(cx, "amendment-title");
    let body = view! {
        {error_summary(cx, &form.errors)}
        <span class="govuk-caption-l">{found.terms.title.clone()}</span>
        <h1 class="govuk-heading-l" id="form">{title.clone()}</h1>
        {main}
    };
    Ok(Page::new(title, body).under(crumbs(cx, id, &found.terms.title)).invalid_if(form.invalid()).render(cx))
}

/// The facts that the policy asks for, of the one in the making.
fn facts(found: &AmendmentView, making: &Making) -> AmendmentFacts {
    AmendmentFacts {
        challenge: found.facts.clone(),
        amendment: AmendmentId(making.row.id),
        state: making.state,
        author: domain::ids::UserId(making.row.author),
        reopens: making.kind == AmendmentKind::Reopening,
    }
}

fn begin(cx: &Cx, found: &AmendmentView, form: &Form) -> AnyView {
    let id = found.facts.challenge;
    if let Err(refused) = policy::begin_amendment(&cx.actor, &found.facts) {
        return view! { <div class="govuk-inset-text">{t!(cx, "amendment-none")} " " {t!(cx, &format!("refusal-{}", refused.why.code()))}</div> }
            .into_any();
    }
    let stage = found.facts.stage();
    let reopening = (stage == Stage::Closed).then(|| {
        view! { <p><a class="govuk-link" href=format!("/challenges/{id}/reopening")>{t!(cx, "reopening-link")}</a></p> }
    });
    let dates = view! { <p><a class="govuk-link" href=format!("/challenges/{id}/extension")>{t!(cx, if stage == Stage::Open { "extension-link" } else { "extension-link-closed" })}</a></p> };
    if stage != Stage::Open {
        return view! { <p class="wp-lead">{t!(cx, "amendment-after-closing")}</p>{dates}{reopening} }.into_any();
    }
    let choices = vec![
        ("no".to_owned(), t!(cx, "amendment-others-no"), Some(t!(cx, "amendment-others-no-hint"))),
        ("yes".to_owned(), t!(cx, "amendment-others-yes"), Some(t!(cx, "amendment-others-yes-hint"))),
    ];
    view! {
        <p class="wp-lead">{t!(cx, "amendment-text")}</p>
        {dates}
        <div class="govuk-inset-text">{t!(cx, "amendment-frozen-text")}</div>
        <form method="post" novalidate>
            {radios(cx, form, "other_suppliers", t!(cx, "amendment-others"), choices)}
            {textarea(cx, form, "reason", t!(cx, "amendment-reason"), "amendment-reason-hint", 4)}
            {submit(t!(cx, "amendment-begin"), "begin")}
        </form>
    }
    .into_any()
}

fn writing(cx: &Cx, found: &AmendmentView, making: &Making, form: &Form) -> AnyView {
    let id = found.facts.challenge;
    let officer = policy::edit_amendment(&cx.actor, &facts(found, making)).is_ok();
    let sent_back = making.row.sent_back.as_ref().map(|reason| {
        view! { <div class="govuk-inset-text"><p><strong>{t!(cx, "amendment-sent-back")}</strong></p><p>{reason.clone()}</p></div> }
    });
    let sections = (making.kind == AmendmentKind::Amendment).then(|| sections(cx, id, making, officer));
    let (changes, wrong) = match &making.outcome {
        Ok((_, changes)) => (changes.as_slice(), None),
        Err(errors) => (Default::default(), Some(wrong(cx, id, errors))),
    };
    let substance = changes.iter().any(|change| weight(&change.key) == Weight::Substance);
    let mut reason = form.clone();
    if reason.fields.get("reason").is_empty() {
        reason.fields.set("reason", making.row.reason.as_str());
    }
    let propose = (officer && making.kind == AmendmentKind::Amendment && making.outcome.is_ok()).then(|| {
        view! {
            <form method="post" novalidate>
                {textarea(cx, &reason, "reason", t!(cx, "amendment-reason"), "amendment-reason-hint", 4)}
                {substance.then(|| view! { <p>{t!(cx, "amendment-confirms")}</p> })}
                {submit(t!(cx, if found.facts.four_eyes { "amendment-propose" } else { "amendment-propose-alone" }), "propose")}
            </form>
        }
    });
    view! {
        {sent_back}
        {sections}
        <section>
            <h2 class="govuk-heading-m">{t!(cx, "amendment-changes")}</h2>
            {wrong.unwrap_or_else(|| differences(cx, changes, &found.terms.zone))}
        </section>
        {propose}
        {officer.then(|| drop_form(cx))}
    }
    .into_any()
}

fn drop_form(cx: &Cx) -> AnyView {
    view! {
        <form method="post">
            <button class="govuk-button govuk-button--secondary" name="do" value="drop">{t!(cx, "amendment-drop")}</button>
        </form>
    }
    .into_any()
}

fn sections(cx: &Cx, id: ChallengeId, making: &Making, officer: bool) -> AnyView {
    let rows = amendable()
        .map(|section| {
            let name = t!(cx, &format!("section-{}", section.code()));
            let state = if making.changed.iter().any(|(of, _)| *of == section) {
                tag("waiting", t!(cx, "amendment-section-changed"))
            } else {
                view! { {t!(cx, "amendment-section-same")} }.into_any()
            };
            let link = if officer {
                view! { <a class="govuk-link govuk-task-list__link" href=format!("/challenges/{id}/amendment/{}", section.code())>{name}</a> }.into_any()
            } else {
                view! { <span>{name}</span> }.into_any()
            };
            view! {
                <li class="govuk-task-list__item govuk-task-list__item--with-link">
                    <div class="govuk-task-list__name-and-hint">{link}</div>
                    <div class="govuk-task-list__status">{state}</div>
                </li>
            }
        })
        .collect_view();
    view! {
        <section>
            <h2 class="govuk-heading-m">{t!(cx, "amendment-sections")}</h2>
            <ul class="govuk-task-list">{rows}</ul>
        </section>
    }
    .into_any()
}

/// What keeps it from being proposed, each with a link to where it is mended.
fn wrong(cx: &Cx, id: ChallengeId, errors: &[FieldError]) -> AnyView {
    let rows = named(cx, errors.to_vec())
        .into_iter()
        .map(|error| {
            let href = match error.field.split_once(':') {
                Some((section, field)) => format!("/challenges/{id}/amendment/{section}#{field}"),
                None if error.field.ends_with("_date") => format!("/challenges/{id}/amendment/timetable#{}", error.field),
                None if error.code == "amendment-frozen" => {
                    let section = section_of(&error.field);
                    format!("/challenges/{id}/amendment/{}", section.code())
                }
                None => format!("#{}", error.field),
            };
            view! { <li><a class="govuk-link" href=href>{sentence(cx, &error)}</a></li> }
        })
        .collect_view();
    view! { <div class="govuk-inset-text"><p>{t!(cx, "amendment-wrong")}</p><ul class="govuk-list">{rows}</ul></div> }.into_any()
}

fn proposed(cx: &Cx, found: &AmendmentView, making: &Making, form: &Form) -> AnyView {
    let (id, zone) = (found.facts.challenge, found.terms.zone.clone());
    let of = facts(found, making);
    let failed = failed(cx, &making.row, &making.recorded, &zone);
    let (after, shown) = match &making.outcome {
        Ok((after, changes)) => (Some(after), differences(cx, changes, &zone)),
        Err(errors) => (None, wrong(cx, id, errors)),
    };
    let act = match policy::approve_amendment(&cx.actor, &of) {
        Ok(_) => view! {
            <form method="post" novalidate>
                {warning(cx, t!(cx, "amendment-approve-warning"))}
                {submit(t!(cx, "amendment-approve"), "approve")}
            </form>
            <form method="post" novalidate>
                {textarea(cx, form, "reason", t!(cx, "send-back-reason"), "", 3)}
                <button class="govuk-button govuk-button--secondary" name="do" value="back">{t!(cx, "send-back-button")}</button>
            </form>
        }
        .into_any(),
        Err(refused) => view! { <div class="govuk-inset-text">{t!(cx, "amendment-waits")} " " {t!(cx, &format!("refusal-{}", refused.why.code()))}</div> }.into_any(),
    };
    let full = after.map(|after| {
        view! {
            <details class="govuk-details">
                <summary class="govuk-details__summary"><span class="govuk-details__summary-text">{t!(cx, "amendment-full")}</span></summary>
                <div class="govuk-details__text">{notice(cx, after)}</div>
            </details>
        }
    });
    view! {
        <p class="wp-meta">{t!(cx, "amendment-proposed-by", name = &making.row.author_name)}</p>
        <h2 class="govuk-heading-m">{t!(cx, "version-reason")}</h2>
        <p class="wp-lead">{making.row.reason.clone()}</p>
        {failed}
        <h2 class="govuk-heading-m">{t!(cx, "amendment-changes")}</h2>
        {shown}
        {full}
        {act}
        {policy::drop_amendment(&cx.actor, &of).is_ok().then(|| drop_form(cx))}
    }
    .into_any()
}

pub async fn amendment_post(cx: Cx, Path(id): Path<String>, post: Post) -> Result<Response, Fault> {
    let id = id_of(&id)?;
    let act = post.fields.get("do").to_owned();
    let (desk, actor, fields) = (&cx.desk, &cx.actor, &post.fields);
    if act == "begin" {
        return match verbs::begin_amendment(desk, actor, id, fields).await {
            Ok(_) => Ok(Redirect::to(&format!("/challenges/{id}/amendment")).into_response()),
            Err(error) => page(&cx, id, Form::with(post.fields.clone(), shown(error)?)).await,
        };
    }
    let found = verbs::read_amendment(desk, actor, id).await?;
    let Some(making) = found.making else {
        return Ok(Redirect::to(&format!("/challenges/{id}/amendment")).into_response());
    };
    let amendment = AmendmentId(making.row.id);
    let here = |done: &str| format!("/challenges/{id}/amendment?done={done}");
    let outcome = match act.as_str() {
        "propose" => verbs::propose_amendment(desk, actor, amendment, fields).await.map(|()| here("amendment-proposed")),
        "drop" => verbs::drop_amendment(desk, actor, amendment).await.map(|()| here("amendment-dropped")),
        "back" => verbs::send_back_amendment(desk, actor, amendment, fields).await.map(|()| here("sent-back")),
        "approve" => verbs::approve_amendment(desk, actor, amendment)
            .await
            .map(|n| format!("/challenges/{id}/versions/{n}?done=amendment-approved")),
        _ => return Ok(Told::BadRequest.into_response()),
    };
    match outcome {
        Ok(to) => Ok(Redirect::to(&to).into_response()),
        Err(error) => page(&cx, id, Form::with(post.fields.clone(), shown(error)?)).await,
    }
}
