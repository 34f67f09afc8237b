//! The texts of mails, from the catalogue: a code and parameters become subject, text and HTML.

use domain::moment::Moment;
use serde_json::Value;

use crate::ui::instant;
use crate::words::{Arg, Lang, Words};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MailText {
    pub subject: String,
    pub text: String,
    pub html: String,
}

/// `None` for a template that the catalogue does not know. `zone`: the reader's, for instants among the parameters.
pub fn mail_text(template: &str, params: &Value, lang: &str, zone: &str) -> Option<MailText> {
    let subject = format!("mail-{template}-subject");
    if !Words::has(&subject) {
        return None;
    }
    let words = Words(Lang::parse(lang).unwrap_or_default());
    let args: Vec<(String, Arg)> = params
        .as_object()
        .map(|map| {
            map.iter()
                .map(|(name, value)| {
                    let arg = match (name.as_str(), value) {
                        ("received", Value::Number(at)) => {
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
    let subject = words.say_with(&subject, &args);
    let body = words.say_with(&format!("mail-{template}-text"), &args);
    let action = words.say_with(&format!("mail-{template}-action"), &args);
    let foot = words.say("mail-foot", vec![]);
    let text = format!("{body}\n\n{action}:\n{link}\n\n--\n{foot}\n");
    let paragraphs: String = body.split("\n\n").map(|part| format!("<p>{}</p>", escape(part))).collect();
    let html = format!(
        "<!doctype html><html lang=\"{}\"><meta charset=\"utf-8\"><title>{}</title><body>{paragraphs}<p><a href=\"{link}\">{}</a></p><p>{link}</p><hr><p>{}</p></body></html>",
        words.0.code(),
        escape(&subject),
        escape(&action),
        escape(&foot),
        link = escape(link),
    );
    Some(MailText { subject: subject.replace(['\r', '\n'], " "), text, html })
}

fn escape(text: &str) -> String {
    ammonia::clean_text(text)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_mail_says_what_happened_and_leads_to_the_page() {
        let params = json!({ "title": "Fewer <missed> visits", "reference": "WP-2026-AAAAA", "received": 0, "link": "https://example.org/receipts/x" });
        let mail = mail_text("receipt", &params, "en", "UTC").unwrap();
        assert!(mail.text.contains("https://example.org/receipts/x"));
        assert!(mail.text.contains("1 January 1970, 00:00 UTC"), "{}", mail.text);
        assert!(mail.html.contains("&lt;missed&gt;"));
        assert_eq!(mail_text("no-such", &params, "en", "UTC"), None);
    }
}
