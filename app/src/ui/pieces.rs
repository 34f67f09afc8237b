//! Small pieces that several rooms use.

use domain::challenge::Stage;
use leptos::prelude::*;

use crate::cx::Cx;
use crate::words::{Words, t};

/// Says what was just done, after a redirect that carries `done=<code>`; unknown codes say nothing.
pub fn done_banner(cx: &Cx) -> Option<AnyView> {
    let key = format!("done-{}", cx.done.as_deref()?);
    if !Words::has(&key) {
        return None;
    }
    Some(
        view! {
            <div class="govuk-notification-banner govuk-notification-banner--success" role="alert" aria-labelledby="done-title">
                <div class="govuk-notification-banner__header"><h2 class="govuk-notification-banner__title" id="done-title">{t!(cx, "done")}</h2></div>
                <div class="govuk-notification-banner__content"><p class="govuk-notification-banner__heading">{t!(cx, &key)}</p></div>
            </div>
        }
        .into_any(),
    )
}

pub fn tag(kind: &str, text: String) -> AnyView {
    view! { <strong class=format!("wp-tag wp-tag--{kind}")>{text}</strong> }.into_any()
}

/// Two labels a stage, one for each audience: a supplier reads "Under review" where the officer reads "Moderation".
pub fn stage_tag(cx: &Cx, stage: Stage, inside: bool) -> AnyView {
    let kind = match stage {
        Stage::Draft => "draft",
        Stage::InReview | Stage::Scheduled | Stage::Recommended => "waiting",
        Stage::Open => "open",
        Stage::Closed => "closed",
        Stage::Checking | Stage::Scoring | Stage::Moderation | Stage::Pricing | Stage::Result => "scoring",
        Stage::Decided => "decided",
        Stage::Cancelled => "cancelled",
    };
    let key = if inside { format!("stage-{}", stage.code()) } else { format!("stage-supplier-{}", stage.code()) };
    tag(kind, t!(cx, &key))
}

pub fn empty(title: String, text: String) -> AnyView {
    view! { <div class="wp-empty"><h3 class="govuk-heading-s">{title}</h3><p>{text}</p></div> }.into_any()
}

pub fn warning(cx: &Cx, text: String) -> AnyView {
    view! {
        <div class="govuk-warning-text">
            <span class="govuk-warning-text__icon" aria-hidden="true">"!"</span>
            <strong class="govuk-warning-text__text"><span class="govuk-visually-hidden">{t!(cx, "warning")}</span> {text}</strong>
        </div>
    }
    .into_any()
}

pub fn summary(rows: Vec<(String, AnyView)>) -> AnyView {
    view! {
        <dl class="govuk-summary-list">
            {rows.into_iter().map(|(key, value)| view! {
                <div class="govuk-summary-list__row"><dt class="govuk-summary-list__key">{key}</dt><dd class="govuk-summary-list__value">{value}</dd></div>
            }).collect_view()}
        </dl>
    }
    .into_any()
}

/// Something that cannot be taken back asks once, saying what will happen.
pub fn confirm(cx: &Cx, action: String, text: String, button: String, back: String) -> AnyView {
    view! {
        <form method="post" action=action>
            {warning(cx, text)}
            <div class="govuk-button-group">
                <button class="govuk-button govuk-button--warning" name="do" value="yes">{button}</button>
                <a class="govuk-link" href=back>{t!(cx, "back")}</a>
            </div>
        </form>
    }
    .into_any()
}

/// Pages of a list; `address` makes the link of a page.
pub fn pager(cx: &Cx, page: i64, pages: i64, address: impl Fn(i64) -> String) -> Option<AnyView> {
    if pages <= 1 {
        return None;
    }
    let near: Vec<i64> = (1..=pages).filter(|n| *n == 1 || *n == pages || (n - page).abs() <= 2).collect();
    let mut items = Vec::new();
    let mut last = 0;
    for n in near {
        if n > last + 1 {
            items.push(view! { <li class="govuk-pagination__item govuk-pagination__item--ellipsis">"…"</li> }.into_any());
        }
        last = n;
        let current = n == page;
        let class = if current { "govuk-pagination__item govuk-pagination__item--current" } else { "govuk-pagination__item" };
        items.push(
            view! {
                <li class=class>
                    <a class="govuk-link govuk-pagination__link" href=address(n) aria-current=current.then_some("page") aria-label=t!(cx, "page-n", n = n)>{n.to_string()}</a>
                </li>
            }
            .into_any(),
        );
    }
    let previous = (page > 1).then(|| view! { <div class="govuk-pagination__prev"><a class="govuk-link govuk-pagination__link" rel="prev" href=address(page - 1)>{t!(cx, "previous")}</a></div> });
    let next = (page < pages).then(|| view! { <div class="govuk-pagination__next"><a class="govuk-link govuk-pagination__link" rel="next" href=address(page + 1)>{t!(cx, "next")}</a></div> });
    Some(view! { <nav class="govuk-pagination" aria-label=t!(cx, "pages")>{previous}<ul class="govuk-pagination__list">{items}</ul>{next}</nav> }.into_any())
}

/// A stacked bar: (series from 1, where it begins, how wide, label or none), in hundredths of a per cent.
pub fn bar(label: String, height: u32, parts: Vec<(usize, u32, u32, Option<String>)>, line_at: Option<u32>) -> AnyView {
    let percent = |hundredths: u32| format!("{}.{:02}%", hundredths / 100, hundredths % 100);
    view! {
        <svg class="wp-bar" width="100%" height=height.to_string() role="img" aria-label=label focusable="false">
            <rect class="wp-bar__track" width="100%" height="100%"></rect>
            {parts.into_iter().map(|(series, from, width, text)| {
                let class = format!("wp-series-{}", (series - 1) % 8 + 1);
                view! {
                    <rect class=class.clone() x=percent(from) y="0" width=percent(width) height="100%"></rect>
                    {text.map(|text| view! { <text class=class x=percent(from + width / 2) y="50%" dy="0.35em" text-anchor="middle">{text}</text> })}
                }
            }).collect_view()}
            {line_at.map(|at| view! { <line x1=percent(at) x2=percent(at) y1="-3" y2="25"></line> })}
        </svg>
    }
    .into_any()
}
