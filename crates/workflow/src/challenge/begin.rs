//! Beginning a draft with something: a template, an earlier challenge, an old brief.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use domain::challenge::{Draft, Section, TeamRole, Terms, brief, draft_of, parse_loosely};
use domain::form::{Errors, Fields};
use domain::ids::{ChallengeId, from_text, to_text};
use domain::moment::Moment;
use domain::organisation::Actor;
use domain::policy::{self, EditChallenge, ReadChallenge, Refused};
use serde::Deserialize;
use store::Lock;

use super::{create_challenge, facts, give_ids};
use crate::{Desk, Error, Result};

/// A draft to begin with, written for a kind of problem. Its texts are examples to write over.
#[derive(Debug, Deserialize)]
pub struct Template {
    #[serde(skip)]
    pub code: &'static str,
    pub name: String,
    pub about: String,
    /// Section, then field, then text.
    sections: BTreeMap<String, BTreeMap<String, String>>,
}

macro_rules! templates {
    ($($code:literal),+ $(,)?) => { &[$(($code, include_str!(concat!("../../templates/", $code, ".toml")))),+] };
}

const FILES: &[(&str, &str)] = templates!["service", "data", "field-pilot", "access"];

/// Those that ship; a file that does not parse is found by a test.
pub static TEMPLATES: LazyLock<Vec<Template>> =
    LazyLock::new(|| FILES.iter().filter_map(|(code, text)| Some(Template { code, ..toml::from_str(text).ok()? })).collect());

impl Template {
    pub fn draft(&self) -> Draft {
        let sections = self.sections.iter().filter_map(|(code, fields)| {
            let fields: Fields = fields.iter().map(|(name, text)| (name.clone(), text.trim().to_owned())).collect();
            Some((Section::parse(code)?, fields))
        });
        Draft(sections.collect())
    }
}

/// Fields `title`, and `template` (a code) or `copy` (the reference of an earlier challenge); neither: a blank draft.
pub async fn begin_challenge(desk: &Desk, actor: &Actor, fields: &Fields) -> Result<ChallengeId> {
    let mut errors = Errors::default();
    let title = errors.text(fields, "title", true, 120);
    let from = match (fields.get("template"), fields.get("copy")) {
        ("", "") => Draft::default(),
        ("", reference) => match copied(desk, actor, reference).await? {
            Some(draft) => draft,
            None => {
                errors.say("copy", "copy-unknown");
                Draft::default()
            }
        },
        (code, _) => match TEMPLATES.iter().find(|template| template.code == code) {
            Some(template) => template.draft(),
            None => {
                errors.say("template", "choose");
                Draft::default()
            }
        },
    };
    errors.done(()).map_err(Error::Invalid)?;
    let mut first = from.section(Section::Problem);
    first.set("title", title);
    let id = create_challenge(desk, actor, first).await?;
    let rest = Draft(from.0.into_iter().filter(|(section, _)| *section != Section::Problem).collect());
    take_over(desk, actor, id, rest).await?;
    Ok(id)
}

/// The text of an earlier challenge: of the own team as it was typed, of anybody's what was published, with credit. Dates are
/// not taken, and rows get ids of their own. `None` where there is none that the actor may read.
async fn copied(desk: &Desk, actor: &Actor, reference: &str) -> Result<Option<Draft>> {
    let mut conn = desk.store.read().await?;
    let Some(id) = conn.challenge_of_reference(&reference.to_uppercase()).await? else { return Ok(None) };
    let Some(found) = conn.challenge_facts(actor, id, Lock::None).await? else { return Ok(None) };
    let typed = conn.draft(id).await?;
    let mut draft = if policy::read_draft(actor, &found).is_ok() {
        typed
    } else if policy::read_challenge(actor, &found).is_ok() {
        let row = conn.challenge_row(id).await?.ok_or(Refused::unseen::<ReadChallenge>(id.get()))?;
        let Some(terms) = row.terms()? else { return Ok(None) };
        let credit = format!("“{}”, {}, {}", terms.title, row.buyer_name, row.reference);
        published(&typed, &terms, found.now, credit)
    } else {
        return Ok(None);
    };
    for fields in draft.0.values_mut() {
        fields.0.retain(|name, _| !name.ends_with("_date") && !name.ends_with("_time"));
    }
    Ok(Some(with_new_ids(desk, &draft)))
}

/// What was published, as a draft. The form is taken as it was typed only if it says what was published: another's text that
/// nobody may read yet must not come along.
fn published(typed: &Draft, terms: &Terms, now: Moment, credit: String) -> Draft {
    let mut draft = draft_of(terms);
    let contact = draft.0.entry(Section::Contact).or_default();
    contact.0.retain(|name, _| name == "lang");
    contact.set("credit", credit);
    let (said, _) = parse_loosely(typed, now);
    let same =
        |a: &Terms, b: &Terms| a.questions == b.questions && a.criteria == b.criteria && a.price == b.price && a.panel == b.panel;
    if same(&said, terms) {
        for section in [Section::Questions, Section::Criteria, Section::Panel] {
            draft.0.insert(section, typed.section(section));
        }
    }
    draft
}

/// Each id becomes another, wherever it stands: in a row, in the name of a field, as what another row refers to.
fn with_new_ids(desk: &Desk, draft: &Draft) -> Draft {
    let fields = draft.0.values().flat_map(|fields| &fields.0);
    let old: BTreeSet<&str> =
        fields.filter(|(name, id)| name.ends_with("-id") && from_text(id).is_some()).map(|(_, id)| id.as_str()).collect();
    let ids: Vec<(&str, String)> = old.into_iter().map(|id| (id, to_text(desk.chance.id()))).collect();
    let renamed = |text: &str| ids.iter().fold(text.to_owned(), |text, (old, new)| text.replace(old, new));
    let sections = draft.0.iter().map(|(section, fields)| {
        (*section, fields.0.iter().map(|(name, text)| (renamed(name), renamed(text))).collect::<Fields>())
    });
    Draft(sections.collect())
}

/// What a pasted brief becomes: for showing before it is taken over.
pub fn sort_brief(text: &str) -> Draft {
    brief::sort(text)
}

/// Takes a pasted brief into a draft. What stands there already stays; what both have is appended.
pub async fn take_brief(desk: &Desk, actor: &Actor, id: ChallengeId, text: &str) -> Result<()> {
    take_over(desk, actor, id, brief::sort(text)).await
}

/// All sections in one transaction: a draft is never half taken over.
async fn take_over(desk: &Desk, actor: &Actor, id: ChallengeId, mut from: Draft) -> Result<()> {
    from.0.retain(|_, fields| fields.0.values().any(|text| !text.trim().is_empty()));
    if from.0.is_empty() {
        return Ok(());
    }
    for fields in from.0.values_mut() {
        give_ids(desk, fields);
    }
    let who = actor.clone();
    desk.write(actor, move |tx| {
        Box::pin(async move {
            let facts = facts::<EditChallenge>(tx, &who, id, Lock::Share).await?;
            let sections = tx.sections(id).await?;
            let draft = tx.draft(id).await?;
            for (section, fields) in &from.0 {
                let seen = sections.iter().find(|row| row.section == section.code()).map_or(0, |row| row.row_version);
                let merged = merged(&draft.section(*section), fields);
                tx.save_section(&policy::edit_challenge(&who, &facts)?, *section, &merged, seen).await?;
            }
            Ok(())
        })
    })
    .await
}

/// Rows go behind those that are there; an empty field is filled; a text is appended to another; a line that is taken keeps
/// what it says, and what came is lost to nobody: it stands in the other draft or the brief.
fn merged(old: &Fields, new: &Fields) -> Fields {
    let mut out = old.clone();
    for (name, text) in &new.0 {
        let (list, number, field) = match name.splitn(3, '-').collect::<Vec<_>>().as_slice() {
            [list, number, field] => ((*list).to_owned(), number.parse::<u32>().ok(), (*field).to_owned()),
            _ => (String::new(), None, String::new()),
        };
        if let Some(number) = number {
            let last = old.rows(&list).last().copied().unwrap_or(0);
            out.set(format!("{list}-{}-{field}", last + number), text.clone());
            continue;
        }
        let before = old.raw(name);
        if before.trim().is_empty() {
            out.set(name.clone(), text.clone());
        } else if before.trim() != text.trim() && text.chars().count().max(before.chars().count()) > 120 {
            out.set(name.clone(), format!("{before}\n\n{text}"));
        }
    }
    out
}

/// Challenges that the actor's teams wrote, to copy: reference and title.
pub async fn list_to_copy(desk: &Desk, actor: &Actor) -> Result<Vec<(String, String)>> {
    let (Some(user), Some(acting)) = (actor.user(), actor.acting_as()) else { return Ok(Vec::new()) };
    let mut conn = desk.store.read().await?;
    let rows = conn.team_challenges(user.get(), acting.organisation.get()).await?;
    let mut own: Vec<_> = Vec::new();
    for row in rows {
        let facts = conn.challenge_facts(actor, ChallengeId(row.challenge), Lock::None).await?;
        if facts.is_some_and(|facts| matches!(facts.team, Some(TeamRole::Officer | TeamRole::Approver))) {
            own.push((row.reference.clone(), row.title()));
        }
    }
    Ok(own)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(pairs: &[(&str, &str)]) -> Fields {
        pairs.iter().copied().collect()
    }

    #[test]
    fn every_template_parses_and_knows_its_sections() {
        assert_eq!(TEMPLATES.len(), FILES.len());
        for template in TEMPLATES.iter() {
            let draft = template.draft();
            assert_eq!(draft.0.len(), template.sections.len(), "{}: a section that is none", template.code);
            assert!(!draft.title().is_empty() && !template.about.is_empty(), "{}", template.code);
        }
    }

    #[test]
    fn no_template_gives_a_bad_example() {
        for template in TEMPLATES.iter() {
            let found = domain::statement::check(&domain::statement::of_draft(&template.draft(), None));
            let bad: Vec<_> = found.iter().filter(|finding| finding.gravity != domain::statement::Gravity::Note).collect();
            assert!(bad.is_empty(), "{}: {bad:#?}", template.code);
        }
    }

    #[test]
    fn what_is_taken_over_adds_to_what_is_there() {
        let old = fields(&[("limits", "No noise."), ("title", "Mine"), ("outcome-1-title", "A")]);
        let long = "x".repeat(130);
        let new = fields(&[("limits", &long), ("title", "Theirs"), ("outcome-1-title", "B"), ("place", "Here")]);
        let out = merged(&old, &new);
        assert_eq!(out.get("limits"), format!("No noise.\n\n{long}"));
        assert_eq!(out.get("title"), "Mine", "a line that is taken");
        assert_eq!(out.of_row("outcome", 2, "title"), "B");
        assert_eq!(out.get("place"), "Here");
    }
}
