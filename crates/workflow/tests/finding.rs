//! The index finds what the policy allows, no more and no less, whatever the clock says.

mod office;

use std::collections::BTreeSet;

use domain::challenge::{Section, Stage};
use domain::ids::ChallengeId;
use domain::moment::{DAY, HOUR, Moment};
use domain::organisation::Actor;
use domain::policy::{may_find, read_opened_response};
use office::{Office, Person, Told, draft, fields};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use search::Kind;
use store::testing::{self, Throwaway};
use workflow::history::{self, History};
use workflow::{challenge, find, follow};

/// What becomes of somebody who is to sit on a panel.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Place {
    None,
    Undeclared,
    Clear,
    /// A conflict with Acme: not settled, settled by recusal, settled by removal.
    Unsettled,
    Recused,
    Removed,
    /// Declared, and the seat was ended.
    Ended,
}

fn place() -> impl Strategy<Value = Place> {
    use Place::{Clear, Ended, None, Recused, Removed, Undeclared, Unsettled};
    prop_oneof![Just(None), Just(Undeclared), Just(Clear), Just(Unsettled), Just(Recused), Just(Removed), Just(Ended)]
}

/// One challenge of a random world.
#[derive(Clone, Debug)]
struct Plan {
    /// 0 draft, 1 in review, 2 scheduled, 3 published, 4 published, answered by two suppliers and opened.
    progress: u8,
    anonymous: bool,
    /// Of the chair, of one who scores, and of one who scores, advises or observes.
    places: [Place; 3],
    third: &'static str,
    /// Scheduled for so many days ahead.
    days: i64,
    cancelled: bool,
    /// The owner is on its team too.
    owner: bool,
    /// Its officer is taken off the team afterwards.
    left: bool,
}

fn plan() -> impl Strategy<Value = Plan> {
    let third = prop_oneof![Just("evaluator"), Just("adviser"), Just("observer")];
    let panel = (any::<bool>(), [place(), place(), place()], third);
    ((0..5u8, 1..4i64, any::<bool>(), any::<bool>(), any::<bool>()), panel).prop_map(
        |((progress, days, cancelled, owner, left), (anonymous, places, third))| Plan {
            progress,
            anonymous,
            places,
            third,
            days,
            cancelled: cancelled && progress != 4,
            owner,
            left: left && owner,
        },
    )
}

async fn build(office: &Office, plans: &[Plan]) -> Vec<ChallengeId> {
    let mut made = Vec::new();
    for (number, plan) in plans.iter().enumerate() {
        let (desk, officer) = (&office.desk, &office.officer);
        let id = draft(desk, &officer.actor, &format!("Challenge {number}")).await;
        officer.names(id, &office.approver, "approver").await.done();
        made.push(id);
        if plan.anonymous {
            let panel = fields(&[("anonymous", "yes")]);
            challenge::save_section(desk, &officer.actor, id, Section::Panel, panel, 0).await.done();
        }
        if plan.owner {
            officer.names(id, &office.owner, "officer").await.done();
        }
        if plan.progress > 0 {
            officer.submits_for_review(id).await.done();
        }
        match plan.progress {
            2 => {
                let date = desk.store.now().plus(plan.days * DAY).rfc3339()[..10].to_owned();
                office.approver.approves(id, &date).await.done();
            }
            3 | 4 => office.approver.approves(id, "").await.done(),
            _ => {}
        }
        if plan.progress == 4 {
            for supplier in [&office.acme, &office.brook] {
                supplier.answers_with(id, "We plan routes anew", "90000").await.done();
                supplier.submits(id).await.done();
            }
            for (person, place, role) in panel(office, plan) {
                if place != Place::None {
                    officer.appoints(id, person, role).await.done();
                }
            }
        }
        if plan.left && plan.progress != 4 {
            office.owner.names(id, officer, "").await.done();
        }
        if plan.cancelled {
            office.approver.cancels(id).await.done();
        }
    }
    made
}

fn panel<'a>(office: &'a Office, plan: &Plan) -> [(&'a Person, Place, &'static str); 3] {
    let [chair, evaluator, second] = plan.places;
    [(&office.chair, chair, "chair"), (&office.evaluator, evaluator, "evaluator"), (&office.second, second, plan.third)]
}

/// Behind the deadline: opened, and the panel declares.
async fn open(office: &Office, id: ChallengeId, plan: &Plan) {
    let officer = &office.officer;
    officer.opens(id).await.done();
    for (person, place, role) in panel(office, plan) {
        match place {
            Place::None | Place::Undeclared => {}
            // Who observes declares nothing.
            _ if role == "observer" => {}
            Place::Clear | Place::Ended => person.declares_nothing(id).await.done(),
            Place::Unsettled => {}
            Place::Recused | Place::Removed => {
                person.declares_conflict(id, &office.acme).await.done();
                officer.settles(id, if place == Place::Recused { "recused" } else { "removed" }).await.done();
            }
        }
        if place == Place::Ended {
            let seats = workflow::evaluation::read_panel(&office.desk, &officer.actor, id).await.done().seats;
            let user = person.actor.user().unwrap().get();
            let seat = seats.iter().find(|seat| seat.user == user).expect("the seat").id;
            let why = fields(&[("end_reason", "Moved to another town.")]);
            let ended = workflow::evaluation::end_seat(&office.desk, &officer.actor, id, seat, &why).await;
            // None is ended below the panel's quorum: it stays, and the world is one with it.
            let needed =
                matches!(&ended, Err(workflow::Error::Invalid(errors)) if errors.iter().all(|it| it.code == "end-quorum"));
            if !needed {
                ended.done();
            }
        }
    }
    // Last, so that none of those before settles another's.
    for (person, place, role) in panel(office, plan) {
        if place == Place::Unsettled && role != "observer" {
            person.declares_conflict(id, &office.acme).await.done();
        }
    }
    if plan.left {
        office.owner.names(id, officer, "").await.done();
    }
}

/// The ids of the responses that the policy lets the actor read.
async fn readable(office: &Office, actor: &Actor, challenges: &[ChallengeId]) -> BTreeSet<i64> {
    let mut conn = office.desk.store.read().await.unwrap();
    let mut readable = BTreeSet::new();
    for id in challenges {
        for supplier in [&office.acme, &office.brook] {
            let own = &supplier.person.actor;
            let facts = conn.challenge_facts(own, *id, store::Lock::None).await.unwrap().unwrap();
            let Some(response) = facts.own_response else { continue };
            let facts = conn.response_facts(actor, response, store::Lock::None).await.unwrap().unwrap();
            if read_opened_response(actor, &facts).is_ok() {
                readable.insert(response.get());
            }
        }
    }
    readable
}

/// Exactly what may be read is found, and no name that the reader may not know stands in it or finds it.
async fn opened_door(office: &Office, actor: &Actor, readable: &BTreeSet<i64>) {
    let search = |text: &str| {
        let query = search::Query { text: text.into(), per_page: 1_000, ..search::Query::default() };
        find::search_responses(&office.desk, actor, query)
    };
    let ids = |found: &find::FoundResponses| found.page.hits.iter().map(|hit| hit.id).collect::<BTreeSet<i64>>();
    let nameless = |found: &find::FoundResponses, hit: &search::Hit| {
        matches!(found.of[&hit.id].named, workflow::response::Named::Pseudonym(_))
    };
    let all = search("").await.done();
    assert_eq!(ids(&all), *readable, "{actor:?}");
    assert_eq!((all.page.total, all.of.len()), (readable.len(), readable.len()));
    // Without any patience the round opened last is searched all the same, and the others are named.
    let query = search::Query { per_page: 1_000, ..search::Query::default() };
    let hasty = find::search_for(&office.desk, actor, query, std::time::Duration::ZERO).await.done();
    assert!(ids(&hasty).is_subset(readable) && ids(&hasty).is_empty() == readable.is_empty(), "{actor:?}");
    assert!(all.left_out.is_empty() && (ids(&hasty) == *readable || !hasty.left_out.is_empty()), "{:?}", hasty.left_out);
    for text in ["routes", "rutes", "challenge"] {
        assert_eq!(ids(&search(text).await.done()), *readable, "{actor:?} {text}");
    }
    for hit in all.page.hits.iter().filter(|hit| nameless(&all, hit)) {
        let said = format!("{hit:?}");
        assert!(!said.contains("Acme") && !said.contains("Brook"), "{said}");
    }
    for name in ["acme", "brook"] {
        let found = search(name).await.done();
        assert!(ids(&found).is_subset(readable) && !found.page.hits.iter().any(|hit| nameless(&found, hit)), "{actor:?} {name}");
    }
    // In no other search, whatever is asked.
    for kinds in [vec![], vec![Kind::Response]] {
        let query = search::Query { text: "routes".into(), kinds, ..search::Query::default() };
        assert_eq!(find::search(&office.desk, actor, query).await.done().total, 0);
    }
}

type Found = BTreeSet<(Kind, i64)>;

async fn visible(office: &Office, actor: &Actor) -> Found {
    let reader = find::reader(&find::scope(&office.desk, actor).await.done());
    office.desk.index.visible_ids(&reader).unwrap().into_iter().collect()
}

/// What the policy says of every challenge in the database; and its buyer, once one of them is public.
async fn allowed(office: &Office, actor: &Actor) -> Found {
    let scope = find::scope(&office.desk, actor).await.done();
    let mut conn = office.desk.store.read().await.unwrap();
    let now = conn.now().await.unwrap();
    let rows = conn.scan_challenges(0, 1_000).await.unwrap();
    let buyer = rows.iter().any(|row| row.standing().is_public(now)).then_some((Kind::Buyer, office.buyer.get()));
    rows.iter()
        .filter(|row| may_find(&scope, ChallengeId(row.challenge), &row.standing(), now))
        .map(|row| (Kind::Challenge, row.challenge))
        .chain(buyer)
        .collect()
}

/// Hits, counts, suggestions and what is alike tell of exactly these documents, and of none beside them.
async fn every_door(office: &Office, actor: &Actor, allowed: &Found) {
    let desk = &office.desk;
    let ids = |hits: &[search::Hit]| hits.iter().map(|hit| (hit.kind, hit.id)).collect::<Found>();
    for text in ["", "challenge", "chalenge"] {
        let query = search::Query { text: text.into(), per_page: 1_000, ..search::Query::default() };
        let page = find::search(desk, actor, query.clone()).await.done();
        assert!(ids(&page.hits).is_subset(allowed), "{actor:?} {text}");
        if text.is_empty() {
            assert_eq!(ids(&page.hits), *allowed);
        }
        let counted: usize = page.counts.iter().map(|(_, count)| count).sum();
        assert_eq!((counted, page.total), (page.hits.len(), page.hits.len()));
        for (place, count) in &page.facets.places {
            let query = search::Query { place: Some(place.clone()), ..query.clone() };
            assert_eq!(find::search(desk, actor, query).await.done().hits.len(), *count);
        }
        for (when, count) in &page.facets.when {
            let query = search::Query { when: *when, facets: false, ..query.clone() };
            let found = find::search(desk, actor, query).await.done();
            assert_eq!(found.total, *count, "the clock of the counts and of the filter");
        }
    }
    let suggested = find::suggest(desk, actor, "chal".into(), 50).await.done();
    assert!(suggested.iter().all(|suggestion| allowed.contains(&(suggestion.kind, suggestion.id))));
    let mut conn = desk.store.read().await.unwrap();
    for row in conn.scan_challenges(0, 1_000).await.unwrap() {
        let alike = find::alike(desk, actor, Kind::Challenge, row.challenge).await.done();
        let told: Found = alike.problems.iter().map(|(hit, _)| (hit.kind, hit.id)).collect();
        assert!(told.is_subset(allowed));
        assert!(allowed.contains(&(Kind::Challenge, row.challenge)) || told.is_empty(), "what is hidden answers nothing");
    }
}

fn people(office: &Office) -> Vec<Actor> {
    let nobody = |person: &Person| match &person.actor {
        Actor::User { user, administrator, .. } => Actor::User { user: *user, administrator: *administrator, acting_as: None },
        other => other.clone(),
    };
    let all = [
        &office.officer,
        &office.owner,
        &office.approver,
        &office.chair,
        &office.evaluator,
        &office.second,
        &office.administrator,
        &office.outsider,
        &office.acme.person,
    ];
    all.into_iter().map(|person| person.actor.clone()).chain([Actor::Visitor, nobody(&office.officer)]).collect()
}

async fn holds(throwaway: Throwaway, plans: &[Plan]) {
    let office = Office::with_draft(throwaway).await;
    let mut made = build(&office, &plans[..plans.len() / 2]).await;
    follow::follow_once(&office.desk).await.done();
    made.extend(build(&office, &plans[plans.len() / 2..]).await);
    // The last two: before the opening, behind every deadline; and after it.
    for (nth, hours) in [0, 25, 30, 72, 240, 0].into_iter().enumerate() {
        office.wait(hours * HOUR).await;
        if nth == 5 {
            for (id, plan) in made.iter().zip(plans).filter(|(_, plan)| plan.progress == 4) {
                open(&office, *id, plan).await;
            }
        }
        follow::follow_once(&office.desk).await.done();
        for actor in people(&office) {
            let allowed = allowed(&office, &actor).await;
            assert_eq!(visible(&office, &actor).await, allowed, "{actor:?} after {hours} hours more");
            every_door(&office, &actor, &allowed).await;
            let readable = readable(&office, &actor, &made).await;
            assert!(nth == 5 || readable.is_empty(), "sealed until it is opened");
            opened_door(&office, &actor, &readable).await;
        }
    }
    // A node that starts anew knows the same.
    let followed: Vec<_> = futures::future::join_all(people(&office).iter().map(|actor| visible(&office, actor))).await;
    follow::reindex(&office.desk, |_| ()).await.done();
    for (actor, before) in people(&office).iter().zip(followed) {
        assert_eq!(visible(&office, actor).await, before, "{actor:?} after a reindex");
    }
}

#[test]
fn the_index_finds_what_the_policy_allows() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    // Each world is looked at by eleven people at six instants, on each database: some hundreds of comparisons; more where
    // WELLPOSED_WORLDS says so (`./dev bench visibility`).
    let worlds = std::env::var("WELLPOSED_WORLDS").ok().and_then(|text| text.parse().ok());
    let config = Config { cases: worlds.unwrap_or(8), failure_persistence: None, ..Config::default() };
    let check = |plans: Vec<Plan>| {
        runtime.block_on(async {
            for throwaway in testing::each().await {
                holds(throwaway, &plans).await;
            }
        });
        Ok(())
    };
    TestRunner::new(config).run(&proptest::collection::vec(plan(), 1..6), check).unwrap();
}

#[tokio::test]
async fn what_falls_due_is_found_without_any_write() {
    for throwaway in testing::each().await {
        let office = Office::with_draft(throwaway).await;
        let id = office.challenge;
        office.officer.submits_for_review(id).await.done();
        let date = office.desk.store.now().plus(2 * DAY).rfc3339()[..10].to_owned();
        office.approver.approves(id, &date).await.done();
        follow::follow_once(&office.desk).await.done();
        assert!(visible(&office, &Actor::Visitor).await.is_empty());
        assert_eq!(visible(&office, &office.officer.actor).await.len(), 1);

        let before = office.desk.store.read().await.unwrap().head().await.unwrap();
        office.wait(3 * DAY).await;
        assert!(visible(&office, &Actor::Visitor).await.is_empty(), "late, never early: it fails closed");
        assert_eq!(follow::follow_once(&office.desk).await.done(), 2);
        let found = BTreeSet::from([(Kind::Challenge, id.get()), (Kind::Buyer, office.buyer.get())]);
        assert_eq!(visible(&office, &Actor::Visitor).await, found, "the challenge, and with it its buyer");
        assert_eq!(follow::follow_once(&office.desk).await.done(), 0, "once");
        assert_eq!(office.stage(id).await, Stage::Open);
        assert_eq!(office.desk.store.read().await.unwrap().head().await.unwrap(), before, "nothing was written");
    }
}

#[tokio::test]
async fn a_batch_that_shares_a_position_is_followed_whole() {
    for throwaway in testing::each().await {
        let office = Office::with_draft(throwaway).await;
        follow::follow_once(&office.desk).await.done();
        // One change first, so that what is read at once ends inside a batch.
        draft(&office.desk, &office.officer.actor, "One more").await;
        let lines: String =
            (0..2_300).map(|n| format!("{{\"source\": \"s\", \"id\": \"{n}\", \"title\": \"Past {n}\"}}\n")).collect();
        let report = history::import(&office.desk, History::Challenges, lines.as_bytes(), |_| ()).await.done();
        assert_eq!(report.written, 2_300);
        follow::follow_once(&office.desk).await.done();
        let found = office.desk.index.visible_ids(&search::Reader::public()).unwrap();
        assert_eq!(found.iter().filter(|(kind, _)| *kind == Kind::PastChallenge).count(), 2_300);
    }
}

#[tokio::test]
async fn however_much_falls_due_at_once_is_followed() {
    for throwaway in testing::each().await {
        let office = Office::with_draft(throwaway).await;
        let (id, user) = (office.challenge.get(), office.outsider.actor.user().unwrap().get());
        let due = office.desk.store.now().plus(DAY);
        office
            .desk
            .store
            .write(move |tx| {
                Box::pin(async move {
                    for n in 0..2_300 {
                        // Nine of ten in one microsecond.
                        tx.changed(
                            "challenge_due",
                            if n == 0 { id } else { n },
                            Some(Moment(due.micros() + if n % 10 == 9 { n } else { 0 })),
                        );
                    }
                    tx.record_account("edit_profile", user).await
                })
            })
            .await
            .unwrap();
        follow::follow_once(&office.desk).await.done();
        office.wait(2 * DAY).await;
        let following = tokio::time::timeout(std::time::Duration::from_secs(30), follow::follow_once(&office.desk));
        // And the buyer of the one that there is.
        assert_eq!(following.await.expect("it comes to an end").done(), 2_301);
        assert_eq!(follow::follow_once(&office.desk).await.done(), 0);
    }
}

#[tokio::test]
async fn who_wrote_it_finds_it_at_once() {
    for throwaway in testing::each().await {
        let office = Office::with_draft(throwaway).await;
        let (desk, officer) = (&office.desk, &office.officer.actor);
        follow::follow_once(desk).await.done();
        let following = tokio::spawn(follow::follow(desk.clone()));
        for n in 0..5 {
            let title = format!("Freshly{n}wrought");
            let id = draft(desk, officer, &title).await;
            let query = search::Query { text: title, ..search::Query::default() };
            let found = find::search(desk, officer, query.clone()).await.done();
            assert_eq!(found.hits.iter().map(|hit| hit.id).collect::<Vec<_>>(), [id.get()]);
            assert_eq!(find::search(desk, &Actor::Visitor, query).await.done().total, 0);
        }
        following.abort();
    }
}

#[tokio::test]
async fn each_node_follows_with_an_index_of_its_own() {
    for throwaway in testing::each().await {
        let office = Office::with_draft(throwaway).await;
        let folder = tempfile::tempdir().unwrap();
        let other = office.desk.beside(search::Index::open(folder.path()).unwrap().index);
        let all = |desk: &workflow::Desk| desk.index.visible_ids(&search::Reader::public()).unwrap();
        follow::follow_once(&office.desk).await.done();
        follow::follow_once(&other).await.done();
        office.officer.submits_for_review(office.challenge).await.done();
        office.approver.approves(office.challenge, "").await.done();
        // One follows, the other not yet: each has a position of its own.
        follow::follow_once(&office.desk).await.done();
        assert_eq!((all(&office.desk).len(), all(&other).len()), (2, 0));
        // The other is stopped and comes back: it goes on where its own index stood.
        let stood = other.index.position();
        drop(other);
        let index = search::Index::open(folder.path()).unwrap();
        assert!(!index.fresh);
        let other = office.desk.beside(index.index);
        assert_eq!(other.index.position(), stood);
        follow::follow_once(&other).await.done();
        assert_eq!(all(&other), all(&office.desk));
        // Deleted, it is made anew.
        drop(other);
        std::fs::remove_dir_all(folder.path()).unwrap();
        let index = search::Index::open(folder.path()).unwrap();
        assert!(index.fresh);
        let other = office.desk.beside(index.index);
        follow::follow_once(&other).await.done();
        assert_eq!(all(&other), all(&office.desk));
    }
}

#[tokio::test]
async fn while_it_is_made_anew_it_serves_what_it_had() {
    for throwaway in testing::each().await {
        let office = Office::with_draft(throwaway).await;
        office.officer.submits_for_review(office.challenge).await.done();
        office.approver.approves(office.challenge, "").await.done();
        follow::follow_once(&office.desk).await.done();
        let mut seen = Vec::new();
        let index = office.desk.index.clone();
        follow::reindex(&office.desk, |_| seen.push(index.visible_ids(&search::Reader::public()).unwrap().len())).await.done();
        assert!(!seen.is_empty() && seen.iter().all(|count| *count == 2), "{seen:?}");
        assert_eq!(follow::follow_once(&office.desk).await.done(), 0, "and goes on from there");
    }
}
