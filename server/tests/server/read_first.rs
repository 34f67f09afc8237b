//! Through HTTP: nobody decides on what they have not read. Old pages, second tabs, and what is said after them.

use axum::http::{Request, StatusCode, header};
use domain::ids::{ChallengeId, ResponseId};
use store::testing;
use workflow::{check, evaluation};

use crate::files::House;

async fn get(house: &House, person: &str, path: &str) -> String {
    let (status, _, bytes) = house.ask(person, Request::get(path), Vec::new()).await;
    let page = String::from_utf8(bytes).unwrap();
    assert_eq!(status, StatusCode::OK, "{person} at {path}: {page}");
    page
}

/// The status, and where it leads or else the page.
async fn post(house: &House, person: &str, path: &str, pairs: &[(&str, &str)]) -> (StatusCode, String) {
    let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
    let request = Request::post(path).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    let (status, headers, bytes) = house.ask(person, request, body.into_bytes()).await;
    let to = headers.get(header::LOCATION).map(|to| to.to_str().unwrap().to_owned());
    (status, to.unwrap_or_else(|| String::from_utf8(bytes).unwrap()))
}

/// The hidden field `seen` of the form that has this in it, which is told apart from others on the page by its end.
fn seen(page: &str, inside: &str) -> String {
    let form = page.split("<form").find(|form| form.contains(inside)).expect("the form");
    let (_, rest) = form.split_once("name=\"seen\" value=\"").expect("what was read");
    rest.split('"').next().unwrap().to_owned()
}

/// Pumping stations: the challenge, one requirement, and the response that was asked about it and has not answered.
async fn asked(house: &House) -> (ChallengeId, String, ResponseId) {
    let challenge = house.town.challenge("pumps");
    let found = check::read_check(&house.desk, &house.town.actor("piotr"), challenge).await.unwrap();
    let record = found.records.iter().find(|record| record.clarification.is_some()).expect("somebody was asked");
    (challenge, record.subject.to_string(), record.response)
}

/// The supplier's answer, by whoever of the town may give it.
async fn answers(house: &House, response: ResponseId, text: &str) {
    let now = house.desk.store.now();
    for person in &house.town.people {
        let actor = house.town.actor(&person.key);
        let Ok(found) = check::read_clarifications(&house.desk, &actor, response).await else { continue };
        let form = [("answer-requirement", text)].into_iter().collect();
        check::answer_clarification(&house.desk, &actor, response, found.asked[0].id, now, &form).await.unwrap();
        return;
    }
    panic!("the response is somebody's");
}

#[tokio::test]
async fn an_old_page_undoes_no_exclusion_and_an_unread_answer_excludes_nobody() {
    for throwaway in testing::each().await {
        let house = House::on(throwaway).await;
        let (challenge, subject, response) = asked(&house).await;
        let at = format!("/challenges/{challenge}/check/{response}");
        let all = get(&house, "piotr", &format!("{at}?cell=all")).await;
        let old = seen(&all, "value=\"all\"");
        let button = format!("name=\"subject\" value=\"{subject}\"");
        answers(&house, response, "The first answer.").await;
        let cell = get(&house, "piotr", &format!("{at}?cell={subject}")).await;
        assert!(cell.contains("The first answer."));
        let read = seen(&cell, &button);
        answers(&house, response, "The answer that counts.").await;
        let excluded = |seen: &str| {
            [("subject", subject.clone()), ("kind", "excluded".into()), ("reason", "Not insured.".into()), ("seen", seen.into())]
        };
        let pairs = excluded(&read);
        let pairs: Vec<(&str, &str)> = pairs.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let (status, page) = post(&house, "piotr", &format!("{at}?done=checked"), &pairs).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "the answer was replaced since it was read");
        assert!(page.contains("The answer that counts.") && page.contains("Not insured."), "what stands, and what was typed");
        assert!(page.contains("since you opened this page"));
        assert!(!page.contains("govuk-notification-banner--success"), "nothing was done: {page}");
        let pairs = excluded(&seen(&page, &button));
        let pairs: Vec<(&str, &str)> = pairs.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let (status, to) = post(&house, "piotr", &at, &pairs).await;
        assert_eq!(status, StatusCode::SEE_OTHER, "{to}");
        assert!(get(&house, "piotr", &to).await.contains("govuk-notification-banner--success"));
        let (status, _, page) = house.ask("olu", Request::get(&to), Vec::new()).await;
        assert_eq!(status, StatusCode::NOT_FOUND);
        assert!(!String::from_utf8(page).unwrap().contains("govuk-notification-banner--success"), "nothing was done");

        for seen in [old.as_str(), "", "4"] {
            let form = [("subject", "all"), ("reason", "As stated."), ("seen", seen)];
            let (status, page) = post(&house, "piotr", &at, &form).await;
            assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
            assert!(page.contains("As stated.") && page.contains("since you opened this page"));
        }
        let found = check::read_check(&house.desk, &house.town.actor("piotr"), challenge).await.unwrap();
        assert!(found.responses.iter().find(|one| one.id == response).unwrap().excluded.is_some());
    }
}

/// The record of the missed appointments, agreed on in everything, before the members.
async fn proposed(house: &House) -> ChallengeId {
    let challenge = house.town.challenge("visits");
    let chair = house.town.actor("ingrid");
    let found = evaluation::read_moderation(&house.desk, &chair, challenge).await.unwrap();
    for item in &found.items {
        let n = item.agreed.last().map_or(0, |row| row.n).to_string();
        let form = [("points", "3"), ("reason", "The trial convinced all of us, and is well described."), ("seen", &n)];
        let form = form.into_iter().collect();
        let _ = evaluation::agree_score(&house.desk, &chair, challenge, item.response, item.criterion, &form).await;
    }
    let form = [("discussion", "We spoke of all of them.")].into_iter().collect();
    evaluation::propose_record(&house.desk, &chair, challenge, &form).await.unwrap();
    sign_all(house, challenge).await;
    challenge
}

async fn sign_all(house: &House, challenge: ChallengeId) {
    for person in ["marcus", "grace", "noor"] {
        let actor = house.town.actor(person);
        let Ok(found) = evaluation::read_moderation(&house.desk, &actor, challenge).await else { continue };
        let form = [("seen", found.position.as_str())].into_iter().collect();
        let _ = evaluation::sign_record(&house.desk, &actor, challenge, &form).await;
    }
}

#[tokio::test]
async fn the_chair_closes_the_record_that_it_has_read() {
    for throwaway in testing::each().await {
        let house = House::on(throwaway).await;
        let challenge = proposed(&house).await;
        let at = format!("/challenges/{challenge}/moderation/record");
        let page = get(&house, "ingrid", &at).await;
        let old = seen(&page, "value=\"record\"");
        let proposal = seen(&page, "value=\"propose\"");
        // A member writes to an item, and all approve that.
        let marcus = house.town.actor("marcus");
        let found = evaluation::read_moderation(&house.desk, &marcus, challenge).await.unwrap();
        let item = &found.items[0];
        match found.terms.method {
            domain::challenge::Method::Consensus => {
                let form = [("dissent", "I see a two.")].into_iter().collect();
                evaluation::record_dissent(&house.desk, &marcus, challenge, item.response, item.criterion, &form).await.unwrap();
            }
            domain::challenge::Method::MeanAfterDiscussion => {
                let own = found.facts.seat.as_ref().unwrap().id;
                let n = item.scores.iter().find(|(seat, ..)| *seat == own).unwrap().1.n.to_string();
                let form = [("points", "1"), ("reason", "The second look was sobering for everybody."), ("seen", &n)];
                let form = form.into_iter().collect();
                evaluation::revise_score(&house.desk, &marcus, challenge, item.response, item.criterion, &form).await.unwrap();
            }
        }
        sign_all(&house, challenge).await;
        for seen in [old.as_str(), ""] {
            let (status, page) =
                post(&house, "ingrid", &format!("{at}?done=proposed"), &[("do", "record"), ("seen", seen)]).await;
            assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
            assert!(page.contains("so it was not closed"), "{page}");
            assert!(!page.contains("govuk-notification-banner--success"));
        }
        // A second tab of the chair's does not write over the text of the first.
        let propose =
            |text: &'static str, seen: String| [("do", "propose".to_owned()), ("discussion", text.into()), ("seen", seen)];
        let (status, _) = {
            let pairs = propose("The text of the first tab.", proposal.clone());
            let pairs: Vec<(&str, &str)> = pairs.iter().map(|(name, value)| (*name, value.as_str())).collect();
            post(&house, "ingrid", &at, &pairs).await
        };
        assert_eq!(status, StatusCode::SEE_OTHER);
        let pairs = propose("The text of the second tab.", proposal);
        let pairs: Vec<(&str, &str)> = pairs.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let (status, page) = post(&house, "ingrid", &at, &pairs).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(page.contains("The text of the first tab.") && page.contains("The text of the second tab."), "both are shown");
        assert!(page.contains("Another text was put before the members"));

        sign_all(&house, challenge).await;
        let fresh = seen(&get(&house, "ingrid", &at).await, "value=\"record\"");
        let without = evaluation::read_moderation(&house.desk, &house.town.actor("ingrid"), challenge).await.unwrap().members;
        let mut pairs = vec![("do".to_owned(), "record".to_owned()), ("seen".into(), fresh)];
        pairs.extend(without.iter().map(|member| (format!("without-{}", member.seat), "Away since Monday.".to_owned())));
        let pairs: Vec<(&str, &str)> = pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let (status, to) = post(&house, "ingrid", &at, &pairs).await;
        assert_eq!(status, StatusCode::SEE_OTHER, "{to}");
    }
}

/// While a supplier is asked, whoever scores is told who asked and until when, reads the own scores, and loses no text.
#[tokio::test]
async fn a_room_that_rests_says_why_and_keeps_what_is_typed() {
    for throwaway in testing::each().await {
        let house = House::on(throwaway).await;
        let challenge = house.town.challenge("potholes");
        let marcus = house.town.actor("marcus");
        let room = evaluation::read_scoring_room(&house.desk, &marcus, challenge).await.unwrap();
        assert!(!room.locked && !room.scores.is_empty(), "marcus is at work");
        let (response, criterion) = *room.scores.keys().next().unwrap();
        let tom = house.town.actor("tom");
        let found = check::read_check(&house.desk, &tom, challenge).await.unwrap();
        let subject = domain::check::CheckSubject::Requirement(found.terms.requirements[0].id);
        let until = house.desk.store.now().plus(12 * domain::moment::DAY);
        let (date, time) = domain::moment::local_fields(until, &found.terms.zone);
        let (subject_text, seen) = (subject.to_string(), found.mark(response, Some(subject)));
        let form = [
            ("subject", subject_text.as_str()),
            ("kind", "clarify"),
            ("reason", "What shows it?"),
            ("field-requirement", "yes"),
            ("seen", &seen),
            ("deadline_date", &date),
            ("deadline_time", &time),
        ];
        check::check_response(&house.desk, &tom, challenge, response, &form.into_iter().collect()).await.unwrap();

        let name = &house.town.people.iter().find(|person| person.key == "tom").unwrap().name;
        let page = get(&house, "marcus", &format!("/challenges/{challenge}/scoring")).await;
        assert!(page.contains("id=\"rests\"") && page.contains(&format!("{name} has asked a supplier")), "{page}");
        assert!(page.contains("Your scores are kept"));
        let way = format!("href=\"/challenges/{challenge}/scoring\"");
        assert!(get(&house, "marcus", &format!("/challenges/{challenge}")).await.contains(&way), "the way there stays");
        let at = format!("/challenges/{challenge}/scoring/{response}/{criterion}");
        assert!(get(&house, "marcus", &at).await.contains("id=\"rests\""));
        let typed = [("points", "2"), ("reason", "Typed on the way home, and not to be lost."), ("seen", "1")];
        let (status, page) = post(&house, "marcus", &at, &typed).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(page.contains("Typed on the way home, and not to be lost."));
        assert!(page.contains("Nothing was saved, because scoring rests") && page.contains(name.as_str()));
        let request = Request::post(&at).header(header::ACCEPT, "application/json");
        let request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        let (status, _, told) = house.ask("marcus", request, b"points=2&reason=x&seen=1".to_vec()).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(String::from_utf8(told).unwrap().contains("Nothing was saved, because scoring rests"));
    }
}

/// A time that somebody has taken is withdrawn on a page of its own and with a reason, and leaves the supplier's calendar.
#[tokio::test]
async fn a_booked_interview_is_withdrawn_with_a_reason_and_cancelled_in_the_calendar() {
    for throwaway in testing::each().await {
        let house = House::on(throwaway).await;
        let challenge = house.town.challenge("heat");
        let own = house.town.response("heat", "causeway");
        let own_page = format!("/responses/{own}/interview");
        let before = get(&house, "olu", &format!("{own_page}.ics")).await;
        assert!(
            before.contains("METHOD:PUBLISH") && before.contains("STATUS:CONFIRMED") && before.contains("SEQUENCE:1"),
            "{before}"
        );
        let at = format!("/challenges/{challenge}/interviews");
        let found = workflow::interview::read_interviews(&house.desk, &house.town.actor("tom"), challenge).await.unwrap();
        let slot = domain::ids::to_text(found.slots.iter().find(|row| row.response.is_some()).unwrap().id);
        let list = get(&house, "tom", &at).await;
        assert!(!list.contains("value=\"withdraw\""), "not by one press");
        let asked = format!("{at}?withdraw={slot}");
        assert!(list.contains(&format!("href=\"{asked}\"")), "{list}");
        assert!(get(&house, "tom", &asked).await.contains("name=\"reason\""));
        let (status, page) = post(&house, "tom", &asked, &[("do", "withdraw"), ("slot", &slot)]).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(page.contains("name=\"reason\"") && page.contains("There is a problem"));
        let reason = "The hall is flooded since Sunday.";
        let (status, to) = post(&house, "tom", &asked, &[("do", "withdraw"), ("slot", &slot), ("reason", reason)]).await;
        assert_eq!((status, to.as_str()), (StatusCode::SEE_OTHER, format!("{at}?done=slot-withdrawn").as_str()));

        let uid = |text: &str| text.lines().find(|line| line.starts_with("UID:")).unwrap().to_owned();
        let after = get(&house, "olu", &format!("{own_page}.ics")).await;
        assert!(after.contains("METHOD:CANCEL") && after.contains("STATUS:CANCELLED") && after.contains("SEQUENCE:2"), "{after}");
        assert_eq!(uid(&before), uid(&after));
        assert!(get(&house, "olu", &own_page).await.contains(reason));
        assert!(get(&house, "olu", "/notices").await.contains(reason), "and its mail says the same");
        assert!(get(&house, "tom", &format!("{at}.ics")).await.contains("STATUS:CANCELLED"));
    }
}

/// What a first round was decided on stays to be read while the second one runs.
#[tokio::test]
async fn the_what_if_and_the_record_of_a_decided_round_stay() {
    for throwaway in testing::each().await {
        let house = House::on(throwaway).await;
        let challenge = house.town.challenge("heat");
        let result = get(&house, "tom", &format!("/challenges/{challenge}/result?round=1")).await;
        let (what_if, record) =
            (format!("/challenges/{challenge}/what-if?round=1"), format!("/challenges/{challenge}/moderation/record?round=1"));
        assert!(result.contains(&format!("href=\"{what_if}\"")) && result.contains(&format!("href=\"{record}\"")), "{result}");
        assert!(result.contains("Closed by ") && result.contains("Approved by "), "who approved the record, and who closed it");
        let page = get(&house, "tom", &what_if).await;
        assert!(page.contains("name=\"round\" value=\"1\"") && page.contains(&format!("href=\"{what_if}\"")));
        assert!(get(&house, "tom", &record).await.contains("Approved by "));
        for (person, path) in [("olu", &what_if), ("olu", &record), ("piotr", &what_if)] {
            let (status, ..) = house.ask(person, Request::get(path), Vec::new()).await;
            assert_eq!(status, StatusCode::NOT_FOUND, "{person} at {path}");
        }
        let newest = house.ask("tom", Request::get(format!("/challenges/{challenge}/what-if")), Vec::new()).await.0;
        assert_eq!(newest, StatusCode::FORBIDDEN, "nothing of the round that runs");
    }
}

/// Also who may not read the room yet gets back what was typed.
#[tokio::test]
async fn a_score_that_comes_before_the_check_is_settled_comes_back() {
    let house = House::filled().await;
    let (challenge, _, response) = asked(&house).await;
    let found = check::read_check(&house.desk, &house.town.actor("piotr"), challenge).await.unwrap();
    let criterion = found.terms.leaves().next().unwrap().id();
    let at = format!("/challenges/{challenge}/scoring/{response}/{criterion}");
    let typed = [("points", "2"), ("reason", "Typed too early, and not to be lost."), ("seen", "0")];
    let (status, page) = post(&house, "ingrid", &at, &typed).await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    assert!(page.contains("Scoring rests while") && page.contains("Typed too early, and not to be lost."), "{page}");
    assert!(page.contains(&format!("action=\"{at}\"")) && !page.contains("Sign in in another window"));
}

#[tokio::test]
async fn one_address_has_one_open_invitation() {
    for throwaway in testing::each().await {
        let house = House::on(throwaway).await;
        let at = format!("/challenges/{}/panel", house.town.challenge("potholes"));
        let form = [("do", "invite"), ("expert_email", "expert@elsewhere.example"), ("expert_role", "evaluator")];
        let (status, page) = post(&house, "tom", &at, &form).await;
        assert_eq!(status, StatusCode::SEE_OTHER, "{page}");
        let mails = async || house.desk.store.read().await.unwrap().outbox_counts().await.unwrap();
        let before = mails().await;
        let (status, page) = post(&house, "tom", &at, &form).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(page.contains("This address has an invitation"));
        assert_eq!(mails().await, before, "no second mail");
    }
}
