//! Who goes on to the next round, by the rule that was published, with the numbers filled in.

use domain::evaluation::{Cut, DecidedBy};
use leptos::prelude::*;

use super::result::Reader;
use crate::challenge::shortlist_text;
use crate::words::t;

/// What is carried into this round, and who of it goes on.
pub fn section(reader: &Reader) -> Option<AnyView> {
    let cx = reader.cx;
    let (next, cut) = reader.found.cut()?;
    let title = t!(cx, "cut-title", n = reader.found.number() + 1, kind = t!(cx, &format!("round-kind-{}", next.kind.code())));
    Some(
        view! {
            <section aria-labelledby="cut">
                <h2 class="govuk-heading-m govuk-!-margin-top-6" id="cut">{title}</h2>
                <p>{shortlist_text(cx, next)}</p>
                {inside(reader, &cut)}
            </section>
        }
        .into_any(),
    )
}

/// The names of those inside, and what decided at the edge.
pub fn inside(reader: &Reader, cut: &Cut) -> AnyView {
    let cx = reader.cx;
    let names = cut.inside.iter().map(|response| view! { <li>{reader.response(*response)}</li> }).collect_view();
    let edge = match (&cut.lots, cut.decided_by) {
        (Some(lots), _) => {
            let between: Vec<String> = lots.between.iter().map(|response| reader.response(*response)).collect();
            t!(cx, "cut-lots-needed", n = lots.places, names = between.join(", "))
        }
        (None, Some(DecidedBy::Total)) => t!(cx, "cut-by-total"),
        (None, Some(DecidedBy::Criterion(id))) => t!(cx, "cut-by-criterion", criterion = reader.criterion(id)),
        (None, Some(DecidedBy::Price)) => t!(cx, "cut-by-price"),
        (None, Some(DecidedBy::Lots)) => t!(cx, "cut-by-lots"),
        (None, None) => t!(cx, "cut-all"),
    };
    let none = cut.inside.is_empty() && cut.lots.is_none();
    view! {
        {(!cut.inside.is_empty()).then(|| view! { <p>{t!(cx, "cut-inside")}</p><ol class="govuk-list govuk-list--number">{names}</ol> })}
        <p>{if none { t!(cx, "cut-none") } else { edge }}</p>
    }
    .into_any()
}
