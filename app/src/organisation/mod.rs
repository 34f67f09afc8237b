//! Organisations: registration, profile, members, invitations, and the administrator's verification of buyers.

mod opening_rule;
mod profile;

pub use opening_rule::{opening_rule, opening_rule_post};

use axum::extract::{Path, RawQuery, State};
use axum::response::{IntoResponse, Redirect, Response};
use domain::form::Fields;
use domain::ids::{MembershipId, OrganisationId, UserId, to_text};
use domain::moment::Moment;
use domain::organisation::{OrganisationKind, Role};
use domain::policy::{EditOrganisation, Refusal, Refused};
use leptos::prelude::*;
use workflow::organisation as verbs;

use crate::account::shown;
use crate::cx::Cx;
use crate::fault::{Fault, Told};
use crate::frame::{App, Page};
use crate::guard::{Post, encode, own_path, parse};
use crate::ui::{
    Form, cells, checkbox, empty, error_summary, hidden, input, radios, select, short, submit, table, tag, textarea,
};
use crate::words::t;

fn signed(cx: &Cx) -> Option<Response> {
    cx.signed_in.is_none().then(|| Told::Refused(Refusal::SignIn).into_response())
}

/// For whoever is signed in and acts for no supplier: in their own name, for a company or a team, or as a membership that they have. Back to
/// `next` from there.
pub fn ways_to_answer(cx: &Cx, next: &str) -> AnyView {
    let to = |kind: &str| format!("/organisations/new?kind={kind}&next={}", encode(next));
    view! {
        <p><a class="govuk-button" href=to("person")>{t!(cx, "answer-in-own-name")}</a></p>
        <p><a class="govuk-link" href=to("supplier")>{t!(cx, "answer-for-company")}</a></p>
        <p><a class="govuk-link" href="/account">{t!(cx, "answer-as-member")}</a></p>
    }
    .into_any()
}

fn new_page(cx: &Cx, form: &Form) -> Response {
    let kinds = ["buyer", "supplier", "team", "person"]
        .map(|kind| (kind.to_owned(), t!(cx, &format!("organisation-kind-{kind}")), None))
        .to_vec();
    // Whoever came to answer in their own name founds nothing.
    let alone = next_of(form).is_some() && form.fields.get("kind") == "person";
    let title = t!(cx, if alone { "answer-in-own-name" } else { "organisation-new-title" });
    let text = t!(cx, if alone { "answer-in-own-name-text" } else { "organisation-new-text" });
    let body = view! {
        {error_summary(cx, &form.errors)}
        <h1 class="govuk-heading-l">{title.clone()}</h1>
        <p class="wp-lead">{text}</p>
        <form method="post" action="/organisations/new" novalidate>
            {next_of(form).map(|next| hidden("next", next))}
            {radios(cx, form, "kind", t!(cx, "organisation-kind"), kinds)}
            {input(cx, form, "name", t!(cx, "organisation-name"), "", "text", "organization")}
            {input(cx, form, "place", t!(cx, "organisation-place"), "", "text", "")}
            {submit(t!(cx, "organisation-create"), "")}
        </form>
    };
    Page::new(title, body).invalid_if(form.invalid()).render(cx)
}

/// Where it was asked for, on this site.
fn next_of(form: &Form) -> Option<String> {
    let next = form.fields.get("next");
    (!next.is_empty()).then(|| own_path(next).to_owned())
}

/// `?kind=person&next=/challenges/…`: what is to be registered, and the page that sent here.
pub async fn new(cx: Cx, RawQuery(query): RawQuery) -> Response {
    if let Some(told) = signed(&cx) {
        return told;
    }
    let asked = parse(query.unwrap_or_default().as_bytes());
    let mut form = Form::default();
    for name in ["kind", "next"] {
        form.fields.set(name, asked.get(name).to_owned());
    }
    if let Some(signed) = cx.signed_in.as_ref().filter(|_| asked.get("kind") == "person") {
        form.fields.set("name", signed.session.name.clone());
    }
    new_page(&cx, &form)
}

pub async fn new_post(State(app): State<App>, cx: Cx, post: Post) -> Result<Response, Fault> {
    match verbs::create_organisation(&cx.desk, &cx.actor, &post.fields).await {
        Ok(made) => match next_of(&Form::new(post.fields)) {
            // Whoever came to answer goes on with it, as what was registered for it.
            Some(next) => act_for(&app, &cx, made, &next).await,
            None => Ok(Redirect::to("/account?done=organisation").into_response()),
        },
        Err(error) => Ok(new_page(&cx, &Form::with(post.fields, shown(error)?))),
    }
}

async fn act_for(app: &App, cx: &Cx, made: OrganisationId, next: &str) -> Result<Response, Fault> {
    let user = cx.actor.user().map_or(0, |user| user.get());
    let held = cx.desk.store.read().await?.memberships_of(user).await?;
    let membership = held.iter().find(|held| held.organisation == made.get()).map(|held| MembershipId(held.id));
    let old = cx.cookie.clone().unwrap_or_default();
    let secret = workflow::account::act_as(&cx.desk, &cx.actor, &old, membership).await?;
    Ok((crate::account::session_cookie(app, &secret.0), Redirect::to(next)).into_response())
}

fn id_of(text: &str) -> Result<OrganisationId, Fault> {
    Ok(OrganisationId::parse(text).ok_or(Refused::unseen::<EditOrganisation>(0))?)
}

pub async fn show(cx: Cx, Path(id): Path<String>) -> Result<Response, Fault> {
    page(&cx, id_of(&id)?, Form::default()).await
}

async fn page(cx: &Cx, id: OrganisationId, mut form: Form) -> Result<Response, Fault> {
    let found = verbs::read_organisation(&cx.desk, &cx.actor, id).await?;
    let row = found.organisation;
    let kind = OrganisationKind::parse(&row.kind).unwrap_or(OrganisationKind::Supplier);
    let owner = found.role == Role::Owner;
    let profile = row.profile()?;
    let supplier = kind == OrganisationKind::Supplier;
    if form.fields.get("do") != "profile" {
        form.fields.set("about", row.about.clone());
        form.fields.set("place", row.place.clone());
        form.fields.set("url", row.url.clone());
        form.fields.set("four_eyes", if row.four_eyes { "yes" } else { "" });
        for (name, text) in profile.fields() {
            form.fields.set(name, text);
        }
    }
    let standing = (kind == OrganisationKind::Buyer).then(|| match row.verified_at {
        Some(at) => tag("open", t!(cx, "organisation-verified", date = short(cx.words, Moment(at), "UTC"))),
        None => tag("waiting", t!(cx, "organisation-unverified")),
    });
    let roles = Role::ALL
        .iter()
        .filter(|role| role.fits(kind))
        .map(|role| (role.code().to_owned(), t!(cx, &format!("role-{}", role.code())), None))
        .collect();
    let user = cx.actor.user().map_or(0, |user| user.get());
    let members = found
        .members
        .iter()
        .map(|member| {
            let own = member.user_id == user;
            let button = (owner || own).then(|| {
                let (key, name) = (if own { "organisation-leave" } else { "organisation-remove" }, member.name.clone());
                view! {
                    <form class="wp-inline-form" method="post">
                        {hidden("member", to_text(member.user_id))}
                        <button name="do" value="end" aria-label=format!("{}: {name}", t!(cx, key))>{t!(cx, key)}</button>
                    </form>
                }
            });
            cells![member.name.clone(), member.email.clone(), t!(cx, &format!("role-{}", member.role)), button]
        })
        .collect();
    let invitations = (owner && !found.invitations.is_empty()).then(|| {
        let rows = found.invitations.iter().map(|row| view! { <li>{row.email.clone()}</li> }).collect_view();
        view! { <h3 class="govuk-heading-s">{t!(cx, "organisation-invited")}</h3><ul class="govuk-list">{rows}</ul> }
    });
    let editing = owner.then(|| {
        view! {
            <section>
                <h2 class="govuk-heading-m">{t!(cx, "organisation-invite")}</h2>
                <form method="post" novalidate>
                    {input(cx, &form, "email", t!(cx, "email"), "", "email", "")}
                    {select(cx, &form, "role", t!(cx, "organisation-role"), "", roles)}
                    {submit(t!(cx, "organisation-invite-button"), "invite")}
                </form>
            </section>
            <section>
                <h2 class="govuk-heading-m">{t!(cx, "organisation-profile")}</h2>
                <form method="post" novalidate>
                    {hidden("seen", row.row_version)}
                    {textarea(cx, &form, "about", t!(cx, "organisation-about"), "", 6)}
                    {input(cx, &form, "place", t!(cx, "organisation-place"), "", "text", "")}
                    {input(cx, &form, "url", t!(cx, "organisation-url"), "", "url", "url")}
                    {supplier.then(|| profile::fields(cx, &form))}
                    {(kind == OrganisationKind::Buyer).then(|| checkbox(cx, &form, "four_eyes", t!(cx, "organisation-four-eyes"), "yes"))}
                    {(kind == OrganisationKind::Buyer).then(|| view! { <p><a class="govuk-link" href=format!("/organisations/{id}/opening")>{t!(cx, "organisation-opening-rule")}</a></p> })}
                    {submit(t!(cx, "account-save"), "profile")}
                </form>
            </section>
        }
    });
    let shows = supplier && cx.desk.store.read().await?.shows_profile(id).await?;
    let public = supplier.then(|| {
        let (text, value, button) =
            if shows { ("supplier-public", "hide", "supplier-hide") } else { ("supplier-hidden", "show", "supplier-show") };
        let button = owner.then(|| {
            view! { <form method="post"><button class="govuk-button govuk-button--secondary" name="do" value=value>{t!(cx, button)}</button></form> }
        });
        let page = shows.then(|| view! { <p><a class="govuk-link" href=format!("/suppliers/{id}")>{t!(cx, "supplier-page")}</a></p> });
        view! { <section><p>{t!(cx, text)}</p>{page}{button}</section> }
    });
    let body = view! {
        {error_summary(cx, &form.errors)}
        <p class="wp-meta">{t!(cx, &format!("kind-{}", row.kind))} " " {standing}</p>
        <h1 class="govuk-heading-l">{row.name.clone()}</h1>
        <section>
            <h2 class="govuk-heading-m">{t!(cx, "organisation-members")}</h2>
            {table(cx, "organisation-members", &["column-name", "email", "column-role", "column-act"], members)}
            {invitations}
        </section>
        {supplier.then(|| profile::shown(cx, &row.about, &profile))}
        {public}
        {editing}
    };
    let title = row.name.clone();
    Ok(Page::new(title, body).under(vec![("/account".into(), t!(cx, "account-title"))]).invalid_if(form.invalid()).render(cx))
}

pub async fn post(cx: Cx, Path(id): Path<String>, post: Post) -> Result<Response, Fault> {
    let id = id_of(&id)?;
    let fields: &Fields = &post.fields;
    let outcome = match fields.get("do") {
        "invite" => verbs::invite_member(&cx.desk, &cx.actor, id, fields).await.map(|()| "invited"),
        "profile" => verbs::edit_organisation(&cx.desk, &cx.actor, id, fields).await.map(|()| "saved"),
        act @ ("show" | "hide") => {
            let show = act == "show";
            workflow::library::show_profile(&cx.desk, &cx.actor, id, show)
                .await
                .map(|()| if show { "profile-shown" } else { "profile-hidden" })
        }
        "end" => {
            let of = UserId::parse(fields.get("member")).unwrap_or(UserId(0));
            let own = cx.actor.user() == Some(of);
            verbs::end_membership(&cx.desk, &cx.actor, id, of).await?;
            return Ok(Redirect::to(&if own {
                "/account?done=ended".to_owned()
            } else {
                format!("/organisations/{id}?done=ended")
            })
            .into_response());
        }
        _ => return Ok(Told::BadRequest.into_response()),
    };
    match outcome {
        Ok(done) => Ok(Redirect::to(&format!("/organisations/{id}?done={done}")).into_response()),
        Err(error) => {
            let errors = shown(error)?;
            page(&cx, id, Form::with(post.fields, errors)).await
        }
    }
}

pub async fn invitation(cx: Cx, RawQuery(raw): RawQuery) -> Result<Response, Fault> {
    let fields = parse(raw.unwrap_or_default().as_bytes());
    let token = fields.get("token").to_owned();
    let Some((organisation, email)) = verbs::read_invitation(&cx.desk, &token).await? else {
        let title = t!(cx, "invitation-used-title");
        let body =
            view! { <h1 class="govuk-heading-l">{title.clone()}</h1><p class="wp-lead">{t!(cx, "invitation-used-text")}</p> };
        return Ok(Page::new(title, body).render(&cx));
    };
    let title = t!(cx, "invitation-title", organisation = &organisation);
    let next = match &cx.signed_in {
        None => view! {
            <p>{t!(cx, "invitation-sign-in")}</p>
            <p><a class="govuk-button" href=crate::account::sign_in_link(&cx.uri)>{t!(cx, "sign-in")}</a> " " <a class="govuk-link" href="/register">{t!(cx, "register")}</a></p>
        }
        .into_any(),
        Some(signed) if signed.session.email != email => view! { <p>{t!(cx, "invitation-other", email = &email)}</p> }.into_any(),
        Some(_) => view! { <form method="post" action="/invitation">{hidden("token", token)}{submit(t!(cx, "invitation-accept"), "")}</form> }.into_any(),
    };
    let body = view! { <h1 class="govuk-heading-l">{title.clone()}</h1><p class="wp-lead">{t!(cx, "invitation-text", email = &email)}</p>{next} };
    Ok(Page::new(title, body).render(&cx))
}

pub async fn invitation_post(cx: Cx, post: Post) -> Result<Response, Fault> {
    let email = cx.signed_in.as_ref().map(|signed| signed.session.email.clone()).unwrap_or_default();
    verbs::accept_invitation(&cx.desk, &cx.actor, &email, post.fields.get("token")).await?;
    Ok(Redirect::to("/account?done=joined").into_response())
}

pub async fn buyers(cx: Cx) -> Result<Response, Fault> {
    let rows = verbs::list_buyers(&cx.desk, &cx.actor).await?;
    let list = if rows.is_empty() {
        empty(t!(cx, "buyers-none"), t!(cx, "buyers-none-text"))
    } else {
        let rows = rows
            .iter()
            .map(|row| {
                let (state, key, value) = match row.verified_at {
                    Some(at) => (
                        tag("open", t!(cx, "organisation-verified", date = short(cx.words, Moment(at), "UTC"))),
                        "buyers-unverify",
                        "no",
                    ),
                    None => (tag("waiting", t!(cx, "buyers-waiting")), "buyers-verify", "yes"),
                };
                let label = format!("{}: {}", t!(cx, key), row.name);
                let act = view! {
                    <form class="wp-inline-form wp-inline-form--secondary" method="post">
                        {hidden("organisation", to_text(row.id))}
                        <button name="verified" value=value aria-label=label>{t!(cx, key)}</button>
                    </form>
                };
                cells![row.name.clone(), row.place.clone(), state, act]
            })
            .collect();
        table(&cx, "buyers-title", &["column-organisation", "organisation-place", "column-stage", "column-act"], rows)
    };
    let body =
        view! { <h1 class="govuk-heading-l">{t!(cx, "buyers-title")}</h1><p class="wp-lead">{t!(cx, "buyers-text")}</p>{list} };
    Ok(Page::new(t!(cx, "buyers-title"), body).render(&cx))
}

pub async fn buyers_post(cx: Cx, post: Post) -> Result<Response, Fault> {
    let id = id_of(post.fields.get("organisation"))?;
    verbs::verify_buyer(&cx.desk, &cx.actor, id, post.fields.get("verified") == "yes").await?;
    Ok(Redirect::to("/admin/buyers?done=verified").into_response())
}
