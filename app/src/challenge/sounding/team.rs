//! The team's page: showing the draft, and the soundings that there were.

use axum::extract::Path;
use axum::response::{IntoResponse, Redirect, Response};
use domain::challenge::Section;
use domain::ids::{ChallengeId, SoundingId};
use domain::policy::{self, EndSounding, Refusal, Refused};
use domain::sounding::SoundingState;
use leptos::prelude::*;
use workflow::challenge::DraftView;
use workflow::sounding::{self as verbs, ListedSounding};

use super::{sounding_id, state_tag};
use crate::account::shown;
use crate::challenge::{id_of, instant_fields};
use crate::cx::Cx;
use crate::fault::{Fault, Told};
use crate::frame::Page;
use crate::guard::Post;
use crate::ui::{Form, checkbox, error_summary, hidden, submit, warning, when};
use crate::words::t;

pub async fn team(cx: Cx, Path(id): Path<String>) -> Result<Response, Fault> {
    page(&cx, id_of(&id)?, None).await
}

async fn page(cx: &Cx, id: ChallengeId, form: Option<Form>) -> Result<Response, Fault> {
    let (found, all) = verbs::read_soundings_of(&cx.desk, &cx.actor, id).await?;
    let errors = form.as_ref().map(|form| form.errors.clone()).unwrap_or_default();
    let open = all.iter().any(|of| of.state == SoundingState::Open);
    let act = match policy::open_sounding(&cx.actor, &found.facts, open) {
        Ok(_) => show(cx, &found, form.unwrap_or_else(|| every_section(&found))),
        Err(Refused { why: Refusal::BuyerNotVerified, .. }) => view! { <p>{t!(cx, "refusal-buyer-not-verified")}</p> }.into_any(),
        Err(_) => ().into_any(),
    };
    let list = all.iter().map(|of| line(cx, &found, of)).collect_view();
    let list = (!all.is_empty()).then(|| {
        view! { <section><h2 class="govuk-heading-m">{t!(cx, "sounding-all")}</h2><ul class="wp-enquiries">{list}</ul></section> }
    });
    let title = t!(cx, "sounding-team");
    let body = view! {
        {error_summary(cx, &errors)}
        <span class="govuk-caption-l">{found.title.clone()}</span>
        <h1 class="govuk-heading-l">{title.clone()}</h1>
        <p class="wp-lead">{t!(cx, "sounding-team-text")}</p>
        {list}{act}
    };
    let above = vec![("/work".into(), t!(cx, "nav-work")), (format!("/challenges/{id}/edit"), found.title.clone())];
    Ok(Page::new(format!("{title} – {}", found.title), body).under(above).invalid_if(!errors.is_empty()).render(cx))
}

/// Sections that have text, but the problem, which is always shown.
fn written(found: &DraftView) -> impl Iterator<Item = Section> {
    Section::ALL.iter().copied().filter(|section| *section != Section::Problem && found.draft.0.contains_key(section))
}

fn every_section(found: &DraftView) -> Form {
    let mut form = Form::default();
    for section in written(found) {
        form.fields.set(format!("section-{}", section.code()), "on");
    }
    form
}

fn show(cx: &Cx, found: &DraftView, form: Form) -> AnyView {
    let boxes = written(found)
        .map(|section| {
            let code = section.code();
            checkbox(cx, &form, &format!("section-{code}"), t!(cx, &format!("section-{code}")), "on")
        })
        .collect_view();
    view! {
        <form method="post" novalidate>
            <h2 class="govuk-heading-m">{t!(cx, "sounding-open-title")}</h2>
            {warning(cx, t!(cx, "sounding-open-warning"))}
            <fieldset class="govuk-fieldset">
                <legend class="govuk-fieldset__legend govuk-fieldset__legend--s">{t!(cx, "sounding-sections")}</legend>
                <p class="govuk-hint">{t!(cx, "sounding-sections-hint")}</p>
                {boxes}
            </fieldset>
            {instant_fields(cx, &form, "comments", "sounding-until-hint")}
            {submit(t!(cx, "sounding-open"), "open")}
        </form>
    }
    .into_any()
}

fn line(cx: &Cx, found: &DraftView, of: &ListedSounding) -> AnyView {
    let id = SoundingId(of.row.id);
    let facts = policy::SoundingFacts { challenge: found.facts.clone(), sounding: id, standing: of.row.standing() };
    let end = policy::end_sounding(&cx.actor, &facts).is_ok().then(|| {
        view! {
            <form class="wp-inline-form wp-inline-form--secondary" method="post">{hidden("sounding", id)}<button name="do" value="end">{t!(cx, "sounding-end")}</button></form>
        }
    });
    let down = policy::take_down_sounding(&cx.actor, &facts).is_ok().then(|| {
        view! {
            <details class="govuk-details">
                <summary class="govuk-details__summary"><span class="govuk-details__summary-text">{t!(cx, "sounding-take-down")}</span></summary>
                <div class="govuk-details__text"><form method="post">
                    {hidden("sounding", id)}
                    {warning(cx, t!(cx, "sounding-take-down-warning"))}
                    <button class="govuk-button govuk-button--warning" name="do" value="down">{t!(cx, "sounding-take-down")}</button>
                </form></div>
            </details>
        }
    });
    let say = (of.row.comments > 0 && policy::answer_sounding(&cx.actor, &facts).is_ok()).then(|| {
        view! { <p><a class="govuk-link" href=format!("/soundings/{id}/answer")>{t!(cx, "sounding-answer-title")}</a></p> }
    });
    view! {
        <li class="wp-enquiry">
            <p class="wp-enquiry__question"><a class="govuk-link" href=format!("/soundings/{id}")>{of.terms.title.clone()}</a></p>
            <p class="wp-meta">{state_tag(cx, of.state)} " " {t!(cx, "sounding-comments-n", n = of.row.comments)} ", " {t!(cx, "sounding-comments-until")} " " {when(cx, of.row.standing().closes_at(), Some(&of.terms.zone))}</p>
            {say}{end}{down}
        </li>
    }
    .into_any()
}

pub async fn team_post(cx: Cx, Path(id): Path<String>, post: Post) -> Result<Response, Fault> {
    let id = id_of(&id)?;
    let chosen = post.fields.get("sounding");
    let outcome = match post.fields.get("do") {
        "open" => match verbs::open_sounding(&cx.desk, &cx.actor, id, &post.fields).await {
            Ok(sounding) => return Ok(Redirect::to(&format!("/soundings/{sounding}?done=sounding-opened")).into_response()),
            Err(error) => Err(error),
        },
        "end" => verbs::end_sounding(&cx.desk, &cx.actor, own(&cx, id, chosen).await?).await.map(|()| "sounding-ended"),
        "down" => verbs::take_down_sounding(&cx.desk, &cx.actor, own(&cx, id, chosen).await?).await.map(|()| "sounding-down"),
        // An empty form is told what it lacks, by those who may fill it in.
        _ => {
            verbs::read_soundings_of(&cx.desk, &cx.actor, id).await?;
            return Ok(Told::BadRequest.into_response());
        }
    };
    match outcome {
        Ok(done) => Ok(Redirect::to(&format!("/challenges/{id}/sounding?done={done}")).into_response()),
        Err(error) => page(&cx, id, Some(Form::with(post.fields, shown(error)?))).await,
    }
}

/// A sounding of this challenge: the address and the form must agree.
async fn own(cx: &Cx, id: ChallengeId, chosen: &str) -> Result<SoundingId, Fault> {
    let (_, all) = verbs::read_soundings_of(&cx.desk, &cx.actor, id).await?;
    let chosen = sounding_id(chosen)?;
    let known = all.iter().any(|of| of.row.id == chosen.get());
    known.then_some(chosen).ok_or_else(|| Refused::unseen::<EndSounding>(chosen.get()).into())
}
