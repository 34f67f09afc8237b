//! What a draft still lacks, and what the statement check says of it: for the officer who mends it and the approver who
//! reads the reasons.

use std::collections::BTreeMap;

use domain::challenge::{Draft, Stage};
use domain::form::{Errors, FieldError, Fields};
use domain::ids::ChallengeId;
use domain::moment::Moment;
use domain::organisation::Actor;
use domain::policy::{self, DismissFinding, TakeBackFinding};
use domain::statement::{self, Finding, Gravity};
use store::{FindingRow, Lock};

use super::{DraftView, facts, read_draft};
use crate::{Desk, Error, Result};

/// Why a finding was left as it is, by whom and when.
#[derive(Clone, Debug)]
pub struct Dismissal {
    pub words: String,
    pub reason: String,
    pub by_name: String,
    pub at: Moment,
}

/// A finding of the text as it is now.
#[derive(Clone, Debug)]
pub struct Told {
    pub finding: Finding,
    pub dismissed: Option<Dismissal>,
}

impl Told {
    /// It keeps the draft from review.
    pub fn blocks(&self) -> bool {
        self.finding.gravity == Gravity::MustClear && self.dismissed.is_none()
    }
}

pub struct Readiness {
    pub view: DraftView,
    pub findings: Vec<Told>,
}

/// The newest word on each finding counts.
fn dismissals(rows: Vec<FindingRow>) -> BTreeMap<String, Dismissal> {
    let mut standing = BTreeMap::new();
    for row in rows {
        if row.kind == "dismissed" {
            let told = Dismissal { words: row.words, reason: row.reason, by_name: row.by_name, at: Moment(row.at) };
            standing.insert(row.finding, told);
        } else {
            standing.remove(&row.finding);
        }
    }
    standing
}

fn told(draft: &Draft, now: Moment, rows: Vec<FindingRow>) -> Vec<Told> {
    let dismissed = dismissals(rows);
    statement::check(&statement::of_draft(draft, Some(now)))
        .into_iter()
        .map(|finding| {
            let dismissed = dismissed.get(&finding.key()).cloned();
            Told { finding, dismissed }
        })
        .collect()
}

/// For the team, at every stage: what a published text was let through with stays readable.
pub async fn read_readiness(desk: &Desk, actor: &Actor, id: ChallengeId) -> Result<Readiness> {
    let view = read_draft(desk, actor, id).await?;
    let rows = desk.store.read().await?.finding_events(id).await?;
    let findings = told(&view.draft, view.facts.now, rows);
    Ok(Readiness { view, findings })
}

/// What the approver is shown: findings of this text that were left as they are, with their reasons.
pub async fn read_dismissed(desk: &Desk, actor: &Actor, id: ChallengeId) -> Result<Vec<Told>> {
    let all = read_readiness(desk, actor, id).await?.findings;
    Ok(all.into_iter().filter(|told| told.dismissed.is_some()).collect())
}

/// Findings that must be cleared before review, by another text or a recorded reason; one error each.
pub(super) fn uncleared(draft: &Draft, now: Moment, rows: Vec<FindingRow>) -> Vec<FieldError> {
    told(draft, now, rows)
        .into_iter()
        .filter(Told::blocks)
        .map(|told| FieldError::new("readiness", "finding-uncleared").with("words", &told.finding.excerpt))
        .collect()
}

/// Fields `finding` (its key) and `reason`. A finding that the text no longer has cannot be dismissed.
pub async fn dismiss_finding(desk: &Desk, actor: &Actor, id: ChallengeId, fields: &Fields) -> Result<()> {
    let mut errors = Errors::default();
    let reason = errors.text(fields, "reason", true, 1_000);
    if errors.0.is_empty() && reason.chars().count() < 10 {
        errors.add(FieldError::new("reason", "reason-short").with("min", 10));
    }
    errors.done(()).map_err(Error::Invalid)?;
    let (event, who, key) = (desk.chance.id(), actor.clone(), fields.get("finding").to_owned());
    desk.write(actor, move |tx| {
        Box::pin(async move {
            let facts = facts::<DismissFinding>(tx, &who, id, Lock::Share).await?;
            let permit = policy::dismiss_finding(&who, &facts)?;
            let found = told(&tx.draft(id).await?, facts.now, Vec::new()).into_iter().find(|told| told.finding.key() == key);
            let found = found.ok_or_else(|| Error::field("reason", "finding-gone"))?.finding;
            Ok(tx.dismiss_finding(&permit, event, &key, &found.excerpt, &reason).await?)
        })
    })
    .await
}

/// Field `finding`: the reason no longer counts; it stays in the record.
pub async fn take_back_finding(desk: &Desk, actor: &Actor, id: ChallengeId, fields: &Fields) -> Result<()> {
    let (event, who, key) = (desk.chance.id(), actor.clone(), fields.get("finding").to_owned());
    desk.write(actor, move |tx| {
        Box::pin(async move {
            let facts = facts::<TakeBackFinding>(tx, &who, id, Lock::Share).await?;
            let permit = policy::take_back_finding(&who, &facts)?;
            if !dismissals(tx.finding_events(id).await?).contains_key(&key) {
                return Err(Error::field("reason", "finding-gone"));
            }
            Ok(tx.take_back_finding(&permit, event, &key).await?)
        })
    })
    .await
}

impl Readiness {
    /// Drafts are mended; what is published is only read.
    pub fn drafting(&self) -> bool {
        self.view.facts.stage() == Stage::Draft
    }
}
