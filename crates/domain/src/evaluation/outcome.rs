//! What a result says, with every step as data: pages turn it into "how this was computed".

use serde::{Deserialize, Serialize};

use super::exact::Exact;
use super::rules::Lot;
use crate::points::Weight;

/// The result of a round.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    /// First those that are ranked, by rank; then those below a threshold; then the excluded. Among equals they
    /// stand in the order in which the candidates were given, which means nothing.
    pub standings: Vec<Standing>,
    /// The lowest price among those left when price points were given, where a formula asks for it.
    pub lowest_price_minor: Option<i64>,
    /// In some criterion, responses were scored by different numbers of evaluators, and the page must say so. Equal
    /// numbers of different people are not seen here: this function is not told who scored.
    pub different_evaluators: bool,
}

/// How one response stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    pub response: i64,
    pub excluded: bool,
    /// The thresholds it is below; then it has a total and no rank.
    pub below: Vec<Below>,
    /// Its price, where it was looked at: of those left after the thresholds on scores. A tie may be decided by it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price_minor: Option<i64>,
    /// Its lot, where lots were drawn.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lot: Option<Lot>,
    /// One for each criterion in published order; none if excluded.
    pub lines: Vec<Line>,
    /// The sum of the points of the lines, out of 100; nothing if excluded. Of a response below a threshold on
    /// scores it is without price points, which are given only among those left.
    pub total: Option<Exact>,
    /// 1, 2, 2, 4; nothing for those excluded or below a threshold.
    pub rank: Option<u32>,
    /// It shares its rank after total and tie-break list, and no lots are drawn yet: only they can decide.
    pub tied: bool,
    /// What decided its place: [`DecidedBy::Lots`] if tied; else what sets it apart from the next below it or from the one above it,
    /// in this order whichever is not the total. Nothing if it is alone or not ranked.
    pub decided_by: Option<DecidedBy>,
    /// What sets its rank, with all that share it, apart from the next rank; nothing for the last.
    pub over_next: Option<DecidedBy>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Below {
    /// The final score in this criterion is below its threshold.
    Score {
        criterion: i64,
    },
    Total,
}

/// The step that decided between two neighbours. Nobody chooses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DecidedBy {
    Total,
    Criterion(i64),
    Price,
    /// Equal in everything published: lots are needed, or have decided.
    Lots,
}

/// The points of one response in one criterion and where they come from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    pub criterion: i64,
    pub weight: Weight,
    pub basis: Basis,
    /// Nothing where no price points are given ([`Basis::Unpriced`]), which is not 0.
    pub points: Option<Exact>,
}

/// What the points of a line are computed from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// weight x (sum / count) / max. The final score is `sum / count`, not reduced, so that 12 points of 3
    /// evaluators can be shown as such.
    Scores { sum: u64, count: u64, max: u8, threshold: Option<u8> },
    /// weight x the sum over the sub-criteria of (their weight / 100) x (sum / count) / max
    Parts { parts: Vec<PartScore>, max: u8, threshold: Option<u8> },
    /// weight x lowest / own
    Relative { lowest_minor: i64, own_minor: i64 },
    /// weight x (ceiling - own) / ceiling, at least 0
    Absolute { ceiling_minor: i64, own_minor: i64 },
    /// weight x total / 100, the total of the round before
    Carried { total: Exact },
    /// Out by a threshold on scores before price points were given.
    Unpriced,
}

/// The scores of one sub-criterion: `sum / count`, and its share of the hundred of its criterion.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartScore {
    pub criterion: i64,
    pub weight: Weight,
    pub sum: u64,
    pub count: u64,
}

impl PartScore {
    /// factor x weight / 100 x sum / count / under
    fn share(&self, factor: i128, under: i128) -> Exact {
        let weight = i128::from(self.weight.hundredths());
        Exact::new(factor * weight * i128::from(self.sum), 10_000 * i128::from(self.count) * under)
    }
}

fn shares(parts: &[PartScore], factor: i128, under: i128) -> Exact {
    let shares: Vec<Exact> = parts.iter().map(|part| part.share(factor, under)).collect();
    Exact::sum(shares.iter())
}

/// The unreduced fraction, or nothing where 128 bits do not hold it.
type Small = Option<(i128, i128)>;

impl Basis {
    /// The points that this basis gives at a weight; nothing where there is no price.
    pub(super) fn points(&self, weight: Weight) -> Option<Exact> {
        if let Basis::Parts { ref parts, max, .. } = *self {
            return Some(shares(parts, i128::from(weight.hundredths()), 100 * i128::from(max)));
        }
        if let Basis::Carried { total } = self {
            return Some(total.times(&Exact::new(i128::from(weight.hundredths()), 10_000)));
        }
        self.small(weight).map(|(num, den)| Exact::new(num, den))
    }

    /// The same over the denominator as it comes. Equal numbers of evaluators have equal ones, so that a total is reduced
    /// once and not at each line. Nothing for sub-criteria, which have a sum of their own.
    pub(super) fn small(&self, weight: Weight) -> Small {
        let weight = i128::from(weight.hundredths());
        match *self {
            Basis::Scores { sum, count, max, .. } => Some((weight * i128::from(sum), 100 * i128::from(count) * i128::from(max))),
            Basis::Relative { lowest_minor, own_minor } => Some((weight * i128::from(lowest_minor), 100 * i128::from(own_minor))),
            Basis::Absolute { ceiling_minor, own_minor } => {
                let saved = i128::from(ceiling_minor) - i128::from(own_minor);
                Some((weight * saved.max(0), 100 * i128::from(ceiling_minor)))
            }
            Basis::Parts { .. } | Basis::Carried { .. } | Basis::Unpriced => None,
        }
    }

    /// The final score on the published scale, with sub-criteria their weighted mean; prices have none.
    pub fn final_score(&self) -> Option<Exact> {
        match *self {
            Basis::Scores { sum, count, .. } => Some(Exact::new(i128::from(sum), i128::from(count))),
            Basis::Parts { ref parts, .. } => Some(shares(parts, 1, 1)),
            _ => None,
        }
    }

    /// Whether others of another number scored here.
    pub(super) fn counts_differ(&self, other: &Basis) -> bool {
        match (self, other) {
            (Basis::Scores { count: one, .. }, Basis::Scores { count: two, .. }) => one != two,
            (Basis::Parts { parts: one, .. }, Basis::Parts { parts: two, .. }) => {
                one.iter().zip(two).any(|(one, two)| one.count != two.count)
            }
            _ => false,
        }
    }

    /// Whether the final score is below the threshold: sum < threshold x count. Equal is enough.
    pub fn is_below(&self) -> bool {
        match *self {
            Basis::Scores { sum, count, threshold: Some(least), .. } => u128::from(sum) < u128::from(least) * u128::from(count),
            Basis::Parts { ref parts, threshold: Some(least), .. } => shares(parts, 1, 1) < Exact::new(least.into(), 1),
            _ => false,
        }
    }
}

impl Outcome {
    /// Those of the first rank: one, or several that only lots can part.
    pub fn first(&self) -> impl Iterator<Item = &Standing> {
        self.standings.iter().take_while(|standing| standing.rank == Some(1))
    }

    pub fn standing(&self, response: i64) -> Option<&Standing> {
        self.standings.iter().find(|standing| standing.response == response)
    }
}
