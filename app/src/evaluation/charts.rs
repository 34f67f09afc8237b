//! Pictures of a result: inline SVG in the tokens' colours, each with a title, a description and its figures as a table behind
//! "show as table". Places are attributes in per cent and words keep their size, so that a picture fits any width.

use std::collections::BTreeMap;

use domain::evaluation::{Exact, Range};
use domain::points::Weight;
use leptos::prelude::*;

use super::result::Reader;
use crate::ui::{Column, Table};
use crate::words::t;

/// A picture with more rows than this says nothing: the rest stands in the table alone.
const MOST: usize = 40;

pub struct Picture {
    /// Unique on the page.
    pub id: &'static str,
    pub title: String,
    pub about: String,
    /// Height in pixels.
    pub height: usize,
    pub drawing: AnyView,
    pub table: AnyView,
}

impl Picture {
    pub fn view(self, reader: &Reader) -> AnyView {
        let Picture { id, title, about, height, drawing, table } = self;
        let (title_id, about_id) = (format!("{id}-title"), format!("{id}-about"));
        let labelled = format!("{title_id} {about_id}");
        view! {
            <figure class="wp-picture">
                <figcaption class="wp-picture__title">{title.clone()}</figcaption>
                <svg class="wp-picture__svg" width="100%" height=height.to_string() role="img" aria-labelledby=labelled focusable="false">
                    <title id=title_id>{title}</title>
                    <desc id=about_id>{about}</desc>
                    {drawing}
                </svg>
                <details class="govuk-details govuk-!-margin-bottom-0">
                    <summary class="govuk-details__summary"><span class="govuk-details__summary-text">{t!(reader.cx, "show-as-table")}</span></summary>
                    <div class="govuk-details__text">{table}</div>
                </details>
            </figure>
        }
        .into_any()
    }
}

/// Hundredths of a per cent as an attribute.
pub fn percent(hundredths: i64) -> String {
    format!("{}.{:02}%", hundredths / 100, hundredths % 100)
}

/// A table with its head, the first column being the row's name.
fn table(label: String, head: Vec<String>, rows: Vec<Vec<String>>) -> AnyView {
    let rows = rows.into_iter().map(|row| row.into_iter().map(IntoAny::into_any).collect()).collect();
    Table::new(label, head.into_iter().map(Column::named).collect(), rows).render()
}

/// A weight as it is published or, of an end of a range, rounded into the range.
pub fn weight(hundredths: i64) -> String {
    Weight::from_hundredths(u32::try_from(hundredths).unwrap_or_default()).to_string()
}

/// (from, to) in hundredths, rounded into the range.
pub fn within(ends: (&Exact, &Exact)) -> (i64, i64) {
    (ends.0.hundredths_within().1, ends.1.hundredths_within().0)
}

/// For each criterion, the weights at which the first place holds, with a mark at the published weight.
pub fn ranges(reader: &Reader, ranges: &[Range], first: &str) -> AnyView {
    let cx = reader.cx;
    const ROW: usize = 58;
    let drawing = ranges
        .iter()
        .enumerate()
        .map(|(at, range)| {
            let top = at * ROW;
            let name = t!(cx, "ranges-row", criterion = reader.criterion(range.criterion), weight = range.weight.to_string());
            let (from, to) = range.ends.as_ref().map_or((0, 0), |(low, high)| within((&low.at, &high.at)));
            let own = i64::from(range.weight.hundredths());
            let text = match &range.ends {
                None => t!(cx, "ranges-whole"),
                Some(_) if (from, to) == (0, 10_000) => t!(cx, "ranges-any"),
                Some(_) => t!(cx, "ranges-span", from = weight(from), to = weight(to)),
            };
            // A range of one point is still seen.
            let wide = (to - from).max(40);
            view! {
                <text class="wp-picture__name" x="0" y=(top + 16).to_string()>{name}</text>
                <rect class="wp-picture__track" x="0" y=(top + 24).to_string() width="100%" height="12"></rect>
                {range.ends.is_some().then(|| view! { <rect class="wp-picture__span" x=percent(from.min(9_960)) y=(top + 24).to_string() width=percent(wide.min(10_000 - from.min(9_960))) height="12"></rect> })}
                <line class="wp-picture__mark" x1=percent(own) x2=percent(own) y1=(top + 20).to_string() y2=(top + 40).to_string()></line>
                <text class="wp-picture__value" x="100%" y=(top + 16).to_string() text-anchor="end">{text}</text>
            }
        })
        .collect_view();
    let rows = ranges
        .iter()
        .map(|range| {
            let (stays, under, over) = match &range.ends {
                None => (t!(cx, "ranges-whole"), String::new(), String::new()),
                Some((low, high)) => {
                    let (from, to) = within((&low.at, &high.at));
                    // Where it holds to the very end there is no weight beyond.
                    let last = |end: &domain::evaluation::End| {
                        end.holds && [0, 10_000].map(|at| Exact::from(Weight::from_hundredths(at))).contains(&end.at)
                    };
                    let then = |end: &domain::evaluation::End| match end.then {
                        _ if last(end) => "–".to_owned(),
                        _ if end.below_total => t!(cx, "ranges-below-total"),
                        Some(response) => reader.response(response),
                        None => "–".to_owned(),
                    };
                    (t!(cx, "ranges-span", from = weight(from), to = weight(to)), then(low), then(high))
                }
            };
            vec![reader.criterion(range.criterion), range.weight.to_string(), stays, under, over]
        })
        .collect();
    let head =
        ["column-criterion", "column-published", "column-stays", "column-under", "column-over"].map(|key| t!(cx, key)).to_vec();
    let title = t!(cx, "ranges-title", name = first);
    Picture {
        id: "ranges",
        about: t!(cx, "ranges-about"),
        height: ranges.len() * ROW,
        drawing: drawing.into_any(),
        table: table(title.clone(), head, rows),
        title,
    }
    .view(reader)
}

/// Final scores of each response in each criterion, darker where higher.
pub fn heat_map(reader: &Reader) -> Option<AnyView> {
    let cx = reader.cx;
    let columns: Vec<(usize, i64, u8)> = reader.scored().collect();
    let standings: Vec<_> = reader.found.outcome.standings.iter().filter(|standing| !standing.excluded).collect();
    if standings.is_empty() || columns.is_empty() {
        return None;
    }
    const ROW: usize = 54;
    const TOP: usize = 22;
    let wide = 10_000 / i64::try_from(columns.len()).unwrap_or(1).max(1);
    let cell =
        |standing: &domain::evaluation::Standing, at: usize| standing.lines.get(at).and_then(|line| line.basis.final_score());
    let heads = (0i64..)
        .zip(&columns)
        .map(|(n, _)| view! { <text class="wp-picture__value" x=percent(n * wide + wide / 2) y="14" text-anchor="middle">{letter(n)}</text> })
        .collect_view();
    let drawing = standings
        .iter()
        .take(MOST)
        .enumerate()
        .map(|(row, standing)| {
            let top = TOP + row * ROW;
            let cells = (0i64..)
                .zip(&columns)
                .filter_map(|(n, (at, _, max))| {
                    let score = cell(standing, *at)?;
                    let class = format!("wp-heat wp-heat-{}", step(&score, *max));
                    Some(view! {
                        <rect class=class.clone() x=percent(n * wide) y=(top + 20).to_string() width=percent(wide) height="28"></rect>
                        <text class=class x=percent(n * wide + wide / 2) y=(top + 39).to_string() text-anchor="middle">{shown(&score)}</text>
                    })
                })
                .collect_view();
            view! { <text class="wp-picture__name" x="0" y=(top + 14).to_string()>{reader.response(standing.response)}</text>{cells} }
        })
        .collect_view();
    let rows = standings
        .iter()
        .map(|standing| {
            let cells = columns.iter().map(|(at, ..)| cell(standing, *at).map_or_else(|| "–".to_owned(), |score| shown(&score)));
            std::iter::once(reader.response(standing.response)).chain(cells).collect()
        })
        .collect();
    let names = columns.iter().map(|(_, id, max)| t!(cx, "heat-column", criterion = reader.criterion(*id), max = *max));
    let head = std::iter::once(t!(cx, "column-response-name")).chain(names.clone()).collect();
    let key = (0i64..).zip(names).map(|(n, name)| format!("{} {name}", letter(n))).collect::<Vec<_>>().join("; ");
    let title = t!(cx, "heat-title");
    let picture = Picture {
        id: "heat",
        about: t!(cx, "heat-about", key = &key),
        height: TOP + standings.len().min(MOST) * ROW,
        drawing: view! { {heads}{drawing} }.into_any(),
        table: table(title.clone(), head, rows),
        title,
    };
    Some(view! { {picture.view(reader)} <p class="wp-muted">{key}</p> {(standings.len() > MOST).then(|| view! { <p class="wp-muted">{t!(cx, "picture-rest", n = MOST)}</p> })} }.into_any())
}

/// Each evaluator's own score: a point on the scale, larger where several gave it.
pub fn spread(reader: &Reader) -> Option<AnyView> {
    let cx = reader.cx;
    let mut given: BTreeMap<(i64, i64), Vec<i64>> = BTreeMap::new();
    for row in reader.found.finals.iter().filter(|row| row.seat.is_some()) {
        given.entry((row.response, row.criterion)).or_default().push(row.points);
    }
    given.values_mut().for_each(|scores| scores.sort_unstable());
    if given.values().all(|scores| scores.len() < 2) {
        return None;
    }
    let leaves: Vec<(i64, String, u8)> =
        reader.found.terms.leaves().map(|leaf| (leaf.id().get(), leaf.name(), leaf.max())).collect();
    let standings: Vec<i64> =
        reader.found.outcome.standings.iter().filter(|s| !s.excluded).map(|standing| standing.response).collect();
    const ROW: usize = 46;
    const TOP: usize = 22;
    let wide = 10_000 / i64::try_from(leaves.len()).unwrap_or(1).max(1);
    let heads = (0i64..)
        .zip(&leaves)
        .map(|(n, _)| view! { <text class="wp-picture__value" x=percent(n * wide + wide / 2) y="14" text-anchor="middle">{letter(n)}</text> })
        .collect_view();
    let drawing = standings
        .iter()
        .take(MOST)
        .enumerate()
        .map(|(row, response)| {
            let top = TOP + row * ROW;
            let cells = (0i64..)
                .zip(&leaves)
                .filter_map(|(n, (leaf, _, max))| {
                    let scores = given.get(&(*response, *leaf))?;
                    let (from, inner) = (n * wide + wide / 8, wide * 3 / 4);
                    let place = |points: i64| percent(from + inner * points / i64::from(*max).max(1));
                    let middle = (top + 30).to_string();
                    let points = scores
                        .chunk_by(|a, b| a == b)
                        .map(|same| {
                            let radius = (3 + same.len().min(6)).to_string();
                            view! { <circle class="wp-picture__point" cx=place(same[0]) cy=middle.clone() r=radius></circle> }
                        })
                        .collect_view();
                    Some(view! {
                        <line class="wp-picture__scale" x1=place(0) x2=place((*max).into()) y1=middle.clone() y2=middle.clone()></line>
                        {points}
                    })
                })
                .collect_view();
            view! { <text class="wp-picture__name" x="0" y=(top + 14).to_string()>{reader.response(*response)}</text>{cells} }
        })
        .collect_view();
    let rows = standings
        .iter()
        .map(|response| {
            let cells = leaves.iter().map(|(leaf, ..)| {
                let scores = given.get(&(*response, *leaf)).cloned().unwrap_or_default();
                scores.iter().map(i64::to_string).collect::<Vec<_>>().join(", ")
            });
            std::iter::once(reader.response(*response)).chain(cells).collect()
        })
        .collect();
    let names = leaves.iter().map(|(_, name, max)| t!(cx, "heat-column", criterion = name, max = *max));
    let head = std::iter::once(t!(cx, "column-response-name")).chain(names.clone()).collect();
    let key = (0i64..).zip(names).map(|(n, name)| format!("{} {name}", letter(n))).collect::<Vec<_>>().join("; ");
    let title = t!(cx, "spread-title");
    let picture = Picture {
        id: "spread",
        about: t!(cx, "spread-about", key = &key),
        height: TOP + standings.len().min(MOST) * ROW,
        drawing: view! { {heads}{drawing} }.into_any(),
        table: table(title.clone(), head, rows),
        title,
    };
    Some(view! { {picture.view(reader)} <p class="wp-muted">{key}</p> }.into_any())
}

/// A, B, … for columns that are too narrow for their names.
fn letter(n: i64) -> String {
    let letters = u8::try_from(n % 26).map_or('?', |n| char::from(b'A' + n));
    if n < 26 { letters.to_string() } else { format!("{letters}{}", n / 26) }
}

/// "4", "3.67".
fn shown(score: &Exact) -> String {
    let text = score.display2();
    text.strip_suffix(".00").map_or(text.clone(), str::to_owned)
}

/// The step of a colour from 0 to 5, from what is displayed.
fn step(score: &Exact, max: u8) -> u64 {
    let hundredths: u64 = score.display2().replace('.', "").parse().unwrap_or_default();
    (hundredths * 5 / (u64::from(max).max(1) * 100)).min(5)
}
