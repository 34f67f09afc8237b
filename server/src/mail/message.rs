//! A claimed row as a letter: the catalogue's text for its reader, in an envelope whose id follows from the row alone.

use std::time::{Duration, UNIX_EPOCH};

use domain::ids;
use domain::moment::Moment;
use lettre::address::Envelope;
use lettre::message::{Mailbox, MultiPart};
use lettre::{Address, Message};
use store::Outgoing;

/// Ready to be handed over.
pub struct Letter {
    /// The row's id as text: also the file's name.
    pub id: String,
    pub envelope: Envelope,
    pub bytes: Vec<u8>,
}

impl Letter {
    /// `Err`: why this row can never be a letter.
    pub fn write(mail: &Outgoing, from: &Mailbox, host: &str, now: Moment, lang: &str, zone: &str) -> Result<Self, String> {
        let params = serde_json::from_str(&mail.params).map_err(|error| format!("its parameters do not parse: {error}"))?;
        let text = app::mail_text(&mail.template, &params, lang, zone)
            .ok_or_else(|| format!("there is no text for the template {}", mail.template))?;
        let recipient: Address = mail.recipient.parse().map_err(|_| "its recipient is not an address".to_owned())?;
        let id = ids::to_text(mail.id);
        let date = UNIX_EPOCH + Duration::from_micros(u64::try_from(now.micros()).unwrap_or_default());
        let message = Message::builder()
            // The same row gives the same id, so that a mail server or reader that sees it twice can tell.
            .message_id(Some(format!("<{id}@{host}>")))
            .date(date)
            .from(from.clone())
            .to(Mailbox::new(None, recipient))
            .subject(text.subject)
            .header(AutoSubmitted)
            .multipart(MultiPart::alternative_plain_html(text.text, text.html))
            .map_err(|error| error.to_string())?;
        Ok(Self { id, envelope: message.envelope().clone(), bytes: message.formatted() })
    }
}

/// RFC 3834: no answering machine should answer.
#[derive(Clone, Copy)]
struct AutoSubmitted;

impl lettre::message::header::Header for AutoSubmitted {
    fn name() -> lettre::message::header::HeaderName {
        lettre::message::header::HeaderName::new_from_ascii_str("Auto-Submitted")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self)
    }

    fn display(&self) -> lettre::message::header::HeaderValue {
        lettre::message::header::HeaderValue::new(Self::name(), "auto-generated".into())
    }
}
