//! The decision: recommending, approving, reading it, and the supplier's letter.

use axum::extract::Path;
use axum::response::{IntoResponse, Redirect, Response};
use domain::challenge::{LaterRound, Method};
use domain::check::CheckSubject;
use domain::decision::DecisionKind;
use domain::form::FieldError;
use domain::ids::{ChallengeId, CriterionId, DecisionId, ResponseId};
use domain::moment::Moment;
use domain::policy::{ReadLetter, Refusal, Refused};
use leptos::prelude::*;
use workflow::award as verbs;
use workflow::evaluation::read_result;

use crate::account::shown;
use crate::challenge::{asked_round, crumbs, id_of};
use crate::cx::Cx;
use crate::evaluation::{Reader, different_evaluators, named, result_table, section};
use crate::fault::{Fault, Told};
use crate::frame::Page;
use crate::guard::Post;
use crate::ui::{Form, cells, error_summary, exact, hidden, input, paragraphs, radios, select, submit, table, textarea, warning};
use crate::words::t;

pub async fn recommend(cx: Cx, Path(id): Path<String>) -> Result<Response, Fault> {
    recommend_page(&cx, id_of(&id)?, Form::default()).await
}

async fn recommend_page(cx: &Cx, id: ChallengeId, form: Form) -> Result<Response, Fault> {
    let found = read_result(&cx.desk, &cx.actor, id).await?;
    match domain::policy::recommend_decision(&cx.actor, &found.facts) {
        // A price that was asked about meanwhile is told on the page, with what was typed.
        Err(refused) if !(refused.why == Refusal::CheckOpen && form.invalid()) => return Err(refused.into()),
        _ => {}
    }
    let cut = found.cut();
    let kinds = [if cut.is_some() { "shortlist" } else { "award" }, "none_suitable"]
        .map(|kind| (kind.to_owned(), t!(cx, &format!("decision-{kind}")), None))
        .to_vec();
    let lines = found
        .outcome
        .standings
        .iter()
        .filter_map(|standing| found.responses.get(&ResponseId(standing.response)).map(|response| (standing, response)))
        .map(|(standing, response)| {
            let name = named(cx, &response.named);
            let rank = standing.rank.map_or_else(|| t!(cx, "not-ranked"), |rank| t!(cx, "ranked", n = rank));
            let chosen = cut.as_ref().map(|(_, cut)| {
                // Nobody chooses who goes on.
                let inside = cut.inside.contains(&standing.response);
                view! { <p><strong>{t!(cx, if inside { "outcome-invited" } else { "outcome-unsuccessful" })}</strong></p> }
            });
            let mut choices = vec![(String::new(), t!(cx, "outcome-choose"), None)];
            choices.extend(["unsuccessful", "awarded"].map(|kind| (kind.to_owned(), t!(cx, &format!("outcome-{kind}")), None)));
            view! {
                <fieldset class="govuk-fieldset govuk-!-margin-top-6">
                    <legend class="govuk-fieldset__legend govuk-fieldset__legend--m">{name.clone()} ", " {rank}</legend>
                    {chosen}
                    {cut.is_none().then(|| select(cx, &form, &format!("outcome-{}", response.id), t!(cx, "outcome-of", name = &name), "", choices))}
                    {textarea(cx, &form, &format!("reason-{}", response.id), t!(cx, "reason-of", name = &name), "reason-of-hint", 3)}
                </fieldset>
            }
        })
        .collect_view();
    let body = view! {
        {error_summary(cx, &form.errors)}
        <span class="govuk-caption-l">{found.title.clone()}</span>
        <h1 class="govuk-heading-l">{t!(cx, "room-recommend")}</h1>
        {result_table(cx, &found)}
        {section(&Reader { cx, found: &found })}
        <form class="wp-form govuk-!-margin-top-6" method="post" novalidate>
            {hidden("seen", found.mark.clone())}
            {radios(cx, &form, "kind", t!(cx, "decision-kind"), kinds)}
            {textarea(cx, &form, "reason", t!(cx, "decision-reason"), "decision-reason-hint", 4)}
            {cut.as_ref().map(|(round, _)| next_round(cx, &form, round, &found.terms.zone))}
            {lines}
            {cut.is_none().then(|| textarea(cx, &form, "departure", t!(cx, "award-departure"), "award-departure-hint", 3))}
            {submit(t!(cx, "recommend-button"), "")}
        </form>
    };
    Ok(Page::new(t!(cx, "room-recommend"), body).under(crumbs(cx, id, &found.title)).wide().invalid_if(form.invalid()).render(cx))
}

/// When the answers of the next round are due, and what is said to those who go on.
fn next_round(cx: &Cx, form: &Form, round: &LaterRound, zone: &str) -> AnyView {
    let planned = round.deadline.map(|at| view! { <p>{t!(cx, "round-planned")} " " {exact(cx, at, Some(zone))}</p> });
    view! {
        <fieldset class="govuk-fieldset govuk-!-margin-top-6">
            <legend class="govuk-fieldset__legend govuk-fieldset__legend--m">{t!(cx, "round-next")}</legend>
            {planned}
            {input(cx, form, "round_date", t!(cx, "round-date"), "round-date-hint", "date", "")}
            {input(cx, form, "round_time", t!(cx, "round-time"), "round-time-hint", "time", "")}
            {textarea(cx, form, "invitation", t!(cx, "round-invitation"), "round-invitation-hint", 4)}
        </fieldset>
    }
    .into_any()
}

pub async fn recommend_post(cx: Cx, Path(id): Path<String>, post: Post) -> Result<Response, Fault> {
    let id = id_of(&id)?;
    match verbs::recommend_decision(&cx.desk, &cx.actor, id, &post.fields).await {
        Ok(()) => Ok(Redirect::to(&format!("/challenges/{id}/decision?done=recommended")).into_response()),
        Err(error) => {
            let errors = match error.refusal() {
                Some(Refusal::CheckOpen) => vec![FieldError::new("kind", "result-check-open")],
                _ => stale_or(error, "kind", "stale-result")?,
            };
            recommend_page(&cx, id, Form::with(post.fields, errors)).await
        }
    }
}

/// What changed under the reader's eyes is told on the page as it stands now.
fn stale_or(error: workflow::Error, field: &str, code: &str) -> Result<Vec<FieldError>, Fault> {
    match error {
        workflow::Error::Stale => Ok(vec![FieldError::new(field, code)]),
        other => shown(other),
    }
}

pub async fn decision(cx: Cx, Path(id): Path<String>) -> Result<Response, Fault> {
    decision_page(&cx, id_of(&id)?, Form::default()).await
}

async fn decision_page(cx: &Cx, id: ChallengeId, form: Form) -> Result<Response, Fault> {
    let found = verbs::read_decision_of(&cx.desk, &cx.actor, id, asked_round(cx)).await?;
    let lines = found
        .lines
        .iter()
        .map(|line| cells![line.supplier_name.clone(), t!(cx, &format!("outcome-{}", line.outcome)), line.reason.clone()])
        .collect();
    let lines = (!found.lines.is_empty())
        .then(|| table(cx, "room-decision", &["column-supplier", "column-outcome", "column-reason"], lines));
    let said = match (&found.decision.approved_at, &found.decision.approved_by_name) {
        (Some(at), by) => view! {
            <p class="wp-meta">{t!(cx, "approved-on")} " " {exact(cx, Moment(*at), None)} {by.clone().filter(|_| found.team).map(|name| t!(cx, "approved-by", name = name))}</p>
        }
        .into_any(),
        (None, _) => view! { <p class="wp-meta">{t!(cx, "recommended-by", name = &found.decision.recommended_by_name)}</p> }.into_any(),
    };
    // Whoever approves sees what the ranking says of it.
    let ranking = match domain::policy::read_result(&cx.actor, &found.facts) {
        Ok(_) if found.team && found.decision.approved_at.is_none() => {
            Some(result_table(cx, &read_result(&cx.desk, &cx.actor, id).await?))
        }
        _ => None,
    };
    let next = found.next.as_ref().map(|(deadline, text)| {
        view! { <section><h2 class="govuk-heading-m">{t!(cx, "round-next")}</h2><p>{t!(cx, "round-due")} " " {exact(cx, *deadline, Some(&found.zone))}</p>{paragraphs(text)}</section> }
    });
    let act = match domain::policy::approve_decision(&cx.actor, &found.facts) {
        Ok(_) => Some(
            view! {
                <form method="post" novalidate>
                    {hidden("seen", DecisionId(found.decision.id))}
                    {warning(cx, t!(cx, if found.next.is_some() { "approve-cut-warning" } else { "approve-decision-warning" }))}
                    {submit(t!(cx, "approve-decision"), "approve")}
                </form>
                <form method="post" novalidate>
                    {hidden("seen", DecisionId(found.decision.id))}
                    {textarea(cx, &form, "reason", t!(cx, "send-back-reason"), "", 3)}
                    <button class="govuk-button govuk-button--secondary" name="do" value="back">{t!(cx, "send-back-button")}</button>
                </form>
            }
            .into_any(),
        ),
        Err(refused) if found.team && found.decision.approved_at.is_none() => {
            Some(view! { <div class="govuk-inset-text">{t!(cx, "review-waits")} " " {t!(cx, &format!("refusal-{}", refused.why.code()))}</div> }.into_any())
        }
        Err(_) => None,
    };
    let body = view! {
        {error_summary(cx, &form.errors)}
        <span class="govuk-caption-l">{found.title.clone()}</span>
        <h1 class="govuk-heading-l">{t!(cx, &format!("decision-{}", found.decision.kind))}</h1>
        {said}
        <div class="wp-lead">{paragraphs(&found.decision.reason)}</div>
        {next}
        {lines}
        {ranking}
        {act}
    };
    Ok(Page::new(t!(cx, "room-decision"), body).under(crumbs(cx, id, &found.title)).invalid_if(form.invalid()).kept().render(cx))
}

pub async fn decision_post(cx: Cx, Path(id): Path<String>, post: Post) -> Result<Response, Fault> {
    let id = id_of(&id)?;
    let outcome = match post.fields.get("do") {
        "approve" => {
            verbs::approve_decision(&cx.desk, &cx.actor, id, DecisionId::parse(post.fields.get("seen"))).await.map(|kind| {
                match kind {
                    DecisionKind::Shortlist => format!("/challenges/{id}/rounds?done=round-begun"),
                    _ => format!("/challenges/{id}/decision?done=decided"),
                }
            })
        }
        "back" => verbs::send_back_decision(&cx.desk, &cx.actor, id, &post.fields)
            .await
            .map(|()| format!("/challenges/{id}?done=sent-back")),
        _ => return Ok(Told::BadRequest.into_response()),
    };
    match outcome {
        Ok(to) => Ok(Redirect::to(&to).into_response()),
        Err(error) => {
            let errors = stale_or(error, "form", "stale-decision")?;
            decision_page(&cx, id, Form::with(post.fields, errors)).await
        }
    }
}

/// The supplier's letter: its own scores and reasons, and who was awarded.
pub async fn letter(cx: Cx, Path(id): Path<String>) -> Result<Response, Fault> {
    let id = ResponseId::parse(&id).ok_or(Refused::unseen::<ReadLetter>(0))?;
    let found = verbs::read_letter_of(&cx.desk, &cx.actor, id, asked_round(&cx)).await?;
    let terms = &found.result.terms;
    let standing = found.result.outcome.standings.first();
    let scores = terms
        .criteria
        .iter()
        .map(|criterion| {
            let line = standing.and_then(|standing| standing.lines.iter().find(|line| line.criterion == criterion.id.get()));
            let points = line.and_then(|line| line.points.as_ref()).map_or_else(|| "–".to_owned(), |points| points.display2());
            let working = line.map(|line| crate::evaluation::working(&cx, terms, line));
            let reasons = found
                .result
                .finals
                .iter()
                .filter_map(|row| Some((row, criterion.leaves().find(|leaf| leaf.id() == CriterionId(row.criterion))?)))
                .map(|(row, leaf)| {
                    let part = leaf.part.map(|part| format!("{}: ", part.name));
                    let meaning = usize::try_from(row.points).ok().and_then(|at| criterion.descriptors.get(at)).filter(|text| !text.is_empty()).cloned();
                    let next = found.next_point(row).map(|text| view! { <p class="wp-score__said"><strong>{t!(&cx, "letter-next-point")}</strong> " " {text.to_owned()}</p> });
                    view! { <li>{part}<strong>{t!(&cx, "letter-score", points = row.points, max = criterion.max)}</strong> " " {meaning} " " {row.reason.clone()}{next}</li> }
                })
                .collect_view();
            view! {
                <section>
                    <h3 class="govuk-heading-s">{criterion.name.clone()} ": " {t!(cx, "letter-points", points = points, weight = criterion.weight.to_string())}</h3>
                    <p class="wp-muted">{working}</p>
                    <ul class="govuk-list govuk-list--bullet">{reasons}</ul>
                </section>
            }
        })
        .collect_view();
    let total = standing.and_then(|standing| standing.total.as_ref()).map(|total| total.display2()).unwrap_or_default();
    let rank =
        standing.and_then(|standing| standing.rank).map_or_else(|| t!(cx, "not-ranked"), |rank| t!(cx, "ranked", n = rank));
    let cut = found.decision.kind == DecisionKind::Shortlist.code();
    // Who else goes on is told to nobody.
    let awarded = if cut {
        String::new()
    } else if found.awarded.is_empty() {
        t!(cx, "letter-none")
    } else {
        t!(cx, "letter-who", names = found.awarded.join(", "))
    };
    let excluded = found.result.responses.get(&id).and_then(|own| own.excluded.as_ref()).map(|exclusion| {
        let requirement = match exclusion.subject {
            CheckSubject::Requirement(id) => terms.requirements.iter().find(|one| one.id == id).map(|one| one.title.clone()),
            CheckSubject::Price => None,
        };
        let key = if requirement.is_some() { "letter-excluded" } else { "letter-excluded-price" };
        view! { <div class="govuk-inset-text"><p>{t!(cx, key)}</p>{requirement.map(|title| view! { <p><strong>{title}</strong></p> })}{paragraphs(&exclusion.reason)}</div> }
    });
    // Asked after the decision, of the awarded alone, on a page that no panel sees.
    let own = cx.actor.acts_for(found.facts.supplier);
    let library = (own && found.line.outcome == "awarded").then(|| {
        let to = format!("/library/new?challenge={}", found.facts.challenge.challenge);
        view! { <div class="govuk-inset-text wp-no-print"><p>{t!(cx, "letter-library")}</p><p><a class="govuk-link" href=to>{t!(cx, "library-publish")}</a></p></div> }
    });
    let title = t!(cx, "letter-title");
    let challenge = found.facts.challenge.challenge;
    let body = view! {
        <span class="govuk-caption-l">{found.result.title.clone()}</span>
        <h1 class="govuk-heading-l">{title.clone()}</h1>
        <p class="wp-meta">{found.sent_at.map(|at| exact(&cx, Moment(at), Some(&terms.zone)))}</p>
        <p class="wp-lead">{t!(cx, &if cut { format!("letter-cut-{}", found.line.outcome) } else { format!("letter-{}", found.line.outcome) })}</p>
        {excluded}
        <div class="wp-measure">
            <p>{found.line.reason.clone()}</p>
            <p>{awarded} " " {found.decision.reason.clone()}</p>
            {library}
            <h2 class="govuk-heading-m">{t!(cx, "letter-scores")}</h2>
            <p>{t!(cx, "letter-total", total = total, rank = rank)}</p>
            <p>{t!(cx, if terms.method == Method::Consensus { "letter-agreed" } else { "letter-mean" })} " " {different_evaluators(&cx, &found.result)}</p>
            {scores}
        </div>
    };
    let mut above = crumbs(&cx, challenge, &found.result.title);
    above.push((format!("/responses/{id}"), t!(cx, "column-response")));
    Ok(Page::new(title, body).under(above).render(&cx))
}
