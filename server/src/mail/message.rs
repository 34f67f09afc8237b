//! A claimed row as a letter: the catalogue's text for its reader, in an envelope whose id follows from the row alone.

use std::time::{Duration, UNIX_EPOCH};

use app::MailText;
use domain::ids;
use domain::moment::Moment;
use lettre::address::Envelope;
use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Attachment, Mailbox, MultiPart};
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
    pub fn write(mail: &Outgoing, text: MailText, from: &Mailbox, host: &str, now: Moment) -> Result<Self, String> {
        let recipient: Address = mail.recipient.parse().map_err(|_| "its recipient is not an address".to_owned())?;
        let id = ids::to_text(mail.id);
        let date = UNIX_EPOCH + Duration::from_micros(u64::try_from(now.micros()).unwrap_or_default());
        let mut message = Message::builder()
            // The same row gives the same id, so that a mail server or reader that sees it twice can tell.
            .message_id(Some(format!("<{id}@{host}>")))
            .date(date)
            .from(from.clone())
            .to(Mailbox::new(None, recipient))
            .subject(text.subject)
            .header(AutoSubmitted);
        // RFC 2369 and RFC 8058: mail programs show a button that posts to this address, without the reader signing in.
        if let Some(stop) = text.stop.filter(|stop| stop.is_ascii()) {
            message = message
                .raw_header(raw("List-Unsubscribe", format!("<{stop}>")))
                .raw_header(raw("List-Unsubscribe-Post", "List-Unsubscribe=One-Click".into()));
        }
        let body = MultiPart::alternative_plain_html(text.text, text.html);
        let whole = match text.receipt {
            None => body,
            Some(receipt) => {
                let json = ContentType::parse("application/json").map_err(|error| error.to_string())?;
                MultiPart::mixed().multipart(body).singlepart(Attachment::new("receipt.json".into()).body(receipt, json))
            }
        };
        let message = message.multipart(whole).map_err(|error| error.to_string())?;
        Ok(Self { id, envelope: message.envelope().clone(), bytes: message.formatted() })
    }
}

/// As it stands: an encoder would fold the address and mail programs would not find it.
fn raw(name: &'static str, value: String) -> HeaderValue {
    HeaderValue::dangerous_new_pre_encoded(HeaderName::new_from_ascii_str(name), value.clone(), value)
}

/// RFC 3834: no answering machine should answer.
#[derive(Clone, Copy)]
struct AutoSubmitted;

impl lettre::message::header::Header for AutoSubmitted {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Auto-Submitted")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self)
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), "auto-generated".into())
    }
}
