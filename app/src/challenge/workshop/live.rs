//! What stands beside a section's fields and works as one types: saving, the statement check, the notice as it will look.

use domain::challenge::Section;
use domain::statement::{self, Finding, Rule};
use leptos::prelude::*;
use workflow::challenge::{DraftView, Readiness};

use crate::cx::Cx;
use crate::islands::{
    CategoryFinder, CheckPanel, CheckWords, ConflictWords, DraftKeeper, NoticePreview, RuleWords, SaveWords, draft_key, person,
};
use crate::words::{Words, t};

/// In the form: what saves it. `status` is what the page says of the last saving; `unsaved`: it came back with what was typed.
pub(super) fn keeper(cx: &Cx, found: &DraftView, section: Section, status: String, unsaved: bool) -> AnyView {
    let action = format!("/challenges/{}/edit/{}", found.facts.challenge, section.code());
    let words = SaveWords::of(cx, "keep-failed");
    let conflict_words = ConflictWords::of(cx, "keep-kept");
    let key = draft_key(cx, &action);
    view! {
        <div data-load="now" class="govuk-!-margin-bottom-3">
            <DraftKeeper action=action key=key person=person(cx) each=false unsaved=unsaved status=status words=words conflict_words=conflict_words/>
        </div>
    }
    .into_any()
}

/// The check of this section, where there is text to read or something was found.
pub(super) fn check(cx: &Cx, ready: &Readiness, section: Section) -> Option<AnyView> {
    let found = &ready.view;
    let own = || ready.findings.iter().filter(|told| told.finding.section == section.code());
    let initial: Vec<Finding> = own().map(|told| told.finding.clone()).collect();
    let dismissed: Vec<String> = own().filter(|told| told.dismissed.is_some()).map(|told| told.finding.key()).collect();
    let mut draft = found.draft.clone();
    if !reads(section) && initial.is_empty() {
        return None;
    }
    draft.0.remove(&section);
    let statement = statement::of_draft(&draft, None);
    let words = CheckWords {
        title: t!(cx, "check-title"),
        none: t!(cx, "check-count", n = 0),
        one: t!(cx, "check-count", n = 1),
        many: t!(cx, "check-count-many", n = "{n}"),
        why: t!(cx, "check-more"),
        show: t!(cx, "check-show"),
        all: t!(cx, "readiness"),
        leave: t!(cx, "finding-leave"),
        reason: t!(cx, "finding-why"),
        hint: t!(cx, "finding-why-hint"),
        dismiss: t!(cx, "finding-dismiss"),
        gravity: ["must-clear", "advice", "note"].map(|code| (code, t!(cx, &format!("check-gravity-{code}")))).into(),
    };
    let lang = statement::of_draft(&found.draft, None).lang;
    Some(
        view! {
            <CheckPanel readiness=format!("/challenges/{}/readiness", found.facts.challenge) section=section.code().to_owned() lang=lang others=statement.passages initial=initial dismissed=dismissed
                rules=Rule::ALL.iter().map(|rule| (rule.code(), rule_words(cx, *rule))).collect() words=words/>
        }
        .into_any(),
    )
}

/// The notice as it will look, read anew after each saving.
pub(super) fn preview(cx: &Cx, found: &DraftView) -> AnyView {
    let address = format!("/challenges/{}/preview", found.facts.challenge);
    view! { <NoticePreview address=address title=t!(cx, "preview-here") link=t!(cx, "preview")/> }.into_any()
}

/// Categories as words are typed.
pub(super) fn finder(cx: &Cx, found: &DraftView, section: Section) -> Option<AnyView> {
    let address = format!("/challenges/{}/edit/{}", found.facts.challenge, section.code());
    (section == Section::Categories)
        .then(|| view! { <CategoryFinder address=address legend=t!(cx, "categories-typed")/> }.into_any())
}

fn reads(section: Section) -> bool {
    !matches!(section, Section::Timetable | Section::Panel | Section::Categories | Section::Contact)
}

/// The sentences of a rule with its parameters left open; those of one finding are filled in where it is shown.
fn rule_words(cx: &Cx, rule: Rule) -> RuleWords {
    let open = ["words", "n", "day", "days", "least"].map(|name| (name.to_owned(), format!("{{{name}}}").into()));
    let say = |key: &str| cx.words.say_with(key, &open);
    let stem = format!("check-{}", rule.code());
    let plain = format!("{stem}-what");
    let begin = format!("{plain}-");
    let what = Words::keys_beginning(&plain)
        .filter(|key| *key == plain || key.starts_with(&begin))
        .map(|key| (key.strip_prefix(&begin).unwrap_or_default().to_owned(), say(key)))
        .collect();
    RuleWords { what, why: say(&format!("{stem}-why")), better: say(&format!("{stem}-better")) }
}
