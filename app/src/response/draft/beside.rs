//! Beside the draft: the deadline, what it would make of the response now, what was submitted, where else to work on it.

use domain::challenge::{RoundKind, Stage};
use domain::ids::{ResponseId, SubmissionId};
use domain::moment::{DAY, HOUR, MINUTE, Moment};
use domain::response::{Enclosed, Unsent};
use leptos::prelude::*;
use workflow::response::OwnResponse;

use crate::cx::Cx;
use crate::response::fields::{asked, asked_label};
use crate::response::place_of;
use crate::ui::{exact, instant, paragraphs, sentence, tag};
use crate::words::t;

/// The deadline where it was set and where the reader is, and how long that is from now.
pub(super) fn deadline(cx: &Cx, own: &OwnResponse) -> AnyView {
    let at = own.terms.deadline;
    let here = cx.zone.as_deref().filter(|zone| *zone != own.terms.zone).map(|zone| instant(cx.words, at, zone));
    let here = here.filter(|here| *here != instant(cx.words, at, &own.terms.zone));
    view! {
        <p class="wp-deadline">
            <strong>{t!(cx, "answers-by")}</strong> {exact(cx, at, Some(&own.terms.zone))} " "
            <span class="wp-when__relative">{left(cx, at)}</span>
        </p>
        {here.map(|here| view! { <p class="wp-muted">{t!(cx, "deadline-here", at = here)}</p> })}
    }
    .into_any()
}

/// "3 days and 4 hours left"; near the end, or after it, as everywhere.
fn left(cx: &Cx, at: Moment) -> String {
    match at.micros() - cx.now.micros() {
        left if left >= DAY => t!(cx, "days-hours-left", days = left / DAY, hours = left % DAY / HOUR),
        left if left >= HOUR => t!(cx, "hours-left", hours = left / HOUR),
        left if left > 0 && left < MINUTE => t!(cx, "under-a-minute-left"),
        left if left > 0 => t!(cx, "minutes-left", minutes = left / MINUTE),
        _ => t!(cx, "deadline-over"),
    }
}

/// To a later round: which, what the authority says to it, and the letter of the round before.
pub(super) fn invited(cx: &Cx, own: &OwnResponse) -> Option<AnyView> {
    let invited = own.invited.as_ref()?;
    let kind = t!(cx, &format!("round-kind-{}", invited.kind.code()));
    let letter = format!("/responses/{}/letter?round={}", own.facts.response, invited.number - 1);
    let open = own.facts.challenge.stage() == Stage::Open;
    let moved = invited.moved.as_ref().map(|(before, reason)| {
        view! { <p>{t!(cx, "round-moved")} " " {exact(cx, *before, Some(&own.terms.zone))} ". " {reason.clone()}</p> }
    });
    let asks = if own.terms.questions.is_empty() { "invited-confirm" } else { "invited-asks" };
    Some(
        view! {
            <section class="govuk-inset-text" aria-labelledby="invited">
                <h2 class="govuk-heading-m" id="invited">{t!(cx, "invited-title", n = invited.number, of = invited.of, kind = kind)}</h2>
                {paragraphs(&invited.text)}
                {moved}
                {open.then(|| view! { <p>{t!(cx, asks)}</p> })}
                {(invited.kind == RoundKind::Interview).then(|| view! { <p><a class="govuk-link" href=format!("/responses/{}/interview", own.facts.response)>{t!(cx, "interview-go")}</a></p> })}
                <p><a class="govuk-link" href=letter>{t!(cx, "read-letter-before")}</a></p>
            </section>
        }
        .into_any(),
    )
}

/// If the deadline were now: accepted or not, and what is missing.
/// `lost`: what stands cannot be read.
pub(super) fn standing(cx: &Cx, own: &OwnResponse, open: bool, lost: bool) -> AnyView {
    let stands = own.facts.submitted;
    let said = match (open, stands, own.row.withdrawn_at.is_some()) {
        (true, true, _) if lost => t!(cx, "standing-lost"),
        (true, true, _) => t!(cx, "standing-submitted"),
        (true, false, true) => t!(cx, "standing-withdrawn"),
        (true, false, false) => t!(cx, "standing-draft"),
        (false, true, _) => t!(cx, "standing-was-submitted"),
        (false, false, _) => t!(cx, "standing-nothing"),
    };
    let missing = (open && !own.missing.is_empty()).then(|| {
        let asked = asked(&own.terms);
        let rows = own
            .missing
            .iter()
            .map(|error| {
                // Which question it is: an answer that is missing is told in the same words for each.
                let of = asked.iter().find(|one| one.fields().iter().any(|field| field.name() == error.field));
                let of = of.map(|one| format!("{}: ", asked_label(cx, *one)));
                view! { <li>{of}<a class="govuk-link" href=place_of(own.facts.response, &error.field)>{sentence(cx, error)}</a></li> }
            })
            .collect_view();
        view! { <details class="govuk-details"><summary class="govuk-details__summary"><span class="govuk-details__summary-text">{t!(cx, "missing-n", n = own.missing.len())}</span></summary><div class="govuk-details__text"><ul class="govuk-list">{rows}</ul></div></details> }
    });
    view! { <p class=lost.then_some("wp-over")>{said}</p>{missing} }.into_any()
}

/// What of the draft is not in the submission that stands, as the page was opened: nobody should believe that a file went along which did
/// not. `None`: nothing stands, or what does cannot be read.
pub(in crate::response) fn unsent(cx: &Cx, own: &OwnResponse, unsent: Option<&[Unsent]>) -> Option<AnyView> {
    let unsent = unsent?;
    if unsent.is_empty() {
        return Some(view! { <p class="wp-muted" id="unsent">{t!(cx, "unsent-none")}</p> }.into_any());
    }
    let asked = asked(&own.terms);
    let label = |name: &str| {
        let of = asked.iter().find(|one| one.fields().iter().any(|field| field.name() == name));
        of.map_or_else(|| t!(cx, "partners-title"), |one| asked_label(cx, *one))
    };
    let rows = unsent.iter().map(|one| {
        let file = |key: &'static str| move |file: &Enclosed| view! { <li>{t!(cx, key, name = &file.name)}</li> };
        view! {
            <li>
                <a class="govuk-link" href=place_of(own.facts.response, &one.field)>{label(&one.field)}</a>
                <ul>
                    {one.text.then(|| view! { <li>{t!(cx, "unsent-text")}</li> })}
                    {one.added.iter().map(file("unsent-added")).collect_view()}
                    {one.gone.iter().map(file("unsent-gone")).collect_view()}
                </ul>
            </li>
        }
    });
    // Confirming has a button of its own that does the same.
    let review = (own.missing.is_empty() && !own.unconfirmed).then(|| {
        view! { <p><a class="govuk-button" href=format!("/responses/{}/review", own.facts.response)>{t!(cx, "unsent-submit")}</a></p> }
    });
    Some(
        view! {
            <section class="govuk-inset-text" id="unsent" aria-labelledby="unsent-title">
                <h2 class="govuk-heading-s" id="unsent-title">{t!(cx, "unsent-title")}</h2>
                <p>{t!(cx, "unsent-what")}</p>
                <ul class="govuk-list">{rows.collect_view()}</ul>
                {review}
            </section>
        }
        .into_any(),
    )
}

/// After an amendment of what it answers.
pub(super) fn unconfirmed(cx: &Cx, own: &OwnResponse, open: bool) -> Option<AnyView> {
    own.unconfirmed.then(|| {
        view! {
            <div class="govuk-inset-text">
                <p>{tag("waiting", t!(cx, "unconfirmed-title"))}</p>
                <p>{t!(cx, "unconfirmed-text")}</p>
                <p><a class="govuk-link" href=format!("/challenges/{}/versions/{}", own.challenge, own.n)>{t!(cx, "unconfirmed-read")}</a></p>
                {(open && own.missing.is_empty()).then(|| view! { <p><a class="govuk-button" href=format!("/responses/{}/review", own.facts.response)>{t!(cx, "save-review")}</a></p> })}
            </div>
        }
        .into_any()
    })
}

/// To work on it in a program of one's own, and back.
pub(super) fn elsewhere(cx: &Cx, id: ResponseId) -> AnyView {
    view! {
        <p><a class="govuk-link" href=format!("/responses/{id}/partners")>{t!(cx, "partners-title")}</a></p>
        <h2>{t!(cx, "away-title")}</h2>
        <ul class="govuk-list">
            <li><a class="govuk-link" href=format!("/responses/{id}/document") download="">{t!(cx, "away-document")}</a></li>
            <li><a class="govuk-link" href=format!("/responses/{id}/paste")>{t!(cx, "away-paste")}</a></li>
            <li><a class="govuk-link" href=format!("/responses/{id}/links")>{t!(cx, "links-open")}</a></li>
        </ul>
    }
    .into_any()
}

pub(super) fn submissions(cx: &Cx, own: &OwnResponse) -> AnyView {
    if own.submissions.is_empty() {
        return view! { <p class="wp-muted">{t!(cx, "submissions-none")}</p> }.into_any();
    }
    let rows = own
        .submissions
        .iter()
        .map(|row| {
            let stands = own.row.submission == Some(row.id);
            view! {
                <li>
                    <a class="govuk-link" href=format!("/receipts/{}", SubmissionId(row.id))>{t!(cx, "receipt-n", n = row.n)}</a> " "
                    {exact(cx, Moment(row.received_at), Some(&own.terms.zone))} " " {stands.then(|| t!(cx, "stands"))}
                    {(stands && own.unconfirmed).then(|| view! { " " {tag("waiting", t!(cx, "unconfirmed-title"))} })}
                </li>
            }
        })
        .collect_view();
    view! { <ul class="govuk-list">{rows}</ul> }.into_any()
}
