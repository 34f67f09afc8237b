//! Tables with a head. On a narrow screen a row becomes a block: its first cell as the title, the others below with the name of
//! their column, so that nothing has to be scrolled sideways. Where there are more columns than that helps, the box scrolls.

use leptos::prelude::*;

use crate::cx::Cx;
use crate::words::t;

/// The cells of a row, each anything that can be shown; the first one names the row.
macro_rules! cells {
    ($($cell:expr),+ $(,)?) => { vec![$(leptos::prelude::IntoAny::into_any($cell)),+] };
}
pub(crate) use cells;

pub type Row = Vec<AnyView>;

/// `label` and `columns` are keys of the catalogue; each row has as many cells as there are columns.
pub fn table(cx: &Cx, label: &str, columns: &[&str], rows: Vec<Row>) -> AnyView {
    Table::new(t!(cx, label), columns.iter().map(|key| Column::of(cx, key)).collect(), rows).render()
}

pub struct Column {
    name: String,
    class: &'static str,
}

impl Column {
    /// By the key of its name; what is in a column tells how it is set.
    pub fn of(cx: &Cx, key: &str) -> Self {
        let class = match key {
            "column-given" => "is-number",
            "column-reference" => "wp-nowrap",
            "column-deadline" => "wp-deadline-cell",
            "opening-list-reference" | "receipt-digest" | "receipt-file-digest" => "wp-digest",
            _ => "",
        };
        Self { name: t!(cx, key), class }
    }

    pub fn number(name: String) -> Self {
        Self { name, class: "is-number" }
    }

    pub fn named(name: String) -> Self {
        Self { name, class: "" }
    }
}

/// A table that differs from the plain one of [`table`].
pub struct Table {
    label: String,
    columns: Vec<Column>,
    rows: Vec<Row>,
    captioned: bool,
    steady: bool,
    live: Option<&'static str>,
}

impl Table {
    /// `label` names the table to those who cannot see it.
    pub fn new(label: String, columns: Vec<Column>, rows: Vec<Row>) -> Self {
        Self { label, columns, rows, captioned: false, steady: false, live: None }
    }

    /// The label is shown above it.
    pub fn captioned(mut self) -> Self {
        self.captioned = true;
        self
    }

    /// Columns of the same width wherever it stands, for tables that are read one below the other.
    pub fn steady(mut self) -> Self {
        self.steady = true;
        self
    }

    /// Fetched anew while others work in the same room; `part` is its id.
    pub fn live(mut self, part: &'static str) -> Self {
        self.live = Some(part);
        self
    }

    pub fn render(self) -> AnyView {
        // Rows that become blocks lose what they mean to some readers of screens: the roles say it again.
        let class = if self.steady { "wp-table wp-table--rows wp-table--steady" } else { "wp-table wp-table--rows" };
        let head = self
            .columns
            .iter()
            .map(|column| {
                let class = (column.class == "is-number").then_some("is-number");
                view! { <th scope="col" role="columnheader" class=class>{column.name.clone()}</th> }
            })
            .collect_view();
        let rows = self.rows.into_iter().map(|row| body_row(&self.columns, row)).collect_view();
        let caption = self.captioned.then(|| {
            view! { <caption class="govuk-table__caption govuk-table__caption--s">{self.label.clone()}</caption> }
        });
        view! {
            <div class="wp-table-scroll" tabindex="0" role="region" aria-label=self.label.clone() id=self.live data-live=self.live>
                <table class=class role="table">
                    {caption}
                    <thead role="rowgroup"><tr role="row">{head}</tr></thead>
                    <tbody role="rowgroup">{rows}</tbody>
                </table>
            </div>
        }
        .into_any()
    }
}

fn body_row(columns: &[Column], row: Row) -> AnyView {
    let mut cells = columns.iter().zip(row);
    let first = cells.next().map(|(column, cell)| {
        view! { <th scope="row" role="rowheader" class=column.class>{cell}</th> }
    });
    let others = cells
        .map(|(column, cell)| view! { <td role="cell" class=column.class data-label=column.name.clone()>{cell}</td> })
        .collect_view();
    view! { <tr role="row">{first}{others}</tr> }.into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_cell_says_its_column() {
        let columns = vec![Column::named("Supplier".to_owned()), Column::number("Points".to_owned())];
        let html = Table::new("Ranking".to_owned(), columns, vec![cells!["Hedgerow", 4]]).captioned().render().to_html();
        assert!(html.contains(r#"role="rowheader""#) && html.contains(r#"data-label="Points""#), "{html}");
        assert!(!html.contains(r#"data-label="Supplier""#), "the first cell is the row's title: {html}");
    }
}
