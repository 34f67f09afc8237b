//! The search page: words, "phrases", -not and `name:value` over what the reader may find, with counts to choose from. All
//! of it is in the address.

use axum::extract::RawQuery;
use axum::http::header;
use axum::response::{IntoResponse, Redirect, Response};
use domain::alert::LONGEST_VALUE;
use domain::challenge::categories;
use domain::form::Fields;
use domain::ids::to_text;
use domain::moment::Moment;
use leptos::prelude::*;
use search::{Band, Hit, Kind, When};
use workflow::alert::{Wanted, never};
use workflow::find::{self, DEEPEST, FoundResponses, PER_PAGE, Standing, typed};

use super::feed::search_text;
use crate::cx::Cx;
use crate::evaluation::named;
use crate::fault::Fault;
use crate::frame::{Page, search_box};
use crate::guard::{encode, parse};
use crate::ui::{exact, number, pager, short, stage_tag, tag};
use crate::words::{Words, t};

pub fn address_of(kind: Kind, id: i64) -> String {
    let id = to_text(id);
    match kind {
        Kind::Challenge => format!("/challenges/{id}"),
        Kind::PastChallenge => format!("/past/{id}"),
        Kind::Solution => format!("/solutions/{id}"),
        Kind::Supplier => format!("/suppliers/{id}"),
        Kind::Buyer => format!("/buyers/{id}"),
        // Its page stands under its challenge (`response_view`); no index that is shared holds one.
        Kind::Response => format!("/search?kind={}", Kind::Response.as_str()),
    }
}

/// What is chosen beside the text, as the address has it.
const CHOICES: [&str; 8] = ["kind", "when", "category", "place", "buyer", "lang", "budget", "sort"];

/// An address of this page with something else chosen; an empty value takes a choice away. From page 1, unless it names one.
fn address(fields: &Fields, change: &[(&str, &str)]) -> String {
    let value = |name: &str| {
        let changed = change.iter().find(|(changed, _)| *changed == name).map(|(_, value)| (*value).to_owned());
        changed.unwrap_or_else(|| if name == "q" { typed(fields) } else { fields.get(name).trim().to_owned() })
    };
    let chosen = CHOICES.into_iter().map(|name| (name, value(name))).filter(|(_, value)| !value.is_empty());
    let page = change.iter().find(|(name, _)| *name == "page").map(|(name, value)| (*name, (*value).to_owned()));
    let pairs: Vec<String> = std::iter::once(("q", value("q")))
        .chain(chosen)
        .chain(page)
        .map(|(name, value)| format!("{name}={}", encode(&value)))
        .collect();
    format!("/search?{}", pairs.join("&"))
}

pub async fn search(cx: Cx, RawQuery(query): RawQuery) -> Result<Response, Fault> {
    let raw = query.unwrap_or_default();
    let mut fields = parse(raw.as_bytes());
    let text = typed(&fields);
    let query = find::query_of(&fields);
    let misread = query.misread();
    let page = query.page;
    let responses = match query.kinds[..] {
        [Kind::Response] => Some(find::search_responses(&cx.desk, &cx.actor, query.clone()).await?),
        _ => None,
    };
    let reads = responses.is_some() || find::reads_responses(&cx.desk, &cx.actor).await?;
    let found = match &responses {
        Some(found) => &found.page,
        None => &find::search(&cx.desk, &cx.actor, query).await?,
    };
    as_spelt(&mut fields, &found.facets);
    let standings = find::standings(&cx.desk, &found.hits, cx.now).await?;
    let standing = |hit: &Hit| standings.get(&hit.id).copied().filter(|_| hit.kind == Kind::Challenge);
    let total = i64::try_from(found.total).unwrap_or(i64::MAX);
    let pages = (total.min(i64::from(DEEPEST)) + i64::from(PER_PAGE) - 1) / i64::from(PER_PAGE);
    if found.hits.is_empty() && total > 0 {
        // A link from when there were more: nobody stands before an empty page.
        return Ok(Redirect::to(&address(&fields, &[("page", &pages.to_string())])).into_response());
    }
    let results = if found.hits.is_empty() {
        nothing(&cx, &fields)
    } else {
        view! { <ol class="wp-hits">{found.hits.iter().map(|hit| hit_view(&cx, hit, standing(hit), responses.as_ref())).collect_view()}</ol> }
            .into_any()
    };
    let deepest = (page as i64 == pages && total > i64::from(DEEPEST))
        .then(|| view! { <p class="govuk-inset-text">{t!(cx, "search-deepest", most = number(i64::from(DEEPEST)))}</p> });
    let search = search_text(&raw);
    let feed = if search.is_empty() { "/search.atom".to_owned() } else { format!("/search.atom?{search}") };
    // What one reader alone may read is told of by no mail and no feed.
    let told = responses.is_none().then(|| {
        let (save, never) = match never(&Wanted::Search(search.clone())) {
            None if search.len() > LONGEST_VALUE => (None, Some(view! { <p class="wp-muted">{t!(cx, "error-alert-long")}</p> })),
            None => {
                let link = view! { <li><a class="govuk-link" href=format!("/alerts/new?{search}")>{t!(cx, "alert-search-link")}</a></li> };
                (Some(link), None)
            }
            Some(never) => (None, Some(view! { <p class="wp-muted">{t!(cx, &format!("error-{}", never.code()))}</p> })),
        };
        view! {
            <ul class="wp-meta wp-told" aria-label=t!(cx, "alerts-told")>
                {save}
                <li><a class="govuk-link" href=feed.clone() type="application/atom+xml">{t!(cx, "feed-link")}</a></li>
                <li><a class="govuk-link" href="/alerts">{t!(cx, "alerts-title")}</a></li>
            </ul>
            {never}
        }
    });
    let body = view! {
        <h1 class="govuk-heading-l">{t!(cx, "search-title")}</h1>
        {search_box(&cx, &text, false)}
        <div class="wp-two wp-found">
            <aside class="wp-aside wp-facets" aria-label=t!(cx, "search-narrow")>
                <details class="wp-fold">
                    <summary>{t!(cx, "search-narrow")}</summary>
                    <a class="govuk-skip-link" href="#found">{t!(cx, "search-skip")}</a>
                    {facets(&cx, &fields, found, reads)}
                </details>
                {syntax(&cx)}
            </aside>
            <div id="found" tabindex="-1">
                <p class="wp-meta" role="status">{t!(cx, "search-results", n = total, total = number(total))}</p>
                {told}
                {chosen(&cx, &fields)}
                {cx.desk.index.position().is_none().then(|| view! { <p class="govuk-inset-text">{t!(cx, "search-making")}</p> })}
                {responses.as_ref().map(|found| responses_text(&cx, found))}
                {misread.into_iter().map(|name| view! { <p class="govuk-inset-text">{t!(cx, "search-misread", name = name)}</p> }).collect_view()}
                {found.fuzzy.then(|| view! { <p class="govuk-inset-text">{t!(cx, "search-fuzzy")}</p> })}
                {results}
                {deepest}
                {pager(&cx, i64::from(page), pages, |n| address(&fields, &[("page", &n.to_string())]))}
            </div>
        </div>
    };
    let title =
        if text.trim().is_empty() { t!(cx, "search-title") } else { format!("{} – {}", text.trim(), t!(cx, "search-title")) };
    let page = Page::new(title, body).search().kept();
    Ok(if responses.is_none() { page.feed(feed) } else { page }.render(&cx))
}

/// A place or a buyer that is asked for in other letters reads as it is spelt where it was found.
fn as_spelt(fields: &mut Fields, facets: &search::Facets) {
    for (name, found) in [("place", &facets.places), ("buyer", &facets.buyers)] {
        let asked = fields.get(name).trim().to_owned();
        if let Some((spelt, _)) = found.iter().find(|(spelt, _)| !asked.is_empty() && search::is_same_name(spelt, &asked)) {
            fields.set(name, spelt.clone());
        }
    }
}

/// What a choice is called.
fn label(cx: &Cx, name: &str, value: &str) -> String {
    match name {
        "kind" if Kind::parse(value).is_some() => t!(cx, &format!("kind-{value}")),
        "when" if When::parse(value).is_some_and(|when| when != When::Any) => t!(cx, &format!("when-{value}")),
        "budget" if Band::parse(value).is_some() => t!(cx, &format!("budget-{value}")),
        "category" => categories::label(value).map_or_else(|| value.to_owned(), str::to_owned),
        "lang" if Words::has(&format!("language-{value}")) => t!(cx, &format!("language-{value}")),
        _ => value.to_owned(),
    }
}

/// What is chosen, each to be taken away again.
fn chosen(cx: &Cx, fields: &Fields) -> Option<AnyView> {
    let chosen: Vec<&str> = CHOICES.into_iter().filter(|name| *name != "sort" && !fields.get(name).trim().is_empty()).collect();
    if chosen.is_empty() {
        return None;
    }
    let items = chosen.into_iter().map(|name| {
        let said = format!("{}: {}", t!(cx, &format!("search-{name}")), label(cx, name, fields.get(name).trim()));
        let without = t!(cx, "search-without", what = &said);
        view! { <li><a class="wp-chosen" href=address(fields, &[(name, "")]) aria-label=without>{said}<span aria-hidden="true">" ×"</span></a></li> }
    });
    Some(view! { <ul class="wp-chosen-list" aria-label=t!(cx, "search-chosen")>{items.collect_view()}</ul> }.into_any())
}

/// Nothing was found: what to try, as links.
fn nothing(cx: &Cx, fields: &Fields) -> AnyView {
    let text = typed(fields);
    let mut tries: Vec<(String, String)> = Vec::new();
    if CHOICES.iter().any(|name| *name != "sort" && !fields.get(name).trim().is_empty()) {
        let all: Vec<(&str, &str)> = CHOICES.iter().filter(|name| **name != "sort").map(|name| (*name, "")).collect();
        tries.push((t!(cx, "search-try-everywhere"), address(fields, &all)));
    }
    // Marks of quotation, dashes and names before a colon confine; the bare words may find more.
    let unnamed = text.split_whitespace().filter(|word| {
        let name = word.trim_start_matches('-').split([':', '<', '>', '=']).next().unwrap_or_default();
        name.len() == word.len() || !search::NAMES.iter().any(|known| known.eq_ignore_ascii_case(name))
    });
    let bare: Vec<&str> = unnamed
        .flat_map(|word| word.split(|letter: char| !letter.is_alphanumeric() && letter != '\'' && letter != '’'))
        .filter(|word| !word.is_empty())
        .collect();
    if text.contains(['"', '“', '„', '«', ':', '<', '>']) || text.split_whitespace().any(|word| word.starts_with('-')) {
        let bare = bare.join(" ");
        if !bare.is_empty() {
            tries.push((t!(cx, "search-try-words", words = &bare), address(fields, &[("q", &bare)])));
        }
    }
    let mut longest: Vec<&str> = bare.iter().copied().filter(|word| word.chars().count() > 3).collect();
    longest.sort_by_key(|word| std::cmp::Reverse(word.chars().count()));
    for word in longest.into_iter().take(3).filter(|_| bare.len() > 1) {
        tries.push((t!(cx, "search-try-words", words = word), address(fields, &[("q", word)])));
    }
    tries.push((t!(cx, "search-try-open"), "/search?q=&when=open&sort=closing".to_owned()));
    view! {
        <div class="wp-empty">
            <h2 class="govuk-heading-s">{t!(cx, "search-none")}</h2>
            <p>{t!(cx, "search-none-text")}</p>
            <ul>{tries.into_iter().map(|(said, to)| view! { <li><a class="govuk-link" href=to>{said}</a></li> }).collect_view()}</ul>
        </div>
    }
    .into_any()
}

/// The groups beside the hits. Robots are told not to follow: there are more combinations than pages.
fn facets(cx: &Cx, fields: &Fields, found: &search::Page, reads: bool) -> AnyView {
    let count = |count: usize| number(i64::try_from(count).unwrap_or(i64::MAX));
    let group = |name: &'static str, values: Vec<(String, Option<usize>)>| {
        let now = fields.get(name).trim();
        // With one value or none there is nothing to choose.
        let several = values.iter().filter(|(value, _)| !value.is_empty()).count() > 1;
        if !several && now.is_empty() {
            return None;
        }
        let id = format!("facet-{name}");
        let items = values.into_iter().map(|(value, n)| {
            let current = value == now;
            let said = match (name, value.as_str()) {
                ("sort", _) => t!(cx, &format!("sort-{}", if value.is_empty() { "relevance" } else { &value })),
                (_, "") => t!(cx, "search-any"),
                _ => label(cx, name, &value),
            };
            view! {
                <li><a href=address(fields, &[(name, &value)]) rel="nofollow" aria-current=current.then_some("true")>
                    {said} {n.map(|n| view! { " " <span class="wp-facet-count">{count(n)}</span> })}
                </a></li>
            }
        });
        Some(view! {
            <h2 id=id.clone()>{t!(cx, &format!("search-{name}"))}</h2>
            <ul aria-labelledby=id>{items.collect_view()}</ul>
        })
    };
    let with_any = |values: Vec<(String, usize)>| {
        let any = (!values.is_empty()).then(|| (String::new(), None));
        any.into_iter().chain(values.into_iter().map(|(value, n)| (value, Some(n)))).collect::<Vec<_>>()
    };
    let responses = Kind::Response.as_str();
    let inside = fields.get("kind").trim() == responses;
    let all = found.counts.iter().map(|(_, count)| count).sum();
    let counted = found.counts.iter().filter(|(kind, n)| *n > 0 && *kind != Kind::Response);
    // What was opened is searched by itself: the counts of one say nothing of the other.
    let kinds = std::iter::once((String::new(), Some(all).filter(|_| !inside)))
        .chain(counted.map(|(kind, n)| (kind.as_str().to_owned(), Some(*n))))
        .chain(reads.then(|| (responses.to_owned(), inside.then_some(all))))
        .collect();
    let words = |name: &str, all: Vec<(String, usize)>| {
        let mut all = all;
        // A choice that finds nothing stays in sight.
        let now = fields.get(name).trim();
        if !now.is_empty() && all.iter().all(|(value, _)| value != now) {
            all.push((now.to_owned(), 0));
        }
        with_any(all)
    };
    let own = &found.facets;
    let when = own.when.iter().map(|(when, n)| (when.as_str().to_owned(), *n)).collect();
    let bands = own.bands.iter().map(|(band, n)| (band.as_str().to_owned(), *n)).collect();
    let sorts = ["", "closing", "newest"].map(|sort| (sort.to_owned(), None)).to_vec();
    view! {
        {group("sort", sorts)}
        {group("kind", kinds)}
        {group("when", words("when", when))}
        {group("category", categories_of(fields, own.categories.clone()))}
        {group("place", words("place", own.places.clone()))}
        {group("buyer", words("buyer", own.buyers.clone()))}
        {group("budget", words("budget", bands))}
        {group("lang", words("lang", own.langs.clone()))}
    }
    .into_any()
}

/// The way up the tree from what is chosen, then its parts.
fn categories_of(fields: &Fields, parts: Vec<(String, usize)>) -> Vec<(String, Option<usize>)> {
    let now = fields.get("category").trim();
    let mut all = Vec::new();
    if !now.is_empty() || !parts.is_empty() {
        all.push((String::new(), None));
    }
    let root = now.trim_end_matches('0');
    let known = now.len() == 8 && now.bytes().all(|byte| byte.is_ascii_digit());
    for length in (2..root.len().max(2)).filter(|_| known) {
        all.push((format!("{:0<8}", &now[..length]), None));
    }
    if !now.is_empty() {
        all.push((now.to_owned(), None));
    }
    all.extend(parts.into_iter().take(20).filter(|(code, _)| code != now).map(|(code, n)| (code, Some(n))));
    all
}

/// How to ask for more exactly.
fn syntax(cx: &Cx) -> AnyView {
    let rows = ["phrase", "not", "place", "buyer", "status", "budget"];
    view! {
        <details class="govuk-details">
            <summary class="govuk-details__summary"><span class="govuk-details__summary-text">{t!(cx, "search-syntax")}</span></summary>
            <div class="govuk-details__text">
                <dl class="wp-syntax">
                    {rows.map(|row| view! {
                        <dt><code>{t!(cx, &format!("syntax-{row}"))}</code></dt>
                        <dd>{t!(cx, &format!("syntax-{row}-text"))}</dd>
                    }).collect_view()}
                </dl>
            </div>
        </details>
    }
    .into_any()
}

/// What a search of opened responses is.
fn responses_text(cx: &Cx, found: &FoundResponses) -> AnyView {
    let more = found.more.then(|| t!(cx, "search-responses-more"));
    let left_out = (!found.left_out.is_empty()).then(|| {
        let rounds = found.left_out.iter().map(|(challenge, title)| {
            view! { <li><a class="govuk-link" href=format!("/challenges/{challenge}/responses")>{title.clone()}</a></li> }
        });
        view! { <p>{t!(cx, "search-responses-left-out")}</p> <ul class="govuk-list govuk-list--bullet">{rounds.collect_view()}</ul> }
    });
    view! { <div class="govuk-inset-text"><p>{t!(cx, "search-responses-text")} " " {more}</p>{left_out}</div> }.into_any()
}

fn hit_view(cx: &Cx, hit: &Hit, standing: Option<Standing>, responses: Option<&FoundResponses>) -> AnyView {
    let kind = hit.kind.as_str();
    let response = responses.and_then(|found| found.of.get(&hit.id));
    let address = match response {
        Some(of) => format!("/challenges/{}/responses/{}", of.challenge, to_text(hit.id)),
        None => address_of(hit.kind, hit.id),
    };
    let who = response.map_or_else(|| hit.who.clone(), |of| named(cx, &of.named));
    let class = match hit.kind {
        Kind::Challenge => "open",
        Kind::PastChallenge => "past",
        Kind::Solution | Kind::Supplier | Kind::Response => "decided",
        Kind::Buyer => "open",
    };
    let date = match (hit.kind, hit.closes_at.map(Moment)) {
        (Kind::Challenge, Some(closes)) if cx.now.before(closes) => {
            view! { <li>{t!(cx, "closes")} " " {exact(cx, closes, None)}</li> }.into_any()
        }
        (Kind::Supplier | Kind::Buyer, _) => ().into_any(),
        (Kind::Response, _) => view! { <li>{t!(cx, "received")} " " {exact(cx, Moment(hit.published_at), None)}</li> }.into_any(),
        // A draft was published on no day.
        _ if hit.published_at > 0 && standing.is_none_or(|standing| standing.public) => {
            let day = short(cx.words, Moment(hit.published_at), "UTC");
            view! { <li>{t!(cx, "published-on", date = day)}</li> }.into_any()
        }
        _ => ().into_any(),
    };
    // Nobody follows a title for an hour to learn that it is over; what only the team finds says that it is not published.
    let state = standing
        .filter(|_| hit.kind == Kind::Challenge)
        .map(|standing| view! { <li>{stage_tag(cx, standing.stage, !standing.public)}</li> });
    view! {
        <li class="wp-hit">
            <h3 class="wp-hit__title" lang=hit.lang.clone()><a href=address inner_html=hit.title_html.clone()></a></h3>
            <p lang=hit.lang.clone() inner_html=hit.snippet_html.clone()></p>
            <ul class="wp-meta"><li>{tag(class, t!(cx, &format!("kind-{kind}")))}</li>{state}{(!who.is_empty()).then(|| view! { <li>{who}</li> })}{date}</ul>
        </li>
    }
    .into_any()
}

/// For the search box's island: titles that begin with what was typed.
pub async fn suggest(cx: Cx, RawQuery(query): RawQuery) -> Result<Response, Fault> {
    let raw = query.unwrap_or_default();
    let fields = parse(raw.as_bytes());
    let prefix: String = fields.raw("q").chars().take(100).collect();
    let found = find::suggest(&cx.desk, &cx.actor, prefix, 6).await?;
    let rows: Vec<_> = found
        .into_iter()
        .map(|row| serde_json::json!({ "href": address_of(row.kind, row.id), "title": row.title, "kind": row.kind.as_str() }))
        .collect();
    let said = t!(cx, "suggested", n = rows.len());
    // What one may find another may not, and what stands there now may not in a moment.
    let headers = [(header::CACHE_CONTROL, "private, no-store"), (header::VARY, "Cookie")];
    Ok((headers, axum::Json(serde_json::json!({ "found": rows, "said": said }))).into_response())
}
