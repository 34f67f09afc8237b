//! The statement check beside the text: what was found when the page was made; with a script also what is found as one
//! types. The rules are `domain::statement`, the same in both places.

use std::collections::BTreeMap;

use domain::statement::{Finding, Gravity, Lang, Passage};
use leptos::prelude::*;
use serde::Serialize;

use super::json;

/// The sentences of a rule, with `{name}` where a parameter stands.
#[derive(Clone, Debug, Serialize)]
pub struct RuleWords {
    /// By variant; the empty one says it where there is no other.
    pub what: BTreeMap<String, String>,
    pub why: String,
    pub better: String,
}

#[derive(Clone, Debug, Default, Serialize)]
pub struct CheckWords {
    /// For 0, 1 and more, with `{n}`.
    pub none: String,
    pub one: String,
    pub many: String,
    /// By code of a gravity.
    #[serde(flatten)]
    pub gravity: BTreeMap<&'static str, String>,
    #[serde(skip)]
    pub title: String,
    #[serde(skip)]
    pub why: String,
    #[serde(skip)]
    pub show: String,
    #[serde(skip)]
    pub all: String,
    /// Leaving a finding as it is, with a reason.
    #[serde(skip)]
    pub leave: String,
    #[serde(skip)]
    pub reason: String,
    #[serde(skip)]
    pub hint: String,
    #[serde(skip)]
    pub dismiss: String,
}

/// What an item says of a finding; a template's is empty.
#[derive(Default)]
struct Said {
    what: String,
    why: String,
    better: String,
    gravity: String,
    excerpt: String,
}

impl Said {
    fn of(finding: &Finding, rules: &BTreeMap<&'static str, RuleWords>, words: &CheckWords) -> Self {
        let Some(rule) = rules.get(finding.rule.code()) else { return Self::default() };
        let what = rule.what.get(&finding.variant).or_else(|| rule.what.get("")).map(String::as_str).unwrap_or_default();
        Self {
            what: finding.fill(what),
            why: rule.why.clone(),
            better: finding.fill(&rule.better),
            gravity: words.gravity.get(finding.gravity.code()).cloned().unwrap_or_default(),
            excerpt: finding.excerpt.clone(),
        }
    }
}

fn inside(said: Said, words: &CheckWords, id: &str, shows: bool, leaves: bool) -> AnyView {
    let (hint, name) = (format!("{id}-hint"), format!("{}: {}", words.show, said.excerpt));
    let place = shows.then(|| {
        view! {
            <p data-slot="place"><q data-slot="excerpt">{said.excerpt}</q> " "
                <button class="wp-link-button wp-needs-script" type="button" aria-label=name data-slot="show">{words.show.clone()}</button></p>
        }
    });
    let leaving = leaves.then(|| {
        view! {
            <details class="wp-needs-script" data-slot="leaving">
                <summary>{words.leave.clone()}</summary>
                <label class="govuk-label" for=id.to_owned()>{words.reason.clone()}</label>
                <div class="govuk-hint" id=hint.clone()>{words.hint.clone()}</div>
                <p class="govuk-error-message" role="alert" data-slot="wrong"></p>
                <input class="govuk-input" id=id.to_owned() aria-describedby=hint/>
                <p><button class="wp-link-button" type="button" data-slot="leave">{words.dismiss.clone()}</button></p>
            </details>
        }
    });
    view! {
        <p class="wp-meta" data-slot="gravity">{said.gravity}</p>
        <p><strong data-slot="what">{said.what}</strong></p>
        {place}
        <details><summary>{words.why.clone()}</summary><p data-slot="why">{said.why}</p><p data-slot="better">{said.better}</p></details>
        {leaving}
    }
    .into_any()
}

#[component]
pub fn CheckPanel(
    /// Where all findings stand, and reasons go.
    readiness: String,
    section: String,
    lang: Lang,
    /// The draft's other sections: what is explained there need not be explained here.
    others: Vec<Passage>,
    initial: Vec<Finding>,
    /// Keys of findings that were left as they are, with a reason.
    dismissed: Vec<String>,
    /// By code of the rule.
    rules: BTreeMap<&'static str, RuleWords>,
    words: CheckWords,
) -> impl IntoView {
    let open: Vec<&Finding> = initial.iter().filter(|finding| !dismissed.contains(&finding.key())).collect();
    let count = match open.len() {
        0 => words.none.clone(),
        1 => words.one.clone(),
        n => words.many.replace("{n}", &n.to_string()),
    };
    let item = |(at, finding): (usize, &Finding)| {
        let class = match finding.gravity {
            Gravity::MustClear => "wp-finding wp-finding--must",
            Gravity::Advice => "wp-finding",
            Gravity::Note => "wp-finding wp-finding--note",
        };
        let shows = finding.span.is_some() && !finding.excerpt.is_empty();
        let span = finding.span.map(|span| span.utf16);
        view! {
            <li class=class data-key=finding.key() data-field=finding.field.clone() data-from=span.map(|span| span.0.to_string())
                data-to=span.map(|span| span.1.to_string()) data-server=finding.rule.needs_server().then_some("")>
                {inside(Said::of(finding, &rules, &words), &words, &format!("leave-{at}"), shows, finding.gravity != Gravity::Note)}
            </li>
        }
    };
    let items = open.iter().copied().enumerate().map(item).collect_view();
    let all = readiness.clone();
    let others: Vec<_> = others.iter().map(|one| (&one.section, &one.field, one.role, &one.text)).collect();
    view! {
        <section class="wp-check" data-island="check-panel" data-readiness=readiness data-section=section data-lang=lang.code()
            data-others=json(&others) data-dismissed=json(&dismissed) data-rules=json(&rules) data-words=json(&words)>
            <h2 class="govuk-heading-s">{words.title.clone()}</h2>
            <p class="wp-muted" role="status" tabindex="-1" data-slot="count">{count}</p>
            <template data-template="finding"><li class="wp-finding">{inside(Said::default(), &words, "", true, true)}</li></template>
            <ul class="wp-findings">{items}</ul>
            <p><a class="govuk-link" href=all>{words.all.clone()}</a></p>
        </section>
    }
}
