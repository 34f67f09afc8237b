//! Tables with a head, each in a box of its own that scrolls where it is too wide.

use leptos::prelude::*;

use crate::cx::Cx;
use crate::words::t;

/// `label` and `columns` are keys. The column `column-given`, of points, holds numbers.
pub fn table(cx: &Cx, label: &str, columns: &[&str], rows: AnyView) -> AnyView {
    table_of("wp-table", cx, label, columns, rows)
}

/// With columns of the same width wherever it stands, for tables that are read one below the other.
pub fn steady_table(cx: &Cx, label: &str, columns: &[&str], rows: AnyView) -> AnyView {
    table_of("wp-table wp-table--steady", cx, label, columns, rows)
}

fn table_of(class: &'static str, cx: &Cx, label: &str, columns: &[&str], rows: AnyView) -> AnyView {
    let head = columns
        .iter()
        .map(|key| {
            let class = (*key == "column-given").then_some("is-number");
            view! { <th scope="col" class=class>{t!(cx, key)}</th> }
        })
        .collect_view();
    view! {
        <div class="wp-table-scroll" tabindex="0" role="region" aria-label=t!(cx, label)>
            <table class=class><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>
        </div>
    }
    .into_any()
}
