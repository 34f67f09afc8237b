//! The search page: words, "phrases" and -not over what the reader may find; the query is in the address.

use axum::extract::RawQuery;
use axum::response::{IntoResponse, Response};
use domain::ids::to_text;
use domain::moment::Moment;
use leptos::prelude::*;
use search::{Hit, Kind, Query, Sort, When};
use workflow::find;

use crate::cx::Cx;
use crate::fault::Fault;
use crate::frame::{Page, search_box};
use crate::guard::{encode, parse};
use crate::ui::{empty, exact, number, pager, short, tag};
use crate::words::t;

const PER_PAGE: u32 = 20;

fn address_of(kind: Kind, id: i64) -> String {
    let id = to_text(id);
    match kind {
        Kind::Challenge => format!("/challenges/{id}"),
        Kind::PastChallenge => format!("/past/{id}"),
        Kind::Solution => format!("/solutions/{id}"),
    }
}

pub async fn search(cx: Cx, RawQuery(query): RawQuery) -> Result<Response, Fault> {
    let fields = parse(query.unwrap_or_default().as_bytes());
    let text: String = fields.raw("q").chars().take(400).collect();
    let kind = Kind::parse(fields.get("kind"));
    let when = match fields.get("when") {
        "open" => When::Open,
        "closed" => When::Closed,
        _ => When::Any,
    };
    let sort = match fields.get("sort") {
        "closing" => Sort::Closing,
        "newest" => Sort::Newest,
        _ => Sort::Relevance,
    };
    let page: u32 = fields.get("page").parse().unwrap_or(1).clamp(1, 500);
    let query = Query { text: text.clone(), kinds: kind.into_iter().collect(), when, sort, page, per_page: PER_PAGE };
    let found = find::search(&cx.desk, &cx.actor, query).await?;
    let address = |change: &[(&str, &str)]| {
        let mut pairs = vec![("q", text.as_str())];
        for name in ["kind", "when", "sort"] {
            let value = change.iter().find(|(changed, _)| *changed == name).map_or_else(|| fields.get(name), |(_, value)| value);
            if !value.is_empty() {
                pairs.push((name, value));
            }
        }
        if let Some((_, value)) = change.iter().find(|(changed, _)| *changed == "page") {
            pairs.push(("page", value));
        }
        let pairs: Vec<String> = pairs.iter().map(|(name, value)| format!("{name}={}", encode(value))).collect();
        format!("/search?{}", pairs.join("&"))
    };
    let facet = |name: &'static str, legend: &'static str, choices: Vec<(&'static str, String, Option<usize>)>| {
        let chosen = fields.get(name);
        view! {
            <h2>{t!(cx, legend)}</h2>
            <ul>
                {choices.into_iter().map(|(value, label, count)| {
                    let current = value == chosen;
                    view! {
                        <li><a href=address(&[(name, value)]) aria-current=current.then_some("true")>
                            {label} {count.map(|count| view! { " " <span class="wp-count">{number(i64::try_from(count).unwrap_or(i64::MAX))}</span> })}
                        </a></li>
                    }
                }).collect_view()}
            </ul>
        }
    };
    let all = found.counts.iter().map(|(_, count)| count).sum();
    let mut kinds = vec![("", t!(cx, "search-any"), Some(all))];
    kinds.extend(
        found.counts.iter().map(|(kind, count)| (kind.as_str(), t!(cx, &format!("kind-{}", kind.as_str())), Some(*count))),
    );
    let whens = [("", "when-any"), ("open", "when-open"), ("closed", "when-closed")]
        .map(|(value, key)| (value, t!(cx, key), None))
        .to_vec();
    let sorts = [("", "sort-relevance"), ("closing", "sort-closing"), ("newest", "sort-newest")]
        .map(|(value, key)| (value, t!(cx, key), None))
        .to_vec();
    let total = i64::try_from(found.total).unwrap_or(i64::MAX);
    let pages = (total.min(10_000) + i64::from(PER_PAGE) - 1) / i64::from(PER_PAGE);
    let results = if found.hits.is_empty() {
        empty(t!(cx, "search-none"), t!(cx, "search-none-text"))
    } else {
        view! { <ol class="wp-hits">{found.hits.iter().map(|hit| hit_view(&cx, hit)).collect_view()}</ol> }.into_any()
    };
    let body = view! {
        <h1 class="govuk-heading-l">{t!(cx, "search-title")}</h1>
        {search_box(&cx, &text, false)}
        <div class="wp-two">
            <div>
                <p class="wp-meta" role="status">{t!(cx, "search-results", n = total, total = number(total))}</p>
                {found.fuzzy.then(|| view! { <p class="govuk-inset-text">{t!(cx, "search-fuzzy")}</p> })}
                {results}
                {pager(&cx, i64::from(page), pages, |n| address(&[("page", &n.to_string())]))}
            </div>
            <aside class="wp-aside wp-facets">
                {facet("kind", "search-kind", kinds)}
                {facet("when", "search-when", whens)}
                {facet("sort", "search-sort", sorts)}
            </aside>
        </div>
    };
    let title =
        if text.trim().is_empty() { t!(cx, "search-title") } else { format!("{} – {}", text.trim(), t!(cx, "search-title")) };
    Ok(Page::new(title, body).search().render(&cx))
}

fn hit_view(cx: &Cx, hit: &Hit) -> AnyView {
    let kind = hit.kind.as_str();
    let class = match hit.kind {
        Kind::Challenge => "open",
        Kind::PastChallenge => "past",
        Kind::Solution => "decided",
    };
    let date = match (hit.kind, hit.closes_at.map(Moment)) {
        (Kind::Challenge, Some(closes)) if cx.now.before(closes) => {
            view! { <li>{t!(cx, "closes")} " " {exact(cx, closes, None)}</li> }.into_any()
        }
        _ if hit.published_at > 0 => {
            let day = short(cx.words, Moment(hit.published_at), "UTC");
            view! { <li>{t!(cx, "published-on", date = day)}</li> }.into_any()
        }
        _ => ().into_any(),
    };
    view! {
        <li class="wp-hit">
            <h3 class="wp-hit__title" lang=hit.lang.clone()><a href=address_of(hit.kind, hit.id) inner_html=hit.title_html.clone()></a></h3>
            <p lang=hit.lang.clone() inner_html=hit.snippet_html.clone()></p>
            <ul class="wp-meta"><li>{tag(class, t!(cx, &format!("kind-{kind}")))}</li><li>{hit.who.clone()}</li>{date}</ul>
        </li>
    }
    .into_any()
}

/// For the search box's island: titles that begin with what was typed.
pub async fn suggest(cx: Cx, RawQuery(query): RawQuery) -> Result<Response, Fault> {
    let fields = parse(query.unwrap_or_default().as_bytes());
    let prefix: String = fields.raw("q").chars().take(100).collect();
    let found = find::suggest(&cx.desk, &cx.actor, prefix, 6).await?;
    let rows: Vec<_> = found
        .into_iter()
        .map(|row| serde_json::json!({ "href": address_of(row.kind, row.id), "title": row.title, "kind": row.kind.as_str() }))
        .collect();
    let said = t!(cx, "suggested", n = rows.len());
    Ok(axum::Json(serde_json::json!({ "found": rows, "said": said })).into_response())
}
