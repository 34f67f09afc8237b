//! What an alert found, as a mail.

use domain::moment::Moment;
use search::Hit;
use workflow::alert::Found;

use super::layout::{Layout, Part};
use super::{MailReader, MailText};
use crate::alert::{address, name};
use crate::public::address_of;
use crate::ui::instant;
use crate::words::Words;

fn item(words: Words, hit: &Hit, reader: &MailReader) -> Part {
    let mut lines = vec![words.say(&format!("kind-{}", hit.kind.as_str()), vec![])];
    if !hit.who.trim().is_empty() {
        lines[0] = format!("{} · {}", lines[0], hit.who);
    }
    if let Some(closes) = hit.closes_at {
        lines.push(words.say("alert-closes", vec![("at", instant(words, Moment(closes), reader.zone).into())]));
    }
    Part::Item { title: hit.title.clone(), link: format!("{}{}", reader.base_url, address_of(hit.kind, hit.id)), lines }
}

pub fn of_found(words: Words, found: &Found, reader: &MailReader) -> MailText {
    let name = name(words, &found.wanted);
    let n = found.hits.len() + found.more;
    let mut parts = vec![Part::Text(words.say("alert-mail-text", vec![("n", n.into()), ("name", (&name).into())]))];
    parts.extend(found.hits.iter().map(|hit| item(words, hit, reader)));
    if found.more > 0 {
        parts.push(Part::Text(words.say("alert-mail-more", vec![("n", found.more.into())])));
    }
    let all = format!("{}{}", reader.base_url, address(&found.wanted));
    parts.push(Part::Action { label: words.say("alert-mail-action", vec![]), link: all });
    let foot = vec![
        Part::Text(words.say("alert-mail-why", vec![])),
        Part::Link { label: words.say("alert-mail-stop", vec![]), link: found.stop.clone() },
        Part::Link { label: words.say("alerts-title", vec![]), link: found.all.clone() },
    ];
    let subject = words.say("alert-mail-subject", vec![("n", n.into()), ("name", name.into())]);
    Layout { lang: words.0.code(), subject, parts, foot, stop: Some(found.stop.clone()) }.lay()
}
