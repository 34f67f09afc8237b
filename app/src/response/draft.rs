//! The draft: all questions on one page or one a page, saved as one types, and what the deadline would make of it now.

use std::collections::BTreeMap;

use axum::extract::{Path, RawQuery};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use domain::challenge::{RoundKind, Stage};
use domain::form::{FieldError, Fields};
use domain::ids::{ResponseId, SubmissionId, to_text};
use domain::moment::{DAY, HOUR, MINUTE, Moment};
use domain::response::{Field, gather, written};
use leptos::prelude::*;
use workflow::response::{self as verbs, OwnResponse, Receipt, Saved};

use super::fields::{Asked, asked, asked_label};
use super::files::beside_question;
use super::reuse::beside_words;
use super::{answers_view, changed, drafted, files_at, form_fields, id_of, late_or, place_of, price_view, stale};
use crate::account::shown;
use crate::cx::Cx;
use crate::fault::Fault;
use crate::frame::Page;
use crate::guard::{Post, parse};
use crate::islands::{ConflictWords, DraftKeeper, SaveWords};
use crate::ui::{Form, amount, clock, error_summary, exact, hidden, instant, paragraphs, relative, sentence, stage_tag, tag};
use crate::words::t;

/// What a draft page shows besides the draft.
#[derive(Default)]
pub(super) struct Shown {
    pub form: Form,
    /// Answers that a colleague saved meanwhile, by field: they stand beside what was typed.
    pub theirs: BTreeMap<String, String>,
    /// The only thing asked on this page, from 1.
    pub one: Option<usize>,
    /// The form holds what was pasted, and nothing of it is saved.
    pub pasted: bool,
}

/// `?one=3`: the third thing that is asked, on a page of its own.
fn one_of(query: Option<&str>) -> Option<usize> {
    parse(query.unwrap_or_default().as_bytes()).get("one").parse().ok()
}

fn address(id: ResponseId, one: Option<usize>) -> String {
    one.map_or_else(|| format!("/responses/{id}"), |n| format!("/responses/{id}?one={n}"))
}

pub async fn draft(cx: Cx, Path(id): Path<String>, RawQuery(query): RawQuery) -> Result<Response, Fault> {
    let own = verbs::read_own_response(&cx.desk, &cx.actor, id_of(&id)?).await?;
    let shown = Shown { form: Form::new(own.draft()), one: one_of(query.as_deref()), ..Shown::default() };
    draft_page(&cx, &own, &shown).await
}

pub(super) async fn draft_page(cx: &Cx, own: &OwnResponse, shown: &Shown) -> Result<Response, Fault> {
    let id = own.facts.response;
    let stage = own.facts.challenge.stage();
    let open = stage == Stage::Open;
    let title = own.terms.title.clone();
    let main = if open { editor(cx, own, shown) } else { sent(cx, own, &shown.form, standing_of(cx, own).await?.as_ref()) };
    let body = view! {
        {error_summary(cx, &shown.form.errors)}
        <p class="wp-meta">{stage_tag(cx, stage, false)} " " {own.buyer.clone()} ", " {t!(cx, "reference", reference = &own.reference)}</p>
        <h1 class="govuk-heading-l">{t!(cx, "response-title", title = &title)}</h1>
        <div class="wp-two">
            <div class="wp-stack">{changed(cx, own, &shown.form.errors)}{invited(cx, own)}{main}</div>
            <aside class="wp-aside">
                <div class="wp-actions">
                    {deadline(cx, own)}
                    {standing(cx, own, open)}
                    {unconfirmed(cx, own, open)}
                </div>
                {open.then(|| elsewhere(cx, id))}
                <h2>{t!(cx, "submissions")}</h2>
                {submissions(cx, own)}
                <p><a class="govuk-link" href=format!("/challenges/{}", own.challenge)>{t!(cx, "read-notice")}</a></p>
                {(open && own.facts.submitted).then(|| view! { <p><a class="govuk-link" href=format!("/responses/{id}/withdraw")>{t!(cx, "withdraw")}</a></p> })}
            </aside>
        </div>
    };
    let above = vec![("/work".into(), t!(cx, "nav-work"))];
    let page = Page::new(t!(cx, "response-title", title = &title), body).under(above).works().invalid_if(shown.form.invalid());
    let page = if shown.theirs.is_empty() || shown.pasted { page } else { page.status(StatusCode::CONFLICT) };
    Ok(page.render(cx))
}

/// The deadline where it was set and where the reader is, and how long that is from now.
fn deadline(cx: &Cx, own: &OwnResponse) -> AnyView {
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
        left if left > 0 => t!(cx, "minutes-left", minutes = left / MINUTE),
        _ => t!(cx, "deadline-over"),
    }
}

/// To a later round: which, what the authority says to it, and the letter of the round before.
fn invited(cx: &Cx, own: &OwnResponse) -> Option<AnyView> {
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
fn standing(cx: &Cx, own: &OwnResponse, open: bool) -> AnyView {
    let stands = own.facts.submitted;
    let said = match (open, stands, own.row.withdrawn_at.is_some()) {
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
    view! { <p>{said}</p>{missing} }.into_any()
}

/// After an amendment of what it answers.
fn unconfirmed(cx: &Cx, own: &OwnResponse, open: bool) -> Option<AnyView> {
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
fn elsewhere(cx: &Cx, id: ResponseId) -> AnyView {
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

fn submissions(cx: &Cx, own: &OwnResponse) -> AnyView {
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

fn editor(cx: &Cx, own: &OwnResponse, shown: &Shown) -> AnyView {
    let (form, theirs) = (&shown.form, &shown.theirs);
    let seen = |name: &str| {
        // A form that comes back keeps the version it was read at, unless the newer text is shown beside it.
        let posted = form.fields.0.get(&format!("seen-{name}")).filter(|_| !theirs.contains_key(name));
        let newest = || own.answers.get(name).cloned().unwrap_or_default().seen();
        hidden(&format!("seen-{name}"), posted.cloned().unwrap_or_else(newest))
    };
    let saved = |name: &str| {
        own.answers.get(name).and_then(|answer| answer.updated_at.map(|at| (at, answer.updated_by.clone()))).map(|(at, by)| {
            view! { <p class="wp-saved" data-state="saved">{t!(cx, "answer-saved", name = by, when = relative(cx, at))}</p> }
        })
    };
    let other = |name: &str| {
        theirs.get(name).map(|text| {
            let mine = form.fields.raw(name).to_owned();
            let empty = text.trim().is_empty().then(|| t!(cx, "keep-empty"));
            view! {
                <div class="wp-conflict wp-conflict--here">
                    <p>{t!(cx, if shown.pasted { "paste-differs" } else { "answer-theirs" })}</p>
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
            {keeper(cx, own, one)}
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

/// What saves the form as one types. Kept in the browser under a key that names the person: nobody else there is shown it.
fn keeper(cx: &Cx, own: &OwnResponse, one: Option<usize>) -> AnyView {
    let id = own.facts.response;
    let user = cx.actor.user().map_or(0, |user| user.get());
    let action = address(id, one);
    let key = format!("wp-draft:{}:{action}", to_text(user));
    let words = SaveWords::of(cx, "keep-failed");
    let conflict_words = ConflictWords::of(cx, "draft-kept");
    view! {
        <div data-load="now" class="wp-keeps govuk-!-margin-bottom-3">
            <DraftKeeper action=action key=key status=saved_at(cx, own).unwrap_or_default() words=words conflict_words=conflict_words/>
        </div>
    }
    .into_any()
}

/// "Saved 14:02 CET."
fn saved_at(cx: &Cx, own: &OwnResponse) -> Option<String> {
    let at = own.answers.values().filter_map(|answer| answer.updated_at).max()?;
    Some(t!(cx, "draft-saved-at", time = clock(at, cx.zone.as_deref().unwrap_or(&own.terms.zone))))
}

/// What keeps a saved answer from being accepted, by the field itself; what is only missing is told beside the form.
fn flag(cx: &Cx, own: &OwnResponse, form: &Form, name: &str) -> Option<AnyView> {
    let told = form.errors.iter().any(|error| error.field == name);
    let wrong = own.missing.iter().find(|error| error.field == name && !told)?;
    let typed = !form.fields.get(name).is_empty() || own.files.contains_key(name);
    // The count of words says so already.
    (typed && wrong.code != "too-many-words").then(|| view! { <p class="wp-over">{sentence(cx, wrong)}</p> }.into_any())
}

/// The submission that stands, as its receipt has it.
async fn standing_of(cx: &Cx, own: &OwnResponse) -> Result<Option<Receipt>, Fault> {
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
fn sent(cx: &Cx, own: &OwnResponse, form: &Form, standing: Option<&Receipt>) -> AnyView {
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
        {typed_late(cx, own, form)}
        <p class="wp-lead">{said}</p>
        {asked}
        {own.opened_same.map(|same| view! { <p class="govuk-inset-text">{t!(cx, if same { "opened-same" } else { "opened-other" })}</p> })}
        {standing.map(|standing| what_was_sent(cx, standing))}
        {draft}
    }
    .into_any()
}

pub async fn draft_post(cx: Cx, Path(id): Path<String>, RawQuery(query): RawQuery, mut post: Post) -> Result<Response, Fault> {
    let id = id_of(&id)?;
    let one = one_of(query.as_deref());
    let mut refused = Vec::new();
    if post.fields.get("do") == "submit" {
        let key = post.fields.get("key").to_owned();
        match verbs::submit_answers(&cx.desk, &cx.actor, id, post.received_at, &post.fields, &key).await {
            Ok(submission) => {
                return Ok(Redirect::to(&format!("/receipts/{submission}?done=submitted-response")).into_response());
            }
            // Saved below without being submitted, or told beside the answers of colleagues.
            Err(workflow::Error::Stale) => {
                let own = verbs::read_own_response(&cx.desk, &cx.actor, id).await?;
                refused = vec![stale(&own, &post.fields, "seen")];
            }
            Err(error) => refused = late_or(&cx, id, shown(error)).await?,
        }
    }
    let own = verbs::read_own_response(&cx.desk, &cx.actor, id).await?;
    gather(&own.terms, &mut post.fields);
    let outcome = verbs::save_answer(&cx.desk, &cx.actor, id, &post.fields).await;
    let errors = match outcome {
        Ok(saved) if cx.json => {
            let own = verbs::read_own_response(&cx.desk, &cx.actor, id).await?;
            return Ok(saved_json(&cx, &own, &post.fields, &saved));
        }
        Ok(saved) if saved.stale.is_empty() && !refused.is_empty() => {
            let own = verbs::read_own_response(&cx.desk, &cx.actor, id).await?;
            let form = Form::with(own.draft(), refused);
            return draft_page(&cx, &own, &Shown { form, one, ..Shown::default() }).await;
        }
        Ok(saved) if saved.stale.is_empty() => return Ok(Redirect::to(&after(id, one, post.fields.get("do"))).into_response()),
        Ok(saved) => {
            // What a colleague wrote stands beside what was typed; saving again then replaces it knowingly.
            let own = verbs::read_own_response(&cx.desk, &cx.actor, id).await?;
            let theirs = saved.stale.iter().map(|name| (name.clone(), text_of(&own, name))).collect();
            let errors = saved.stale.iter().map(|name| FieldError::new(name, "stale-answer")).collect();
            let fields = newest(&own, post.fields, |name, _| !saved.stale.iter().any(|stale| stale == name));
            return draft_page(&cx, &own, &Shown { form: Form::with(fields, errors), theirs, one, pasted: false }).await;
        }
        Err(error) => late_or(&cx, id, shown(error)).await?,
    };
    if cx.json {
        return Err(Fault(workflow::Error::Invalid(errors)));
    }
    let own = verbs::read_own_response(&cx.desk, &cx.actor, id).await?;
    let fields = newest(&own, post.fields, verbs::as_read);
    draft_page(&cx, &own, &Shown { form: Form::with(fields, errors), one, ..Shown::default() }).await
}

/// Where a button leads once all is saved.
fn after(id: ResponseId, one: Option<usize>, act: &str) -> String {
    match (act, one) {
        ("review", _) => format!("/responses/{id}/review"),
        ("next", Some(n)) => address(id, Some(n + 1)),
        ("before", Some(n)) => address(id, Some(n.saturating_sub(1).max(1))),
        (_, Some(n)) => format!("/responses/{id}?one={n}&done=draft-saved"),
        _ => format!("/responses/{id}?done=draft-saved"),
    }
}

fn text_of(own: &OwnResponse, name: &str) -> String {
    own.answers.get(name).map(|answer| answer.text.clone()).unwrap_or_default()
}

/// What was posted, with the newest text of each answer that `settled` says is not the poster's own any more.
fn newest(own: &OwnResponse, mut posted: Fields, settled: impl Fn(&str, &Fields) -> bool) -> Fields {
    for name in written(&own.terms).into_iter().map(Field::name) {
        if !posted.0.contains_key(&name) || settled(&name, &posted) {
            posted.set(name.clone(), text_of(own, &name));
            posted.0.remove(&format!("seen-{name}"));
        }
    }
    posted
}

/// For the island: when it was saved, what the form's answers are to be saved over next, and what two texts say where they
/// differ.
fn saved_json(cx: &Cx, own: &OwnResponse, posted: &Fields, saved: &Saved) -> Response {
    let stale = |name: &str| saved.stale.iter().any(|stale| stale == name);
    let seen = |name: &str| own.answers.get(name).cloned().unwrap_or_default().seen();
    let (mut ids, mut newer) = (BTreeMap::new(), BTreeMap::new());
    for name in written(&own.terms).into_iter().map(Field::name) {
        if stale(&name) {
            newer.insert(format!("seen-{name}"), seen(&name));
        } else if posted.0.get(&name).is_some_and(|text| text.replace("\r\n", "\n") == text_of(own, &name)) {
            ids.insert(format!("seen-{name}"), seen(&name));
        }
    }
    let missing = match own.missing.len() {
        0 => t!(cx, "draft-whole"),
        n => t!(cx, "missing-n", n = n),
    };
    let said = saved_at(cx, own).unwrap_or_default();
    let mut answer = serde_json::json!({
        "seen": own.draft_version().to_string(),
        "saved": format!("{said} {missing}"),
        "ids": ids,
    });
    if saved.stale.is_empty() {
        return axum::Json(answer).into_response();
    }
    let asked = asked(&own.terms);
    let differing: Vec<_> = saved
        .stale
        .iter()
        .map(|name| {
            let of = asked.iter().find(|one| one.fields().iter().any(|field| field.name() == *name));
            let label = of.map(|one| asked_label(cx, *one)).unwrap_or_default();
            serde_json::json!({ "field": name, "label": label, "mine": posted.raw(name), "theirs": text_of(own, name) })
        })
        .collect();
    answer["newer"] = serde_json::json!(newer);
    answer["differing"] = serde_json::json!(differing);
    answer["errors"] = serde_json::json!([{ "field": "form", "text": t!(cx, "answer-theirs-live") }]);
    (StatusCode::CONFLICT, axum::Json(answer)).into_response()
}
