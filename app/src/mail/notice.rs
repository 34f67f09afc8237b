//! Notices and summaries as mails: what changed and by when to act, in the subject and the first lines.

use domain::moment::Moment;
use domain::notice::{Choice, Left, left};
use workflow::notice::Told;

use super::layout::{Layout, Part};
use super::{MailReader, MailText};
use crate::ui::instant;
use crate::words::{Arg, Words};

/// A title in a subject is cut to this, so that what follows it is read on a telephone too.
const LONGEST_TITLE: usize = 60;

/// The instant in the reader's zone, and in the authority's where the clocks there show another time.
pub fn both_zones(words: Words, at: Moment, yours: &str, theirs: &str) -> String {
    let own = instant(words, at, yours);
    let there = if theirs.is_empty() { own.clone() } else { instant(words, at, theirs) };
    if own == there {
        return own;
    }
    words.say("notice-both-zones", vec![("yours", own.into()), ("theirs", there.into())])
}

/// "3 hours", "35 minutes", "Less than a minute".
fn left_words(words: Words, micros: i64) -> String {
    let (unit, n) = match left(micros) {
        Left::Days(n) => ("days", n),
        Left::Hours(n) => ("hours", n),
        Left::Minutes(n) => ("minutes", n),
    };
    words.say(&format!("notice-left-{unit}"), vec![("n", n.into())])
}

/// A sentence of a notice's kind: `subject`, `text`, `action`. `longest`: of the title, in characters.
pub fn sentence(words: Words, told: &Told, which: &str, yours: &str, longest: usize) -> String {
    let said = &told.words;
    let title = if said.title.chars().count() > longest {
        let cut: String = said.title.chars().take(longest).collect();
        format!("{}…", cut.trim_end())
    } else {
        said.title.clone()
    };
    let at = said.at.map(|at| both_zones(words, at, yours, &told.zone)).unwrap_or_default();
    let args = [
        ("title", Arg::Text(title)),
        ("organisation", Arg::from(&said.organisation)),
        ("at", Arg::Text(at)),
        ("n", Arg::Number(said.n.unwrap_or_default())),
        ("left", Arg::Text(left_words(words, told.left.unwrap_or_default()))),
    ];
    let args: Vec<(String, Arg)> = args.into_iter().map(|(name, arg)| (name.to_owned(), arg)).collect();
    words.say_with(&format!("notice-{}-{which}", told.kind.code()), &args)
}

fn link(reader: &MailReader, path: &str) -> String {
    format!("{}{path}", reader.base_url)
}

/// Times to act by, in both zones.
fn act_by(words: Words, told: &Told, reader: &MailReader) -> Option<String> {
    let by = both_zones(words, told.act_by?, reader.zone, &told.zone);
    Some(words.say("notice-by", vec![("by", by.into())]))
}

fn reason(words: Words, told: &Told) -> Option<String> {
    let reason = &told.words.reason;
    (!reason.is_empty()).then(|| words.say("notice-reason", vec![("reason", reason.into())]))
}

/// Beside what is told of a failure: that the service itself recorded none.
fn unrecorded(words: Words, told: &Told) -> Option<String> {
    told.words.unrecorded.then(|| words.say("failure-unrecorded", vec![]))
}

fn choices(words: Words, reader: &MailReader) -> Part {
    Part::Link { label: words.say("notice-mail-choices", vec![]), link: link(reader, "/notices/choices") }
}

pub fn of_event(words: Words, told: &Told, stop: Option<String>, reader: &MailReader) -> MailText {
    let subject = sentence(words, told, "subject", reader.zone, LONGEST_TITLE);
    let subject = match told.act_by {
        Some(by) => {
            let by = instant(words, by, reader.zone);
            words.say("notice-subject-by", vec![("subject", subject.into()), ("by", by.into())])
        }
        None => subject,
    };
    let mut parts = vec![Part::Text(sentence(words, told, "text", reader.zone, usize::MAX))];
    parts.extend(act_by(words, told, reader).map(Part::When));
    parts.extend(unrecorded(words, told).map(Part::Text));
    parts.extend(reason(words, told).map(Part::Text));
    let action = sentence(words, told, "action", reader.zone, usize::MAX);
    parts.push(Part::Action { label: action, link: link(reader, &told.link) });
    let why = if told.required { "notice-mail-why-required" } else { "notice-mail-why" };
    let mut foot = vec![Part::Text(words.say(why, vec![]))];
    if let Some(stop) = &stop {
        foot.push(Part::Link { label: words.say("notice-mail-stop", vec![]), link: stop.clone() });
    }
    foot.push(choices(words, reader));
    Layout { lang: words.0.code(), subject, parts, foot, stop }.lay()
}

/// `told`: what has to be done first comes first.
pub fn of_summary(words: Words, choice: Choice, told: &[Told], stop: &str, reader: &MailReader) -> MailText {
    let subject = words.say(&format!("summary-{}-subject", choice.code()), vec![("n", told.len().into())]);
    let lead = match told.first().and_then(|first| first.act_by.map(|by| (first, by))) {
        Some((first, by)) => {
            let by = both_zones(words, by, reader.zone, &first.zone);
            Part::When(words.say("summary-act-by", vec![("by", by.into()), ("title", (&first.words.title).into())]))
        }
        None => Part::Text(words.say("summary-nothing-to-do", vec![])),
    };
    let mut parts = vec![lead];
    parts.extend(told.iter().map(|one| Part::Item {
        title: sentence(words, one, "subject", reader.zone, usize::MAX),
        link: link(reader, &one.link),
        lines: [act_by(words, one, reader), unrecorded(words, one), reason(words, one)].into_iter().flatten().collect(),
    }));
    let foot = vec![
        Part::Text(words.say("notice-mail-why", vec![])),
        Part::Link { label: words.say("summary-stop", vec![]), link: stop.to_owned() },
        choices(words, reader),
    ];
    Layout { lang: words.0.code(), subject, parts, foot, stop: Some(stop.to_owned()) }.lay()
}

#[cfg(test)]
mod tests {
    use domain::ids::ChallengeId;
    use domain::notice::{EventKind, Words as Said};

    use super::*;
    use crate::words::Lang;

    const READER: MailReader = MailReader { lang: "en", zone: "Europe/Paris", base_url: "https://example.org" };
    const WORDS: Words = Words(Lang::En);

    fn told(kind: EventKind) -> Told {
        let words = Said {
            title: "Fewer <missed> visits".into(),
            organisation: "City & Harbour".into(),
            reason: "Two outcomes were \"unclear\".".into(),
            at: Some(Moment(0)),
            n: Some(48),
            unrecorded: false,
        };
        let act_by = domain::moment::local("2026-12-01", "17:00", "Europe/London").ok();
        let challenge = Some(ChallengeId(7));
        let (link, zone) = ("/challenges/0000000000007".into(), "Europe/London".into());
        Told {
            event: 1,
            kind,
            challenge,
            words,
            link,
            act_by,
            left: Some(14 * domain::moment::HOUR),
            zone,
            at: Moment(0),
            required: false,
            read: false,
        }
    }

    #[test]
    fn each_kind_has_all_its_sentences() {
        for kind in EventKind::ALL {
            for which in ["subject", "text", "action", "name"] {
                assert!(Words::has(&format!("notice-{}-{which}", kind.code())), "{kind:?}: {which}");
            }
            let mail = of_event(WORDS, &told(*kind), Some("https://example.org/stop?t=x".into()), &READER);
            assert!(!mail.text.contains('?') || mail.text.contains("/stop?t="), "{kind:?}: {}", mail.text);
            assert!(!mail.text.contains("{$"), "{kind:?}: a parameter is missing: {}", mail.text);
        }
    }

    #[test]
    fn subject_and_first_lines_say_what_changed_and_by_when_in_both_zones() {
        let mail = of_event(WORDS, &told(EventKind::Amended), None, &READER);
        assert_eq!(mail.subject, "Changed: Fewer <missed> visits – by 1 December 2026, 18:00 CET");
        let first: Vec<&str> = mail.text.lines().filter(|line| !line.is_empty()).take(3).collect();
        assert!(first[0].starts_with("The authority changed a challenge"), "{first:?}");
        assert_eq!(first[1], "Act by 1 December 2026, 18:00 CET (1 December 2026, 17:00 GMT for the authority)");
        assert!(first[2].contains("unclear"));
    }

    /// Who is told of a failure must not read the authority's word as the service's: in the mail as on every page.
    #[test]
    fn a_failure_that_the_service_did_not_record_is_told_as_such() {
        let mut reopened = told(EventKind::Reopened);
        let said = "The service itself recorded no outage in that time";
        for unrecorded in [true, false] {
            reopened.words.unrecorded = unrecorded;
            let alone = of_event(WORDS, &reopened, None, &READER);
            let summary = of_summary(WORDS, Choice::Daily, &[reopened.clone()], "https://example.org/stop?t=x", &READER);
            for mail in [alone, summary] {
                assert_eq!((mail.text.contains(said), mail.html.contains(said)), (unrecorded, unrecorded), "{}", mail.text);
            }
        }
    }

    #[test]
    fn a_reminder_says_what_is_left_when_it_leaves_and_what_is_to_be_done() {
        let of = |n, left| {
            let mut near = told(EventKind::DeadlineNear);
            (near.words.n, near.left) = (n, Some(left));
            of_event(WORDS, &near, None, &READER)
        };
        let (hour, minute) = (domain::moment::HOUR, domain::moment::MINUTE);
        let begins = |mail: &MailText, text: &str| assert!(mail.subject.starts_with(text), "{}", mail.subject);
        begins(&of(None, 14 * hour), "14 hours to answer: Fewer");
        begins(&of(Some(1), minute / 2), "Less than a minute to submit: Fewer");
        begins(&of(Some(2), 95 * minute), "95 minutes to confirm your response: Fewer");
        let changed = of(Some(3), 7 * 24 * hour - minute);
        begins(&changed, "7 days to submit your changes: Fewer");
        assert!(changed.text.contains("submit again") && changed.text.contains("Go to your draft"), "{}", changed.text);
    }

    #[test]
    fn the_page_of_a_mail_fetches_nothing_and_breaks_on_no_title() {
        let mut said = told(EventKind::Cancelled);
        said.words.title = "\"><img src=x onerror=alert(1)>".into();
        let mail = of_event(WORDS, &said, Some("https://example.org/stop?t=a&b".into()), &READER);
        assert!(!mail.html.contains("<img"), "{}", mail.html);
        for fetched in ["src=", "url(", "<link", "@import", "<script"] {
            assert!(!mail.html.replace("&lt;img src=x", "").contains(fetched), "{fetched}");
        }
        assert!(mail.html.contains("prefers-color-scheme:dark"));
        assert!(mail.html.contains("t=a&amp;b"));
    }

    #[test]
    fn what_the_law_asks_for_offers_no_stop() {
        let mail = of_event(WORDS, &Told { required: true, ..told(EventKind::Letter) }, None, &READER);
        assert_eq!(mail.stop, None);
        assert!(!mail.text.contains("/stop"));
        assert!(mail.text.contains("cannot be switched off"));
    }

    #[test]
    fn a_summary_begins_with_what_is_due_first() {
        let all = [told(EventKind::Amended), Told { act_by: None, ..told(EventKind::Decided) }];
        let mail = of_summary(WORDS, Choice::Daily, &all, "https://example.org/stop?t=x", &READER);
        assert_eq!(mail.subject, "Your day on Wellposed: 2 things");
        assert!(mail.text.starts_with("The first to act on, by 1 December 2026, 18:00 CET"), "{}", mail.text);
        assert_eq!(mail.text.matches("https://example.org/challenges/").count(), 2);
        assert_eq!(mail.stop.as_deref(), Some("https://example.org/stop?t=x"));
    }
}
