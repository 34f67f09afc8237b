//! The result: totals, thresholds, ranks and honest ties.

use axum::extract::Path;
use axum::response::Response;
use domain::challenge::Method;
use domain::evaluation::{Below, DecidedBy, Standing};
use domain::form::FieldError;
use domain::ids::{ChallengeId, CriterionId, ResponseId};
use domain::moment::Moment;
use domain::policy::SeatStanding;
use leptos::prelude::*;
use store::NoteRow;
use workflow::evaluation::{self as verbs, Approval, ResultView};

use crate::challenge::{asked_round, crumbs, id_of};
use crate::cx::Cx;
use crate::evaluation::{charts, cut, firmly, lots, named, steps};
use crate::fault::Fault;
use crate::frame::Page;
use crate::ui::{bar, error_summary, exact, warning};
use crate::words::t;

pub async fn result(cx: Cx, Path(id): Path<String>) -> Result<Response, Fault> {
    result_page(&cx, id_of(&id)?, Vec::new()).await
}

pub async fn result_page(cx: &Cx, id: ChallengeId, errors: Vec<FieldError>) -> Result<Response, Fault> {
    let found = verbs::read_result_of(&cx.desk, &cx.actor, id, asked_round(cx)).await?;
    let report = verbs::firmness(&found).await?;
    let reader = Reader { cx, found: &found };
    let of_round = asked_round(cx).map(|number| format!("?round={number}")).unwrap_or_default();
    let record = found.record.as_ref().map(|record| {
        let without = found
            .without
            .iter()
            .map(|row| view! { <li>{t!(cx, "record-without", name = row.name.clone())} " " {row.reason.clone()}</li> });
        let confirmed = found
            .confirmed
            .as_ref()
            .map(|row| view! { <p>{t!(cx, "record-confirmed", name = &row.by_name)} " " {row.reason.clone()}</p> });
        view! {
            <section>
                <h2 class="govuk-heading-m">{t!(cx, "record")}</h2>
                <p>{record.discussion.clone()}</p>
                <p class="wp-meta">{t!(cx, "record-by", name = &record.by_name)} " " {exact(cx, Moment(record.at), None)}</p>
                {approvals(cx, &found.approved)}
                <ul class="govuk-list">{without.collect_view()}</ul>
                {confirmed}
                {reader.shows_scores().then(|| dissents(&reader))}
                {reader.shows_scores().then(|| view! { <p><a class="govuk-link" href=format!("/challenges/{id}/moderation/record{of_round}")>{t!(cx, "record-read")}</a></p> })}
            </section>
        }
    });
    let recommend = domain::policy::recommend_decision(&cx.actor, &found.facts).is_ok().then(|| {
        view! { <p><a class="govuk-button" href=format!("/challenges/{id}/recommend")>{t!(cx, "room-recommend")}</a></p> }
    });
    let scorers = found.seats.iter().filter(|seat| seat.role.scores() && seat.standing != SeatStanding::Removed).count();
    let chair = found.seats.iter().find(|seat| seat.role.chairs()).map(|seat| seat.name.clone()).unwrap_or_default();
    let body = view! {
        {error_summary(cx, &errors)}
        <span class="govuk-caption-l">{found.title.clone()}</span>
        <h1 class="govuk-heading-l">{t!(cx, "room-result")}</h1>
        <p class="wp-meta">{t!(cx, "result-by", n = scorers, chair = chair)}</p>
        {different_evaluators(cx, &found).map(|said| warning(cx, said))}
        {result_table(cx, &found)}
        {cut::section(&reader)}
        <p><a class="govuk-link" href=format!("/challenges/{id}/what-if{of_round}")>{t!(cx, "what-if-title")}</a></p>
        {lots::section(&reader)}
        {charts::heat_map(&reader)}
        {reader.shows_scores().then(|| charts::spread(&reader))}
        {firmly::section(&reader, &report)}
        {steps::section(&reader)}
        {record}
        {recommend}
    };
    Ok(Page::new(t!(cx, "room-result"), body)
        .under(crumbs(cx, id, &found.title))
        .wide()
        .invalid_if(!errors.is_empty())
        .render(cx))
}

/// Who approved the record as it was closed, and when.
pub(super) fn approvals(cx: &Cx, approved: &[Approval]) -> Option<AnyView> {
    let row = |approval: &Approval| {
        view! { <li>{t!(cx, "record-approved", name = &approval.name)} " " <span class="wp-meta">{exact(cx, approval.at, None)}</span></li> }
    };
    (!approved.is_empty()).then(|| view! { <ul class="govuk-list">{approved.iter().map(row).collect_view()}</ul> }.into_any())
}

/// Members who saw an item otherwise, each under their name.
fn dissents(reader: &Reader) -> Option<AnyView> {
    let cx = reader.cx;
    let row = |note: &NoteRow| {
        let (response, criterion) = (reader.response(note.response), reader.criterion(note.criterion));
        view! { <li><strong>{format!("{response}, {criterion}")}</strong> " " {note.text.clone()} " " <span class="wp-meta">{note.name.clone()} " " {exact(cx, Moment(note.at), None)}</span></li> }
    };
    let rows = reader.found.dissents.iter().map(row).collect_view();
    (!reader.found.dissents.is_empty())
        .then(|| view! { <h3 class="govuk-heading-s">{t!(cx, "dissent")}</h3><ul class="govuk-list">{rows}</ul> }.into_any())
}

/// That not every response was scored by the same people, where it is so: a result built from different evaluators says it.
pub fn different_evaluators(cx: &Cx, found: &ResultView) -> Option<String> {
    let key = match found.terms.method {
        Method::MeanAfterDiscussion => "different-evaluators",
        Method::Consensus => "different-evaluators-agreed",
    };
    found.outcome.different_evaluators.then(|| t!(cx, key))
}

/// A result and who reads it: what things are called for them.
pub struct Reader<'a> {
    pub cx: &'a Cx,
    pub found: &'a ResultView,
}

impl Reader<'_> {
    pub fn response(&self, response: i64) -> String {
        self.found.responses.get(&ResponseId(response)).map(|response| named(self.cx, &response.named)).unwrap_or_default()
    }

    /// A criterion, or what is scored in its place.
    pub fn criterion(&self, id: i64) -> String {
        let terms = &self.found.terms;
        let leaf = || terms.leaf(CriterionId(id)).map(|leaf| leaf.name());
        terms.criterion(CriterionId(id)).map(|criterion| criterion.name.clone()).or_else(leaf).unwrap_or_default()
    }

    /// Criteria that are scored: place, id, end of the scale.
    pub fn scored(&self) -> impl Iterator<Item = (usize, i64, u8)> {
        let scored = self.found.terms.criteria.iter().enumerate();
        let scored = scored.filter(|(_, criterion)| criterion.kind == domain::challenge::CriterionKind::Scored);
        scored.map(|(at, criterion)| (at, criterion.id.get(), criterion.max))
    }

    /// By name for those who may see who scored what, else by number in the order of the seats.
    pub fn evaluator(&self, seat: i64) -> String {
        let seats = self.found.seats.iter();
        let at = seats.clone().filter(|row| row.role.scores()).position(|row| row.id.get() == seat);
        let name = seats.clone().find(|row| row.id.get() == seat).map(|row| row.name.clone());
        match name.filter(|_| self.found.names_scorers()) {
            Some(name) => name,
            None => t!(self.cx, "evaluator-number", n = at.map_or(0, |at| at + 1)),
        }
    }

    pub fn shows_scores(&self) -> bool {
        self.found.shows_scores(&self.cx.actor)
    }
}

/// The ranking as a table that people can defend in public, with a bar for each criterion's points.
pub fn result_table(cx: &Cx, found: &ResultView) -> AnyView {
    let reader = Reader { cx, found };
    let rows = found.outcome.standings.iter().map(|standing| row(&reader, standing)).collect_view();
    let legend = (1..)
        .zip(&found.terms.criteria)
        .map(|(at, criterion)| {
            let class = format!("wp-swatch wp-series-{}", (at - 1) % 8 + 1);
            view! { <li><span class=class></span>{criterion.name.clone()} " " <strong>{format!("{}%", criterion.weight)}</strong></li> }
        })
        .collect_view();
    view! {
        <div class="wp-table-scroll" tabindex="0" role="region" aria-label=t!(cx, "ranking")>
            <table class="wp-ranking">
                <caption>{t!(cx, "ranking-caption")}</caption>
                <thead><tr>
                    <th scope="col">{t!(cx, "column-rank")}</th><th scope="col">{t!(cx, "column-response-name")}</th>
                    <th scope="col">{t!(cx, "column-points")}</th><th scope="col" class="is-number">{t!(cx, "column-total")}</th>
                </tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
        <ul class="wp-legend">{legend}</ul>
    }
    .into_any()
}

fn row(reader: &Reader, standing: &Standing) -> AnyView {
    let (cx, found) = (reader.cx, reader.found);
    let name = reader.response(standing.response);
    let class = match standing.rank {
        Some(1) => "is-first",
        Some(_) => "",
        None => "wp-below",
    };
    let mut from = 0;
    let mut parts = Vec::new();
    for (at, line) in (1..).zip(&standing.lines) {
        let width = line.points.as_ref().map_or(0, |points| hundredths(&points.display2()));
        if width > 0 {
            parts.push((at, from, width, None));
        }
        from += width;
    }
    let total = standing.total.as_ref().map(|total| total.display2()).unwrap_or_default();
    let why = below(reader, standing).or_else(|| standing.excluded.then(|| t!(cx, "excluded")));
    let tie = (standing.tied || !matches!(standing.decided_by, Some(DecidedBy::Total) | None)).then(|| {
        let text = match standing.decided_by {
            Some(DecidedBy::Criterion(id)) => t!(cx, "tie-by-criterion", criterion = reader.criterion(id)),
            Some(DecidedBy::Price) => t!(cx, "tie-by-price"),
            _ if standing.tied => t!(cx, "tie-lots"),
            _ => t!(cx, "tie-by-lots"),
        };
        view! { <br/><span class="wp-tie">{text}</span> }
    });
    let label = t!(cx, "bar-label", name = &name, total = &total);
    let line_at = found.terms.total_threshold.map(|least| least.hundredths());
    view! {
        <tr class=class>
            <td class="wp-ranking__rank">{standing.rank.map_or_else(|| "–".to_owned(), |rank| rank.to_string())}</td>
            <th scope="row">{name} {tie} {why.map(|why| view! { <br/><span>{why}</span> })}</th>
            <td class="wp-ranking__bar">{bar(label, 22, parts, line_at)}</td>
            <td class="wp-ranking__total">{total}</td>
        </tr>
    }
    .into_any()
}

pub fn below(reader: &Reader, standing: &Standing) -> Option<String> {
    let (cx, terms) = (reader.cx, &reader.found.terms);
    standing.below.first().map(|below| match below {
        Below::Score { criterion } => t!(cx, "below-criterion", criterion = reader.criterion(*criterion)),
        Below::Total => {
            t!(cx, "below-total", least = terms.total_threshold.map(|least| least.to_string()).unwrap_or_default())
        }
    })
}

/// "12.50" as 1250: for widths only, from what is displayed.
pub fn hundredths(text: &str) -> u32 {
    text.replace('.', "").parse().unwrap_or(0)
}
