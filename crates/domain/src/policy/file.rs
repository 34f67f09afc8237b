use crate::organisation::Actor;
use crate::policy::*;

/// An officer of the challenge, while it is written.
pub fn attach_file(actor: &Actor, facts: &ChallengeFacts) -> Decision<AttachFile> {
    written(actor, facts)
}

pub fn remove_file(actor: &Actor, facts: &ChallengeFacts) -> Decision<RemoveFile> {
    written(actor, facts)
}

fn written<V: Verb>(actor: &Actor, facts: &ChallengeFacts) -> Decision<V> {
    let refusal = edit_challenge(actor, facts).err().map(|refused| refused.why);
    decide(actor, facts.at(), facts.challenge.get(), false, refusal)
}

/// A file that a published version names is as public as that version; any other is the draft's.
pub fn read_file(actor: &Actor, facts: &ChallengeFacts, published: bool) -> Decision<ReadFile> {
    let refusal = if published {
        read_challenge(actor, facts).err().map(|refused| refused.why)
    } else {
        read_draft(actor, facts).err().map(|refused| refused.why)
    };
    decide(actor, facts.at(), facts.challenge.get(), false, refusal)
}
