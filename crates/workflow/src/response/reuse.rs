//! Putting what was written before into an answer: parts of the own profile, and answers of own earlier responses.

use domain::challenge::{Question, QuestionKind, Terms};
use domain::form::Fields;
use domain::ids::{OrganisationId, ResponseId};
use domain::organisation::Actor;
use domain::policy::{ReadOwnResponse, Refused};
use domain::response::Field;
use store::Conn;

use super::read::own;
use super::{OwnResponse, Saved, read_own_response, save_answer};
use crate::{Desk, Error, Result};

/// Earlier answers that are offered at most; those to the same question come first.
const MOST: usize = 40;

/// A text that can be put into an answer.
pub struct Source {
    /// Names it in a form.
    pub key: String,
    pub from: From,
    pub text: String,
}

pub enum From {
    /// A part of the profile, by its code.
    Profile(&'static str),
    /// An answer of an earlier response.
    Earlier { challenge: String, question: String },
}

pub struct Reusable {
    pub own: OwnResponse,
    pub question: Question,
    pub sources: Vec<Source>,
}

/// A question that is answered in words, by the name of its field.
pub fn asks_words<'a>(terms: &'a Terms, field: &str) -> Option<&'a Question> {
    let in_words = |question: &&Question| matches!(question.kind, QuestionKind::LongText | QuestionKind::ShortText);
    terms.questions.iter().filter(in_words).find(|question| Field::Question(question.id).name() == field)
}

/// The sentence of a choice, by its key in the catalogue: `size-micro`, `standing-team`.
pub type Say<'s> = &'s (dyn Fn(&str) -> String + Send + Sync);

pub async fn read_reusable(desk: &Desk, actor: &Actor, id: ResponseId, field: &str, say: Say<'_>) -> Result<Reusable> {
    let response = read_own_response(desk, actor, id).await?;
    let unseen = || Refused::unseen::<ReadOwnResponse>(id.get());
    let question = asks_words(&response.terms, field).cloned().ok_or_else(unseen)?;
    let mut conn = desk.store.read().await?;
    let mut sources = of_profile(&mut conn, response.facts.supplier, say).await?;
    let mut earlier = Vec::new();
    for row in conn.responses_of(response.facts.supplier).await?.iter().filter(|row| row.id != id.get()) {
        // The policy is asked for each, as if it were read on its own page.
        match own(desk, &mut conn, actor, ResponseId(row.id)).await {
            Ok(of) => earlier.extend(of_response(&of)),
            Err(Error::Refused(_)) => {}
            Err(error) => return Err(error),
        }
    }
    // The sort is stable: the newest stay first among equals.
    let same = question.label.to_lowercase();
    earlier.sort_by_key(|source| !matches!(&source.from, From::Earlier { question, .. } if question.to_lowercase() == same));
    sources.extend(earlier.into_iter().take(MOST));
    Ok(Reusable { own: response, question, sources })
}

async fn of_profile(conn: &mut Conn, supplier: OrganisationId, say: Say<'_>) -> Result<Vec<Source>> {
    let Some(row) = conn.organisation(supplier.get()).await? else { return Ok(Vec::new()) };
    let profile = row.profile()?;
    let parts = [
        ("about", row.about.clone()),
        ("solved", profile.solved),
        ("places", profile.places),
        ("size", profile.size.map(|size| say(&format!("size-{}", size.code()))).unwrap_or_default()),
        ("standing", say(&format!("standing-{}", profile.standing.code()))),
        ("identifiers", profile.identifiers),
    ];
    let written = parts.into_iter().filter(|(_, text)| !text.trim().is_empty());
    Ok(written.map(|(part, text)| Source { key: format!("profile-{part}"), from: From::Profile(part), text }).collect())
}

fn of_response(of: &OwnResponse) -> Vec<Source> {
    let answer = |question: &Question| {
        let field = Field::Question(question.id).name();
        let text = of.answers.get(&field).map(|answer| answer.text.clone()).filter(|text| !text.trim().is_empty())?;
        let from = From::Earlier { challenge: of.terms.title.clone(), question: question.label.clone() };
        asks_words(&of.terms, &field).map(|_| Source { key: format!("{}-{field}", of.facts.response), from, text })
    };
    of.terms.questions.iter().filter_map(answer).collect()
}

/// Puts a source behind what the answer says already, and saves it as if it had been typed. `seen`: the version of the answer as
/// the page showed it, so that a form that is posted twice puts it in once.
pub async fn reuse_answer(
    desk: &Desk,
    actor: &Actor,
    id: ResponseId,
    field: &str,
    key: &str,
    seen: Option<i64>,
    say: Say<'_>,
) -> Result<Saved> {
    let found = read_reusable(desk, actor, id, field, say).await?;
    let source = found.sources.iter().find(|source| source.key == key).ok_or_else(|| Error::field("source", "choose"))?;
    let before = found.own.answers.get(field).cloned().unwrap_or_default();
    if seen.is_some_and(|seen| seen != before.row_version) {
        // Not by `save_answer`: to that, once more behind what was put in just now is only one's own text that goes on.
        return Ok(Saved { stale: vec![field.to_owned()], ..Saved::default() });
    }
    let text = format!("{}\n\n{}", before.text.trim_end(), source.text.trim()).trim_start().to_owned();
    let fields: Fields =
        [(field.to_owned(), text), (format!("seen-{field}"), before.row_version.to_string())].into_iter().collect();
    save_answer(desk, actor, id, &fields).await
}
