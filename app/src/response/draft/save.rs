//! Saving a draft, by its buttons and as one types, and submitting it as it stands.

use std::collections::BTreeMap;

use axum::extract::{Path, RawQuery};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use domain::form::{FieldError, Fields};
use domain::ids::ResponseId;
use domain::response::{Field, gather, written};
use workflow::response::{self as verbs, OwnResponse, Saved};

use super::editor::{saved_at, saved_line};
use super::{Shown, address, draft_page, one_of, text_of, theirs_or_own};
use crate::account::shown;
use crate::cx::Cx;
use crate::fault::Fault;
use crate::guard::Post;
use crate::response::fields::{asked, asked_label};
use crate::response::{id_of, late_or, stale};
use crate::ui::{Form, clock, sentence};
use crate::words::t;

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
                refused = stale(&own, &post.fields, "seen");
            }
            Err(error) => refused = late_or(&cx, id, shown(error)).await?,
        }
    }
    let own = verbs::read_own_response(&cx.desk, &cx.actor, id).await?;
    gather(&own.terms, &mut post.fields);
    if cx.json {
        // What is lost is given up by a button, not because something else was typed.
        let lost = |name: &String| own.answers.get(name).is_some_and(|answer| answer.lost);
        post.fields.0.retain(|name, text| !text.is_empty() || !lost(name));
    }
    let outcome = verbs::save_answer(&cx.desk, &cx.actor, id, &post.fields).await;
    let errors = match outcome {
        Ok(saved) if cx.json => {
            let own = verbs::read_own_response(&cx.desk, &cx.actor, id).await?;
            return Ok(saved_json(&cx, &own, &post.fields, &saved));
        }
        Ok(saved) if saved.stale.is_empty() && saved.refused.is_empty() && refused.is_empty() => {
            return Ok(Redirect::to(&after(id, one, post.fields.get("do"))).into_response());
        }
        Ok(saved) => {
            // What a colleague wrote stands beside what was typed; saving again then replaces it knowingly.
            let own = verbs::read_own_response(&cx.desk, &cx.actor, id).await?;
            let theirs = saved.stale.iter().map(|name| (name.clone(), text_of(&own, name))).collect();
            let unkept: Vec<String> = saved.refused.iter().map(|error| error.field.clone()).collect();
            let code = |name: &str| match own.answers.get(name).and_then(|answer| answer.own(&cx.actor)) {
                Some(_) => "stale-own-answer",
                None => "stale-answer",
            };
            let mut errors: Vec<FieldError> = saved.stale.iter().map(|name| FieldError::new(name, code(name))).collect();
            errors.extend(saved.refused);
            // What could not be kept is told once, whether it was to be submitted or saved.
            errors.extend(refused.into_iter().filter(|error| !errors.contains(error)).collect::<Vec<_>>());
            // What was saved stands there as it is saved; what was not, as it was typed.
            let fields = newest(&own, post.fields, |name, _| {
                !saved.stale.iter().any(|stale| stale == name) && !unkept.iter().any(|unkept| unkept == name)
            });
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
    let (mut ids, mut newer, mut lines) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
    let zone = cx.zone.as_deref().unwrap_or(&own.terms.zone);
    for name in written(&own.terms).into_iter().map(Field::name) {
        if stale(&name) {
            newer.insert(format!("seen-{name}"), seen(&name));
        } else if posted.0.get(&name).is_some_and(|text| text.replace("\r\n", "\n") == text_of(own, &name)) {
            ids.insert(format!("seen-{name}"), seen(&name));
            let now = own.answers.get(&name).filter(|_| saved.versions.contains_key(&name)).and_then(|answer| answer.updated_at);
            let line = now.map(|at| t!(cx, "answer-saved-at", time = clock(at, zone))).or_else(|| saved_line(cx, own, &name));
            lines.insert(name, line.unwrap_or_default());
        }
    }
    for name in &saved.longer {
        lines.insert(name.clone(), saved_line(cx, own, name).unwrap_or_default());
    }
    let missing = match own.missing.len() {
        0 => t!(cx, "draft-whole"),
        n => t!(cx, "missing-n", n = n),
    };
    let at = saved_at(cx, own).unwrap_or_default();
    // What its writer had gone on with in another tab goes into the form.
    let own_longer = saved.longer.iter().find_map(|name| own.answers.get(name)?.own(&cx.actor));
    let own_clock = own_longer.map(|at| clock(at, cx.zone.as_deref().unwrap_or(&own.terms.zone)));
    let said = own_clock.map_or(at, |time| t!(cx, "answer-longer", time = time));
    let longer = |name: &String| {
        let ids = serde_json::json!({ format!("seen-{name}"): seen(name) });
        serde_json::json!({ "field": name, "text": text_of(own, name), "ids": ids })
    };
    let mut answer = serde_json::json!({
        "seen": own.draft_version().to_string(),
        "saved": format!("{said} {missing}"),
        "ids": ids,
        "lines": lines,
        "longer": saved.longer.iter().map(longer).collect::<Vec<_>>(),
    });
    let asked = asked(&own.terms);
    if saved.stale.is_empty() && saved.refused.is_empty() {
        return axum::Json(answer).into_response();
    }
    if saved.stale.is_empty() {
        // The others are saved: which one is not, and why, is the sentence of the page.
        let told = |error: &FieldError| {
            let of = asked.iter().find(|one| one.fields().iter().any(|field| field.name() == error.field));
            let label = of.map(|one| asked_label(cx, *one)).unwrap_or_default();
            let text = t!(cx, "answer-not-saved", question = label, why = sentence(cx, error));
            serde_json::json!({ "field": error.field, "text": text })
        };
        answer["errors"] = saved.refused.iter().map(told).collect();
        return (StatusCode::UNPROCESSABLE_ENTITY, axum::Json(answer)).into_response();
    }
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
    // Where a colleague is among the writers, that is said: only then is there somebody to ask.
    let colleague = |name: &&String| own.answers.get(*name).is_none_or(|answer| answer.own(&cx.actor).is_none());
    let about = saved.stale.iter().find(colleague).or(saved.stale.first()).map_or("", String::as_str);
    let why = theirs_or_own(cx, own, about, ("answer-theirs-live", "answer-yours-live"));
    answer["errors"] = serde_json::json!([{ "field": "form", "text": why }]);
    (StatusCode::CONFLICT, axum::Json(answer)).into_response()
}
