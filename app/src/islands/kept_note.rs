//! Text that the server has not taken, on pages where it is not written. There is nothing of it without a script, and the
//! browser's part is loaded only where the browser holds such text (`data-load=kept`).

use domain::ids::{ResponseId, to_text};
use leptos::prelude::*;

use super::json;
use crate::cx::Cx;
use crate::words::t;

/// Which text it is about.
pub enum KeptOf {
    /// All that this person has written.
    Person,
    /// Answers of a draft, and who answers together.
    Response(ResponseId),
    /// What was asked of it after the opening.
    Clarifications(ResponseId),
    /// Scores of a seat.
    Seat(String),
}

/// Of what is kept in the browser: names the person, so that nobody else at the same browser is shown it.
pub fn draft_key(cx: &Cx, address: &str) -> String {
    format!("wp-draft:{}:{address}", person(cx))
}

pub fn score_key(cx: &Cx, seat: &str) -> String {
    format!("wp-score:{}:{seat}:", person(cx))
}

/// Who writes, as the browser hands it back (`guard`).
pub fn person(cx: &Cx) -> String {
    to_text(cx.actor.user().map_or(0, |user| user.get()))
}

#[derive(serde::Serialize)]
struct KeptWords {
    told: String,
    waits: String,
    offline: String,
    signed_out: String,
    choose: String,
    refused: String,
}

/// How the page stands to it.
#[derive(Default)]
pub struct KeptAt {
    /// The form on this page that waits for it, as a selector.
    pub before: &'static str,
    /// The page shows what it says, and is read anew once it is saved.
    pub shows: bool,
    /// A submission came in just now, with all that was sent with it.
    pub received: bool,
}

pub fn kept_note(cx: &Cx, of: &KeptOf, at: KeptAt) -> AnyView {
    let keys = match of {
        KeptOf::Person => format!("wp-draft:{0}: wp-score:{0}:", person(cx)),
        KeptOf::Response(id) => ["#", "/partners#"].map(|of| draft_key(cx, &format!("/responses/{id}{of}"))).join(" "),
        KeptOf::Clarifications(id) => draft_key(cx, &format!("/responses/{id}/clarifications")),
        KeptOf::Seat(seat) => score_key(cx, seat),
    };
    let words = KeptWords {
        told: t!(cx, "kept-told"),
        waits: t!(cx, "kept-waits"),
        offline: t!(cx, "kept-offline"),
        signed_out: t!(cx, "kept-signed-out"),
        choose: t!(cx, "kept-choose"),
        refused: t!(cx, "kept-refused"),
    };
    view! {
        <div data-load="kept" data-island="kept-note" data-keys=keys data-person=person(cx) data-words=json(&words)
            data-before=at.before data-shows=at.shows.then_some("") data-received=at.received.then_some("")>
            <template data-template="row">
                <li>
                    <a class="govuk-link" data-slot="page"></a> ": " <span data-slot="why"></span>
                    <details class="govuk-details">
                        <summary class="govuk-details__summary"><span class="govuk-details__summary-text">{t!(cx, "kept-text")}</span></summary>
                        <div class="govuk-details__text">
                            <pre class="wp-conflict__theirs" data-slot="text"></pre>
                            <button class="govuk-button govuk-button--secondary" type="button" data-slot="drop">{t!(cx, "kept-drop")}</button>
                        </div>
                    </details>
                </li>
            </template>
            <div class="govuk-inset-text" role="alert" tabindex="-1" data-slot="panel" hidden>
                <p><strong data-slot="told"></strong></p>
                <ul class="govuk-list" data-slot="rows"></ul>
            </div>
        </div>
    }
    .into_any()
}
