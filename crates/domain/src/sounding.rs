//! A draft shown in public before it is published: until when comments are taken, and which part of the draft is shown.

use crate::challenge::{Draft, Section, Terms, parse_loosely};
use crate::moment::Moment;

/// Where a sounding stands, apart from its challenge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SoundingState {
    Open,
    /// No more comments; it stays readable.
    Over,
    /// Only its team still sees it.
    TakenDown,
}

crate::organisation::codes!(SoundingState { Open = "open", Over = "over", TakenDown = "taken-down" });

/// The recorded facts from which its state follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SoundingStanding {
    pub opened_at: Moment,
    pub open_until: Moment,
    pub ended_at: Option<Moment>,
    pub taken_down_at: Option<Moment>,
    /// Of its challenge: what is published or cancelled is no draft to comment on.
    pub publish_at: Option<Moment>,
    pub cancelled_at: Option<Moment>,
}

impl SoundingStanding {
    /// The instant from which a comment is late: the date, or whatever ended it before.
    pub fn closes_at(&self) -> Moment {
        [self.ended_at, self.publish_at, self.cancelled_at].into_iter().flatten().fold(self.open_until, Moment::min)
    }

    pub fn state(&self, now: Moment) -> SoundingState {
        if self.taken_down_at.is_some() {
            SoundingState::TakenDown
        } else if now.before(self.closes_at()) {
            SoundingState::Open
        } else {
            SoundingState::Over
        }
    }
}

/// The draft as it reads at `now`, of these sections alone: nothing of the others is in what it gives.
pub fn shown(draft: &Draft, sections: &[Section], now: Moment) -> Terms {
    let chosen = draft.0.iter().filter(|(section, _)| sections.contains(section));
    parse_loosely(&Draft(chosen.map(|(section, fields)| (*section, fields.clone())).collect()), now).0
}

#[cfg(test)]
mod tests {
    use super::*;

    const OPEN: SoundingStanding = SoundingStanding {
        opened_at: Moment(10),
        open_until: Moment(20),
        ended_at: None,
        taken_down_at: None,
        publish_at: None,
        cancelled_at: None,
    };

    #[test]
    fn the_instant_of_its_date_is_late() {
        assert_eq!(OPEN.state(Moment(19)), SoundingState::Open);
        assert_eq!(OPEN.state(Moment(20)), SoundingState::Over);
    }

    #[test]
    fn ending_publishing_and_cancelling_close_it_and_nothing_opens_it_again() {
        let at = Some(Moment(15));
        for ended in [
            SoundingStanding { ended_at: at, ..OPEN },
            SoundingStanding { publish_at: at, ..OPEN },
            SoundingStanding { cancelled_at: at, ..OPEN },
        ] {
            assert_eq!(ended.state(Moment(14)), SoundingState::Open, "{ended:?}");
            assert_eq!(ended.state(Moment(15)), SoundingState::Over, "{ended:?}");
        }
        let late = SoundingStanding { ended_at: Some(Moment(30)), publish_at: Some(Moment::NEVER), ..OPEN };
        assert_eq!(late.closes_at(), Moment(20));
        assert_eq!(SoundingStanding { taken_down_at: at, ..OPEN }.state(Moment(12)), SoundingState::TakenDown);
    }

    #[test]
    fn what_is_not_chosen_is_not_in_it() {
        let mut draft = Draft::default();
        draft.0.entry(Section::Problem).or_default().set("title", "Cellars");
        draft.0.entry(Section::Budget).or_default().set("route", "A secret route");
        let terms = shown(&draft, &[Section::Problem], Moment(0));
        assert_eq!(terms.title, "Cellars");
        assert!(!serde_json::to_string(&terms).unwrap().contains("secret"));
    }
}
