//! People invited to read a draft: that one and nothing else, until it ends; and what they say of its passages.

mod office;

use domain::challenge::Section;
use domain::moment::{DAY, MINUTE};
use domain::notice::EventKind;
use domain::organisation::Actor;
use domain::policy::Refusal;
use office::{Office, PASSWORD, Person, Told, fields};
use store::testing;
use workflow::{account, challenge, file, notice, reader};

async fn kinds(person: &Person) -> Vec<EventKind> {
    notice::list_notices(&person.desk, &person.actor, 1).await.done().page.into_iter().map(|told| told.kind).collect()
}

#[tokio::test]
async fn an_invited_person_sees_that_draft_and_nothing_else_of_the_buyer() {
    for throwaway in testing::each().await {
        let office = Office::with_draft(throwaway).await;
        let (id, invited) = (office.challenge, &office.outsider);
        let other = office::draft(&office.desk, &office.officer.actor, "Another").await;
        let of = office.officer.invites_reader(id, invited, "").await.done();
        let elsewhere = office.officer.invites_reader(other, &office.chair, "").await.done();
        let seen = invited.reads_draft(of).await.done();
        assert_eq!((seen.title.as_str(), seen.terms.limits.as_str()), ("Fewer missed visits", "No cameras."));
        invited.reads_draft(elsewhere).await.map(drop).refused(Refusal::Unseen);
        let listed = reader::list_invited(&office.desk, &invited.actor).await.done();
        assert_eq!(listed.iter().map(|draft| draft.id).collect::<Vec<_>>(), [of], "what the own page leads to");
        for draft in [id, other] {
            let (desk, actor) = (&office.desk, &invited.actor);
            challenge::read_draft(desk, actor, draft).await.map(drop).refused(Refusal::Unseen);
            challenge::read_challenge(desk, actor, draft).await.map(drop).refused(Refusal::Unseen);
            challenge::read_readiness(desk, actor, draft).await.map(drop).refused(Refusal::Unseen);
            file::list_files(desk, actor, draft).await.map(drop).refused(Refusal::Unseen);
            reader::read_comments(desk, actor, draft).await.map(drop).refused(Refusal::Unseen);
            invited.saves(draft, Section::Limits, &[("limits", "Mine.")], 1).await.refused(Refusal::Unseen);
            invited.invites_reader(draft, &office.chair, "").await.map(drop).refused(Refusal::Unseen);
        }
    }
}

#[tokio::test]
async fn the_link_opens_for_the_invited_address_alone() {
    for throwaway in testing::each().await {
        let office = Office::with_draft(throwaway).await;
        let of = office.officer.invites_reader(office.challenge, &office.outsider, "").await.done();
        for person in [&office.chair, &office.acme.person, &office.administrator, &office.owner] {
            person.reads_draft(of).await.map(drop).refused(Refusal::Unseen);
            person.remarks(of, "limits", "", "Mine?").await.refused(Refusal::Unseen);
        }
        let visitor = Person { desk: office.desk.clone(), email: String::new(), actor: Actor::Visitor };
        visitor.reads_draft(of).await.map(drop).refused(Refusal::SignIn);
        visitor.reads_draft(domain::ids::ReaderId(7)).await.map(drop).refused(Refusal::SignIn);
        office.outsider.reads_draft(domain::ids::ReaderId(7)).await.map(drop).refused(Refusal::Unseen);
    }
}

#[tokio::test]
async fn an_account_that_is_made_for_the_invitation_opens_it_once_its_address_is_confirmed() {
    for throwaway in testing::each().await {
        let office = Office::with_draft(throwaway).await;
        let form = fields(&[("email", "New@Expert.example")]);
        let of = reader::invite_reader(&office.desk, &office.officer.actor, office.challenge, &form).await.done();
        let person = fields(&[("name", "New"), ("email", "new@expert.example"), ("password", PASSWORD)]);
        account::register(&office.desk, &person).await.done();
        let user = office.desk.store.read().await.unwrap().user_by_email("new@expert.example").await.unwrap().unwrap();
        let actor = Actor::User { user: user.id.into(), administrator: false, acting_as: None };
        let new = Person { desk: office.desk.clone(), email: user.email, actor };
        new.reads_draft(of).await.map(drop).refused(Refusal::Unseen);
        let token = office::mailed(&office.desk, "new@expert.example").await;
        account::confirm_address(&office.desk, &token).await.done();
        new.reads_draft(of).await.done();
    }
}

#[tokio::test]
async fn the_invitation_is_mailed_without_the_title_of_the_draft() {
    for throwaway in testing::each().await {
        let office = Office::with_draft(throwaway).await;
        let of = office.officer.invites_reader(office.challenge, &office.outsider, "").await.done();
        let rows = office.throwaway.every_value().await;
        let mail = rows.iter().find(|row| row.starts_with("outbox|") && row.contains("draft-reader")).expect("a mail");
        assert!(mail.contains(&format!("/drafts/{of}")) && mail.contains("Harbour City"), "{mail}");
        assert!(!mail.contains("missed visits"), "{mail}");
    }
}

#[tokio::test]
async fn revoked_expired_or_published_they_see_nothing() {
    for throwaway in testing::each().await {
        let office = Office::with_draft(throwaway).await;
        let id = office.challenge;
        let revoked = office.officer.invites_reader(id, &office.chair, "").await.done();
        office.chair.remarks(revoked, "limits", "No cameras", "None at all?").await.done();
        office.approver.revokes(id, revoked).await.refused(Refusal::NotYours);
        office.officer.revokes(id, revoked).await.done();
        office.officer.revokes(id, revoked).await.stale();
        assert!(reader::list_invited(&office.desk, &office.chair.actor).await.done().is_empty());
        let again = office.officer.invites_reader(id, &office.second, "").await.done();
        let newest = office.officer.invites_reader(id, &office.second, "").await.done();
        office.second.reads_draft(again).await.map(drop).refused(Refusal::Unseen);
        office.second.reads_draft(newest).await.done();
        let expires = office.officer.invites_reader(id, &office.evaluator, &office.day(1)).await.done();
        let at = office.evaluator.reads_draft(expires).await.done().facts.expires_at;
        office.wait_until(at.plus(-MINUTE)).await;
        office.evaluator.reads_draft(expires).await.done();
        office.wait_until(at).await;
        for (person, of) in [(&office.chair, revoked), (&office.evaluator, expires)] {
            person.reads_draft(of).await.map(drop).refused(Refusal::Unseen);
            person.remarks(of, "limits", "", "Still?").await.refused(Refusal::Unseen);
        }
        office.second.reads_draft(newest).await.done();
        office.publish(id).await;
        office.second.reads_draft(newest).await.map(drop).refused(Refusal::Unseen);
        office.second.remarks(newest, "limits", "", "Still?").await.refused(Refusal::Unseen);
        office.officer.invites_reader(id, &office.outsider, "").await.map(drop).refused(Refusal::Stage);
    }
}

#[tokio::test]
async fn only_an_officer_invites_by_an_address_that_is_not_on_the_team_and_for_a_day_ahead() {
    for throwaway in testing::each().await {
        let office = Office::with_draft(throwaway).await;
        let id = office.challenge;
        office.approver.invites_reader(id, &office.outsider, "").await.map(drop).refused(Refusal::NotYours);
        office.officer.invites_reader(id, &office.approver, "").await.map(drop).invalid("reader-on-team");
        office.officer.invites_reader(id, &office.outsider, &office.day(-2)).await.map(drop).invalid("reader-until-past");
        office.officer.invites_reader(id, &office.outsider, &office.day(100)).await.map(drop).invalid("reader-until-late");
        office.officer.invites_reader(id, &office.outsider, "soon").await.map(drop).invalid("date");
        let none = fields(&[("email", "nobody")]);
        reader::invite_reader(&office.desk, &office.officer.actor, id, &none).await.map(drop).invalid("email");
        assert_eq!(office.recorded("invite_reader", "done").await, 0);
    }
}

#[tokio::test]
async fn quoted_words_are_found_again_or_said_to_be_gone() {
    for throwaway in testing::each().await {
        let office = Office::with_draft(throwaway).await;
        let (id, invited) = (office.challenge, &office.outsider);
        let of = office.officer.invites_reader(id, invited, "").await.done();
        invited.remarks(of, "outcomes", "forty visits", "Which?").await.invalid("quote-not-found");
        invited.remarks(of, "limits", "Failed visits", "Another section's words.").await.invalid("quote-not-found");
        invited.remarks(of, "panel", "", "Nothing is written there.").await.invalid("choose");
        invited.remarks(of, "limits", "No cameras", "").await.invalid("empty");
        let one = invited.remarks(of, "outcomes", "failed  Visits", "All of them?").await.done();
        assert_eq!(one, invited.remarks(of, "outcomes", "failed  Visits", "All of them?").await.done(), "sent twice");
        invited.remarks(of, "limits", "", "As a whole: fine.").await.done();
        let seen = office.officer.comments(id).await.done();
        let found: Vec<_> = seen.comments.iter().map(|of| (of.field.as_deref(), of.gone())).collect();
        assert_eq!(found, [(Some("outcome-1-title"), false), (None, false)]);
        office.edit(id, Section::Outcomes, "outcome-1-title", "Visits that come to nothing").await;
        assert!(office.officer.comments(id).await.done().comments[0].gone());
        assert!(kinds(&office.officer).await.contains(&EventKind::CommentOnDraft));
    }
}

#[tokio::test]
async fn the_team_answers_and_resolves_and_each_reader_sees_the_own_comments_alone() {
    for throwaway in testing::each().await {
        let office = Office::with_draft(throwaway).await;
        let id = office.challenge;
        let of = office.officer.invites_reader(id, &office.outsider, "").await.done();
        let other = office.officer.invites_reader(id, &office.chair, "").await.done();
        let one = office.outsider.remarks(of, "limits", "No cameras", "None at all?").await.done();
        office.chair.remarks(other, "limits", "", "Fine.").await.done();
        office.approver.settles_comment(id, one, "answer").await.refused(Refusal::NotYours);
        office.outsider.settles_comment(id, one, "resolve").await.refused(Refusal::Unseen);
        office.officer.settles_comment(id, one, "answer").await.done();
        let seen = office.outsider.reads_draft(of).await.done();
        assert_eq!(seen.comments.len(), 1);
        assert_eq!(seen.comments[0].row.answer.as_deref(), Some("We ask the schools."));
        assert_eq!(kinds(&office.outsider).await, [EventKind::CommentAnswered]);
        assert!(!kinds(&office.chair).await.contains(&EventKind::CommentAnswered));
        let open = async || {
            let view = challenge::read_draft(&office.desk, &office.approver.actor, id).await.done();
            reader::open_comments(&office.desk, &view, Section::Limits).await.done().len()
        };
        assert_eq!(open().await, 2);
        office.officer.settles_comment(id, one, "resolve").await.done();
        assert_eq!(open().await, 1);
        office.officer.settles_comment(id, one, "reopen").await.done();
        assert_eq!(open().await, 2);
        let another = office::draft(&office.desk, &office.officer.actor, "Another").await;
        office.officer.settles_comment(another, one, "resolve").await.stale();
        office.wait(DAY).await;
        assert_eq!(office.approver.comments(id).await.done().comments.len(), 2, "the team keeps them");
    }
}
