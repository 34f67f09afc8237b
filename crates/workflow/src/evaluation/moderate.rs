//! Moderation: all scores together, and what the panel makes of them item by item.

use std::collections::{BTreeMap, BTreeSet};

use domain::challenge::{Method, Reasons, Terms};
use domain::evaluation::{Backing, Candidate, FinalScores, Name, Reason, ReasonFault, Short, agenda, check_reasons};
use domain::form::{Errors, Fields};
use domain::ids::{ChallengeId, CriterionId, ResponseId, RoundId, SeatId};
use domain::moment::Moment;
use domain::organisation::Actor;
use domain::policy::{
    self, AgreeScore, ChallengeFacts, ReadModeration, RecordDissent, RecordMinutes, Refusal, Refused, ReviseScore,
};
use store::{AgreedRow, ConfirmationRow, Conn, Lock, NoteRow, PanelRow, ProposalRow, ScoreRow, SeatRow, WithoutRow};

use super::round_of;
use super::score::{Target, parse_score, target};
use super::written::{Approval, Written};
use crate::challenge::{facts, round_facts};
use crate::response::{Named, OpenedRound, opened_round};
use crate::sealing::hex;
use crate::{Desk, Error, Result};

const LONGEST_NOTE: usize = 4_000;

/// All scores and reasons together, widest disagreement first.
pub struct Moderation {
    pub facts: ChallengeFacts,
    pub title: String,
    pub terms: Terms,
    pub seats: Vec<SeatRow>,
    pub items: Vec<ModerationItem>,
    /// Those who approve the record, and whether they have.
    pub members: Vec<Member>,
    pub proposal: Option<ProposalRow>,
    pub record: Option<PanelRow>,
    pub without: Vec<WithoutRow>,
    /// Of a record that is closed: who approved it. Of others it is not told to whom a recusal hides a part.
    pub approved: Vec<Approval>,
    /// Responses with fewer own scores than published, among those that this reader sees.
    pub short: Vec<Short>,
    /// A second person's word that it is closed without the others: of the record as it stands.
    pub confirmed: Option<ConfirmationRow>,
    /// What there is to mend in the reasons.
    pub faults: Vec<ReasonFault>,
    /// Changes with anything that this reader can see, and with nothing else.
    pub position: String,
}

pub struct ModerationItem {
    pub response: ResponseId,
    pub named: Named,
    pub criterion: CriterionId,
    /// The end of the scale.
    pub max: u8,
    /// Widest minus narrowest score.
    pub spread: u8,
    /// By seat: the newest score and, where it was revised, what it was before.
    pub scores: Vec<(SeatId, ScoreRow, Vec<ScoreRow>)>,
    /// Consensus: the agreed score, the newest last.
    pub agreed: Vec<AgreedRow>,
    /// Who left by a conflict since it was agreed, if anybody: it is agreed anew.
    pub left: Vec<String>,
    /// Minutes and dissent, in the order in which they were written.
    pub notes: Vec<NoteRow>,
}

impl ModerationItem {
    /// The panel has agreed, and all who did are still there.
    pub fn is_agreed(&self) -> bool {
        !self.agreed.is_empty() && self.left.is_empty()
    }

    /// What all gave, where all gave the same and more than one did.
    pub fn equal(&self) -> Option<u8> {
        let first = u8::try_from(self.scores.first()?.1.points).ok()?;
        (self.scores.len() > 1 && self.spread == 0).then_some(first)
    }
}

/// One who approves the record.
pub struct Member {
    pub seat: SeatId,
    pub name: String,
    /// When they approved it as it stands now. Of others it is not told to whom a recusal hides a part: it lapses with what
    /// they must not learn of.
    pub signed: Option<Moment>,
    pub told: bool,
}

impl Moderation {
    /// (agreed, of all) under consensus.
    pub fn progress(&self) -> (usize, usize) {
        (self.items.iter().filter(|item| item.is_agreed()).count(), self.items.len())
    }

    pub fn item(&self, response: ResponseId, criterion: CriterionId) -> Option<&ModerationItem> {
        self.items.iter().find(|item| item.response == response && item.criterion == criterion)
    }

    /// Who would stand behind the record if this reader closed it now.
    pub fn backing(&self) -> Backing {
        let own = self.facts.seat.as_ref().map(|seat| seat.id);
        let others = self.members.iter().filter(|member| Some(member.seat) != own && member.signed.is_some()).count();
        let closer = self.members.iter().any(|member| Some(member.seat) == own);
        Backing { members: self.members.len(), others, closer }
    }

    /// Items that were agreed with somebody who left by a conflict since, and who that was.
    pub fn anew(&self) -> (Vec<&ModerationItem>, Vec<&str>) {
        let items: Vec<&ModerationItem> = self.items.iter().filter(|item| !item.left.is_empty()).collect();
        let names: BTreeSet<&str> = items.iter().flat_map(|item| &item.left).map(String::as_str).collect();
        (items, names.into_iter().collect())
    }

    /// The next item without an agreed score, from behind the one named, around the end.
    pub fn next_open(&self, after: (ResponseId, CriterionId)) -> Option<(ResponseId, CriterionId)> {
        let at = self.items.iter().position(|item| (item.response, item.criterion) == after).map_or(0, |at| at + 1);
        let around = self.items[at..].iter().chain(&self.items[..at]);
        around.filter(|item| !item.is_agreed()).map(|item| (item.response, item.criterion)).find(|item| *item != after)
    }
}

pub async fn read_moderation(desk: &Desk, actor: &Actor, challenge: ChallengeId) -> Result<Moderation> {
    read_moderation_of(desk, actor, challenge, None).await
}

/// The same of one round, by its number; of the newest where none is named.
pub async fn read_moderation_of(desk: &Desk, actor: &Actor, challenge: ChallengeId, round: Option<i64>) -> Result<Moderation> {
    let mut conn = desk.store.read().await?;
    let outcome = async {
        let facts = round_facts::<ReadModeration>(&mut conn, actor, challenge, round).await?;
        policy::read_moderation(actor, &facts)?;
        let round = round_of(&facts)?;
        let written = Written::read(&mut conn, round).await?;
        let (members, position) = standing(&mut conn, &facts, &written).await?;
        let record = conn.panel_record(round).await?;
        let confirmed = confirmed(&mut conn, round, &written, &members).await?;
        let mut without = conn.record_without(round).await?;
        // Why an approval was missing may lie in what is hidden from this reader.
        let untold = |seat: i64| members.iter().any(|member| member.seat.get() == seat && !member.told);
        let mut approved = match &record {
            Some(record) => written.approvals(&conn.record_signatures(round).await?, &without, record),
            None => Vec::new(),
        };
        approved.retain(|approval| !untold(approval.seat.get()));
        without.retain(|row| !untold(row.seat));
        let suppliers: Vec<String> = conn.standing_responses(round).await?.into_iter().map(|row| row.supplier_name).collect();
        let mut opened = opened_round(desk, &mut conn, facts).await?;
        // What the check excluded is not scored, and not discussed.
        opened.responses.retain(|response| response.excluded.is_none());
        let items = items(&opened, &written);
        let own = opened.facts.seat.as_ref().map(|seat| seat.id);
        let short = written.short(&opened.terms, own);
        let faults = faults(&opened, &items, &suppliers);
        Ok(Moderation {
            title: opened.title,
            facts: opened.facts,
            terms: opened.terms,
            short,
            confirmed,
            seats: written.seats,
            items,
            members,
            proposal: written.proposal,
            record,
            without,
            approved,
            faults,
            position,
        })
    }
    .await;
    drop(conn);
    desk.told(actor, outcome).await
}

/// Where the moderation stands for this reader, as a mark that says nothing but whether something changed that they can see.
pub async fn read_moderation_position(desk: &Desk, actor: &Actor, challenge: ChallengeId) -> Result<String> {
    let mut conn = desk.store.read().await?;
    let outcome = async {
        let facts = facts::<ReadModeration>(&mut conn, actor, challenge, Lock::None).await?;
        policy::read_moderation(actor, &facts)?;
        let written = Written::read(&mut conn, round_of(&facts)?).await?;
        Ok(standing(&mut conn, &facts, &written).await?.1)
    }
    .await;
    drop(conn);
    desk.told(actor, outcome).await
}

/// The members as this reader may know them, and the reader's position.
async fn standing(conn: &mut Conn, facts: &ChallengeFacts, written: &Written) -> Result<(Vec<Member>, String)> {
    let own = facts.seat.as_ref().map(|seat| seat.id);
    let recused = own.is_some_and(|own| written.recusals.iter().any(|(seat, _)| *seat == own));
    let signatures = conn.record_signatures(round_of(facts)?).await?;
    let mut members = Vec::new();
    for seat in written.members() {
        let told = !recused || Some(seat.id) == own;
        let digest = written.digest(Some(seat.id))?;
        let signed = signatures.iter().find(|row| row.seat == seat.id.get() && row.digest == digest);
        let signed = signed.filter(|_| told && written.proposal.is_some()).map(|row| Moment(row.at));
        members.push(Member { seat: seat.id, name: seat.name.clone(), signed, told });
    }
    let mut mark = hex(&written.digest(own)?[..16]);
    for member in &members {
        mark.push(if member.signed.is_some() { '1' } else { '0' });
    }
    if confirmed(conn, round_of(facts)?, written, &members).await?.is_some() {
        mark.push('c');
    }
    mark.push_str(facts.stage().code());
    Ok((members, mark))
}

/// Who confirmed the record as it stands. Not told to whom a recusal hides a part: it lapses with what they must not learn of.
async fn confirmed(conn: &mut Conn, round: RoundId, written: &Written, members: &[Member]) -> Result<Option<ConfirmationRow>> {
    let whole = written.digest(None)?;
    let all_told = members.iter().all(|member| member.told);
    Ok(conn.record_confirmations(round).await?.into_iter().rfind(|row| all_told && row.digest == whole))
}

fn items(opened: &OpenedRound, written: &Written) -> Vec<ModerationItem> {
    let mut found: BTreeMap<(i64, i64), ModerationItem> = BTreeMap::new();
    let mut order = Vec::new();
    // Where the mean counts nothing was agreed. Which responses a reader does not see is known of `opened`.
    let anew = written.anew(None);
    let mut given: BTreeMap<(i64, i64), Vec<&ScoreRow>> = BTreeMap::new();
    written.scores.iter().for_each(|score| given.entry((score.response, score.criterion)).or_default().push(score));
    for leaf in opened.terms.leaves() {
        for response in &opened.responses {
            let key = (response.id.get(), leaf.id().get());
            let of = |of_response: i64, criterion: i64| (of_response, criterion) == key;
            let mut scores = Vec::new();
            for seat in &written.seats {
                let own = given.get(&key).into_iter().flatten().filter(|score| score.seat == seat.id.get());
                let mut history: Vec<ScoreRow> = own.map(|score| (*score).clone()).collect();
                if let Some(newest) = history.pop() {
                    scores.push((seat.id, newest, history));
                }
            }
            let points = scores.iter().map(|(_, score, _)| score.points);
            let spread = points.clone().max().unwrap_or(0) - points.min().unwrap_or(0);
            let item = ModerationItem {
                response: response.id,
                named: response.named.clone(),
                criterion: leaf.id(),
                max: leaf.max(),
                spread: u8::try_from(spread).unwrap_or(u8::MAX),
                scores,
                left: anew
                    .iter()
                    .find(|item| (item.response, item.criterion) == (response.id, leaf.id()))
                    .map_or_else(Vec::new, |item| item.names.clone()),
                agreed: written.agreed.iter().filter(|row| of(row.response, row.criterion)).cloned().collect(),
                notes: written.notes.iter().filter(|row| of(row.response, row.criterion)).cloned().collect(),
            };
            order.push(key);
            found.insert(key, item);
        }
    }
    // Widest first; what nobody has scored comes last, because it has to be talked about too.
    let listed = agenda(&opened.terms.rules().criteria, &candidates(opened, &found));
    let listed: Vec<_> = listed.into_iter().map(|item| (item.response, item.criterion)).chain(order).collect();
    listed.into_iter().filter_map(|key| found.remove(&key)).collect()
}

fn candidates(opened: &OpenedRound, items: &BTreeMap<(i64, i64), ModerationItem>) -> Vec<Candidate> {
    let points = |item: &ModerationItem| item.scores.iter().filter_map(|(_, score, _)| u8::try_from(score.points).ok()).collect();
    let of = |response: i64| {
        let own = items.iter().filter(move |((of, _), _)| *of == response);
        own.map(|((_, criterion), item)| FinalScores { criterion: *criterion, scores: points(item) }).collect()
    };
    let responses = opened.responses.iter().map(|response| response.id.get());
    responses
        .map(|response| Candidate {
            response,
            excluded: false,
            price_minor: None,
            scores: of(response),
            lot: None,
            carried: None,
        })
        .collect()
}

/// A look at the reasons that would be final: those of the agreed scores, or each scorer's newest.
fn faults(opened: &OpenedRound, items: &[ModerationItem], suppliers: &[String]) -> Vec<ReasonFault> {
    let mut reasons = Vec::new();
    for item in items {
        let (response, criterion) = (item.response.get(), item.criterion.get());
        match opened.terms.method {
            Method::Consensus => reasons.extend(item.agreed.last().map(|row| Reason {
                response,
                criterion,
                seat: None,
                text: &row.reason,
                asked: true,
            })),
            Method::MeanAfterDiscussion => reasons.extend(item.scores.iter().flat_map(|(seat, score, _)| {
                let threshold = opened.terms.leaf(item.criterion).and_then(|leaf| leaf.criterion.threshold);
                let points = u8::try_from(score.points).unwrap_or(u8::MAX);
                let asked = opened.terms.panel.reasons.asked(points, threshold);
                let reason = |text, asked| Reason { response, criterion, seat: Some(seat.get()), text, asked };
                // Why not the next point goes into the same letter.
                let next = Some(reason(score.next_point.as_str(), false)).filter(|next| !next.text.is_empty());
                [Some(reason(score.reason.as_str(), asked)), next].into_iter().flatten()
            })),
        }
    }
    let mut names = Vec::new();
    for response in &opened.responses {
        match &response.named {
            Named::Supplier(name) => names.push(Name::Supplier { name, response: Some(response.id.get()) }),
            Named::Pseudonym(number) => {
                let number = u32::try_from(*number).unwrap_or(u32::MAX);
                names.push(Name::Number { number, response: response.id.get() });
            }
        }
    }
    if opened.anonymous {
        names.extend(suppliers.iter().map(|name| Name::Supplier { name, response: None }));
    }
    check_reasons(&reasons, &names)
}

/// The published method of a round, in the transaction of the verb.
pub(super) async fn terms_of(tx: &mut store::Tx, facts: &ChallengeFacts) -> Result<Terms> {
    let terms = tx.terms_of(facts).await?;
    terms.ok_or_else(|| Error::Broken("a round without terms".into()))
}

/// Fields `points`, `reason`, `seen` (the revision that was read). The old value is kept.
pub async fn revise_score(
    desk: &Desk,
    actor: &Actor,
    challenge: ChallengeId,
    response: ResponseId,
    criterion: CriterionId,
    fields: &Fields,
) -> Result<()> {
    let (fields, who) = (fields.clone(), actor.clone());
    desk.write(actor, move |tx| {
        Box::pin(async move {
            let facts = facts::<ReviseScore>(tx, &who, challenge, Lock::Share).await?;
            let target = target(tx, &facts, response, criterion).await?;
            let method = terms_of(tx, &facts).await?.method;
            let permit = policy::revise_score(&who, &facts, method, target.hidden)?;
            let (points, reason, seen) = parse_score(&fields, &Target { reasons: Reasons::EachScore, ..target })?;
            Ok(tx.revise_score(&permit, response, criterion, points, &reason, seen).await?)
        })
    })
    .await
}

/// Fields `points`, `reason`, `seen` (the n of the agreed score that was read, 0 for none). What was agreed before is kept.
pub async fn agree_score(
    desk: &Desk,
    actor: &Actor,
    challenge: ChallengeId,
    response: ResponseId,
    criterion: CriterionId,
    fields: &Fields,
) -> Result<()> {
    let (fields, who) = (fields.clone(), actor.clone());
    desk.write(actor, move |tx| {
        Box::pin(async move {
            let facts = facts::<AgreeScore>(tx, &who, challenge, Lock::Share).await?;
            let target = target(tx, &facts, response, criterion).await?;
            let method = terms_of(tx, &facts).await?.method;
            let permit = policy::agree_score(&who, &facts, method, target.hidden)?;
            let (points, reason, seen) = parse_score(&fields, &Target { reasons: Reasons::EachScore, ..target })?;
            Ok(tx.agree_score(&permit, response, criterion, points, &reason, seen).await?)
        })
    })
    .await
}

/// Field `minutes`: added to the minutes of the item.
pub async fn record_minutes(
    desk: &Desk,
    actor: &Actor,
    challenge: ChallengeId,
    response: ResponseId,
    criterion: CriterionId,
    fields: &Fields,
) -> Result<()> {
    let mut errors = Errors::default();
    let text = errors.text(fields, "minutes", true, LONGEST_NOTE);
    errors.done(()).map_err(Error::Invalid)?;
    let (id, who) = (desk.chance.id(), actor.clone());
    desk.write(actor, move |tx| {
        Box::pin(async move {
            let facts = facts::<RecordMinutes>(tx, &who, challenge, Lock::Share).await?;
            let target = target(tx, &facts, response, criterion).await?;
            let permit = policy::record_minutes(&who, &facts, target.hidden)?;
            Ok(tx.record_minutes(&permit, id, round_of(&facts)?, response, criterion, &text).await?)
        })
    })
    .await
}

/// Field `dissent`: why a member sees the item otherwise; empty takes it back.
pub async fn record_dissent(
    desk: &Desk,
    actor: &Actor,
    challenge: ChallengeId,
    response: ResponseId,
    criterion: CriterionId,
    fields: &Fields,
) -> Result<()> {
    let mut errors = Errors::default();
    let text = errors.text(fields, "dissent", false, LONGEST_NOTE);
    errors.done(()).map_err(Error::Invalid)?;
    let (id, who) = (desk.chance.id(), actor.clone());
    desk.write(actor, move |tx| {
        Box::pin(async move {
            let facts = facts::<RecordDissent>(tx, &who, challenge, Lock::Share).await?;
            let target = target(tx, &facts, response, criterion).await?;
            let permit = policy::record_dissent(&who, &facts, target.hidden)?;
            Ok(tx.record_dissent(&permit, id, round_of(&facts)?, response, criterion, &text).await?)
        })
    })
    .await
}

/// An item that there is not, told like one that may not be seen.
pub fn no_item() -> Error {
    Refused { why: Refusal::Unseen, ..Refused::unseen::<ReadModeration>(0) }.into()
}
