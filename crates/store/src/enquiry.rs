//! Enquiries and their answers. No row that leaves this module names the asker: who asked is read only as a fact for the
//! policy, or by the asker.

use domain::enquiry::EnquiryState;
use domain::ids::{AmendmentId, AnswerId, ChallengeId, EnquiryId, OrganisationId};
use domain::organisation::Actor;
use domain::policy::{AgreeToPublish, AnswerEnquiry, AskBack, AskEnquiry, EnquiryFacts, Permit, Subject, Verb, WithdrawEnquiry};

use crate::conn::Conn;
use crate::tx::Tx;
use crate::{Lock, Result, corrupt};

#[derive(Clone, Debug, sqlx::FromRow)]
pub struct EnquiryRow {
    pub id: i64,
    pub challenge: i64,
    pub asked_at: i64,
    /// As it was asked.
    pub question: String,
    /// Why it should not be published.
    pub confidential: Option<String>,
    /// The kind of the newest event.
    pub event: Option<String>,
    /// In which words the authority would publish it.
    pub words: Option<String>,
    pub answer: Option<i64>,
}

impl EnquiryRow {
    pub fn state(&self) -> Result<EnquiryState> {
        let Some(event) = self.event.as_deref() else { return Ok(EnquiryState::Waiting) };
        EnquiryState::parse(event).ok_or_else(|| corrupt("event of an enquiry"))
    }
}

#[derive(Clone, Debug, sqlx::FromRow)]
pub struct AnsweredRow {
    pub id: i64,
    pub question: String,
    pub answer: String,
    pub late: bool,
    pub at: i64,
    /// The version that the amendment it caused became.
    pub n: Option<i64>,
}

macro_rules! enquiry_columns {
    () => {
        "select q.id, q.challenge, q.asked_at, q.question, q.confidential,
                (select e.kind from enquiry_event e where e.enquiry = q.id order by e.at desc, e.id desc limit 1) as event,
                (select e.words from enquiry_event e where e.enquiry = q.id and e.kind = 'asked_back' order by e.at desc limit 1) as words,
                (select e.answer from enquiry_event e where e.enquiry = q.id and e.kind = 'answered') as answer
         from enquiry q "
    };
}

impl Conn {
    pub async fn enquiry_facts(&mut self, actor: &Actor, id: EnquiryId, lock: Lock) -> Result<Option<EnquiryFacts>> {
        let found = row!(self, (i64, i64), "select challenge, supplier from enquiry where id = $1", id.get())?;
        let Some((challenge, supplier)) = found else { return Ok(None) };
        let Some(challenge) = self.challenge_facts(actor, ChallengeId(challenge), lock).await? else { return Ok(None) };
        let Some(row) = self.enquiry(id).await? else { return Ok(None) };
        let supplier = OrganisationId(supplier);
        Ok(Some(EnquiryFacts { challenge, enquiry: id, supplier, state: row.state()?, confidential: row.confidential.is_some() }))
    }

    pub async fn enquiry(&mut self, id: EnquiryId) -> Result<Option<EnquiryRow>> {
        row!(self, EnquiryRow, concat!(enquiry_columns!(), "where q.id = $1"), id.get())
    }

    /// All that were asked, the oldest first.
    pub async fn enquiries(&mut self, challenge: ChallengeId) -> Result<Vec<EnquiryRow>> {
        rows!(self, EnquiryRow, concat!(enquiry_columns!(), "where q.challenge = $1 order by q.asked_at, q.id"), challenge.get())
    }

    /// Those of one supplier.
    pub async fn enquiries_of(&mut self, supplier: OrganisationId, challenge: ChallengeId) -> Result<Vec<EnquiryRow>> {
        rows!(
            self,
            EnquiryRow,
            concat!(enquiry_columns!(), "where q.supplier = $1 and q.challenge = $2 order by q.asked_at, q.id"),
            supplier.get(),
            challenge.get()
        )
    }

    /// What is published, in the order in which it was answered.
    pub async fn answers_to_enquiries(&mut self, challenge: ChallengeId) -> Result<Vec<AnsweredRow>> {
        rows!(
            self,
            AnsweredRow,
            "select a.id, a.question, a.answer, a.late, a.at,
                    (select e.n from amendment_event e where e.amendment = a.amendment and e.kind = 'approved') as n
             from answer a where a.challenge = $1 order by a.at, a.id",
            challenge.get()
        )
    }
}

impl Tx {
    pub async fn ask_enquiry(
        &mut self,
        permit: &Permit<AskEnquiry>,
        id: EnquiryId,
        question: &str,
        confidential: Option<&str>,
    ) -> Result<()> {
        self.accept(permit)?;
        exec!(
            self,
            "insert into enquiry (id, challenge, supplier, asked_by, asked_at, question, confidential) values ($1, $2, $3, $4, $5, $6, $7)",
            id.get(),
            permit.subject().id,
            permit.acting_as().unwrap_or_default(),
            permit.by().get(),
            permit.now().micros(),
            question,
            confidential
        )?;
        self.record_on(permit, Subject { kind: "enquiry", id: id.get() }, None)
    }

    pub async fn withdraw_enquiry(&mut self, permit: &Permit<WithdrawEnquiry>, event: i64) -> Result<()> {
        self.accept(permit)?;
        self.enquiry_event(permit, event, EnquiryId(permit.subject().id), "withdrawn", "", None).await?;
        self.record(permit, None)
    }

    pub async fn agree_to_publish(&mut self, permit: &Permit<AgreeToPublish>, event: i64) -> Result<()> {
        self.accept(permit)?;
        self.enquiry_event(permit, event, EnquiryId(permit.subject().id), "agreed", "", None).await?;
        self.record(permit, None)
    }

    pub async fn ask_back(&mut self, permit: &Permit<AskBack>, event: i64, words: &str) -> Result<()> {
        self.accept(permit)?;
        self.enquiry_event(permit, event, EnquiryId(permit.subject().id), "asked_back", words, None).await?;
        self.record(permit, None)
    }

    /// One answer for the enquiries named, each with the id of its event.
    #[allow(clippy::too_many_arguments)]
    pub async fn answer_enquiry(
        &mut self,
        permit: &Permit<AnswerEnquiry>,
        id: AnswerId,
        question: &str,
        answer: &str,
        late: bool,
        amendment: Option<AmendmentId>,
        enquiries: &[(i64, EnquiryId)],
    ) -> Result<()> {
        self.accept(permit)?;
        let challenge = permit.subject().id;
        exec!(
            self,
            "insert into answer (id, challenge, question, answer, late, amendment, at, by_user) values ($1, $2, $3, $4, $5, $6, $7, $8)",
            id.get(),
            challenge,
            question,
            answer,
            late,
            amendment.map(|amendment| amendment.get()),
            permit.now().micros(),
            permit.by().get()
        )?;
        for (event, enquiry) in enquiries {
            self.enquiry_event(permit, *event, *enquiry, "answered", "", Some(id)).await?;
        }
        self.changed("challenge", challenge, None);
        self.record_on(permit, Subject { kind: "answer", id: id.get() }, None)
    }

    async fn enquiry_event<V: Verb>(
        &mut self,
        permit: &Permit<V>,
        event: i64,
        enquiry: EnquiryId,
        kind: &str,
        words: &str,
        answer: Option<AnswerId>,
    ) -> Result<()> {
        exec!(
            self,
            "insert into enquiry_event (id, enquiry, kind, words, answer, at, by_user) values ($1, $2, $3, $4, $5, $6, $7)",
            event,
            enquiry.get(),
            kind,
            words,
            answer.map(|answer| answer.get()),
            permit.now().micros(),
            permit.by().get()
        )?;
        Ok(())
    }
}
