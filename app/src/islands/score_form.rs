//! One score with its reason. Without a script it is a plain form; with one it saves as soon as there is a score and a
//! reason, keeps what could not be sent, and takes the keys 0 to 9 and j/k while the score has the focus.

use leptos::prelude::*;

use super::{SaveWords, json};

/// The sentences of the form.
#[derive(Clone, Debug, Default)]
pub struct ScoreWords {
    pub legend: String,
    pub reason: String,
    pub reason_hint: String,
    pub save: String,
    pub save_next: String,
    pub keys: String,
    pub error_prefix: String,
}

#[component]
pub fn ScoreForm(
    action: String,
    /// Whose score it is: what is kept in the browser is kept for them alone.
    seat: String,
    max: u8,
    /// Fewest letters of a reason with which a score is saved while it is written.
    least_reason: u32,
    points: String,
    reason: String,
    /// The version that was read; 0 for none.
    seen: String,
    descriptors: Vec<String>,
    points_error: Option<String>,
    reason_error: Option<String>,
    /// Shown when the page comes: "saved 14:02", or nothing.
    status: String,
    previous: String,
    next: String,
    words: ScoreWords,
    save_words: SaveWords,
) -> impl IntoView {
    let state = if status.is_empty() { "" } else { "saved" };
    let described = if reason_error.is_some() { "reason-hint reason-error" } else { "reason-hint" };
    let scale_described = points_error.is_some().then_some("points-error");
    let invalid = reason_error.is_some().then_some("true");
    let told = |id: &'static str, error: Option<String>| {
        let hidden = error.is_none();
        let prefix = words.error_prefix.clone();
        view! { <p class="govuk-error-message" id=id role="alert" hidden=hidden><span class="govuk-visually-hidden">{prefix}</span> " " <span data-slot="text">{error}</span></p> }
    };
    let (points_told, reason_told) = (told("points-error", points_error), told("reason-error", reason_error));
    view! {
        <div data-load="now" data-island="score-form" data-seat=seat data-max=max.to_string() data-least=least_reason.to_string()
            data-previous=previous data-next=next data-words=json(&save_words)>
            <form class="wp-score__panel" method="post" action=action>
                <fieldset class="govuk-fieldset" data-describes="points" data-hint="" aria-describedby=scale_described>
                    <legend class="govuk-fieldset__legend govuk-fieldset__legend--s">{words.legend}</legend>
                    {points_told}
                    <div class="wp-scale">
                        {(0..=max).map(|point| {
                            let value = point.to_string();
                            let id = if point == 0 { "points".to_owned() } else { format!("points-{point}") };
                            view! {
                                <label class="wp-scale__item">
                                    <input type="radio" name="points" id=id value=value.clone() checked=points == value/>
                                    <span class="wp-scale__box">{value}</span>
                                </label>
                            }
                        }).collect_view()}
                    </div>
                    <ol class="wp-descriptors">
                        {descriptors.into_iter().enumerate().filter(|(_, text)| !text.is_empty()).map(|(point, text)| view! {
                            <li data-points=point.to_string()><strong>{point.to_string()}</strong><span>{text}</span></li>
                        }).collect_view()}
                    </ol>
                    <p class="wp-muted wp-needs-script">{words.keys}</p>
                </fieldset>
                <div class="govuk-form-group">
                    <label class="govuk-label govuk-label--s" for="reason">{words.reason}</label>
                    <div class="govuk-hint" id="reason-hint">{words.reason_hint}</div>
                    {reason_told}
                    <textarea class="govuk-textarea" id="reason" name="reason" rows="6" data-describes="reason" data-hint="reason-hint"
                        aria-describedby=described aria-invalid=invalid>
                        {reason}
                    </textarea>
                </div>
                <input type="hidden" name="seen" value=seen/>
                <p class="wp-saved" role="status" data-state=state>{status}</p>
                <div class="govuk-button-group">
                    <button class="govuk-button" name="do" value="next">{words.save_next}</button>
                    <button class="govuk-button govuk-button--secondary" name="do" value="save">{words.save}</button>
                </div>
            </form>
        </div>
    }
}
