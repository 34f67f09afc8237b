//! Links in mails that stop them: signed, for one reader and one kind or summary, good for as long as the mail is kept.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::ids::{from_text, to_text};
use domain::notice::{Choice, EventKind, Stop};
use domain::organisation::Actor;
use hkdf::Hkdf;
use sha2::Sha256;

use crate::sealing::hex;
use crate::{Chance, Desk, Error, Result};

/// Kept in the database, so that links outlive a rotation of the master key. Whoever stole it could stop mails, no more.
pub(crate) struct StopKey(pub(crate) String);

impl StopKey {
    /// Its name among the facts of the installation.
    pub(crate) const STORED: &'static str = "stop_key";

    pub(crate) fn fresh(chance: &Chance) -> String {
        hex(&chance.bytes::<32>())
    }

    /// HKDF's expansion is HMAC-SHA-256 of what it is told.
    pub(crate) fn sign(&self, what: &str) -> String {
        let mut tag = [0; 16];
        // It fails for lengths beyond 8,160 bytes alone.
        let _ = Hkdf::<Sha256>::new(None, self.0.as_bytes()).expand(format!("stop|{what}").as_bytes(), &mut tag);
        URL_SAFE_NO_PAD.encode(tag)
    }

    /// `<reader>.<kind>.<signature>`
    pub(crate) fn token(&self, user: i64, stop: Stop) -> String {
        let what = format!("{}.{}", to_text(user), stop.code());
        format!("{what}.{}", self.sign(&what))
    }

    fn read(&self, token: &str) -> Option<(i64, Stop)> {
        let (user, code) = self.signed(token)?.split_once('.')?;
        Some((from_text(user)?, Stop::parse(code)?))
    }

    /// What stands before the signature, where that is of this key.
    pub(crate) fn signed<'a>(&self, token: &'a str) -> Option<&'a str> {
        let (what, signature) = token.rsplit_once('.')?;
        let expected = self.sign(what);
        // In constant time: a signature is not guessed byte by byte.
        let same = expected.len() == signature.len()
            && expected.bytes().zip(signature.bytes()).fold(0, |differs, (a, b)| differs | (a ^ b)) == 0;
        same.then_some(what)
    }
}

impl Desk {
    /// The whole address.
    pub(crate) fn stop_link(&self, user: i64, stop: Stop) -> String {
        format!("{}/stop?t={}", self.base_url, self.stops.token(user, stop))
    }
}

/// What a link would stop; `None` for a link that this service did not make.
pub fn read_stop(desk: &Desk, token: &str) -> Option<Stop> {
    desk.stops.read(token).map(|(_, stop)| stop)
}

/// Stops mail of the kind (or of all kinds in the summary): they stay in the list. `again`: takes it back, to what is usual.
pub async fn stop_by_link(desk: &Desk, token: &str, again: bool) -> Result<Stop> {
    let Some((user, stop)) = desk.stops.read(token) else { return Err(Error::field("t", "link-used")) };
    desk.write(&Actor::Visitor, move |tx| {
        Box::pin(async move {
            let now = |kind: EventKind| if again { kind.usual() } else { Choice::InApp };
            let choices = match stop {
                Stop::Kind(kind) => vec![(kind, now(kind))],
                Stop::Summary(summary) => {
                    let chosen = tx.notice_choices(user).await?;
                    let of = |kind: &EventKind| {
                        let own = chosen.iter().find(|(code, _)| code == kind.code());
                        own.and_then(|(_, choice)| Choice::parse(choice)).unwrap_or(kind.usual())
                    };
                    let (from, to) = if again { (Choice::InApp, summary) } else { (summary, Choice::InApp) };
                    EventKind::ALL.iter().filter(|kind| of(kind) == from).map(|kind| (*kind, to)).collect()
                }
            };
            tx.choose_by_link(user, &choices).await?;
            Ok(stop)
        })
    })
    .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_stops_what_it_was_made_for_and_nothing_else() {
        let key = StopKey("5e".repeat(32));
        let token = key.token(7, Stop::Kind(EventKind::Amended));
        assert_eq!(key.read(&token), Some((7, Stop::Kind(EventKind::Amended))));
        assert_eq!(key.read(&token.replace("amended", "cancelled")), None);
        assert_eq!(key.read(&token.replace(&to_text(7), &to_text(8))), None);
        assert_eq!(key.read(token.trim_end_matches(|c: char| c != '.')), None);
        assert_eq!(StopKey("5f".repeat(32)).read(&token), None, "another installation's");
        for garbage in ["", ".", "..", "a.b.c", "é.é.é"] {
            assert_eq!(key.read(garbage), None);
        }
    }
}
