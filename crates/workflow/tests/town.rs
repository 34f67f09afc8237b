//! The town fills, and everything in it stands where its text says.

#[path = "office/mod.rs"]
mod office;

use std::time::Instant;

use domain::challenge::Stage;
use domain::organisation::Actor;
use domain::policy::{Refusal, SeatStanding};
use office::desk;
use workflow::find::{self, Came};
use workflow::{alert, award, challenge, evaluation, follow, interview, reach, response, town};

#[tokio::test]
async fn the_town_fills_and_every_challenge_is_in_its_stage() {
    for throwaway in store::testing::each().await {
        let desk = desk(&throwaway).await;
        let (begun, mut told) = (Instant::now(), (0, 0));
        let town = town::fill(&desk, |done, all| told = (done, all)).await.unwrap();
        eprintln!("{}: filled in {:?}, {} steps", throwaway.kind, begun.elapsed(), told.1);
        assert_eq!(told.0, told.1);
        assert_eq!(desk.store.clock_offset(), 0);

        let mut stages = Vec::new();
        for (key, id, intended) in town.challenges() {
            let facts =
                desk.store.read().await.unwrap().challenge_facts(&Actor::Visitor, id, store::Lock::None).await.unwrap().unwrap();
            assert_eq!(facts.stage(), intended, "{key}");
            stages.push(intended);
        }
        assert_eq!(stages.len(), 21);
        // No challenge of the town seals its prices apart.
        let passing = [Stage::Pricing];
        let shown = |stage: &Stage| stages.contains(stage) || passing.contains(stage);
        assert!(Stage::ALL.iter().all(shown), "a stage is missing: {stages:?}");
        assert_eq!(town.responses().count(), 53);

        let tied = evaluation::read_result(&desk, &town.actor("elin"), town.challenge("beds")).await.unwrap();
        let first: Vec<_> = tied.outcome.standings.iter().filter(|standing| standing.rank == Some(1)).collect();
        assert_eq!(first.len(), 2, "a real tie at the top");
        assert!(first.iter().all(|standing| standing.tied));

        for (key, awarded) in [("damp", 1), ("leaks", 1), ("linen", 0)] {
            let decision = award::read_decision(&desk, &Actor::Visitor, town.challenge(key)).await.unwrap();
            assert_eq!(decision.lines.len(), awarded, "{key}");
        }
        let leaks = evaluation::read_result(&desk, &town.actor("piotr"), town.challenge("leaks")).await.unwrap();
        assert_eq!(
            leaks.outcome.standings.iter().filter(|standing| !standing.below.is_empty()).count(),
            1,
            "one below a threshold"
        );
        assert_eq!(
            leaks.outcome.standings[0].response,
            town.response("leaks", "siltwatch").get(),
            "the awarded one is the first"
        );
        let damp = evaluation::read_result(&desk, &town.actor("hanna"), town.challenge("damp")).await.unwrap();
        assert_eq!(damp.outcome.standings[0].response, town.response("damp", "northkiln").get());
        let falls = evaluation::read_result(&desk, &town.actor("elin"), town.challenge("falls")).await.unwrap();
        assert_eq!(falls.outcome.standings[0].response, town.response("falls", "oakhouse").get());

        // In its second round: two were invited, and one of them has taken a time for its interview.
        let heat = interview::read_interviews(&desk, &town.actor("tom"), town.challenge("heat")).await.unwrap();
        assert_eq!((heat.facts.standing.round, heat.slots.len(), heat.without.len()), (2, 4, 1));

        let yusuf = town.actor("yusuf");
        let room = evaluation::read_scoring_room(&desk, &yusuf, town.challenge("potholes")).await.unwrap();
        assert_eq!(room.round.facts.seat.as_ref().unwrap().standing, SeatStanding::Recused);
        assert_eq!(room.round.responses.len(), 3, "recused from one of four");
        let half = evaluation::read_scoring_room(&desk, &town.actor("marcus"), town.challenge("potholes")).await.unwrap();
        assert_eq!(half.progress(), (6, 12));
        let sealed = response::list_opened_responses(&desk, &town.actor("elin"), town.challenge("noise")).await.err().unwrap();
        assert_eq!(sealed.refusal(), Some(Refusal::Sealed));

        let anonymous = evaluation::read_moderation(&desk, &town.actor("grace"), town.challenge("visits")).await.unwrap();
        assert!(anonymous.items.iter().all(|item| matches!(item.named, response::Named::Pseudonym(_))));

        let home = challenge::home(&desk).await.unwrap();
        assert_eq!(home.open_count, 6);
        let now = desk.store.now();
        let left = home.open[0].deadline.unwrap().micros() - now.micros();
        assert!(
            left > 4 * domain::moment::HOUR && left < domain::moment::DAY + domain::moment::HOUR,
            "closes within a day: {left}"
        );
        assert!(home.open[1].deadline.unwrap().micros() - now.micros() > town::AGE * domain::moment::DAY, "older than its dates");

        follow::follow_once(&desk).await.unwrap();
        let found = desk.index.visible_ids(&search::Reader::public()).unwrap();
        assert_eq!(
            found.len(),
            23,
            "all but two drafts, one in review and one scheduled; an entry of the library; three buyers and two suppliers"
        );
        // Who keeps a search was told of what came since; and suppliers look for partners.
        for (person, least) in [("ada", 2), ("tom", 1)] {
            let (kept, _) = alert::list_alerts(&desk, &town.actor(person), None).await.unwrap();
            assert!(kept.len() == 1 && kept[0].told >= least, "{person}: {kept:?}");
        }
        for key in ["lead", "lights", "waiting"] {
            let partners = reach::read_partners(&desk, &Actor::Visitor, town.challenge(key)).await.unwrap();
            assert_eq!(partners.notes.len(), 1, "{key}");
        }
        // Beside a problem stands what came of others like it, as their own pages say.
        let mut came = std::collections::BTreeMap::new();
        for (_, id, _) in town.challenges() {
            let alike = find::alike(&desk, &Actor::Visitor, search::Kind::Challenge, id.get()).await.unwrap();
            came.extend(alike.problems.into_iter().map(|(hit, came)| (hit.id, came)));
        }
        for (key, id, stage) in town.challenges() {
            let Some(came) = came.get(&id.get()) else { continue };
            let wanted = match (key, came) {
                ("leaks", Some(Came::Awarded(to))) => {
                    to.len() == 1 && to[0].solution.as_ref().is_some_and(|it| !it.proved.is_empty())
                }
                ("linen", came) => *came == Some(Came::NoneSuitable),
                (_, came) if stage == Stage::Cancelled => *came == Some(Came::Cancelled),
                (_, Some(Came::Awarded(to))) => stage == Stage::Decided && to.iter().all(|one| one.solution.is_none()),
                (_, came) => came.is_none() && stage != Stage::Decided,
            };
            assert!(wanted, "{key}: {came:?}");
        }
        assert!(came.values().flatten().count() > 1, "{came:?}");
        assert_eq!(desk.store.verify_record().await.unwrap().1, None);
        assert_eq!(
            desk.store.read().await.unwrap().outbox_counts().await.unwrap(),
            (0, 0),
            "the mail of the past was read long ago"
        );
    }
}

#[tokio::test]
async fn a_town_is_filled_once_and_first() {
    let throwaway = store::testing::sqlite().await;
    let desk = desk(&throwaway).await;
    desk.store.now();
    let late = town::fill(&desk, |_, _| ()).await.unwrap_err();
    assert!(late.to_string().contains("before anything else reads the clock"), "{late}");
}

#[tokio::test]
async fn those_who_are_shown_may_sign_in() {
    let throwaway = store::testing::sqlite().await;
    let desk = desk(&throwaway).await;
    town::fill(&desk, |_, _| ()).await.unwrap();
    let shown = town::sign_ins();
    assert_eq!(shown.len(), 8, "administrator, officer, approver, chair, two evaluators, two suppliers: {shown:?}");
    for person in shown {
        workflow::account::sign_in(&desk, &person.email, town::PASSWORD, "a test").await.expect(&person.email);
    }
    let again = town::fill(&desk, |_, _| ()).await.unwrap_err();
    assert!(again.to_string().contains("empty installation"), "{again}");
}
