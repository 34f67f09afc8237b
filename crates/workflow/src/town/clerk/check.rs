//! The check: one supplier of each challenge is asked something, and then everybody passes.

use domain::check::CheckSubject;
use domain::ids::{RequirementId, ResponseId};
use domain::moment::{DAY, local_fields};

use super::Clerk;
use crate::town::fields::of;
use crate::town::texts::{Plan, State};
use crate::town::timeline::ZONE;
use crate::{Error, Result, check};

const QUESTION: &str = "Your response does not say how you meet this requirement. Please tell us, and name what shows it.";
const ANSWER: &str = "We meet it. The papers lie in our office in the High Street and can be seen there at any time; we bring copies to the first meeting.";
const HEARD: &str = "The supplier explained it; copies are on file.";
const PASSED: &str = "As stated in the response.";

impl Clerk<'_> {
    /// The first supplier is asked, the last waits to be looked at, the others pass.
    pub(super) async fn check_begun(&self, plan: &Plan) -> Result<()> {
        let (id, officer) = (self.town.challenge(plan.key), self.town.actor(&plan.officer));
        let found = check::read_check(self.desk, &officer, id).await?;
        let first = found.terms.requirements.first().map(|one| one.id);
        let first: RequirementId = first.ok_or_else(|| Error::Broken("a check without requirements".into()))?;
        for (place, known) in plan.response.iter().enumerate().take(plan.response.len().saturating_sub(1)) {
            let response = self.town.response(plan.key, &known.supplier);
            if place == 0 {
                self.ask(plan, response, first).await?;
            } else {
                let seen = found.mark(response, None);
                let passed = of(&[("subject", "all"), ("reason", PASSED), ("seen", &seen)]);
                check::check_response(self.desk, &officer, id, response, &passed).await?;
            }
        }
        Ok(())
    }

    async fn ask(&self, plan: &Plan, response: ResponseId, requirement: RequirementId) -> Result<()> {
        let (date, time) = local_fields(self.desk.store.now().plus(9 * DAY), ZONE);
        let mut asked = of(&[("kind", "clarify"), ("reason", QUESTION), ("field-requirement", "yes"), ("seen", "0")]);
        asked.set("subject", requirement.to_string());
        asked.set("deadline_date", date);
        asked.set("deadline_time", time);
        let officer = self.town.actor(&plan.officer);
        check::check_response(self.desk, &officer, self.town.challenge(plan.key), response, &asked).await
    }

    pub(super) async fn check(&self, plan: &Plan) -> Result<()> {
        let (desk, id, officer) = (self.desk, self.town.challenge(plan.key), self.town.actor(&plan.officer));
        let stands = |at: &usize| matches!(plan.response[*at].state, State::Submitted | State::Resubmitted);
        let standing: Vec<usize> = (0..plan.response.len()).filter(stands).collect();
        let found = check::read_check(desk, &officer, id).await?;
        let first = found.terms.requirements.first().map(|one| one.id);
        let first: RequirementId = first.ok_or_else(|| Error::Broken("a check without requirements".into()))?;
        for (place, at) in standing.into_iter().enumerate() {
            let response = self.town.response(plan.key, &plan.response[at].supplier);
            if place == 0 {
                self.ask(plan, response, first).await?;
                let writer = self.writer(plan, at);
                let waiting = check::read_clarifications(desk, &writer, response).await?;
                let clarification = waiting.asked.first().map(|asked| asked.id).unwrap_or_default();
                let answer = of(&[("answer-requirement", ANSWER)]);
                check::answer_clarification(desk, &writer, response, clarification, desk.store.now(), &answer).await?;
                let found = check::read_check(desk, &officer, id).await?;
                let seen = found.mark(response, Some(CheckSubject::Requirement(first)));
                let mut heard = of(&[("kind", "passed"), ("reason", HEARD), ("seen", &seen)]);
                heard.set("subject", first.to_string());
                check::check_response(desk, &officer, id, response, &heard).await?;
            }
            let seen = check::read_check(desk, &officer, id).await?.mark(response, None);
            let passed = of(&[("subject", "all"), ("reason", PASSED), ("seen", &seen)]);
            match check::check_response(desk, &officer, id, response, &passed).await {
                // The one requirement that there is was settled above.
                Ok(()) | Err(Error::Stale) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }
}
