//! The texts of mails, from the catalogue: a code and parameters become subject, text and HTML.

mod found;
mod layout;
mod notice;

use domain::moment::Moment;
pub use notice::sentence;
use serde_json::Value;
use workflow::notice::Post;

use crate::mail::layout::{Layout, Part};
use crate::ui::instant;
use crate::words::{Arg, Lang, Words};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MailText {
    pub subject: String,
    pub text: String,
    pub html: String,
    /// Where one click stops mails like this one (RFC 8058); none where they cannot be stopped.
    pub stop: Option<String>,
    /// A signed receipt, to be attached as a file.
    pub receipt: Option<String>,
}

/// Whom a mail is for: the language, the zone for instants, and where links lead.
pub struct MailReader<'a> {
    pub lang: &'a str,
    pub zone: &'a str,
    /// Without a slash at the end.
    pub base_url: &'a str,
}

/// `None` for a template that the catalogue does not know, and where nothing is left to say.
pub fn mail_text(post: &Post, reader: &MailReader) -> Option<MailText> {
    let words = Words(Lang::parse(reader.lang).unwrap_or_default());
    match post {
        Post::Plain { template, params, receipt } => {
            let text = plain(words, template, params, reader.zone)?;
            Some(MailText { receipt: receipt.clone(), ..text })
        }
        Post::Event { told, stop } => Some(notice::of_event(words, told, stop.clone(), reader)),
        Post::Summary { choice, told, stop } => Some(notice::of_summary(words, *choice, told, stop, reader)),
        Post::Found(found) => Some(found::of_found(words, found, reader)),
        Post::Silent => None,
    }
}

fn plain(words: Words, template: &str, params: &Value, zone: &str) -> Option<MailText> {
    let subject = format!("mail-{template}-subject");
    if !Words::has(&subject) {
        return None;
    }
    let args: Vec<(String, Arg)> = params
        .as_object()
        .map(|map| {
            map.iter()
                .map(|(name, value)| {
                    let arg = match (name.as_str(), value) {
                        ("received" | "until", Value::Number(at)) => {
                            Arg::Text(instant(words, Moment(at.as_i64().unwrap_or_default()), zone))
                        }
                        (_, Value::Number(n)) => Arg::Number(n.as_i64().unwrap_or_default()),
                        (_, Value::String(text)) => Arg::Text(text.clone()),
                        (_, other) => Arg::Text(other.to_string()),
                    };
                    (name.clone(), arg)
                })
                .collect()
        })
        .unwrap_or_default();
    let link = params.get("link").and_then(Value::as_str).unwrap_or_default();
    let stop = params.get("stop").and_then(Value::as_str).map(str::to_owned);
    // Whoever has no account is told why this came, and how it ends.
    let why = format!("mail-{template}-why");
    let why = if Words::has(&why) { words.say_with(&why, &args) } else { words.say("mail-foot", vec![]) };
    let mut foot = vec![Part::Text(why)];
    foot.extend(stop.clone().map(|link| Part::Link { label: words.say(&format!("mail-{template}-stop"), vec![]), link }));
    let body = words.say_with(&format!("mail-{template}-text"), &args);
    let action = words.say_with(&format!("mail-{template}-action"), &args);
    let layout = Layout {
        lang: words.0.code(),
        subject: words.say_with(&subject, &args),
        parts: vec![Part::Text(body), Part::Action { label: action, link: link.to_owned() }],
        foot,
        stop,
    };
    Some(layout.lay())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const READER: MailReader = MailReader { lang: "en", zone: "UTC", base_url: "https://example.org" };

    #[test]
    fn who_has_no_account_is_told_why_the_mail_came() {
        for template in ["alert-confirm", "invitation", "seat", "draft-reader", "sign-off"] {
            let params = json!({ "organisation": "Harbour City", "supplier": "Acme", "title": "Visits", "until": 0,
                "link": "https://example.org/x?t=1", "stop": "https://example.org/alerts/stop?t=2" });
            let post = Post::Plain { template: template.into(), params, receipt: None };
            let mail = mail_text(&post, &READER).unwrap();
            assert!(!mail.text.contains("your account"), "{}", mail.text);
            assert!(mail.text.contains("You get this mail because"), "{}", mail.text);
        }
        let params = json!({ "link": "https://example.org/x?t=1", "stop": "https://example.org/alerts/stop?t=2" });
        let mail = mail_text(&Post::Plain { template: "alert-confirm".into(), params, receipt: None }, &READER).unwrap();
        assert_eq!(mail.stop.as_deref(), Some("https://example.org/alerts/stop?t=2"), "RFC 8058: one click");
        assert!(mail.text.contains("/alerts/stop?t=2") && mail.html.contains("/alerts/stop?t=2"), "{}", mail.text);
    }

    #[test]
    fn a_mail_says_what_happened_and_leads_to_the_page() {
        let params = json!({ "title": "Fewer <missed> visits", "reference": "WP-2026-AAAAA", "received": 0, "link": "https://example.org/receipts/x", "verify": "https://example.org/receipts/verify" });
        let plain = |template: &str| Post::Plain { template: template.into(), params: params.clone(), receipt: None };
        let mail = mail_text(&plain("receipt"), &READER).unwrap();
        assert!(mail.text.contains("https://example.org/receipts/x"));
        assert!(mail.text.contains("1 January 1970, 00:00 UTC"), "{}", mail.text);
        assert!(mail.html.contains("&lt;missed&gt;"));
        assert_eq!(mail.stop, None, "a receipt is not stopped");
        assert_eq!(mail_text(&plain("no-such"), &READER), None);
        assert_eq!(mail_text(&Post::Silent, &READER), None);
    }
}
