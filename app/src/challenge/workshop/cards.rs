//! Lists of cards: each can be moved, removed and added to by a plain button, and all that was typed is kept.

use domain::form::CARD;
use leptos::prelude::*;

use crate::cx::Cx;
use crate::ui::{Form, hidden};
use crate::words::t;

/// The numbers of a list's cards. Where there is none yet, so many empty ones to begin with.
pub(super) fn numbers(form: &Form, list: &str, empty: u32) -> Vec<u32> {
    let rows = form.fields.rows(list);
    if rows.is_empty() { (1..=empty).collect() } else { rows }
}

/// What stands over a card and what can be done with it.
pub(super) struct Head {
    pub title: String,
    /// Which of how many, from 0.
    pub place: (usize, usize),
    /// It can be moved and not removed.
    pub fixed: bool,
}

/// A card of a list.
pub(super) fn card(cx: &Cx, form: &Form, list: &str, n: u32, head: Head, body: AnyView) -> AnyView {
    let Head { title, place, fixed } = head;
    let id = format!("{list}-{n}");
    let written = form.fields.rows(list).contains(&n);
    let button = |act: &str, key: &str| {
        let label = t!(cx, key);
        view! {
            <button class="govuk-button govuk-button--secondary wp-card-form__act" name="do" value=format!("{act}:{id}")>
                {label}<span class="govuk-visually-hidden">": " {title.clone()}</span>
            </button>
        }
    };
    let (at, of) = place;
    view! {
        <fieldset class="govuk-fieldset wp-card-form" id=id.clone()>
            <legend class="govuk-fieldset__legend govuk-fieldset__legend--m">{title.clone()}</legend>
            // An empty card that nobody asked for is not kept.
            {written.then(|| hidden(&format!("{id}-{CARD}"), 1))}
            {hidden(&format!("{id}-id"), form.fields.of_row(list, n, "id"))}
            {body}
            <div class="wp-card-form__acts">
                {(at > 0).then(|| button("up", "card-up"))}
                {(at + 1 < of).then(|| button("down", "card-down"))}
                {(!fixed && written).then(|| button("remove", "card-remove"))}
            </div>
        </fieldset>
    }
    .into_any()
}

/// The button that adds a card, with the choice of its kind where there are kinds.
pub(super) fn add(cx: &Cx, list: &str, label: String, kinds: Vec<(String, String)>) -> AnyView {
    let name = format!("add_{list}");
    let choice = (!kinds.is_empty()).then(|| {
        let options = kinds.into_iter().map(|(code, label)| view! { <option value=code>{label}</option> }).collect_view();
        view! {
            <label class="govuk-label" for=name.clone()>{t!(cx, "card-kind")}</label>
            <select class="govuk-select" id=name.clone() name=name.clone()>{options}</select>
        }
    });
    view! {
        <div class="wp-card-form__add">
            {choice}
            <button class="govuk-button govuk-button--secondary" name="do" value=format!("add:{list}")>{label}</button>
        </div>
    }
    .into_any()
}

/// What was typed for another kind of card is kept with it, unseen.
pub(super) fn kept(form: &Form, prefix: &str, fields: &[&str], shown: &[&str]) -> AnyView {
    fields
        .iter()
        .filter(|field| !shown.contains(*field))
        .map(|field| format!("{prefix}-{field}"))
        .filter(|name| !form.fields.get(name).is_empty())
        .map(|name| hidden(&name, form.fields.raw(&name)))
        .collect_view()
        .into_any()
}
