use crate::challenge::Stage;
use crate::enquiry::EnquiryState;
use crate::moment::Moment;
use crate::organisation::Actor;
use crate::policy::response::supplying;
use crate::policy::*;

/// An enquiry as the actor meets it.
#[derive(Clone, Debug)]
pub struct EnquiryFacts {
    pub challenge: ChallengeFacts,
    pub enquiry: EnquiryId,
    pub supplier: OrganisationId,
    pub state: EnquiryState,
    /// The asker wants it not to be published.
    pub confidential: bool,
}

impl EnquiryFacts {
    /// It may be answered to all as it stands.
    pub fn publishable(&self) -> bool {
        match self.state {
            EnquiryState::Waiting => !self.confidential,
            EnquiryState::Agreed => true,
            EnquiryState::AskedBack | EnquiryState::Withdrawn | EnquiryState::Answered => false,
        }
    }
}

/// A supplier's member, also before anything is drafted, until `until`. Nobody else is told who asked.
pub fn ask_enquiry(actor: &Actor, facts: &ChallengeFacts, until: Moment) -> Decision<AskEnquiry> {
    let refusal = supplying(actor, facts)
        .or(at_stage(facts.public_stage(), &[Stage::Open]))
        .or(unless(facts.now.before(until), Refusal::EnquiriesOver));
    decide(actor, facts.at(), facts.challenge.get(), false, refusal)
}

/// Enquiries as they were asked, without the askers: the team. What is answered is public with the notice.
pub fn read_enquiries(actor: &Actor, facts: &ChallengeFacts) -> Decision<ReadEnquiries> {
    decide(actor, facts.at(), facts.challenge.get(), false, unless(facts.team.is_some(), Refusal::Unseen))
}

/// The asker's own: everybody else is told that there is none.
fn own(actor: &Actor, facts: &EnquiryFacts) -> Option<Refusal> {
    if !actor.acts_for(facts.supplier) {
        return Some(Refusal::Unseen);
    }
    super::response::answering(actor, &facts.challenge)
}

pub fn read_own_enquiry(actor: &Actor, facts: &EnquiryFacts) -> Decision<ReadOwnEnquiry> {
    decide(actor, facts.challenge.at(), facts.enquiry.get(), false, own(actor, facts))
}

/// Until it is answered.
pub fn withdraw_enquiry(actor: &Actor, facts: &EnquiryFacts) -> Decision<WithdrawEnquiry> {
    let refusal = own(actor, facts).or(unless(facts.state.is_open(), Refusal::EnquiryState));
    decide(actor, facts.challenge.at(), facts.enquiry.get(), false, refusal)
}

/// The asker lets a confidential one be published in the words that the authority proposed.
pub fn agree_to_publish(actor: &Actor, facts: &EnquiryFacts) -> Decision<AgreeToPublish> {
    let refusal = own(actor, facts).or(unless(facts.state == EnquiryState::AskedBack, Refusal::EnquiryState));
    decide(actor, facts.challenge.at(), facts.enquiry.get(), false, refusal)
}

const ANSWERABLE: &[Stage] = &[Stage::Open, Stage::Closed];

fn answering(facts: &ChallengeFacts) -> Option<Refusal> {
    unless(facts.team.is_some(), Refusal::Unseen)
        .or(unless(facts.officer(), Refusal::NotYours))
        .or(at_stage(facts.public_stage(), ANSWERABLE))
}

/// One answer for one or several; which of them may be published is each one's own fact.
pub fn answer_enquiry(actor: &Actor, facts: &ChallengeFacts) -> Decision<AnswerEnquiry> {
    decide(actor, facts.at(), facts.challenge.get(), false, answering(facts))
}

/// Asks the asker of a confidential one whether it may be published in these words.
pub fn ask_back(actor: &Actor, facts: &EnquiryFacts) -> Decision<AskBack> {
    let refusal = answering(&facts.challenge).or(unless(
        facts.confidential && matches!(facts.state, EnquiryState::Waiting | EnquiryState::AskedBack),
        Refusal::EnquiryState,
    ));
    decide(actor, facts.challenge.at(), facts.enquiry.get(), false, refusal)
}
