//! Problems and solutions like the one on the page: beside notices, history and drafts.

use domain::ids::ChallengeId;
use domain::moment::Moment;
use leptos::prelude::*;
use search::{Hit, Kind};
use workflow::find::{self, Alike, Came};

use super::search::address_of;
use crate::cx::Cx;
use crate::fault::Fault;
use crate::ui::{short, tag};
use crate::words::t;

/// Of what a solution has reached, so much stands beside a problem; its page has the rest.
const PROVED: usize = 2;

/// The two lists under a notice, for what the reader may find; nothing where nothing is alike.
pub async fn alike(cx: &Cx, kind: Kind, id: i64) -> Result<Option<AnyView>, Fault> {
    let found = find::alike(&cx.desk, &cx.actor, kind, id).await?;
    let headings = if kind == Kind::Solution { ["alike-facing", "alike-solutions"] } else { ["alike-problems", "alike-exist"] };
    Ok(lists(cx, &found, headings))
}

/// The same while a problem is being written: what is there already, and who made it.
pub async fn alike_drafting(cx: &Cx, id: i64) -> Result<Option<AnyView>, Fault> {
    let found = find::alike(&cx.desk, &cx.actor, Kind::Challenge, id).await?;
    Ok(lists(cx, &found, ["alike-asked", "alike-suppliers"]))
}

/// For a supplier: what it might solve next.
pub async fn like_what_was_solved(cx: &Cx) -> Result<Option<AnyView>, Fault> {
    let found = find::like_what_was_solved(&cx.desk, &cx.actor).await?;
    Ok(list(cx, "alike-open", found.iter().map(|hit| item(cx, hit, None)).collect()))
}

fn lists(cx: &Cx, found: &Alike, [problems, solutions]: [&str; 2]) -> Option<AnyView> {
    let problems = list(cx, problems, found.problems.iter().map(|(hit, came)| item(cx, hit, came.as_ref())).collect());
    let solutions = list(cx, solutions, found.solutions.iter().map(|hit| item(cx, hit, None)).collect());
    let suppliers = list(cx, "alike-solvers", found.suppliers.iter().map(|hit| item(cx, hit, None)).collect());
    (problems.is_some() || solutions.is_some() || suppliers.is_some())
        .then(|| view! { <div class="wp-alike wp-no-print">{problems}{solutions}{suppliers}</div> }.into_any())
}

fn list(cx: &Cx, heading: &str, items: Vec<AnyView>) -> Option<AnyView> {
    (!items.is_empty()).then(|| {
        view! { <section><h2 class="govuk-heading-m">{t!(cx, heading)}</h2><ul class="wp-alike__list">{items}</ul></section> }
            .into_any()
    })
}

/// What came of a problem: who was awarded and what it has published of its solution since, or how it ended otherwise.
fn came_view(cx: &Cx, hit: &Hit, came: &Came) -> AnyView {
    let decision = |key: &str| {
        let address = format!("/challenges/{}/decision", ChallengeId(hit.id));
        view! { <p><a class="govuk-link" href=address>{t!(cx, key)}</a></p> }.into_any()
    };
    match came {
        Came::Told(text) => view! { <p lang=hit.lang.clone()>{text.clone()}</p> }.into_any(),
        Came::Cancelled => view! { <p>{t!(cx, "alike-cancelled-text")}</p> }.into_any(),
        Came::NoneSuitable => decision("alike-none-suitable"),
        Came::Awarded(awarded) => {
            let rows = awarded.iter().map(|one| {
                let supplier = format!("/suppliers/{}", one.supplier);
                let solution = one.solution.as_ref().map(|solution| {
                    let proved = solution.proved.iter().take(PROVED).map(|proved| {
                        let said = if proved.before.trim().is_empty() {
                            t!(cx, "alike-reached", what = &proved.what, after = &proved.after)
                        } else {
                            t!(cx, "alike-proved", what = &proved.what, before = &proved.before, after = &proved.after)
                        };
                        view! { <li>{said}</li> }
                    });
                    let proved = (!solution.proved.is_empty()).then(|| view! { <ul class="govuk-list govuk-list--bullet">{proved.collect_view()}</ul> });
                    view! {
                        <p>{t!(cx, "alike-solution")} " " <a class="govuk-link" href=format!("/solutions/{}", solution.id)>{solution.title.clone()}</a></p>
                        {proved}
                    }
                });
                view! {
                    <p>{t!(cx, "alike-awarded")} " " <a class="govuk-link" href=supplier>{one.name.clone()}</a></p>
                    {solution}
                }
            });
            view! { {rows.collect_view()} {decision("alike-decision")} }.into_any()
        }
    }
}

fn item(cx: &Cx, hit: &Hit, came: Option<&Came>) -> AnyView {
    let at = |at: i64| short(cx.words, Moment(at), "UTC");
    let now = cx.now.micros();
    let state = match (hit.kind, hit.decided_at, hit.closes_at) {
        _ if came == Some(&Came::Cancelled) => Some(tag("cancelled", t!(cx, "stage-cancelled"))),
        (Kind::Solution | Kind::Supplier | Kind::Buyer | Kind::Response, ..) => None,
        (_, Some(decided), _) if decided <= now => Some(tag("decided", t!(cx, "alike-decided", date = at(decided)))),
        (_, _, Some(closes)) if closes <= now => Some(tag("past", t!(cx, "alike-closed", date = at(closes)))),
        (Kind::Challenge, _, Some(closes)) => Some(tag("open", t!(cx, "alike-closes", date = at(closes)))),
        _ => None,
    };
    let came = came.map(|came| came_view(cx, hit, came));
    view! {
        <li>
            <a class="govuk-link" href=address_of(hit.kind, hit.id) lang=hit.lang.clone()>{hit.title.clone()}</a>
            <p class="wp-meta">{hit.who.clone()} " " {state}</p>
            {came}
        </li>
    }
    .into_any()
}
