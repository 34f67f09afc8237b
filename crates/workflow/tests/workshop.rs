//! The workshop: who sees a draft, two officers in one section, findings with reasons, briefs, copies, templates.

mod office;

use domain::challenge::{Section, Stage};
use domain::policy::Refusal;
use office::{Office, Person, Told, fields, join};
use store::testing;
use workflow::challenge::{self, TEMPLATES};

const BRAND: &[(&str, &str)] = &[("limits", "It must run on Microsoft Word.")];

async fn colleague(office: &mut Office) -> Person {
    let mut person = Person::arrives(&office.desk, "colleague", false).await;
    join(&office.desk, &office.owner, &mut person, office.buyer, "officer").await;
    person
}

#[tokio::test]
async fn an_officer_of_the_buyer_alone_opens_nothing() {
    for throwaway in testing::each().await {
        let mut office = Office::with_draft(throwaway).await;
        let (desk, id) = (office.desk.clone(), office.challenge);
        let colleague = colleague(&mut office).await;
        for person in [&colleague, &office.outsider, &office.acme.person, &office.administrator] {
            let actor = &person.actor;
            challenge::read_draft(&desk, actor, id).await.map(drop).refused(Refusal::Unseen);
            challenge::read_readiness(&desk, actor, id).await.map(drop).refused(Refusal::Unseen);
            challenge::read_challenge(&desk, actor, id).await.map(drop).refused(Refusal::Unseen);
            person.saves(id, Section::Limits, &[("limits", "Mine.")], 1).await.refused(Refusal::Unseen);
            challenge::take_brief(&desk, actor, id, "Limits:\nMine.").await.refused(Refusal::Unseen);
            let dismissal = fields(&[("finding", "x"), ("reason", "It is what we have.")]);
            challenge::dismiss_finding(&desk, actor, id, &dismissal).await.refused(Refusal::Unseen);
        }
        // An approver of the team reads, and writes nothing.
        challenge::read_readiness(&desk, &office.approver.actor, id).await.done();
        office.approver.saves(id, Section::Limits, &[("limits", "Mine.")], 1).await.refused(Refusal::NotYours);
        // Once named, the colleague may.
        office.officer.names(id, &colleague, "officer").await.done();
        colleague.saves(id, Section::Limits, &[("limits", "Ours.")], 1).await.done();
    }
}

#[tokio::test]
async fn a_draft_of_others_cannot_be_copied_and_a_published_one_is_credited() {
    for throwaway in testing::each().await {
        let mut office = Office::with_draft(throwaway).await;
        let colleague = colleague(&mut office).await;
        let reference = challenge::read_draft(&office.desk, &office.officer.actor, office.challenge).await.done().reference;
        let copy = fields(&[("title", "A copy"), ("copy", &reference)]);
        challenge::begin_challenge(&office.desk, &colleague.actor, &copy).await.invalid("copy-unknown");
        challenge::begin_challenge(&office.desk, &colleague.actor, &fields(&[("title", "A"), ("copy", "WP-0")]))
            .await
            .invalid("copy-unknown");
        office.publish(office.challenge).await;
        let id = challenge::begin_challenge(&office.desk, &colleague.actor, &copy).await.done();
        let found = challenge::read_draft(&office.desk, &colleague.actor, id).await.done();
        assert_eq!(found.draft.title(), "A copy");
        assert_eq!(found.draft.section(Section::Limits).get("limits"), "No cameras.");
        assert!(found.draft.section(Section::Contact).get("credit").contains(&reference));
        assert_eq!(found.draft.section(Section::Contact).get("contact"), "", "whom to ask is not copied");
        assert_eq!(found.draft.section(Section::Timetable).get("deadline_date"), "", "dates are not copied");
        // Of the own team: as it was typed, without credit, with ids of its own.
        let own = challenge::begin_challenge(&office.desk, &office.officer.actor, &copy).await.done();
        let own = challenge::read_draft(&office.desk, &office.officer.actor, own).await.done().draft;
        let first = challenge::read_draft(&office.desk, &office.officer.actor, office.challenge).await.done().draft;
        assert_eq!(own.section(Section::Contact).get("credit"), "");
        assert_eq!(own.section(Section::Contact).get("contact"), "The officer");
        let ids = |draft: &domain::challenge::Draft| draft.section(Section::Outcomes).get("outcome-1-id").to_owned();
        assert_ne!(ids(&own), ids(&first));
    }
}

#[tokio::test]
async fn every_template_begins_a_draft() {
    for throwaway in testing::each().await {
        let office = Office::with_draft(throwaway).await;
        for template in TEMPLATES.iter() {
            let begin = fields(&[("title", "Mine"), ("template", template.code)]);
            let id = challenge::begin_challenge(&office.desk, &office.officer.actor, &begin).await.done();
            let found = challenge::read_draft(&office.desk, &office.officer.actor, id).await.done();
            assert_eq!(found.draft.title(), "Mine");
            let missing: Vec<_> = found.missing.iter().map(|(_, error)| error.field.as_str()).collect();
            assert_eq!(missing, ["deadline_date", "contact"], "{}", template.code);
        }
    }
}

#[tokio::test]
async fn a_brief_adds_to_a_draft_and_takes_nothing_from_it() {
    for throwaway in testing::each().await {
        let office = Office::with_draft(throwaway).await;
        let (desk, actor, id) = (&office.desk, &office.officer.actor, office.challenge);
        let brief = "Who is affected:\n2,300 people.\n\nObjectives:\n- Fewer calls\n\nParking\nBehind the depot.";
        challenge::take_brief(desk, actor, id, brief).await.done();
        let draft = challenge::read_draft(desk, actor, id).await.done().draft;
        assert_eq!(draft.section(Section::Problem).get("affected"), "2,300 people.");
        assert_eq!(draft.section(Section::Problem).get("statement"), "11 % of visits fail.");
        assert_eq!(draft.section(Section::Outcomes).get("outcome-1-title"), "Failed visits");
        assert_eq!(draft.section(Section::Outcomes).get("outcome-2-title"), "Fewer calls");
        assert!(!draft.section(Section::Outcomes).get("outcome-2-id").is_empty());
        challenge::take_brief(desk, actor, id, "  ").await.done();
        // The new outcome lacks its numbers, and says so.
        office.officer.submits_for_review(id).await.invalid("empty");
    }
}

#[tokio::test]
async fn a_brand_in_limits_is_cleared_before_review_by_text_or_by_reason() {
    for throwaway in testing::each().await {
        let office = Office::with_draft(throwaway).await;
        let (desk, officer, id) = (&office.desk, &office.officer, office.challenge);
        officer.saves(id, Section::Limits, BRAND, 1).await.done();
        officer.submits_for_review(id).await.invalid("finding-uncleared");
        assert_eq!(office.stage(id).await, Stage::Draft);
        let found = challenge::read_readiness(desk, &officer.actor, id).await.done();
        let brand = found.findings.iter().find(|told| told.blocks()).expect("a brand").finding.clone();

        // With a reason it passes, and the approver reads the reason.
        let dismissal = |reason: &str| fields(&[("finding", &brand.key()), ("reason", reason)]);
        challenge::dismiss_finding(desk, &officer.actor, id, &dismissal("")).await.invalid("empty");
        challenge::dismiss_finding(desk, &officer.actor, id, &dismissal("so")).await.invalid("reason-short");
        challenge::dismiss_finding(desk, &office.approver.actor, id, &dismissal("All our texts are."))
            .await
            .refused(Refusal::NotYours);
        challenge::dismiss_finding(desk, &officer.actor, id, &dismissal("All our texts are in its format.")).await.done();
        let dismissed = challenge::read_dismissed(desk, &office.approver.actor, id).await.done();
        let told = dismissed.iter().find_map(|told| told.dismissed.clone()).expect("the reason");
        assert_eq!((told.reason.as_str(), told.by_name.as_str()), ("All our texts are in its format.", "officer"));

        // Taken back, it must be cleared again; other words are another finding.
        let key = fields(&[("finding", &brand.key())]);
        challenge::take_back_finding(desk, &officer.actor, id, &key).await.done();
        challenge::take_back_finding(desk, &officer.actor, id, &key).await.invalid("finding-gone");
        officer.submits_for_review(id).await.invalid("finding-uncleared");
        officer.saves(id, Section::Limits, &[("limits", "No cameras.")], 2).await.done();
        challenge::dismiss_finding(desk, &officer.actor, id, &dismissal("All our texts are in its format."))
            .await
            .invalid("finding-gone");
        officer.submits_for_review(id).await.done();
        challenge::dismiss_finding(desk, &officer.actor, id, &dismissal("All our texts are in its format."))
            .await
            .refused(Refusal::Stage);
        // Both acts stand in the record.
        assert_eq!(office.recorded("dismiss_finding", "done").await, 1);
        assert_eq!(office.recorded("take_back_finding", "done").await, 1);
    }
}
