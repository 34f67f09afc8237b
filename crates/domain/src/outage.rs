//! When the service was down: computed from what each run of the server left behind, as evidence for a reopening.

use crate::moment::{DAY, MINUTE, Moment};

/// A run of the server: from its start until it was last seen alive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Run {
    pub started_at: Moment,
    pub seen_at: Moment,
}

/// A time in which no run of the server was alive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outage {
    pub from: Moment,
    pub until: Moment,
}

/// How often a run says that it is alive.
pub const HEARTBEAT: i64 = MINUTE / 2;

/// A shorter silence is a restart or a slow disk, not an outage.
const SHORTEST: i64 = 2 * MINUTE;

/// The outages between the runs, the newest first. With several nodes the service is down when all are.
pub fn outages(runs: &[Run]) -> Vec<Outage> {
    let mut runs = runs.to_vec();
    runs.sort_by_key(|run| run.started_at);
    let mut found = Vec::new();
    let mut alive_until: Option<Moment> = None;
    for run in runs {
        if let Some(from) = alive_until.filter(|from| run.started_at.micros() - from.micros() >= SHORTEST) {
            found.push(Outage { from, until: run.started_at });
        }
        alive_until = alive_until.max(Some(run.seen_at));
    }
    found.reverse();
    found
}

/// How long before the deadline a failure may have been over, and still have kept somebody from answering in time.
pub const NEAR: i64 = DAY;

/// What keeps a failure that is told from being one for which a deadline is reopened (domain.md, "Platform failure"): (part, why). It lies
/// after the publication, began before the deadline, reached into its last day, and is over.
pub fn wrong(told: Outage, published_at: Moment, deadline: Moment, now: Moment) -> Vec<(&'static str, &'static str)> {
    let Outage { from, until } = told;
    let mut found = Vec::new();
    if from.before(published_at) {
        found.push(("from", "failure-before-publication"));
    } else if !from.before(deadline) {
        found.push(("from", "failure-after-deadline"));
    }
    if !from.before(until) || now.before(until) {
        found.push(("until", "failure-not-over"));
    } else if until.before(deadline.plus(-NEAR)) {
        found.push(("until", "failure-not-near"));
    }
    found
}

/// The outages that fall, wholly or in part, into a time that is told.
pub fn within(outages: &[Outage], told: Outage) -> Vec<Outage> {
    outages.iter().filter(|one| one.from.before(told.until) && told.from.before(one.until)).copied().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(started: i64, seen: i64) -> Run {
        Run { started_at: Moment(started * MINUTE), seen_at: Moment(seen * MINUTE) }
    }

    #[test]
    fn a_gap_between_runs_is_an_outage_and_a_restart_is_none() {
        let found = outages(&[run(61, 90), run(0, 10), run(11, 40)]);
        assert_eq!(found, [Outage { from: Moment(40 * MINUTE), until: Moment(61 * MINUTE) }]);
        assert!(outages(&[]).is_empty());
    }

    #[test]
    fn while_one_node_is_alive_the_service_is() {
        assert!(outages(&[run(0, 100), run(10, 20), run(40, 50)]).is_empty());
        assert_eq!(outages(&[run(0, 30), run(10, 20), run(40, 50)]).len(), 1);
    }

    #[test]
    fn a_failure_counts_that_reached_into_the_last_day() {
        let at = |minute: i64| Moment(minute * MINUTE);
        let (published, deadline, now) = (at(1_000), at(20_000), at(20_100));
        let told = |from, until| wrong(Outage { from: at(from), until: at(until) }, published, deadline, now);
        assert!(told(19_900, 20_050).is_empty());
        assert!(told(1_000, 20_000 - 1_440).is_empty(), "it ended a day before");
        assert_eq!(told(1_000, 20_000 - 1_441), [("until", "failure-not-near")]);
        assert_eq!(told(999, 19_990), [("from", "failure-before-publication")]);
        assert_eq!(told(20_000, 20_050), [("from", "failure-after-deadline")]);
        assert_eq!(told(19_900, 20_101), [("until", "failure-not-over")]);
        assert_eq!(told(19_900, 19_900), [("until", "failure-not-over")]);
    }

    #[test]
    fn what_the_service_recorded_of_a_time_is_what_falls_into_it() {
        let outage = |from: i64, until: i64| Outage { from: Moment(from), until: Moment(until) };
        let all = [outage(10, 20), outage(30, 40)];
        assert_eq!(within(&all, outage(20, 31)), [outage(30, 40)]);
        assert_eq!(within(&all, outage(0, 100)), all);
        assert!(within(&all, outage(20, 30)).is_empty());
    }
}
