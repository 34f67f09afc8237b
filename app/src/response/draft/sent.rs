//! The page of a draft after the deadline: what was sent, and what was typed too late.

use domain::challenge::Stage;
use domain::ids::SubmissionId;
use leptos::prelude::*;
use workflow::response::{self as verbs, OwnResponse, Receipt};

use super::text_of;
use crate::cx::Cx;
use crate::fault::Fault;
use crate::islands::{KeptAt, KeptOf, kept_note};
use crate::response::fields::{asked, asked_label};
use crate::response::{answers_view, drafted, files_at, opened_links, price_view};
use crate::ui::{Form, amount, exact, warning};
use crate::words::t;

/// The submission that stands, as its receipt has it.
pub(super) async fn standing_of(cx: &Cx, own: &OwnResponse) -> Result<Option<Receipt>, Fault> {
    Ok(match own.row.submission {
        Some(id) => Some(verbs::read_receipt(&cx.desk, &cx.actor, SubmissionId(id)).await?),
        None => None,
    })
}

/// What was typed and came too late: shown to be read and copied, because it is kept nowhere.
fn typed_late(cx: &Cx, own: &OwnResponse, form: &Form) -> Option<AnyView> {
    let rows: Vec<_> = asked(&own.terms)
        .iter()
        .flat_map(|part| part.fields().iter().map(|field| (asked_label(cx, *part), field.name())).collect::<Vec<_>>())
        .filter_map(|(label, name)| {
            let text = form.fields.raw(&name).replace("\r\n", "\n");
            (!text.trim().is_empty() && text != text_of(own, &name)).then(|| {
                view! { <div><h3 class="govuk-heading-s">{label}</h3><pre class="wp-conflict__theirs">{text}</pre></div> }
            })
        })
        .collect();
    (form.invalid() && !rows.is_empty()).then(|| {
        view! {
            <section class="govuk-inset-text" aria-labelledby="typed-late">
                <h2 class="govuk-heading-m" id="typed-late">{t!(cx, "typed-late")}</h2>
                <p>{t!(cx, "typed-late-text")}</p>
                {rows}
            </section>
        }
        .into_any()
    })
}

/// What counts, as it was sent.
fn what_was_sent(cx: &Cx, sent: &Receipt) -> AnyView {
    let id = SubmissionId(sent.submission.id);
    let content = match sent.destroyed_at {
        Some(at) => {
            view! { <p class="wp-muted">{t!(cx, "receipt-destroyed")} " " {exact(cx, at, Some(&sent.zone))}</p> }.into_any()
        }
        None if sent.lost => warning(cx, t!(cx, "receipt-lost")),
        None => {
            let price = sent.content.price.as_ref().map(|price| price_view(cx, &sent.content, amount(price)));
            view! { <div class="wp-score__answers">{answers_view(cx, &sent.terms, &sent.content, &files_at(sent.response))}{price}</div> }.into_any()
        }
    };
    view! {
        <h2 class="govuk-heading-m">{t!(cx, "sent-title")}</h2>
        <p><a class="govuk-link" href=format!("/receipts/{id}")>{t!(cx, "receipt-n", n = sent.submission.n)}</a></p>
        {content}
    }
    .into_any()
}

/// After the deadline: what was sent, and where the decision will be. The draft may say something else: it comes last, and folded.
pub(super) fn sent(cx: &Cx, own: &OwnResponse, form: &Form, standing: Option<&Receipt>) -> AnyView {
    let letter = (own.facts.challenge.stage() == Stage::Decided && own.facts.submitted).then(|| {
        view! { <p><a class="govuk-button" href=format!("/responses/{}/letter", own.facts.response)>{t!(cx, "read-letter")}</a></p> }
    });
    let said = if own.facts.submitted { t!(cx, "sent-text") } else { t!(cx, "sent-nothing") };
    let asked = (own.clarifications > 0).then(|| {
        view! { <p><a class="govuk-button" href=format!("/responses/{}/clarifications", own.facts.response)>{t!(cx, "clarify-link", n = own.clarifications)}</a></p> }
    });
    let draft = view! { <div class="wp-score__answers">{answers_view(cx, &own.terms, &drafted(own), &files_at(own.facts.response))}</div> };
    let draft = match standing {
        None => view! { <h2 class="govuk-heading-m">{t!(cx, "your-draft")}</h2>{draft} }.into_any(),
        Some(_) => view! {
            <details class="govuk-details govuk-!-margin-top-6">
                <summary class="govuk-details__summary"><span class="govuk-details__summary-text">{t!(cx, "draft-not-sent")}</span></summary>
                <div class="govuk-details__text">{draft}</div>
            </details>
        }
        .into_any(),
    };
    view! {
        {letter}
        {kept_note(cx, &KeptOf::Response(own.facts.response), KeptAt::default())}
        {kept_note(cx, &KeptOf::Clarifications(own.facts.response), KeptAt::default())}
        {typed_late(cx, own, form)}
        <p class="wp-lead">{said}</p>
        {asked}
        {own.opened_same.map(|same| view! { <p class="govuk-inset-text">{t!(cx, if same { "opened-same" } else { "opened-other" })}</p> })}
        {standing.and_then(|standing| opened_links(cx, standing))}
        {standing.map(|standing| what_was_sent(cx, standing))}
        {draft}
    }
    .into_any()
}
