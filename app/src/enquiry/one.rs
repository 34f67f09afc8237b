//! One enquiry: for its asker, who can withdraw it or let it be published in other words; and for the team, without a name.

use axum::extract::Path;
use axum::response::{IntoResponse, Redirect, Response};
use domain::enquiry::EnquiryState;
use domain::ids::{ChallengeId, EnquiryId};
use domain::moment::Moment;
use domain::policy::{self, ReadOwnEnquiry, Refused};
use leptos::prelude::*;
use workflow::enquiry::{self as verbs, EnquiryView};

use super::answers;
use crate::account::shown;
use crate::challenge::{crumbs, id_of};
use crate::cx::Cx;
use crate::fault::{Fault, Told};
use crate::frame::Page;
use crate::guard::Post;
use crate::ui::{Form, error_summary, exact, paragraphs, tag, textarea};
use crate::words::t;

fn ids(id: &str, enquiry: &str) -> Result<(ChallengeId, EnquiryId), Fault> {
    let unseen = Refused::unseen::<ReadOwnEnquiry>(0);
    Ok((id_of(id)?, EnquiryId::parse(enquiry).ok_or(unseen)?))
}

pub async fn one(cx: Cx, Path((id, enquiry)): Path<(String, String)>) -> Result<Response, Fault> {
    let (id, enquiry) = ids(&id, &enquiry)?;
    page(&cx, id, enquiry, Form::default()).await
}

async fn page(cx: &Cx, id: ChallengeId, enquiry: EnquiryId, form: Form) -> Result<Response, Fault> {
    let found = verbs::read_enquiry(&cx.desk, &cx.actor, enquiry).await?;
    if found.facts.challenge.challenge != id {
        return Err(Refused::unseen::<ReadOwnEnquiry>(enquiry.get()).into());
    }
    let state = found.facts.state;
    let title = t!(cx, "enquiry-title");
    let why = found.row.confidential.as_ref().map(|why| {
        view! { <div class="govuk-inset-text"><p><strong>{t!(cx, if found.own { "enquiry-confidential-own" } else { "enquiry-confidential-team" })}</strong></p>{paragraphs(why)}</div> }
    });
    let words = found.row.words.as_ref().map(|words| {
        view! { <h2 class="govuk-heading-m">{t!(cx, "enquiry-words")}</h2>{paragraphs(words)} }
    });
    let answered = found.answer.as_ref().map(|answer| {
        view! { <h2 class="govuk-heading-m">{t!(cx, "enquiry-published")}</h2>{answers(cx, id, std::slice::from_ref(answer), &found.zone)} }
    });
    let acts = if found.own { asker(cx, &found) } else { team(cx, &found, &form) };
    let body = view! {
        {error_summary(cx, &form.errors)}
        <span class="govuk-caption-l">{found.title.clone()}</span>
        <h1 class="govuk-heading-l" id="form">{title.clone()}</h1>
        <p class="wp-meta">{tag("waiting", t!(cx, &format!("enquiry-state-{}", state.code())))} " " {exact(cx, Moment(found.row.asked_at), Some(&found.zone))}</p>
        {paragraphs(&found.row.question)}
        {why}{words}{acts}{answered}
    };
    let mut above = crumbs(cx, id, &found.title);
    above.push((format!("/challenges/{id}/enquiries"), t!(cx, "enquiries-title")));
    Ok(Page::new(title, body).under(above).invalid_if(form.invalid()).render(cx))
}

fn asker(cx: &Cx, found: &EnquiryView) -> AnyView {
    let agree = policy::agree_to_publish(&cx.actor, &found.facts).is_ok().then(|| {
        view! { <button class="govuk-button" name="do" value="agree">{t!(cx, "enquiry-agree")}</button> }
    });
    let withdraw = policy::withdraw_enquiry(&cx.actor, &found.facts).is_ok().then(|| {
        view! { <button class="govuk-button govuk-button--secondary" name="do" value="withdraw">{t!(cx, "enquiry-withdraw")}</button> }
    });
    let asked_back = (found.facts.state == EnquiryState::AskedBack).then(|| view! { <p>{t!(cx, "enquiry-asked-back")}</p> });
    (agree.is_some() || withdraw.is_some())
        .then(|| view! { {asked_back}<form method="post"><div class="govuk-button-group">{agree}{withdraw}</div></form> })
        .into_any()
}

fn team(cx: &Cx, found: &EnquiryView, form: &Form) -> AnyView {
    let id = found.facts.challenge.challenge;
    if policy::ask_back(&cx.actor, &found.facts).is_ok() {
        let mut form = form.clone();
        if form.fields.get("words").is_empty() {
            form.fields.set("words", found.row.words.as_deref().unwrap_or(&found.row.question));
        }
        return view! {
            <form method="post" novalidate>
                <p>{t!(cx, "enquiry-ask-back-text")}</p>
                {textarea(cx, &form, "words", t!(cx, "enquiry-words"), "answer-question-hint", 4)}
                <button class="govuk-button" name="do" value="ask-back">{t!(cx, "enquiry-ask-back")}</button>
            </form>
        }
        .into_any();
    }
    let answer = found.facts.publishable() && policy::answer_enquiry(&cx.actor, &found.facts.challenge).is_ok();
    answer
        .then(|| view! { <p><a class="govuk-button" href=format!("/challenges/{id}/enquiries/answer")>{t!(cx, "answer-enquiries")}</a></p> })
        .into_any()
}

pub async fn one_post(cx: Cx, Path((id, enquiry)): Path<(String, String)>, post: Post) -> Result<Response, Fault> {
    let (id, enquiry) = ids(&id, &enquiry)?;
    let (outcome, done) = match post.fields.get("do") {
        "withdraw" => (verbs::withdraw_enquiry(&cx.desk, &cx.actor, enquiry).await, "enquiry-withdrawn"),
        "agree" => (verbs::agree_to_publish(&cx.desk, &cx.actor, enquiry).await, "enquiry-agreed"),
        "ask-back" => (verbs::ask_back(&cx.desk, &cx.actor, enquiry, &post.fields).await, "enquiry-asked-back"),
        _ => return Ok(Told::BadRequest.into_response()),
    };
    match outcome {
        Ok(()) => Ok(Redirect::to(&format!("/challenges/{id}/enquiries/{enquiry}?done={done}")).into_response()),
        Err(error) => page(&cx, id, enquiry, Form::with(post.fields, shown(error)?)).await,
    }
}
