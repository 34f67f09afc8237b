//! The form of a draft that can still be written.

use domain::response::{files_shown, written};
use leptos::prelude::*;
use workflow::response::OwnResponse;

use super::{Shown, address, text_of, theirs_or_own};
use crate::cx::Cx;
use crate::islands::{ConflictWords, DraftKeeper, SaveWords, draft_key, person};
use crate::response::fields::{Asked, asked, asked_label, form_fields};
use crate::response::files::beside_question;
use crate::response::reuse::beside_words;
use crate::ui::{Form, clock, hidden, relative, sentence};
use crate::words::t;

pub(super) fn editor(cx: &Cx, own: &OwnResponse, shown: &Shown) -> AnyView {
    let (form, theirs) = (&shown.form, &shown.theirs);
    let seen = |name: &str| {
        // A form that comes back keeps the version it was read at, unless the newer text is shown beside it.
        let posted = form.fields.0.get(&format!("seen-{name}")).filter(|_| !theirs.contains_key(name));
        let newest = || own.answers.get(name).cloned().unwrap_or_default().seen();
        hidden(&format!("seen-{name}"), posted.cloned().unwrap_or_else(newest))
    };
    // What is true of what stands in the field, which is not always what is saved. The island goes on with it.
    let saved = |name: &str| {
        let same = is_saved(own, form, name);
        // Of what is lost the sentence above says enough.
        let lost = form.fields.get(name).is_empty() && own.answers.get(name).is_some_and(|answer| answer.lost);
        let said = if same || lost { saved_line(cx, own, name) } else { Some(t!(cx, "answer-unsaved")) };
        let (hidden, state) = (said.is_none(), if same { "saved" } else { "unsaved" });
        view! { <p class="wp-saved wp-saved--field" data-of=name.to_owned() data-same=same.then_some("") data-state=state hidden=hidden>{said}</p> }
    };
    let other = |name: &str| {
        theirs.get(name).map(|text| {
            let mine = form.fields.raw(name).to_owned();
            let empty = text.trim().is_empty().then(|| t!(cx, "keep-empty"));
            view! {
                <div class="wp-conflict wp-conflict--here">
                    <p>{if shown.pasted { t!(cx, "paste-differs") } else { theirs_or_own(cx, own, name, ("answer-theirs", "answer-yours")) }}</p>
                    <div class="wp-conflict__sides">
                        <div><p class="wp-muted">{t!(cx, "keep-yours")}</p><pre class="wp-conflict__theirs">{mine}</pre></div>
                        <div><p class="wp-muted">{t!(cx, "keep-saved")}</p><pre class="wp-conflict__theirs">{text.clone()}{empty}</pre></div>
                    </div>
                </div>
            }
        })
    };
    let beside = |name: &str| {
        view! { {beside_question(cx, own, name)}{beside_words(cx, own, name)}{flag(cx, own, form, name)}{other(name)}{saved(name)}{seen(name)} }.into_any()
    };
    let all = asked(&own.terms);
    let one = shown.one.filter(|n| (1..=all.len()).contains(n));
    let parts: &[Asked] = one.map_or(&all, |n| &all[n - 1..n]);
    let fields = form_fields(cx, &own.terms, parts, form, &beside);
    view! {
        <form method="post" id="form" action=address(own.facts.response, one) novalidate>
            {shown.pasted.then(|| view! { <p class="govuk-inset-text">{t!(cx, "paste-look")}</p> })}
            <p>{t!(cx, "draft-text")}</p>
            {ways(cx, own, one, &all)}
            {hidden("seen", own.draft_version())}
            {hidden("version", own.n)}
            {hidden("files", files_shown(&own.files))}
            // Beside a colleague's text nothing is saved by itself: that would be over it, before anybody chose.
            {shown.theirs.is_empty().then(|| keeper(cx, own, shown, one))}
            {fields}
            {one.map(|n| steps(cx, n, all.len()))}
            // One key a draft as read: a double click gives the same receipt.
            {hidden("key", format!("{}-{}", own.draft_version(), own.submissions.len()))}
            <div class="govuk-button-group govuk-!-margin-top-6">
                <button class="govuk-button" name="do" value="review">{t!(cx, "save-review")}</button>
                <button class="govuk-button govuk-button--secondary" name="do" value="submit" aria-describedby="submit-at-once">{t!(cx, "save-submit")}</button>
                <button class="govuk-button govuk-button--secondary" name="do" value="save">{t!(cx, "save-draft")}</button>
            </div>
            <p class="govuk-hint" id="submit-at-once">{t!(cx, "save-submit-text")}</p>
        </form>
    }
    .into_any()
}

/// Whether what stands in a field is what is saved of it.
fn is_saved(own: &OwnResponse, form: &Form, name: &str) -> bool {
    let lost = own.answers.get(name).is_some_and(|answer| answer.lost);
    !lost && form.fields.raw(name).replace("\r\n", "\n").trim() == text_of(own, name).trim()
}

/// "Saved by Ada Finch 21 days ago"; nothing of what was never saved, or is lost.
pub(super) fn saved_line(cx: &Cx, own: &OwnResponse, name: &str) -> Option<String> {
    let answer = own.answers.get(name).filter(|answer| !answer.lost)?;
    Some(t!(cx, "answer-saved", name = &answer.updated_by, when = relative(cx, answer.updated_at?)))
}

/// From all questions on one page to one a page, and back.
fn ways(cx: &Cx, own: &OwnResponse, one: Option<usize>, all: &[Asked]) -> AnyView {
    let id = own.facts.response;
    match one {
        None => view! { <p><a class="govuk-link" href=address(id, Some(1))>{t!(cx, "draft-one-a-page")}</a></p> }.into_any(),
        Some(n) => {
            let rows = (1..)
                .zip(all)
                .map(|(at, part)| {
                    let label = asked_label(cx, *part);
                    let wrong = part.fields().iter().any(|field| own.missing.iter().any(|error| error.field == field.name()));
                    let state = t!(cx, if wrong { "draft-part-open" } else { "draft-part-whole" });
                    let here = (at == n).then_some("step");
                    view! { <li><a class="govuk-link" href=address(id, Some(at)) aria-current=here>{label}</a> " " <span class="wp-muted">{state}</span></li> }
                })
                .collect_view();
            view! {
                <p><a class="govuk-link" href=address(id, None)>{t!(cx, "draft-all-on-one")}</a></p>
                <details class="govuk-details">
                    <summary class="govuk-details__summary"><span class="govuk-details__summary-text">{t!(cx, "draft-part-n", n = n, of = all.len())}</span></summary>
                    <div class="govuk-details__text"><ol class="govuk-list govuk-list--number">{rows}</ol></div>
                </details>
            }
            .into_any()
        }
    }
}

/// To the question before and after: both save.
fn steps(cx: &Cx, n: usize, last: usize) -> AnyView {
    view! {
        <div class="govuk-button-group">
            {(n < last).then(|| view! { <button class="govuk-button" name="do" value="next">{t!(cx, "draft-next")}</button> })}
            {(n > 1).then(|| view! { <button class="govuk-button govuk-button--secondary" name="do" value="before">{t!(cx, "draft-before")}</button> })}
        </div>
    }
    .into_any()
}

/// What saves the form as one types. What it keeps in the browser belongs to the response, whichever of its pages it stands on.
fn keeper(cx: &Cx, own: &OwnResponse, shown: &Shown, one: Option<usize>) -> AnyView {
    let id = own.facts.response;
    let unsaved = shown.form.invalid() || shown.pasted;
    let failed = !written(&own.terms).into_iter().all(|field| is_saved(own, &shown.form, &field.name()));
    let status = if failed { t!(cx, "draft-unsaved") } else { saved_at(cx, own).unwrap_or_default() };
    let key = draft_key(cx, &address(id, None));
    let words = SaveWords::of(cx, "keep-failed");
    let conflict_words = ConflictWords::of(cx, "draft-kept");
    view! {
        <div data-load="now" class="wp-keeps govuk-!-margin-bottom-3">
            <DraftKeeper action=address(id, one) key=key person=person(cx) each=true unsaved=unsaved
                status=status failed=failed words=words conflict_words=conflict_words/>
        </div>
    }
    .into_any()
}

/// "Saved 14:02 CET."
pub(super) fn saved_at(cx: &Cx, own: &OwnResponse) -> Option<String> {
    let at = own.answers.values().filter_map(|answer| answer.updated_at).max()?;
    Some(t!(cx, "draft-saved-at", time = clock(at, cx.zone.as_deref().unwrap_or(&own.terms.zone))))
}

/// What keeps a saved answer from being accepted, by the field itself; what is only missing is told beside the form.
fn flag(cx: &Cx, own: &OwnResponse, form: &Form, name: &str) -> Option<AnyView> {
    let told = form.errors.iter().any(|error| error.field == name);
    let wrong = own.missing.iter().find(|error| error.field == name && !told)?;
    let typed = !form.fields.get(name).is_empty() || own.files.contains_key(name);
    // The count of words says so already. Of what was lost nothing is in the field.
    let shown = typed && wrong.code != "too-many-words" || wrong.code == "answer-lost";
    shown.then(|| view! { <p class="wp-over">{sentence(cx, wrong)}</p> }.into_any())
}
