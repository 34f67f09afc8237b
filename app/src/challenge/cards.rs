//! Challenges in a list. The longest pages are made of these, so they are written as text: as views 150 of them were most of a page.

use std::collections::HashMap;
use std::fmt::Write;

use domain::challenge::Stage;
use leptos::prelude::*;
use workflow::challenge::Listed;

use crate::cx::Cx;
use crate::ui::{amount, escaped, stage_tag, time_left, urgency};
use crate::words::t;

pub fn cards(cx: &Cx, rows: &[Listed]) -> AnyView {
    // A list has few different amounts.
    let mut up_to = HashMap::new();
    let mut html = String::with_capacity(rows.len() * 640);
    for row in rows {
        // Into memory: it cannot fail.
        let _ = card(cx, row, &mut up_to, &mut html);
    }
    view! { <ul class="wp-cards" inner_html=html></ul> }.into_any()
}

fn card(cx: &Cx, row: &Listed, up_to: &mut HashMap<String, String>, out: &mut String) -> std::fmt::Result {
    out.push_str("<li class=\"wp-card\">");
    match (row.stage, row.deadline) {
        (Stage::Open, Some(deadline)) => {
            write!(out, "<span class=\"{}\">{}</span>", urgency(cx, deadline), escaped(&time_left(cx, deadline)))?;
        }
        _ => out.push_str(&stage_tag(cx, row.stage, false).to_html()),
    }
    write!(
        out,
        "<h3 class=\"wp-card__title\"><a href=\"/challenges/{}\">{}</a></h3><p class=\"wp-card__text\">{}</p>\
         <p class=\"wp-card__meta\">{}",
        row.id,
        escaped(&row.title),
        escaped(&row.summary),
        escaped(&row.buyer)
    )?;
    if !row.place.is_empty() {
        write!(out, " · {}", escaped(&row.place))?;
    }
    if let Some(budget) = &row.budget {
        let amount = amount(budget);
        let said = up_to.entry(amount).or_insert_with_key(|amount| escaped(&t!(cx, "up-to", amount = amount)));
        write!(out, " · {said}")?;
    }
    out.push_str("</p></li>");
    Ok(())
}
