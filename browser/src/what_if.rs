//! Weights moved by sliders, the others in proportion; the ranking follows at once. It is `domain::evaluation::reweigh` here as on
//! the server, on the sums of scores that stand in the page; nothing is sent anywhere and nothing is changed.

use std::cell::RefCell;
use std::rc::Rc;

use domain::evaluation::{
    Basis, Criterion, CriterionKind, Line, Lot, Outcome, Part, PartScore, PriceFormula, Rules, Standing, TieBreak, reweigh,
    scaled,
};
use domain::points::Weight;
use js_sys::Array;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, Event, HtmlInputElement};

use crate::{dom, wire};

struct WhatIf {
    root: Element,
    ranking: Element,
    rules: Rules,
    outcome: Outcome,
    fields: Vec<HtmlInputElement>,
    sliders: Vec<HtmlInputElement>,
    words: JsValue,
    weights: RefCell<Vec<Weight>>,
    /// The slider that is moved, and the weights before it was: the others stay in their proportion however far it goes and back.
    held: RefCell<Option<(usize, Vec<Weight>)>>,
}

pub fn start(root: &Element) -> Option<()> {
    let (rules, outcome) = round(&dom::json(root, "data-round"))?;
    let inputs = |selector: &str| -> Vec<HtmlInputElement> {
        dom::all_within(root, selector).into_iter().filter_map(|input| input.dyn_into().ok()).collect()
    };
    let fields = inputs("input[name^='w-']");
    let sliders = inputs("input[type=range]");
    let weights: Option<Vec<Weight>> = fields.iter().map(|field| Weight::parse(&field.value()).ok()).collect();
    let published = || rules.criteria.iter().map(|criterion| criterion.weight).collect();
    let weights = weights.filter(|weights| Weight::check_sum(weights.iter().copied()).is_ok()).unwrap_or_else(published);
    if fields.len() != rules.criteria.len() || sliders.len() != fields.len() {
        return None;
    }
    let what_if = Rc::new(WhatIf {
        root: root.clone(),
        ranking: dom::slot(root, "ranking")?.into(),
        rules,
        outcome,
        fields,
        sliders,
        words: dom::json(root, "data-words"),
        weights: RefCell::new(weights),
        held: RefCell::default(),
    });
    for at in 0..what_if.sliders.len() {
        let moved = what_if.clone();
        dom::listen::<Event>(&what_if.sliders[at], "input", move |_| moved.set(at, &moved.sliders[at].value(), true));
        let typed = what_if.clone();
        dom::listen::<Event>(&what_if.fields[at], "change", move |_| typed.set(at, &typed.fields[at].value(), false));
    }
    Some(())
}

impl WhatIf {
    fn set(&self, at: usize, text: &str, slides: bool) {
        // What cannot be read stays as typed: the form says why when it is sent.
        let Ok(to) = Weight::parse(text) else { return };
        let clock = dom::window().and_then(|window| window.performance());
        let now = || clock.as_ref().map_or(0.0, web_sys::Performance::now);
        let from = now();
        let before = match &*self.held.borrow() {
            Some((held, before)) if slides && *held == at => before.clone(),
            _ => self.weights.borrow().clone(),
        };
        let Ok(weights) = scaled(&before, at, to) else { return };
        let Ok(outcome) = reweigh(&self.rules, &self.outcome, &weights) else { return };
        self.show(&outcome);
        for (other, weight) in weights.iter().enumerate() {
            let text = weight.to_string();
            self.sliders[other].set_value(&text);
            self.fields[other].set_value(&text);
        }
        self.weights.replace(weights);
        self.held.replace(slides.then_some((at, before)));
        let took = js_sys::Number::from(now() - from).to_fixed(2).map(String::from).unwrap_or_default();
        dom::set(&self.root, "data-took", &took);
    }

    /// Rows take the new order; they stay the elements that they are.
    fn show(&self, outcome: &Outcome) {
        let mut names = Vec::new();
        for standing in &outcome.standings {
            let Some(row) = dom::within::<Element>(&self.ranking, &format!("[data-response='{}']", standing.response)) else {
                continue;
            };
            dom::say(&row, "rank", &standing.rank.map_or_else(|| String::from("–"), |rank| rank.to_string()));
            dom::say(&row, "total", &standing.total.as_ref().map(|total| total.display2()).unwrap_or_default());
            let mut from = 0;
            for (part, line) in dom::all_within(&row, "[data-slot=parts] > rect").iter().zip(&standing.lines) {
                // From what is displayed, in hundredths: for widths only.
                let wide: u32 =
                    line.points.as_ref().and_then(|points| points.display2().replace('.', "").parse().ok()).unwrap_or_default();
                dom::set(part, "x", &percent(from));
                dom::set(part, "width", &percent(wide));
                from += wide;
            }
            if standing.rank == Some(1)
                && let Some(name) = dom::within::<Element>(&row, "th")
            {
                names.push(name.text_content().unwrap_or_default());
            }
            let _ = self.ranking.append_child(&row);
        }
        let said = match names.is_empty() {
            true => wire::text(&self.words, "nobody"),
            false => wire::text(&self.words, "first").replace("{names}", &names.join(", ")),
        };
        // Said aloud only where it is another one.
        if dom::slot(&self.root, "first").and_then(|slot| slot.text_content()).as_deref() != Some(said.as_str()) {
            dom::say(&self.root, "first", &said);
        }
    }
}

fn percent(hundredths: u32) -> String {
    format!("{}.{:02}%", hundredths / 100, hundredths % 100)
}

/// What `app/src/islands/what_if.rs` wrote.
fn round(json: &JsValue) -> Option<(Rules, Outcome)> {
    let criteria: Vec<Criterion> = wire::list(json, "criteria").iter().map(criterion).collect::<Option<_>>()?;
    let ties = wire::list(json, "ties");
    let tie_break =
        ties.iter().map(|step| if step.is_null() { Some(TieBreak::Price) } else { id(step).map(TieBreak::Criterion) });
    let tie_break = tie_break.collect::<Option<_>>()?;
    let total_threshold = small(&wire::member(json, "least")).map(Weight::from_hundredths);
    let rules = Rules { criteria, total_threshold, tie_break };
    let standings: Vec<Standing> =
        wire::list(json, "responses").iter().map(|row| standing(&rules, row)).collect::<Option<_>>()?;
    Some((rules, Outcome { standings, lowest_price_minor: None, different_evaluators: false }))
}

/// Nothing is an empty list.
fn array(value: &JsValue) -> Array {
    value.dyn_ref::<Array>().cloned().unwrap_or_default()
}

fn id(value: &JsValue) -> Option<i64> {
    value.as_string()?.parse().ok()
}

fn small(value: &JsValue) -> Option<u32> {
    value.as_f64().map(|number| number as u32)
}

fn criterion(row: &JsValue) -> Option<Criterion> {
    let row = array(row);
    let kind = array(&row.get(4));
    let kind = match kind.get(0).as_string()?.as_str() {
        "relative" => CriterionKind::Price(PriceFormula::Relative),
        "absolute" => CriterionKind::Price(PriceFormula::Absolute { ceiling_minor: id(&kind.get(1))? }),
        "carried" => CriterionKind::Carried,
        _ => CriterionKind::Scored,
    };
    let part = |part: JsValue| {
        let part = array(&part);
        Some(Part { id: id(&part.get(0))?, weight: Weight::from_hundredths(small(&part.get(1))?) })
    };
    Some(Criterion {
        id: id(&row.get(0))?,
        weight: Weight::from_hundredths(small(&row.get(1))?),
        max: u8::try_from(small(&row.get(2))?).ok()?,
        threshold: small(&row.get(3)).and_then(|least| u8::try_from(least).ok()),
        kind,
        parts: array(&row.get(5)).iter().map(part).collect::<Option<_>>()?,
    })
}

fn standing(rules: &Rules, row: &JsValue) -> Option<Standing> {
    let row = array(row);
    let lot = array(&row.get(3));
    let lot = id(&lot.get(0)).zip(small(&lot.get(1))).map(|(draw, place)| Lot { draw, place });
    let bases = array(&row.get(4));
    let lines = bases.iter().zip(&rules.criteria).map(|(basis, criterion)| {
        let basis = basis_of(criterion, &array(&basis))?;
        Some(Line { criterion: criterion.id, weight: criterion.weight, basis, points: None })
    });
    Some(Standing {
        response: id(&row.get(0))?,
        excluded: row.get(1).is_truthy(),
        below: Vec::new(),
        price_minor: id(&row.get(2)),
        lot,
        lines: lines.collect::<Option<_>>()?,
        total: None,
        rank: None,
        tied: false,
        decided_by: None,
        over_next: None,
    })
}

/// Of a price nothing stands here: the price itself does, and what it gives is computed.
fn basis_of(criterion: &Criterion, scores: &Array) -> Option<Basis> {
    let &Criterion { max, threshold, .. } = criterion;
    let tally = |at: u32| {
        let pair = array(&scores.get(at));
        small(&pair.get(0)).map(u64::from).zip(small(&pair.get(1)).map(u64::from))
    };
    if criterion.kind == CriterionKind::Carried {
        return Some(Basis::Carried { total: scores.get(0).as_string()?.parse().ok()? });
    }
    if criterion.kind != CriterionKind::Scored {
        return Some(Basis::Unpriced);
    }
    if criterion.parts.is_empty() {
        let (sum, count) = tally(0)?;
        return Some(Basis::Scores { sum, count, max, threshold });
    }
    let parts = (0u32..).zip(&criterion.parts).map(|(at, part)| {
        let (sum, count) = tally(at)?;
        Some(PartScore { criterion: part.id, weight: part.weight, sum, count })
    });
    Some(Basis::Parts { parts: parts.collect::<Option<_>>()?, max, threshold })
}
