//! Who answers together: named on a page of the draft, asked there to sign off; and the page on which a partner does.

use std::collections::BTreeMap;

use axum::extract::{Path, RawQuery};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use domain::form::{FieldError, Fields};
use domain::ids::ResponseId;
use domain::moment::Moment;
use domain::policy::{self, DraftLinkKind};
use domain::response::{Partner, PartyKind};
use leptos::prelude::*;
use serde_json::json;
use workflow::response::{self as verbs, OpenedResponse, OwnResponse, PartnersView, Saved, SignOffState, ToSign};

use super::files::{file_of, out};
use super::link::{alone, asked, written};
use super::{id_of, late_or};
use crate::account::shown;
use crate::cx::Cx;
use crate::fault::{Fault, Told};
use crate::frame::Page;
use crate::guard::{Post, encode, parse};
use crate::islands::{ConflictWords, DraftKeeper, SaveWords, draft_key, person};
use crate::ui::{Form, checkbox, clock, error_summary, exact, hidden, input, select, submit, tag, textarea, when};
use crate::words::t;

pub async fn partners(cx: Cx, Path(id): Path<String>, RawQuery(query): RawQuery) -> Result<Response, Fault> {
    let found = verbs::read_partners(&cx.desk, &cx.actor, id_of(&id)?).await?;
    let more = parse(query.unwrap_or_default().as_bytes()).get("more") == "yes";
    let form = Form::with(found.typed.clone(), found.errors.clone());
    Ok(partners_page(&cx, &found, &form, (more, false)))
}

/// `unsaved`: what stands in the form is not what the server has.
fn partners_page(cx: &Cx, found: &PartnersView, form: &Form, (more, unsaved): (bool, bool)) -> Response {
    let own = &found.own;
    let id = own.facts.response;
    let open = policy::save_answer(&cx.actor, &own.facts).is_ok();
    let mut rows = form.fields.rows("partner");
    if more || rows.is_empty() {
        rows.push(rows.last().copied().unwrap_or(0) + 1);
    }
    let rows = rows.into_iter().map(|n| partner_row(cx, form, n)).collect_view();
    let seen = own.answers.get("parties").map_or(0, |answer| answer.row_version);
    let editing = open.then(|| {
        view! {
            <form method="post" novalidate id="form">
                {hidden("seen", seen)}
                {keeper(cx, found, unsaved)}
                <fieldset class="govuk-fieldset">
                    <legend class="govuk-fieldset__legend govuk-fieldset__legend--m">{t!(cx, "partners-lead", supplier = &own.row.supplier_name)}</legend>
                    {input(cx, form, "lead-work", t!(cx, "partner-work"), "partner-work-hint", "text", "")}
                    {input(cx, form, "lead-share", t!(cx, "partner-share"), "partner-share-hint", "number", "")}
                    {textarea(cx, form, "lead-people", t!(cx, "partner-people"), "partner-people-hint", 3)}
                    {input(cx, form, "lead-identifiers", t!(cx, "profile-identifiers"), "partners-identifiers-hint", "text", "")}
                </fieldset>
                {rows}
                <div class="govuk-button-group">
                    <button class="govuk-button" name="do" value="save">{t!(cx, "partners-save")}</button>
                    <button class="govuk-button govuk-button--secondary" name="do" value="more">{t!(cx, "partners-more")}</button>
                </div>
            </form>
        }
    });
    let required = own.terms.offer.partners_sign;
    let title = t!(cx, "partners-title");
    let body = view! {
        {error_summary(cx, &form.errors)}
        <span class="govuk-caption-l">{own.terms.title.clone()}</span>
        <h1 class="govuk-heading-l">{title.clone()}</h1>
        <p class="wp-lead">{t!(cx, "partners-text")}</p>
        {sign_offs(cx, found, open)}
        {required.then(|| view! { <p class="govuk-inset-text">{t!(cx, "partners-required")}</p> })}
        {editing}
        <p><a class="govuk-link" href=format!("/responses/{id}")>{t!(cx, "back-to-draft")}</a></p>
    };
    let above = vec![("/work".into(), t!(cx, "nav-work")), (format!("/responses/{id}"), own.terms.title.clone())];
    Page::new(title, body).under(above).works().render(cx)
}

fn action(id: ResponseId) -> String {
    format!("/responses/{id}/partners")
}

/// What saves the form as one types.
fn keeper(cx: &Cx, found: &PartnersView, unsaved: bool) -> AnyView {
    let action = action(found.own.facts.response);
    let (words, conflict_words) = (SaveWords::of(cx, "keep-failed"), ConflictWords::of(cx, "partners-kept"));
    view! {
        <div data-load="now" class="govuk-!-margin-bottom-3">
            <DraftKeeper key=draft_key(cx, &action) action=action person=person(cx) each=false unsaved=unsaved
                status=saved_at(cx, &found.own) words=words conflict_words=conflict_words/>
        </div>
    }
    .into_any()
}

fn saved_at(cx: &Cx, own: &OwnResponse) -> String {
    let at = own.answers.get("parties").and_then(|answer| answer.updated_at);
    at.map(|at| t!(cx, "draft-saved-at", time = zoned_clock(cx, own, at))).unwrap_or_default()
}

fn zoned_clock(cx: &Cx, own: &OwnResponse, at: Moment) -> String {
    clock(at, cx.zone.as_deref().unwrap_or(&own.terms.zone))
}

fn partner_row(cx: &Cx, form: &Form, n: u32) -> AnyView {
    let field = |part: &str| format!("partner-{n}-{part}");
    let kinds = PartyKind::ALL.iter().map(|kind| (kind.code().to_owned(), t!(cx, &format!("party-kind-{}", kind.code())), None));
    view! {
        <fieldset class="govuk-fieldset">
            <legend class="govuk-fieldset__legend govuk-fieldset__legend--m">{t!(cx, "partner-n", n = n)}</legend>
            {hidden(&field("id"), form.fields.get(&field("id")))}
            {input(cx, form, &field("name"), t!(cx, "partner-name"), "partner-name-hint", "text", "organization")}
            {select(cx, form, &field("kind"), t!(cx, "partner-kind"), "", kinds.collect())}
            {input(cx, form, &field("work"), t!(cx, "partner-work"), "partner-work-hint", "text", "")}
            {input(cx, form, &field("share"), t!(cx, "partner-share"), "partner-share-hint", "number", "")}
            {textarea(cx, form, &field("people"), t!(cx, "partner-people"), "partner-people-hint", 3)}
            {input(cx, form, &field("email"), t!(cx, "partner-email"), "partner-email-hint", "email", "")}
        </fieldset>
    }
    .into_any()
}

/// How each partner stands to what the draft says now, and the button that asks.
fn sign_offs(cx: &Cx, found: &PartnersView, open: bool) -> Option<AnyView> {
    let parties = found.parties.as_ref().filter(|parties| !parties.partners.is_empty())?;
    let rows = parties.partners.iter().map(|partner| sign_off_row(cx, found, partner, open)).collect_view();
    let digest = match &found.digest {
        Some(digest) => {
            view! { <p class="wp-muted">{t!(cx, "sign-digest")} " " <span class="wp-digest">{digest.clone()}</span></p> }
                .into_any()
        }
        None => view! { <p>{t!(cx, "sign-not-whole")}</p> }.into_any(),
    };
    Some(
        view! {
            <section>
                <h2 class="govuk-heading-m">{t!(cx, "sign-offs")}</h2>
                <p>{t!(cx, "sign-offs-text")}</p>
                {digest}
                {rows}
            </section>
        }
        .into_any(),
    )
}

fn sign_off_row(cx: &Cx, found: &PartnersView, partner: &Partner, open: bool) -> AnyView {
    let state = found.states.get(&partner.id).unwrap_or(&SignOffState::NotAsked);
    let ask = (open && !state.holds()).then(|| {
        let key = if *state == SignOffState::NotAsked { "sign-ask" } else { "sign-ask-again" };
        view! {
            <form method="post">
                {hidden("partner", &partner.id)}
                <button class="govuk-button govuk-button--secondary" name="do" value="ask">
                    {t!(cx, key)} <span class="govuk-visually-hidden">": " {partner.name.clone()}</span>
                </button>
            </form>
        }
    });
    view! {
        <section class="wp-card govuk-!-margin-bottom-4">
            <h3 class="wp-card__title">{partner.name.clone()}</h3>
            <p>{state_view(cx, state, &found.own.terms.zone)}</p>
            {ask}
        </section>
    }
    .into_any()
}

fn state_view(cx: &Cx, state: &SignOffState, zone: &str) -> AnyView {
    let zone = Some(zone);
    match state {
        SignOffState::NotAsked => tag("draft", t!(cx, "sign-state-none")),
        SignOffState::Asked(at) => view! { {tag("waiting", t!(cx, "sign-state-asked"))} " " {exact(cx, *at, zone)} }.into_any(),
        SignOffState::Holds { name, at } => {
            view! { {tag("open", t!(cx, "sign-state-holds"))} " " {name.clone()} ", " {exact(cx, *at, zone)} }.into_any()
        }
        SignOffState::Lapsed { name, at } => {
            view! { {tag("waiting", t!(cx, "sign-state-lapsed"))} " " {name.clone()} ", " {exact(cx, *at, zone)} ". " {t!(cx, "sign-state-lapsed-text")} }
                .into_any()
        }
    }
}

/// Who of the partners signed what was opened.
pub fn sign_offs_view(cx: &Cx, of: &OpenedResponse, zone: &str) -> Option<AnyView> {
    let parties = of.content.parties.as_ref().filter(|_| !of.signed.is_empty())?;
    let rows = parties
        .partners
        .iter()
        .filter_map(|partner| Some((partner, of.signed.get(&partner.id)?)))
        .map(|(partner, state)| {
            let state = match state {
                SignOffState::NotAsked | SignOffState::Asked(_) => tag("draft", t!(cx, "sign-opened-none")),
                state => state_view(cx, state, zone),
            };
            view! { <li><strong>{partner.name.clone()}</strong> ": " {state}</li> }
        })
        .collect_view();
    Some(
        view! { <section><h2 class="govuk-heading-m">{t!(cx, "sign-offs")}</h2><ul class="govuk-list">{rows}</ul></section> }
            .into_any(),
    )
}

pub async fn partners_post(cx: Cx, Path(id): Path<String>, post: Post) -> Result<Response, Fault> {
    let id: ResponseId = id_of(&id)?;
    let act = post.fields.get("do").to_owned();
    let outcome = match act.as_str() {
        "ask" => verbs::ask_sign_off(&cx.desk, &cx.actor, id, &post.fields).await.map(|()| "sign-off-asked"),
        _ => match verbs::save_partners(&cx.desk, &cx.actor, id, &post.fields).await {
            Ok(saved) if cx.json => return saved_json(&cx, id, &post.fields, &saved).await,
            Ok(saved) if saved.stale.is_empty() => Ok("partners-saved"),
            Ok(_) => Err(workflow::Error::Stale),
            Err(error) => Err(error),
        },
    };
    let more = act == "more";
    let errors = match outcome {
        Ok(done) => {
            let more = if more { "&more=yes" } else { "" };
            return Ok(Redirect::to(&format!("/responses/{id}/partners?done={done}{more}")).into_response());
        }
        Err(workflow::Error::Stale) => vec![FieldError::new("form", "stale-partners")],
        Err(error) => late_or(&cx, id, shown(error)).await?,
    };
    if cx.json {
        return Err(Fault(workflow::Error::Invalid(errors)));
    }
    let found = verbs::read_partners(&cx.desk, &cx.actor, id).await?;
    let errors = match found.own.answers.get("parties").and_then(|answer| answer.own(&cx.actor)) {
        Some(at) if errors.iter().any(|error| error.code == "stale-partners") => {
            vec![FieldError::new("form", "stale-own-partners").with("time", zoned_clock(&cx, &found.own, at))]
        }
        _ => errors,
    };
    // What was typed stays; the form carries the newer version from now on, so that the next save is a knowing one.
    let unsaved = act != "ask";
    let fields = if unsaved { post.fields } else { found.typed.clone() };
    let mut response = partners_page(&cx, &found, &Form::with(fields, errors), (more, unsaved));
    *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    Ok(response)
}

/// For the island: when it was saved and what it is to be saved over next, or where two texts differ.
async fn saved_json(cx: &Cx, id: ResponseId, posted: &Fields, saved: &Saved) -> Result<Response, Fault> {
    let found = verbs::read_partners(&cx.desk, &cx.actor, id).await?;
    let newest = found.own.answers.get("parties").cloned().unwrap_or_default();
    let of_rows = || found.typed.0.iter().filter(|(name, _)| name.ends_with("-id"));
    if saved.stale.is_empty() {
        // Of what was saved here: what a colleague has saved since is another version, and asked about at the next saving.
        let own = saved.versions.get("parties").copied().unwrap_or(newest.row_version);
        let ids: BTreeMap<_, _> = of_rows().filter(|_| own == newest.row_version).collect();
        let said = saved_at(cx, &found.own);
        return Ok(axum::Json(json!({ "seen": own.to_string(), "saved": said, "ids": ids })).into_response());
    }
    let mut names: Vec<&String> = posted.0.keys().chain(found.typed.0.keys()).collect();
    names.sort();
    names.dedup();
    let differs = |name: &&&String| {
        (name.starts_with("partner-") || name.starts_with("lead-"))
            && !name.ends_with("-id")
            && posted.get(name) != found.typed.get(name)
    };
    let row = |name: &&String| json!({ "field": name, "label": label(cx, name), "mine": posted.raw(name), "theirs": found.typed.raw(name) });
    let differing: Vec<_> = names.iter().filter(differs).map(row).collect();
    let why = match newest.own(&cx.actor) {
        Some(at) => t!(cx, "partners-yours-live", time = zoned_clock(cx, &found.own, at)),
        None => t!(cx, "partners-theirs-live", name = &newest.updated_by),
    };
    let answer = json!({
        "seen": newest.row_version.to_string(),
        "ids": of_rows().collect::<BTreeMap<_, _>>(),
        "differing": differing,
        "errors": [{ "field": "form", "text": why }],
    });
    Ok((StatusCode::CONFLICT, axum::Json(answer)).into_response())
}

/// The name of a field as its page says it.
fn label(cx: &Cx, name: &str) -> String {
    let field =
        |part: &str| if part == "identifiers" { t!(cx, "profile-identifiers") } else { t!(cx, &format!("partner-{part}")) };
    match name.strip_prefix("partner-").and_then(|rest| rest.split_once('-')) {
        Some((n, part)) if PARTS.contains(&part) => format!("{}: {}", t!(cx, "partner-n", n = n), field(part)),
        _ => match name.strip_prefix("lead-") {
            Some(part) if PARTS.contains(&part) => format!("{}: {}", t!(cx, "partners-lead-shown"), field(part)),
            _ => name.to_owned(),
        },
    }
}

/// Of who answers: the parts of a row, and of the lead's.
const PARTS: &[&str] = &["name", "kind", "work", "share", "people", "email", "identifiers"];

/// What a partner is asked to sign, whole, and the form that signs it. No account is needed.
pub async fn sign(cx: Cx, RawQuery(query): RawQuery) -> Result<Response, Fault> {
    let token = asked(query).get("token").to_owned();
    let found = verbs::read_to_sign(&cx.desk, &cx.actor, &token).await?;
    Ok(sign_page(&cx, &found, &token, &Form::default()))
}

fn sign_page(cx: &Cx, found: &ToSign, token: &str, form: &Form) -> Response {
    let own = &found.shared.own;
    let zone = own.terms.zone.as_str();
    let open = policy::sign_off(&cx.actor, &found.shared.facts).is_ok();
    let act = match (&found.digest, open && !found.state.holds()) {
        (Some(digest), true) => view! {
            <form method="post" novalidate id="form">
                <h2 class="govuk-heading-m">{t!(cx, "sign-title-form")}</h2>
                {hidden("digest", digest)}
                <p>{t!(cx, "sign-digest")} " " <span class="wp-digest">{digest.clone()}</span></p>
                {input(cx, form, "name", t!(cx, "sign-name"), "", "text", "name")}
                {checkbox(cx, form, "agree", t!(cx, "sign-agree", partner = &found.partner.name), "yes")}
                {submit(t!(cx, "sign-off-button"), "")}
            </form>
        }
        .into_any(),
        (None, true) => view! { <p class="govuk-inset-text">{t!(cx, "sign-not-yet")}</p> }.into_any(),
        (_, false) => ().into_any(),
    };
    let body = view! {
        {error_summary(cx, &form.errors)}
        <p class="wp-meta">{own.buyer.clone()} ", " {t!(cx, "reference", reference = &own.reference)}</p>
        <h1 class="govuk-heading-l">{t!(cx, "sign-title", title = &own.terms.title)}</h1>
        <p class="wp-lead">{t!(cx, "sign-off-text", supplier = &own.row.supplier_name, partner = &found.partner.name)}</p>
        <p>{state_view(cx, &found.state, zone)}</p>
        <p class="wp-deadline"><strong>{t!(cx, "answers-by")}</strong> {when(cx, own.terms.deadline, Some(zone))}</p>
        <h2 class="govuk-heading-m">{t!(cx, "sign-what")}</h2>
        {written(cx, own, &format!("/sign-off/files?token={}", encode(token)))}
        {act}
    };
    let title = t!(cx, "sign-title", title = &own.terms.title);
    own_referrer(alone(Page::new(title, body).invalid_if(form.invalid()).render(cx)))
}

/// A form is posted from the page, and an older browser says where it comes from only in a referrer's stead.
fn own_referrer(mut response: Response) -> Response {
    response.headers_mut().insert(header::REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    response
}

pub async fn sign_post(cx: Cx, RawQuery(query): RawQuery, post: Post) -> Result<Response, Fault> {
    let token = asked(query).get("token").to_owned();
    let errors = match verbs::sign_off(&cx.desk, &cx.actor, &token, &post.fields).await {
        Ok(()) => return Ok(Redirect::to(&format!("/sign-off?token={}&done=signed-off", encode(&token))).into_response()),
        Err(workflow::Error::Stale) => vec![FieldError::new("form", "stale-sign-off")],
        // Who holds a link has no session that could have ended.
        Err(workflow::Error::Refused(refused)) if refused.why == policy::Refusal::Unseen => {
            return Ok(Told::NotFound.into_response());
        }
        Err(workflow::Error::Refused(refused)) if refused.why == policy::Refusal::Late => {
            vec![FieldError::new("form", "sign-late")]
        }
        Err(error) => shown(error)?,
    };
    let found = verbs::read_to_sign(&cx.desk, &cx.actor, &token).await?;
    Ok(sign_page(&cx, &found, &token, &Form::with(post.fields, errors)))
}

pub async fn sign_file(cx: Cx, RawQuery(query): RawQuery) -> Result<Response, Fault> {
    let asked: Fields = asked(query);
    let file = file_of(asked.get("file"))?;
    let found = verbs::find_shared_file(&cx.desk, &cx.actor, asked.get("token"), DraftLinkKind::Sign, file).await?;
    Ok(alone(out(&cx, found, asked.0.contains_key("inline")).await?))
}
