//! What is left out of a response where a panel reads without names: for an officer, beside the untouched original.

use domain::ids::to_text;
use domain::moment::Moment;
use leptos::prelude::*;
use store::RedactionRow;

use crate::cx::Cx;
use crate::ui::{Form, exact, hidden, input, submit};
use crate::words::t;

pub fn view(cx: &Cx, rows: &[RedactionRow], form: &Form) -> AnyView {
    let list = rows
        .iter()
        .map(|row| {
            view! {
                <li class="wp-files__row">
                    <div><strong>{row.words.clone()}</strong> <p class="wp-muted">{row.by_name.clone()} ", " {exact(cx, Moment(row.at), None)}</p></div>
                    <form class="wp-inline-form" method="post">
                        {hidden("redaction", to_text(row.id))}
                        <button name="do" value="end" aria-label=format!("{}: {}", t!(cx, "redaction-end"), row.words)>{t!(cx, "redaction-end")}</button>
                    </form>
                </li>
            }
        })
        .collect_view();
    view! {
        <section class="wp-no-print">
            <h2 class="govuk-heading-m">{t!(cx, "redaction-title")}</h2>
            <p>{t!(cx, "redaction-text")}</p>
            {(!rows.is_empty()).then(|| view! { <ul class="wp-files">{list}</ul> })}
            <form method="post" novalidate>
                {input(cx, form, "words", t!(cx, "redaction-words"), "redaction-words-hint", "text", "off")}
                {submit(t!(cx, "redaction-button"), "redact")}
            </form>
        </section>
    }
    .into_any()
}
