//! The scoring room: the grid of one's own scores, one response and criterion at a time, one criterion across all responses,
//! the lock.

mod across;
mod grid;
mod one;

pub use across::{across, across_post};
use domain::challenge::{Leaf, Reasons};
use domain::evaluation::Cell;
use domain::form::Fields;
use domain::ids::{ChallengeId, CriterionId};
use domain::moment::Moment;
use domain::policy::{ReadScoringRoom, Refused};
pub use grid::{grid, lock};
use leptos::prelude::*;
pub use one::{score, score_post};
use store::ScoreRow;
use workflow::evaluation::{Rest, ScoringRoom};

use crate::cx::Cx;
use crate::fault::Fault;
use crate::islands::{SaveWords, ScoreForm, ScoreWords, SetScore, person, score_key};
use crate::ui::{Form, exact, instant, relative};
use crate::words::t;

fn unseen() -> Refused {
    Refused::unseen::<ReadScoringRoom>(0)
}

fn criterion_of(text: &str) -> Result<CriterionId, Fault> {
    Ok(CriterionId::parse(text).ok_or_else(unseen)?)
}

/// Of one response and criterion.
fn address(challenge: ChallengeId, (response, criterion): Cell) -> String {
    format!("/challenges/{challenge}/scoring/{response}/{criterion}")
}

/// "3 of 24 scored, 2 need a reason", as a bar and in words; why the chair gave the scores back, or that they are locked.
fn progress(cx: &Cx, room: &ScoringRoom) -> AnyView {
    let (done, all) = room.progress();
    let need = room.need_reason();
    let told = if room.locked {
        Some(view! { <div class="govuk-inset-text">{t!(cx, "room-locked")}</div> }.into_any())
    } else {
        room.unlocked.as_ref().map(|unlocked| {
            view! {
                <div class="govuk-inset-text">
                    <p>{t!(cx, "room-unlocked", name = &unlocked.by_name)} " " {exact(cx, Moment(unlocked.at), Some(&room.round.terms.zone))}</p>
                    <p>{unlocked.reason.clone()}</p>
                </div>
            }
            .into_any()
        })
    };
    let rests = room.rests.as_ref().map(|rest| {
        let (end, name, until) = rest_said(cx, room, rest);
        view! { <div class="govuk-inset-text" id="rests">{t!(cx, &format!("room-rests{end}"), name = name, until = until)}</div> }
    });
    view! {
        {rests}
        <div class="wp-progress">
            <progress value=done.to_string() max=all.max(1).to_string() aria-label=t!(cx, "progress-label")></progress>
            <span>{t!(cx, "progress", done = done, all = all)} {(need > 0).then(|| t!(cx, "progress-need", n = need))}</span>
        </div>
        {told}
    }
    .into_any()
}

/// How a key of why scoring rests ends, who asked, and until when it may be answered.
fn rest_said(cx: &Cx, room: &ScoringRoom, rest: &Rest) -> (&'static str, String, String) {
    match &rest.asked {
        Some((name, until)) => {
            let end = if cx.now.reached(*until) { "-over" } else { "" };
            (end, name.clone(), instant(cx.words, *until, &room.round.terms.zone))
        }
        None => ("-plain", String::new(), String::new()),
    }
}

/// What the form of a score shows: what was typed, else what is stored.
#[derive(Clone, Copy, Default)]
struct Shown<'a> {
    stored: Option<&'a ScoreRow>,
    typed: Option<&'a Form>,
    /// Saved elsewhere meanwhile: both are shown.
    stale: bool,
}

impl Shown<'_> {
    fn set(&self) -> SetScore {
        match (self.typed, self.stored) {
            (Some(form), _) => set_of(&form.fields),
            (None, stored) => stored.map(score_of).unwrap_or_default(),
        }
    }

    fn seen(&self) -> i64 {
        self.stored.map_or(0, |score| score.row_version)
    }
}

fn set_of(fields: &Fields) -> SetScore {
    let raw = |name: &str| fields.raw(name).to_owned();
    SetScore { points: raw("points"), reason: raw("reason"), next_point: raw("next_point") }
}

fn score_of(score: &ScoreRow) -> SetScore {
    SetScore { points: score.points.to_string(), reason: score.reason.clone(), next_point: score.next_point.clone() }
}

fn score_words(cx: &Cx, leaf: Leaf<'_>, legend: String, sift: bool) -> ScoreWords {
    ScoreWords {
        legend,
        reason: t!(cx, "score-reason"),
        reason_hint: t!(cx, if sift { "score-reason-hint-sift" } else { "score-reason-hint" }),
        next_point: t!(cx, "score-next-point"),
        next_point_hint: t!(cx, "score-next-point-hint"),
        quote: t!(cx, "score-quote"),
        quote_hint: t!(cx, "score-quote-hint"),
        undo: t!(cx, "score-undo"),
        undone: t!(cx, "score-undone"),
        clear: t!(cx, "score-clear"),
        save: t!(cx, "score-save"),
        save_next: t!(cx, "score-save-next"),
        keys: t!(cx, "score-keys", max = i64::from(leaf.max())),
        keys_on: t!(cx, "score-keys-on"),
        error_prefix: t!(cx, "error-prefix"),
        conflict: t!(cx, "score-conflict"),
        conflict_choose: t!(cx, "score-conflict-choose"),
        conflict_again: t!(cx, "score-conflict-again"),
        conflict_saved: t!(cx, "score-conflict-saved"),
        conflict_mine: t!(cx, "score-conflict-mine"),
        conflict_theirs: t!(cx, "score-conflict-theirs"),
    }
}

/// Where a form of a score stands and leads.
struct At<'a> {
    action: String,
    /// Before its ids, where there are several on a page.
    prefix: String,
    /// The cells before and after, and the next that lacks something, as addresses or empty.
    way: [String; 3],
    descriptors: &'a [String],
    legend: String,
}

/// The form of a cell, or what was locked.
fn score_form(cx: &Cx, room: &ScoringRoom, leaf: Leaf<'_>, cell: Cell, shown: Shown<'_>, at: At<'_>) -> AnyView {
    // What was typed while it rests stays in its form.
    if room.locked || (room.rests.is_some() && shown.typed.is_none()) {
        return locked_score(cx, leaf, shown.stored, &at.legend);
    }
    let sift = room.round.terms.panel.reasons == Reasons::Sift;
    let error = |name: &str| shown.typed.and_then(|form| form.error(cx, name));
    let need = room.way.state(cell) == domain::evaluation::CellState::NeedsReason;
    let status = shown
        .stored
        .filter(|_| shown.typed.is_none())
        .map(|score| {
            let saved = t!(cx, "score-saved", when = relative(cx, Moment(score.at)));
            if need { format!("{saved} {}", t!(cx, "score-saved-need")) } else { saved }
        })
        .unwrap_or_default();
    let [previous, next, open] = at.way;
    let words = score_words(cx, leaf, at.legend, sift);
    let theirs = shown.stored.filter(|_| shown.stale).map(score_of);
    view! {
        <ScoreForm action=at.action key=format!("{}{}:{}", score_key(cx, &room.seat.to_string()), cell.0, cell.1) person=person(cx) unsaved=shown.typed.is_some() prefix=at.prefix max=leaf.max() score=shown.set() theirs=theirs
            seen=shown.seen().to_string() descriptors=at.descriptors.to_vec() points_error=error("points") reason_error=error("reason")
            next_point_error=error("next_point") status=status previous=previous next=next open=open words=words save_words=SaveWords::of(cx, "score-failed")/>
    }
    .into_any()
}

/// Own scores after the lock: to be read.
fn locked_score(cx: &Cx, leaf: Leaf<'_>, score: Option<&ScoreRow>, legend: &str) -> AnyView {
    let Some(score) = score else { return view! { <p class="wp-muted">{t!(cx, "cell-open")}</p> }.into_any() };
    let meant =
        usize::try_from(score.points).ok().and_then(|at| leaf.criterion.descriptors.get(at)).filter(|text| !text.is_empty());
    let next = (!score.next_point.is_empty()).then(|| {
        view! { <h3 class="govuk-heading-s">{t!(cx, "score-next-point")}</h3><p class="wp-score__said">{score.next_point.clone()}</p> }
    });
    view! {
        <div class="wp-score__panel">
            <h2 class="govuk-heading-s">{legend.to_owned()}</h2>
            <p class="wp-score__points"><strong>{t!(cx, "letter-score", points = score.points, max = i64::from(leaf.max()))}</strong> " " {meant.cloned()}</p>
            <h3 class="govuk-heading-s">{t!(cx, "score-reason")}</h3>
            <p class="wp-score__said">{score.reason.clone()}</p>
            {next}
        </div>
    }
    .into_any()
}
