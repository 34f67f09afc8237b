//! What a panel has written in a round, as one member may see it, and the digest that an approval of the record binds.

use std::collections::{BTreeMap, BTreeSet};

use domain::challenge::Terms;
use domain::evaluation::{Left, Short, below_quorum};
use domain::ids::{CriterionId, ResponseId, RoundId, SeatId};
use domain::moment::Moment;
use domain::policy::SeatStanding;
use serde::Serialize;
use sha2::{Digest, Sha256};
use store::{AgreedRow, Conn, LeftRow, NoteRow, PanelRow, ProposalRow, ScoreRow, SeatRow, SignatureRow, WithoutRow};

use crate::sealing::hex;
use crate::{Error, Result};

/// All rows of a round's moderation: seats that were not removed, their scores, and what was agreed, noted and proposed.
/// What a seat wrote on a response before it was recused from it is left out.
pub(super) struct Written {
    pub seats: Vec<SeatRow>,
    pub recusals: Vec<(SeatId, ResponseId)>,
    /// The responses that stand, by their random ids.
    pub responses: Vec<ResponseId>,
    /// Every revision, the newest last.
    pub scores: Vec<ScoreRow>,
    /// Every agreed score, the newest last.
    pub agreed: Vec<AgreedRow>,
    pub notes: Vec<NoteRow>,
    pub proposal: Option<ProposalRow>,
    /// Whom a conflict took out of the discussion.
    pub left: Vec<LeftRow>,
}

/// An agreed score that rests on the part of somebody who left by a conflict since: it is agreed anew before it may be final.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Anew {
    pub response: ResponseId,
    pub criterion: CriterionId,
    /// Who left.
    pub names: Vec<String>,
}

/// A member who approved the record as it was closed.
#[derive(Clone, Debug)]
pub struct Approval {
    pub seat: SeatId,
    pub name: String,
    pub at: Moment,
}

/// One item of the record in its one spelling.
#[derive(Default, Serialize)]
struct Item<'a> {
    /// Seat, revision, points, reason, and why not the next point: the supplier reads both.
    scores: Vec<(i64, i64, i64, &'a str, &'a str)>,
    agreed: Option<(i64, i64, &'a str)>,
    /// Kind, seat, text.
    notes: Vec<(&'a str, i64, &'a str)>,
}

impl Written {
    pub async fn read(conn: &mut Conn, round: RoundId) -> Result<Self> {
        let mut seats = conn.seats(round).await?;
        seats.retain(|seat| seat.standing != SeatStanding::Removed);
        let recusals = conn.recusals_in(round).await?;
        // What the check excluded is neither scored nor in the record.
        let excluded = conn.excluded(round).await?;
        let standing = conn.standing_responses(round).await?.into_iter().map(|row| ResponseId(row.id));
        let responses: Vec<ResponseId> = standing.filter(|id| !excluded.contains(id)).collect();
        let mut scores = conn.scores(round).await?;
        scores.retain(|score| {
            seats.iter().any(|seat| seat.id.get() == score.seat)
                && responses.contains(&ResponseId(score.response))
                && !recusals.contains(&(SeatId(score.seat), ResponseId(score.response)))
        });
        let agreed = conn.agreed_scores(round).await?;
        let notes = conn.item_notes(round).await?;
        let proposal = conn.record_proposal(round).await?;
        let left = conn.left_by_conflict(round).await?;
        Ok(Self { seats, recusals, responses, scores, agreed, notes, proposal, left })
    }

    /// The newest agreed score of each item that is to be agreed anew, of the responses that a seat may see (`None`: of all).
    pub fn anew(&self, seat: Option<SeatId>) -> Vec<Anew> {
        // They stand by item, the newest of each last.
        let newest: BTreeMap<(i64, i64), &AgreedRow> =
            self.agreed.iter().map(|row| ((row.response, row.criterion), row)).collect();
        let seen = |row: &&AgreedRow| {
            let response = ResponseId(row.response);
            self.responses.contains(&response) && !self.hidden(seat, response)
        };
        let of = |row: &AgreedRow| {
            let unsettles = |left: &&LeftRow| {
                let of = Left { response: left.response, since: Moment(left.since), at: Moment(left.at) };
                of.unsettles(row.response, Moment(row.at))
            };
            let names: Vec<String> = self.left.iter().filter(unsettles).map(|left| left.name.clone()).collect();
            let at = (ResponseId(row.response), CriterionId(row.criterion));
            (!names.is_empty()).then_some(Anew { response: at.0, criterion: at.1, names })
        };
        newest.into_values().filter(seen).filter_map(of).collect()
    }

    pub fn hidden(&self, seat: Option<SeatId>, response: ResponseId) -> bool {
        seat.is_some_and(|seat| self.recusals.contains(&(seat, response)))
    }

    /// Those who approve the record: whoever scores.
    pub fn members(&self) -> impl Iterator<Item = &SeatRow> {
        self.seats.iter().filter(|seat| seat.role.scores())
    }

    /// Responses that have fewer own scores of members in some criterion than were published, of those that a seat may see
    /// (`None`: of all).
    pub fn short(&self, terms: &Terms, seat: Option<SeatId>) -> Vec<Short> {
        let members: BTreeSet<i64> = self.members().map(|seat| seat.id.get()).collect();
        let mut given: BTreeMap<(i64, i64), BTreeSet<i64>> = BTreeMap::new();
        for score in self.scores.iter().filter(|score| members.contains(&score.seat)) {
            given.entry((score.response, score.criterion)).or_default().insert(score.seat);
        }
        let fewest = |response: i64| {
            let of = |criterion| given.get(&(response, criterion)).map_or(0, BTreeSet::len);
            terms.leaves().map(|leaf| of(leaf.id().get())).min().unwrap_or(usize::MAX)
        };
        let seen = self.responses.iter().filter(|response| !self.hidden(seat, **response)).map(|response| response.get());
        below_quorum(usize::from(terms.panel.quorum), seen.map(|response| (response, fewest(response))))
    }

    /// Whether anybody of the panel could close the record: who chairs, or an evaluator who could be named deputy, not recused from
    /// a part of it.
    pub fn closable(&self) -> bool {
        let leads = |seat: &&SeatRow| seat.role.chairs() || seat.role.scores();
        self.seats.iter().filter(leads).any(|seat| matches!(seat.standing, SeatStanding::Clear | SeatStanding::Undeclared))
    }

    /// Responses that fewer members may score than were published: known before anybody has scored.
    pub fn short_to_come(&self, terms: &Terms) -> Vec<Short> {
        let may = |response: ResponseId| self.members().filter(|seat| !self.hidden(Some(seat.id), response)).count();
        let have = self.responses.iter().map(|response| (response.get(), may(*response)));
        below_quorum(usize::from(terms.panel.quorum), have)
    }

    /// Who approved the record that was closed, beside whoever closed it: every member but those without whom it was.
    pub fn approvals(&self, signed: &[SignatureRow], without: &[WithoutRow], closed: &PanelRow) -> Vec<Approval> {
        let members = self.members().filter(|seat| seat.user != closed.by_user);
        let members = members.filter(|seat| !without.iter().any(|row| row.seat == seat.id.get()));
        // The newest before the closing is of what was closed: the closing compared the digests, so none is computed again.
        let approved = members.filter_map(|seat| {
            let row = signed.iter().rfind(|row| row.seat == seat.id.get() && row.at <= closed.at)?;
            Some(Approval { seat: seat.id, name: seat.name.clone(), at: Moment(row.at) })
        });
        let mut all: Vec<Approval> = approved.collect();
        all.sort_by_key(|approval| approval.at);
        all
    }

    /// The digest for a seat, where it is what stood at the position `seen` of [`super::Moderation`]; else `Stale`.
    pub fn as_read(&self, seat: Option<SeatId>, seen: &str) -> Result<Vec<u8>> {
        let digest = self.digest(seat)?;
        if seen.starts_with(&hex(&digest[..16])) { Ok(digest) } else { Err(Error::Stale) }
    }

    /// SHA-256 of everything in the record that a seat may see (`None`: of all of it), as canonical JSON. A change of what a
    /// recusal hides changes no digest of whom it is hidden from.
    pub fn digest(&self, seat: Option<SeatId>) -> Result<Vec<u8>> {
        let mut items: BTreeMap<(i64, i64), Item> = BTreeMap::new();
        let seen = |response: i64| !self.hidden(seat, ResponseId(response));
        for score in self.scores.iter().filter(|score| seen(score.response)) {
            let item = items.entry((score.response, score.criterion)).or_default();
            item.scores.push((score.seat, score.n, score.points, &score.reason, &score.next_point));
        }
        for row in self.agreed.iter().filter(|row| seen(row.response)) {
            items.entry((row.response, row.criterion)).or_default().agreed = Some((row.n, row.points, &row.reason));
        }
        for note in self.notes.iter().filter(|note| seen(note.response)) {
            let item = items.entry((note.response, note.criterion)).or_default();
            item.notes.push((&note.kind, note.seat, &note.text));
        }
        let discussion = self.proposal.as_ref().map(|proposal| proposal.discussion.as_str());
        let whole: (Option<&str>, Vec<_>) = (discussion, items.into_iter().collect());
        let canonical = serde_json_canonicalizer::to_vec(&whole).map_err(|error| Error::Broken(error.to_string()))?;
        Ok(Sha256::digest(&canonical).to_vec())
    }
}
