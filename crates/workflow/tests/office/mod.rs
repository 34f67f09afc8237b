//! A small office for tests: one buyer with its people, a panel, two suppliers, one challenge, on a throwaway database of
//! either kind. Its people have the verbs of their trade.
#![allow(dead_code)]

pub mod after;
pub mod before;
pub mod people;

use domain::challenge::{Section, Stage};
use domain::form::Fields;
use domain::ids::{ChallengeId, OrganisationId};
use domain::moment::{DAY, MINUTE, Moment};
use domain::organisation::{ActingAs, Actor, OrganisationKind, Role};
use domain::policy::Refusal;
use store::testing::Throwaway;
use workflow::sealing::Keyring;
use workflow::{Chance, Desk, DeskOptions, Error, Passwords, account, challenge, organisation};

pub use people::{Person, Supplier};

pub const PASSWORD: &str = "a password of tests";

/// A desk on a throwaway database: seeded chance, cheap passwords, an index in memory.
pub async fn desk(throwaway: &Throwaway) -> Desk {
    desk_on(throwaway.store.clone()).await
}

/// The same installation through another store of it: the seed gives the same master key.
pub async fn desk_on(store: store::Store) -> Desk {
    let chance = Chance::seeded(7);
    let keys = Keyring::from_hex(&Keyring::generate(&chance)).unwrap();
    Desk::open(DeskOptions {
        store,
        index: search::Index::in_memory().unwrap(),
        files: files::Files::open(&files::Place::Memory, None, 20 * 1024 * 1024).unwrap(),
        passwords: Passwords::cheap(&chance),
        chance,
        keys,
        base_url: "http://localhost".into(),
        kind: "test",
    })
    .await
    .unwrap()
}

pub fn fields(pairs: &[(&str, &str)]) -> Fields {
    pairs.iter().copied().collect()
}

/// What a test expects of a verb.
pub trait Told<T> {
    fn done(self) -> T;
    fn refused(self, why: Refusal);
    /// The form has an error of this code.
    fn invalid(self, code: &str);
    fn stale(self);
}

impl<T> Told<T> for Result<T, Error> {
    #[track_caller]
    fn done(self) -> T {
        match self {
            Ok(done) => done,
            Err(error) => panic!("{error:?}"),
        }
    }

    #[track_caller]
    fn refused(self, why: Refusal) {
        match self {
            Err(Error::Refused(refused)) => assert_eq!(refused.why, why),
            Err(error) => panic!("not refused but: {error:?}"),
            Ok(_) => panic!("not refused but done"),
        }
    }

    #[track_caller]
    fn invalid(self, code: &str) {
        match self {
            Err(Error::Invalid(errors)) => assert!(errors.iter().any(|error| error.code == code), "{errors:?}"),
            Err(error) => panic!("not invalid but: {error:?}"),
            Ok(_) => panic!("not invalid but done"),
        }
    }

    #[track_caller]
    fn stale(self) {
        match self {
            Err(Error::Stale) => {}
            Err(error) => panic!("not stale but: {error:?}"),
            Ok(_) => panic!("not stale but done"),
        }
    }
}

pub struct Office {
    pub throwaway: Throwaway,
    pub desk: Desk,
    pub buyer: OrganisationId,
    pub administrator: Person,
    pub owner: Person,
    pub officer: Person,
    pub approver: Person,
    pub chair: Person,
    pub evaluator: Person,
    pub second: Person,
    /// Signed in, and nothing to do with any of it.
    pub outsider: Person,
    pub acme: Supplier,
    pub brook: Supplier,
    pub challenge: ChallengeId,
}

impl Office {
    /// With a draft that is complete: a deadline ten days away, questions, two scored criteria and a relative price.
    pub async fn with_draft(throwaway: Throwaway) -> Self {
        eprintln!("on {}", throwaway.kind);
        let desk = desk(&throwaway).await;
        let people = ["administrator", "owner", "officer", "approver", "chair", "evaluator", "second", "outsider"];
        let mut made = Vec::new();
        for name in people {
            made.push(Person::arrives(&desk, name, name == "administrator").await);
        }
        let [administrator, mut owner, mut officer, mut approver, chair, evaluator, second, outsider] =
            made.try_into().ok().unwrap();
        let buyer = found(&desk, &mut owner, "buyer", "Harbour City").await;
        organisation::verify_buyer(&desk, &administrator.actor, buyer, true).await.done();
        // A small buyer, whose one officer opens; tests/opening.rs has one whose openings take two.
        organisation::set_opening_rule(&desk, &owner.actor, buyer, false).await.done();
        join(&desk, &owner, &mut officer, buyer, "officer").await;
        join(&desk, &owner, &mut approver, buyer, "approver").await;
        let acme = Supplier::arrives(&desk, "Acme").await;
        let brook = Supplier::arrives(&desk, "Brook").await;
        let challenge = draft(&desk, &officer.actor, "Fewer missed visits").await;
        officer.names(challenge, &approver, "approver").await.done();
        Self {
            throwaway,
            desk,
            buyer,
            administrator,
            owner,
            officer,
            approver,
            chair,
            evaluator,
            second,
            outsider,
            acme,
            brook,
            challenge,
        }
    }

    pub async fn open(throwaway: Throwaway) -> Self {
        let office = Self::with_draft(throwaway).await;
        office.publish(office.challenge).await;
        for (person, role) in [(&office.chair, "chair"), (&office.evaluator, "evaluator"), (&office.second, "evaluator")] {
            office.officer.appoints(office.challenge, person, role).await.done();
        }
        office
    }

    /// Both suppliers have submitted, and may think again.
    pub async fn submitted(throwaway: Throwaway) -> Self {
        let office = Self::open(throwaway).await;
        for supplier in [&office.acme, &office.brook] {
            supplier.answers(office.challenge, "90000").await.done();
            supplier.submits(office.challenge).await.done();
        }
        office
    }

    /// The same, and the deadline is past by an hour.
    pub async fn closed(throwaway: Throwaway) -> Self {
        let office = Self::submitted(throwaway).await;
        office.pass_deadline().await;
        office
    }

    pub async fn opened(throwaway: Throwaway) -> Self {
        let office = Self::closed(throwaway).await;
        office.officer.opens(office.challenge).await.done();
        office
    }

    /// The panel has no conflicts and has declared so.
    pub async fn scoring(throwaway: Throwaway) -> Self {
        let office = Self::opened(throwaway).await;
        for person in office.panel() {
            person.declares_nothing(office.challenge).await.done();
        }
        office
    }

    /// All have given 4 to Acme and 3 to Brook, and have locked.
    pub async fn moderation(throwaway: Throwaway) -> Self {
        let office = Self::scoring(throwaway).await;
        for person in office.panel() {
            person.scores_all(office.challenge, &[(&office.acme, 4), (&office.brook, 3)]).await;
            person.locks(office.challenge).await.done();
        }
        office
    }

    pub fn panel(&self) -> [&Person; 3] {
        [&self.chair, &self.evaluator, &self.second]
    }

    pub async fn publish(&self, challenge: ChallengeId) {
        challenge::submit_for_review(&self.desk, &self.officer.actor, challenge).await.done();
        challenge::approve_challenge(&self.desk, &self.approver.actor, challenge, &Fields::default()).await.done();
    }

    pub async fn stage(&self, challenge: ChallengeId) -> Stage {
        let mut conn = self.desk.store.read().await.unwrap();
        conn.challenge_facts(&Actor::Visitor, challenge, store::Lock::None).await.unwrap().unwrap().stage()
    }

    pub async fn deadline(&self) -> Moment {
        let mut conn = self.desk.store.read().await.unwrap();
        Moment(conn.challenge_row(self.challenge).await.unwrap().unwrap().deadline.unwrap())
    }

    pub async fn wait(&self, micros: i64) {
        let store = &self.desk.store;
        store.set_clock_offset(store.clock_offset() + micros).await.unwrap();
    }

    pub async fn wait_until(&self, at: Moment) {
        self.wait(at.micros() - self.desk.store.now().micros()).await;
    }

    pub async fn pass_deadline(&self) {
        self.wait_until(self.deadline().await.plus(60 * MINUTE)).await;
    }

    /// So many days from now, as a form takes it.
    pub fn day(&self, days: i64) -> String {
        self.desk.store.now().plus(days * DAY).rfc3339()[..10].to_owned()
    }

    /// The buyer's owner brings in one more approver.
    pub async fn another_approver(&self, name: &str) -> Person {
        let mut person = Person::arrives(&self.desk, name, false).await;
        join(&self.desk, &self.owner, &mut person, self.buyer, "approver").await;
        person
    }

    /// The newest text of a section and its version.
    pub async fn section(&self, id: ChallengeId, section: Section) -> (Fields, i64) {
        let mut conn = self.desk.store.read().await.unwrap();
        let row = conn.sections(id).await.unwrap().into_iter().find(|row| row.section == section.code()).unwrap();
        (serde_json::from_str(&row.fields).unwrap(), row.row_version)
    }

    /// The officer changes one field of a section.
    pub async fn edit(&self, id: ChallengeId, section: Section, field: &str, text: &str) {
        let (mut fields, seen) = self.section(id, section).await;
        fields.set(field, text);
        challenge::save_section(&self.desk, &self.officer.actor, id, section, fields, seen).await.done();
    }

    /// How often a verb stands in the record with this outcome (`done`, or the code of a refusal).
    pub async fn recorded(&self, verb: &str, outcome: &str) -> usize {
        let all = self.throwaway.every_value().await;
        all.iter()
            .filter(|row| {
                row.starts_with("audit|") && row.contains(&format!("|{verb}|")) && row.contains(&format!("|{outcome}|"))
            })
            .count()
    }
}

/// Founds an organisation and acts for it from then on.
pub async fn found(desk: &Desk, owner: &mut Person, kind: &str, name: &str) -> OrganisationId {
    let id = organisation::create_organisation(desk, &owner.actor, &fields(&[("kind", kind), ("name", name)])).await.done();
    owner.acts_for(id).await;
    id
}

/// Invited by the owner, accepted by the mailed link.
pub async fn join(desk: &Desk, owner: &Person, person: &mut Person, id: OrganisationId, role: &str) {
    let invitation = fields(&[("email", &person.email), ("role", role)]);
    organisation::invite_member(desk, &owner.actor, id, &invitation).await.done();
    let token = mailed(desk, &person.email).await;
    organisation::accept_invitation(desk, &person.actor, &person.email, &token).await.done();
    person.acts_for(id).await;
}

/// The one-time link of the last mail to an address; everything that waits is sent.
pub async fn mailed(desk: &Desk, to: &str) -> String {
    let mails = desk
        .store
        .write(|tx| {
            Box::pin(async move {
                let mails = tx.claim_mail(1_000).await?;
                for mail in &mails {
                    tx.mail_sent(mail.id).await?;
                }
                Ok::<_, Error>(mails)
            })
        })
        .await
        .unwrap();
    let mail = mails.iter().rfind(|mail| mail.recipient == to).expect("a mail");
    let (_, token) = mail.params.split_once("token=").expect("a link");
    token.split('"').next().unwrap().to_owned()
}

/// Ten days from now, at noon.
fn deadline(now: Moment) -> String {
    now.plus(10 * DAY).rfc3339()[..10].to_owned()
}

pub async fn draft(desk: &Desk, officer: &Actor, title: &str) -> ChallengeId {
    let problem = fields(&[("title", title), ("summary", "One in nine."), ("statement", "11 % of visits fail.")]);
    let id = challenge::create_challenge(desk, officer, problem).await.done();
    let date = deadline(desk.store.now());
    let sections = [
        (
            Section::Outcomes,
            fields(&[
                ("outcome-1-title", "Failed visits"),
                ("outcome-1-baseline", "11 %"),
                ("outcome-1-target", "4 %"),
                ("outcome-1-by", "end of next year"),
            ]),
        ),
        (Section::Limits, fields(&[("limits", "No cameras.")])),
        (Section::Budget, fields(&[("budget", "120000"), ("currency", "EUR")])),
        (Section::Questions, fields(&[("question-1-label", "How?"), ("question-2-label", "What if it fails?")])),
        (
            Section::Criteria,
            fields(&[
                ("criterion-1-name", "Effect"),
                ("criterion-1-weight", "50"),
                ("criterion-1-threshold", "2"),
                ("criterion-2-name", "Care"),
                ("criterion-2-weight", "20"),
                ("criterion-3-name", "Price"),
                ("criterion-3-weight", "30"),
                ("criterion-3-kind", "price-relative"),
            ]),
        ),
        (Section::Timetable, fields(&[("deadline_date", &date), ("deadline_time", "12:00"), ("zone", "UTC")])),
        (Section::Contact, fields(&[("contact", "The officer")])),
    ];
    for (section, fields) in sections {
        challenge::save_section(desk, officer, id, section, fields, 0).await.done();
    }
    id
}

async fn membership(desk: &Desk, user: i64, id: OrganisationId) -> Option<ActingAs> {
    let held = desk.store.read().await.unwrap().memberships_of(user).await.unwrap();
    let held = held.into_iter().find(|held| held.organisation == id.get())?;
    Some(ActingAs {
        membership: held.id.into(),
        organisation: id,
        kind: OrganisationKind::parse(&held.kind)?,
        role: Role::parse(&held.role)?,
    })
}

async fn user(desk: &Desk, name: &str, administrator: bool) -> (String, Actor) {
    let email = format!("{}@office.example", name.to_lowercase().replace(' ', "-"));
    let person = fields(&[("name", name), ("email", &email), ("password", PASSWORD)]);
    let user = account::add_user(desk, &person, administrator).await.done();
    (email, Actor::User { user, administrator, acting_as: None })
}

/// The columns of a table, from the migrations that made them.
pub fn columns(table: &str) -> Vec<String> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../migrations");
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let mut found = Vec::new();
    for file in files {
        let text = std::fs::read_to_string(file).unwrap();
        if let Some((_, rest)) = text.split_once(&format!("create table {table} (")) {
            let body = rest.split_once("\n);").unwrap().0;
            let names = body.lines().filter_map(|line| line.split_whitespace().next());
            found.extend(names.filter(|name| !["primary", "unique", "check", "--"].contains(name)).map(str::to_owned));
        }
        for added in text.split(&format!("alter table {table} add column ")).skip(1) {
            found.push(added.split_whitespace().next().unwrap().to_owned());
        }
    }
    found
}
