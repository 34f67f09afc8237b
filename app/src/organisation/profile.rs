//! What a supplier says of itself: shown to its members, written by its owner, put into answers on request.

use domain::profile::{Profile, Size, Standing};
use leptos::prelude::*;

use crate::cx::Cx;
use crate::ui::{Form, input, paragraphs, radios, select, summary, textarea};
use crate::words::t;

pub(super) fn fields(cx: &Cx, form: &Form) -> AnyView {
    let standings = Standing::ALL.iter().map(|one| (one.code().to_owned(), t!(cx, &format!("standing-{}", one.code())), None));
    let sizes = Size::ALL.iter().map(|one| (one.code().to_owned(), t!(cx, &format!("size-{}", one.code())), None));
    let sizes = std::iter::once((String::new(), t!(cx, "size-none"), None)).chain(sizes).collect();
    view! {
        {radios(cx, form, "standing", t!(cx, "profile-standing"), standings.collect())}
        {textarea(cx, form, "solved", t!(cx, "profile-solved"), "profile-solved-hint", 8)}
        {input(cx, form, "places", t!(cx, "profile-places"), "profile-places-hint", "text", "")}
        {select(cx, form, "size", t!(cx, "profile-size"), "", sizes)}
        {input(cx, form, "identifiers", t!(cx, "profile-identifiers"), "profile-identifiers-hint", "text", "")}
    }
    .into_any()
}

/// Nothing that is empty; and that only the own members are shown it.
pub(super) fn shown(cx: &Cx, about: &str, profile: &Profile) -> AnyView {
    let standing = t!(cx, &format!("standing-{}", profile.standing.code()));
    let size = profile.size.map(|size| t!(cx, &format!("size-{}", size.code()))).unwrap_or_default();
    let rows = [
        ("profile-standing", standing.into_any()),
        ("profile-about", if about.is_empty() { ().into_any() } else { paragraphs(about) }),
        ("profile-solved", if profile.solved.is_empty() { ().into_any() } else { paragraphs(&profile.solved) }),
        ("profile-places", profile.places.clone().into_any()),
        ("profile-size", size.clone().into_any()),
        ("profile-identifiers", profile.identifiers.clone().into_any()),
    ];
    let empty = [about, &profile.solved, &profile.places, size.as_str(), &profile.identifiers].map(str::is_empty);
    let said = |n: usize| n == 0 || !empty[n - 1];
    let rows = rows.into_iter().enumerate().filter(|(n, _)| said(*n)).map(|(_, (key, value))| (t!(cx, key), value)).collect();
    view! {
        <section>
            <h2 class="govuk-heading-m">{t!(cx, "profile-title")}</h2>
            <p class="wp-muted">{t!(cx, "profile-text")}</p>
            {summary(rows)}
        </section>
    }
    .into_any()
}
