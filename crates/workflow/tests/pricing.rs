//! Prices that are sealed apart: nobody sees one before the quality scores are final, and then all are opened by the same two.

mod office;

use domain::challenge::{Section, Stage};
use domain::policy::Refusal;
use office::{Office, Person, Told, fields, join};
use store::testing::{self, Throwaway};
use workflow::proof::{check, published_keys};
use workflow::response::{PRICE, QUALITY};
use workflow::{challenge, organisation, response};

/// Both suppliers have submitted under a challenge that seals prices apart; openings take two where `by_two`.
async fn closed(throwaway: Throwaway, by_two: bool) -> (Office, Person) {
    let office = Office::with_draft(throwaway).await;
    organisation::set_opening_rule(&office.desk, &office.owner.actor, office.buyer, by_two).await.done();
    let mut second = Person::arrives(&office.desk, "second officer", false).await;
    join(&office.desk, &office.owner, &mut second, office.buyer, "officer").await;
    office.officer.names(office.challenge, &second, "officer").await.done();
    let (mut criteria, seen) = office.section(office.challenge, Section::Criteria).await;
    criteria.set("price_separate", "yes");
    challenge::save_section(&office.desk, &office.officer.actor, office.challenge, Section::Criteria, criteria, seen)
        .await
        .done();
    office.publish(office.challenge).await;
    for (person, role) in [(&office.chair, "chair"), (&office.evaluator, "evaluator"), (&office.second, "evaluator")] {
        office.officer.appoints(office.challenge, person, role).await.done();
    }
    let covers = [("price_valid", "90"), ("price_covers", "Machines, people and travel.")];
    office.acme.answers(office.challenge, "90000").await.done();
    office.acme.saves(office.challenge, &fields(&covers)).await.done();
    office.acme.submits(office.challenge).await.done();
    // All in one post: what was typed lies in both envelopes, and nowhere else.
    let own = office.brook.starts(office.challenge).await.done();
    let mut form = office.brook.complete(office.challenge, "Brook would do it", "60000").await.done();
    covers.iter().for_each(|(name, text)| form.set(*name, *text));
    let (desk, actor) = (&office.desk, &office.brook.person.actor);
    response::submit_answers(desk, actor, own, desk.store.now(), &form, "all").await.done();
    office.pass_deadline().await;
    (office, second)
}

async fn scored(office: &Office) {
    for person in office.panel() {
        person.declares_nothing(office.challenge).await.done();
        person.scores_all(office.challenge, &[(&office.acme, 4), (&office.brook, 3)]).await;
        person.locks(office.challenge).await.done();
    }
}

async fn asks(office: &Office, person: &Person) -> Result<(), workflow::Error> {
    response::ask_opening(&office.desk, &person.actor, office.challenge).await
}

#[tokio::test]
async fn prices_open_by_two_and_only_when_the_scores_are_final() {
    for throwaway in testing::each().await {
        let (office, second) = closed(throwaway, true).await;
        let id = office.challenge;
        asks(&office, &office.officer).await.done();
        assert_eq!(second.opens(id).await.done(), 2);
        let unpriced = |round: response::OpenedRound| {
            round
                .responses
                .iter()
                .all(|one| one.content.price.is_none() && one.content.valid_days().is_none() && one.content.blind.is_empty())
        };
        assert!(unpriced(office.officer.lists(id).await.done()), "the first opening opens the answers alone");
        // Whoever asks, at whatever stage before: refused, and on record.
        asks(&office, &office.officer).await.refused(Refusal::ScoresNotFinal);
        second.opens(id).await.refused(Refusal::ScoresNotFinal);
        scored(&office).await;
        assert_eq!(office.stage(id).await, Stage::Moderation);
        second.opens(id).await.refused(Refusal::ScoresNotFinal);
        assert_eq!(office.recorded("open_responses", "scores-not-final").await, 2);
        assert_eq!(office.recorded("ask_opening", "scores-not-final").await, 1);

        office.chair.approves_record(id).await.done();
        assert_eq!(office.stage(id).await, Stage::Pricing);
        for person in [&office.officer, &office.chair, &office.approver] {
            person.result(id).await.map(drop).refused(Refusal::Stage);
            assert!(unpriced(person.lists(id).await.done()));
        }
        // The ask for the answers counts for nothing here.
        second.opens(id).await.refused(Refusal::OpeningNotAsked);
        office.approver.opens(id).await.refused(Refusal::NotYours);
        asks(&office, &office.officer).await.done();
        office.officer.opens(id).await.refused(Refusal::OpeningOwn);
        assert_eq!(second.opens(id).await.done(), 2);
        assert_eq!(office.stage(id).await, Stage::Result);
        let opened = office.officer.lists(id).await.done();
        assert!(opened.responses.iter().all(|one| one.content.price.is_some() && one.content.valid_days() == Some(90)));
        let result = office.officer.result(id).await.done();
        let brook = office.brook.response(id).await.get();
        let line = result.outcome.standings.iter().find(|one| one.response == brook).unwrap().lines.last().unwrap();
        assert_eq!(line.points.as_ref().unwrap().display2(), "30.00", "the lowest price");
        second.opens(id).await.refused(Refusal::Stage);
    }
}

#[tokio::test]
async fn one_receipt_covers_both_envelopes_and_each_opening_has_its_record() {
    for throwaway in testing::each().await {
        let (office, second) = closed(throwaway, true).await;
        let id = office.challenge;
        let actor = &office.acme.person.actor;
        let submission = office.acme.own(id).await.done().submissions[0].id.into();
        let receipt = response::read_receipt(&office.desk, actor, submission).await.done();
        assert_eq!(receipt.content.price.as_ref().unwrap().minor, 9_000_000, "its supplier reads all that it sent");
        assert_eq!(receipt.content.valid_days(), Some(90));
        let held = workflow::proof::content_holds(&receipt.paper.content, &receipt.content.canonical());
        assert_eq!(held, workflow::proof::ContentStanding::Same, "what is downloaded is what the receipt's digest is of");
        assert_eq!(receipt.paper.content.envelopes.keys().collect::<Vec<_>>(), [PRICE, QUALITY]);

        asks(&office, &office.officer).await.done();
        second.opens(id).await.done();
        assert_eq!(office.acme.own(id).await.done().opened_same, Some(true));
        scored(&office).await;
        office.chair.approves_record(id).await.done();
        response::read_opening(&office.desk, &office.officer.actor, id, PRICE).await.map(drop).expect_err("not yet");
        asks(&office, &second).await.done();
        office.officer.opens(id).await.done();
        assert_eq!(office.acme.own(id).await.done().opened_same, Some(true));
        let keys = published_keys(&office.desk).await.done();
        let mut positions = Vec::new();
        for kind in [QUALITY, PRICE] {
            let record = response::read_opening(&office.desk, &office.officer.actor, id, kind).await.done();
            assert_eq!((record.paper.envelope.as_str(), record.paper.number), (kind, 2));
            assert!(check(&record.signed, &keys).is_ok());
            let own = &receipt.paper.content.envelopes[kind];
            assert!(
                record.paper.submissions.iter().any(|one| one.sha256 == *own),
                "the receipt says what the record of {kind} holds"
            );
            positions.push(record.paper.record.position);
        }
        assert!(positions[0] < positions[1], "each in its own place of the record");
        // Somebody with the database puts another digest there: the supplier sees it.
        let zeros = if office.throwaway.kind == "postgres" { "decode('00', 'hex')" } else { "x'00'" };
        office.throwaway.tamper(&format!("update envelope set opened_digest = {zeros} where kind = 'price'")).await;
        assert_eq!(office.acme.own(id).await.done().opened_same, Some(false));
    }
}

/// All or nothing: a price that does not open as it was sealed opens none.
#[tokio::test]
async fn a_price_that_was_tampered_with_opens_nothing() {
    for throwaway in testing::each().await {
        let (office, _) = closed(throwaway, false).await;
        let id = office.challenge;
        office.officer.opens(id).await.done();
        scored(&office).await;
        office.chair.approves_record(id).await.done();
        // The quality envelope's seal in the place of the price's.
        let moved = "update envelope set sealed = (select q.sealed from envelope q where q.submission = envelope.submission and q.kind = 'quality')
            where kind = 'price' and submission = (select max(id) from submission)";
        office.throwaway.tamper(moved).await;
        office.officer.opens(id).await.map(drop).expect_err("a broken seal");
        assert_eq!(office.stage(id).await, Stage::Pricing);
        assert!(office.officer.lists(id).await.done().responses.iter().all(|one| one.content.price.is_none()));
    }
}

/// The prices follow an opening and an ask that the record tells of as they stand, or stay sealed.
#[tokio::test]
async fn prices_stay_sealed_where_ask_or_opening_is_not_as_recorded() {
    use response::Lack;
    for throwaway in testing::each().await {
        let (office, second) = closed(throwaway, true).await;
        let id = office.challenge;
        asks(&office, &office.officer).await.done();
        second.opens(id).await.done();
        scored(&office).await;
        office.chair.approves_record(id).await.done();
        let lacks = async |what: &str| match second.opens(id).await {
            Err(workflow::Error::NotWhole(all)) => all.into_iter().map(|one| one.what).collect::<Vec<_>>(),
            other => panic!("{what}: {other:?}"),
        };
        // The ask for the answers, made anew as one for the prices.
        office
            .throwaway
            .tamper("insert into opening_ask (id, round, envelope, at, by_user) select 1, round, 'price', at, by_user from opening_ask")
            .await;
        assert_eq!(lacks("a forged ask").await, [Lack::Ask]);
        office.throwaway.tamper("delete from opening_ask where id = 1").await;
        asks(&office, &office.officer).await.done();
        office.throwaway.tamper("update opening set to_check = to_check + 1").await;
        assert_eq!(lacks("another opening of the answers").await, [Lack::Opening]);
        office.throwaway.tamper("update opening set to_check = to_check - 1").await;
        assert_eq!(office.stage(id).await, Stage::Pricing);
        assert_eq!(second.opens(id).await.done(), 2);
    }
}

/// Nobody who has read the answers, the receipt's digest and the database can try likely prices against it.
#[tokio::test]
async fn the_digest_of_a_price_cannot_be_tried_out() {
    for throwaway in testing::each().await {
        let (office, _) = closed(throwaway, false).await;
        let id = office.challenge;
        office.officer.opens(id).await.done();
        let mut read = office.officer.lists(id).await.done();
        let response = office.acme.response(id).await;
        let own = read.responses.iter_mut().find(|one| one.id == response).unwrap();
        let row = office.acme.own(id).await.done().submissions.remove(0);
        let whole = response::read_receipt(&office.desk, &office.acme.person.actor, row.id.into()).await.done().content;
        let mut guess = own.content.clone();
        guess.price = whole.price;
        guess.answers = whole.answers.clone();
        let digest = |content: &domain::response::Content| workflow::sealing::digest(&row.salt, &content.canonical());
        assert_ne!(digest(&guess), row.digest, "the right price alone does not give the digest");
        assert_eq!(digest(&whole), row.digest);
        // Both envelopes of all are of one size: no price is told by its length.
        let mut conn = office.desk.store.read().await.unwrap();
        let round = conn.challenge_row(id).await.unwrap().unwrap().round.unwrap().into();
        let sizes: std::collections::BTreeSet<usize> =
            conn.standing_envelopes(round, PRICE).await.unwrap().iter().map(|envelope| envelope.sealed.len()).collect();
        assert_eq!(sizes.len(), 1);
    }
}

/// The choice is frozen: no amendment seals apart what was published together.
#[tokio::test]
async fn what_is_sealed_apart_is_frozen_at_publication() {
    for throwaway in testing::each().await {
        let office = Office::open(throwaway).await;
        let told = office.officer.writes_amendment(office.challenge, Section::Criteria, &[("price_separate", "yes")]).await;
        assert!(told.is_err(), "an amendment changed how prices are sealed");
    }
}

/// The draft has a price as long as the envelope has it that it was submitted in; after that it has none, and nobody is told of a loss.
#[tokio::test]
async fn a_price_that_was_typed_with_its_submission_ends_with_its_envelope() {
    for throwaway in testing::each().await {
        let (office, _) = closed(throwaway, true).await;
        let read = office.brook.own(office.challenge).await.done();
        let said = ["price", "price_valid", "price_covers"].map(|name| read.answers[name].text.clone());
        assert_eq!(said, ["60000", "90", "Machines, people and travel."]);
        assert!(read.missing.is_empty());
        let zeros = if office.throwaway.kind == "postgres" { "decode('00', 'hex')" } else { "x'00'" };
        let ended = format!("update envelope set sealed_key = {zeros}, destroyed_at = 1 where kind = 'price'");
        office.throwaway.tamper(&ended).await;
        let read = office.brook.own(office.challenge).await.done();
        assert!(read.answers["price"].text.is_empty() && !read.answers["price"].lost);
        assert!(read.answers.values().any(|answer| answer.text == "Brook would do it"), "the other envelope is whole");
    }
}
