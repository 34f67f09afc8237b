//! Markdown as people write it, sanitised: whatever is typed, what comes out is harmless.

use std::sync::LazyLock;

use leptos::prelude::*;
use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd, html};

static CLEANER: LazyLock<ammonia::Builder<'static>> = LazyLock::new(|| {
    let mut cleaner = ammonia::Builder::default();
    cleaner.rm_tags(["img"]).link_rel(Some("nofollow noopener noreferrer")).url_schemes(["http", "https", "mailto"].into());
    cleaner
});

/// Headings move two levels down: the page has its own first and second. Raw HTML is shown as text.
pub fn html_of(text: &str) -> String {
    let events = Parser::new_ext(text, Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH).map(|event| match event {
        Event::Html(text) | Event::InlineHtml(text) => Event::Text(text),
        Event::Start(Tag::Heading { level, id, classes, attrs }) => {
            Event::Start(Tag::Heading { level: lower(level), id, classes, attrs })
        }
        Event::End(TagEnd::Heading(level)) => Event::End(TagEnd::Heading(lower(level))),
        other => other,
    });
    let mut out = String::new();
    html::push_html(&mut out, events);
    CLEANER.clean(&out).to_string()
}

fn lower(level: HeadingLevel) -> HeadingLevel {
    match level {
        HeadingLevel::H1 => HeadingLevel::H3,
        HeadingLevel::H2 => HeadingLevel::H4,
        HeadingLevel::H3 => HeadingLevel::H5,
        _ => HeadingLevel::H6,
    }
}

pub fn markdown(text: &str) -> AnyView {
    view! { <div class="wp-prose" inner_html=html_of(text)></div> }.into_any()
}

/// Plain text with its paragraphs and line breaks, nothing interpreted: what suppliers write.
pub fn paragraphs(text: &str) -> AnyView {
    let parts: Vec<Vec<String>> =
        text.split("\n\n").filter(|part| !part.trim().is_empty()).map(|part| part.lines().map(str::to_owned).collect()).collect();
    view! {
        <div class="wp-prose">
            {parts.into_iter().map(|lines| view! {
                <p>{lines.into_iter().enumerate().map(|(at, line)| view! { {(at > 0).then(|| view! { <br/> })}{line} }).collect_view()}</p>
            }).collect_view()}
        </div>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::html_of;

    #[test]
    fn nothing_typed_becomes_a_script() {
        for text in [
            "<script>alert(1)</script>",
            "[x](javascript:alert(1))",
            "<img src=x onerror=alert(1)>",
            "![x](https://example.org/track.gif)",
            "<a href=\"data:text/html,x\">x</a>",
        ] {
            let html = html_of(text);
            for harm in ["<script", "<img", "<a href=\"data:", "<a href=\"javascript", "onerror=alert(1)>"] {
                assert!(!html.contains(harm) || harm.starts_with("onerror") && html.contains("&lt;img"), "{html}");
            }
        }
    }

    #[test]
    fn headings_leave_the_page_its_own() {
        assert_eq!(html_of("# A\n\nb").trim(), "<h3>A</h3>\n<p>b</p>");
    }
}
