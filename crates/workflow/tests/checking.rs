//! The check: nothing is scored before it is settled, nobody is excluded unheard, and what was submitted stays as it was.

mod office;

use domain::challenge::{Section, Stage};
use domain::check::{CheckKind, CheckSubject};
use domain::form::Fields;
use domain::ids::ResponseId;
use domain::moment::{DAY, HOUR, MINUTE, Moment, local_fields};
use domain::policy::Refusal;
use office::{Office, Person, Supplier, Told, fields};
use store::testing::{self, Throwaway};
use workflow::check::{self, CheckView, Clarifications};
use workflow::{Error, challenge};

/// Two requirements, both suppliers have submitted, everything is opened.
async fn opened(throwaway: Throwaway) -> Office {
    let office = Office::with_draft(throwaway).await;
    let required = fields(&[
        ("requirement-1-title", "Insured against injury"),
        ("requirement-1-kind", "eligibility"),
        ("requirement-2-title", "A plan of the pilot"),
        ("requirement-2-kind", "completeness"),
    ]);
    let actor = &office.officer.actor;
    challenge::save_section(&office.desk, actor, office.challenge, Section::Requirements, required, 0).await.done();
    office.publish(office.challenge).await;
    for (person, role) in [(&office.chair, "chair"), (&office.evaluator, "evaluator"), (&office.second, "evaluator")] {
        office.officer.appoints(office.challenge, person, role).await.done();
    }
    office.acme.answers(office.challenge, "90000").await.done();
    office.acme.submits(office.challenge).await.done();
    office.brook.answers(office.challenge, "60000").await.done();
    office.brook.submits(office.challenge).await.done();
    office.pass_deadline().await;
    office.officer.opens(office.challenge).await.done();
    for person in office.panel() {
        person.declares_nothing(office.challenge).await.done();
    }
    office
}

async fn view(office: &Office, person: &Person) -> Result<CheckView, Error> {
    check::read_check(&office.desk, &person.actor, office.challenge).await
}

/// Records something of a requirement, counted from 0, as the page would post it.
async fn records(office: &Office, person: &Person, of: &Supplier, requirement: usize, kind: &str) -> Result<(), Error> {
    let found = view(office, &office.officer).await.done();
    let subject = domain::check::CheckSubject::Requirement(found.terms.requirements[requirement].id);
    let response = of.response(office.challenge).await;
    let seen = found.mark(response, Some(subject));
    let (date, time) = local_fields(office.desk.store.now().plus(9 * DAY), "UTC");
    let mut form = fields(&[
        ("kind", kind),
        ("reason", "What shows it?"),
        ("field-requirement", "yes"),
        ("deadline_date", &date),
        ("deadline_time", &time),
    ]);
    form.set("subject", subject.to_string());
    form.set("seen", seen);
    check::check_response(&office.desk, &person.actor, office.challenge, response, &form).await
}

async fn passes_all(office: &Office, of: &Supplier) -> Result<(), Error> {
    let response = of.response(office.challenge).await;
    let seen = view(office, &office.officer).await.done().mark(response, None);
    let form = fields(&[("subject", "all"), ("reason", "As stated."), ("seen", &seen)]);
    check::check_response(&office.desk, &office.officer.actor, office.challenge, response, &form).await
}

async fn asked(office: &Office, of: &Supplier) -> Clarifications {
    check::read_clarifications(&office.desk, &of.person.actor, of.response(office.challenge).await).await.done()
}

async fn clarifies(
    office: &Office,
    by: &Person,
    response: ResponseId,
    clarification: i64,
    words: &str,
    at: Moment,
) -> Result<(), Error> {
    let form: Fields = fields(&[("answer-requirement", words), ("answer-price", "not asked about")]);
    check::answer_clarification(&office.desk, &by.actor, response, clarification, at, &form).await
}

#[tokio::test]
async fn scoring_begins_when_every_response_is_passed_or_excluded() {
    for throwaway in testing::each().await {
        let office = opened(throwaway).await;
        let id = office.challenge;
        assert_eq!(office.stage(id).await, Stage::Checking);
        assert_eq!(view(&office, &office.officer).await.done().facts.standing.unchecked, 4);
        office.chair.room(id).await.map(drop).refused(Refusal::Checking);
        for person in [&office.chair, &office.outsider, &office.acme.person, &office.administrator] {
            assert!(view(&office, person).await.is_err(), "the team's alone");
            assert!(records(&office, person, &office.acme, 0, "passed").await.is_err());
        }
        records(&office, &office.approver, &office.acme, 0, "passed").await.refused(Refusal::NotYours);
        passes_all(&office, &office.acme).await.done();
        assert_eq!(office.stage(id).await, Stage::Checking);
        records(&office, &office.officer, &office.brook, 0, "passed").await.done();
        records(&office, &office.officer, &office.brook, 1, "passed").await.done();
        assert_eq!(office.stage(id).await, Stage::Scoring);
        office.chair.room(id).await.done();
        // What is found later stops the panel until it is settled.
        records(&office, &office.officer, &office.brook, 1, "clarify").await.done();
        assert_eq!(office.stage(id).await, Stage::Checking);
        office.chair.room(id).await.map(drop).refused(Refusal::Checking);
        records(&office, &office.officer, &office.brook, 1, "passed").await.done();
        assert_eq!(office.stage(id).await, Stage::Scoring);
    }
}

/// While a supplier is asked during scoring: the own scores are read, nothing is saved, and it is said why.
#[tokio::test]
async fn scoring_rests_while_a_supplier_is_asked() {
    for throwaway in testing::each().await {
        let office = opened(throwaway).await;
        let id = office.challenge;
        for supplier in [&office.acme, &office.brook] {
            passes_all(&office, supplier).await.done();
        }
        let leaf = office.evaluator.room(id).await.done().round.terms.leaves().next().unwrap().id();
        office.evaluator.scores(id, &office.acme, leaf, 4, 0).await.done();
        assert!(office.evaluator.room(id).await.done().rests.is_none());
        records(&office, &office.officer, &office.brook, 1, "clarify").await.done();
        assert_eq!(office.stage(id).await, Stage::Checking);
        office.evaluator.scores(id, &office.acme, leaf, 3, 1).await.map(drop).refused(Refusal::Checking);
        office.evaluator.locks(id).await.refused(Refusal::Checking);
        let room = office.evaluator.room(id).await.done();
        assert_eq!(room.scores.values().map(|score| score.points).collect::<Vec<_>>(), [4]);
        let deadline = asked(&office, &office.brook).await.asked[0].deadline;
        assert_eq!(room.rests.unwrap().asked, Some(("officer".to_owned(), deadline)));
        // Whoever has scored nothing has nothing to read, and is told the same.
        office.second.room(id).await.map(drop).refused(Refusal::Checking);
        records(&office, &office.officer, &office.brook, 1, "passed").await.done();
        assert!(office.evaluator.room(id).await.done().rests.is_none());
        office.evaluator.scores(id, &office.acme, leaf, 3, 1).await.done();
    }
}

#[tokio::test]
async fn two_officers_on_one_cell_are_told_of_each_other() {
    for throwaway in testing::each().await {
        let office = opened(throwaway).await;
        let found = view(&office, &office.officer).await.done();
        let subject = found.terms.requirements[0].id.to_string();
        let response = office.acme.response(office.challenge).await;
        let form = fields(&[("subject", &subject), ("kind", "passed"), ("reason", "As stated."), ("seen", "0")]);
        let record = || check::check_response(&office.desk, &office.officer.actor, office.challenge, response, &form);
        record().await.done();
        record().await.stale();
        let no_reason = fields(&[("subject", &subject), ("kind", "passed"), ("seen", "1")]);
        check::check_response(&office.desk, &office.officer.actor, office.challenge, response, &no_reason).await.invalid("empty");
        let nothing = fields(&[("subject", &subject), ("kind", "clarify"), ("reason", "Why?"), ("seen", "1")]);
        let told = check::check_response(&office.desk, &office.officer.actor, office.challenge, response, &nothing).await;
        told.invalid("clarify-fields");
    }
}

/// An old page passes nothing that was excluded since it was opened; and a new one leaves an exclusion as it is.
#[tokio::test]
async fn passing_all_that_waits_undoes_no_exclusion() {
    for throwaway in testing::each().await {
        let office = opened(throwaway).await;
        let response = office.brook.response(office.challenge).await;
        let passes = async |seen: &str| {
            let form = fields(&[("subject", "all"), ("reason", "As stated."), ("seen", seen)]);
            check::check_response(&office.desk, &office.officer.actor, office.challenge, response, &form).await
        };
        let old = view(&office, &office.officer).await.done().mark(response, None);
        records(&office, &office.officer, &office.brook, 0, "clarify").await.done();
        let question = asked(&office, &office.brook).await.asked[0].id;
        let now = office.desk.store.now();
        clarifies(&office, &office.brook.person, response, question, "Our policy", now).await.done();
        let before = view(&office, &office.officer).await.done().mark(response, None);
        records(&office, &office.officer, &office.brook, 0, "excluded").await.done();
        for seen in [old.as_str(), &before, "0", ""] {
            passes(seen).await.stale();
        }
        passes_all(&office, &office.brook).await.done();
        let found = view(&office, &office.officer).await.done();
        let newest = |requirement: usize| {
            let subject = CheckSubject::Requirement(found.terms.requirements[requirement].id);
            found.cell(response, subject).next_back().map(|record| record.kind)
        };
        assert_eq!([newest(0), newest(1)], [Some(CheckKind::Excluded), Some(CheckKind::Passed)]);
    }
}

#[tokio::test]
async fn an_answer_that_nobody_has_read_excludes_nobody() {
    for throwaway in testing::each().await {
        let office = opened(throwaway).await;
        records(&office, &office.officer, &office.brook, 0, "clarify").await.done();
        let response = office.brook.response(office.challenge).await;
        let question = asked(&office, &office.brook).await.asked[0].id;
        let now = office.desk.store.now();
        clarifies(&office, &office.brook.person, response, question, "Soon", now).await.done();
        let found = view(&office, &office.officer).await.done();
        let subject = CheckSubject::Requirement(found.terms.requirements[0].id);
        let (cell, whole) = (found.mark(response, Some(subject)), found.mark(response, None));
        clarifies(&office, &office.brook.person, response, question, "Here is the policy", now).await.done();
        let record = async |kind: &str, subject: &str, seen: &str| {
            let form = fields(&[("subject", subject), ("kind", kind), ("reason", "It says so."), ("seen", seen)]);
            check::check_response(&office.desk, &office.officer.actor, office.challenge, response, &form).await
        };
        record("excluded", &subject.to_string(), &cell).await.stale();
        record("passed", &subject.to_string(), &cell).await.stale();
        record("passed", "all", &whole).await.stale();
        assert_eq!(view(&office, &office.officer).await.done().records.len(), 1, "nothing was recorded");
        records(&office, &office.officer, &office.brook, 0, "passed").await.done();
    }
}

#[tokio::test]
async fn nobody_is_excluded_without_having_been_asked_and_heard() {
    for throwaway in testing::each().await {
        let office = opened(throwaway).await;
        records(&office, &office.officer, &office.brook, 0, "excluded").await.refused(Refusal::NotAskedFirst);
        records(&office, &office.officer, &office.brook, 0, "clarify").await.done();
        records(&office, &office.officer, &office.brook, 0, "excluded").await.refused(Refusal::ClarificationOpen);
        // Another requirement was not asked about.
        records(&office, &office.officer, &office.brook, 1, "excluded").await.refused(Refusal::NotAskedFirst);

        let response = office.brook.response(office.challenge).await;
        let own = asked(&office, &office.brook).await;
        assert_eq!((own.asked.len(), own.asked[0].question.as_str()), (1, "What shows it?"));
        assert!(asked(&office, &office.acme).await.asked.is_empty(), "another supplier learns nothing");
        let (clarification, now) = (own.asked[0].id, office.desk.store.now());
        for person in [&office.acme.person, &office.officer, &office.outsider, &office.chair] {
            clarifies(&office, person, response, clarification, "x", now).await.map(drop).expect_err("the supplier's alone");
        }
        let sealed = |rows: Vec<String>| {
            rows.into_iter().filter(|row| row.starts_with("submission|") || row.starts_with("envelope|")).collect::<Vec<_>>()
        };
        let before = sealed(office.throwaway.every_value().await);
        clarifies(&office, &office.brook.person, response, clarification, "Our Mistelzweig policy", now).await.done();
        let all = office.throwaway.every_value().await;
        let hidden = workflow::sealing::hex(b"Mistelzweig");
        assert!(!all.iter().any(|row| row.contains("Mistelzweig") || row.to_lowercase().contains(&hidden)), "sealed at rest");
        assert_eq!(sealed(all), before, "the original stands byte for byte");
        // Beside the original, for the team and the seats that read it; what was not to be touched is not kept.
        for person in [&office.officer, &office.chair] {
            let round = person.lists(office.challenge).await.done();
            let found = round.responses.iter().find(|one| one.id == response).unwrap();
            let answer = found.clarified[0].answer.as_ref().unwrap();
            assert_eq!(
                answer.texts.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect::<Vec<_>>(),
                [("requirement", "Our Mistelzweig policy")]
            );
            assert!(round.responses.iter().filter(|one| one.id != response).all(|one| one.clarified.is_empty()));
        }
        records(&office, &office.officer, &office.brook, 0, "excluded").await.done();
        let stands = view(&office, &office.officer).await.done();
        assert_eq!(stands.facts.standing.unchecked, 2, "nothing of an excluded response waits");
        assert_eq!(stands.records.last().unwrap().kind, CheckKind::Excluded);
        clarifies(&office, &office.brook.person, response, clarification, "More", now).await.refused(Refusal::ClarificationOver);
    }
}

#[tokio::test]
async fn nobody_is_asked_to_answer_before_the_least_period_of_the_law() {
    for throwaway in testing::each().await {
        let office = opened(throwaway).await;
        let found = view(&office, &office.officer).await.done();
        let subject = domain::check::CheckSubject::Requirement(found.terms.requirements[0].id);
        let response = office.brook.response(office.challenge).await;
        let ask = async |deadline: Moment| {
            let (date, time) = local_fields(deadline, &found.terms.zone);
            let mut form =
                fields(&[("kind", "clarify"), ("reason", "What shows it?"), ("field-requirement", "yes"), ("seen", "0")]);
            form.set("deadline_date", date);
            form.set("deadline_time", time);
            form.set("subject", subject.to_string());
            check::check_response(&office.desk, &office.officer.actor, office.challenge, response, &form).await
        };
        // Two whole working days, counted from the day after the clock's.
        let earliest = found.terms.law.clarification_from(office.desk.store.now(), &found.terms.zone);
        assert!(earliest.micros() - office.desk.store.now().micros() > DAY, "{}", earliest.rfc3339());
        ask(office.desk.store.now().plus(MINUTE)).await.invalid("clarify-deadline");
        ask(office.desk.store.now().plus(-DAY)).await.invalid("clarify-deadline");
        ask(earliest.plus(-MINUTE)).await.invalid("clarify-deadline");
        // What was long enough is not any more when the day of asking is another.
        office.wait(7 * DAY).await;
        ask(earliest).await.invalid("clarify-deadline");
        ask(earliest.plus(7 * DAY)).await.done();
    }
}

#[tokio::test]
async fn a_late_answer_is_refused_by_the_clock_and_recorded() {
    for throwaway in testing::each().await {
        let office = opened(throwaway).await;
        records(&office, &office.officer, &office.brook, 0, "clarify").await.done();
        let response = office.brook.response(office.challenge).await;
        let clarification = asked(&office, &office.brook).await.asked.remove(0);
        let answer = |at: Moment| clarifies(&office, &office.brook.person, response, clarification.id, "In time", at);
        // Held whole one microsecond before; its turn comes later.
        office.wait_until(clarification.deadline.plus(HOUR)).await;
        answer(clarification.deadline).await.refused(Refusal::Late);
        assert_eq!(office.recorded("answer_clarification", "late").await, 1);
        answer(clarification.deadline.plus(-1)).await.done();
        assert_eq!(office.recorded("answer_clarification", "done").await, 1);
    }
}

#[tokio::test]
async fn what_is_written_of_an_answer_is_saved_together_and_sent_by_a_button_alone() {
    for throwaway in testing::each().await {
        let office = opened(throwaway).await;
        records(&office, &office.officer, &office.brook, 0, "clarify").await.done();
        let response = office.brook.response(office.challenge).await;
        let clarification = asked(&office, &office.brook).await.asked.remove(0);
        let (id, now) = (clarification.id, office.desk.store.now());
        let save = |by: &Person, words: &'static str, seen: i64| {
            let form = fields(&[("answer-requirement", words), ("answer-price", "not asked"), ("seen", &seen.to_string())]);
            let (desk, actor) = (office.desk.clone(), by.actor.clone());
            async move { check::save_clarification(&desk, &actor, response, id, &form).await }
        };
        for person in [&office.officer, &office.acme.person] {
            save(person, "x", 0).await.refused(Refusal::Unseen);
        }
        let brook = &office.brook.person;
        assert_eq!(save(brook, "Our Mistelzweig", 0).await.done(), 1);
        // The authority has no word of it, and it is no answer.
        let seen = check::read_check(&office.desk, &office.officer.actor, office.challenge).await.done();
        assert!(seen.records.iter().filter_map(|record| record.clarification.as_ref()).all(|asked| asked.answer.is_none()));
        let colleague = office.brook.colleague("Bert").await.person;
        let mut own = check::read_clarifications(&office.desk, &colleague.actor, response).await.done();
        assert_eq!(own.unsent(&own.asked[0]).map(|draft| draft.text("requirement")), Some("Our Mistelzweig"));
        assert!(
            own.drafts.remove(&id).is_some_and(|draft| draft.texts.get("answer-price").is_empty()),
            "what is not asked is not kept"
        );
        // Over what a colleague saved meanwhile: nobody's text is replaced unseen. Over what one saved oneself, only where it goes on.
        assert_eq!(save(&colleague, "Another text", 1).await.done(), 2);
        assert!(matches!(save(brook, "A third", 1).await, Err(Error::Stale)));
        assert!(matches!(save(brook, "Another text that goes on", 1).await, Err(Error::Stale)), "a colleague's");
        assert!(matches!(save(&colleague, "A fourth", 1).await, Err(Error::Stale)));
        assert_eq!(save(&colleague, "Another text, and on", 1).await.done(), 3);
        // Sent without having seen that: it is not thrown away, and not sent.
        let form = fields(&[("answer-requirement", "Sent"), ("seen", "1")]);
        check::answer_clarification(&office.desk, &brook.actor, response, id, now, &form).await.done();
        let own = asked(&office, &office.brook).await;
        assert_eq!(own.asked[0].answer.as_ref().map(|answer| answer.texts["requirement"].as_str()), Some("Sent"));
        assert_eq!(own.unsent(&own.asked[0]).map(|draft| draft.text("requirement")), Some("Another text, and on"));
        // Sent knowing it: nothing waits any more.
        let form = fields(&[("answer-requirement", "Sent again"), ("seen", "3")]);
        check::answer_clarification(&office.desk, &brook.actor, response, id, now, &form).await.done();
        let own = asked(&office, &office.brook).await;
        assert!(own.unsent(&own.asked[0]).is_none());
        // Too late: told, and no late answer on record. What was written stays readable.
        save(brook, "Never sent", 4).await.done();
        office.wait_until(clarification.deadline).await;
        save(brook, "More", 5).await.refused(Refusal::Late);
        assert_eq!(office.recorded("save_clarification", "late").await, 0);
        let own = asked(&office, &office.brook).await;
        assert_eq!(own.unsent(&own.asked[0]).map(|draft| draft.text("requirement")), Some("Never sent"));
    }
}

#[tokio::test]
async fn the_excluded_are_not_scored_and_the_price_points_are_those_of_the_others() {
    for throwaway in testing::each().await {
        let office = opened(throwaway).await;
        let id = office.challenge;
        records(&office, &office.officer, &office.brook, 0, "clarify").await.done();
        passes_all(&office, &office.acme).await.done();
        office.wait(10 * DAY).await;
        records(&office, &office.officer, &office.brook, 0, "excluded").await.done();
        assert_eq!(office.stage(id).await, Stage::Scoring);
        let room = office.chair.room(id).await.done();
        assert_eq!(room.round.responses.len(), 1, "the scoring room does not list the excluded");
        let leaf = room.round.terms.leaves().next().unwrap().id();
        office.chair.scores(id, &office.brook, leaf, 4, 0).await.map(drop).refused(Refusal::Unseen);
        for person in office.panel() {
            person.scores_all(id, &[(&office.acme, 4)]).await;
            person.locks(id).await.done();
        }
        office.chair.approves_record(id).await.done();
        let result = office.officer.result(id).await.done();
        let brook = office.brook.response(id).await.get();
        let of = |response| result.outcome.standings.iter().find(|standing| standing.response == response).unwrap();
        assert!(of(brook).excluded && of(brook).rank.is_none());
        let acme = of(office.acme.response(id).await.get());
        assert_eq!(acme.rank, Some(1));
        // The lowest price left is its own: all 30 points, though Brook's was lower.
        let price = acme.lines.last().unwrap().points.as_ref().unwrap().display2();
        assert_eq!(price, "30.00");
        office.officer.recommends(id, &office.acme, &[&office.brook]).await.done();
        office.approver.approves_decision(id).await.done();
        let letter = office.brook.letter(id).await.done();
        let own = letter.result.responses.values().next().unwrap();
        assert_eq!(own.excluded.as_ref().unwrap().reason, "What shows it?");
    }
}

#[tokio::test]
async fn a_price_that_looks_too_low_is_asked_about_before_it_is_rejected() {
    for throwaway in testing::each().await {
        let office = opened(throwaway).await;
        let id = office.challenge;
        for supplier in [&office.acme, &office.brook] {
            passes_all(&office, supplier).await.done();
        }
        let brook = office.brook.response(id).await;
        let (date, time) = local_fields(office.desk.store.now().plus(9 * DAY), "UTC");
        let about = async |kind: &str, seen: &str| {
            let form = fields(&[
                ("subject", "price"),
                ("kind", kind),
                ("reason", "Why so low?"),
                ("field-price", "yes"),
                ("seen", seen),
                ("deadline_date", &date),
                ("deadline_time", &time),
            ]);
            check::check_response(&office.desk, &office.officer.actor, id, brook, &form).await
        };
        about("clarify", "0").await.refused(Refusal::Stage);
        for person in office.panel() {
            person.scores_all(id, &[(&office.acme, 4), (&office.brook, 3)]).await;
            person.locks(id).await.done();
        }
        office.chair.approves_record(id).await.done();
        about("excluded", "0").await.refused(Refusal::NotAskedFirst);
        about("clarify", "0").await.done();
        assert_eq!(office.stage(id).await, Stage::Result);
        office.officer.recommends(id, &office.acme, &[&office.brook]).await.refused(Refusal::CheckOpen);
        let clarification = asked(&office, &office.brook).await.asked.remove(0);
        assert_eq!(clarification.fields, ["price"]);
        let form = fields(&[("answer-price", "We own the machines.")]);
        let now = office.desk.store.now();
        check::answer_clarification(&office.desk, &office.brook.person.actor, brook, clarification.id, now, &form).await.done();
        let read = async || view(&office, &office.officer).await.done().mark(brook, Some(CheckSubject::Price));
        let seen = read().await;
        // Replaced before its deadline: what nobody has read neither rejects the price nor explains it.
        let form = fields(&[("answer-price", "We own the machines, and the land they stand on.")]);
        check::answer_clarification(&office.desk, &office.brook.person.actor, brook, clarification.id, now, &form).await.done();
        about("excluded", &seen).await.stale();
        about("passed", &seen).await.stale();
        let seen = read().await;
        // An officer who read the result before does not recommend on it any more: Brook had points, and prices compare.
        let before = office.officer.mark(id).await;
        about("excluded", &seen).await.done();
        assert_ne!(office.officer.mark(id).await, before);
        let acme = office.acme.response(id).await;
        let stale = fields(&[
            ("kind", "award"),
            ("reason", "The highest total."),
            ("seen", &before),
            (&format!("outcome-{acme}"), "awarded"),
            (&format!("reason-{acme}"), "Convincing."),
            (&format!("outcome-{brook}"), "unsuccessful"),
            (&format!("reason-{brook}"), "Lower."),
        ]);
        workflow::award::recommend_decision(&office.desk, &office.officer.actor, id, &stale).await.stale();
        assert_eq!(office.recorded("recommend_decision", "done").await, 0);
        let result = office.officer.result(id).await.done();
        assert!(result.outcome.standings.iter().any(|standing| standing.response == brook.get() && standing.excluded));
        office.officer.recommends(id, &office.acme, &[&office.brook]).await.done();

        // Nor does anybody approve, or send back, a recommendation that was replaced since they read it.
        let first = office.approver.recommended(id).await;
        office.approver.sends_back_decision(id).await.done();
        office.officer.recommends(id, &office.acme, &[&office.brook]).await.done();
        let approve =
            async |seen| workflow::award::approve_decision(&office.desk, &office.approver.actor, id, seen).await.map(drop);
        approve(first).await.stale();
        approve(None).await.stale();
        approve(office.approver.recommended(id).await).await.done();
    }
}

/// Whoever checks sees names: in an anonymous round they may not score then.
#[tokio::test]
async fn whoever_checks_an_anonymous_round_handles_names() {
    for throwaway in testing::each().await {
        let office = Office::with_draft(throwaway).await;
        let actor = &office.officer.actor;
        let required = fields(&[("requirement-1-title", "Insured"), ("requirement-1-kind", "eligibility")]);
        challenge::save_section(&office.desk, actor, office.challenge, Section::Requirements, required, 0).await.done();
        challenge::save_section(&office.desk, actor, office.challenge, Section::Panel, fields(&[("anonymous", "yes")]), 0)
            .await
            .done();
        let mut second = Person::arrives(&office.desk, "second officer", false).await;
        office::join(&office.desk, &office.owner, &mut second, office.buyer, "officer").await;
        office.officer.names(office.challenge, &second, "officer").await.done();
        office.publish(office.challenge).await;
        office.acme.takes_part(office.challenge).await;
        office.pass_deadline().await;
        office.officer.opens(office.challenge).await.done();
        office.officer.appoints(office.challenge, &second, "evaluator").await.done();
        records(&office, &second, &office.acme, 0, "passed").await.refused(Refusal::ScoresHere);
        records(&office, &office.officer, &office.acme, 0, "passed").await.done();
        office.officer.appoints(office.challenge, &office.officer, "evaluator").await.refused(Refusal::HandledNames);
    }
}

/// Once all scores have been seen, asking again is no way back behind them: nobody is unlocked, replaced or scored anew.
#[tokio::test]
async fn what_is_asked_again_in_moderation_keeps_the_panel_where_it_is() {
    for throwaway in testing::each().await {
        let office = opened(throwaway).await;
        let id = office.challenge;
        for supplier in [&office.acme, &office.brook] {
            passes_all(&office, supplier).await.done();
        }
        for person in office.panel() {
            person.scores_all(id, &[(&office.acme, 4), (&office.brook, 3)]).await;
            person.locks(id).await.done();
        }
        records(&office, &office.officer, &office.brook, 0, "clarify").await.done();
        assert_eq!(office.stage(id).await, Stage::Moderation);
        let seats = workflow::evaluation::read_panel(&office.desk, &office.officer.actor, id).await.done().seats;
        let seat = seats.iter().find(|seat| seat.name == "evaluator").unwrap().id;
        let unlock = fields(&[("seat", &seat.to_string()), (&format!("unlock-{seat}"), "It should be lower.")]);
        workflow::evaluation::unlock_scores(&office.desk, &office.chair.actor, id, &unlock).await.refused(Refusal::Stage);
        let end = fields(&[("end_reason", "It scored too high.")]);
        workflow::evaluation::end_seat(&office.desk, &office.officer.actor, id, seat, &end).await.refused(Refusal::Stage);
        office.officer.appoints(id, &office.outsider, "evaluator").await.refused(Refusal::Stage);
        office.chair.proposes_record(id).await.refused(Refusal::CheckOpen);
        records(&office, &office.officer, &office.brook, 0, "passed").await.done();
        office.chair.approves_record(id).await.done();
    }
}
