//! The notice: the problem in the authority's words, outcomes as now -> wanted, where we are in the timetable, criteria as
//! one bar, one clear button.

mod body;

use axum::response::Response;
use domain::challenge::{Method, Outcome, RoundKind, Section, Stage, Terms};
use domain::effort::supplier_effort;
use domain::moment::Moment;
use domain::organisation::OrganisationKind;
use domain::policy::ChallengeFacts;
use leptos::prelude::*;
use workflow::challenge::ChallengeView;

use crate::challenge::approval::official_line;
use crate::challenge::form::{criteria_view, panel_view, price_example_view, questions_view, rounds_view, supplier_effort_view};
use crate::cx::Cx;
use crate::frame::Page;
use crate::ui::{bar, exact, instant, markdown, relative, stage_tag, time_left};
use crate::words::t;

/// `alike`: what stands under the notice.
pub fn page(cx: &Cx, found: ChallengeView, alike: Option<AnyView>) -> Response {
    let facts = &found.facts;
    let stage = facts.public_stage();
    let inside = facts.team.is_some() || facts.seat.is_some();
    let button = answer_button(cx, &found);
    let narrow = (stage == Stage::Open)
        .then(|| view! { <div class="wp-narrow-only govuk-!-margin-bottom-4">{answer_button(cx, &found)}</div> });
    // Plainly, to everybody: whether anything was submitted is not said.
    let sealed = facts.standing.opened_at.is_none().then(|| view! { <p>{t!(cx, "cancelled-sealed")}</p> });
    let cancelled = found.events.iter().find(|event| event.kind == "cancelled").map(|event| {
        view! { <div class="govuk-inset-text"><p><strong>{t!(cx, "cancelled-because")}</strong></p><p>{event.reason.clone()}</p>{sealed}</div> }
    });
    // What was decided stays readable when the challenge is cancelled afterwards.
    let decided = (stage == Stage::Decided || stage == Stage::Cancelled && facts.standing.decided_at.is_some()).then(|| {
        view! { <p><a class="govuk-link" href=format!("/challenges/{}/decision", facts.challenge)>{t!(cx, "read-decision")}</a></p> }
    });
    let answered = (!found.answered.is_empty()).then(|| {
        let rows = crate::enquiry::answers(cx, facts.challenge, &found.answered, &found.terms.zone);
        view! { <section><h2 class="govuk-heading-m">{t!(cx, "enquiries-title")}</h2>{rows}</section> }
    });
    let sounded = super::sounding::sounded(cx, &found.sounded, &found.terms.zone);
    let official = found.official.as_ref().map(|notice| {
        let line = official_line(cx, &notice.reference, &notice.url, notice.published_at, &found.terms.zone);
        view! { <h2>{t!(cx, "official-title")}</h2><p>{line}</p> }
    });
    let partners = (stage == Stage::Open).then(|| crate::library::partners_standing(cx, facts.challenge, found.partners));
    // A buyer's page is there once something of it is public.
    let buyer = if found.published {
        view! { <a class="govuk-link" href=format!("/buyers/{}", facts.buyer)>{found.buyer.clone()}</a> }.into_any()
    } else {
        found.buyer.clone().into_any()
    };
    let follow_buyer = found.published.then(|| {
        view! { <p class="wp-no-print"><a class="govuk-link" href=format!("/alerts/new?of_buyer={}", facts.buyer)>{t!(cx, "alert-follow-buyer")}</a></p> }
    });
    let title = found.terms.title.clone();
    let body = view! {
        <p class="wp-meta">{stage_tag(cx, stage, inside)} " " {buyer} ", " {t!(cx, "reference", reference = &found.reference)}</p>
        <h1 class="govuk-heading-xl">{title.clone()}</h1>
        <p class="wp-lead">{found.terms.summary.clone()}</p>
        {cancelled}
        {decided}
        {inside.then(|| room_links(cx, facts, &found.terms))}
        {narrow}
        <div class="wp-two">
            <div class="wp-stack">{notice(cx, &found.terms)}{answered}{sounded}</div>
            <aside class="wp-aside">
                <div class="wp-actions wp-no-print">
                    {deadline(cx, &found.terms, stage)}
                    {button}
                    {follow_button(cx, &found)}
                </div>
                {copy_link(cx, &found)}
                {follow_buyer}
                {partners}
                <h2>{t!(cx, "timetable")}</h2>
                {timeline(cx, &found)}
                <p class="wp-no-print"><a class="govuk-link" href=format!("/challenges/{}/dates.ics", facts.challenge)>{t!(cx, "calendar-link")}</a></p>
                {changes(cx, &found)}
                <h2>{t!(cx, "who-to-ask")}</h2>
                <p>{found.terms.contact.clone()}</p>
                <p><a class="govuk-link" href=format!("/challenges/{}/enquiries", facts.challenge)>{t!(cx, "notice-enquiries", n = found.answered.len())}</a></p>
                {official}
            </aside>
        </div>
        {alike}
    };
    let crumbs = vec![("/challenges".into(), t!(cx, "nav-challenges"))];
    Page::new(title, body).under(crumbs).kept().render(cx)
}

/// Changes since publication, the newest first.
fn changes(cx: &Cx, found: &ChallengeView) -> Option<AnyView> {
    let id = found.facts.challenge;
    let rows = found
        .events
        .iter()
        .rev()
        .filter(|event| event.kind == "amended")
        .filter_map(|event| {
            let n = event.n?;
            let reason = if event.reason.is_empty() { t!(cx, "version-late-answer") } else { event.reason.clone() };
            Some(view! {
                <li>
                    <a class="govuk-link" href=format!("/challenges/{id}/versions/{n}")>{t!(cx, "changes-amended", n = n)}</a> " "
                    {exact(cx, Moment(event.at), Some(&found.terms.zone))}
                    <p>{reason}</p>
                </li>
            })
        })
        .collect::<Vec<_>>();
    (!rows.is_empty()).then(|| view! { <h2>{t!(cx, "changes-title")}</h2><ul class="govuk-list">{rows}</ul> }.into_any())
}

/// The body of a notice: the public page, the preview and the approver's page show the same.
pub fn notice(cx: &Cx, terms: &Terms) -> AnyView {
    parts(cx, terms).into_iter().map(|(_, part)| part).collect_view().into_any()
}

/// The same by the section in which each part is written, in the order in which it is read.
pub fn parts(cx: &Cx, terms: &Terms) -> Vec<(Section, AnyView)> {
    vec![
        (Section::Outcomes, part(cx, "what-should-change", outcomes(cx, &terms.outcomes), !terms.outcomes.is_empty())),
        (Section::Problem, body::problem(cx, terms)),
        (Section::Limits, text(cx, "limits", &terms.limits)),
        (Section::Context, context(cx, terms)),
        (Section::Budget, body::budget(cx, terms)),
        (Section::Timetable, body::dates(cx, terms)),
        (Section::Requirements, body::requirements(cx, terms)),
        (Section::Terms, body::offer(cx, terms)),
        (Section::Criteria, criteria(cx, terms)),
        (Section::Questions, questions(cx, terms)),
        (Section::Panel, panel(cx, terms)),
        (Section::Rounds, rounds_view(cx, terms).into_any()),
        (Section::Categories, body::categories(cx, terms)),
        (Section::Contact, body::place(cx, terms)),
    ]
}

fn part(cx: &Cx, key: &str, content: AnyView, shown: bool) -> AnyView {
    shown.then(|| view! { <section><h2 class="govuk-heading-m">{t!(cx, key)}</h2>{content}</section> }).into_any()
}

fn text(cx: &Cx, key: &str, text: &str) -> AnyView {
    part(cx, key, markdown(text), !text.trim().is_empty())
}

fn context(cx: &Cx, terms: &Terms) -> AnyView {
    view! {
        {text(cx, "context", &terms.context)}
        {text(cx, "data-on-offer", &terms.data)}
        {crate::file::attachments(cx, &terms.attachments)}
    }
    .into_any()
}

fn questions(cx: &Cx, terms: &Terms) -> AnyView {
    let content = view! { {questions_view(cx, terms)} {supplier_effort_view(cx, &supplier_effort(terms), false)} };
    part(cx, "what-you-are-asked", content.into_any(), !terms.questions.is_empty())
}

fn criteria(cx: &Cx, terms: &Terms) -> AnyView {
    if terms.criteria.is_empty() {
        return ().into_any();
    }
    view! { {weights(cx, terms)} {criteria_view(cx, terms)} {price_example_view(cx, terms)} }.into_any()
}

fn panel(cx: &Cx, terms: &Terms) -> AnyView {
    let content = view! {
        <p>{t!(cx, if terms.method == Method::Consensus { "method-consensus-text" } else { "method-mean" })}</p>
        {panel_view(cx, terms)}
        <p>{t!(cx, "tie-break-text")}</p>
        {terms.anonymous.then(|| view! { <p>{t!(cx, "anonymous-text")}</p> })}
        {terms.total_threshold.map(|least| view! { <p>{t!(cx, "total-threshold-text", least = least.to_string())}</p> })}
        <p>{t!(cx, &format!("law-{}", terms.law.code()))}</p>
    };
    part(cx, "how-it-is-decided", content.into_any(), true)
}

fn outcomes(cx: &Cx, outcomes: &[Outcome]) -> AnyView {
    let rows = outcomes
        .iter()
        .map(|outcome| {
            let by = if outcome.measured.is_empty() {
                t!(cx, "outcome-by", by = &outcome.by)
            } else {
                t!(cx, "outcome-by-measured", by = &outcome.by, how = &outcome.measured)
            };
            view! {
                <li class="wp-outcome">
                    <h3 class="wp-outcome__title">{outcome.title.clone()}</h3>
                    <p class="wp-outcome__now"><small>{t!(cx, "now")}</small><strong>{outcome.baseline.clone()}</strong>{outcome.unit.clone()}</p>
                    <span class="wp-outcome__arrow"><svg viewBox="0 0 32 16" aria-hidden="true" focusable="false"><path d="M1 8h29M23 1l7 7-7 7"></path></svg></span>
                    <p class="wp-outcome__wanted"><small>{t!(cx, "wanted")}</small><strong>{outcome.target.clone()}</strong>{outcome.unit.clone()}</p>
                    <p class="wp-outcome__by">{by}</p>
                </li>
            }
        })
        .collect_view();
    view! { <ol class="wp-outcomes">{rows}</ol> }.into_any()
}

/// Criteria with their weights as one bar.
fn weights(cx: &Cx, terms: &Terms) -> AnyView {
    let mut from = 0;
    let mut parts = Vec::new();
    for (at, criterion) in (1..).zip(&terms.criteria) {
        let width = criterion.weight.hundredths();
        let label = (width >= 800).then(|| format!("{}%", criterion.weight));
        parts.push((at, from, width, label));
        from += width;
    }
    let legend = (1..)
        .zip(&terms.criteria)
        .map(|(at, criterion)| {
            let class = format!("wp-swatch wp-series-{}", (at - 1) % 8 + 1);
            view! { <li><span class=class></span>{criterion.name.clone()} " " <strong>{format!("{}%", criterion.weight)}</strong></li> }
        })
        .collect_view();
    view! {
        <figure class="wp-weights">
            <figcaption>{t!(cx, "what-counts")}</figcaption>
            {bar(t!(cx, "weights-label"), 36, parts, None)}
            <ul class="wp-legend">{legend}</ul>
        </figure>
    }
    .into_any()
}

/// The deadline in the authority's zone, and in the reader's where it is another.
fn deadline(cx: &Cx, terms: &Terms, stage: Stage) -> AnyView {
    let authority = instant(cx.words, terms.deadline, &terms.zone);
    let own = cx.zone.as_deref().map(|zone| instant(cx.words, terms.deadline, zone)).filter(|own| *own != authority);
    let badge = (stage == Stage::Open).then(|| view! { <strong>{time_left(cx, terms.deadline)}</strong> });
    let lead = if cx.now.before(terms.deadline) { t!(cx, "answers-by") } else { t!(cx, "answers-were-due") };
    view! {
        <p class="wp-deadline">
            {badge}
            <span>{lead} " " {exact(cx, terms.deadline, Some(&terms.zone))}</span>
            {own.map(|own| view! { <span class="wp-muted">{t!(cx, "where-you-are", time = own)}</span> })}
        </p>
    }
    .into_any()
}

fn answer_button(cx: &Cx, found: &ChallengeView) -> Option<AnyView> {
    let facts = &found.facts;
    let id = facts.challenge;
    if let Some(own) = facts.own_response.filter(|_| cx.acts_as(OrganisationKind::Supplier)) {
        return Some(
            view! { <a class="govuk-button" href=format!("/responses/{own}")>{t!(cx, "go-to-response")}</a> }.into_any(),
        );
    }
    if facts.public_stage() != Stage::Open || facts.buyer_role.is_some() || facts.seat.is_some() {
        return None;
    }
    if cx.signed_in.is_none() {
        return Some(
            view! { <a class="govuk-button" href=crate::account::sign_in_link(&cx.uri)>{t!(cx, "sign-in-to-answer")}</a><p class="wp-muted">{t!(cx, "no-company")}</p> }
                .into_any(),
        );
    }
    if !cx.acts_as(OrganisationKind::Supplier) {
        return Some(
            view! { <p>{t!(cx, "answer-as-whom")}</p> {crate::organisation::ways_to_answer(cx, &format!("/challenges/{id}"))} }
                .into_any(),
        );
    }
    Some(view! { <form method="post" action=format!("/challenges/{id}/answer")><button class="govuk-button">{t!(cx, "answer-this")}</button></form> }.into_any())
}

fn follow_button(cx: &Cx, found: &ChallengeView) -> Option<AnyView> {
    if cx.signed_in.is_none() || !found.published {
        return None;
    }
    let (value, key) = if found.follows { ("no", "unfollow") } else { ("yes", "follow") };
    Some(
        view! {
            <form class="wp-inline-form wp-inline-form--secondary" method="post" action=format!("/challenges/{}/follow", found.facts.challenge)>
                <button name="follow" value=value>{t!(cx, key)}</button>
            </form>
        }
        .into_any(),
    )
}

/// A buyer may begin a draft of its own from what others published.
fn copy_link(cx: &Cx, found: &ChallengeView) -> Option<AnyView> {
    (found.published && cx.acts_as(OrganisationKind::Buyer)).then(|| {
        let to = format!("/challenges/new?copy={}", found.reference);
        view! { <p class="wp-no-print"><a class="govuk-link" href=to>{t!(cx, "copy-this")}</a></p> }.into_any()
    })
}

/// The rooms behind the notice, for those who have a place in them.
/// `terms`: as published.
fn room_links(cx: &Cx, facts: &ChallengeFacts, terms: &Terms) -> AnyView {
    let later = !terms.later.is_empty();
    let round = terms.later_round(u32::try_from(facts.standing.round).unwrap_or_default());
    let meets = round.is_some_and(|round| round.kind == RoundKind::Interview);
    let stage = facts.stage();
    let team = facts.team.is_some();
    let mut links: Vec<(&str, &str)> = Vec::new();
    if team {
        links.push(("edit", "room-draft"));
    }
    if team && facts.is_public() && stage != Stage::Cancelled {
        links.push(("enquiries", "room-enquiries"));
        if stage != Stage::Decided {
            links.push(("amendment", "room-amendment"));
        }
    }
    if team && facts.is_public() && later {
        links.push(("rounds", "rounds-title"));
    }
    if meets && (team || facts.standing.opened_at.is_some()) {
        links.push(("interviews", "interviews-title"));
    }
    if team && facts.is_public() {
        links.push(("reach", "reach-link"));
    }
    if team && stage == Stage::Scheduled {
        links.push(("publication", "link-publication"));
    }
    if team && matches!(stage, Stage::Closed | Stage::Pricing) {
        links.push(("opening", "room-opening"));
    }
    if team && (matches!(stage, Stage::Checking | Stage::Scoring | Stage::Moderation) || stage.has_result()) {
        links.push(("check", "room-check"));
    }
    if stage >= Stage::Scheduled && stage != Stage::Cancelled {
        links.push(("panel", "room-panel"));
    }
    if !stage.before_opening() && stage != Stage::Cancelled {
        links.push(("responses", "room-responses"));
    }
    // Also while scoring rests: there it is said why.
    let scoring = stage == Stage::Scoring || (stage == Stage::Checking && facts.scored);
    if scoring && facts.seat.as_ref().is_some_and(|seat| seat.role.scores()) {
        links.push(("scoring", "room-scoring"));
    }
    if matches!(stage, Stage::Moderation | Stage::Pricing) || stage.has_result() {
        links.push(("moderation", "room-moderation"));
    }
    if stage.has_result() {
        links.push(("result", "room-result"));
    }
    if team && stage == Stage::Result {
        links.push(("recommend", "room-recommend"));
    }
    if matches!(stage, Stage::Recommended | Stage::Decided) && team {
        links.push(("decision", "room-decision"));
    }
    let id = facts.challenge;
    let rows = links
        .into_iter()
        .map(|(page, key)| view! { <li><a class="govuk-link" href=format!("/challenges/{id}/{page}")>{t!(cx, key)}</a></li> })
        .collect_view();
    view! { <nav class="govuk-inset-text wp-no-print" aria-label=t!(cx, "rooms")><ul class="wp-meta">{rows}</ul></nav> }
        .into_any()
}

/// Where we are today.
fn timeline(cx: &Cx, found: &ChallengeView) -> AnyView {
    let (facts, terms) = (&found.facts, &found.terms);
    let standing = &facts.standing;
    let stage = facts.public_stage();
    let now_at = match stage {
        Stage::Scheduled => 0,
        Stage::Open => 1,
        Stage::Closed | Stage::Checking | Stage::Scoring | Stage::Moderation | Stage::Pricing => 2,
        _ => 3,
    };
    let date = |at: Option<Moment>| at.map(|at| exact(cx, at, Some(&terms.zone)));
    let mut rows = vec![
        (t!(cx, "line-published"), standing.publish_at.filter(|_| !standing.awaits_notice()).or(standing.scheduled_for)),
        (t!(cx, "line-answers"), Some(terms.deadline)),
        (t!(cx, "line-scoring"), None),
        (t!(cx, "line-decision"), standing.decided_at.or(terms.decision_by)),
    ];
    let mut now_at = now_at;
    if let Some(later) = &found.later {
        rows.insert(2, (t!(cx, "line-round", round = later.number), Some(later.deadline)));
        // Open to those who read this: to everybody else it is being scored.
        now_at += usize::from(now_at > 2 || now_at == 2 && !cx.now.before(later.deadline));
    }
    let over = matches!(stage, Stage::Decided | Stage::Cancelled);
    let rows = rows
        .into_iter()
        .enumerate()
        .map(|(at, (what, when))| {
            let current = at == now_at && !over;
            let class = (at < now_at || over).then_some("is-past");
            // What one has to act before.
            let away = when.filter(|_| current && (at == 1 || found.later.is_some() && at == 2)).map(|at| relative(cx, at));
            let when = date(when);
            view! {
                <li class=class aria-current=current.then_some("step")>
                    <span class="wp-timeline__what">{what} {current.then(|| view! { " " <span class="wp-timeline__today">{t!(cx, "today")}</span> })}</span>
                    <span class="wp-timeline__when">{when} " " {away}</span>
                </li>
            }
        })
        .collect_view();
    view! { <ol class="wp-timeline">{rows}</ol> }.into_any()
}
