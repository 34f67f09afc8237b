//! What a person was told, what comes by mail, and the page behind a mail's link that stops it.

use axum::body::Bytes;
use axum::extract::{Path, RawQuery};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use domain::form::Fields;
use domain::ids::to_text;
use domain::notice::{Choice, Duty, EventKind, Stop};
use leptos::prelude::*;
use workflow::notice::{self as verbs, PER_PAGE, Told};

use super::{query, shown};
use crate::cx::Cx;
use crate::fault::Fault;
use crate::frame::Page;
use crate::guard::{Post, beyond, parse};
use crate::mail::sentence;
use crate::ui::{Form, empty, error_summary, hidden, pager, relative, select, submit, tag, when};
use crate::words::t;

fn pages(all: i64) -> i64 {
    (all + PER_PAGE - 1) / PER_PAGE
}

pub async fn notices(cx: Cx, RawQuery(raw): RawQuery) -> Result<Response, Fault> {
    let page: i64 = query(raw).get("page").parse().unwrap_or(1).clamp(1, 1_000_000);
    let found = verbs::list_notices(&cx.desk, &cx.actor, page).await?;
    let pages = pages(found.all);
    let address = |n: i64| format!("/notices?page={n}");
    if let Some(last) = beyond(page, pages, address) {
        return Ok(last);
    }
    let list = if found.all == 0 {
        view! {
            {empty(t!(cx, "notices-empty-title"), t!(cx, "notices-empty-text"))}
            <p><a class="govuk-link" href="/challenges">{t!(cx, "notices-find")}</a></p>
        }
        .into_any()
    } else {
        view! { <ol class="wp-notices">{found.page.iter().map(|told| row(&cx, told, page)).collect_view()}</ol> }.into_any()
    };
    let standing = match found.unread {
        0 if found.all == 0 => ().into_any(),
        0 => view! { <p>{t!(cx, "notices-all-read")}</p> }.into_any(),
        n => view! {
            <form method="post" class="wp-notices__all">
                <p>{t!(cx, "notices-unread", n = n)}</p>
                <button class="govuk-button govuk-button--secondary" name="do" value="all">{t!(cx, "notices-read-all")}</button>
            </form>
        }
        .into_any(),
    };
    let body = view! {
        <h1 class="govuk-heading-l">{t!(cx, "notices-title")}</h1>
        <p><a class="govuk-link" href="/notices/choices">{t!(cx, "notices-choices-link")}</a></p>
        {standing}
        {list}
        {pager(&cx, page, pages, address)}
    };
    Ok(Page::new(t!(cx, "notices-title"), body).render(&cx))
}

fn row(cx: &Cx, told: &Told, page: i64) -> AnyView {
    let subject = sentence(cx.words, told, "subject", cx.zone.as_deref().unwrap_or("UTC"), usize::MAX);
    let event = to_text(told.event);
    let class = if told.read { "wp-notice" } else { "wp-notice wp-notice--new" };
    let by = told.act_by.map(|by| {
        let theirs = (!told.zone.is_empty() && cx.zone.as_deref() != Some(&told.zone)).then(|| {
            let there = crate::ui::instant(cx.words, by, &told.zone);
            view! { <span class="wp-muted">" " {t!(cx, "notices-there", there = there)}</span> }
        });
        view! { <p class="wp-notice__by">{t!(cx, "notices-by")} " " {when(cx, by, None)} {theirs}</p> }
    });
    let reason = (!told.words.reason.is_empty()).then(|| view! { <p>{t!(cx, "notice-reason", reason = &told.words.reason)}</p> });
    let mark = (!told.read).then(|| {
        view! {
            <form method="post" class="wp-inline-form">
                {hidden("event", event.clone())}{hidden("page", page)}
                <button name="do" value="read" aria-label=t!(cx, "notices-mark-label", subject = &subject)>{t!(cx, "notices-mark")}</button>
            </form>
        }
    });
    view! {
        <li class=class>
            <p class="wp-notice__what">
                {(!told.read).then(|| view! { {tag("open", t!(cx, "notices-new"))} " " })}
                <a class="govuk-link" href=format!("/notices/{event}")>{subject.clone()}</a>
            </p>
            {by}
            {told.words.unrecorded.then(|| view! { <p>{t!(cx, "failure-unrecorded")}</p> })}
            {reason}
            <div class="wp-notice__foot"><span class="wp-muted">{relative(cx, told.at)}</span> {mark}</div>
        </li>
    }
    .into_any()
}

/// Opening a notice is reading it: marks it and leads on.
pub async fn notice(cx: Cx, Path(event): Path<String>) -> Result<Response, Fault> {
    let link = verbs::open_notice(&cx.desk, &cx.actor, &event).await?;
    Ok(Redirect::to(crate::guard::own_path(&link)).into_response())
}

pub async fn notices_post(cx: Cx, post: Post) -> Result<Response, Fault> {
    if post.fields.get("do") == "all" {
        verbs::read_all_notices(&cx.desk, &cx.actor).await?;
        return Ok(Redirect::to("/notices?done=notices-read").into_response());
    }
    verbs::read_notice(&cx.desk, &cx.actor, post.fields.get("event")).await?;
    let page: i64 = post.fields.get("page").parse().unwrap_or(1);
    Ok(Redirect::to(&format!("/notices?page={page}&done=notice-read")).into_response())
}

// What comes by mail

/// The kinds that can be chosen, under the headings of the page.
fn kinds_of(heading: &str) -> Vec<EventKind> {
    use EventKind as K;
    let group = |kind: EventKind| match kind {
        K::Published | K::Amended | K::DeadlineExtended | K::Reopened | K::Cancelled => "follow",
        K::EnquiryAnswered | K::EnquiryAskedBack | K::DeadlineNear | K::WhyNot | K::Decided | K::CommentAnswered => "follow",
        K::SentForReview | K::ApprovalWanted | K::SentBack | K::Approved | K::SoundingOpened => "work",
        K::Rescheduled | K::TakenBack => "work",
        K::SoundingCloses => "follow",
        K::CommentOnDraft | K::EnquiryReceived => "work",
        K::OpeningAsked
        | K::LotsAsked
        | K::Opened
        | K::PricesOpened
        | K::Checked
        | K::ClarificationAnswered
        | K::PanelSeat
        | K::ConflictDeclared
        | K::DeclarationSettled
        | K::ScoresDue
        | K::PanelReminded
        | K::ScoresUnlocked
        | K::ModerationBegun
        | K::PanelFilled
        | K::RecordProposed => "panel",
        K::DecisionRecommended | K::DecisionSentBack | K::RoundBegun => "panel",
        K::BuyerVerified => "own",
        K::RoundDue | K::SlotsOffered | K::SlotWithdrawn | K::InterviewNear => "follow",
        K::SlotBooked => "panel",
        K::Letter | K::ClarificationAsked | K::Invited | K::RoundExtended => "",
    };
    EventKind::ALL.iter().copied().filter(|kind| kind.duty() != Duty::Always && group(*kind) == heading).collect()
}

pub async fn choices(cx: Cx) -> Result<Response, Fault> {
    let fields = verbs::notice_choices(&cx.desk, &cx.actor)
        .await?
        .into_iter()
        .map(|(kind, choice)| (kind.code().to_owned(), choice.code().to_owned()))
        .collect();
    Ok(choices_page(&cx, &Form::new(fields)))
}

pub async fn choices_post(cx: Cx, post: Post) -> Result<Response, Fault> {
    match verbs::choose_notices(&cx.desk, &cx.actor, &post.fields).await {
        Ok(()) => Ok(Redirect::to("/notices/choices?done=choices").into_response()),
        Err(error) => Ok(choices_page(&cx, &Form::with(post.fields, shown(error)?))),
    }
}

fn choices_page(cx: &Cx, form: &Form) -> Response {
    let title = t!(cx, "choices-title");
    let groups = ["follow", "work", "panel", "own"].map(|group| {
        let kinds = kinds_of(group);
        view! {
            <fieldset class="govuk-fieldset wp-choices">
                <legend class="govuk-fieldset__legend govuk-fieldset__legend--m">{t!(cx, &format!("choices-group-{group}"))}</legend>
                {kinds.into_iter().map(|kind| choice_of(cx, form, kind)).collect_view()}
            </fieldset>
        }
    });
    let body = view! {
        {error_summary(cx, &form.errors)}
        <h1 class="govuk-heading-l">{title.clone()}</h1>
        <p class="wp-lead">{t!(cx, "choices-text")}</p>
        <p>{t!(cx, "choices-summaries", zone = cx.zone.clone().unwrap_or_default().replace('_', " "))}</p>
        <form method="post" novalidate>
            {groups.into_iter().collect_view()}
            <h2 class="govuk-heading-m">{t!(cx, "choices-always-title")}</h2>
            <p>{t!(cx, "choices-always-text")}</p>
            {submit(t!(cx, "choices-save"), "")}
        </form>
    };
    let crumbs = vec![("/notices".to_owned(), t!(cx, "notices-title"))];
    Page::new(title, body).under(crumbs).invalid_if(form.invalid()).render(cx)
}

fn choice_of(cx: &Cx, form: &Form, kind: EventKind) -> AnyView {
    let choices =
        Choice::ALL.iter().map(|choice| (choice.code().to_owned(), t!(cx, &format!("choices-{}", choice.code())), None));
    let hint = if kind.duty() == Duty::ToThoseWhoAnswered { "choices-required" } else { "" };
    select(cx, form, kind.code(), t!(cx, &format!("notice-{}-name", kind.code())), hint, choices.collect())
}

// The link in a mail

/// A page with a button: mail scanners follow links, they press no buttons.
pub async fn stop(cx: Cx, RawQuery(raw): RawQuery) -> Response {
    let asked = query(raw);
    match verbs::read_stop(&cx.desk, asked.get("t")) {
        Some(what) => stop_page(
            &cx,
            what,
            "stop-title",
            view! { <p class="wp-lead">{stop_text(&cx, what)}</p> }.into_any(),
            "stop-button",
            "stop",
        ),
        None => bad_link(&cx),
    }
}

/// The button of the page, or a mail program's own (RFC 8058), which sends one line as either kind of form, without a cookie,
/// and follows no redirect.
pub async fn stop_post(cx: Cx, RawQuery(raw): RawQuery, body: Bytes) -> Result<Response, Fault> {
    let asked = query(raw);
    if verbs::read_stop(&cx.desk, asked.get("t")).is_none() {
        return Ok(bad_link(&cx));
    }
    let fields: Fields = parse(&body);
    let again = fields.get("do") == "again";
    let what = verbs::stop_by_link(&cx.desk, asked.get("t"), again).await?;
    if again {
        let text = view! { <p class="wp-lead">{t!(cx, "stop-again-text")}</p> };
        return Ok(stop_page(&cx, what, "stop-again-title", text.into_any(), "stop-button", "stop"));
    }
    let required = matches!(what, Stop::Kind(kind) if kind.duty() == Duty::ToThoseWhoAnswered);
    let text = view! {
        <p class="wp-lead">{t!(cx, "stop-done-text")}</p>
        {required.then(|| view! { <p>{t!(cx, "stop-required")}</p> })}
    };
    Ok(stop_page(&cx, what, "stop-done-title", text.into_any(), "stop-again", "again"))
}

fn stop_text(cx: &Cx, what: Stop) -> String {
    match what {
        Stop::Kind(kind) => t!(cx, "stop-text-kind", name = t!(cx, &format!("notice-{}-name", kind.code()))),
        Stop::Summary(choice) => t!(cx, &format!("stop-text-summary-{}", choice.code())),
    }
}

fn stop_page(cx: &Cx, what: Stop, title: &str, text: AnyView, button: &str, act: &str) -> Response {
    let title = t!(cx, title);
    let name = match what {
        Stop::Kind(kind) => Some(t!(cx, &format!("notice-{}-name", kind.code()))),
        Stop::Summary(_) => None,
    };
    let body = view! {
        <h1 class="govuk-heading-l">{title.clone()}</h1>
        {(act == "again").then(|| name.map(|name| view! { <p><strong>{name}</strong></p> }))}
        {text}
        <form method="post">{submit(t!(cx, button), act)}</form>
        <p><a class="govuk-link" href="/notices/choices">{t!(cx, "stop-choices")}</a></p>
    };
    Page::new(title, body).render(cx)
}

fn bad_link(cx: &Cx) -> Response {
    let title = t!(cx, "stop-bad-title");
    let body = view! {
        <h1 class="govuk-heading-l">{title.clone()}</h1>
        <p class="wp-lead">{t!(cx, "stop-bad-text")}</p>
        <p><a class="govuk-link" href="/notices/choices">{t!(cx, "stop-choices")}</a></p>
    };
    let mut page = Page::new(title, body);
    page.status = StatusCode::NOT_FOUND;
    page.render(cx)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_can_be_chosen_once_or_is_required() {
        let mut shown: Vec<EventKind> = ["follow", "work", "panel", "own"].into_iter().flat_map(kinds_of).collect();
        shown.sort();
        let expected: Vec<EventKind> = EventKind::ALL.iter().copied().filter(|kind| kind.duty() != Duty::Always).collect();
        assert_eq!(shown, expected);
    }
}
