//! Two officers in one section: both texts side by side, field by field, with a choice for each. Nothing typed is lost.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use domain::challenge::Section;
use domain::form::{FieldError, Fields};
use leptos::prelude::*;
use workflow::challenge::DraftView;

use crate::cx::Cx;
use crate::frame::Page;
use crate::ui::{error_summary, hidden, in_textarea};
use crate::words::{Words, t};

/// Names of the fields that differ, other than ids: a row keeps the id that was saved first.
fn differing(mine: &Fields, theirs: &Fields) -> Vec<String> {
    let mut names: Vec<&String> = mine.0.keys().chain(theirs.0.keys()).filter(|name| !internal(name)).collect();
    names.sort();
    names.dedup();
    names.into_iter().filter(|name| mine.get(name) != theirs.get(name)).cloned().collect()
}

fn internal(name: &str) -> bool {
    matches!(name, "seen" | "do") || name.ends_with("-id") || name.starts_with("choose-")
}

/// What was typed after the choices were applied: `choose-<field>` is `mine`, `theirs` or `both`.
pub(super) fn resolve(typed: &Fields, theirs: &Fields) -> Fields {
    let mut out: Fields = typed
        .0
        .iter()
        .filter(|(name, _)| !name.starts_with("choose-"))
        .collect::<Vec<_>>()
        .into_iter()
        .map(|(n, v)| (n.clone(), v.clone()))
        .collect();
    for (name, choice) in typed.0.iter().filter_map(|(name, choice)| Some((name.strip_prefix("choose-")?, choice.as_str()))) {
        match choice {
            "theirs" => out.set(name, theirs.raw(name)),
            "both" => out.set(name, format!("{}\n\n{}", theirs.get(name), typed.get(name)).trim().to_owned()),
            _ => {}
        }
    }
    for (name, id) in theirs.0.iter().filter(|(name, id)| name.ends_with("-id") && !id.is_empty()) {
        out.set(name.clone(), id.clone());
    }
    out
}

/// The name of a field as its page says it: `outcome-2-title` is "Outcome 2: What is measured".
pub(super) fn label(cx: &Cx, name: &str) -> String {
    let mut parts = name.splitn(3, '-');
    if let (Some(list), Some(Ok(n)), Some(field)) = (parts.next(), parts.next().map(str::parse::<u32>), parts.next()) {
        let row = format!("row-{list}");
        let (stem, point) = match field.strip_prefix("point").map(str::parse::<u32>) {
            Some(Ok(point)) => ("point", point),
            _ => (field, 0),
        };
        let key = format!("field-{list}-{}", stem.replace('_', "-"));
        if Words::has(&row) && Words::has(&key) {
            return format!("{}: {}", t!(cx, &row, n = n), t!(cx, &key, point = point));
        }
    }
    if let Some(code) = name.strip_prefix("category-") {
        return domain::challenge::categories::label(code).map_or_else(|| code.to_owned(), |label| format!("{code} {label}"));
    }
    let key = format!("field-{}", name.replace('_', "-"));
    if Words::has(&key) { t!(cx, &key) } else { name.to_owned() }
}

/// Who saved it meanwhile.
fn by(cx: &Cx, found: &DraftView, section: Section) -> String {
    let row = found.sections.iter().find(|row| row.section == section.code());
    row.map(|row| row.updated_by.clone()).unwrap_or_else(|| t!(cx, "conflict-somebody"))
}

fn seen(found: &DraftView, section: Section) -> i64 {
    found.sections.iter().find(|row| row.section == section.code()).map_or(0, |row| row.row_version)
}

/// The same for an island: what differs, and the version to save over.
pub(super) fn json(cx: &Cx, found: &DraftView, section: Section, typed: &Fields) -> Response {
    let theirs = found.draft.section(section);
    let differing: Vec<_> = differing(typed, &theirs)
        .into_iter()
        .map(|name| serde_json::json!({ "field": name, "label": label(cx, &name), "mine": typed.raw(&name), "theirs": theirs.raw(&name) }))
        .collect();
    let answer = serde_json::json!({
        "seen": seen(found, section).to_string(),
        "by": by(cx, found, section),
        "differing": differing,
        "errors": [{ "field": "form", "text": t!(cx, "conflict-text", name = by(cx, found, section)) }],
    });
    (StatusCode::CONFLICT, axum::Json(answer)).into_response()
}

pub(super) fn page(cx: &Cx, found: &DraftView, section: Section, typed: &Fields) -> Response {
    let id = found.facts.challenge;
    let theirs = found.draft.section(section);
    let differing = differing(typed, &theirs);
    let name = t!(cx, &format!("section-{}", section.code()));
    let kept = typed
        .0
        .iter()
        .filter(|(name, _)| !matches!(name.as_str(), "seen" | "do") && !name.starts_with("choose-") && !differing.contains(name))
        .map(|(name, value)| hidden(name, value))
        .collect_view();
    let rows = differing.iter().map(|name| row(cx, name, typed, &theirs)).collect_view();
    let by = by(cx, found, section);
    let body = view! {
        {error_summary(cx, &[FieldError::new("conflict", "stale-section")])}
        <span class="govuk-caption-l">{found.title.clone()}</span>
        <h1 class="govuk-heading-l" id="conflict">{t!(cx, "conflict-title", section = &name)}</h1>
        <p class="wp-lead">{t!(cx, "conflict-text", name = &by)}</p>
        <form method="post" novalidate>
            {hidden("seen", seen(found, section))}
            {kept}
            {rows}
            <div class="govuk-button-group">
                <button class="govuk-button" name="do" value="resolve">{t!(cx, "save-continue")}</button>
                <a class="govuk-link" href=format!("/challenges/{id}/edit/{}", section.code())>{t!(cx, "conflict-drop")}</a>
            </div>
        </form>
    };
    let above = vec![("/work".into(), t!(cx, "nav-work")), (format!("/challenges/{id}/edit"), found.title.clone())];
    Page::new(format!("{name} – {}", found.title), body).under(above).status(StatusCode::CONFLICT).render(cx)
}

fn row(cx: &Cx, name: &str, typed: &Fields, theirs: &Fields) -> AnyView {
    let (mine, saved) = (typed.raw(name).to_owned(), theirs.raw(name).to_owned());
    let long = [&mine, &saved].iter().any(|text| text.contains('\n') || text.chars().count() > 60);
    let choices = [("mine", "conflict-mine"), ("theirs", "conflict-theirs"), ("both", "conflict-both")];
    let chosen = typed.0.get(&format!("choose-{name}")).map_or("mine", String::as_str);
    let radios = choices
        .into_iter()
        .filter(|(value, _)| *value != "both" || long)
        .map(|(value, key)| {
            let id = format!("choose-{name}-{value}");
            view! {
                <div class="govuk-radios__item">
                    <input class="govuk-radios__input" type="radio" id=id.clone() name=format!("choose-{name}") value=value checked=value == chosen/>
                    <label class="govuk-label govuk-radios__label" for=id>{t!(cx, key)}</label>
                </div>
            }
        })
        .collect_view();
    let label = label(cx, name);
    let empty = saved.trim().is_empty().then(|| view! { <p class="wp-muted">{t!(cx, "conflict-empty")}</p> });
    let own = if long {
        view! { <textarea class="govuk-textarea" id=name.to_owned() name=name.to_owned() rows="8">{in_textarea(&mine)}</textarea> }.into_any()
    } else {
        view! { <input class="govuk-input" id=name.to_owned() name=name.to_owned() value=mine/> }.into_any()
    };
    view! {
        <fieldset class="govuk-fieldset wp-conflict">
            <legend class="govuk-fieldset__legend govuk-fieldset__legend--m">{label.clone()}</legend>
            <div class="wp-conflict__sides">
                <div><label class="govuk-label govuk-label--s" for=name.to_owned()>{label} " – " {t!(cx, "conflict-yours")}</label>{own}</div>
                <div><p class="govuk-label govuk-label--s">{t!(cx, "conflict-saved")}</p>{empty}<pre class="wp-conflict__theirs">{saved}</pre></div>
            </div>
            <div class="govuk-radios govuk-radios--small govuk-radios--inline">{radios}</div>
        </fieldset>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(pairs: &[(&str, &str)]) -> Fields {
        pairs.iter().copied().collect()
    }

    #[test]
    fn what_differs_is_told_and_ids_are_not() {
        let mine = fields(&[("limits", "Mine"), ("outcome-1-id", "a"), ("same", "x"), ("seen", "1"), ("do", "save")]);
        let theirs = fields(&[("limits", "Theirs"), ("outcome-1-id", "b"), ("same", "x "), ("new", "y")]);
        assert_eq!(differing(&mine, &theirs), ["limits", "new"]);
    }

    #[test]
    fn each_choice_keeps_its_text_and_both_keeps_both() {
        let typed = fields(&[
            ("a", "my a"),
            ("choose-a", "mine"),
            ("b", "my b"),
            ("choose-b", "theirs"),
            ("c", "my c"),
            ("choose-c", "both"),
            ("d", "untouched"),
            ("outcome-1-id", ""),
        ]);
        let theirs = fields(&[("a", "their a"), ("b", "their b"), ("c", "their c"), ("outcome-1-id", "k")]);
        let saved = resolve(&typed, &theirs);
        assert_eq!(
            saved,
            fields(&[("a", "my a"), ("b", "their b"), ("c", "their c\n\nmy c"), ("d", "untouched"), ("outcome-1-id", "k")])
        );
    }
}
