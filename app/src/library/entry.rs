//! Solutions: the list, an entry, and writing one.

use axum::extract::{Path, RawQuery};
use axum::response::{IntoResponse, Redirect, Response};
use domain::challenge::LANGUAGES;
use domain::ids::{ChallengeId, SolutionId};
use domain::library::{PriceBand, ROWS};
use domain::moment::Moment;
use domain::organisation::OrganisationKind;
use domain::policy::{ReadSolution, Refused};
use leptos::prelude::*;
use workflow::library::{self as verbs, EntryView, PER_PAGE};

use crate::account::shown;
use crate::cx::Cx;
use crate::fault::{Fault, Told};
use crate::frame::Page;
use crate::guard::{Post, beyond, parse};
use crate::ui::{
    Form, cells, checkbox, empty, error_summary, hidden, input, pager, paragraphs, select, short, submit, summary, table, tag,
    textarea, warning,
};
use crate::words::t;

fn id_of(text: &str) -> Result<SolutionId, Fault> {
    Ok(SolutionId::parse(text).ok_or(Refused::unseen::<ReadSolution>(0))?)
}

fn above(cx: &Cx) -> Vec<(String, String)> {
    vec![("/library".into(), t!(cx, "library-title"))]
}

/// An entry in a list.
pub(super) fn card(cx: &Cx, found: &EntryView) -> AnyView {
    let row = &found.row;
    let state = row.withdrawn_at.map(|_| tag("closed", t!(cx, "entry-withdrawn")));
    let proven = found.solved.as_ref().filter(|_| row.withdrawn_at.is_none()).map(|_| tag("decided", t!(cx, "entry-awarded")));
    let mut meta = vec![row.supplier_name.clone()];
    meta.extend(found.entry.price.map(|price| t!(cx, &format!("price-{}", price.code()))));
    view! {
        <li class="wp-card">
            {state} {proven}
            <h2 class="wp-card__title"><a href=format!("/solutions/{}", SolutionId(row.id))>{found.entry.title.clone()}</a></h2>
            <p class="wp-card__text">{found.entry.summary.clone()}</p>
            <p class="wp-card__meta">{meta.join(" · ")}</p>
        </li>
    }
    .into_any()
}

pub async fn list(cx: Cx, RawQuery(raw): RawQuery) -> Result<Response, Fault> {
    let page: i64 = parse(raw.unwrap_or_default().as_bytes()).get("page").parse().unwrap_or(1).clamp(1, 100_000);
    let (entries, all) = verbs::list_library(&cx.desk, &cx.actor, page).await?;
    let pages = (all + PER_PAGE - 1) / PER_PAGE;
    let address = |n| format!("/library?page={n}");
    if let Some(last) = beyond(page, pages, address) {
        return Ok(last);
    }
    let rows = if entries.is_empty() {
        empty(t!(cx, "library-empty"), t!(cx, "library-empty-text"))
    } else {
        view! { <ul class="wp-cards">{entries.iter().map(|entry| card(&cx, entry)).collect_view()}</ul> }.into_any()
    };
    let publish = cx.acts_as(OrganisationKind::Supplier).then(|| {
        view! {
            <p>
                <a class="govuk-button" href="/library/new">{t!(cx, "library-publish")}</a> " "
                <a class="govuk-link" href="/library/mine">{t!(cx, "library-mine")}</a>
            </p>
        }
    });
    let body = view! {
        <h1 class="govuk-heading-l">{t!(cx, "library-title")}</h1>
        <p class="wp-lead">{t!(cx, "library-text")}</p>
        {publish}
        {rows}
        {pager(&cx, page, pages, address)}
        <p><a class="govuk-link" href="/search?kind=solution">{t!(cx, "library-search")}</a></p>
    };
    Ok(Page::new(t!(cx, "library-title"), body).feed("/search.atom?kind=solution".into()).kept().render(&cx))
}

pub async fn mine(cx: Cx) -> Result<Response, Fault> {
    let entries = verbs::own_entries(&cx.desk, &cx.actor).await?;
    let rows = if entries.is_empty() {
        empty(t!(cx, "library-mine-empty"), t!(cx, "library-mine-empty-text"))
    } else {
        view! { <ul class="wp-cards">{entries.iter().map(|entry| card(&cx, entry)).collect_view()}</ul> }.into_any()
    };
    let body = view! {
        <h1 class="govuk-heading-l">{t!(cx, "library-mine")}</h1>
        <p><a class="govuk-button" href="/library/new">{t!(cx, "library-publish")}</a></p>
        {rows}
    };
    Ok(Page::new(t!(cx, "library-mine"), body).under(above(&cx)).render(&cx))
}

/// An entry of the library; a solution that came from elsewhere has a page of its own at the same address.
pub async fn entry(cx: Cx, Path(id): Path<String>) -> Result<Response, Fault> {
    let id = id_of(&id)?;
    if let Some(row) = workflow::history::read_solution(&cx.desk, id.get()).await? {
        let alike = crate::public::alike(&cx, search::Kind::Solution, id.get()).await?;
        return Ok(crate::public::imported_solution(&cx, &row, alike));
    }
    let found = verbs::read_entry(&cx.desk, &cx.actor, id).await?;
    let alike = crate::public::alike(&cx, search::Kind::Solution, id.get()).await?;
    Ok(entry_page(&cx, &found, alike))
}

fn entry_page(cx: &Cx, found: &EntryView, alike: Option<AnyView>) -> Response {
    let (row, entry) = (&found.row, &found.entry);
    let id = SolutionId(row.id);
    let supplier = domain::ids::OrganisationId(row.supplier);
    let solved = found.solved.as_ref().map(|challenge| {
        view! {
            <div class="govuk-inset-text">
                {t!(cx, "entry-solved")} " " <a class="govuk-link" href=format!("/challenges/{}", challenge.id)>{challenge.title.clone()}</a>
                ", " {challenge.buyer.clone()}
            </div>
        }
    });
    let proved = (!entry.proved.is_empty()).then(|| {
        let row = |one: &domain::library::Proved| cells![one.what.clone(), one.before.clone(), one.after.clone(), one.proof.clone()];
        let rows = entry.proved.iter().map(row).collect();
        view! { <section><h2 class="govuk-heading-m">{t!(cx, "entry-proved")}</h2>{table(cx, "entry-proved", &["entry-what", "entry-before", "entry-after", "entry-proof"], rows)}</section> }
    });
    let references = (!entry.references.is_empty()).then(|| view! { <section><h2 class="govuk-heading-m">{t!(cx, "entry-references")}</h2>{paragraphs(&entry.references)}</section> });
    let mut facts = vec![(
        t!(cx, "kind-supplier"),
        view! { <a class="govuk-link" href=format!("/suppliers/{supplier}")>{row.supplier_name.clone()}</a> }.into_any(),
    )];
    if let Some(price) = entry.price {
        facts.push((t!(cx, "entry-price"), t!(cx, &format!("price-{}", price.code())).into_any()));
    }
    if !entry.url.is_empty() {
        let link =
            view! { <a class="govuk-link" rel="nofollow noopener noreferrer" href=entry.url.clone()>{entry.url.clone()}</a> };
        facts.push((t!(cx, "organisation-url"), link.into_any()));
    }
    facts.push((
        t!(cx, "entry-published"),
        short(cx.words, Moment(row.published_at), cx.zone.as_deref().unwrap_or("UTC")).into_any(),
    ));
    if row.interest > 0 {
        facts.push((t!(cx, "entry-interest"), t!(cx, "entry-interest-n", n = row.interest).into_any()));
    }
    let withdrawn = row.withdrawn_at.map(|_| warning(cx, t!(cx, "entry-withdrawn-text")));
    let own = found.own.then(|| view! { <p class="wp-no-print"><a class="govuk-link" href=format!("/library/{id}/edit")>{t!(cx, "entry-change")}</a></p> });
    let too = cx.acts_as(OrganisationKind::Buyer).then(|| {
        view! {
            <form method="post" class="wp-no-print">
                <p>{t!(cx, if found.solved.is_some() { "entry-too-copy" } else { "entry-too-text" })}</p>
                {submit(t!(cx, "entry-too"), "too")}
            </form>
        }
    });
    let body = view! {
        <p class="wp-meta">{t!(cx, "solution-meta", supplier = &row.supplier_name)}</p>
        <h1 class="govuk-heading-xl">{entry.title.clone()}</h1>
        <p class="wp-lead">{entry.summary.clone()}</p>
        {withdrawn}
        {solved}
        {own}
        <div class="wp-two">
            <div class="wp-stack">
                <section><h2 class="govuk-heading-m">{t!(cx, "entry-problem")}</h2>{paragraphs(&entry.problem)}</section>
                {proved}
                <section><h2 class="govuk-heading-m">{t!(cx, "entry-how")}</h2>{paragraphs(&entry.how)}</section>
                {references}
            </div>
            <aside class="wp-aside">{summary(facts)}{too}</aside>
        </div>
        {alike}
    };
    Page::new(entry.title.clone(), body).under(above(cx)).kept().render(cx)
}

pub async fn entry_post(cx: Cx, Path(id): Path<String>) -> Result<Response, Fault> {
    let id = id_of(&id)?;
    let to = match verbs::share_problem(&cx.desk, &cx.actor, id).await? {
        Some(reference) => format!("/challenges/new?copy={reference}"),
        None => "/challenges/new".to_owned(),
    };
    Ok(Redirect::to(&to).into_response())
}

// Writing

fn challenge_of(raw: Option<String>) -> Result<Option<ChallengeId>, Fault> {
    let asked = parse(raw.unwrap_or_default().as_bytes());
    if asked.get("challenge").is_empty() {
        return Ok(None);
    }
    Ok(Some(ChallengeId::parse(asked.get("challenge")).ok_or(Refused::unseen::<ReadSolution>(0))?))
}

pub async fn publish(cx: Cx, RawQuery(raw): RawQuery) -> Result<Response, Fault> {
    let (fields, challenge) = verbs::begin_entry(&cx.desk, &cx.actor, challenge_of(raw)?).await?;
    let from = challenge.map(|challenge| challenge.title);
    Ok(form_page(&cx, &Form::new(fields), from.as_deref(), None))
}

pub async fn publish_post(cx: Cx, RawQuery(raw): RawQuery, post: Post) -> Result<Response, Fault> {
    match verbs::publish_solution(&cx.desk, &cx.actor, challenge_of(raw)?, &post.fields).await {
        Ok(id) => Ok(Redirect::to(&format!("/solutions/{id}?done=entry-published")).into_response()),
        Err(error) => Ok(form_page(&cx, &Form::with(post.fields, shown(error)?), None, None)),
    }
}

pub async fn change(cx: Cx, Path(id): Path<String>) -> Result<Response, Fault> {
    let found = own(&cx, id_of(&id)?).await?;
    let mut fields = found.entry.fields();
    fields.set("seen", found.row.row_version.to_string());
    Ok(form_page(&cx, &Form::new(fields), None, Some(&found)))
}

async fn own(cx: &Cx, id: SolutionId) -> Result<EntryView, Fault> {
    let found = verbs::read_entry(&cx.desk, &cx.actor, id).await?;
    if found.own { Ok(found) } else { Err(Refused::unseen::<ReadSolution>(id.get()).into()) }
}

pub async fn change_post(cx: Cx, Path(id): Path<String>, post: Post) -> Result<Response, Fault> {
    let id = id_of(&id)?;
    if post.fields.get("do") == "withdraw" {
        verbs::withdraw_solution(&cx.desk, &cx.actor, id).await?;
        return Ok(Redirect::to("/library/mine?done=entry-withdrawn").into_response());
    }
    if post.fields.get("do") != "publish" {
        return Ok(Told::BadRequest.into_response());
    }
    match verbs::change_solution(&cx.desk, &cx.actor, id, &post.fields).await {
        Ok(()) => Ok(Redirect::to(&format!("/solutions/{id}?done=entry-published")).into_response()),
        Err(error) => {
            let errors = shown(error)?;
            let found = own(&cx, id).await?;
            Ok(form_page(&cx, &Form::with(post.fields, errors), None, Some(&found)))
        }
    }
}

fn form_page(cx: &Cx, form: &Form, from: Option<&str>, old: Option<&EntryView>) -> Response {
    let rows = (1..=ROWS).map(|row| {
        let one = |field: &str| {
            let name = format!("proved-{row}-{field}");
            input(cx, form, &name, t!(cx, &format!("entry-{field}")), "", "text", "")
        };
        view! {
            <fieldset class="govuk-fieldset">
                <legend class="govuk-fieldset__legend govuk-fieldset__legend--s">{t!(cx, "entry-proved-n", n = row)}</legend>
                {one("what")}{one("before")}{one("after")}{one("proof")}
            </fieldset>
        }
    });
    let mut languages: Vec<_> =
        LANGUAGES.iter().map(|code| ((*code).to_owned(), t!(cx, &format!("language-{code}")), None)).collect();
    // A form without a choice is English, as the list's first says.
    languages.sort_by_key(|(code, ..)| code != "en");
    let none = (String::new(), t!(cx, "price-unsaid"), None);
    let prices = PriceBand::ALL.iter().map(|price| (price.code().to_owned(), t!(cx, &format!("price-{}", price.code())), None));
    let seen = old.map(|_| hidden("seen", form.fields.get("seen")));
    let withdraw = old.filter(|old| old.row.withdrawn_at.is_none()).map(|_| {
        view! {
            <form method="post">
                {warning(cx, t!(cx, "entry-withdraw-text"))}
                <button class="govuk-button govuk-button--warning" name="do" value="withdraw">{t!(cx, "entry-withdraw")}</button>
            </form>
        }
    });
    let title = t!(cx, if old.is_some() { "entry-change" } else { "library-publish" });
    let body = view! {
        {error_summary(cx, &form.errors)}
        <div class="govuk-grid-row"><div class="govuk-grid-column-two-thirds">
            <h1 class="govuk-heading-l">{title.clone()}</h1>
            <p class="wp-lead">{t!(cx, "entry-form-text")}</p>
            {from.map(|title| view! { <div class="govuk-inset-text">{t!(cx, "entry-from", title = title)}</div> })}
            <form method="post" novalidate>
                {seen}
                {input(cx, form, "title", t!(cx, "entry-title"), "entry-title-hint", "text", "")}
                {input(cx, form, "summary", t!(cx, "entry-summary"), "entry-summary-hint", "text", "")}
                {textarea(cx, form, "problem", t!(cx, "entry-problem"), "entry-problem-hint", 6)}
                {textarea(cx, form, "how", t!(cx, "entry-how"), "entry-how-hint", 8)}
                <h2 class="govuk-heading-m">{t!(cx, "entry-proved")}</h2>
                <p>{t!(cx, "entry-proved-hint")}</p>
                {rows.collect_view()}
                {select(cx, form, "price", t!(cx, "entry-price"), "entry-price-hint", std::iter::once(none).chain(prices).collect())}
                {select(cx, form, "lang", t!(cx, "entry-lang"), "entry-lang-hint", languages)}
                {textarea(cx, form, "references", t!(cx, "entry-references"), "entry-references-hint", 4)}
                {input(cx, form, "url", t!(cx, "organisation-url"), "", "url", "url")}
                {checkbox(cx, form, "consent", t!(cx, "entry-consent"), "yes")}
                {submit(t!(cx, "entry-publish"), "publish")}
            </form>
            {withdraw}
        </div></div>
    };
    Page::new(title, body).under(above(cx)).invalid_if(form.invalid()).render(cx)
}
