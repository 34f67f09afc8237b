//! A small office: a buyer with an officer and an approver, a supplier, an open challenge; made through the policy, as
//! everything is.

use std::sync::atomic::{AtomicI64, Ordering};

use domain::challenge::{TeamRole, Terms};
use domain::ids::{ChallengeId, MembershipId, OrganisationId, ResponseId, RoundId, SubmissionId, UserId};
use domain::law::LawProfile;
use domain::moment::{DAY, Moment};
use domain::organisation::{ActingAs, Actor, OrganisationKind, Role};
use domain::policy::{self, Refused};
use store::{Conn, Lock, NewEnvelope, NewOpening, NewSubmission, NewUser, Publication, Store, Tx};

/// By one person, of the one envelope that there is.
pub fn plain_opening(digest: Vec<u8>) -> NewOpening<'static> {
    NewOpening { kind: "quality", asked: None, names: false, digest, left: store::Left::default() }
}

/// What a verb of these tests ends with.
#[derive(Debug)]
pub enum Fault {
    Store(store::Error),
    Refused(Refused),
}

impl From<store::Error> for Fault {
    fn from(error: store::Error) -> Self {
        Fault::Store(error)
    }
}

impl From<Refused> for Fault {
    fn from(refused: Refused) -> Self {
        Fault::Refused(refused)
    }
}

impl Fault {
    pub fn is_stale(&self) -> bool {
        matches!(self, Fault::Store(store::Error::Stale))
    }

    pub fn refused(&self) -> Option<&'static str> {
        match self {
            Fault::Refused(refused) => Some(refused.why.code()),
            Fault::Store(_) => None,
        }
    }
}

pub fn id() -> i64 {
    static NEXT: AtomicI64 = AtomicI64::new(1_000);
    NEXT.fetch_add(1, Ordering::Relaxed)
}

pub fn new_user(id: i64) -> NewUser {
    NewUser {
        id,
        email: format!("{id}@example.org"),
        name: format!("Person {id}"),
        password: String::new(),
        administrator: false,
        confirmed: true,
        zone: "UTC".into(),
    }
}

/// The shortest verb that writes and records: what tests of the writer write.
pub async fn register(tx: &mut Tx) -> store::Result<i64> {
    let id = id();
    tx.insert_user(&new_user(id)).await?;
    Ok(id)
}

pub async fn user(store: &Store) -> i64 {
    verb!(store, tx => { register(tx).await }).await.expect("a user")
}

pub fn nobody(user: i64) -> Actor {
    Actor::User { user: UserId(user), administrator: false, acting_as: None }
}

pub fn acting(user: i64, organisation: i64, kind: OrganisationKind, role: Role) -> Actor {
    let acting_as = ActingAs { membership: MembershipId(user), organisation: OrganisationId(organisation), kind, role };
    Actor::User { user: UserId(user), administrator: false, acting_as: Some(acting_as) }
}

/// An organisation with its owner.
pub async fn organisation(store: &Store, kind: OrganisationKind) -> (i64, Actor) {
    let owner = user(store).await;
    let organisation = id();
    let who = nobody(owner);
    verb!(store, tx => {
        let permit = policy::create_organisation(&who, tx.brand(), tx.now().await?)?;
        tx.create_organisation(&permit, organisation, id(), kind, "Of the test", "", &Default::default()).await?;
        Ok::<_, Fault>(())
    })
    .await
    .expect("an organisation");
    (organisation, acting(owner, organisation, kind, Role::Owner))
}

async fn join(store: &Store, organisation: i64, role: Role) -> Actor {
    let user = user(store).await;
    let who = nobody(user);
    verb!(store, tx => {
        let facts = tx.organisation_facts(&who, organisation).await?.expect("the organisation");
        let permit = policy::accept_invitation(&who, &facts, true)?;
        tx.accept_invitation(&permit, id(), role).await?;
        Ok::<_, Fault>(())
    })
    .await
    .expect("a membership");
    acting(user, organisation, OrganisationKind::Buyer, role)
}

pub fn terms(deadline: Moment) -> Terms {
    Terms {
        title: "Fewer flooded cellars".into(),
        deadline,
        zone: "UTC".into(),
        law: LawProfile::parse("eu-2014-24").expect("a profile"),
        lang: "en".into(),
        ..Terms::default()
    }
}

#[derive(Clone)]
pub struct Office {
    pub store: Store,
    pub buyer: i64,
    pub officer: Actor,
    pub approver: Actor,
    pub challenge: ChallengeId,
    pub round: RoundId,
    pub deadline: Moment,
}

impl Office {
    /// A challenge in draft, with its team.
    pub async fn with_draft(store: &Store) -> Self {
        let (buyer, officer) = organisation(store, OrganisationKind::Buyer).await;
        let approver = join(store, buyer, Role::Approver).await;
        let administrator = user(store).await;
        let (challenge, who, other) = (ChallengeId(id()), officer.clone(), approver.user().expect("a user"));
        verb!(store, tx => {
            let admin = Actor::User { user: UserId(administrator), administrator: true, acting_as: None };
            let facts = tx.organisation_facts(&admin, buyer).await?.expect("the buyer");
            tx.verify_buyer(&policy::verify_buyer(&admin, &facts)?, id(), true).await?;
            let facts = tx.organisation_facts(&who, buyer).await?.expect("the buyer");
            let permit = policy::create_challenge(&who, &facts)?;
            tx.create_challenge(&permit, challenge, &format!("WP-{challenge}")).await?;
            let facts = facts_of(tx, &who, challenge, Lock::Update).await;
            tx.name_team(&policy::name_team(&who, &facts)?, other.get(), Some(TeamRole::Approver)).await?;
            Ok::<_, Fault>(())
        })
        .await
        .expect("a draft");
        let store = store.clone();
        Self { store, buyer, officer, approver, challenge, round: RoundId(id()), deadline: Moment(0) }
    }

    /// Published at once, or in `after` microseconds; open for thirty days.
    pub async fn publish(&mut self, after: i64) {
        let (officer, approver, challenge, round) = (self.officer.clone(), self.approver.clone(), self.challenge, self.round);
        self.deadline = verb!(self.store, tx => {
            let facts = facts_of(tx, &officer, challenge, Lock::Update).await;
            let deadline = facts.now.plus(after + 30 * DAY);
            let n = tx.submit_for_review(&policy::submit_for_review(&officer, &facts)?, id(), &terms(deadline)).await?;
            let facts = facts_of(tx, &approver, challenge, Lock::Update).await;
            let permit = policy::approve_challenge(&approver, &facts)?;
            let publication = Publication {
                event: id(),
                n,
                publish_at: facts.now.plus(after),
                notice_needed: false,
                round,
                deadline,
                sealed_key: b"sealed",
                digest: vec![1],
            };
            tx.approve_challenge(&permit, publication).await?;
            Ok::<_, Fault>(deadline)
        })
        .await
        .expect("a publication");
    }

    pub async fn with_open_challenge(store: &Store) -> Self {
        let mut office = Self::with_draft(store).await;
        office.publish(0).await;
        office
    }

    /// Until the opening may be asked for.
    pub async fn pass_deadline(&self) {
        let away = self.deadline.micros() - self.store.now().micros() + domain::challenge::OPENING_DELAY;
        self.store.set_clock_offset(self.store.clock_offset() + away).await.expect("a test installation");
    }

    /// A supplier that has begun its response.
    pub async fn supplier(&self) -> Supplier {
        let (_, actor) = organisation(&self.store, OrganisationKind::Supplier).await;
        let (response, who, challenge) = (ResponseId(id()), actor.clone(), self.challenge);
        verb!(self.store, tx => {
            let facts = facts_of(tx, &who, challenge, Lock::Share).await;
            tx.start_response(&policy::start_response(&who, &facts)?, response, b"sealed").await?;
            Ok::<_, Fault>(())
        })
        .await
        .expect("a response");
        Supplier { actor, response, round: self.round }
    }

    pub async fn open_responses(&self, store: &Store) -> Result<usize, Fault> {
        let (who, challenge, round) = (self.officer.clone(), self.challenge, self.round);
        verb!(store, tx => {
            let facts = facts_of(tx, &who, challenge, Lock::Update).await;
            let permit = policy::open_responses(&who, &facts, false)?;
            let standing = tx.standing_envelopes(round, "quality").await?;
            let keys: Vec<_> = standing.iter().map(|envelope| unsealed(envelope.submission)).collect();
            tx.open_responses(&permit, plain_opening(vec![1]), &keys).await?;
            Ok(keys.len())
        })
        .await
    }
}

pub fn new_submission(id: SubmissionId, round: RoundId, n: i64, received_at: Moment) -> NewSubmission {
    let envelope =
        NewEnvelope { kind: "quality", sealed: b"sealed".to_vec(), sealed_key: b"key".to_vec(), digest: None, files: Vec::new() };
    let (digest, salt) = (vec![1; 32], vec![2; 16]);
    NewSubmission { id, round, n, version: 1, received_at, digest, salt, envelopes: vec![envelope], answers: Vec::new() }
}

#[derive(Clone)]
pub struct Supplier {
    pub actor: Actor,
    pub response: ResponseId,
    pub round: RoundId,
}

impl Supplier {
    /// Inside a verb that has its permit.
    pub async fn submit(&self, tx: &mut Tx, received_at: Moment) -> Result<SubmissionId, Fault> {
        let facts = tx.response_facts(&self.actor, self.response, Lock::Share).await?.expect("the response");
        let permit = policy::submit_response(&self.actor, &facts, received_at)?;
        let n = tx.submissions(self.response).await?.first().map_or(0, |last| last.n) + 1;
        let submission = SubmissionId(id());
        tx.submit_responses(&[(permit, new_submission(submission, self.round, n, received_at))]).await?;
        Ok(submission)
    }

    pub async fn submits(&self, store: &Store) -> Result<SubmissionId, Fault> {
        let (own, received_at) = (self.clone(), store.now());
        verb!(store, tx => { own.submit(tx, received_at).await }).await
    }
}

pub fn unsealed(submission: i64) -> store::Unsealed {
    store::Unsealed { submission, key: b"readable".to_vec(), digest: vec![2] }
}

/// Of a buyer whose openings take one.
pub async fn facts_of(conn: &mut Conn, actor: &Actor, challenge: ChallengeId, lock: Lock) -> policy::ChallengeFacts {
    let mut facts = conn.challenge_facts(actor, challenge, lock).await.expect("a read").expect("the challenge");
    facts.opening.by_two = false;
    facts
}
