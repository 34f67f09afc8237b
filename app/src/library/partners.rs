//! "We could solve part of this": public notes of suppliers that look for a partner, while a challenge is open.

use axum::extract::Path;
use axum::response::{IntoResponse, Redirect, Response};
use domain::ids::{ChallengeId, OrganisationId, to_text};
use domain::moment::Moment;
use leptos::prelude::*;
use store::PartnerRow;
use workflow::reach::{self as verbs, Partners};

use crate::account::shown;
use crate::challenge::{crumbs, id_of};
use crate::cx::Cx;
use crate::fault::{Fault, Told};
use crate::frame::Page;
use crate::guard::Post;
use crate::ui::{Form, empty, error_summary, hidden, input, relative, submit, textarea};
use crate::words::t;

/// The link on the page of a challenge that is open.
pub fn standing(cx: &Cx, challenge: ChallengeId, n: usize) -> AnyView {
    view! { <p class="wp-no-print"><a class="govuk-link" href=format!("/challenges/{challenge}/partners")>{t!(cx, "partners-link", n = n)}</a></p> }
        .into_any()
}

pub async fn partners(cx: Cx, Path(id): Path<String>) -> Result<Response, Fault> {
    page(&cx, id_of(&id)?, Form::default()).await
}

fn note(cx: &Cx, found: &Partners, row: &PartnerRow) -> AnyView {
    let supplier = OrganisationId(row.supplier);
    if row.ended_by_team {
        return view! {
            <li class="wp-card">
                <h2 class="wp-card__title">{row.supplier_name.clone()}</h2>
                <p class="wp-muted">{t!(cx, "partner-hidden", reason = &row.reason)}</p>
            </li>
        }
        .into_any();
    }
    let own = found.supplier == Some(supplier);
    let end = (own || found.officer).then(|| {
        // Several forms may stand on the page: the field's id names the supplier.
        let name = format!("reason-{supplier}");
        let reason = (!own).then(|| {
            view! {
                <label class="govuk-label" for=name.clone()>{t!(cx, "partner-reason")}</label>
                <input class="govuk-input" id=name.clone() name="reason" type="text"/>
            }
        });
        let key = if own { "partner-end" } else { "partner-hide" };
        view! {
            <form method="post">
                {hidden("supplier", supplier)}{reason}
                <button class="govuk-button govuk-button--secondary" name="do" value="end">{t!(cx, key)}</button>
            </form>
        }
    });
    view! {
        <li class="wp-card">
            <h2 class="wp-card__title">{row.supplier_name.clone()}</h2>
            <p><strong>{t!(cx, "partner-brings")}</strong> " " {row.brings.clone()}</p>
            <p><strong>{t!(cx, "partner-seeks")}</strong> " " {row.seeks.clone()}</p>
            <p><strong>{t!(cx, "partner-contact")}</strong> " " {row.contact.clone()}</p>
            <p class="wp-card__meta">{relative(cx, Moment(row.at))}</p>
            {end}
        </li>
    }
    .into_any()
}

async fn page(cx: &Cx, id: ChallengeId, form: Form) -> Result<Response, Fault> {
    let found = verbs::read_partners(&cx.desk, &cx.actor, id).await?;
    let list = if found.notes.is_empty() {
        empty(t!(cx, "partners-empty"), t!(cx, "partners-empty-text"))
    } else {
        view! { <ul class="wp-cards">{found.notes.iter().map(|row| note(cx, &found, row)).collect_view()}</ul> }.into_any()
    };
    let post = match found.may_post {
        Ok(()) => view! {
            <section>
                <h2 class="govuk-heading-m">{t!(cx, "partner-post")}</h2>
                <p>{t!(cx, "partner-post-text")}</p>
                {found.taken_off.then(|| view! { <p class="govuk-inset-text">{t!(cx, "partner-taken-off")}</p> })}
                <form method="post" novalidate>
                    {hidden("after", to_text(found.newest))}
                    {textarea(cx, &form, "brings", t!(cx, "partner-brings"), "partner-brings-hint", 3)}
                    {textarea(cx, &form, "seeks", t!(cx, "partner-seeks"), "partner-seeks-hint", 3)}
                    {input(cx, &form, "contact", t!(cx, "partner-contact"), "partner-contact-hint", "text", "")}
                    {submit(t!(cx, "partner-publish"), "post")}
                </form>
            </section>
        }
        .into_any(),
        Err(domain::policy::Refusal::SignIn) => view! {
            <p>{t!(cx, "partner-sign-in")} " " <a class="govuk-link" href=crate::account::sign_in_link(&cx.uri)>{t!(cx, "sign-in")}</a></p>
        }
        .into_any(),
        Err(why) if found.open && !found.officer => view! { <p class="wp-muted">{t!(cx, &format!("refusal-{}", why.code()))}</p> }.into_any(),
        Err(_) => ().into_any(),
    };
    let title = t!(cx, "seekers-title");
    let body = view! {
        {error_summary(cx, &form.errors)}
        <span class="govuk-caption-l">{found.title.clone()}</span>
        <h1 class="govuk-heading-l">{title.clone()}</h1>
        <p class="wp-lead">{t!(cx, "seekers-text")}</p>
        {list}
        {post}
    };
    Ok(Page::new(title, body).under(crumbs(cx, id, &found.title)).invalid_if(form.invalid()).kept().render(cx))
}

pub async fn partners_post(cx: Cx, Path(id): Path<String>, post: Post) -> Result<Response, Fault> {
    let id = id_of(&id)?;
    let (outcome, done) = match post.fields.get("do") {
        "post" => (verbs::post_partner_note(&cx.desk, &cx.actor, id, &post.fields).await, "partner-posted"),
        "end" => (verbs::end_partner_note(&cx.desk, &cx.actor, id, &post.fields).await, "partner-ended"),
        _ => return Ok(Told::BadRequest.into_response()),
    };
    match outcome {
        Ok(()) => Ok(Redirect::to(&format!("/challenges/{id}/partners?done={done}")).into_response()),
        Err(error) => {
            let errors = shown(error)?;
            page(&cx, id, Form::with(post.fields, errors)).await
        }
    }
}
