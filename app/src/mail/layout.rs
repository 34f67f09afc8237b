//! How a mail looks: one column of text, one thing to do, in the colours of the house by day and by night. No image, nothing
//! fetched, no script; the text part says the same.

use std::fmt::Write;

use super::MailText;
use crate::ui::escaped;

/// A piece of a mail, in the order of reading.
pub enum Part {
    /// Paragraphs, with an empty line between them.
    Text(String),
    /// By when to act: set off, and never by colour alone.
    When(String),
    /// The one thing to do.
    Action { label: String, link: String },
    /// A link among others.
    Link { label: String, link: String },
    /// What a summary takes in: its heading leads there.
    Item { title: String, link: String, lines: Vec<String> },
}

pub struct Layout {
    pub lang: &'static str,
    pub subject: String,
    pub parts: Vec<Part>,
    pub foot: Vec<Part>,
    pub stop: Option<String>,
}

/// The tokens of `style/`, as values: mail programs know no variables.
const STYLE: &str = "\
:root{color-scheme:light dark;supported-color-schemes:light dark}\
body{margin:0;padding:24px 12px;background:#f7f8fa;color:#0b1f33;font:16px/1.5 'Public Sans',-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif}\
main{display:block;max-width:560px;margin:0 auto;padding:28px;background:#ffffff;border:1px solid #cfd6de;border-radius:6px}\
.name{margin:0 0 20px;font-weight:700;color:#0b5c61}\
h1{margin:0 0 16px;font-size:22px;line-height:1.3}\
h2{margin:24px 0 4px;font-size:17px;line-height:1.35}\
p{margin:0 0 14px}\
a{color:#0b5c61}\
.when{padding:10px 14px;border-left:4px solid #b3541e;background:#fdf3ec;font-weight:600}\
.go{margin:20px 0 10px}\
.go a{display:inline-block;padding:12px 20px;border-radius:4px;background:#0b5c61;color:#ffffff;font-weight:600;text-decoration:none}\
.small{font-size:13px;color:#4c5f73;word-break:break-all}\
.foot{max-width:560px;margin:16px auto 0;font-size:13px;color:#4c5f73}\
.foot p{margin:0 0 6px}\
.foot a{color:#4c5f73}\
@media (prefers-color-scheme:dark){\
body{background:#0e1721;color:#e6ebf0}\
main{background:#16222f;border-color:#33475b}\
.name,a{color:#6cc5c9}\
.when{background:#2a211a;border-color:#e08a4f}\
.go a{background:#6cc5c9;color:#0b1f33}\
.small,.foot,.foot a{color:#a9b8c7}}";

impl Layout {
    pub fn lay(self) -> MailText {
        let subject = self.subject.replace(['\r', '\n'], " ");
        let text = format!("{}\n\n-- \n{}\n", text(&self.parts, "\n\n"), text(&self.foot, "\n"));
        let html = format!(
            "<!doctype html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"supported-color-schemes\" content=\"light dark\">\n\
             <title>{subject}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n<p class=\"name\">Wellposed</p>\n\
             <h1>{subject}</h1>\n{}</main>\n<div class=\"foot\">\n{}</div>\n</body>\n</html>\n",
            self.lang,
            html(&self.parts),
            html(&self.foot),
            subject = escaped(&subject),
        );
        MailText { subject, text, html, stop: self.stop, receipt: None }
    }
}

fn text(parts: &[Part], between: &str) -> String {
    let parts: Vec<String> = parts
        .iter()
        .map(|part| match part {
            Part::Text(text) | Part::When(text) => text.clone(),
            Part::Action { label, link } | Part::Link { label, link } => format!("{label}:\n{link}"),
            Part::Item { title, link, lines } => {
                let lines: String = lines.iter().map(|line| format!("\n  {line}")).collect();
                format!("* {title}{lines}\n  {link}")
            }
        })
        .collect();
    parts.join(between)
}

fn html(parts: &[Part]) -> String {
    let mut out = String::new();
    for part in parts {
        // Writing to a string does not fail.
        let _ = match part {
            Part::Text(text) => text.split("\n\n").try_for_each(|paragraph| writeln!(out, "<p>{}</p>", escaped(paragraph))),
            Part::When(text) => writeln!(out, "<p class=\"when\">{}</p>", escaped(text)),
            Part::Action { label, link } => writeln!(
                out,
                "<p class=\"go\"><a href=\"{link}\">{}</a></p>\n<p class=\"small\">{link}</p>",
                escaped(label),
                link = escaped(link)
            ),
            Part::Link { label, link } => writeln!(out, "<p><a href=\"{}\">{}</a></p>", escaped(link), escaped(label)),
            Part::Item { title, link, lines } => {
                let lines: String = lines.iter().map(|line| format!("<p>{}</p>\n", escaped(line))).collect();
                writeln!(out, "<h2><a href=\"{}\">{}</a></h2>\n{lines}", escaped(link), escaped(title))
            }
        };
    }
    out
}
