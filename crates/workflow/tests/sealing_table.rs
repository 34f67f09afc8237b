//! The table of sealing, row by row (directive 2014/24/EU, annex IV, a to g; ARCHITECTURE.md says where else each is tested).

mod office;

use domain::audit::Anchors;
use domain::challenge::Section;
use domain::moment::{MINUTE, Moment};
use domain::policy::Refusal;
use office::{Office, Person, Told, fields};
use store::testing;
use workflow::proof::published_keys;
use workflow::sealing::{hex, unhex};
use workflow::{organisation, response};

const MARKER: &str = "Wendehals";

/// Everybody but the supplier who could have an interest.
fn others(office: &Office) -> [(&'static str, &Person); 8] {
    [
        ("another supplier", &office.brook.person),
        ("officer", &office.officer),
        ("approver", &office.approver),
        ("owner", &office.owner),
        ("administrator", &office.administrator),
        ("chair", &office.chair),
        ("evaluator", &office.evaluator),
        ("outsider", &office.outsider),
    ]
}

#[tokio::test]
async fn a_the_exact_time_of_receipt_is_determined() {
    for throwaway in testing::each().await {
        let office = Office::open(throwaway).await;
        office.acme.answers(office.challenge, "90000").await.done();
        let own = office.acme.response(office.challenge).await;
        let deadline = office.deadline().await;
        // Held whole one microsecond before the deadline; its turn comes two minutes after it.
        let received = deadline.plus(-1);
        office.wait_until(deadline.plus(2 * MINUTE)).await;
        let actor = &office.acme.person.actor;
        let id = response::submit_response(&office.desk, actor, own, received, None, "k").await.done();
        let receipt = response::read_receipt(&office.desk, actor, id).await.done();
        assert_eq!(receipt.paper.received_at, received.rfc3339());
        assert_eq!(Moment(receipt.submission.received_at), received);
    }
}

#[tokio::test]
async fn b_nobody_has_access_before_the_time_limit() {
    for throwaway in testing::each().await {
        let office = Office::open(throwaway).await;
        let id = office.challenge;
        office.acme.answers_with(id, MARKER, "90000").await.done();
        let submission = office.acme.submits(id).await.done();
        let own = office.acme.response(id).await;
        for (name, person) in others(&office) {
            assert!(person.lists(id).await.is_err(), "{name}");
            assert!(person.reads(own).await.is_err(), "{name}");
            assert!(response::read_receipt(&office.desk, &person.actor, submission).await.is_err(), "{name}");
        }
        // Nor has whoever holds the database without the master key, in any spelling.
        let word = hex(MARKER.as_bytes());
        let all = office.throwaway.every_value().await;
        assert!(!all.iter().any(|row| row.contains(MARKER) || row.to_lowercase().contains(&word)));
    }
}

#[tokio::test]
async fn c_only_authorised_persons_move_the_opening() {
    for throwaway in testing::each().await {
        let office = Office::submitted(throwaway).await;
        let later = office.deadline().await.plus(3 * domain::moment::DAY);
        for (name, person) in others(&office) {
            let asked = person.extends(office.challenge, &[("deadline", later)]).await;
            if name != "officer" {
                assert!(asked.is_err(), "{name} moved the deadline, and the opening with it");
            }
            let rule = organisation::set_opening_rule(&office.desk, &person.actor, office.buyer, true).await;
            assert_eq!(rule.is_ok(), name == "owner", "{name} set how many an opening takes");
        }
    }
}

#[tokio::test]
async fn d_the_opening_takes_authorised_persons_and_the_time() {
    for throwaway in testing::each().await {
        let office = Office::submitted(throwaway).await;
        for (name, person) in others(&office) {
            assert!(person.opens(office.challenge).await.is_err(), "{name} before the deadline");
        }
        office.wait_until(office.deadline().await.plus(MINUTE - domain::moment::SECOND)).await;
        office.officer.opens(office.challenge).await.refused(Refusal::TooEarly);
        office.pass_deadline().await;
        for (name, person) in others(&office).into_iter().filter(|(name, _)| *name != "officer") {
            assert!(person.opens(office.challenge).await.is_err(), "{name} after the deadline");
        }
        office.officer.opens(office.challenge).await.done();
    }
}

#[tokio::test]
async fn e_two_act_together() {
    for throwaway in testing::each().await {
        let office = Office::with_draft(throwaway).await;
        organisation::set_opening_rule(&office.desk, &office.owner.actor, office.buyer, true).await.done();
        office.publish(office.challenge).await;
        office.acme.takes_part(office.challenge).await;
        office.pass_deadline().await;
        office.officer.opens(office.challenge).await.refused(Refusal::OpeningNotAsked);
        response::ask_opening(&office.desk, &office.officer.actor, office.challenge).await.done();
        office.officer.opens(office.challenge).await.refused(Refusal::OpeningOwn);
        office.officer.lists(office.challenge).await.err().expect("one alone opened");
    }
}

/// The sentence below the table: a price that was published to be sealed apart stays so until the quality scores are final.
#[tokio::test]
async fn d_a_price_apart_opens_only_when_the_scores_are_final() {
    for throwaway in testing::each().await {
        let office = Office::with_draft(throwaway).await;
        let id = office.challenge;
        office.edit(id, Section::Criteria, "price_separate", "yes").await;
        office.publish(id).await;
        for (person, role) in [(&office.chair, "chair"), (&office.evaluator, "evaluator"), (&office.second, "evaluator")] {
            office.officer.appoints(id, person, role).await.done();
        }
        for supplier in [&office.acme, &office.brook] {
            supplier.answers(id, "90000").await.done();
            supplier.saves(id, &fields(&[("price_valid", "90"), ("price_covers", "All.")])).await.done();
            supplier.submits(id).await.done();
        }
        office.pass_deadline().await;
        office.officer.opens(id).await.done();
        let priced =
            async |person: &Person| person.lists(id).await.done().responses.iter().any(|one| one.content.price.is_some());
        assert!(!priced(&office.officer).await, "the first opening opens no price");
        office.officer.opens(id).await.refused(Refusal::ScoresNotFinal);
        for person in office.panel() {
            person.declares_nothing(id).await.done();
            person.scores_all(id, &[(&office.acme, 4), (&office.brook, 3)]).await;
            person.locks(id).await.done();
        }
        office.officer.opens(id).await.refused(Refusal::ScoresNotFinal);
        assert_eq!(office.recorded("open_responses", "scores-not-final").await, 2, "the attempts are on record");
        office.chair.approves_record(id).await.done();
        assert!(!priced(&office.officer).await && !priced(&office.chair).await, "final scores alone open nothing");
        office.officer.opens(id).await.done();
        assert!(priced(&office.officer).await);
    }
}

#[tokio::test]
async fn f_what_was_opened_stays_with_authorised_persons() {
    for throwaway in testing::each().await {
        let office = Office::opened(throwaway).await;
        let own = office.acme.response(office.challenge).await;
        office.officer.lists(office.challenge).await.done();
        for (name, person) in others(&office).into_iter().filter(|(name, _)| !["officer", "approver"].contains(name)) {
            // The panel too, as long as their interests are not declared.
            assert!(person.lists(office.challenge).await.is_err(), "{name}");
            assert!(person.reads(own).await.is_err(), "{name}");
        }
    }
}

#[tokio::test]
async fn g_attempts_and_damage_are_found() {
    for throwaway in testing::each().await {
        let office = Office::submitted(throwaway).await;
        let own = office.acme.response(office.challenge).await;
        office.officer.reads(own).await.expect_err("sealed");
        assert_eq!(office.recorded("read_opened_response", "unseen").await, 1, "the attempt is on record");
        let id = office.acme.submits(office.challenge).await.done();
        let paper = response::read_receipt(&office.desk, &office.acme.person.actor, id).await.done().paper;
        let hash = unhex(&paper.record.hash).unwrap().try_into().unwrap();
        let anchors = Anchors::from([(paper.record.position, hash)]);
        let store = &office.desk.store;
        assert_eq!(store.verify_record_against(&anchors).await.unwrap().1, None);
        store.write(|tx| Box::pin(tx.rewrite_record(1))).await.unwrap();
        assert!(store.verify_record_against(&anchors).await.unwrap().1.is_some(), "a record that was written anew");
        assert_eq!(published_keys(&office.desk).await.done().keys.len(), 1);
    }
}

/// All that stands in the sources of this repository.
fn sources(folder: &std::path::Path, all: &mut String) {
    for entry in std::fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() {
            sources(&path, all);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            all.push_str(&std::fs::read_to_string(path).unwrap());
        }
    }
}

#[test]
fn every_rule_names_a_test_that_there_is() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut all = String::new();
    ["crates", "server", "app"].iter().for_each(|folder| sources(&root.join(folder), &mut all));
    let page = std::fs::read_to_string(root.join("docs/sealing.md")).unwrap();
    let rows =
        page.lines().filter(|line| line.starts_with('|') && !line.starts_with("|---") && !line.contains("| rule | tests |"));
    let mut n = 0;
    for row in rows {
        let tests: Vec<&str> = row.split('`').skip(1).step_by(2).collect();
        assert!(!tests.is_empty(), "a rule without a test: {row}");
        for test in tests {
            assert!(all.contains(&format!("fn {test}(")), "there is no test {test}");
        }
        n += 1;
    }
    assert!(n > 30, "the rows are read: {n}");
}
