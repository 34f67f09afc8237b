//! The second round of a challenge: its panel, the times that are offered, and who takes one.

use super::Clerk;
use crate::town::fields::of;
use crate::town::texts::Plan;
use crate::{Error, Result, evaluation, interview};

impl Clerk<'_> {
    /// The same people: a seat ends with its round.
    pub(super) async fn appoint_second(&self, plan: &Plan) -> Result<()> {
        let (officer, id) = (self.town.actor(&plan.officer), self.town.challenge(plan.key));
        for (at, person) in plan.panel.iter().enumerate() {
            let role = if at == 0 { "chair" } else { "evaluator" };
            let seat = of(&[("email", &self.email(person)), ("role", role)]);
            evaluation::appoint_seat(self.desk, &officer, id, &seat).await?;
        }
        Ok(())
    }

    pub(super) async fn offer(&self, plan: &Plan) -> Result<()> {
        let Some(second) = &plan.second else { return Ok(()) };
        let times = of(&[
            ("date", self.calendar.day(second.interview)?.as_str()),
            ("time", "09:30"),
            ("minutes", "45"),
            ("pause", "15"),
            ("count", "4"),
            ("place", &second.place),
        ]);
        interview::offer_slots(self.desk, &self.town.actor(&plan.officer), self.town.challenge(plan.key), &times).await
    }

    pub(super) async fn book(&self, plan: &Plan) -> Result<()> {
        let Some(second) = &plan.second else { return Ok(()) };
        let at = plan.response.iter().position(|response| response.supplier == second.booked);
        let at = at.ok_or_else(|| Error::Broken("a time taken by nobody".into()))?;
        let (writer, own) = (self.writer(plan, at), self.town.response(plan.key, &second.booked));
        let found = interview::read_own_interview(self.desk, &writer, own).await?;
        let slot = found.free.get(1).map(|row| domain::ids::to_text(row.id)).unwrap_or_default();
        interview::book_slot(self.desk, &writer, own, &of(&[("slot", &slot)])).await
    }
}
