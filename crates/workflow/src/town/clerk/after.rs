//! After publication: enquiries, amendments, a failure of the service.

use domain::challenge::Section;
use domain::form::Fields;
use domain::ids::{AmendmentId, EnquiryId};

use super::Clerk;
use crate::follow::follow_once;
use crate::town::fields::of;
use crate::town::texts::{Act, Plan};
use crate::{Error, Result, alert, amendment, enquiry, library, reach};

impl Clerk<'_> {
    pub(super) async fn after(&self, plan: &Plan, act: &Act) -> Result<()> {
        let (desk, town) = (self.desk, &self.town);
        let (officer, approver) = (town.actor(&plan.officer), town.actor(&plan.approver));
        let id = town.challenge(plan.key);
        match act {
            Act::Ask { supplier, question, why } => {
                let asker = town.actor(self.owners.get(supplier).map(String::as_str).unwrap_or_default());
                let mut fields = of(&[("question", question)]);
                if let Some(why) = why {
                    fields.set("confidential", "yes");
                    fields.set("why", why.as_str());
                }
                enquiry::ask_enquiry(desk, &asker, id, &fields).await?;
            }
            Act::Answer { holding, question, answer, amended } => {
                let found = enquiry::read_enquiries(desk, &officer, id).await?;
                let mut fields = of(&[("question", question), ("answer", answer)]);
                for row in found.asked.iter().flatten().filter(|row| holding.iter().any(|words| row.question.contains(words))) {
                    fields.set(format!("enquiry-{}", EnquiryId(row.id)), "on");
                }
                if let Some(last) = found.amendments.last().filter(|_| *amended) {
                    fields.set("amendment", AmendmentId(last.id).to_string());
                }
                enquiry::answer_enquiry(desk, &officer, id, &fields).await?;
            }
            Act::Amend { section, field, text, reason } => {
                let begun = of(&[("reason", reason), ("other_suppliers", "no")]);
                let of_town = amendment::begin_amendment(desk, &officer, id, &begun).await?;
                let section = Section::parse(section).ok_or_else(|| Error::Broken("an amendment of no section".into()))?;
                let found = amendment::read_amendment(desk, &officer, id).await?;
                let mut fields = found.making.map(|making| making.draft.section(section)).unwrap_or_default();
                fields.set(field.as_str(), text.as_str());
                amendment::save_amendment_section(desk, &officer, of_town, section, fields, 0).await?;
                amendment::propose_amendment(desk, &officer, of_town, &begun).await?;
                amendment::approve_amendment(desk, &approver, of_town).await?;
            }
            Act::Extend { deadline, reason } => {
                let fields = self.later(*deadline, &plan.time, reason)?;
                let of_town = amendment::extend_deadline(desk, &officer, id, &fields).await?;
                amendment::approve_amendment(desk, &approver, of_town).await?;
            }
            Act::Alive { run } => amendment::seen_alive(desk, *run).await?,
            Act::Reopen { day_of_failure, from, until, deadline, reason } => {
                let mut fields = self.later(*deadline, &plan.time, reason)?;
                let day = self.calendar.day(*day_of_failure)?;
                for (name, time) in [("from", from), ("until", until)] {
                    fields.set(format!("{name}_date"), day.as_str());
                    fields.set(format!("{name}_time"), time.as_str());
                }
                let of_town = amendment::ask_reopening(desk, &officer, id, &fields).await?;
                amendment::approve_amendment(desk, &approver, of_town).await?;
            }
            Act::Publish { supplier, entry } => {
                let owner = town.actor(self.owners.get(supplier).map(String::as_str).unwrap_or_default());
                let mut fields: Fields = entry.iter().map(|(name, text)| (name.as_str(), text.trim())).collect();
                fields.set("consent", "yes");
                library::publish_solution(desk, &owner, Some(id), &fields).await?;
            }
            Act::Partner { supplier, brings, seeks, contact } => {
                let owner = town.actor(self.owners.get(supplier).map(String::as_str).unwrap_or_default());
                let fields = of(&[("brings", brings), ("seeks", seeks), ("contact", contact)]);
                reach::post_partner_note(desk, &owner, id, &fields).await?;
            }
            Act::Keep { person, search, rhythm } => {
                // From here on there is news.
                follow_once(desk).await?;
                alert::tell_found(desk).await?;
                let wanted = alert::Wanted::Search(search.clone());
                alert::save_alert(desk, &town.actor(person), None, &wanted, &of(&[("rhythm", rhythm)])).await?;
            }
            Act::Tell => {
                follow_once(desk).await?;
                alert::tell_found(desk).await?;
            }
            before => self.of_draft(plan, before).await?,
        }
        Ok(())
    }

    /// A new deadline, so many days from today.
    fn later(&self, days: i64, time: &str, reason: &str) -> Result<Fields> {
        Ok(of(&[("reason", reason), ("deadline_date", &self.calendar.day(days)?), ("deadline_time", time)]))
    }
}
