//! What people of the office do, in the words of their trade.

use domain::challenge::Section;
use domain::form::Fields;
use domain::ids::{ChallengeId, CriterionId, DecisionId, DeclarationId, OrganisationId, ResponseId, SeatId, SubmissionId};
use domain::organisation::Actor;
use domain::response::{Field, form};
use workflow::evaluation::{Moderation, ResultView, ScoringRoom};
use workflow::response::{OpenedRound, OwnResponse, Saved};
use workflow::{Desk, Error, award, challenge, evaluation, response};

use super::{Told, fields, found, membership, user};

type Result<T, E = Error> = std::result::Result<T, E>;

#[derive(Clone)]
pub struct Person {
    pub desk: Desk,
    pub email: String,
    pub actor: Actor,
}

impl Person {
    pub async fn arrives(desk: &Desk, name: &str, administrator: bool) -> Self {
        let (email, actor) = user(desk, name, administrator).await;
        Self { desk: desk.clone(), email, actor }
    }

    pub async fn acts_for(&mut self, id: OrganisationId) {
        let Actor::User { user, acting_as, .. } = &mut self.actor else { panic!("not a person") };
        *acting_as = membership(&self.desk, user.get(), id).await;
        assert!(acting_as.is_some(), "not a member");
    }

    // An officer ----------------------------------------------------------------------------------------------------------

    pub async fn names(&self, id: ChallengeId, person: &Person, role: &str) -> Result<()> {
        challenge::name_team(&self.desk, &self.actor, id, &fields(&[("email", &person.email), ("role", role)])).await
    }

    pub async fn saves(&self, id: ChallengeId, section: Section, pairs: &[(&str, &str)], seen: i64) -> Result<i64> {
        challenge::save_section(&self.desk, &self.actor, id, section, fields(pairs), seen).await
    }

    pub async fn submits_for_review(&self, id: ChallengeId) -> Result<()> {
        challenge::submit_for_review(&self.desk, &self.actor, id).await
    }

    /// To be published at once, or at a date in the challenge's zone.
    pub async fn approves(&self, id: ChallengeId, date: &str) -> Result<()> {
        let when = if date.is_empty() { Fields::default() } else { fields(&[("publish_date", date), ("publish_time", "12:00")]) };
        challenge::approve_challenge(&self.desk, &self.actor, id, &when).await
    }

    pub async fn sends_back(&self, id: ChallengeId, reason: &str) -> Result<()> {
        challenge::send_back_challenge(&self.desk, &self.actor, id, &fields(&[("reason", reason)])).await
    }

    pub async fn names_approval(&self, id: ChallengeId, kind: &str, person: &Person) -> Result<()> {
        let named = fields(&[("kind", kind), ("email", &person.email)]);
        challenge::name_approval(&self.desk, &self.actor, id, &named).await
    }

    pub async fn sends_back_section(&self, id: ChallengeId, section: Section, reason: &str) -> Result<()> {
        let reasons = fields(&[(&format!("reason-{}", section.code()), reason)]);
        challenge::send_back_challenge(&self.desk, &self.actor, id, &reasons).await
    }

    pub async fn takes_back(&self, id: ChallengeId) -> Result<()> {
        let reason = fields(&[("take_back_reason", "The street is dug up anew.")]);
        challenge::take_back_challenge(&self.desk, &self.actor, id, &reason).await
    }

    /// To a date in the challenge's zone, or at once.
    pub async fn reschedules(&self, id: ChallengeId, date: &str) -> Result<()> {
        let when = fields(&[("publish_date", date), ("publish_time", "12:00")]);
        challenge::reschedule_challenge(&self.desk, &self.actor, id, &when).await
    }

    pub async fn records_notice(&self, id: ChallengeId, date: &str) -> Result<()> {
        let notice = fields(&[("notice_reference", "123456-2026"), ("notice_date", date)]);
        challenge::record_official_notice(&self.desk, &self.actor, id, &notice).await
    }

    pub async fn review(&self, id: ChallengeId) -> Result<challenge::ReviewView> {
        challenge::read_review(&self.desk, &self.actor, id).await
    }

    pub async fn cancels(&self, id: ChallengeId) -> Result<()> {
        challenge::cancel_challenge(&self.desk, &self.actor, id, &fields(&[("reason", "The street moved.")])).await
    }

    pub async fn appoints(&self, id: ChallengeId, person: &Person, role: &str) -> Result<SeatId> {
        evaluation::appoint_seat(&self.desk, &self.actor, id, &fields(&[("email", &person.email), ("role", role)])).await
    }

    pub async fn opens(&self, id: ChallengeId) -> Result<usize> {
        response::open_responses(&self.desk, &self.actor, id).await
    }

    /// Settles the one conflict that waits.
    pub async fn settles(&self, id: ChallengeId, kind: &str) -> Result<()> {
        let panel = evaluation::read_panel(&self.desk, &self.actor, id).await?;
        let waiting = panel.declarations.iter().find(|(row, _)| row.conflict && row.settlement.is_none()).expect("a conflict");
        let decision = fields(&[("kind", kind), ("reason", "A close relative.")]);
        evaluation::settle_declaration(&self.desk, &self.actor, id, DeclarationId(waiting.0.id), &decision).await
    }

    pub async fn recommends(&self, id: ChallengeId, awarded: &Supplier, others: &[&Supplier]) -> Result<()> {
        let mut decision = fields(&[("kind", "award"), ("reason", "The highest total.")]);
        for (supplier, outcome) in others.iter().map(|other| (*other, "unsuccessful")).chain([(awarded, "awarded")]) {
            let response = supplier.response(id).await;
            decision.set(format!("outcome-{response}"), outcome);
            decision.set(format!("reason-{response}"), format!("What we say to {}.", supplier.name));
        }
        decision.set("seen", self.mark(id).await);
        award::recommend_decision(&self.desk, &self.actor, id, &decision).await
    }

    pub async fn approves_decision(&self, id: ChallengeId) -> Result<()> {
        award::approve_decision(&self.desk, &self.actor, id, self.recommended(id).await).await.map(drop)
    }

    pub async fn sends_back_decision(&self, id: ChallengeId) -> Result<()> {
        let seen = self.recommended(id).await.map(|id| id.to_string()).unwrap_or_default();
        let form = fields(&[("reason", "Say more on care."), ("seen", &seen)]);
        award::send_back_decision(&self.desk, &self.actor, id, &form).await
    }

    /// Of the result as they read it.
    pub async fn mark(&self, id: ChallengeId) -> String {
        self.result(id).await.map(|found| found.mark).unwrap_or_default()
    }

    /// The recommendation that they read.
    pub async fn recommended(&self, id: ChallengeId) -> Option<DecisionId> {
        Some(DecisionId(award::read_decision(&self.desk, &self.actor, id).await.ok()?.decision.id))
    }

    // The panel -----------------------------------------------------------------------------------------------------------

    pub async fn lists(&self, id: ChallengeId) -> Result<OpenedRound> {
        response::list_opened_responses(&self.desk, &self.actor, id).await
    }

    pub async fn reads(&self, response: ResponseId) -> Result<()> {
        response::read_opened_response(&self.desk, &self.actor, response).await.map(drop)
    }

    pub async fn declares_nothing(&self, id: ChallengeId) -> Result<()> {
        evaluation::declare_interest(&self.desk, &self.actor, id, &fields(&[("conflict", "no"), ("undertaking", "on")])).await
    }

    pub async fn declares_conflict(&self, id: ChallengeId, supplier: &Supplier) -> Result<()> {
        let mut declaration = fields(&[("conflict", "yes"), ("undertaking", "on"), ("statement", "My brother works there.")]);
        declaration.set(format!("party-{}", supplier.organisation), "on");
        evaluation::declare_interest(&self.desk, &self.actor, id, &declaration).await
    }

    pub async fn room(&self, id: ChallengeId) -> Result<ScoringRoom> {
        evaluation::read_scoring_room(&self.desk, &self.actor, id).await
    }

    /// `seen`: the version that was read, 0 for none. Gives the new one.
    pub async fn scores(&self, id: ChallengeId, of: &Supplier, criterion: CriterionId, points: u8, seen: i64) -> Result<i64> {
        let score = points_and(points, "It says how, and shows it.", seen);
        evaluation::score_response(&self.desk, &self.actor, id, of.response(id).await, criterion, &score).await
    }

    pub async fn scores_all(&self, id: ChallengeId, points: &[(&Supplier, u8)]) {
        let room = self.room(id).await.done();
        for leaf in room.round.terms.leaves() {
            for (supplier, points) in points {
                self.scores(id, supplier, leaf.id(), *points, 0).await.done();
            }
        }
    }

    pub async fn locks(&self, id: ChallengeId) -> Result<()> {
        evaluation::lock_scores(&self.desk, &self.actor, id).await
    }

    pub async fn moderation(&self, id: ChallengeId) -> Result<Moderation> {
        evaluation::read_moderation(&self.desk, &self.actor, id).await
    }

    pub async fn revises(&self, id: ChallengeId, of: &Supplier, criterion: CriterionId, points: u8, seen: i64) -> Result<()> {
        let score = points_and(points, "The discussion showed me more.", seen);
        evaluation::revise_score(&self.desk, &self.actor, id, of.response(id).await, criterion, &score).await
    }

    /// Proposes the record, has every other member approve it, and closes it.
    pub async fn approves_record(&self, id: ChallengeId) -> Result<()> {
        self.proposes_record(id).await?;
        let found = self.moderation(id).await?;
        let own = found.facts.seat.as_ref().map(|seat| seat.id);
        for member in found.members.iter().filter(|member| Some(member.seat) != own) {
            let user = found.seats.iter().find(|seat| seat.id == member.seat).expect("a seat").user.into();
            let actor = Actor::User { user, administrator: false, acting_as: None };
            Person { actor, ..self.clone() }.signs_record(id).await?;
        }
        self.closes_record(id).await
    }

    /// Closes it without the members who have not approved it.
    pub async fn closes_without(&self, id: ChallengeId) -> Result<()> {
        let found = self.moderation(id).await?;
        let mut without = fields(&[("seen", &found.position)]);
        for member in found.members {
            without.set(format!("without-{}", member.seat), "Away, and has agreed by telephone.");
        }
        evaluation::approve_record(&self.desk, &self.actor, id, &without).await
    }

    /// Confirms the record as it stands, for the members who cannot.
    pub async fn confirms_record(&self, id: ChallengeId, reason: &str) -> Result<()> {
        let seen = self.moderation(id).await.map(|found| found.position).unwrap_or_default();
        let form = fields(&[("seen", &seen), ("confirm_reason", reason)]);
        evaluation::confirm_record(&self.desk, &self.actor, id, &form).await
    }

    pub async fn proposes_record(&self, id: ChallengeId) -> Result<()> {
        let found = self.moderation(id).await.ok().and_then(|found| found.proposal);
        let seen = found.map(|proposal| domain::ids::to_text(proposal.id)).unwrap_or_default();
        let text = fields(&[("discussion", "We spoke of Acme and of Brook."), ("seen", &seen)]);
        evaluation::propose_record(&self.desk, &self.actor, id, &text).await
    }

    pub async fn signs_record(&self, id: ChallengeId) -> Result<()> {
        // As the page says it that they read.
        let seen = self.moderation(id).await.map(|found| found.position).unwrap_or_default();
        evaluation::sign_record(&self.desk, &self.actor, id, &fields(&[("seen", &seen)])).await
    }

    /// Closes the record that everybody has approved.
    pub async fn closes_record(&self, id: ChallengeId) -> Result<()> {
        let seen = self.moderation(id).await.map(|found| found.position).unwrap_or_default();
        evaluation::approve_record(&self.desk, &self.actor, id, &fields(&[("seen", &seen)])).await
    }

    /// `seen`: the n of the agreed score that was read, 0 for none.
    pub async fn agrees(&self, id: ChallengeId, of: &Supplier, criterion: CriterionId, points: u8, seen: i64) -> Result<()> {
        let score = points_and(points, "The panel found the trial convincing.", seen);
        evaluation::agree_score(&self.desk, &self.actor, id, of.response(id).await, criterion, &score).await
    }

    pub async fn notes_minutes(&self, id: ChallengeId, of: &Supplier, criterion: CriterionId, text: &str) -> Result<()> {
        let note = fields(&[("minutes", text)]);
        evaluation::record_minutes(&self.desk, &self.actor, id, of.response(id).await, criterion, &note).await
    }

    pub async fn dissents(&self, id: ChallengeId, of: &Supplier, criterion: CriterionId, text: &str) -> Result<()> {
        let note = fields(&[("dissent", text)]);
        evaluation::record_dissent(&self.desk, &self.actor, id, of.response(id).await, criterion, &note).await
    }

    pub async fn result(&self, id: ChallengeId) -> Result<ResultView> {
        evaluation::read_result(&self.desk, &self.actor, id).await
    }
}

fn points_and(points: u8, reason: &str, seen: i64) -> Fields {
    fields(&[("points", &points.to_string()), ("reason", reason), ("seen", &seen.to_string())])
}

/// An organisation with one person, or with a colleague who joined it.
#[derive(Clone)]
pub struct Supplier {
    pub name: String,
    pub organisation: OrganisationId,
    pub person: Person,
}

impl Supplier {
    pub async fn arrives(desk: &Desk, name: &str) -> Self {
        let mut person = Person::arrives(desk, &format!("{name} owner"), false).await;
        let organisation = found(desk, &mut person, "supplier", name).await;
        Self { name: name.into(), organisation, person }
    }

    /// The same supplier through another of its members.
    pub async fn colleague(&self, name: &str) -> Self {
        let mut person = Person::arrives(&self.person.desk, name, false).await;
        super::join(&self.person.desk, &self.person, &mut person, self.organisation, "member").await;
        Self { person, ..self.clone() }
    }

    fn at(&self) -> (&Desk, &Actor) {
        (&self.person.desk, &self.person.actor)
    }

    pub async fn starts(&self, id: ChallengeId) -> Result<ResponseId> {
        let (desk, actor) = self.at();
        response::start_response(desk, actor, id).await
    }

    /// The one that there is.
    pub async fn response(&self, id: ChallengeId) -> ResponseId {
        let mut conn = self.person.desk.store.read().await.unwrap();
        conn.challenge_facts(&self.person.actor, id, store::Lock::None).await.unwrap().unwrap().own_response.expect("a response")
    }

    pub async fn own(&self, id: ChallengeId) -> Result<OwnResponse> {
        let (desk, actor) = self.at();
        response::read_own_response(desk, actor, self.response(id).await).await
    }

    /// Every field filled in, the last one with a price.
    pub async fn answers(&self, id: ChallengeId, price: &str) -> Result<Saved> {
        self.answers_with(id, &format!("{} would do it", self.name), price).await
    }

    pub async fn answers_with(&self, id: ChallengeId, words: &str, price: &str) -> Result<Saved> {
        self.starts(id).await?;
        let draft = self.complete(id, words, price).await?;
        self.saves(id, &draft).await
    }

    /// A form of what was begun, with every field filled in.
    pub async fn complete(&self, id: ChallengeId, words: &str, price: &str) -> Result<Fields> {
        let own = self.own(id).await?;
        let mut draft = Fields::default();
        for field in form(&own.terms) {
            let text = match field {
                Field::Price => price.to_owned(),
                Field::By(_) => "2027-06-30".to_owned(),
                Field::Promise(_) => format!("{words} 4"),
                _ => words.to_owned(),
            };
            draft.set(field.name(), text);
        }
        Ok(draft)
    }

    pub async fn saves(&self, id: ChallengeId, draft: &Fields) -> Result<Saved> {
        let (desk, actor) = self.at();
        response::save_answer(desk, actor, self.response(id).await, draft).await
    }

    pub async fn submits(&self, id: ChallengeId) -> Result<SubmissionId> {
        let key = self.person.desk.chance.reference();
        self.submits_under(id, &key).await
    }

    /// A form that is posted again carries the same key.
    pub async fn submits_under(&self, id: ChallengeId, key: &str) -> Result<SubmissionId> {
        let (desk, actor) = self.at();
        response::submit_response(desk, actor, self.response(id).await, desk.store.now(), None, key).await
    }

    pub async fn withdraws(&self, id: ChallengeId) -> Result<()> {
        let (desk, actor) = self.at();
        response::withdraw_response(desk, actor, self.response(id).await).await
    }

    pub async fn letter(&self, id: ChallengeId) -> Result<award::Letter> {
        let (desk, actor) = self.at();
        award::read_letter(desk, actor, self.response(id).await).await
    }
}
