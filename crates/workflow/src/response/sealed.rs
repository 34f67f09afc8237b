//! A submission as it is made: from a draft as it was read, and what was posted, to what is written, sealed.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use domain::challenge::Terms;
use domain::form::Fields;
use domain::ids::{ResponseId, RoundId, SubmissionId};
use domain::moment::Moment;
use domain::organisation::Actor;
use domain::response::{Content, Enclosures, content, files_since, gather, price_apart, written};
use serde_json::json;
use sha2::{Digest, Sha256};
use store::{EnclosureRow, Mail, NewEnvelope, NewSubmission, TypedAnswer};

use super::draft::{Changed, as_read, changed, seal_answer, typed};
use super::enclosing::keys_for;
use super::partner::unsigned;
use super::read::{DraftAnswer, draft_version, lost};
use super::{PRICE, QUALITY};
use crate::sealing::{Key, digest, envelope_place, hex};
use crate::{Desk, Error, Result};

/// What a supplier posts to be submitted.
#[derive(Clone, Debug)]
pub(super) struct Posted {
    pub actor: Actor,
    pub response: ResponseId,
    /// The instant at which the server held the complete request.
    pub received_at: Moment,
    pub what: What,
    /// Makes a repeated post the same post.
    pub key: String,
}

/// What was read before it was submitted.
#[derive(Clone, Copy, Debug)]
pub struct Reviewed {
    pub draft_version: i64,
    /// Of the challenge; `None`: the page did not say.
    pub version: Option<i64>,
}

#[derive(Clone, Debug)]
pub(super) enum What {
    /// The draft as saved, as it was reviewed, where it was.
    Draft(Option<Reviewed>),
    /// What was typed, saved with it.
    Answers(Arc<Fields>),
}

/// The text of an answer as posted.
fn text<'a>(fields: &'a Fields, name: &str) -> Option<Cow<'a, str>> {
    fields.0.get(name).map(|text| typed(text))
}

impl Posted {
    /// The version of the challenge that was read with it, where that is said.
    fn version(&self) -> Option<i64> {
        match &self.what {
            What::Draft(reviewed) => reviewed.and_then(|reviewed| reviewed.version),
            What::Answers(fields) => fields.get("version").parse().ok(),
        }
    }

    fn fields(&self, terms: &Terms) -> Option<Fields> {
        let What::Answers(fields) = &self.what else { return None };
        let mut fields = Fields::clone(fields);
        gather(terms, &mut fields);
        Some(fields)
    }

    /// What was typed is part of the key: the same post again is the same post, another text under an old key is not.
    pub fn key(&self, terms: &Terms) -> String {
        self.key_of(terms, self.fields(terms).as_ref())
    }

    fn key_of(&self, terms: &Terms, fields: Option<&Fields>) -> String {
        let (id, key) = (self.response, &self.key);
        let Some(fields) = fields else { return format!("{id}:{key}") };
        let mut posted = Sha256::new();
        for field in written(terms) {
            let name = field.name();
            if let Some(text) = text(fields, &name) {
                posted.update(&name);
                posted.update(text.len().to_be_bytes());
                posted.update(text.as_bytes());
            }
        }
        format!("{id}:{key}:{}", hex(&posted.finalize()))
    }
}

/// A draft as it was read, opened, with the keys that seal what is made of it.
pub(super) struct Opened<'a> {
    pub id: ResponseId,
    pub round: RoundId,
    /// Of the challenge.
    pub version: i64,
    pub terms: &'a Terms,
    pub reference: &'a str,
    /// The number of the last submission.
    pub last: i64,
    pub answers: BTreeMap<String, DraftAnswer>,
    pub files: Enclosures,
    pub held: Vec<&'a EnclosureRow>,
    pub draft_key: Key,
    pub round_key: Key,
    pub addresses: Vec<String>,
    /// Of partners who signed this very content off, by their digests; `None` where that was not read.
    pub signed: Option<Vec<(String, String)>>,
}

/// What is written, and told.
#[derive(Clone)]
pub(super) struct Sealed {
    pub new: NewSubmission,
    pub key: String,
    pub mails: Vec<Mail>,
}

/// `Stale` where what was reviewed, or stood in the form as read, is not what there is; `Invalid` where something is missing.
pub(super) fn seal(desk: &Desk, mut own: Opened, posted: &Posted) -> Result<Sealed> {
    // A receipt names the version: nobody answers one that they have not read.
    if posted.version().is_some_and(|version| version != own.version) {
        return Err(Error::Stale);
    }
    let mut typed = Vec::new();
    let mut reviewed = true;
    let fields = posted.fields(own.terms);
    if let What::Draft(read) = &posted.what {
        reviewed = read.is_none_or(|read| read.draft_version == draft_version(&own.answers, &own.files));
    }
    if let Some(fields) = &fields {
        let (newer, refused) = changed((own.terms, own.version), (&own.answers, &own.files), fields);
        if !refused.is_empty() {
            return Err(Error::Invalid(refused));
        }
        // A colleague saved one of them since the form was read.
        reviewed = newer.iter().all(|answer| answer.seen == own.answers.get(&answer.name).map_or(0, |now| now.row_version));
        // Files go along as they lie there, and the form names those that it showed: else what a colleague took away would be missing,
        // or what came would go along unread. What was typed says nothing of them.
        reviewed &= fields.0.get("files").is_none_or(|shown| files_since(shown, &own.files).is_empty());
        typed = newer;
        for field in written(own.terms) {
            let name = field.name();
            if let Some(text) = text(fields, &name) {
                // A colleague changed it, and this form still shows what it said before.
                let (saved, lost) = own.answers.get(&name).map_or(("", false), |answer| (&answer.text, answer.lost));
                reviewed &= text == saved || lost || !as_read(&name, fields);
                own.answers.entry(name).or_default().text = text.into_owned();
            }
        }
    }
    let mut lost = lost(own.terms, &own.answers);
    lost.retain(|error| typed.iter().all(|newer| newer.name != error.field));
    if !lost.is_empty() {
        return Err(Error::Invalid(lost));
    }
    let draft: Fields = own.answers.iter().map(|(name, answer)| (name.clone(), answer.text.clone())).collect();
    let mut content = content(own.terms, own.version, &draft, &own.files).map_err(Error::Invalid)?;
    if !reviewed {
        return Err(Error::Stale);
    }
    let answers = kept(desk, &own, &content, typed)?;
    if own.terms.offer.partners_sign && !content.partners().is_empty() {
        // Received with many others it was not read: then it is done alone, where it is.
        let unsigned = unsigned(own.signed.as_ref().ok_or(Error::Stale)?, &content);
        if !unsigned.is_empty() {
            return Err(Error::Invalid(unsigned));
        }
    }
    let (id, n) = (SubmissionId(desk.chance.id()), own.last + 1);
    let apart = price_apart(own.terms);
    if apart {
        content.blind = hex(&desk.chance.bytes::<16>());
    }
    let canonical = content.canonical();
    let salt = desk.chance.bytes::<16>();
    let whole = digest(&salt, &canonical);
    let parts = if apart {
        let (quality, price) = content.apart();
        vec![(QUALITY, quality.canonical(), quality), (PRICE, price.canonical(), price)]
    } else {
        vec![(QUALITY, canonical, content)]
    };
    let mut envelopes = Vec::new();
    for (kind, bytes, part) in parts {
        let data_key = Key::random(&desk.chance);
        let place = envelope_place(own.id.get(), own.round.get(), n, kind);
        envelopes.push(NewEnvelope {
            kind,
            sealed: data_key.seal(&place, &bytes, &desk.chance)?,
            sealed_key: own.round_key.wrap(&place, &data_key, &desk.chance)?,
            digest: apart.then(|| digest(&salt, &bytes)),
            files: keys_for(desk, &own, part.all_files(), id, &data_key)?,
        });
    }
    let new = NewSubmission {
        id,
        round: own.round,
        n,
        version: own.version,
        received_at: posted.received_at,
        digest: whole,
        salt: salt.to_vec(),
        envelopes,
        answers,
    };
    Ok(Sealed { mails: mails(desk, &own, &new), key: posted.key_of(own.terms, fields.as_ref()), new })
}

/// How the draft keeps its answers from now on: those of a submission lie in its envelopes, as far as they stand there as they were
/// typed; the others are rows. `typed`: with this submission.
fn kept(desk: &Desk, own: &Opened, content: &Content, typed: Vec<Changed>) -> Result<Vec<TypedAnswer>> {
    let row = |name: &str| own.answers.get(name).map_or(0, |now| now.row);
    let sealed = |name: &str, text: &str| {
        let held = content.spelled(name).as_deref() == Some(text);
        if held { Ok(None) } else { seal_answer(desk, &own.draft_key, (own.id, own.round), name, text).map(Some) }
    };
    let mut answers = Vec::new();
    for Changed { name, text, seen } in &typed {
        let (row, sealed) = (row(name), sealed(name, text)?);
        answers.push(TypedAnswer { question: name.clone(), version: seen + 1, row, sealed, before: None });
    }
    // Typed with an earlier submission: the last one's envelopes are where it is looked for. It stays whose it was, and when.
    let earlier = own.answers.iter().filter(|(name, answer)| {
        answer.row < answer.row_version && !answer.lost && typed.iter().all(|newer| newer.name != **name)
    });
    for (name, answer) in earlier {
        let Some(sealed) = sealed(name, &answer.text)? else { continue };
        let before = answer.writer.zip(answer.updated_at);
        answers.push(TypedAnswer {
            question: name.clone(),
            version: answer.row_version,
            row: answer.row,
            sealed: Some(sealed),
            before,
        });
    }
    Ok(answers)
}

/// The receipt, to all members.
fn mails(desk: &Desk, own: &Opened, new: &NewSubmission) -> Vec<Mail> {
    let (first, base, id) = (desk.chance.id(), &desk.base_url, new.id);
    let params = json!({
        "title": own.terms.title,
        "reference": own.reference,
        "received": new.received_at.micros(),
        "submission": id.to_string(),
        "verify": format!("{base}/receipts/verify"),
        "link": format!("{base}/receipts/{id}"),
    });
    let mail = |(at, recipient): (i64, &String)| Mail {
        id: first ^ at,
        event: format!("submit_response:{id}"),
        recipient: recipient.clone(),
        template: "receipt",
        params: params.clone(),
        due_at: None,
    };
    (1i64..).zip(&own.addresses).map(mail).collect()
}
