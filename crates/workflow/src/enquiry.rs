//! Enquiries: asked by suppliers, answered to all. Nothing here gives the name of an asker to anybody but the asker.

use domain::challenge::amendment::{amend, with_dates};
use domain::challenge::{Stage, Terms};
use domain::enquiry::{Timeliness, timeliness};
use domain::form::{Errors, FieldError, Fields};
use domain::ids::{AmendmentId, AnswerId, ChallengeId, EnquiryId, UserId};
use domain::moment::Moment;
use domain::notice::{Event, EventKind};
use domain::organisation::{Actor, OrganisationKind};
use domain::policy::{
    self, AgreeToPublish, AnswerEnquiry, AskBack, AskEnquiry, ChallengeFacts, EnquiryFacts, ReadChallenge, ReadOwnEnquiry,
    Refused, WithdrawEnquiry,
};
use store::{AmendmentRow, AnsweredRow, Conn, EnquiryRow, Lock, NewVersion, Tx};

use crate::amendment::{date, digest, published, timetable, when};
use crate::{Desk, Error, Result};

/// The longest question and answer, in characters.
const LONGEST: usize = 4_000;

async fn facts<V: policy::Verb>(conn: &mut Conn, actor: &Actor, id: EnquiryId, lock: Lock) -> Result<EnquiryFacts> {
    Ok(conn.enquiry_facts(actor, id, lock).await?.ok_or(Refused::unseen::<V>(id.get()))?)
}

/// Until when suppliers may ask.
fn until(facts: &ChallengeFacts, terms: &Terms) -> Moment {
    terms.enquiries_until(facts.standing.publish_at.unwrap_or(facts.now))
}

/// Fields `question`; `confidential` with its reason `why`, where it should not be published.
pub async fn ask_enquiry(desk: &Desk, actor: &Actor, challenge: ChallengeId, fields: &Fields) -> Result<EnquiryId> {
    let mut errors = Errors::default();
    let question = errors.text(fields, "question", true, LONGEST);
    let confidential = fields.checked("confidential");
    let why = errors.text(fields, "why", confidential, 1_000);
    errors.done(()).map_err(Error::Invalid)?;
    let (id, who) = (EnquiryId(desk.chance.id()), actor.clone());
    desk.write(actor, move |tx| {
        Box::pin(async move {
            let facts = crate::challenge::facts::<AskEnquiry>(tx, &who, challenge, Lock::Share).await?;
            let row = tx.challenge_row(challenge).await?.ok_or(Refused::unseen::<AskEnquiry>(challenge.get()))?;
            let terms = row.terms()?;
            let until = terms.as_ref().map_or(facts.now, |terms| until(&facts, terms));
            let permit = policy::ask_enquiry(&who, &facts, until)?;
            tx.ask_enquiry(&permit, id, &question, confidential.then_some(why.as_str())).await?;
            // It does not say who asked, not even to those whom it concerns.
            let received = Event::of(EventKind::EnquiryReceived, id.get()).on(challenge, &row.title());
            tx.tell(&received.link(format!("/challenges/{challenge}/enquiries"))).await?;
            Ok(id)
        })
    })
    .await
}

pub async fn withdraw_enquiry(desk: &Desk, actor: &Actor, id: EnquiryId) -> Result<()> {
    let (event, who) = (desk.chance.id(), actor.clone());
    desk.write(actor, move |tx| {
        Box::pin(async move {
            let facts = facts::<WithdrawEnquiry>(tx, &who, id, Lock::Update).await?;
            Ok(tx.withdraw_enquiry(&policy::withdraw_enquiry(&who, &facts)?, event).await?)
        })
    })
    .await
}

pub async fn agree_to_publish(desk: &Desk, actor: &Actor, id: EnquiryId) -> Result<()> {
    let (event, who) = (desk.chance.id(), actor.clone());
    desk.write(actor, move |tx| {
        Box::pin(async move {
            let facts = facts::<AgreeToPublish>(tx, &who, id, Lock::Update).await?;
            tx.agree_to_publish(&policy::agree_to_publish(&who, &facts)?, event).await?;
            let challenge = facts.challenge.challenge;
            let (_, terms) = published(tx, challenge).await?;
            let agreed = Event::of(EventKind::EnquiryReceived, event).on(challenge, &terms.title);
            tx.tell(&agreed.link(format!("/challenges/{challenge}/enquiries"))).await?;
            Ok(())
        })
    })
    .await
}

/// Field `words`: how a confidential one would be published, if its asker agrees.
pub async fn ask_back(desk: &Desk, actor: &Actor, id: EnquiryId, fields: &Fields) -> Result<()> {
    let mut errors = Errors::default();
    let words = errors.text(fields, "words", true, LONGEST);
    errors.done(()).map_err(Error::Invalid)?;
    let (event, who) = (desk.chance.id(), actor.clone());
    desk.write(actor, move |tx| {
        Box::pin(async move {
            let facts = facts::<AskBack>(tx, &who, id, Lock::Update).await?;
            tx.ask_back(&policy::ask_back(&who, &facts)?, event, &words).await?;
            let challenge = facts.challenge.challenge;
            let (_, terms) = published(tx, challenge).await?;
            let members = askers(tx, &facts).await?;
            let asked = Event::of(EventKind::EnquiryAskedBack, event).on(challenge, &terms.title).naming(members);
            tx.tell(&asked.link(format!("/challenges/{challenge}/enquiries/{id}"))).await?;
            Ok(())
        })
    })
    .await
}

async fn askers(tx: &mut Tx, facts: &EnquiryFacts) -> Result<Vec<UserId>> {
    Ok(tx.members_of(facts.supplier.get()).await?.iter().map(|row| UserId(row.user_id)).collect())
}

/// What an answer is, parsed from its form.
struct Answer {
    question: String,
    answer: String,
    chosen: Vec<EnquiryId>,
    amendment: Option<AmendmentId>,
    /// Somebody who answers the challenge can use it; `None` where the form did not ask.
    useful: Option<bool>,
}

fn answer(fields: &Fields) -> Result<Answer> {
    let mut errors = Errors::default();
    let question = errors.text(fields, "question", true, LONGEST);
    let answer = errors.text(fields, "answer", true, LONGEST);
    let chosen: Vec<EnquiryId> = fields.0.keys().filter_map(|name| EnquiryId::parse(name.strip_prefix("enquiry-")?)).collect();
    if chosen.is_empty() {
        errors.say("enquiries", "enquiry-none");
    }
    let useful = match fields.get("useful") {
        "yes" => Some(true),
        "no" => Some(false),
        _ => None,
    };
    errors
        .done(Answer { question, answer, chosen, amendment: AmendmentId::parse(fields.get("amendment")), useful })
        .map_err(Error::Invalid)
}

/// One answer, to all, for the enquiries ticked (`enquiry-<id>`). `question`: in words that do not tell who asked. `amendment`:
/// the one that it caused. Where the profile says that a useful answer is late and moves the deadline, `useful` and a new
/// `deadline_date` are asked for, and both happen in this step.
pub async fn answer_enquiry(desk: &Desk, actor: &Actor, challenge: ChallengeId, fields: &Fields) -> Result<AnswerId> {
    let parsed = answer(fields)?;
    let (id, who, fields) = (AnswerId(desk.chance.id()), actor.clone(), fields.clone());
    let chosen: Vec<(i64, EnquiryId)> = parsed.chosen.iter().map(|enquiry| (desk.chance.id(), *enquiry)).collect();
    let ids = (AmendmentId(desk.chance.id()), desk.chance.id(), desk.chance.id());
    desk.write(actor, move |tx| {
        Box::pin(async move {
            let facts = crate::challenge::facts::<AnswerEnquiry>(tx, &who, challenge, Lock::Update).await?;
            let permit = policy::answer_enquiry(&who, &facts)?;
            let (_, before) = published(tx, challenge).await?;
            let mut askers_of = Vec::new();
            for (_, enquiry) in &chosen {
                let found = self::facts::<AnswerEnquiry>(tx, &who, *enquiry, Lock::None).await?;
                if found.challenge.challenge != challenge || !found.publishable() {
                    return Err(Error::Invalid(vec![FieldError::new("enquiries", "enquiry-not-publishable")]));
                }
                askers_of.extend(askers(tx, &found).await?);
            }
            let mut amendment = match parsed.amendment {
                Some(chosen) => linkable(tx, challenge).await?.iter().any(|row| row.id == chosen.get()).then_some(chosen),
                None => None,
            };
            let timely = timeliness(before.law, before.deadline, facts.now);
            if let (Timeliness::Moves(least), Stage::Open) = (timely, facts.stage())
                && parsed.useful.ok_or_else(|| Error::field("useful", "choose"))?
            {
                let version = extension(tx, &facts, &before, &fields, least).await?;
                let n = tx.extend_with_answer(&permit, ids.0, ids.1, ids.2, &version).await?;
                tx.tell(&extended(&version, ids.0, n, &who)).await?;
                amendment = Some(ids.0);
            }
            let late = timely != Timeliness::InTime;
            tx.answer_enquiry(&permit, id, &parsed.question, &parsed.answer, late, amendment, &chosen).await?;
            let answered = Event::of(EventKind::EnquiryAnswered, id.get()).on(challenge, &before.title).by(who.user());
            let answered = answered.naming(askers_of).link(format!("/challenges/{challenge}/enquiries"));
            tx.tell(&answered.zone(&before.zone)).await?;
            Ok(id)
        })
    })
    .await
}

/// The later deadline that a late answer asks for.
async fn extension(tx: &mut Tx, facts: &ChallengeFacts, before: &Terms, fields: &Fields, least: Moment) -> Result<NewVersion> {
    let mut errors = Errors::default();
    let deadline = date(fields, "deadline", &before.zone, true, &mut errors);
    let decision = date(fields, "decision", &before.zone, false, &mut errors);
    if deadline.is_some_and(|at| at.before(least)) {
        let days = before.law.enquiries().answer_days;
        errors.add(FieldError::new("deadline_date", "deadline-answer-late").with("days", days));
    }
    let after = with_dates(before, deadline, None, decision);
    errors.done(()).map_err(Error::Invalid)?;
    amend(before, &after, when(facts)).map_err(Error::Invalid)?;
    Ok(NewVersion {
        challenge: facts.challenge,
        round: facts.round.ok_or_else(|| Error::Broken("a published challenge without a round".into()))?,
        moved_from: (before.deadline != after.deadline).then_some(before.deadline),
        // The catalogue's sentence is shown for it: the reason is the answer.
        reason: String::new(),
        author: facts.author,
        sections: timetable(tx, facts.challenge, &after).await?,
        digest: digest(&after),
        terms: after,
    })
}

fn extended(version: &NewVersion, amendment: AmendmentId, n: i64, by: &Actor) -> Event {
    Event::of(EventKind::DeadlineExtended, amendment.get())
        .on(version.challenge, &version.terms.title)
        .link(format!("/challenges/{}/versions/{n}", version.challenge))
        .n(n)
        .act_by(version.terms.deadline, &version.terms.zone)
        .by(by.user())
}

/// Amendments that an answer may be linked to: published, or in the making.
async fn linkable(conn: &mut Conn, challenge: ChallengeId) -> Result<Vec<AmendmentRow>> {
    let mut rows = conn.amendments(challenge).await?;
    rows.retain(|row| row.event.as_deref() != Some("dropped"));
    Ok(rows)
}

/// What each reader sees of a challenge's enquiries: all of them the answers, the asker its own, the team what waits.
pub struct EnquiriesView {
    pub facts: ChallengeFacts,
    pub n: i64,
    pub terms: Terms,
    pub until: Moment,
    pub answered: Vec<AnsweredRow>,
    /// Of the supplier that the reader acts for.
    pub own: Vec<EnquiryRow>,
    /// For the team: everything that was asked, with no names.
    pub asked: Option<Vec<EnquiryRow>>,
    /// For the team: what an answer given now would be.
    pub timely: Timeliness,
    pub amendments: Vec<AmendmentRow>,
}

pub async fn read_enquiries(desk: &Desk, actor: &Actor, id: ChallengeId) -> Result<EnquiriesView> {
    let mut conn = desk.store.read().await?;
    let facts = crate::challenge::facts::<ReadChallenge>(&mut conn, actor, id, Lock::None).await?;
    policy::read_challenge(actor, &facts)?;
    let row = conn.challenge_row(id).await?.ok_or(Refused::unseen::<ReadChallenge>(id.get()))?;
    let (n, terms) = row.n.zip(row.terms()?).ok_or(Refused::unseen::<ReadChallenge>(id.get()))?;
    let answered = conn.answers_to_enquiries(id).await?;
    let supplier = actor.acting_as().filter(|acting| acting.kind == OrganisationKind::Supplier);
    let own = match supplier {
        // Whoever has a role in the buyer does not act for a supplier here.
        Some(acting) if facts.buyer_role.is_none() => conn.enquiries_of(acting.organisation, id).await?,
        _ => Vec::new(),
    };
    let team = policy::read_enquiries(actor, &facts).is_ok();
    let asked = if team { Some(conn.enquiries(id).await?) } else { None };
    let amendments = if team { linkable(&mut conn, id).await? } else { Vec::new() };
    let timely = timeliness(terms.law, terms.deadline, facts.now);
    Ok(EnquiriesView { until: until(&facts, &terms), facts, n, terms, answered, own, asked, timely, amendments })
}

/// One enquiry, for its asker or for the team.
pub struct EnquiryView {
    pub facts: EnquiryFacts,
    pub row: EnquiryRow,
    pub title: String,
    pub zone: String,
    /// The reader is the asker, not the team.
    pub own: bool,
    pub answer: Option<AnsweredRow>,
}

pub async fn read_enquiry(desk: &Desk, actor: &Actor, id: EnquiryId) -> Result<EnquiryView> {
    let mut conn = desk.store.read().await?;
    let facts = facts::<ReadOwnEnquiry>(&mut conn, actor, id, Lock::None).await?;
    let own = policy::read_enquiries(actor, &facts.challenge).is_err();
    if own {
        policy::read_own_enquiry(actor, &facts)?;
    }
    let row = conn.enquiry(id).await?.ok_or(Refused::unseen::<ReadOwnEnquiry>(id.get()))?;
    let (_, terms) = published(&mut conn, facts.challenge.challenge).await?;
    let answers = conn.answers_to_enquiries(facts.challenge.challenge).await?;
    let answer = answers.into_iter().find(|answer| Some(answer.id) == row.answer);
    Ok(EnquiryView { facts, row, title: terms.title, zone: terms.zone, own, answer })
}
