//! The approver's page: who approves beside them, what changed since they last had it before them, what the law asks, the
//! notice itself, and the two acts. It is read on a telephone between two meetings.

use axum::extract::Path;
use axum::response::{IntoResponse, Redirect, Response};
use domain::challenge::{Section, Stage, TeamRole, Terms};
use domain::ids::ChallengeId;
use domain::law::Standstill;
use domain::moment::{DAY, Moment};
use leptos::prelude::*;
use workflow::challenge::{self as verbs, Named, Readiness, ReviewView};

use super::findings::findings;
use crate::account::shown;
use crate::challenge::difference::differences;
use crate::challenge::form::panel_effort_view;
use crate::challenge::{id_of, notice};
use crate::cx::Cx;
use crate::fault::{Fault, Told};
use crate::frame::Page;
use crate::guard::Post;
use crate::ui::{Form, error_summary, exact, hidden, input, relative, stage_tag, submit, summary, tag, textarea, warning, when};
use crate::words::t;

pub async fn review(cx: Cx, Path(id): Path<String>) -> Result<Response, Fault> {
    let id = id_of(&id)?;
    let (found, ready) = read(&cx, id).await?;
    // The next version is shown to this approver as what changed since this one.
    if let (Some((n, _)), Some(TeamRole::Approver), Stage::InReview) = (&found.version, found.facts.team, found.facts.stage()) {
        verbs::see_version(&cx.desk, &cx.actor, id, *n).await?;
    }
    Ok(page(&cx, &found, &ready, &Form::default()))
}

/// The review, and what the statement check says of the text.
async fn read(cx: &Cx, id: ChallengeId) -> Result<(ReviewView, Readiness), Fault> {
    let found = verbs::read_review(&cx.desk, &cx.actor, id).await?;
    Ok((found, verbs::read_readiness(&cx.desk, &cx.actor, id).await?))
}

fn page(cx: &Cx, found: &ReviewView, ready: &Readiness, form: &Form) -> Response {
    let (id, stage) = (found.facts.challenge, found.facts.stage());
    let may = domain::policy::approve_challenge(&cx.actor, &found.facts);
    let back = domain::policy::send_back_challenge(&cx.actor, &found.facts).is_ok();
    let act = match (&found.version, may) {
        (Some((n, terms)), may) if back => {
            let approve = match may {
                Ok(_) => approve(cx, found, *n, terms, form),
                Err(refused) => view! { <div class="govuk-inset-text">{t!(cx, &format!("refusal-{}", refused.why.code()))}</div> }.into_any(),
            };
            view! { <div id="act">{approve}{send_back(cx, *n, form)}</div> }.into_any()
        }
        (_, Err(refused)) if stage == Stage::InReview => {
            view! { <div class="govuk-inset-text">{t!(cx, "review-waits")} " " {t!(cx, &format!("refusal-{}", refused.why.code()))}</div> }.into_any()
        }
        _ if stage == Stage::Scheduled => view! {
            <div class="govuk-inset-text"><p>{t!(cx, "review-scheduled")}</p><p><a class="govuk-link" href=format!("/challenges/{id}/publication")>{t!(cx, "publication-title")}</a></p></div>
        }
        .into_any(),
        _ => view! { <div class="govuk-inset-text">{t!(cx, "review-not-now")}</div> }.into_any(),
    };
    let changed = found.changed.as_ref().zip(found.version.as_ref()).map(|(changed, (_, terms))| {
        let key = if changed.seen { "difference-since-seen" } else { "difference-title" };
        view! {
            <section>
                <h2 class="govuk-heading-m">{t!(cx, key, n = changed.from)}</h2>
                {differences(cx, &changed.changes, &terms.zone)}
            </section>
        }
    });
    let shown = found.version.as_ref().map(|(n, terms)| {
        view! {
            <section>
                <h2 class="govuk-heading-m">{t!(cx, "review-text", n = *n)}</h2>
                <div class="wp-preview">
                    <p class="wp-lead">{terms.summary.clone()}</p>
                    <p>{t!(cx, "answers-by")} " " {when(cx, terms.deadline, Some(&terms.zone))}</p>
                    <div class="wp-stack">{notice(cx, terms)}</div>
                </div>
            </section>
        }
    });
    let checks = found.version.as_ref().map(|(_, terms)| {
        view! { <section><h2 class="govuk-heading-m">{t!(cx, "review-checks")}</h2>{periods(cx, found, terms)}</section>
        <section><h2 class="govuk-heading-m">{t!(cx, "review-cost")}</h2>{panel_effort_view(cx, terms)}</section> }
    });
    let to_act = back.then(|| view! { <p><a class="govuk-button" href="#act">{t!(cx, "review-to-act")}</a></p> });
    let body = view! {
        {error_summary(cx, &form.errors)}
        <p class="wp-meta">{stage_tag(cx, stage, true)} " " {found.reference.clone()}</p>
        <h1 class="govuk-heading-l">{found.title.clone()}</h1>
        {to_act}
        <section><h2 class="govuk-heading-m">{t!(cx, "approvals")}</h2>{standing(cx, found)}</section>
        {sent_back(cx, found)}
        {changed}
        {found.version.is_some().then(|| findings(cx, id, ready))}
        {checks}
        {shown}
        {act}
    };
    let above = vec![("/work".into(), t!(cx, "nav-work")), (format!("/challenges/{id}/edit"), found.title.clone())];
    Page::new(format!("{} – {}", t!(cx, "go-to-review"), found.title), body).under(above).invalid_if(form.invalid()).render(cx)
}

/// Who has approved, who has not, and which approvals have lapsed with the text that they covered.
pub(super) fn standing(cx: &Cx, found: &ReviewView) -> AnyView {
    let given = |name: &str, at: i64, n: i64| {
        view! { {tag("open", t!(cx, "approval-given"))} " " {t!(cx, "approval-by", name = name, n = n)} " " <span class="wp-muted">{relative(cx, Moment(at))}</span> }.into_any()
    };
    let named = found.named.iter().map(|Named { need, given: approval }| {
        let state = match approval {
            Some(row) => given(&row.name, row.at, row.n),
            None => view! { {tag("waiting", t!(cx, "approval-missing"))} " " {need.name.clone()} }.into_any(),
        };
        (t!(cx, &format!("approval-{}", need.kind)), state)
    });
    let mut rows: Vec<(String, AnyView)> = named.collect();
    if rows.is_empty() {
        let state = match found.approvals.iter().rfind(|(_, standing)| *standing) {
            Some((row, _)) => given(&row.name, row.at, row.n),
            None => tag("waiting", t!(cx, "approval-missing")),
        };
        rows.push((t!(cx, "approval-publication"), state));
    }
    let lapsed = found.approvals.iter().filter(|(_, standing)| !standing);
    let lapsed: Vec<AnyView> = lapsed
        .map(|(row, _)| {
            let kind = t!(cx, &format!("approval-{}", row.kind));
            view! { <li>{t!(cx, "approval-lapsed", kind = kind, name = &row.name, n = row.n)} " " <span class="wp-muted">{relative(cx, Moment(row.at))}</span></li> }.into_any()
        })
        .collect();
    let lapsed = (!lapsed.is_empty())
        .then(|| view! { <p>{t!(cx, "approvals-lapsed")}</p><ul class="govuk-list govuk-list--bullet">{lapsed}</ul> });
    view! { {summary(rows)}{lapsed} }.into_any()
}

/// Why it was sent back the last time, section by section; nothing once that has been approved.
pub(super) fn sent_back(cx: &Cx, found: &ReviewView) -> Option<AnyView> {
    let event = found.events.iter().rfind(|event| event.kind == "sent_back")?;
    if found.facts.standing.publish_at.is_some() {
        return None;
    }
    let rows: Vec<(String, AnyView)> = found
        .reasons
        .iter()
        .filter(|row| row.event == event.id)
        .map(|row| (t!(cx, &format!("section-{}", row.section)), view! { {row.reason.clone()} }.into_any()))
        .collect();
    let whole = (!event.reason.is_empty()).then(|| view! { <p>{event.reason.clone()}</p> });
    Some(
        view! {
            <section>
                <h2 class="govuk-heading-m">{t!(cx, "sent-back-title", name = &event.by_name)} " " <span class="wp-muted">{relative(cx, Moment(event.at))}</span></h2>
                {whole}
                {(!rows.is_empty()).then(|| summary(rows))}
            </section>
        }
        .into_any(),
    )
}

/// What the law profile asks, beside what the dates give.
fn periods(cx: &Cx, found: &ReviewView, terms: &Terms) -> AnyView {
    let numbers = terms.law.numbers();
    let from = found.facts.standing.scheduled_for.unwrap_or(found.facts.now).max(found.facts.now);
    let days = (terms.deadline.micros() - from.micros()).max(0) / DAY;
    let least = i64::from(numbers.minimum_days);
    let enough = days >= least;
    let verdict = tag(if enough { "open" } else { "cancelled" }, t!(cx, if enough { "period-enough" } else { "period-short" }));
    let latest = terms.deadline.plus(-least * DAY);
    let standstill = match numbers.standstill {
        Standstill::None => t!(cx, "standstill-none"),
        Standstill::CalendarDays(n) => t!(cx, "standstill-calendar", n = n),
        Standstill::WorkingDays(n) => t!(cx, "standstill-working", n = n),
    };
    let official = match (terms.needs_official_notice(), &found.notice) {
        (_, Some(notice)) => t!(cx, "official-recorded", reference = &notice.reference),
        (true, None) => t!(cx, "official-needed"),
        (false, None) => t!(cx, "official-not-needed"),
    };
    let mut rows = vec![
        (t!(cx, "check-law"), view! { {t!(cx, &format!("law-{}", terms.law.code()))} }.into_any()),
        (t!(cx, "check-period"), view! { {verdict} " " {t!(cx, "period-text", days = days, least = least)} }.into_any()),
        (t!(cx, "check-latest"), view! { {exact(cx, latest, Some(&terms.zone))} }.into_any()),
        (t!(cx, "check-standstill"), view! { {standstill} }.into_any()),
        (t!(cx, "check-official"), view! { {official} }.into_any()),
    ];
    if let Some(at) = terms.decision_by {
        rows.push((t!(cx, "check-decision"), view! { {exact(cx, at, Some(&terms.zone))} }.into_any()));
    }
    summary(rows)
}

fn approve(cx: &Cx, found: &ReviewView, n: i64, terms: &Terms, form: &Form) -> AnyView {
    let approvals = found.facts.approvals;
    let last = approvals.missing <= approvals.own;
    let own = approvals.own > 0;
    let kinds: Vec<String> = found
        .named
        .iter()
        .filter(|named| own && named.given.is_none() && Some(named.need.user_id) == cx.actor.user().map(|user| user.get()))
        .map(|named| t!(cx, &format!("approval-{}", named.need.kind)))
        .collect();
    let as_whom = own.then(|| view! { <p>{t!(cx, "approve-as", kinds = kinds.join(", "))}</p> });
    let text = if !last {
        t!(cx, "approve-others")
    } else if terms.needs_official_notice() && found.notice.is_none() {
        t!(cx, "approve-official")
    } else {
        t!(cx, "approve-warning")
    };
    let wish = found.approvals.iter().filter(|(_, standing)| *standing).filter_map(|(row, _)| row.publish_at).max();
    let wish = wish.map(|at| view! { <p>{t!(cx, "approve-wish")} " " {exact(cx, Moment(at), Some(&terms.zone))}</p> });
    view! {
        <form method="post" novalidate>
            <h2 class="govuk-heading-m">{t!(cx, "approve-title")}</h2>
            {as_whom}
            {warning(cx, text)}
            {wish}
            {hidden("n", n)}
            {input(cx, form, "publish_date", t!(cx, "field-publish-date"), "field-publish-hint", "date", "")}
            {input(cx, form, "publish_time", t!(cx, "field-publish-time"), "", "time", "")}
            {submit(t!(cx, "approve-button"), "approve")}
        </form>
    }
    .into_any()
}

/// A reason for each section that is not right; sections without one are not complained of.
fn send_back(cx: &Cx, n: i64, form: &Form) -> AnyView {
    let sections = Section::ALL
        .iter()
        .map(|section| {
            let name = format!("reason-{}", section.code());
            let open = !form.fields.get(&name).is_empty() || form.error(cx, &name).is_some();
            let title = t!(cx, &format!("section-{}", section.code()));
            let label = t!(cx, "send-back-section", section = &title);
            view! {
                <details class="govuk-details" open=open>
                    <summary class="govuk-details__summary"><span class="govuk-details__summary-text">{title}</span></summary>
                    <div class="govuk-details__text">{textarea(cx, form, &name, label, "", 3)}</div>
                </details>
            }
        })
        .collect_view();
    view! {
        <form method="post" novalidate>
            <h2 class="govuk-heading-m">{t!(cx, "send-back-title")}</h2>
            <p>{t!(cx, "send-back-by-section")}</p>
            {hidden("n", n)}
            {sections}
            {textarea(cx, form, "reason", t!(cx, "send-back-reason"), "send-back-hint", 3)}
            <button class="govuk-button govuk-button--secondary" name="do" value="back">{t!(cx, "send-back-button")}</button>
        </form>
    }
    .into_any()
}

pub async fn review_post(cx: Cx, Path(id): Path<String>, post: Post) -> Result<Response, Fault> {
    let id = id_of(&id)?;
    let outcome = match post.fields.get("do") {
        "approve" => verbs::approve_challenge(&cx.desk, &cx.actor, id, &post.fields).await.map(|()| "approved"),
        "back" => verbs::send_back_challenge(&cx.desk, &cx.actor, id, &post.fields).await.map(|()| "sent-back"),
        _ => return Ok(Told::BadRequest.into_response()),
    };
    match outcome {
        Ok(done) => Ok(Redirect::to(&after(&cx, id, done).await?).into_response()),
        Err(error) => {
            let errors = shown(error)?;
            let (found, ready) = read(&cx, id).await?;
            Ok(page(&cx, &found, &ready, &Form::with(post.fields, errors)))
        }
    }
}

/// To the notice once it is published; to its schedule while it waits; to the approvals while others are missing.
async fn after(cx: &Cx, id: ChallengeId, done: &str) -> Result<String, Fault> {
    let found = verbs::read_review(&cx.desk, &cx.actor, id).await?;
    Ok(match found.facts.stage() {
        Stage::Draft => format!("/challenges/{id}/edit?done={done}"),
        Stage::InReview => format!("/challenges/{id}/review?done={done}"),
        Stage::Scheduled => format!("/challenges/{id}/publication?done={done}"),
        _ => format!("/challenges/{id}?done={done}"),
    })
}
