//! What everybody may read of a supplier and of a buyer. A page is there once something of it is public.

use axum::extract::Path;
use axum::response::Response;
use domain::ids::OrganisationId;
use domain::moment::Moment;
use domain::policy::{EditOrganisation, Refused};
use leptos::prelude::*;
use workflow::library::{self as verbs, Award};

use super::entry::card;
use crate::challenge::cards;
use crate::cx::Cx;
use crate::fault::Fault;
use crate::frame::Page;
use crate::ui::{paragraphs, short, summary, tag};
use crate::words::t;

fn id_of(text: &str) -> Result<OrganisationId, Fault> {
    Ok(OrganisationId::parse(text).ok_or(Refused::unseen::<EditOrganisation>(0))?)
}

fn awards_view(cx: &Cx, awards: &[Award], by_buyer: bool) -> Option<AnyView> {
    if awards.is_empty() {
        return None;
    }
    let rows = awards.iter().map(|award| {
        let at = short(cx.words, award.at, cx.zone.as_deref().unwrap_or("UTC"));
        let (supplier, name) = award.supplier.clone();
        let other = if by_buyer {
            view! { <a class="govuk-link" href=format!("/suppliers/{supplier}")>{name}</a> }.into_any()
        } else {
            award.challenge.buyer.clone().into_any()
        };
        view! { <li><a class="govuk-link" href=format!("/challenges/{}", award.challenge.id)>{award.challenge.title.clone()}</a> ", " {other} ", " {at}</li> }
    });
    let rows = rows.collect_view();
    Some(view! { <section><h2 class="govuk-heading-m">{t!(cx, "awards-title")}</h2><ul class="govuk-list govuk-list--bullet">{rows}</ul></section> }.into_any())
}

pub async fn supplier(cx: Cx, Path(id): Path<String>) -> Result<Response, Fault> {
    let found = verbs::read_supplier(&cx.desk, &cx.actor, id_of(&id)?).await?;
    let row = &found.organisation;
    let profile = row.profile()?;
    let mut facts = Vec::new();
    if found.shows {
        let mut say = |key: &str, text: &str| {
            if !text.is_empty() {
                facts.push((t!(cx, key), text.to_owned().into_any()));
            }
        };
        say("organisation-place", &row.place);
        say("profile-places", &profile.places);
        say("profile-size", &profile.size.map(|size| t!(cx, &format!("size-{}", size.code()))).unwrap_or_default());
        if !row.url.is_empty() {
            let link =
                view! { <a class="govuk-link" rel="nofollow noopener noreferrer" href=row.url.clone()>{row.url.clone()}</a> };
            facts.push((t!(cx, "organisation-url"), link.into_any()));
        }
    }
    let told = found.shows.then(|| {
        let solved = (!profile.solved.is_empty())
            .then(|| view! { <section><h2 class="govuk-heading-m">{t!(cx, "profile-solved")}</h2>{paragraphs(&profile.solved)}</section> });
        view! { {paragraphs(&row.about)} {solved} }
    });
    let entries = (!found.entries.is_empty()).then(|| {
        let rows = found.entries.iter().map(|entry| card(&cx, entry)).collect_view();
        view! { <section><h2 class="govuk-heading-m">{t!(cx, "supplier-solutions")}</h2><ul class="wp-cards">{rows}</ul></section> }
    });
    let body = view! {
        <p class="wp-meta">{t!(cx, "kind-supplier")}</p>
        <h1 class="govuk-heading-xl">{row.name.clone()}</h1>
        <div class="wp-two">
            <div class="wp-stack">{told}{entries}{awards_view(&cx, &found.awards, false)}</div>
            <aside class="wp-aside">{(!facts.is_empty()).then(|| summary(facts))}</aside>
        </div>
    };
    Ok(Page::new(row.name.clone(), body).under(vec![("/library".into(), t!(cx, "library-title"))]).kept().render(&cx))
}

pub async fn buyer(cx: Cx, Path(id): Path<String>) -> Result<Response, Fault> {
    let id = id_of(&id)?;
    let found = verbs::read_buyer(&cx.desk, id).await?;
    let row = &found.organisation;
    let mut facts = Vec::new();
    if !row.place.is_empty() {
        facts.push((t!(cx, "organisation-place"), row.place.clone().into_any()));
    }
    if !row.url.is_empty() {
        let link = view! { <a class="govuk-link" rel="nofollow noopener noreferrer" href=row.url.clone()>{row.url.clone()}</a> };
        facts.push((t!(cx, "organisation-url"), link.into_any()));
    }
    let verified =
        row.verified_at.map(|at| tag("open", t!(cx, "organisation-verified", date = short(cx.words, Moment(at), "UTC"))));
    let body = view! {
        <p class="wp-meta">{t!(cx, "kind-buyer")} " " {verified}</p>
        <h1 class="govuk-heading-xl">{row.name.clone()}</h1>
        {paragraphs(&row.about)}
        <p class="wp-no-print"><a class="govuk-link" href=format!("/alerts/new?of_buyer={id}")>{t!(cx, "alert-follow-buyer")}</a></p>
        <div class="wp-two">
            <div class="wp-stack">
                <section><h2 class="govuk-heading-m">{t!(cx, "nav-challenges")}</h2>{cards(&cx, &found.challenges)}</section>
                {awards_view(&cx, &found.awards, true)}
            </div>
            <aside class="wp-aside">{(!facts.is_empty()).then(|| summary(facts))}</aside>
        </div>
    };
    Ok(Page::new(row.name.clone(), body).under(vec![("/challenges".into(), t!(cx, "nav-challenges"))]).kept().render(&cx))
}
