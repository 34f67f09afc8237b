//! When the service was down: computed from what each run of the server left behind, as evidence for a reopening.

use crate::moment::{MINUTE, Moment};

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
}
