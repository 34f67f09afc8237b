//! The dashboard: what needs me, by when; then the rest.

use axum::response::{IntoResponse, Response};
use domain::challenge::{Stage, TeamRole};
use domain::moment::Moment;
use domain::organisation::OrganisationKind;
use domain::policy::{self, Refusal, SeatStanding};
use leptos::prelude::*;
use workflow::challenge::{Listed, list_followed, list_seats, list_team};
use workflow::reader;
use workflow::response::{OwnListed, list_own_responses};
use workflow::rounds::waiting_extension;

use crate::cx::Cx;
use crate::fault::{Fault, Told};
use crate::frame::Page;
use crate::islands::{KeptAt, KeptOf, kept_note};
use crate::public;
use crate::ui::{cells, empty, stage_tag, table, when};
use crate::words::t;

/// What is to be done, where, and by when.
struct Todo {
    text: String,
    href: String,
    by: Option<Moment>,
    who: String,
}

pub async fn work(cx: Cx) -> Result<Response, Fault> {
    let Some(signed) = &cx.signed_in else { return Ok(Told::Refused(Refusal::SignIn).into_response()) };
    let user = domain::ids::UserId(signed.session.user_id);
    let team = list_team(&cx.desk, &cx.actor).await?;
    let own = list_own_responses(&cx.desk, &cx.actor).await?;
    let seats = list_seats(&cx.desk, user).await?;
    let followed = list_followed(&cx.desk, user).await?;
    let invited = reader::list_invited(&cx.desk, &cx.actor).await?;

    let mut todos: Vec<Todo> = Vec::new();
    for (row, facts) in &team {
        let officer = facts.team == Some(TeamRole::Officer);
        let (turn, key, page) = match row.stage {
            Stage::Draft => (officer, "todo-finish-draft", "edit"),
            Stage::InReview => (policy::approve_challenge(&cx.actor, facts).is_ok(), "todo-approve", "review"),
            Stage::Closed => (officer, "todo-open", "opening"),
            Stage::Checking => (officer, "todo-check", "check"),
            Stage::Scoring => (officer, "todo-appoint", "panel"),
            Stage::Pricing => (officer, "todo-open-prices", "opening"),
            Stage::Result => (officer, "todo-recommend", "recommend"),
            Stage::Recommended => (policy::approve_decision(&cx.actor, facts).is_ok(), "todo-approve-decision", "decision"),
            _ => continue,
        };
        if turn {
            todos.push(todo(&cx, key, row, page));
        }
    }
    for (row, _) in team.iter().filter(|(row, facts)| row.stage == Stage::Open && facts.standing.round > 1) {
        if let Some(deadline) = waiting_extension(&cx.desk, &cx.actor, row.id).await? {
            todos.push(Todo { by: Some(deadline), ..todo(&cx, "todo-round-extension", row, "rounds") });
        }
    }
    for (row, facts) in &seats {
        let Some(seat) = &facts.seat else { continue };
        let (key, page) = match (row.stage, seat.standing) {
            (Stage::Checking | Stage::Scoring, SeatStanding::Undeclared) => ("todo-declare", "declare"),
            (Stage::Scoring, SeatStanding::Clear | SeatStanding::Recused) if seat.role.scores() && !seat.locked => {
                ("todo-score", "scoring")
            }
            // Locked, and the panel had discussed: it rests while somebody who joined scores.
            (Stage::Scoring, SeatStanding::Clear | SeatStanding::Recused) if facts.refilled => ("todo-rests", "panel"),
            (Stage::Moderation, SeatStanding::Clear | SeatStanding::Recused) => {
                (if seat.leads() { "todo-record" } else { "todo-moderate" }, "moderation")
            }
            _ => continue,
        };
        todos.push(todo(&cx, key, row, page));
    }
    for row in &own {
        let title = &row.challenge.title;
        match row.stage {
            Stage::Open if row.submitted_at.is_none() && !row.withdrawn => todos.push(Todo {
                text: t!(cx, "todo-submit", title = title),
                href: format!("/responses/{}", row.id),
                by: Some(row.deadline),
                who: row.challenge.buyer.clone(),
            }),
            Stage::Open if row.unconfirmed => todos.push(Todo {
                text: t!(cx, "todo-confirm", title = title),
                href: format!("/responses/{}", row.id),
                by: Some(row.deadline),
                who: row.challenge.buyer.clone(),
            }),
            _ if row.clarify_by.is_some() => todos.push(Todo {
                text: t!(cx, "todo-clarify", title = title),
                href: format!("/responses/{}/clarifications", row.id),
                by: row.clarify_by,
                who: row.challenge.buyer.clone(),
            }),
            Stage::Decided if row.submitted_at.is_some() => todos.push(Todo {
                text: t!(cx, "todo-letter", title = title),
                href: format!("/responses/{}/letter", row.id),
                by: None,
                who: row.challenge.buyer.clone(),
            }),
            _ => {}
        }
    }
    todos.sort_by_key(|todo| todo.by.unwrap_or(Moment(i64::MAX)));
    let needs = if todos.is_empty() {
        empty(t!(cx, "work-needs-none"), t!(cx, "work-needs-none-text"))
    } else {
        let rows = todos
            .into_iter()
            .map(|todo| {
                let late = todo.by.filter(|by| cx.now.reached(*by)).map(|_| "is-late");
                view! {
                    <li class=late>
                        <a class="wp-todo__what" href=todo.href>{todo.text}</a> " "
                        {todo.by.map(|by| when(&cx, by, None))}
                        <p class="wp-meta">{todo.who}</p>
                    </li>
                }
            })
            .collect_view();
        view! { <ul class="wp-todo">{rows}</ul> }.into_any()
    };
    let alike = public::like_what_was_solved(&cx).await?;
    let acting = cx.actor.acting_as().map(|acting| acting.kind);
    let mine = match acting {
        None => empty(t!(cx, "work-no-membership"), t!(cx, "work-no-membership-text")),
        Some(OrganisationKind::Buyer) => view! {
            <h2 class="govuk-heading-m govuk-!-margin-top-6">{t!(cx, "work-challenges")}</h2>
            <p><a class="govuk-button" href="/challenges/new">{t!(cx, "work-new")}</a></p>
            <p><a class="govuk-link" href="/soundings">{t!(cx, "soundings-link")}</a></p>
            {challenges(&cx, &listed(&team), true)}
        }
        .into_any(),
        Some(OrganisationKind::Supplier) => view! {
            <h2 class="govuk-heading-m govuk-!-margin-top-6">{t!(cx, "work-responses")}</h2>
            {responses(&cx, &own)}
            <p><a class="govuk-link" href="/library/mine">{t!(cx, "library-mine")}</a></p>
        }
        .into_any(),
    };
    let panels = (!seats.is_empty()).then(|| {
        let rows = listed(&seats);
        view! { <h2 class="govuk-heading-m govuk-!-margin-top-6">{t!(cx, "work-seats")}</h2>{challenges(&cx, &rows, true)} }
    });
    let invited = (!invited.is_empty()).then(|| {
        let rows = invited.iter().map(|draft| {
            let to = format!("/drafts/{}", draft.id);
            view! { <li><a class="govuk-link" href=to>{draft.title.clone()}</a> " " <span class="wp-muted">{draft.buyer.clone()} ", " {t!(&cx, "sounding-comments-until")} " "</span> {when(&cx, draft.expires_at, None)}</li> }
        });
        view! { <h2 class="govuk-heading-m govuk-!-margin-top-6">{t!(&cx, "work-invited")}</h2><ul class="govuk-list">{rows.collect_view()}</ul> }
    });
    let followed = if followed.is_empty() {
        empty(t!(cx, "work-followed-none"), t!(cx, "work-followed-none-text"))
    } else {
        challenges(&cx, &followed, false)
    };
    let admin =
        cx.actor.administrator().then(|| view! { <p><a class="govuk-link" href="/admin/buyers">{t!(cx, "work-admin")}</a></p> });
    let body = view! {
        <h1 class="govuk-heading-l">{t!(cx, "work-title")}</h1>
        {admin}
        {kept_note(&cx, &KeptOf::Person, KeptAt::default())}
        <h2 class="govuk-heading-m">{t!(cx, "work-needs")}</h2>
        {needs}
        {mine}
        {panels}
        {invited}
        <h2 class="govuk-heading-m govuk-!-margin-top-6">{t!(cx, "work-followed")}</h2>
        {followed}
        <p><a class="govuk-link" href="/alerts">{t!(cx, "alerts-title")}</a></p>
        {alike}
    };
    Ok(Page::new(t!(cx, "work-title"), body).works().render(&cx))
}

fn listed(rows: &[(Listed, policy::ChallengeFacts)]) -> Vec<Listed> {
    rows.iter().map(|(row, _)| row.clone()).collect()
}

fn todo(cx: &Cx, key: &str, row: &Listed, page: &str) -> Todo {
    // After the deadline the date of the deadline is no date by which to act.
    let by = row.deadline.filter(|_| matches!(row.stage, Stage::Draft | Stage::InReview));
    Todo { text: t!(cx, key, title = &row.title), href: format!("/challenges/{}/{page}", row.id), by, who: row.buyer.clone() }
}

fn challenges(cx: &Cx, rows: &[Listed], inside: bool) -> AnyView {
    let rows = rows
        .iter()
        .map(|row| {
            let page = match row.stage {
                Stage::Draft | Stage::InReview if inside => format!("/challenges/{}/edit", row.id),
                _ => format!("/challenges/{}", row.id),
            };
            cells![
                view! { <a class="govuk-link" href=page>{row.title.clone()}</a> },
                row.reference.clone(),
                stage_tag(cx, row.stage, inside),
                row.deadline.map(|at| when(cx, at, None)),
            ]
        })
        .collect();
    table(cx, "work-challenges", &["column-challenge", "column-reference", "column-stage", "column-deadline"], rows)
}

fn responses(cx: &Cx, rows: &[OwnListed]) -> AnyView {
    if rows.is_empty() {
        return empty(t!(cx, "work-responses-none"), t!(cx, "work-responses-none-text"));
    }
    let rows = rows
        .iter()
        .map(|row| {
            let state = match row.submitted_at {
                Some(_) if row.unconfirmed => t!(cx, "unconfirmed-title"),
                Some(_) => t!(cx, "response-submitted"),
                None if row.withdrawn => t!(cx, "response-withdrawn"),
                None => t!(cx, "response-draft"),
            };
            cells![
                view! { <a class="govuk-link" href=format!("/responses/{}", row.id)>{row.challenge.title.clone()}</a> },
                row.challenge.buyer.clone(),
                state,
                stage_tag(cx, row.stage, false),
                Some(when(cx, row.deadline, None)),
            ]
        })
        .collect();
    table(cx, "work-responses", &["column-challenge", "column-buyer", "column-response", "column-stage", "column-deadline"], rows)
}
