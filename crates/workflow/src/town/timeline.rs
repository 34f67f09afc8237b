//! What happens when: the town's steps in the order of their instants, so that all challenges share one clock.

use domain::challenge::Stage;
use domain::moment::{HOUR, MINUTE, Moment, local};
use jiff::ToSpan;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::texts::{Plan, State};
use crate::{Error, Result};

/// The town's zone.
pub(super) const ZONE: &str = "Europe/London";

/// One visit to the counter. Numbers are places in the plan's lists.
#[derive(Clone, Copy, Debug)]
pub(super) enum Step {
    Write,
    Review,
    SendBack,
    /// Sent back by section.
    SendBackSections,
    Mend,
    /// By those named beside the approver.
    ApproveBeside,
    Approve,
    Appoint,
    Start(usize),
    Submit(usize),
    Again(usize),
    Withdraw(usize),
    Follow(usize),
    Cancel,
    After(usize),
    Open,
    Check,
    /// One supplier is asked and has not answered; of another nothing is recorded yet.
    CheckBegun,
    Declare(usize),
    Settle,
    Score(usize),
    Revise,
    Record,
    Recommend,
    Decide,
    /// The panel of the second round.
    AppointSecond,
    Offer,
    Book,
}

pub(super) struct Calendar {
    pub now: Moment,
    pub today: Date,
}

impl Calendar {
    pub(super) fn at(now: Moment) -> Result<Self> {
        let zone = TimeZone::get(ZONE).map_err(broken)?;
        let stamp = jiff::Timestamp::from_microsecond(now.micros()).map_err(broken)?;
        Ok(Self { now, today: stamp.to_zoned(zone).date() })
    }

    pub(super) fn day(&self, days: i64) -> Result<String> {
        Ok(self.today.checked_add(days.days()).map_err(broken)?.to_string())
    }

    /// Date and time of a plan's deadline, as an officer types them.
    pub(super) fn deadline(&self, plan: &Plan) -> Result<(String, String)> {
        if plan.deadline != 0 {
            return Ok((self.day(plan.deadline)?, plan.time.clone()));
        }
        for (days, time) in [(0, "12:00"), (0, "17:00"), (1, "12:00")] {
            let day = self.day(days)?;
            if self.now.plus(5 * HOUR).before(local(&day, time, ZONE).map_err(|_| broken("a time"))?) {
                return Ok((day, time.into()));
            }
        }
        Ok((self.day(1)?, "17:00".into()))
    }

    /// So many minutes after midnight.
    fn moment(&self, days: i64, minutes: i64) -> Result<Moment> {
        Ok(local(&self.day(days)?, "00:00", ZONE).map_err(|_| broken("a day"))?.plus(minutes * MINUTE))
    }

    /// All steps of all plans; the second of a pair is the plan's place.
    pub(super) fn steps(&self, plans: &[Plan]) -> Result<Vec<(Moment, usize, Step)>> {
        let mut all = Vec::new();
        for (number, plan) in plans.iter().enumerate() {
            for (order, (day, minute, step)) in steps(plan).into_iter().enumerate() {
                // Nobody comes on the stroke of the hour, and no two at once.
                let minutes = minute + ((number * 7 + order * 11) % 40) as i64;
                all.push((self.moment(day, minutes)?, number, step));
            }
        }
        all.sort_by_key(|(at, ..)| *at);
        match all.last() {
            Some((at, number, step)) if !at.before(self.now) => {
                Err(broken(format!("{}: {step:?} would happen in the future", plans[*number].key)))
            }
            _ => Ok(all),
        }
    }
}

/// (day, minute of the day, step)
fn steps(plan: &Plan) -> Vec<(i64, i64, Step)> {
    let stage = plan.first_stage();
    // Written and approved before it is published, but never later than yesterday.
    let known = plan.published.min(-1);
    let mut out = vec![(known - 12, 600, Step::Write)];
    out.extend(plan.after.iter().enumerate().map(|(at, after)| (after.day, after.at, Step::After(at))));
    if stage == Stage::Draft && plan.sent_back.is_none() {
        return out;
    }
    if !plan.mended.is_empty() {
        out.push((known - 9, 630, Step::Review));
        out.push((known - 7, 640, Step::SendBackSections));
        out.push((known - 5, 650, Step::Mend));
    }
    out.push((known - 3, 630, Step::Review));
    if !plan.approvals.is_empty() {
        out.push((known - 1, 600, Step::ApproveBeside));
    }
    if plan.sent_back.is_some() {
        out.push((known - 1, 900, Step::SendBack));
        return out;
    }
    if stage == Stage::InReview {
        return out;
    }
    out.push((known, 540, Step::Approve));
    if stage == Stage::Scheduled {
        return out;
    }
    out.push((known + 1, 660, Step::Appoint));
    let cancelled = plan.cancelled.is_some();
    for (at, response) in plan.response.iter().enumerate() {
        let n = at as i64;
        let last = if plan.deadline > 0 || cancelled { -1 - n % 3 } else { plan.deadline - 1 - n % 3 };
        let last = last.min(-1 - n % 2).max(known + 2);
        let first = (known + 2 + n).min(last);
        out.push((first, 600, Step::Follow(at)));
        out.push((first, 620, Step::Start(at)));
        if response.state != State::Draft {
            out.push((last, 800, Step::Submit(at)));
        }
        match response.state {
            State::Resubmitted => out.push((last, 960, Step::Again(at))),
            State::Withdrawn => out.push((last, 980, Step::Withdraw(at))),
            State::Draft | State::Submitted => {}
        }
    }
    if cancelled {
        out.push((-1, 1080, Step::Cancel));
        return out;
    }
    if stage < Stage::Checking {
        return out;
    }
    let opened = plan.deadline + 1;
    out.push((opened, 550, Step::Open));
    if stage > Stage::Checking && !plan.requirements.is_empty() {
        out.push((opened, 600, Step::Check));
    }
    for seat in 0..plan.panel.len() {
        out.push((opened, 700 + 60 * seat as i64, Step::Declare(seat)));
    }
    if plan.conflict.is_some() {
        out.push((opened + 1, 560, Step::Settle));
    }
    if stage == Stage::Checking {
        out.push((opened, 600, Step::CheckBegun));
        return out;
    }
    for seat in 0..plan.panel.len() {
        out.push((opened + 2 + seat as i64, 840, Step::Score(seat)));
    }
    let later = [
        (Stage::Moderation, 6, Step::Revise),
        (Stage::Result, 7, Step::Record),
        (Stage::Recommended, 8, Step::Recommend),
        (Stage::Decided, 11, Step::Decide),
    ];
    if plan.second.is_some() {
        out.push((opened + 12, 600, Step::AppointSecond));
        out.push((opened + 12, 700, Step::Offer));
        out.push((opened + 13, 840, Step::Book));
    }
    out.extend(later.into_iter().filter(|(from, ..)| stage >= *from).map(|(_, days, step)| (opened + days, 660, step)));
    out
}

fn broken(why: impl ToString) -> Error {
    Error::Broken(format!("town: {}", why.to_string()))
}
