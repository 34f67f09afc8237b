//! The open library and what stands around it: nothing without consent, nothing that tells who answered, and sums instead of
//! people.

mod office;

use domain::form::Fields;
use domain::ids::ChallengeId;
use domain::library::NoAnswer;
use domain::notice::EventKind;
use domain::organisation::Actor;
use domain::policy::Refusal;
use office::{Office, Supplier, Told, fields};
use search::{Kind, Query};
use store::testing;
use workflow::follow::{follow_once, reindex};
use workflow::library::{self, read_supplier};
use workflow::notice::tell_due;
use workflow::{Desk, find, notice, reach};

fn entry() -> Fields {
    fields(&[
        ("title", "Visits that come in time"),
        ("summary", "Routes are planned anew each hour"),
        ("problem", "Carers came late, and nobody knew."),
        ("how", "A plan that follows the traffic, on the telephones that carers have."),
        ("proved-1-what", "Missed visits"),
        ("proved-1-before", "9 a week"),
        ("proved-1-after", "1 a week"),
        ("price", "under_50k"),
        ("consent", "yes"),
    ])
}

async fn finds(desk: &Desk, text: &str) -> Vec<i64> {
    follow_once(desk).await.done();
    let query = Query { text: text.into(), kinds: vec![Kind::Solution], ..Query::default() };
    find::search(desk, &Actor::Visitor, query).await.done().hits.iter().map(|hit| hit.id).collect()
}

/// Acme is awarded, Brook answered too.
async fn decided(throwaway: testing::Throwaway) -> Office {
    let office = Office::moderation(throwaway).await;
    office.chair.approves_record(office.challenge).await.done();
    office.officer.recommends(office.challenge, &office.acme, &[&office.brook]).await.done();
    office.approver.approves_decision(office.challenge).await.done();
    office
}

async fn publishes(of: &Supplier, challenge: Option<ChallengeId>, form: &Fields) -> workflow::Result<domain::ids::SolutionId> {
    library::publish_solution(&of.person.desk, &of.person.actor, challenge, form).await
}

#[tokio::test]
async fn what_is_withdrawn_is_gone_also_from_an_index_that_is_being_made_anew() {
    for throwaway in testing::each().await {
        let office = decided(throwaway).await;
        let published = publishes(&office.acme, Some(office.challenge), &entry()).await.done();
        let folder = tempfile::tempdir().unwrap();
        let other = office.desk.beside(search::Index::open(folder.path()).unwrap().index);
        assert_eq!(finds(&other, "traffic telephones").await, [published.get()]);
        drop(other);
        // Filled by a program of another version: it is read until it is made anew, and followed no more.
        let meta = folder.path().join("meta.json");
        let text = std::fs::read_to_string(&meta).unwrap();
        std::fs::write(&meta, text.replace("\\\"schema\\\":", "\\\"schema\\\":99")).unwrap();
        let other = office.desk.beside(search::Index::open(folder.path()).unwrap().index);
        assert!(other.index.position().is_none() && other.index.left_at().is_some());
        let all = async |text: &str| {
            let query = Query { text: text.into(), ..Query::default() };
            let hits = find::search(&other, &Actor::Visitor, query).await.done().hits;
            hits.iter().map(|hit| hit.kind).collect::<Vec<_>>()
        };
        assert!(all("traffic telephones").await.contains(&Kind::Solution));
        library::withdraw_solution(&office.desk, &office.acme.person.actor, published).await.done();
        assert!(!all("traffic telephones").await.contains(&Kind::Solution), "not even from what is read meanwhile");
        assert!(!all("").await.contains(&Kind::Supplier), "nor its words, by way of its supplier");
        assert!(all("").await.contains(&Kind::Challenge), "all else is");
        reindex(&other, |_| {}).await.done();
        assert!(other.index.left_at().is_none());
        assert!(all("").await.contains(&Kind::Supplier), "awarded, it has a page");
    }
}

#[tokio::test]
async fn the_awarded_publishes_by_consent_and_withdraws_and_nobody_learns_who_else_answered() {
    for throwaway in testing::each().await {
        let office = decided(throwaway).await;
        let (desk, id) = (&office.desk, office.challenge);
        let mut silent = entry();
        silent.set("consent", "");
        publishes(&office.acme, Some(id), &silent).await.invalid("consent");
        publishes(&office.brook, Some(id), &entry()).await.refused(Refusal::Unseen);
        library::begin_entry(desk, &office.brook.person.actor, Some(id)).await.map(drop).refused(Refusal::Unseen);
        library::publish_solution(desk, &office.officer.actor, None, &entry()).await.refused(Refusal::ActAsSupplier);
        let (begun, from) = library::begin_entry(desk, &office.acme.person.actor, Some(id)).await.done();
        assert!(!begun.get("proved-1-what").is_empty(), "its outcomes");
        assert_eq!(from.unwrap().id, id);

        let published = publishes(&office.acme, Some(id), &entry()).await.done();
        assert_eq!(finds(desk, "traffic telephones").await, [published.get()]);
        let view = library::read_entry(desk, &Actor::Visitor, published).await.done();
        assert_eq!((view.entry.title.as_str(), view.own), ("Visits that come in time", false));
        assert_eq!(view.solved.unwrap().id, id);

        // A buyer with the same problem begins from the challenge; one buyer counts once.
        library::share_problem(desk, &office.acme.person.actor, published).await.refused(Refusal::ActAsBuyer);
        let reference = library::share_problem(desk, &office.officer.actor, published).await.done();
        library::share_problem(desk, &office.owner.actor, published).await.done();
        assert_eq!(reference, Some(office.officer.notice(id).await.done().reference));
        assert_eq!(library::read_entry(desk, &Actor::Visitor, published).await.done().row.interest, 1);

        // A change over another's is told; what is withdrawn is gone for all but its supplier, and found by nobody.
        let mut changed = entry();
        changed.set("title", "Visits in time");
        changed.set("seen", "9");
        library::change_solution(desk, &office.acme.person.actor, published, &changed).await.stale();
        changed.set("seen", "1");
        library::change_solution(desk, &office.brook.person.actor, published, &changed).await.refused(Refusal::NotYours);
        library::change_solution(desk, &office.acme.person.actor, published, &changed).await.done();
        library::withdraw_solution(desk, &office.acme.person.actor, published).await.done();
        assert!(finds(desk, "traffic").await.is_empty());
        library::read_entry(desk, &Actor::Visitor, published).await.map(drop).refused(Refusal::Unseen);
        assert!(library::read_entry(desk, &office.acme.person.actor, published).await.done().own);
        changed.set("seen", "3");
        library::change_solution(desk, &office.acme.person.actor, published, &changed).await.done();
        assert_eq!(finds(desk, "traffic").await, [published.get()]);
        reindex(desk, |_| {}).await.done();
        assert_eq!(finds(desk, "traffic").await, [published.get()], "made anew, the index has it too");
    }
}

#[tokio::test]
async fn a_page_is_there_once_something_of_it_is_public() {
    for throwaway in testing::each().await {
        let office = decided(throwaway).await;
        let desk = &office.desk;
        let acme = read_supplier(desk, &Actor::Visitor, office.acme.organisation).await.done();
        assert_eq!((acme.awards.len(), acme.shows), (1, false));
        let brook = office.brook.organisation;
        read_supplier(desk, &Actor::Visitor, brook).await.map(drop).refused(Refusal::Unseen);
        read_supplier(desk, &Actor::Visitor, office.buyer).await.map(drop).refused(Refusal::Unseen);
        library::show_profile(desk, &office.acme.person.actor, brook, true).await.refused(Refusal::Unseen);
        library::show_profile(desk, &office.brook.person.actor, brook, true).await.done();
        assert!(read_supplier(desk, &Actor::Visitor, brook).await.done().shows);
        library::show_profile(desk, &office.brook.person.actor, brook, false).await.done();
        publishes(&office.brook, None, &entry()).await.done();
        let page = read_supplier(desk, &Actor::Visitor, brook).await.done();
        assert_eq!((page.entries.len(), page.awards.len(), page.shows), (1, 0, false), "nothing tells that it answered");
        let buyer = library::read_buyer(desk, office.buyer).await.done();
        assert_eq!((buyer.challenges.len(), buyer.awards.len()), (1, 1));
        library::read_buyer(desk, brook).await.map(drop).refused(Refusal::Unseen);
    }
}

#[tokio::test]
async fn a_buyer_without_publications_has_no_page() {
    let office = Office::with_draft(testing::sqlite().await).await;
    library::read_buyer(&office.desk, office.buyer).await.map(drop).refused(Refusal::Unseen);
}

#[tokio::test]
async fn who_looks_for_a_partner_says_so_while_it_is_open() {
    for throwaway in testing::each().await {
        let office = Office::with_draft(throwaway).await;
        let (desk, id) = (&office.desk, office.challenge);
        let note = fields(&[("brings", "Routing"), ("seeks", "Carers' training"), ("contact", "partner@acme.example")]);
        let acme = &office.acme.person.actor;
        reach::post_partner_note(desk, acme, id, &note).await.refused(Refusal::Unseen);
        office.publish(id).await;
        reach::post_partner_note(desk, &Actor::Visitor, id, &note).await.refused(Refusal::SignIn);
        reach::post_partner_note(desk, &office.officer.actor, id, &note).await.refused(Refusal::Conflict);
        reach::post_partner_note(desk, acme, id, &fields(&[("brings", "x")])).await.invalid("empty");
        reach::post_partner_note(desk, acme, id, &note).await.done();
        reach::post_partner_note(desk, acme, id, &note).await.done();
        reach::post_partner_note(desk, &office.brook.person.actor, id, &note).await.done();
        let seen = reach::read_partners(desk, &Actor::Visitor, id).await.done();
        assert_eq!(seen.notes.len(), 2, "a new note stands in place of the earlier one");
        let of =
            |supplier: &Supplier, reason: &str| fields(&[("supplier", &supplier.organisation.to_string()), ("reason", reason)]);
        reach::end_partner_note(desk, acme, id, &of(&office.brook, "mine is better")).await.refused(Refusal::NotYours);
        reach::end_partner_note(desk, acme, id, &of(&office.acme, "")).await.done();
        reach::end_partner_note(desk, &office.officer.actor, id, &of(&office.brook, "")).await.invalid("empty");
        reach::end_partner_note(desk, &office.officer.actor, id, &of(&office.brook, "An advertisement")).await.done();
        let seen = reach::read_partners(desk, &Actor::Visitor, id).await.done();
        assert_eq!(seen.notes.iter().map(|note| note.reason.as_str()).collect::<Vec<_>>(), ["An advertisement"]);
        // The very post again does not bring back what was taken off; a new one, from the page as it is now, is an act of its own.
        let brook = &office.brook.person.actor;
        reach::post_partner_note(desk, brook, id, &note).await.invalid("partner-meanwhile");
        reach::post_partner_note(desk, acme, id, &note).await.invalid("partner-meanwhile");
        let page = reach::read_partners(desk, brook, id).await.done();
        assert!(page.taken_off);
        let mut anew = note.clone();
        anew.set("after", domain::ids::to_text(page.newest));
        reach::post_partner_note(desk, brook, id, &anew).await.done();
        reach::post_partner_note(desk, brook, id, &anew).await.done();
        let seen = reach::read_partners(desk, &Actor::Visitor, id).await.done();
        let standing = seen.notes.iter().filter(|note| note.ended_at.is_none()).count();
        assert_eq!((standing, seen.notes.len()), (1, 2), "posted once, and what was taken off stays told");
        office.pass_deadline().await;
        reach::post_partner_note(desk, acme, id, &note).await.refused(Refusal::Stage);
    }
}

#[tokio::test]
async fn the_team_reads_sums_and_of_answers_none_before_the_opening() {
    for throwaway in testing::each().await {
        let office = Office::open(throwaway).await;
        let (desk, id) = (&office.desk, office.challenge);
        workflow::challenge::follow_challenge(desk, &office.outsider.actor, id, true).await.done();
        office.acme.takes_part(id).await;
        office.brook.answers(id, "60000").await.done();
        for _ in 0..3 {
            desk.seen.count(id);
        }
        reach::read_reach(desk, &office.acme.person.actor, id).await.map(drop).refused(Refusal::Unseen);
        let before = reach::read_reach(desk, &office.officer.actor, id).await.done();
        assert_eq!((before.seen, before.followed, before.answers), (3, 1, None));
        reach::say_why_not(desk, &office.outsider.actor, id, &fields(&[("reason", "time")])).await.refused(Refusal::Stage);

        office.pass_deadline().await;
        tell_due(desk).await.done();
        assert_eq!(tell_due(desk).await.done(), 0, "asked once");
        let asked = async |actor: &Actor| {
            let told = notice::list_notices(desk, actor, 1).await.done().page;
            told.iter().filter(|told| told.kind == EventKind::WhyNot).count()
        };
        assert_eq!(asked(&office.brook.person.actor).await, 1, "it drafted");
        assert_eq!(asked(&office.outsider.actor).await, 1, "followed");
        assert_eq!(asked(&office.acme.person.actor).await, 0, "it answered");
        assert_eq!(asked(&office.officer.actor).await, 0);
        reach::say_why_not(desk, &office.officer.actor, id, &fields(&[("reason", "time")])).await.refused(Refusal::Conflict);
        reach::say_why_not(desk, &office.outsider.actor, id, &fields(&[("reason", "boredom")])).await.invalid("choose");
        reach::say_why_not(desk, &office.outsider.actor, id, &fields(&[("reason", "time")])).await.done();
        reach::say_why_not(desk, &office.outsider.actor, id, &fields(&[("reason", "budget")])).await.done();
        reach::say_why_not(desk, &office.brook.person.actor, id, &fields(&[("reason", "effort")])).await.done();
        assert_eq!(reach::read_why_not(desk, &office.outsider.actor, id).await.done().1, Some(NoAnswer::Budget));
        let sealed = reach::read_reach(desk, &office.officer.actor, id).await.done();
        assert_eq!((sealed.answers, sealed.reasons), (None, vec![]), "still sealed: none is told");
        office.officer.opens(id).await.done();
        let opened = reach::read_reach(desk, &office.officer.actor, id).await.done();
        assert_eq!(opened.answers, Some((2, 1)));
        assert_eq!(opened.reasons, [(NoAnswer::Budget, 1), (NoAnswer::Effort, 1)]);
    }
}
