//! Seats, declarations of interest, and their settlement.

use axum::extract::{Path, RawQuery};
use axum::response::{IntoResponse, Redirect, Response};
use domain::challenge::{Assignment, Stage};
use domain::form::Fields;
use domain::ids::{ChallengeId, DeclarationId, SeatId, SeatInvitationId, to_text};
use domain::moment::Moment;
use domain::policy::{Candidate, SeatRole, SeatStanding};
use leptos::prelude::*;
use workflow::evaluation::{self as verbs, PanelView};

use crate::account::shown;
use crate::challenge::{crumbs, id_of};
use crate::cx::Cx;
use crate::fault::{Fault, Told};
use crate::frame::Page;
use crate::guard::Post;
use crate::ui::{
    Form, cells, checkbox, empty, error_summary, exact, hidden, input, radios, select, submit, table, tag, textarea,
};
use crate::words::t;

pub async fn panel(cx: Cx, Path(id): Path<String>) -> Result<Response, Fault> {
    panel_page(&cx, id_of(&id)?, Form::default()).await
}

async fn panel_page(cx: &Cx, id: ChallengeId, form: Form) -> Result<Response, Fault> {
    let found = verbs::read_panel(&cx.desk, &cx.actor, id).await?;
    let moderates = found.facts.stage() == Stage::Moderation;
    let candidate = Candidate { short: moderates && needs_another(&found), ..Candidate::default() };
    let may_appoint = domain::policy::appoint_seat(&cx.actor, &found.facts, candidate).is_ok();
    let own = found.facts.seat.as_ref().map(|seat| seat.id);
    let columns = ["column-name", "column-role", "column-stage"];
    let seats = if found.seats.is_empty() {
        empty(t!(cx, "panel-none"), t!(cx, "panel-none-text"))
    } else {
        let rows = found
            .seats
            .iter()
            .map(|seat| {
                let state = match (seat.standing, seat.locked) {
                    (_, true) => tag("decided", t!(cx, "seat-locked")),
                    (SeatStanding::Undeclared, _) => tag("waiting", t!(cx, "seat-undeclared")),
                    (SeatStanding::Unsettled, _) => tag("waiting", t!(cx, "seat-unsettled")),
                    (SeatStanding::Clear, _) => tag("open", t!(cx, "seat-clear")),
                    (SeatStanding::Recused, _) => tag("open", t!(cx, "seat-recused")),
                    (SeatStanding::Removed, _) => tag("cancelled", t!(cx, "seat-removed")),
                };
                let deputy = seat.deputy.then(|| tag("waiting", t!(cx, "seat-deputy")));
                let replaces = seat.replaces.as_ref().map(|name| t!(cx, "seat-replaces", name = name.clone()));
                let role = t!(cx, &format!("seat-{}", seat.role.code()));
                let state = view! { {state} {unlock(cx, &found, seat, &form)} };
                let filled = seat.filled.as_ref().filter(|_| found.facts.team.is_some());
                let filled =
                    filled.map(|why| view! { <br/><span class="wp-muted">{t!(cx, "seat-filled")} " " {why.clone()}</span> });
                cells![seat.name.clone(), view! { {role} " " {replaces} " " {deputy} {filled} }, state]
            })
            .collect();
        table(cx, "room-panel", &columns, rows)
    };
    let roles =
        SeatRole::ALL.iter().map(|role| (role.code().to_owned(), t!(cx, &format!("seat-{}", role.code())), None)).collect();
    let ends = domain::policy::end_seat(&cx.actor, &found.facts, domain::ids::SeatId(0), false).is_ok();
    let replaces = ((ends || may_appoint) && !(found.ended.is_empty() && found.seats.is_empty())).then(|| {
        let nobody = (String::new(), t!(cx, "appoint-replaces-none"), None);
        let ended = found.ended.iter().map(|row| (to_text(row.id), row.name.clone(), None));
        // Who was removed has left already; whose scores the panel has seen is taken off it no more.
        let seats = found.seats.iter().filter(|seat| {
            seat.standing == SeatStanding::Removed || (ends && !(found.facts.refilled && seat.locked))
        });
        let seats = seats.map(|seat| {
            let gone = seat.standing == SeatStanding::Removed;
            let key = if gone { "appoint-replaces-removed" } else { "appoint-replaces-seat" };
            (seat.id.to_string(), t!(cx, key, name = &seat.name), None)
        });
        let (why, hint) = match moderates {
            true => ("filled-reason", "filled-reason-hint"),
            false => ("appoint-end-reason", "appoint-end-reason-hint"),
        };
        view! {
            {select(cx, &form, "replaces", t!(cx, "appoint-replaces"), "", std::iter::once(nobody).chain(ended).chain(seats).collect())}
            {input(cx, &form, "replace_reason", t!(cx, why), hint, "text", "")}
        }
    });
    let remind = domain::policy::remind_panel(&cx.actor, &found.facts).is_ok().then(|| {
        view! {
            <section>
                <h2 class="govuk-heading-m">{t!(cx, "remind-title")}</h2>
                <p>{t!(cx, "remind-text")}</p>
                <form method="post"><button class="govuk-button govuk-button--secondary" name="do" value="remind">{t!(cx, "remind-button")}</button></form>
            </section>
        }
    });
    let appoint = may_appoint.then(|| {
        view! {
            <section>
                <h2 class="govuk-heading-m">{t!(cx, "appoint-title")}</h2>
                <p>{t!(cx, "appoint-text")}</p>
                <form method="post" novalidate>
                    {input(cx, &form, "email", t!(cx, "email"), "", "email", "")}
                    {select(cx, &form, "role", t!(cx, "organisation-role"), "", roles)}
                    {replaces}
                    {submit(t!(cx, "appoint-button"), "appoint")}
                </form>
            </section>
        }
    });
    let own_links = own
        .map(|_| view! { <p><a class="govuk-button" href=format!("/challenges/{id}/declare")>{t!(cx, "declare-title")}</a></p> });
    let body = view! {
        {error_summary(cx, &form.errors)}
        <span class="govuk-caption-l">{found.title.clone()}</span>
        <h1 class="govuk-heading-l">{t!(cx, "room-panel")}</h1>
        {seats}
        {own_links}
        {short(cx, &found)}
        {declarations(cx, &found, &form)}
        {appoint}
        {invite(cx, &found, &form)}
        {assign(cx, &found, &form)}
        {remind}
        {deputy(cx, &found, &form)}
        {ending(cx, &found, &form)}
    };
    Ok(Page::new(t!(cx, "room-panel"), body).under(crumbs(cx, id, &found.title)).invalid_if(form.invalid()).render(cx))
}

/// The panel has no way on without one more who scores.
fn needs_another(found: &PanelView) -> bool {
    !found.short.is_empty() || !found.closable
}

/// Responses that have, or can get, fewer own scores than published: how many, and what to do; or that nobody may close the record.
fn short(cx: &Cx, found: &PanelView) -> Option<AnyView> {
    let Some(have) = found.short.iter().map(|short| short.have).min() else {
        let text = (!found.closable).then(|| t!(cx, "short-unled"))?;
        return Some(
            view! { <section id="short" class="govuk-inset-text"><h2 class="govuk-heading-m">{t!(cx, "short-unled-title")}</h2><p>{text}</p></section> }
                .into_any(),
        );
    };
    let (n, quorum) = (found.short.len(), found.terms.panel.quorum);
    let moderates = found.facts.stage() == Stage::Moderation;
    let text = if moderates { "short-panel-seen" } else { "short-panel-scoring" };
    Some(
        view! {
            <section id="short" class="govuk-inset-text">
                <h2 class="govuk-heading-m">{t!(cx, "short-title")}</h2>
                <p>{t!(cx, "short-panel", n = n, have = have, quorum = quorum)}</p>
                <p>{t!(cx, text)}</p>
                <p>{t!(cx, "short-nobody")}</p>
            </section>
        }
        .into_any(),
    )
}

/// An officer invites somebody from outside by mail; the team sees who was invited and has not answered.
fn invite(cx: &Cx, found: &PanelView, form: &Form) -> Option<AnyView> {
    let moderates = found.facts.stage() == Stage::Moderation;
    domain::policy::invite_expert(&cx.actor, &found.facts, moderates && needs_another(found)).ok()?;
    let why = moderates.then(|| input(cx, form, "expert_reason", t!(cx, "filled-reason"), "filled-reason-hint", "text", ""));
    let roles =
        SeatRole::ALL.iter().map(|role| (role.code().to_owned(), t!(cx, &format!("seat-{}", role.code())), None)).collect();
    let open = found
        .invited
        .iter()
        .filter(|row| row.seat.is_none() && row.withdrawn_at.is_none() && found.facts.now.before(Moment(row.expires_at)));
    let rows: Vec<_> = open
        .map(|row| {
            view! {
                <li>
                    {row.email.clone()} " " {t!(cx, "expert-until")} " " {exact(cx, Moment(row.expires_at), None)}
                    <form class="wp-inline-form" method="post">
                        {hidden("invitation", to_text(row.id))}
                        <button name="do" value="withdraw" aria-label=format!("{}: {}", t!(cx, "expert-withdraw"), row.email)>{t!(cx, "expert-withdraw")}</button>
                    </form>
                </li>
            }
        })
        .collect();
    Some(
        view! {
            <section>
                <h2 class="govuk-heading-m">{t!(cx, "expert-invite-title")}</h2>
                <p>{t!(cx, "expert-invite-text")}</p>
                {(!rows.is_empty()).then(|| view! { <ul class="govuk-list">{rows}</ul> })}
                <form method="post" novalidate>
                    {input(cx, form, "expert_email", t!(cx, "expert-email"), "", "email", "")}
                    {select(cx, form, "expert_role", t!(cx, "expert-role"), "", roles)}
                    {why}
                    <button class="govuk-button govuk-button--secondary" name="do" value="invite">{t!(cx, "expert-invite-button")}</button>
                </form>
            </section>
        }
        .into_any(),
    )
}

/// An officer has the responses assigned; the team sees how many each has.
fn assign(cx: &Cx, found: &PanelView, form: &Form) -> Option<AnyView> {
    let may = domain::policy::assign_responses(&cx.actor, &found.facts).is_ok();
    (may && found.terms.panel.assignment == Assignment::Balanced).then(|| {
        let rows = found.seats.iter().filter(|seat| seat.role.scores()).map(|seat| {
            let n = found.assigned.iter().filter(|(of, _)| *of == seat.id).count();
            // Nobody waits for whoever is not needed, but they say themselves that they have nothing to do.
            let spare = (n == 0 && !found.assigned.is_empty() && !seat.locked).then(|| t!(cx, "assigned-none"));
            view! { <li>{seat.name.clone()} " " {t!(cx, "assigned-n", n = n)} " " {spare}</li> }
        });
        let error = form.error(cx, "assign").map(|error| view! { <p class="govuk-error-message">{error}</p> });
        view! {
            <section id="assign">
                <h2 class="govuk-heading-m">{t!(cx, "assign-title")}</h2>
                <p>{t!(cx, "assign-text")}</p>
                <ul class="govuk-list">{rows.collect_view()}</ul>
                {error}
                <form method="post"><button class="govuk-button govuk-button--secondary" name="do" value="assign">{t!(cx, "assign-button")}</button></form>
            </section>
        }
        .into_any()
    })
}

/// An officer names who may do what the chair does.
fn deputy(cx: &Cx, found: &PanelView, form: &Form) -> Option<AnyView> {
    let evaluators: Vec<_> = found.seats.iter().filter(|seat| seat.role == SeatRole::Evaluator).collect();
    let may = domain::policy::name_deputy(&cx.actor, &found.facts, SeatId(0)).is_ok();
    (may && !evaluators.is_empty()).then(|| {
        let choices = evaluators.iter().map(|seat| (seat.id.to_string(), seat.name.clone(), None)).collect();
        view! {
            <section>
                <h2 class="govuk-heading-m">{t!(cx, "deputy-title")}</h2>
                <p>{t!(cx, "deputy-text")}</p>
                <form method="post" novalidate>
                    {select(cx, form, "deputy", t!(cx, "deputy-who"), "", choices)}
                    {input(cx, form, "deputy_reason", t!(cx, "deputy-reason"), "", "text", "")}
                    {submit(t!(cx, "deputy-button"), "deputy")}
                </form>
            </section>
        }
        .into_any()
    })
}

/// An officer ends a seat, with a reason; the team sees which ended and why.
fn ending(cx: &Cx, found: &PanelView, form: &Form) -> AnyView {
    let may = domain::policy::end_seat(&cx.actor, &found.facts, SeatId(0), false).is_ok();
    let may_end = || found.seats.iter().filter(|seat| !(found.facts.refilled && seat.locked));
    let end = (may && may_end().next().is_some()).then(|| {
        let choices = may_end().map(|seat| (seat.id.to_string(), seat.name.clone(), None)).collect();
        view! {
            <section>
                <h2 class="govuk-heading-m">{t!(cx, "end-title")}</h2>
                <p>{t!(cx, "end-text")}</p>
                <form method="post" novalidate>
                    {select(cx, form, "seat", t!(cx, "end-who"), "", choices)}
                    {input(cx, form, "end_reason", t!(cx, "end-reason"), "", "text", "")}
                    <button class="govuk-button govuk-button--secondary" name="do" value="end">{t!(cx, "end-button")}</button>
                </form>
            </section>
        }
    });
    let rows: Vec<_> = found
        .ended
        .iter()
        .map(|row| view! { <li><strong>{row.name.clone()}</strong> " " {exact(cx, Moment(row.ended_at), None)} <br/>{row.reason.clone()}</li> })
        .collect();
    let ended = (!rows.is_empty())
        .then(|| view! { <section><h2 class="govuk-heading-m">{t!(cx, "ended-title")}</h2><ul class="govuk-list">{rows}</ul></section> });
    view! { {end} {ended} }.into_any()
}

/// The chair gives locked scores back, until all have locked.
fn unlock(cx: &Cx, found: &PanelView, seat: &store::SeatRow, form: &Form) -> Option<AnyView> {
    domain::policy::unlock_scores(&cx.actor, &found.facts, seat.id, seat.locked && seat.role.scores()).ok()?;
    let field = format!("unlock-{}", seat.id);
    let open = form.error(cx, &field).is_some();
    Some(
        view! {
            <details class="govuk-details" open=open>
                <summary class="govuk-details__summary"><span class="govuk-details__summary-text">{t!(cx, "unlock-title")} <span class="govuk-visually-hidden">{seat.name.clone()}</span></span></summary>
                <form class="govuk-details__text" method="post" novalidate>
                    {hidden("seat", seat.id)}
                    {textarea(cx, form, &field, t!(cx, "unlock-reason"), "unlock-hint", 3)}
                    {submit(t!(cx, "unlock-button"), "unlock")}
                </form>
            </details>
        }
        .into_any(),
    )
}

/// Declarations, the newest last; a conflict that nobody settled asks an officer for a decision.
fn declarations(cx: &Cx, found: &PanelView, form: &Form) -> Option<AnyView> {
    if found.declarations.is_empty() {
        return None;
    }
    let rows = found
        .declarations
        .iter()
        .map(|(row, parties)| {
            let seat = SeatId(row.seat);
            let said =
                if row.conflict { t!(cx, "declared-conflict", parties = parties.join(", ")) } else { t!(cx, "declared-clear") };
            let behind = found.behind.get(&row.id).filter(|names| !names.is_empty());
            let behind =
                behind.map(|names| view! { <p class="wp-muted">{t!(cx, "declared-behind", suppliers = names.join(", "))}</p> });
            let settled = row.settlement.as_ref().map(|kind| {
                view! { <p>{t!(cx, &format!("settled-{kind}"))} " " {row.settlement_reason.clone()}</p> }
            });
            let settle = (row.conflict
                && row.settlement.is_none()
                && domain::policy::settle_declaration(&cx.actor, &found.facts, seat).is_ok())
            .then(|| {
                let kinds = ["recused", "removed", "clear"]
                    .map(|kind| (kind.to_owned(), t!(cx, &format!("settle-{kind}")), None))
                    .to_vec();
                view! {
                    <form method="post" novalidate>
                        {hidden("declaration", to_text(row.id))}
                        {radios(cx, form, "kind", t!(cx, "settle-title"), kinds)}
                        {textarea(cx, form, "reason", t!(cx, "settle-reason"), "", 3)}
                        {submit(t!(cx, "settle-button"), "settle")}
                    </form>
                }
            });
            view! {
                <li>
                    <p><strong>{row.name.clone()}</strong> " " {exact(cx, Moment(row.at), None)}</p>
                    <p>{said}</p>
                    {behind}
                    <p>{row.statement.clone()}</p>
                    {settled}{settle}
                </li>
            }
        })
        .collect_view();
    Some(
        view! { <section><h2 class="govuk-heading-m">{t!(cx, "declarations")}</h2><ul class="govuk-list">{rows}</ul></section> }
            .into_any(),
    )
}

pub async fn panel_post(cx: Cx, Path(id): Path<String>, post: Post) -> Result<Response, Fault> {
    let id = id_of(&id)?;
    let fields: &Fields = &post.fields;
    let outcome = match fields.get("do") {
        "appoint" => verbs::appoint_seat(&cx.desk, &cx.actor, id, fields).await.map(|_| "appointed"),
        "end" => {
            let seat = SeatId::parse(fields.get("seat")).unwrap_or(SeatId(0));
            verbs::end_seat(&cx.desk, &cx.actor, id, seat, fields).await.map(|()| "seat-ended")
        }
        "invite" => verbs::invite_expert(&cx.desk, &cx.actor, id, fields).await.map(|_| "expert-invited"),
        "withdraw" => {
            let invitation = SeatInvitationId::parse(fields.get("invitation")).unwrap_or(SeatInvitationId(0));
            verbs::withdraw_expert(&cx.desk, &cx.actor, id, invitation).await.map(|()| "expert-withdrawn")
        }
        "assign" => verbs::assign_responses(&cx.desk, &cx.actor, id).await.map(|_| "assigned"),
        "remind" => verbs::remind_panel(&cx.desk, &cx.actor, id).await.map(|()| "reminded"),
        "deputy" => {
            let seat = SeatId::parse(fields.get("deputy")).unwrap_or(SeatId(0));
            verbs::name_deputy(&cx.desk, &cx.actor, id, seat, fields).await.map(|()| "deputy")
        }
        "unlock" => verbs::unlock_scores(&cx.desk, &cx.actor, id, fields).await.map(|()| "unlocked"),
        "settle" => {
            let declaration = DeclarationId::parse(fields.get("declaration")).unwrap_or(DeclarationId(0));
            verbs::settle_declaration(&cx.desk, &cx.actor, id, declaration, fields).await.map(|()| "settled")
        }
        _ => return Ok(Told::BadRequest.into_response()),
    };
    match outcome {
        Ok(done) => Ok(Redirect::to(&format!("/challenges/{id}/panel?done={done}")).into_response()),
        Err(error) => {
            let errors = shown(error)?;
            panel_page(&cx, id, Form::with(post.fields, errors)).await
        }
    }
}

pub async fn declare(cx: Cx, Path(id): Path<String>, RawQuery(query): RawQuery) -> Result<Response, Fault> {
    let first = query.is_some_and(|query| query.split('&').any(|pair| pair == "first=moderation"));
    declare_page(&cx, id_of(&id)?, Form::default(), first).await
}

/// `first`: led here from the moderation, which only those read who have declared.
async fn declare_page(cx: &Cx, id: ChallengeId, form: Form, first: bool) -> Result<Response, Fault> {
    let found = verbs::read_panel(&cx.desk, &cx.actor, id).await?;
    let title = t!(cx, "declare-title");
    // Late, a conflict alone.
    let late = domain::policy::declare_interest(&cx.actor, &found.facts, false).is_err();
    let main = match domain::policy::declare_interest(&cx.actor, &found.facts, true) {
        Err(refused) => {
            view! { <div class="govuk-inset-text">{t!(cx, &format!("declare-{}", refused.why.code()))}</div> }.into_any()
        }
        Ok(_) => {
            let no = (!late).then(|| ("no".to_owned(), t!(cx, "declare-no"), None));
            let choices = no.into_iter().chain([("yes".to_owned(), t!(cx, "declare-yes"), None)]).collect();
            let late = late.then(|| view! { <div class="govuk-inset-text">{t!(cx, "declare-late")}</div> });
            let parties = found
                .parties
                .iter()
                .map(|(supplier, name)| checkbox(cx, &form, &format!("party-{}", to_text(*supplier)), name.clone(), "yes"))
                .collect_view();
            let error = form.error(cx, "parties").map(|error| view! { <p class="govuk-error-message">{error}</p> });
            let first = first.then(|| view! { <div class="govuk-inset-text">{t!(cx, "declare-first")}</div> });
            view! {
                {first}
                {late}
                <form method="post" novalidate>
                    {radios(cx, &form, "conflict", t!(cx, "declare-question"), choices)}
                    <fieldset class="govuk-fieldset" id="parties">
                        <legend class="govuk-fieldset__legend govuk-fieldset__legend--s">{t!(cx, "declare-parties")}</legend>
                        {error}
                        {parties}
                    </fieldset>
                    {textarea(cx, &form, "statement", t!(cx, "declare-statement"), "declare-statement-hint", 4)}
                    {checkbox(cx, &form, "undertaking", t!(cx, "declare-undertaking"), "yes")}
                    {submit(t!(cx, "declare-button"), "")}
                </form>
            }
            .into_any()
        }
    };
    let body = view! {
        {error_summary(cx, &form.errors)}
        <span class="govuk-caption-l">{found.title.clone()}</span>
        <h1 class="govuk-heading-l">{title.clone()}</h1>
        <p class="wp-lead">{t!(cx, "declare-text")}</p>
        {main}
    };
    Ok(Page::new(title, body).under(crumbs(cx, id, &found.title)).invalid_if(form.invalid()).render(cx))
}

pub async fn declare_post(cx: Cx, Path(id): Path<String>, post: Post) -> Result<Response, Fault> {
    let id = id_of(&id)?;
    match verbs::declare_interest(&cx.desk, &cx.actor, id, &post.fields).await {
        Ok(()) => Ok(Redirect::to(&format!("/challenges/{id}/panel?done=declared")).into_response()),
        Err(error) => {
            let errors = shown(error)?;
            declare_page(&cx, id, Form::with(post.fields, errors), false).await
        }
    }
}
