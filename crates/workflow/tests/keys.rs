//! Keys that change and keys that end.

mod office;

use domain::moment::DAY;
use office::{Office, Supplier, Told};
use store::testing;
use workflow::proof::{check, published_keys};
use workflow::rotation::rotate_key;
use workflow::sealing::Keyring;
use workflow::{Chance, Desk, DeskOptions, Passwords, response, retention};

/// The same installation, started with another master key.
async fn started_with(office: &Office, digits: &str) -> Result<Desk, workflow::Error> {
    let chance = Chance::seeded(11);
    Desk::open(DeskOptions {
        store: office.throwaway.store.clone(),
        index: search::Index::in_memory().unwrap(),
        files: office.desk.files.clone(),
        passwords: Passwords::cheap(&chance),
        chance,
        keys: Keyring::from_hex(digits).unwrap(),
        base_url: "http://localhost".into(),
        kind: "test",
    })
    .await
}

#[tokio::test]
async fn a_rotated_key_opens_what_the_old_one_sealed_and_the_old_one_nothing() {
    for throwaway in testing::each().await {
        let office = Office::submitted(throwaway).await;
        let id = office.challenge;
        let actor = &office.acme.person.actor;
        let submission = office.acme.own(id).await.done().submissions[0].id.into();
        let before = response::read_receipt(&office.desk, actor, submission).await.done();

        let chance = Chance::seeded(7);
        let (first, second) = (Keyring::generate(&chance), Keyring::generate(&chance));
        let (old, new) = (Keyring::from_hex(&first).unwrap(), Keyring::from_hex(&second).unwrap());
        let stranger = Keyring::from_hex(&Keyring::generate(&chance)).unwrap();
        assert!(rotate_key(&office.desk.store, &stranger, &new, &chance).await.is_err(), "with a wrong old key nothing happens");
        let done = rotate_key(&office.desk.store, &old, &new, &chance).await.done();
        assert_eq!((done.rounds, done.opened, done.before), (1, 0, false));
        assert!(rotate_key(&office.desk.store, &old, &new, &chance).await.done().before, "again changes nothing");

        assert!(started_with(&office, &first).await.is_err(), "the old key starts nothing");
        let desk = started_with(&office, &second).await.done();
        let after = response::read_receipt(&desk, actor, submission).await.done();
        assert_eq!(after.content, before.content);
        // The receipt is signed by the new key now; the one from before still holds, with the old public half.
        let keys = published_keys(&desk).await.done();
        assert_eq!(keys.keys.len(), 2);
        assert!(check(before.signed.as_deref().unwrap(), &keys).unwrap().key.until.is_some());
        assert!(check(after.signed.as_deref().unwrap(), &keys).unwrap().key.until.is_none());
        assert_eq!(office.recorded("rotate_key", "done").await, 1);

        // What is opened moves with the next rotation too.
        office.pass_deadline().await;
        response::open_responses(&desk, &office.officer.actor, id).await.done();
        let third = Keyring::generate(&chance);
        let done = rotate_key(&office.desk.store, &new, &Keyring::from_hex(&third).unwrap(), &chance).await.done();
        assert_eq!((done.rounds, done.opened), (1, 2));
        let desk = started_with(&office, &third).await.done();
        let opened = response::list_opened_responses(&desk, &office.officer.actor, id).await.done();
        assert_eq!(opened.responses.len(), 2);
    }
}

#[tokio::test]
async fn what_nobody_opened_becomes_unreadable_when_its_time_is_over() {
    for throwaway in testing::each().await {
        let office = Office::moderation(throwaway).await;
        let id = office.challenge;
        office.chair.approves_record(id).await.done();
        office.officer.recommends(id, &office.acme, &[&office.brook]).await.done();
        office.approver.approves_decision(id).await.done();
        assert_eq!(retention::destroy_due_keys(&office.desk).await.done(), 0);
        office.wait(366 * DAY).await;
        assert_eq!(retention::destroy_due_keys(&office.desk).await.done(), 0, "all that there is was opened");
    }
    for throwaway in testing::each().await {
        let office = Office::submitted(throwaway).await;
        let id = office.challenge;
        let superseded = office.acme.own(id).await.done().submissions[0].id.into();
        office.acme.submits(id).await.done();
        office.officer.cancels(id).await.done();
        let read = async |submission| response::read_receipt(&office.desk, &office.acme.person.actor, submission).await.done();
        office.wait(365 * DAY).await;
        assert_eq!(retention::destroy_due_keys(&office.desk).await.done(), 0);
        assert!(read(superseded).await.destroyed_at.is_none());
        office.wait(2 * DAY).await;
        assert_eq!(retention::destroy_due_keys(&office.desk).await.done(), 1);
        assert_eq!(retention::destroy_due_keys(&office.desk).await.done(), 0, "once");
        assert_eq!(office.recorded("destroy_keys", "done").await, 1);
        // The proof stays, the content is gone, and so is the draft; the page of the supplier still reads.
        let receipt = read(superseded).await;
        assert!(receipt.destroyed_at.is_some() && receipt.content.answers.is_empty());
        assert!(office.acme.own(id).await.done().answers.is_empty());
        let zeros = "00".repeat(72);
        let all = office.throwaway.every_value().await;
        assert_eq!(all.iter().filter(|row| row.starts_with("envelope|") && row.contains(&zeros)).count(), 3);
    }
}

/// A draft that was never handed in ends with the round's papers, though others of the round were opened.
#[tokio::test]
async fn the_draft_of_a_response_that_was_never_opened_ends_too() {
    for throwaway in testing::each().await {
        let office = Office::submitted(throwaway).await;
        let id = office.challenge;
        let cedar = Supplier::arrives(&office.desk, "Cedar").await;
        cedar.answers(id, "90000").await.done();
        office.pass_deadline().await;
        response::open_responses(&office.desk, &office.officer.actor, id).await.done();
        office.officer.cancels(id).await.done();
        office.wait(364 * DAY).await;
        assert_eq!(retention::destroy_due_keys(&office.desk).await.done(), 0);
        assert!(!cedar.own(id).await.done().answers.is_empty());
        office.wait(3 * DAY).await;
        assert_eq!(retention::destroy_due_keys(&office.desk).await.done(), 1);
        assert_eq!(retention::destroy_due_keys(&office.desk).await.done(), 0, "once");
        let own = cedar.own(id).await.done();
        assert!(own.answers.is_empty());
        let (zeros, all) = ("00".repeat(72), office.throwaway.every_value().await);
        assert_eq!(all.iter().filter(|row| row.starts_with("response|") && row.contains(&zeros)).count(), 1);
        let (actor, draft) = (&cedar.person.actor, own.facts.response);
        assert!(response::read_partners(&office.desk, actor, draft).await.done().states.is_empty(), "its pages still read");
        assert!(response::read_draft_links(&office.desk, actor, draft).await.done().links.is_empty());
        assert!(!office.acme.own(id).await.done().answers.is_empty(), "what was opened keeps its draft");
        let opened = response::list_opened_responses(&office.desk, &office.officer.actor, id).await.done();
        assert_eq!(opened.responses.len(), 2);
    }
}

/// The size of what is sealed does not tell a short answer from another.
#[tokio::test]
async fn sealed_sizes_do_not_tell_short_answers_apart() {
    for throwaway in testing::each().await {
        let office = Office::open(throwaway).await;
        let id = office.challenge;
        office.acme.answers_with(id, "Yes", "1").await.done();
        office.brook.answers_with(id, &"By turning the doors around. ".repeat(20), "99999").await.done();
        let mut sizes = std::collections::BTreeSet::new();
        let mut conn = office.desk.store.read().await.unwrap();
        for supplier in [&office.acme, &office.brook] {
            let own = supplier.response(id).await;
            let round = conn.challenge_row(id).await.unwrap().unwrap().round.unwrap().into();
            sizes.extend(conn.draft_answers(own, round).await.unwrap().into_iter().map(|row| row.sealed.len()));
        }
        assert_eq!(sizes.len(), 1, "{sizes:?}");
    }
}
