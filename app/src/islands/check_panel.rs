//! The statement check beside the text: what the server found when the page was made, then what is found as one types. The
//! rules are `domain::statement`, the same in both places; the sentences come as parameters.

use domain::statement::{Finding, Gravity, Lang, Passage, Rule};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// The sentences of a rule, with `{name}` where a parameter stands.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct RuleWords {
    pub rule: Rule,
    /// By variant; the empty one says it where there is no other.
    pub what: Vec<(String, String)>,
    pub why: String,
    pub better: String,
}

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct CheckWords {
    pub title: String,
    pub none: String,
    /// For 0, 1 and more, with `{n}`.
    pub one: String,
    pub many: String,
    pub why: String,
    pub show: String,
    pub all: String,
    /// Leaving a finding as it is, with a reason.
    pub leave: String,
    pub reason: String,
    pub hint: String,
    pub dismiss: String,
    /// By gravity: to clear, advice, note.
    pub gravity: [String; 3],
}

fn filled(pattern: &str, finding: &Finding) -> String {
    let text = finding.args.iter().fold(pattern.to_owned(), |text, (name, value)| text.replace(&format!("{{{name}}}"), value));
    text.replace("{words}", &finding.excerpt)
}

/// What, why, and a better way.
fn sentences(rules: &[RuleWords], finding: &Finding) -> (String, String, String) {
    let Some(words) = rules.iter().find(|words| words.rule == finding.rule) else { return Default::default() };
    let of = |variant: &str| words.what.iter().find(|(own, _)| own == variant).map(|(_, text)| text.as_str());
    let what = of(&finding.variant).or_else(|| of("")).unwrap_or_default();
    (filled(what, finding), words.why.clone(), filled(&words.better, finding))
}

#[island]
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
    rules: Vec<RuleWords>,
    words: CheckWords,
) -> impl IntoView {
    let found = RwSignal::new(initial.clone());
    let took = RwSignal::new(String::new());
    let dismissed = RwSignal::new(dismissed);
    // Key of the finding that is left, and what is wrong with the reason.
    let wrong = RwSignal::new((String::new(), String::new()));
    #[cfg(feature = "hydrate")]
    let (show, leave) =
        (browser::check(section, lang, others, initial, found, took), browser::leave(readiness.clone(), dismissed, wrong));
    #[cfg(not(feature = "hydrate"))]
    let (show, leave) = {
        let _ = (section, lang, others);
        (|_: &Finding| {}, |_: String, _: String| {})
    };
    let open = Memo::new(move |_| {
        let left = dismissed.get();
        found.with(|found| found.iter().filter(|one| !left.contains(&one.key())).cloned().collect::<Vec<_>>())
    });
    let (none, one, many) = (words.none.clone(), words.one.clone(), words.many.clone());
    let count = move || match open.with(Vec::len) {
        0 => none.clone(),
        1 => one.clone(),
        n => many.replace("{n}", &n.to_string()),
    };
    let (title, all) = (words.title.clone(), words.all.clone());
    let (rules, words) = (StoredValue::new(rules), StoredValue::new(words));
    #[allow(clippy::clone_on_copy, clippy::redundant_clone, reason = "on the server they are functions that do nothing")]
    let item = move |(at, finding): (usize, Finding)| {
        let says = rules.with_value(|rules| sentences(rules, &finding));
        let words = words.get_value();
        let (class, gravity) = match finding.gravity {
            Gravity::MustClear => ("wp-finding wp-finding--must", &words.gravity[0]),
            Gravity::Advice => ("wp-finding", &words.gravity[1]),
            Gravity::Note => ("wp-finding wp-finding--note", &words.gravity[2]),
        };
        let show = show.clone();
        let excerpt = (finding.span.is_some() && !finding.excerpt.is_empty()).then(|| {
            let (text, place) = (finding.excerpt.clone(), finding.clone());
            let name = format!("{}: {text}", words.show);
            view! {
                <p><q>{text}</q> " " <button class="wp-link-button wp-needs-script" type="button" aria-label=name on:click=move |_| show(&place)>{words.show.clone()}</button></p>
            }
        });
        let leaving = (finding.gravity != Gravity::Note).then(|| {
            let (id, hint, leave) = (format!("leave-{at}"), format!("leave-{at}-hint"), leave.clone());
            let (key, own) = (finding.key(), finding.key());
            let typed = RwSignal::new(String::new());
            view! {
                <details class="wp-needs-script">
                    <summary>{words.leave.clone()}</summary>
                    <label class="govuk-label" for=id.clone()>{words.reason.clone()}</label>
                    <div class="govuk-hint" id=hint.clone()>{words.hint.clone()}</div>
                    <p class="govuk-error-message" role="alert">{move || wrong.with(|(key, text)| (*key == own).then(|| text.clone()))}</p>
                    <input class="govuk-input" id=id aria-describedby=hint on:input=move |event| typed.set(event_target_value(&event))/>
                    <p><button class="wp-link-button" type="button" on:click=move |_| leave(key.clone(), typed.get_untracked())>{words.dismiss.clone()}</button></p>
                </details>
            }
        });
        view! {
            <li class=class>
                <p class="wp-meta">{gravity.clone()}</p>
                <p><strong>{says.0}</strong></p>
                {excerpt}
                <details><summary>{words.why.clone()}</summary><p>{says.1}</p><p>{says.2}</p></details>
                {leaving}
            </li>
        }
    };
    view! {
        <section class="wp-check" data-took=move || took.get()>
            <h2 class="govuk-heading-s">{title}</h2>
            <p class="wp-muted" role="status">{count}</p>
            <ul class="wp-findings">{move || open.get().into_iter().enumerate().map(&item).collect_view()}</ul>
            <p><a class="govuk-link" href=readiness>{all}</a></p>
        </section>
    }
}

#[cfg(feature = "hydrate")]
mod browser {
    use std::time::Duration;

    use domain::challenge::Section;
    use domain::form::Fields;
    use domain::statement::{self, Facts, Finding, Lang, Passage, Rule, Statement};
    use leptos::prelude::*;

    use super::super::{page_form, wire};

    /// What only the server can judge: it needs the calendar or the other sections' form.
    fn of_server(rule: Rule) -> bool {
        matches!(rule, Rule::UnreadQuestion | Rule::UnfedCriterion | Rule::DeadlineTime | Rule::PeriodMinimum)
    }

    /// A pause in typing after which is checked.
    const PAUSE: Duration = Duration::from_millis(300);

    /// Leaves a finding as it is, with a reason that the approver reads.
    pub fn leave(
        readiness: String,
        dismissed: RwSignal<Vec<String>>,
        wrong: RwSignal<(String, String)>,
    ) -> impl Fn(String, String) + Clone + Send + 'static {
        move |key: String, reason: String| {
            let readiness = readiness.clone();
            leptos::task::spawn_local(async move {
                let form = wire::form(&[("finding", key.as_str()), ("reason", &reason), ("do", "dismiss")]).unwrap_or_default();
                match wire::fetch(&readiness, Some(&form)).await {
                    Some((200, _)) => dismissed.update(|keys| keys.push(key)),
                    Some((_, answer)) => {
                        let text = wire::list(&answer, "errors").first().map(|error| wire::text(error, "text"));
                        wrong.set((key, text.unwrap_or_default()));
                    }
                    None => {}
                }
            });
        }
    }

    pub fn check(
        section: String,
        lang: Lang,
        others: Vec<Passage>,
        initial: Vec<Finding>,
        found: RwSignal<Vec<Finding>>,
        took: RwSignal<String>,
    ) -> impl Fn(&Finding) + Clone + Send + 'static {
        let kept: Vec<Finding> = initial.into_iter().filter(|one| of_server(one.rule)).collect();
        let read = move || {
            let Some(of) = Section::parse(&section) else { return };
            let fields: Fields = page_form::read().into_iter().collect();
            let clock = web_sys::window().and_then(|window| window.performance());
            let now = || clock.as_ref().map_or(0.0, web_sys::Performance::now);
            let from = now();
            let mut passages = statement::of_section(of, &fields);
            passages.extend(others.iter().cloned());
            let facts = Facts { by_field: true, ..Facts::default() };
            let mut all = statement::check(&Statement { lang, passages, facts });
            took.set(format!("{:.1}", now() - from));
            all.retain(|one| one.section == section && !of_server(one.rule));
            all.extend(kept.iter().cloned());
            found.set(all);
        };
        let read = StoredValue::new_local(read);
        Effect::new(move || {
            read.with_value(|read| read());
            let Some(form) = page_form::form() else { return };
            let timer = StoredValue::new(None::<leptos::leptos_dom::helpers::TimeoutHandle>);
            page_form::listen(&form, "input", move |_| {
                timer.update_value(|timer| {
                    if let Some(timer) = timer.take() {
                        timer.clear();
                    }
                });
                timer.set_value(set_timeout_with_handle(move || read.with_value(|read| read()), PAUSE).ok());
            });
        });
        |finding: &Finding| {
            if let (Some(field), Some(span)) = (page_form::named(&finding.field), finding.span) {
                field.select(span.utf16);
            }
        }
    }
}
