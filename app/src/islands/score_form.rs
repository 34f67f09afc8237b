//! One score with its reason. Without a script it is a plain form; with one it saves as soon as there is a score, keeps what
//! could not be sent, quotes what is selected in the answer, takes a score back, shows both texts where somebody saved
//! meanwhile, and takes the keys 0 to 9, j, k and n while the score has the focus.

use leptos::prelude::*;

use super::{SaveWords, json};
use crate::ui::in_textarea;

/// The sentences of the form.
#[derive(Clone, Debug, Default)]
pub struct ScoreWords {
    pub legend: String,
    pub reason: String,
    pub reason_hint: String,
    pub next_point: String,
    pub next_point_hint: String,
    pub quote: String,
    pub quote_hint: String,
    pub undo: String,
    pub undone: String,
    pub clear: String,
    pub save: String,
    pub save_next: String,
    pub keys: String,
    pub keys_on: String,
    pub error_prefix: String,
    pub conflict: String,
    pub conflict_choose: String,
    pub conflict_again: String,
    pub conflict_saved: String,
    pub conflict_mine: String,
    pub conflict_theirs: String,
}

/// A score as its form holds it.
#[derive(Clone, Debug, Default)]
pub struct SetScore {
    pub points: String,
    pub reason: String,
    pub next_point: String,
}

#[component]
pub fn ScoreForm(
    action: String,
    /// Person, seat and cell: what is kept in the browser is kept for them alone, whichever page it was written on.
    key: String,
    person: String,
    /// The form came back with what was typed: it is not what the server has.
    unsaved: bool,
    /// Before the ids, where there are several forms on a page.
    prefix: String,
    max: u8,
    /// What stands in the form.
    score: SetScore,
    /// What was saved elsewhere meanwhile.
    theirs: Option<SetScore>,
    /// The version that was read; 0 for none.
    seen: String,
    descriptors: Vec<String>,
    points_error: Option<String>,
    reason_error: Option<String>,
    next_point_error: Option<String>,
    /// Shown when the page comes: "saved 14:02", or nothing.
    status: String,
    /// Addresses of the cells around; empty where there is none. Without them there is no way on: several on a page.
    previous: String,
    next: String,
    open: String,
    words: ScoreWords,
    save_words: SaveWords,
) -> impl IntoView {
    let id = |name: &str| format!("{prefix}{name}");
    let state = if status.is_empty() { "" } else { "saved" };
    let told = |name: &str, error: Option<String>| {
        let hidden = error.is_none();
        let at = id(&format!("{name}-error"));
        let wrong = words.error_prefix.clone();
        view! { <p class="govuk-error-message" id=at data-error=name.to_owned() role="alert" hidden=hidden><span class="govuk-visually-hidden">{wrong}</span> " " <span data-slot="text">{error}</span></p> }
    };
    let text = |name: &'static str,
                label: String,
                hint: String,
                rows: u32,
                value: String,
                error: Option<String>,
                more: AnyView| {
        let hint_id = id(&format!("{name}-hint"));
        let described = if error.is_some() { format!("{hint_id} {}", id(&format!("{name}-error"))) } else { hint_id.clone() };
        let invalid = error.is_some().then_some("true");
        view! {
            <div class="govuk-form-group">
                <label class="govuk-label govuk-label--s" for=id(name)>{label}</label>
                <div class="govuk-hint" id=hint_id.clone()>{hint}</div>
                {told(name, error)}
                {more}
                <textarea class="govuk-textarea" id=id(name) name=name rows=rows.to_string() data-describes=name data-hint=hint_id
                    aria-describedby=described aria-invalid=invalid>
                    {in_textarea(&value)}
                </textarea>
            </div>
        }
    };
    let quote = view! {
        <p class="wp-quote wp-needs-script">
            <button class="govuk-button govuk-button--secondary" type="button" data-act="quote" disabled aria-describedby=id("quote-hint")>{words.quote}</button>
            <span class="wp-muted" id=id("quote-hint")>{words.quote_hint}</span>
        </p>
    };
    let reason = text("reason", words.reason, words.reason_hint, 6, score.reason, reason_error, quote.into_any());
    let next_point =
        text("next_point", words.next_point, words.next_point_hint, 2, score.next_point, next_point_error, ().into_any());
    let scale_described = points_error.is_some().then(|| id("points-error"));
    let points_told = told("points", points_error);
    let scored = seen != "0";
    let first = prefix.is_empty();
    let meant = (!descriptors.is_empty()).then(|| {
        let rows = descriptors.into_iter().enumerate().filter(|(_, text)| !text.is_empty()).map(|(point, text)| {
            view! { <li data-points=point.to_string()><strong>{point.to_string()}</strong><span>{text}</span></li> }
        });
        view! { <ol class="wp-descriptors">{rows.collect_view()}</ol> }
    });
    let met = theirs.is_some();
    let theirs = theirs.unwrap_or_default();
    view! {
        <div class="wp-score__form" data-load="now" data-island="score-form" data-key=key data-person=person data-unsaved=unsaved.then_some("") data-max=max.to_string() data-prefix=prefix.clone()
            data-previous=previous data-next=next data-open=open data-words=json(&save_words) data-undone=words.undone>
            <form class="wp-score__panel" method="post" action=action>
                <div class="wp-conflict wp-conflict--here" role="alert" data-slot="conflict" hidden=!met>
                    <p><strong>{words.conflict}</strong> " " <span class="wp-needs-script">{words.conflict_choose}</span><span class="wp-without-script">{words.conflict_again}</span></p>
                    <p class="wp-muted">{words.conflict_saved}</p>
                    <pre class="wp-conflict__theirs"><strong data-slot="theirs-points">{theirs.points}</strong>" "<span data-slot="theirs-reason">{theirs.reason}</span>" "<span data-slot="theirs-next_point">{theirs.next_point}</span></pre>
                    <div class="govuk-button-group wp-needs-script">
                        <button class="govuk-button" type="button" data-act="mine">{words.conflict_mine}</button>
                        <button class="govuk-button govuk-button--secondary" type="button" data-act="theirs">{words.conflict_theirs}</button>
                    </div>
                </div>
                <fieldset class="govuk-fieldset" data-describes="points" data-hint="" aria-describedby=scale_described>
                    <legend class="govuk-fieldset__legend govuk-fieldset__legend--s">{words.legend}</legend>
                    {points_told}
                    <div class="wp-scale">
                        {(0..=max).map(|point| {
                            let value = point.to_string();
                            let at = if point == 0 { id("points") } else { id(&format!("points-{point}")) };
                            view! {
                                <label class="wp-scale__item">
                                    <input type="radio" name="points" id=at value=value.clone() checked=score.points == value/>
                                    <span class="wp-scale__box">{value}</span>
                                </label>
                            }
                        }).collect_view()}
                    </div>
                    {meant}
                </fieldset>
                {first.then(|| view! {
                    <div class="wp-keys wp-needs-script">
                        <p class="wp-muted">{words.keys}</p>
                        <label class="wp-keys__on"><input type="checkbox" data-act="keys" checked/> {words.keys_on}</label>
                    </div>
                })}
                {reason}
                {next_point}
                <input type="hidden" name="seen" value=seen/>
                <p class="wp-saved" role="status" data-state=state>{status}</p>
                <div class="govuk-button-group">
                    {first.then(|| view! { <button class="govuk-button" name="do" value="next">{words.save_next}</button> })}
                    <button class="govuk-button govuk-button--secondary" name="do" value="save">{words.save}</button>
                    <button class="govuk-button govuk-button--secondary" type="button" data-act="undo" hidden>{words.undo}</button>
                    <button class="wp-linklike" name="do" value="clear" data-act="clear" formnovalidate hidden=!scored>{words.clear}</button>
                </div>
            </form>
        </div>
    }
}
