//! Where a challenge stands: computed from recorded facts and the clock each time it is asked, never stored.

use serde::{Deserialize, Serialize};

use crate::moment::{MINUTE, Moment};

/// The opening is refused until this long after the deadline, so that it waits for whatever was received in time.
pub const OPENING_DELAY: i64 = MINUTE;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    Draft,
    InReview,
    /// Approved, to be published at an instant that has not come.
    Scheduled,
    Open,
    /// After the deadline, before the opening: everything is still sealed.
    Closed,
    /// Opened; the requirements are being checked, response by response. The panel declares meanwhile.
    Checking,
    /// Every response is passed or excluded; the panel scores.
    Scoring,
    /// Every scorer has locked; scores are revealed to the panel together and may be revised with a reason.
    Moderation,
    /// The final scores are approved, and the price envelopes wait for their opening.
    Pricing,
    /// The final scores are approved and no price is sealed; the result may be seen.
    Result,
    /// A decision is recommended and waits for its approver.
    Recommended,
    Decided,
    Cancelled,
}

crate::organisation::codes!(Stage {
    Draft = "draft",
    InReview = "in_review",
    Scheduled = "scheduled",
    Open = "open",
    Closed = "closed",
    Checking = "checking",
    Scoring = "scoring",
    Moderation = "moderation",
    Pricing = "pricing",
    Result = "result",
    Recommended = "recommended",
    Decided = "decided",
    Cancelled = "cancelled",
});

/// The recorded facts from which the stage follows. All instants are of append-only events.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    pub submitted_at: Option<Moment>,
    pub sent_back_at: Option<Moment>,
    /// What the approvers chose; publication is later where the official notice is.
    pub scheduled_for: Option<Moment>,
    /// From when it is public; [`Moment::NEVER`] while the official notice is missing.
    pub publish_at: Option<Moment>,
    pub cancelled_at: Option<Moment>,
    /// The number of the round that all the following is of; 0 before there is one.
    pub round: i64,
    /// How many rounds have begun after it: none, where it is the newest.
    pub rounds_after: i64,
    pub deadline: Option<Moment>,
    pub opened_at: Option<Moment>,
    /// How many cells of the check wait to be settled ([`crate::check::left_open`]); 0 where nothing is required.
    pub unchecked: i64,
    /// The round has price envelopes, and they have not been opened.
    pub price_sealed: bool,
    /// Seats that score and were not removed, and how many of them have locked.
    pub scorers: i64,
    pub locked: i64,
    pub record_at: Option<Moment>,
    pub recommended_at: Option<Moment>,
    pub decision_sent_back_at: Option<Moment>,
    pub decided_at: Option<Moment>,
}

impl Standing {
    pub fn stage(&self, now: Moment) -> Stage {
        if self.cancelled_at.is_some() {
            return Stage::Cancelled;
        }
        let Some(publish_at) = self.publish_at else {
            let in_review = self.submitted_at > self.sent_back_at;
            return if in_review { Stage::InReview } else { Stage::Draft };
        };
        if now.before(publish_at) {
            return Stage::Scheduled;
        }
        if self.deadline.is_some_and(|deadline| now.before(deadline)) {
            return Stage::Open;
        }
        if self.opened_at.is_none() {
            return Stage::Closed;
        }
        if self.decided_at.is_some() {
            return Stage::Decided;
        }
        if self.record_at.is_some() {
            if self.price_sealed {
                return Stage::Pricing;
            }
            let recommended = self.recommended_at > self.decision_sent_back_at;
            return if recommended { Stage::Recommended } else { Stage::Result };
        }
        // Once all scores have been seen there is no way back behind them: a requirement that is asked about again keeps the
        // record open, and the panel where it is.
        if self.scorers > 0 && self.locked == self.scorers {
            return Stage::Moderation;
        }
        if self.unchecked > 0 { Stage::Checking } else { Stage::Scoring }
    }

    /// The same for those who have no part in a later round: to answer the challenge is over since the first round's deadline,
    /// whatever those who were invited to a later one may still send.
    pub fn public_stage(&self, now: Moment) -> Stage {
        match self.stage(now) {
            Stage::Open if self.round > 1 => Stage::Closed,
            stage => stage,
        }
    }

    /// Published now: what the public may read. What was cancelled before its instant came was never published, and its
    /// instant does not publish it.
    pub fn is_public(&self, now: Moment) -> bool {
        self.publish_at.is_some_and(|at| now.reached(at) && self.cancelled_at.is_none_or(|cancelled| cancelled.reached(at)))
    }
}

impl Standing {
    /// Approved, and waiting for the reference and date of the official notice.
    pub fn awaits_notice(&self) -> bool {
        self.publish_at == Some(Moment::NEVER)
    }
}

impl Stage {
    pub fn before_publication(self) -> bool {
        matches!(self, Stage::Draft | Stage::InReview | Stage::Scheduled)
    }

    pub fn before_opening(self) -> bool {
        matches!(self, Stage::Draft | Stage::InReview | Stage::Scheduled | Stage::Open | Stage::Closed)
    }

    /// Final scores are approved, and no price is sealed: totals and ranks may be seen by those who may see them.
    pub fn has_result(self) -> bool {
        matches!(self, Stage::Result | Stage::Recommended | Stage::Decided)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(n: i64) -> Option<Moment> {
        Some(Moment(n))
    }

    #[test]
    fn a_life_from_draft_to_decided() {
        let mut s = Standing::default();
        assert_eq!(s.stage(Moment(1)), Stage::Draft);
        s.submitted_at = at(2);
        assert_eq!(s.stage(Moment(3)), Stage::InReview);
        s.sent_back_at = at(3);
        assert_eq!(s.stage(Moment(4)), Stage::Draft);
        s.submitted_at = at(5);
        assert_eq!(s.stage(Moment(5)), Stage::InReview);
        (s.publish_at, s.deadline) = (at(10), at(20));
        assert_eq!(s.stage(Moment(9)), Stage::Scheduled);
        assert_eq!(s.stage(Moment(10)), Stage::Open);
        assert_eq!(s.stage(Moment(19)), Stage::Open);
        assert_eq!(s.stage(Moment(20)), Stage::Closed, "the instant of the deadline is already late");
        (s.opened_at, s.unchecked) = (at(30), 2);
        assert_eq!(s.stage(Moment(31)), Stage::Checking);
        s.unchecked = 0;
        assert_eq!(s.stage(Moment(31)), Stage::Scoring);
        (s.scorers, s.locked) = (3, 2);
        assert_eq!(s.stage(Moment(31)), Stage::Scoring);
        s.locked = 3;
        assert_eq!(s.stage(Moment(31)), Stage::Moderation);
        (s.record_at, s.price_sealed) = (at(40), true);
        assert_eq!(s.stage(Moment(41)), Stage::Pricing, "no result before the last price is in");
        s.price_sealed = false;
        assert_eq!(s.stage(Moment(41)), Stage::Result);
        s.recommended_at = at(50);
        assert_eq!(s.stage(Moment(51)), Stage::Recommended);
        s.decision_sent_back_at = at(52);
        assert_eq!(s.stage(Moment(53)), Stage::Result);
        s.recommended_at = at(54);
        s.decided_at = at(60);
        assert_eq!(s.stage(Moment(61)), Stage::Decided);
        s.cancelled_at = at(62);
        assert_eq!(s.stage(Moment(63)), Stage::Cancelled);
    }

    #[test]
    fn without_its_official_notice_it_stays_scheduled_whatever_the_clock_says() {
        let waiting =
            Standing { scheduled_for: at(10), publish_at: Some(Moment::NEVER), deadline: at(20), ..Standing::default() };
        for now in [5, 10, 25] {
            assert_eq!(waiting.stage(Moment(now)), Stage::Scheduled);
            assert!(!waiting.is_public(Moment(now)));
        }
        assert!(waiting.awaits_notice());
    }

    #[test]
    fn a_later_round_is_open_to_those_invited_and_to_nobody_else() {
        let second = Standing { publish_at: at(10), deadline: at(90), round: 2, ..Standing::default() };
        assert_eq!((second.stage(Moment(80)), second.public_stage(Moment(80))), (Stage::Open, Stage::Closed));
        let first = Standing { round: 1, ..second };
        assert_eq!(first.public_stage(Moment(80)), Stage::Open);
    }

    #[test]
    fn what_is_cancelled_before_its_instant_is_never_published() {
        let scheduled = Standing { publish_at: at(10), deadline: at(20), ..Standing::default() };
        let early = Standing { cancelled_at: at(9), ..scheduled };
        let late = Standing { cancelled_at: at(10), ..scheduled };
        assert!(!early.is_public(Moment(15)));
        assert!(late.is_public(Moment(15)));
    }
}
