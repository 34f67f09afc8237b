//! Who may read the draft: invited by mail, until a date, as long as it is not revoked or published.

use domain::ids::ReaderId;
use domain::moment::Moment;
use domain::policy;
use leptos::prelude::*;
use store::ReaderRow;
use workflow::reader::CommentsView;

use crate::cx::Cx;
use crate::ui::{Form, cells, exact, hidden, input, submit, table, tag, warning};
use crate::words::t;

pub(super) fn readers(cx: &Cx, found: &CommentsView, form: &Form) -> AnyView {
    let rows = found.readers.iter().map(|row| reader(cx, found, row)).collect();
    let columns = ["reader-column-who", "reader-column-until", "column-stage", "column-act"];
    let list = if found.readers.is_empty() {
        view! { <p>{t!(cx, "readers-none")}</p> }.into_any()
    } else {
        table(cx, "readers-title", &columns, rows)
    };
    let invite = policy::invite_reader(&cx.actor, &found.view.facts).is_ok().then(|| {
        view! {
            <form method="post" novalidate>
                <h3 class="govuk-heading-s">{t!(cx, "reader-invite-title")}</h3>
                {warning(cx, t!(cx, "reader-invite-warning"))}
                {input(cx, form, "email", t!(cx, "email"), "reader-email-hint", "email", "")}
                {input(cx, form, "until_date", t!(cx, "reader-until"), "reader-until-hint", "date", "")}
                {submit(t!(cx, "reader-invite"), "invite")}
            </form>
        }
    });
    view! {
        <section>
            <h2 class="govuk-heading-m">{t!(cx, "readers-title")}</h2>
            <p>{t!(cx, "readers-text")}</p>
            {list}{invite}
        </section>
    }
    .into_any()
}

fn reader(cx: &Cx, found: &CommentsView, row: &ReaderRow) -> Vec<AnyView> {
    let facts = &found.view.facts;
    let (kind, key) = if row.revoked_at.is_some() {
        ("cancelled", "reader-revoked")
    } else if facts.now.reached(Moment(row.expires_at)) {
        ("closed", "reader-expired")
    } else if !facts.stage().before_publication() {
        ("closed", "reader-over")
    } else {
        ("open", "reader-holds")
    };
    let label = format!("{}: {}", t!(cx, "reader-revoke"), row.email);
    let revoke = (key == "reader-holds" && policy::revoke_reader(&cx.actor, facts).is_ok()).then(|| {
        view! {
            <form class="wp-inline-form wp-inline-form--secondary" method="post">
                {hidden("reader", ReaderId(row.id))}<button name="do" value="revoke" aria-label=label>{t!(cx, "reader-revoke")}</button>
            </form>
        }
    });
    let name = row.name.clone().map(|name| view! { <br/><span class="wp-muted">{name}</span> });
    let until = exact(cx, Moment(row.expires_at), Some(&found.zone));
    cells![view! { {row.email.clone()}{name} }, until, tag(kind, t!(cx, key)), revoke]
}
