//! Those who help a supplier answer: who reads a draft by a link.

mod office;

use domain::challenge::Section;
use domain::form::Fields;
use domain::ids::{DraftLinkId, ResponseId};
use domain::moment::{DAY, MINUTE};
use domain::organisation::Actor;
use domain::policy::{DraftLinkKind, Refusal};
use domain::profile::Standing;
use domain::response::Field;
use office::{Office, Person, Supplier, Told, fields, join};
use store::testing;
use workflow::response::{self, SharedDraft};
use workflow::{Error, challenge, sealing};

/// A link to the supplier's draft for a week: its id, and what it carries.
async fn shares(office: &Office, supplier: &Supplier, whom: &str) -> (DraftLinkId, String) {
    let (id, actor) = (supplier.response(office.challenge).await, &supplier.person.actor);
    let link = response::share_draft(&office.desk, actor, id, &fields(&[("whom", whom), ("days", "7")])).await.done();
    let all = response::read_draft_links(&office.desk, actor, id).await.done();
    let address = all.links.into_iter().find(|one| one.id == link).and_then(|one| one.address).expect("an address");
    (link, address.split_once("token=").expect("a token").1.to_owned())
}

async fn reads(office: &Office, actor: &Actor, token: &str) -> Result<SharedDraft, Error> {
    response::read_shared_draft(&office.desk, actor, token, DraftLinkKind::Read).await
}

#[tokio::test]
async fn who_holds_a_link_reads_the_draft_and_nobody_finds_it() {
    for throwaway in testing::each().await {
        let office = Office::open(throwaway).await;
        office.acme.answers_with(office.challenge, "Our way", "90000").await.done();
        let (_, token) = shares(&office, &office.acme, "Zwergschnepfe").await;
        let read = reads(&office, &Actor::Visitor, &token).await.done();
        assert!(read.own.answers.values().any(|answer| answer.text.contains("Our way")));
        reads(&office, &office.outsider.actor, &token).await.done();
        assert_eq!(office.recorded("share_draft", "done").await, 1);
        assert_eq!(office.recorded("read_shared_draft", "done").await, 1, "once a minute");
        office.wait(MINUTE).await;
        reads(&office, &Actor::Visitor, &token).await.done();
        assert_eq!(office.recorded("read_shared_draft", "done").await, 2);
        // Neither the link nor for whom it is stands in any byte of the database.
        for secret in [token.as_str(), "Zwergschnepfe"] {
            let bytes = sealing::hex(secret.as_bytes());
            let all = office.throwaway.every_value().await;
            assert!(!all.iter().any(|row| row.contains(secret) || row.to_lowercase().contains(&bytes)), "{secret}");
        }
        // Another link, a shortened one, none, and one of the other kind.
        for wrong in ["", "x", &token[1..]] {
            reads(&office, &Actor::Visitor, wrong).await.refused(Refusal::Unseen);
        }
        response::read_shared_draft(&office.desk, &Actor::Visitor, &token, DraftLinkKind::Sign).await.refused(Refusal::Unseen);
    }
}

/// Forwarded by mistake, it opens nothing for those who must not know who answers; and that somebody tried is on record.
#[tokio::test]
async fn a_link_is_none_for_the_buyer_and_its_panel() {
    for throwaway in testing::each().await {
        let office = Office::open(throwaway).await;
        office.acme.answers(office.challenge, "90000").await.done();
        let (_, token) = shares(&office, &office.acme, "The boss").await;
        for person in [&office.officer, &office.approver, &office.owner, &office.chair, &office.evaluator] {
            reads(&office, &person.actor, &token).await.refused(Refusal::Unseen);
        }
        assert_eq!(office.recorded("read_shared_draft", "unseen").await, 5);
    }
}

#[tokio::test]
async fn a_link_ends_when_it_is_taken_back_at_its_date_and_when_its_maker_leaves() {
    for throwaway in testing::each().await {
        let mut office = Office::open(throwaway).await;
        office.acme.answers(office.challenge, "90000").await.done();
        let id = office.acme.response(office.challenge).await;
        let (link, token) = shares(&office, &office.acme, "The boss").await;
        let (desk, visitor) = (office.desk.clone(), Actor::Visitor);
        let revoke = async |who: &Person, of: ResponseId| {
            let named: Fields = [("link", link.to_string())].into_iter().collect();
            response::revoke_draft_link(&desk, &who.actor, of, &named).await
        };
        // Nobody else takes it back, and not through a response of one's own.
        revoke(&office.brook.person, id).await.refused(Refusal::Unseen);
        revoke(&office.officer, id).await.refused(Refusal::Unseen);
        office.brook.answers(office.challenge, "80000").await.done();
        let other = office.brook.response(office.challenge).await;
        assert!(revoke(&office.brook.person, other).await.is_err());
        reads(&office, &visitor, &token).await.done();
        revoke(&office.acme.person, id).await.done();
        reads(&office, &visitor, &token).await.refused(Refusal::Unseen);

        // A colleague's link ends with the colleague.
        let mut colleague = Person::arrives(&office.desk, "colleague", false).await;
        let organisation = office.acme.organisation;
        join(&office.desk, &office.acme.person, &mut colleague, organisation, "member").await;
        let asked = fields(&[("whom", "Her boss"), ("days", "14")]);
        let made = response::share_draft(&office.desk, &colleague.actor, id, &asked).await.done();
        let all = response::read_draft_links(&office.desk, &office.acme.person.actor, id).await.done();
        let address = all.links.into_iter().find(|one| one.id == made).and_then(|one| one.address).expect("an address");
        let theirs = address.split_once("token=").expect("a token").1.to_owned();
        reads(&office, &visitor, &theirs).await.done();
        let gone = colleague.actor.user().expect("a person");
        workflow::organisation::end_membership(&office.desk, &office.acme.person.actor, organisation, gone).await.done();
        reads(&office, &visitor, &theirs).await.refused(Refusal::Unseen);

        let (_, token) = shares(&office, &office.acme, "The boss again").await;
        office.wait(7 * DAY - MINUTE).await;
        reads(&office, &visitor, &token).await.done();
        office.wait(MINUTE).await;
        reads(&office, &visitor, &token).await.refused(Refusal::Unseen);
        // After the deadline there is nothing left to advise on.
        office.pass_deadline().await;
        let asked = fields(&[("whom", "Late"), ("days", "1")]);
        office.acme.person.acts_for(organisation).await;
        response::share_draft(&office.desk, &office.acme.person.actor, id, &asked).await.refused(Refusal::Late);
    }
}

/// The notice asks that two conditions are declared; the third is not declared.
async fn asking_declarations(throwaway: testing::Throwaway) -> Office {
    let office = Office::with_draft(throwaway).await;
    let asked = fields(&[
        ("requirement-1-title", "Insured during the pilot"),
        ("requirement-1-declare", "yes"),
        ("requirement-2-title", "No unpaid taxes"),
        ("requirement-2-declare", "yes"),
        ("requirement-3-title", "A plan is enclosed"),
        ("requirement-3-kind", "completeness"),
    ]);
    let actor = &office.officer.actor;
    challenge::save_section(&office.desk, actor, office.challenge, Section::Requirements, asked, 0).await.done();
    office.publish(office.challenge).await;
    office
}

#[tokio::test]
async fn what_the_notice_asks_to_be_declared_is_sealed_with_the_answers() {
    for throwaway in testing::each().await {
        let office = asking_declarations(throwaway).await;
        let id = office.challenge;
        office.acme.answers(id, "90000").await.done();
        let own = office.acme.own(id).await.done();
        let [insured, taxes] = [0, 1].map(|n| own.terms.requirements[n].id);
        let clear = |field: Field| (field.name(), String::new());
        let blank = [Field::Declare(insured), Field::Declare(taxes), Field::SignedBy, Field::SignedOn].map(clear);
        office.acme.saves(id, &blank.into_iter().collect()).await.done();
        let missing: Vec<String> = office.acme.own(id).await.done().missing.into_iter().map(|error| error.code).collect();
        assert_eq!(missing, ["declare-missing", "declare-missing", "signed-by", "signed-on"], "told before it is tried");
        office.acme.submits(id).await.invalid("declare-missing");
        let said = [
            (Field::Declare(insured).name(), "yes"),
            (Field::Declare(taxes).name(), "no"),
            (Field::DeclareWhy(taxes).name(), "Paid since Monday"),
            (Field::SignedBy.name(), "Zwergschnepfe"),
            (Field::SignedOn.name(), "2026-11-26"),
        ];
        office.acme.saves(id, &said.into_iter().collect()).await.done();
        office.acme.submits(id).await.done();
        assert!(!office.throwaway.every_value().await.iter().any(|row| row.contains("Zwergschnepfe")));
        office.pass_deadline().await;
        office.officer.opens(id).await.done();
        let opened = office.officer.lists(id).await.done();
        let content = &opened.responses[0].content;
        assert_eq!(content.declaration(taxes), Some((false, "Paid since Monday")));
        assert_eq!(content.signature(), ("Zwergschnepfe", "2026-11-26"));
        let mut hidden = content.clone();
        hidden.hide_names();
        assert_eq!(hidden.signature(), ("", "2026-11-26"), "the panel of an anonymous round sees no name");
    }
}

/// Who has no company registers as what they are, and answers like anybody.
#[tokio::test]
async fn a_person_answers_without_a_company() {
    for throwaway in testing::each().await {
        let office = Office::open(throwaway).await;
        for (kind, standing) in [("person", Standing::Person), ("team", Standing::Team), ("supplier", Standing::Registered)] {
            let mut person = Person::arrives(&office.desk, kind, false).await;
            let id = office::found(&office.desk, &mut person, kind, kind).await;
            let view = workflow::organisation::read_organisation(&office.desk, &person.actor, id).await.done();
            assert_eq!((view.organisation.kind.as_str(), view.organisation.profile().unwrap().standing), ("supplier", standing));
            response::start_response(&office.desk, &person.actor, office.challenge).await.done();
        }
    }
}
