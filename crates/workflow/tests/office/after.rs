//! What people of the office do after publication.

use domain::challenge::Section;
use domain::form::Fields;
use domain::ids::{AmendmentId, AnswerId, ChallengeId, EnquiryId};
use domain::moment::{Moment, local_fields};
use workflow::amendment::{self, AmendmentView};
use workflow::enquiry::{self, EnquiriesView};
use workflow::{Error, challenge};

use super::people::{Person, Supplier};
use super::{Told, fields};

type Result<T, E = Error> = std::result::Result<T, E>;

/// `<name>_date` and `<name>_time` in UTC.
pub fn dates(pairs: &[(&str, Moment)]) -> Fields {
    let mut out = fields(&[("reason", "More time is needed.")]);
    for (name, at) in pairs {
        let (date, time) = local_fields(*at, "UTC");
        out.set(format!("{name}_date"), date);
        out.set(format!("{name}_time"), time);
    }
    out
}

impl Person {
    pub async fn begins_amendment(&self, id: ChallengeId) -> Result<AmendmentId> {
        let begun = fields(&[("reason", "A figure was wrong."), ("other_suppliers", "no")]);
        amendment::begin_amendment(&self.desk, &self.actor, id, &begun).await
    }

    /// The published section with some fields changed.
    pub async fn amends(&self, id: ChallengeId, of: AmendmentId, section: Section, pairs: &[(&str, &str)]) -> Result<i64> {
        let found = self.amendment(id).await?;
        let making = found.making.expect("an amendment in the making");
        let mut fields = making.draft.section(section);
        for (name, value) in pairs {
            fields.set(*name, *value);
        }
        let seen = making.changed.iter().find(|(of, _)| *of == section).map_or(0, |(_, version)| *version);
        amendment::save_amendment_section(&self.desk, &self.actor, of, section, fields, seen).await
    }

    pub async fn amendment(&self, id: ChallengeId) -> Result<AmendmentView> {
        amendment::read_amendment(&self.desk, &self.actor, id).await
    }

    pub async fn proposes(&self, of: AmendmentId) -> Result<()> {
        amendment::propose_amendment(&self.desk, &self.actor, of, &fields(&[("reason", "A figure was wrong.")])).await
    }

    /// Begins, changes one section, proposes.
    pub async fn writes_amendment(&self, id: ChallengeId, section: Section, pairs: &[(&str, &str)]) -> Result<AmendmentId> {
        let of = self.begins_amendment(id).await?;
        self.amends(id, of, section, pairs).await?;
        self.proposes(of).await?;
        Ok(of)
    }

    pub async fn approves_amendment(&self, of: AmendmentId) -> Result<i64> {
        amendment::approve_amendment(&self.desk, &self.actor, of).await
    }

    pub async fn extends(&self, id: ChallengeId, pairs: &[(&str, Moment)]) -> Result<AmendmentId> {
        amendment::extend_deadline(&self.desk, &self.actor, id, &dates(pairs)).await
    }

    pub async fn asks_reopening(&self, id: ChallengeId, pairs: &[(&str, Moment)]) -> Result<AmendmentId> {
        amendment::ask_reopening(&self.desk, &self.actor, id, &dates(pairs)).await
    }

    pub async fn version(&self, id: ChallengeId, n: i64) -> Result<amendment::VersionView> {
        amendment::read_version(&self.desk, &self.actor, id, n).await
    }

    pub async fn notice(&self, id: ChallengeId) -> Result<challenge::ChallengeView> {
        challenge::read_challenge(&self.desk, &self.actor, id).await
    }

    pub async fn enquiries(&self, id: ChallengeId) -> Result<EnquiriesView> {
        enquiry::read_enquiries(&self.desk, &self.actor, id).await
    }

    /// Answers what is named, with more fields of the form.
    pub async fn answers_enquiries(&self, id: ChallengeId, of: &[EnquiryId], more: &Fields) -> Result<AnswerId> {
        let mut form = more.clone();
        for (name, text) in [("question", "Do cellars count?"), ("answer", "They do.")] {
            if form.get(name).is_empty() {
                form.set(name, text);
            }
        }
        for enquiry in of {
            form.set(format!("enquiry-{enquiry}"), "on");
        }
        enquiry::answer_enquiry(&self.desk, &self.actor, id, &form).await
    }

    pub async fn asks_back(&self, of: EnquiryId, words: &str) -> Result<()> {
        enquiry::ask_back(&self.desk, &self.actor, of, &fields(&[("words", words)])).await
    }
}

impl Supplier {
    pub async fn asks(&self, id: ChallengeId, question: &str) -> Result<EnquiryId> {
        let form = fields(&[("question", question)]);
        enquiry::ask_enquiry(&self.person.desk, &self.person.actor, id, &form).await
    }

    pub async fn asks_in_confidence(&self, id: ChallengeId, question: &str) -> Result<EnquiryId> {
        let form = fields(&[("question", question), ("confidential", "yes"), ("why", "It names our method.")]);
        enquiry::ask_enquiry(&self.person.desk, &self.person.actor, id, &form).await
    }

    pub async fn withdraws_enquiry(&self, of: EnquiryId) -> Result<()> {
        enquiry::withdraw_enquiry(&self.person.desk, &self.person.actor, of).await
    }

    pub async fn agrees(&self, of: EnquiryId) -> Result<()> {
        enquiry::agree_to_publish(&self.person.desk, &self.person.actor, of).await
    }

    /// The form of an answered price, submitted.
    pub async fn takes_part(&self, id: ChallengeId) {
        self.answers(id, "90000").await.done();
        self.submits(id).await.done();
    }
}
