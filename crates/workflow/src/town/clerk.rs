//! Does the town's steps, each through the verb that a person would use.

mod after;
mod check;
mod draft;
mod second;

use std::collections::BTreeMap;

use domain::challenge::{Method, Question, QuestionKind, Section, Stage};
use domain::form::Fields;
use domain::ids::{DecisionId, DeclarationId, MembershipId, OrganisationId, UserId};
use domain::moment::{DAY, HOUR, Moment};
use domain::organisation::{ActingAs, Actor, OrganisationKind, Role};
use futures::future::try_join_all;

use super::fields::{answers, of, problem, sections};
use super::texts::{self, People, Plan, State};
use super::timeline::{Calendar, Step, ZONE};
use super::{PASSWORD, Person, Town};
use crate::{Desk, Error, Result, account, award, challenge, evaluation, file, organisation, response};

/// Before anything happens in the town.
const BACK: i64 = 120 * DAY;

struct Clerk<'a> {
    desk: &'a Desk,
    people: People,
    plans: Vec<Plan>,
    calendar: Calendar,
    town: Town,
    owners: BTreeMap<String, String>,
    /// The officer of each buyer.
    officers: BTreeMap<String, String>,
}

pub(super) async fn fill(desk: &Desk, mut progress: impl FnMut(usize, usize)) -> Result<Town> {
    let store = &desk.store;
    store.set_clock_offset(-BACK).await?;
    let first = store.now();
    store.set_clock_offset(HOUR - BACK).await?;
    if store.now().micros() - first.micros() < HOUR / 2 {
        // Time never runs backwards for the record, so a clock that was read today cannot be taken to last summer.
        return Err(Error::Broken(
            "the town is filled first, before anything else reads the clock of a fresh installation".into(),
        ));
    }
    let calendar = Calendar::at(first.plus(BACK))?;
    let plans = texts::plans(calendar.today)?;
    let steps = calendar.steps(&plans)?;
    let mut clerk = Clerk {
        desk,
        people: texts::people(),
        plans,
        calendar,
        town: Town::default(),
        owners: BTreeMap::new(),
        officers: BTreeMap::new(),
    };
    clerk.settle_in().await?;
    let all = steps.len();
    for (done, (at, number, step)) in steps.into_iter().enumerate() {
        clerk.wait_until(at).await?;
        clerk
            .step(number, step)
            .await
            .map_err(|error| Error::Broken(format!("town: {} {step:?}: {error:?}", clerk.plans[number].key)))?;
        progress(done + 1, all);
    }
    clerk.post().await?;
    store.set_clock_offset(0).await?;
    Ok(clerk.town)
}

/// A second thought.
const ADDED: &str = "Added after a second reading: we can begin four weeks after the contract.";
/// What a supplier hands in where files are asked for.
const MEASURED: &str = "street,homes,before,after\nMill Lane,41,6,1\nQuay Street,38,9,2\nHigh Row,52,3,0\n";

impl Clerk<'_> {
    async fn wait_until(&self, at: Moment) -> Result<()> {
        let store = &self.desk.store;
        let ahead = at.micros() - store.now().micros();
        if ahead > 0 {
            store.set_clock_offset(store.clock_offset() + ahead).await?;
        }
        Ok(())
    }

    /// People, organisations, memberships, verification.
    async fn settle_in(&mut self) -> Result<()> {
        let desk = self.desk;
        let made = self.people.person.iter().map(async |person| {
            let fields = of(&[("name", &person.name), ("email", &person.email), ("password", PASSWORD), ("zone", ZONE)]);
            account::add_user(desk, &fields, person.administrator).await
        });
        let ids: Vec<UserId> = try_join_all(made).await?;
        for (person, user) in self.people.person.iter().zip(ids) {
            let actor = Actor::User { user, administrator: person.administrator, acting_as: None };
            self.town.actors.insert(person.key.clone(), actor);
            self.town.people.push(Person {
                key: person.key.clone(),
                role: person.role.clone(),
                name: person.name.clone(),
                email: person.email.clone(),
                password: PASSWORD,
            });
        }
        let administrator = self.people.person.iter().find(|person| person.administrator).map(|person| person.key.clone());
        let administrator = self.town.actor(&administrator.unwrap_or_default());
        let organisations = std::mem::take(&mut self.people.organisation);
        for of_town in &organisations {
            let owner = self.town.actor(&of_town.owner);
            let fields = of(&[("kind", &of_town.kind), ("name", &of_town.name), ("place", &of_town.place)]);
            let id = organisation::create_organisation(self.desk, &owner, &fields).await?;
            self.act_as(&of_town.owner, id).await?;
            let fields = of(&[("about", &of_town.about), ("place", &of_town.place), ("four_eyes", "on"), ("seen", "1")]);
            organisation::edit_organisation(self.desk, &owner, id, &fields).await?;
            if of_town.kind == OrganisationKind::Buyer.code() {
                organisation::verify_buyer(self.desk, &administrator, id, true).await?;
            }
            for member in &of_town.members {
                let email = self.email(&member.person);
                organisation::invite_member(self.desk, &owner, id, &of(&[("email", &email), ("role", &member.role)])).await?;
                let link = self.post().await?.remove(&email).ok_or_else(|| Error::Broken("an invitation got lost".into()))?;
                organisation::accept_invitation(self.desk, &self.town.actor(&member.person), &email, &link).await?;
                self.act_as(&member.person, id).await?;
                if member.role == "officer" {
                    self.officers.insert(of_town.key.clone(), member.person.clone());
                }
            }
            self.town.organisations.insert(of_town.key.clone(), id);
            self.owners.insert(of_town.key.clone(), of_town.owner.clone());
        }
        Ok(())
    }

    fn email(&self, person: &str) -> String {
        self.town.people.iter().find(|known| known.key == person).map(|known| known.email.clone()).unwrap_or_default()
    }

    /// From now on the person acts as a member of the organisation.
    async fn act_as(&mut self, person: &str, id: OrganisationId) -> Result<()> {
        let Some(Actor::User { user, acting_as, .. }) = self.town.actors.get_mut(person) else { return Ok(()) };
        let held = self.desk.store.read().await?.memberships_of(user.get()).await?;
        *acting_as = held.iter().find(|held| held.organisation == id.get()).and_then(|held| {
            let (kind, role) = OrganisationKind::parse(&held.kind).zip(Role::parse(&held.role))?;
            Some(ActingAs { membership: MembershipId(held.id), organisation: id, kind, role })
        });
        Ok(())
    }

    /// The mail of the past has long been read. Gives the one-time links of invitations by their recipients.
    async fn post(&self) -> Result<BTreeMap<String, String>> {
        let mut links = BTreeMap::new();
        loop {
            let sent = self
                .desk
                .store
                .write(|tx| {
                    Box::pin(async move {
                        let mails = tx.claim_mail(500).await?;
                        for mail in &mails {
                            tx.mail_sent(mail.id).await?;
                        }
                        Ok::<_, Error>(mails)
                    })
                })
                .await?;
            if sent.is_empty() {
                return Ok(links);
            }
            for mail in sent {
                if let Some((_, token)) = mail.params.split_once("token=") {
                    let token = token.split('"').next().unwrap_or_default();
                    links.insert(mail.recipient, token.to_owned());
                }
            }
        }
    }

    async fn step(&mut self, number: usize, step: Step) -> Result<()> {
        let plan = &self.plans[number];
        let (desk, town) = (self.desk, &self.town);
        let (officer, approver) = (town.actor(&plan.officer), town.actor(&plan.approver));
        if let Step::Write = step {
            let id = challenge::create_challenge(desk, &officer, problem(plan)).await?;
            for (section, fields) in sections(plan, &self.people.scale, &self.calendar)? {
                challenge::save_section(desk, &officer, id, section, fields, 0).await?;
            }
            let fields = of(&[("email", &self.email(&plan.approver)), ("role", "approver")]);
            challenge::name_team(desk, &officer, id, &fields).await?;
            // Whoever approves a part of it has a place on the team already.
            let second = self.second_officer(plan);
            if !plan.approvals.values().any(|person| *person == second) {
                let fields = of(&[("email", &self.email(&second)), ("role", "officer")]);
                challenge::name_team(desk, &officer, id, &fields).await?;
            }
            let figures = futures::stream::iter([Ok::<_, std::convert::Infallible>(figures(plan).into())]);
            file::attach_file(desk, &officer, id, "The outcomes as a table", "outcomes.csv", figures).await?;
            for (kind, person) in &plan.approvals {
                let fields = of(&[("kind", kind), ("email", &self.email(person))]);
                challenge::name_approval(desk, &officer, id, &fields).await?;
            }
            self.town.challenges.insert(plan.key.to_owned(), id);
            return Ok(());
        }
        let id = town.challenge(plan.key);
        match step {
            Step::Write => {}
            Step::Review => challenge::submit_for_review(desk, &officer, id).await?,
            Step::SendBack => {
                let reason = plan.sent_back.as_deref().unwrap_or_default();
                challenge::send_back_challenge(desk, &approver, id, &of(&[("reason", reason)])).await?;
            }
            Step::SendBackSections => {
                let reasons = plan.mended.iter().map(|of| (format!("reason-{}", of.section), of.reason.as_str())).collect();
                challenge::send_back_challenge(desk, &approver, id, &reasons).await?;
            }
            Step::Mend => self.mend(plan).await?,
            Step::ApproveBeside => {
                for person in plan.approvals.values().filter(|person| **person != plan.approver) {
                    challenge::approve_challenge(desk, &town.actor(person), id, &Fields::default()).await?;
                }
            }
            Step::Approve => {
                if let Some(reference) = &plan.official {
                    let day = self.calendar.day(plan.published.min(-1))?;
                    let notice = of(&[("notice_reference", reference), ("notice_date", &day)]);
                    challenge::record_official_notice(desk, &officer, id, &notice).await?;
                }
                let mut fields = Fields::default();
                if plan.stage() == Stage::Scheduled {
                    fields = of(&[("publish_date", &self.calendar.day(plan.published)?), ("publish_time", "09:00")]);
                }
                challenge::approve_challenge(desk, &approver, id, &fields).await?;
            }
            Step::AppointSecond => self.appoint_second(plan).await?,
            Step::Offer => self.offer(plan).await?,
            Step::Book => self.book(plan).await?,
            Step::Appoint => {
                for (at, person) in plan.panel.iter().enumerate() {
                    let role = if at == 0 { "chair" } else { "evaluator" };
                    evaluation::appoint_seat(desk, &officer, id, &of(&[("email", &self.email(person)), ("role", role)])).await?;
                }
                if let Some(person) = &plan.adviser {
                    evaluation::appoint_seat(desk, &officer, id, &of(&[("email", &self.email(person)), ("role", "adviser")]))
                        .await?;
                }
            }
            Step::Cancel => {
                let reason = plan.cancelled.as_deref().unwrap_or_default();
                challenge::cancel_challenge(desk, &officer, id, &of(&[("reason", reason)])).await?;
            }
            Step::After(at) => self.after(plan, &plan.after[at].act).await?,
            Step::Follow(at) => challenge::follow_challenge(desk, &self.writer(plan, at), id, true).await?,
            Step::Start(at) => {
                let started = self.answer(plan, at).await?;
                self.town.responses.insert((plan.key.to_owned(), plan.response[at].supplier.clone()), started);
            }
            Step::Submit(at) => self.submit(plan, at, "first").await?,
            Step::Again(at) => {
                self.amend(plan, at).await?;
                self.submit(plan, at, "second").await?;
            }
            Step::Withdraw(at) => {
                let own = town.response(plan.key, &plan.response[at].supplier);
                response::withdraw_response(desk, &self.writer(plan, at), own).await?;
            }
            Step::Open => {
                response::ask_opening(desk, &officer, id).await?;
                response::open_responses(desk, &town.actor(&self.second_officer(plan)), id).await?;
            }
            Step::Check => self.check(plan).await?,
            Step::CheckBegun => self.check_begun(plan).await?,
            Step::Declare(seat) => self.declare(plan, seat).await?,
            Step::Settle => self.settle(plan).await?,
            Step::Score(seat) => self.score(plan, seat).await?,
            Step::Revise => self.revise(plan).await?,
            Step::Record => {
                let chair = town.actor(&plan.panel[0]);
                evaluation::propose_record(desk, &chair, id, &of(&[("discussion", &plan.discussion)])).await?;
                for member in &plan.panel[1..] {
                    let actor = town.actor(member);
                    let signs = async {
                        let seen = evaluation::read_moderation(desk, &actor, id).await?.position;
                        evaluation::sign_record(desk, &actor, id, &of(&[("seen", &seen)])).await
                    };
                    match signs.await {
                        // Whoever was removed after a conflict is no member any more.
                        Ok(()) | Err(Error::Refused(_)) => {}
                        Err(error) => return Err(error),
                    }
                }
                let seen = evaluation::read_moderation(desk, &chair, id).await?.position;
                evaluation::approve_record(desk, &chair, id, &of(&[("seen", &seen)])).await?;
            }
            Step::Recommend => self.recommend(plan).await?,
            Step::Decide => {
                let seen = award::read_decision(desk, &approver, id).await?.decision.id;
                award::approve_decision(desk, &approver, id, Some(DecisionId(seen))).await?;
            }
        }
        Ok(())
    }

    /// The second officer of a challenge's team: the buyer's owner, or its officer where the owner wrote it.
    fn second_officer(&self, plan: &Plan) -> String {
        let buyer = self.town.actor(&plan.officer).acting_as().map(|acting| acting.organisation);
        let key = self.town.organisations.iter().find(|(_, id)| Some(**id) == buyer).map(|(key, _)| key.clone());
        let people = key.map(|key| [self.owners.get(&key), self.officers.get(&key)]).unwrap_or_default();
        people.into_iter().flatten().find(|person| **person != plan.officer).cloned().unwrap_or_default()
    }

    /// Who writes a response: the one named, or the supplier's owner.
    fn writer(&self, plan: &Plan, at: usize) -> Actor {
        let response = &plan.response[at];
        self.town.actor(response.person.as_ref().unwrap_or_else(|| &self.owners[&response.supplier]))
    }

    async fn answer(&self, plan: &Plan, at: usize) -> Result<domain::ids::ResponseId> {
        let writer = self.writer(plan, at);
        let own = response::start_response(self.desk, &writer, self.town.challenge(plan.key)).await?;
        let terms = response::read_own_response(self.desk, &writer, own).await?.terms;
        let by = self.calendar.day(plan.deadline + 360)?;
        response::save_answer(self.desk, &writer, own, &answers(&terms, &plan.response[at], &by)).await?;
        for question in terms.questions.iter().filter(|question| matches!(question.kind, QuestionKind::Files { .. })) {
            let field = domain::response::Field::Question(question.id).name();
            let table = futures::stream::iter([Ok::<_, std::convert::Infallible>(MEASURED.into())]);
            response::enclose_file(self.desk, &writer, own, &field, "measured.csv", table).await?;
        }
        Ok(own)
    }

    /// A second thought before the second submission.
    async fn amend(&self, plan: &Plan, at: usize) -> Result<()> {
        let (writer, own) = (self.writer(plan, at), self.town.response(plan.key, &plan.response[at].supplier));
        let before = response::read_own_response(self.desk, &writer, own).await?;
        let written = |question: &&Question| question.kind == QuestionKind::LongText;
        let Some(question) = before.terms.questions.iter().rfind(written) else { return Ok(()) };
        let name = domain::response::Field::Question(question.id).name();
        let text = format!("{}\n\n{ADDED}", before.draft().get(&name));
        response::save_answer(self.desk, &writer, own, &of(&[(&name, &text)])).await?;
        Ok(())
    }

    async fn submit(&self, plan: &Plan, at: usize, key: &str) -> Result<()> {
        let (writer, own) = (self.writer(plan, at), self.town.response(plan.key, &plan.response[at].supplier));
        response::submit_response(self.desk, &writer, own, self.desk.store.now(), None, key).await?;
        Ok(())
    }

    async fn declare(&self, plan: &Plan, seat: usize) -> Result<()> {
        let person = &plan.panel[seat];
        let mut fields = of(&[("conflict", "no"), ("undertaking", "on")]);
        if let Some(conflict) = plan.conflict.as_ref().filter(|conflict| conflict.person == *person) {
            fields.set("conflict", "yes");
            fields.set("statement", conflict.statement.as_str());
            fields.set(format!("party-{}", self.town.organisation(&conflict.supplier)), "on");
        }
        evaluation::declare_interest(self.desk, &self.town.actor(person), self.town.challenge(plan.key), &fields).await
    }

    async fn settle(&self, plan: &Plan) -> Result<()> {
        let Some(conflict) = &plan.conflict else { return Ok(()) };
        let (officer, id) = (self.town.actor(&plan.officer), self.town.challenge(plan.key));
        let panel = evaluation::read_panel(self.desk, &officer, id).await?;
        let fields = of(&[("kind", "recused"), ("reason", &conflict.reason)]);
        for (declaration, _) in panel.declarations.iter().filter(|(declaration, _)| declaration.conflict) {
            evaluation::settle_declaration(self.desk, &officer, id, DeclarationId(declaration.id), &fields).await?;
        }
        Ok(())
    }

    /// As much of the seat's work as the plan says, in the order of its room; locked when all is done.
    async fn score(&self, plan: &Plan, seat: usize) -> Result<()> {
        let (person, id) = (self.town.actor(&plan.panel[seat]), self.town.challenge(plan.key));
        let room = evaluation::read_scoring_room(self.desk, &person, id).await?;
        let cells = room.way.cells();
        let share = plan.progress.get(seat).copied().unwrap_or(100);
        let scores = cells.iter().take(cells.len() * share / 100).map(|(response, criterion)| {
            let of_town = plan.response.iter().find(|known| self.town.response(plan.key, &known.supplier) == *response);
            let place = room.round.terms.leaves().position(|known| known.id() == *criterion).unwrap_or_default();
            let mut fields = Fields::default();
            if let Some(of_town) = of_town {
                let points = of_town.points[place][seat];
                let last = |words: &[String]| words.get(usize::from(points)).cloned().unwrap_or_default();
                let (good, lacks, words) = (&of_town.good[place], &of_town.lacks[place], &self.people.reasons);
                let reason = match seat {
                    0 => format!("{good} {lacks}"),
                    1 => format!("{good} {}", last(&words.second)),
                    _ => format!("{lacks} {}", last(&words.third)),
                };
                fields = of(&[("points", &points.to_string()), ("reason", &reason), ("seen", "0")]);
            }
            let person = &person;
            async move { evaluation::score_response(self.desk, person, id, *response, *criterion, &fields).await }
        });
        try_join_all(scores).await?;
        if share == 100 {
            evaluation::lock_scores(self.desk, &person, id).await?;
        }
        Ok(())
    }

    /// The officer changes what was sent back.
    async fn mend(&self, plan: &Plan) -> Result<()> {
        let (id, officer) = (self.town.challenge(plan.key), self.town.actor(&plan.officer));
        for mended in &plan.mended {
            let section = Section::parse(&mended.section).ok_or_else(|| Error::Broken("a section of no name".into()))?;
            let draft = challenge::read_draft(self.desk, &officer, id).await?;
            let seen = draft.sections.iter().find(|row| row.section == section.code()).map_or(0, |row| row.row_version);
            let mut fields = draft.draft.section(section);
            fields.set(mended.field.as_str(), mended.text.as_str());
            challenge::save_section(self.desk, &officer, id, section, fields, seen).await?;
        }
        Ok(())
    }

    async fn revise(&self, plan: &Plan) -> Result<()> {
        let id = self.town.challenge(plan.key);
        for revision in &plan.revision {
            let person = self.town.actor(&revision.person);
            let own = self.town.response(plan.key, &revision.supplier);
            let moderation = evaluation::read_moderation(self.desk, &person, id).await?;
            let criterion = moderation.terms.leaves().nth(revision.criterion).map(|leaf| leaf.id());
            let criterion = criterion.ok_or_else(|| Error::Broken("a revision of no criterion".into()))?;
            let mut fields = of(&[("points", &revision.points.to_string()), ("reason", &revision.reason), ("seen", "1")]);
            match moderation.terms.method {
                Method::MeanAfterDiscussion => {
                    evaluation::revise_score(self.desk, &person, id, own, criterion, &fields).await?;
                }
                // By whoever chairs: the first score that the panel agreed on.
                Method::Consensus => {
                    fields.set("seen", "0");
                    evaluation::agree_score(self.desk, &person, id, own, criterion, &fields).await?;
                }
            }
        }
        Ok(())
    }

    async fn recommend(&self, plan: &Plan) -> Result<()> {
        let Some(decision) = &plan.decision else { return Ok(()) };
        let mut fields = of(&[("kind", &decision.kind), ("reason", &decision.reason)]);
        for response in plan.response.iter().filter(|response| matches!(response.state, State::Submitted | State::Resubmitted)) {
            let own = self.town.response(plan.key, &response.supplier);
            let outcome = if response.supplier == decision.awarded { "awarded" } else { "unsuccessful" };
            fields.set(format!("outcome-{own}"), outcome);
            fields.set(format!("reason-{own}"), response.letter.as_str());
        }
        if let Some(second) = &plan.second {
            fields.set("round_date", self.calendar.day(second.deadline)?);
            fields.set("invitation", second.invitation.as_str());
        }
        let (officer, id) = (self.town.actor(&plan.officer), self.town.challenge(plan.key));
        fields.set("seen", evaluation::read_result(self.desk, &officer, id).await?.mark);
        award::recommend_decision(self.desk, &officer, id, &fields).await
    }
}

/// What the challenge wants to change, as a table for whoever calculates with it.
fn figures(plan: &Plan) -> String {
    let quoted = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
    let mut out = String::from("outcome,unit,now,wanted,by when\n");
    for outcome in &plan.outcome {
        let cells = [&outcome.title, &outcome.unit, &outcome.baseline, &outcome.target, &outcome.by].map(|text| quoted(text));
        out += &format!("{}\n", cells.join(","));
    }
    out
}
