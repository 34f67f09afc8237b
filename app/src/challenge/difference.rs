//! What changed between two versions, as a person reads it: by section and field, the words that went struck out, the words
//! that came underlined, and both said aloud for those who do not see it.

use domain::challenge::Section;
use domain::challenge::difference::{Change, Value};
use leptos::prelude::*;
use similar::{ChangeTag, TextDiff};

use crate::cx::Cx;
use crate::ui::{amount, instant, number};
use crate::words::{Words, t};

/// Unchanged words that are kept on either side of a change; longer stretches are left out.
const AROUND: usize = 24;

/// The changes of [`domain::challenge::difference::changes`], under the headings of their sections. `zone`: the authority's.
pub fn differences(cx: &Cx, changes: &[Change], zone: &str) -> AnyView {
    if changes.is_empty() {
        return view! { <p>{t!(cx, "difference-none")}</p> }.into_any();
    }
    let mut sections: Vec<Section> = Vec::new();
    for change in changes {
        if !sections.contains(&change.section) {
            sections.push(change.section);
        }
    }
    let parts = sections
        .into_iter()
        .map(|section| {
            let rows =
                changes.iter().filter(|change| change.section == section).map(|change| row(cx, change, zone)).collect_view();
            view! {
                <section class="wp-difference">
                    <h3 class="govuk-heading-s">{t!(cx, &format!("section-{}", section.code()))}</h3>
                    <dl class="wp-difference__list">{rows}</dl>
                </section>
            }
        })
        .collect_view();
    view! { <div class="wp-differences">{parts}</div> }.into_any()
}

fn row(cx: &Cx, change: &Change, zone: &str) -> AnyView {
    let of_row = (!change.rows.is_empty()).then(|| view! { <span class="wp-muted">{change.rows.join(" › ")}": "</span> });
    let side = |value: &Option<Value>| value.as_ref().map(|value| told(cx, &change.key, value, zone)).unwrap_or_default();
    view! {
        <div class="wp-difference__row">
            <dt>{of_row}{label(cx, &change.key)}</dt>
            <dd>{text_difference(cx, &side(&change.before), &side(&change.after))}</dd>
        </div>
    }
    .into_any()
}

/// The name of a field: its own sentence, else that of the part it belongs to.
fn label(cx: &Cx, key: &str) -> String {
    let mut key = key;
    loop {
        let name = format!("term-{}", key.replace(['.', '_'], "-"));
        if Words::has(&name) {
            return t!(cx, &name);
        }
        let Some((outer, _)) = key.rsplit_once('.') else { return t!(cx, "term-other") };
        key = outer;
    }
}

fn told(cx: &Cx, key: &str, value: &Value, zone: &str) -> String {
    match value {
        Value::Text(text) => {
            let name = format!("value-{}-{}", key.replace(['.', '_'], "-"), text.replace([' ', '_'], "-"));
            let plain = !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || " -_".contains(c));
            if plain && Words::has(&name) { t!(cx, &name) } else { text.clone() }
        }
        Value::Number(n) => number(*n),
        Value::At(at) => instant(cx.words, *at, zone),
        Value::Money(money) => amount(money),
        Value::Flag(true) => t!(cx, "value-yes"),
        Value::Flag(false) => t!(cx, "value-no"),
    }
}

/// A stretch of the difference of two texts.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece {
    Same(String),
    Gone(String),
    New(String),
    /// Unchanged words that are left out, and how many.
    Left(usize),
}

/// Word by word; either text may be empty. Line breaks are kept.
pub fn text_difference(cx: &Cx, before: &str, after: &str) -> AnyView {
    let pieces = pieces(before, after)
        .into_iter()
        .map(|piece| match piece {
            Piece::Same(text) => view! { {text} }.into_any(),
            Piece::Gone(text) => view! { <del><span class="govuk-visually-hidden">{t!(cx, "difference-gone")} " "</span>{text}<span class="govuk-visually-hidden">" " {t!(cx, "difference-gone-end")} " "</span></del> }.into_any(),
            Piece::New(text) => view! { <ins><span class="govuk-visually-hidden">{t!(cx, "difference-new")} " "</span>{text}<span class="govuk-visually-hidden">" " {t!(cx, "difference-new-end")} " "</span></ins> }.into_any(),
            Piece::Left(n) => view! { <span class="wp-muted">" " {t!(cx, "difference-left", n = n)} " "</span> }.into_any(),
        })
        .collect_view();
    view! { <div class="wp-difference__text">{pieces}</div> }.into_any()
}

fn pieces(before: &str, after: &str) -> Vec<Piece> {
    let mut out: Vec<(ChangeTag, Vec<&str>)> = Vec::new();
    let difference = TextDiff::from_words(before, after);
    for change in difference.iter_all_changes() {
        match out.last_mut() {
            Some((tag, words)) if *tag == change.tag() => words.push(change.value()),
            _ => out.push((change.tag(), vec![change.value()])),
        }
    }
    let last = out.len().saturating_sub(1);
    let mut pieces = Vec::with_capacity(out.len());
    for (at, (tag, words)) in out.into_iter().enumerate() {
        match tag {
            ChangeTag::Delete => pieces.push(Piece::Gone(words.concat())),
            ChangeTag::Insert => pieces.push(Piece::New(words.concat())),
            ChangeTag::Equal => shortened(&words, at > 0, at < last, &mut pieces),
        }
    }
    pieces
}

/// Unchanged words with their middle left out, or the end that no change stands beside. Spaces are tokens too, so a word and
/// its space count as two.
fn shortened(tokens: &[&str], change_before: bool, change_after: bool, pieces: &mut Vec<Piece>) {
    let (head, tail) = (if change_before { 2 * AROUND } else { 0 }, if change_after { 2 * AROUND } else { 0 });
    let words = |tokens: &[&str]| tokens.iter().filter(|token| !token.trim().is_empty()).count();
    if tokens.len() <= head + tail + 2 * AROUND {
        pieces.push(Piece::Same(tokens.concat()));
        return;
    }
    let (from, to) = (head, tokens.len() - tail);
    if from > 0 {
        pieces.push(Piece::Same(tokens[..from].concat()));
    }
    pieces.push(Piece::Left(words(&tokens[from..to])));
    if to < tokens.len() {
        pieces.push(Piece::Same(tokens[to..].concat()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_that_went_and_came_are_told_apart_and_nothing_is_lost() {
        let found = pieces("One in nine visits fails.", "One in ten visits fails.");
        assert_eq!(
            found,
            [
                Piece::Same("One in ".into()),
                Piece::Gone("nine".into()),
                Piece::New("ten".into()),
                Piece::Same(" visits fails.".into())
            ]
        );
        assert_eq!(pieces("", "all new"), [Piece::New("all new".into())]);
        assert_eq!(pieces("all gone", ""), [Piece::Gone("all gone".into())]);
    }

    #[test]
    fn long_stretches_that_did_not_change_are_left_out() {
        let long = (0..200).map(|n| n.to_string()).collect::<Vec<_>>().join(" ");
        let found = pieces(&long, &format!("{long} end"));
        assert!(matches!(found[0], Piece::Left(n) if n > 150), "{found:?}");
        assert!(matches!(found.last(), Some(Piece::New(text)) if text.contains("end")), "{found:?}");
    }
}
