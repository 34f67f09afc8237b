//! For the approver: what the statement check says of the text, what was left so and why, and what is open.

use domain::ids::ChallengeId;
use domain::statement::Gravity;
use leptos::prelude::*;
use workflow::challenge::{Readiness, Told};

use crate::challenge::workshop::findings::sentences;
use crate::cx::Cx;
use crate::ui::{relative, tag};
use crate::words::t;

pub(super) fn findings(cx: &Cx, id: ChallengeId, found: &Readiness) -> AnyView {
    let open = found.findings.iter().filter(|told| told.dismissed.is_none() && told.finding.gravity != Gravity::Note);
    let open: Vec<AnyView> = open.map(|told| one(cx, told)).collect();
    let left: Vec<AnyView> = found.findings.iter().filter(|told| told.dismissed.is_some()).map(|told| one(cx, told)).collect();
    let list = |key: &str, rows: Vec<AnyView>| {
        (!rows.is_empty()).then(|| {
            view! { <h3 class="govuk-heading-s">{t!(cx, key, n = rows.len())}</h3><ol class="govuk-list wp-findings">{rows}</ol> }
        })
    };
    let none = (open.is_empty() && left.is_empty()).then(|| view! { <p>{t!(cx, "review-findings-none")}</p> });
    view! {
        <section>
            <h2 class="govuk-heading-m">{t!(cx, "review-findings")}</h2>
            {none}
            {list("review-findings-left", left)}
            {list("review-findings-open", open)}
            <p><a class="govuk-link" href=format!("/challenges/{id}/readiness")>{t!(cx, "review-findings-all")}</a></p>
        </section>
    }
    .into_any()
}

fn one(cx: &Cx, told: &Told) -> AnyView {
    let finding = &told.finding;
    let label = match (&told.dismissed, finding.gravity) {
        (Some(_), _) => tag("decided", t!(cx, "finding-left")),
        (None, Gravity::MustClear) => tag("closed", t!(cx, "check-gravity-must-clear")),
        (None, gravity) => tag("waiting", t!(cx, &format!("check-gravity-{}", gravity.code()))),
    };
    let quote = (!finding.excerpt.is_empty())
        .then(|| view! { <blockquote class="wp-finding__words">{finding.excerpt.clone()}</blockquote> });
    let reason = told.dismissed.as_ref().map(|dismissed| {
        view! { <p class="wp-finding__reason">{t!(cx, "finding-reason", name = &dismissed.by_name, when = relative(cx, dismissed.at), reason = &dismissed.reason)}</p> }
    });
    view! {
        <li class="wp-finding">
            <p>{label} " " <strong>{sentences(cx, finding).what}</strong> " " <span class="wp-muted">{t!(cx, &format!("section-{}", finding.section))}</span></p>
            {quote}
            {reason}
        </li>
    }
    .into_any()
}
