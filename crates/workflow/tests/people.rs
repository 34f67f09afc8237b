//! Those who help a supplier answer: who reads a draft by a link, partners who sign it off, who signs declarations.

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
use workflow::response::{self, SharedDraft, SignOffState};
use workflow::{Error, challenge, evaluation, sealing};

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

/// Two partners, one with a named person. Gives their ids.
async fn names_partners(office: &Office, supplier: &Supplier, first: &str, second: &str) -> Vec<String> {
    let (id, actor) = (supplier.response(office.challenge).await, &supplier.person.actor);
    let typed = fields(&[
        ("partner-1-name", first),
        ("partner-1-work", "Sensors"),
        ("partner-1-email", "boss@partner.example"),
        ("partner-2-name", second),
        ("partner-2-work", "Mounting"),
        ("partner-2-kind", "subcontractor"),
        ("partner-2-people", "Cy Cole"),
    ]);
    response::save_partners(&office.desk, actor, id, &typed).await.done();
    let view = response::read_partners(&office.desk, actor, id).await.done();
    assert_eq!(view.errors, Vec::new());
    view.parties.unwrap().partners.into_iter().map(|partner| partner.id).collect()
}

/// Asks the first partner, and gives what the mailed link carries.
async fn asks_to_sign(office: &Office, supplier: &Supplier, partner: &str) -> String {
    let (id, actor) = (supplier.response(office.challenge).await, &supplier.person.actor);
    response::ask_sign_off(&office.desk, actor, id, &fields(&[("partner", partner)])).await.done();
    office::mailed(&office.desk, "boss@partner.example").await
}

async fn state(office: &Office, supplier: &Supplier, partner: &str) -> SignOffState {
    let (id, actor) = (supplier.response(office.challenge).await, &supplier.person.actor);
    let view = response::read_partners(&office.desk, actor, id).await.done();
    view.states.get(partner).cloned().expect("a partner")
}

async fn signs(office: &Office, token: &str, digest: &str) -> Result<(), Error> {
    let form = fields(&[("digest", digest), ("name", "Bea Boss"), ("agree", "yes")]);
    response::sign_off(&office.desk, &Actor::Visitor, token, &form).await
}

#[tokio::test]
async fn a_sign_off_binds_one_content_and_lapses_with_any_change() {
    for throwaway in testing::each().await {
        let office = Office::with_draft(throwaway).await;
        let actor = &office.officer.actor;
        let asked = fields(&[("partners_sign", "yes")]);
        challenge::save_section(&office.desk, actor, office.challenge, Section::Terms, asked, 0).await.done();
        office.publish(office.challenge).await;
        let id = office.challenge;
        office.acme.answers(id, "90000").await.done();
        let partners = names_partners(&office, &office.acme, "Zwergschnepfe", "Cole").await;
        office.acme.submits(id).await.invalid("partner-unsigned");
        let missing = office.acme.own(id).await.done().missing.len();
        assert_eq!(missing, 2, "told before it is tried");
        let token = asks_to_sign(&office, &office.acme, &partners[0]).await;
        assert!(matches!(state(&office, &office.acme, &partners[0]).await, SignOffState::Asked(_)));
        let shown = response::read_to_sign(&office.desk, &Actor::Visitor, &token).await.done();
        let digest = shown.digest.expect("it is complete");
        // It is no link that only reads; nobody of the buyer signs or reads by it.
        reads(&office, &Actor::Visitor, &token).await.refused(Refusal::Unseen);
        response::read_to_sign(&office.desk, actor, &token).await.map(drop).refused(Refusal::Unseen);
        let unsure = fields(&[("digest", &digest), ("name", "Bea Boss")]);
        response::sign_off(&office.desk, &Actor::Visitor, &token, &unsure).await.invalid("sign-agree");
        assert!(matches!(signs(&office, &token, "another").await, Err(Error::Stale)));
        signs(&office, &token, &digest).await.done();
        signs(&office, &token, &digest).await.done();
        assert_eq!(office.recorded("sign_off", "done").await, 1, "twice is once");
        assert!(state(&office, &office.acme, &partners[0]).await.holds());
        let told = office.acme.submits(id).await;
        assert_eq!(office.acme.own(id).await.done().missing.len(), 1, "the other has not");
        told.invalid("partner-unsigned");

        // A change of one letter, and back.
        office.acme.saves(id, &fields(&[("price", "90001")])).await.done();
        assert!(matches!(state(&office, &office.acme, &partners[0]).await, SignOffState::Lapsed { .. }));
        assert!(matches!(signs(&office, &token, &digest).await, Err(Error::Stale)), "what is not shown is not signed");
        office.acme.saves(id, &fields(&[("price", "90000")])).await.done();
        assert!(state(&office, &office.acme, &partners[0]).await.holds());

        // Without the other partner it says something else; the first signs that, by a new link, and the old one ends.
        let typed = response::read_partners(&office.desk, &office.acme.person.actor, office.acme.response(id).await).await.done();
        let seen = typed.own.answers["parties"].row_version.to_string();
        let mut one: Fields = typed.typed.0.into_iter().filter(|(name, _)| !name.starts_with("partner-2-")).collect();
        one.set("seen", seen);
        let saved = response::save_partners(&office.desk, &office.acme.person.actor, office.acme.response(id).await, &one);
        assert_eq!(saved.await.done().stale, Vec::<String>::new());
        let again = asks_to_sign(&office, &office.acme, &partners[0]).await;
        response::read_to_sign(&office.desk, &Actor::Visitor, &token).await.map(drop).refused(Refusal::Unseen);
        let shown = response::read_to_sign(&office.desk, &Actor::Visitor, &again).await.done();
        signs(&office, &again, &shown.digest.expect("it is complete")).await.done();
        office.acme.submits(id).await.done();
        let secret = sealing::hex("Zwergschnepfe".as_bytes());
        let all = office.throwaway.every_value().await;
        assert!(!all.iter().any(|row| row.contains("Zwergschnepfe") || row.to_lowercase().contains(&secret)), "sealed");
        office.pass_deadline().await;
        signs(&office, &again, "any").await.refused(Refusal::Unseen);
        office.officer.opens(id).await.done();
        let opened = office.officer.lists(id).await.done();
        assert_eq!(opened.responses[0].content.partners()[0].name, "Zwergschnepfe");
        let own = office.acme.response(id).await;
        let (_, read) = response::read_opened_response(&office.desk, actor, own).await.done();
        assert!(read.signed[&partners[0]].holds(), "the officer reads who signed what was opened");
    }
}

/// Where the challenge does not ask for it, a sign-off holds nobody up.
#[tokio::test]
async fn partners_and_the_people_they_name_are_in_the_panels_list() {
    for throwaway in testing::each().await {
        let office = Office::open(throwaway).await;
        let id = office.challenge;
        for (supplier, first) in [(&office.acme, "Alder"), (&office.brook, "acme")] {
            supplier.answers(id, "90000").await.done();
            names_partners(&office, supplier, first, "Cole").await;
            supplier.submits(id).await.done();
        }
        office.pass_deadline().await;
        let before = evaluation::read_panel(&office.desk, &office.chair.actor, id).await.done();
        assert!(before.parties.is_empty());
        office.officer.opens(id).await.done();
        let panel = evaluation::read_panel(&office.desk, &office.chair.actor, id).await.done();
        let names: Vec<&str> = panel.parties.iter().map(|(_, name)| name.as_str()).collect();
        assert_eq!(names, ["Acme", "Alder", "Brook", "Cole", "Cy Cole"], "each once, in alphabetical order");
        // Cole works for both, Alder for one; Acme answers itself and is Brook's partner.
        for (person, name, count) in [(&office.chair, "Cole", 2), (&office.evaluator, "Alder", 1), (&office.second, "Acme", 2)] {
            let key = panel.parties.iter().find(|(_, of)| of == name).unwrap().0;
            let mut declared = fields(&[("conflict", "yes"), ("undertaking", "on"), ("statement", "A cousin.")]);
            declared.set(format!("party-{}", domain::ids::to_text(key)), "on");
            evaluation::declare_interest(&office.desk, &person.actor, id, &declared).await.done();
            let view = evaluation::read_panel(&office.desk, &person.actor, id).await.done();
            assert_eq!(view.declarations[0].1, [name], "what was chosen, and not which supplier works with it");
            assert!(view.behind.is_empty());
            let team = evaluation::read_panel(&office.desk, &office.officer.actor, id).await.done();
            assert_eq!(team.behind[&view.declarations[0].0.id].len(), count, "{name}");
        }
        let mut nobody = fields(&[("conflict", "yes"), ("undertaking", "on"), ("statement", "A cousin.")]);
        nobody.set(format!("party-{}", domain::ids::to_text(7)), "on");
        evaluation::declare_interest(&office.desk, &office.chair.actor, id, &nobody).await.invalid("party-none");
    }
}
