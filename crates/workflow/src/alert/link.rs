//! Links in mails of alerts, signed like those that stop notices: one stops one alert, one confirms one, one proves an address.

use domain::ids::{AlertId, from_text, to_text};

use crate::Desk;
use crate::notice::StopKey;

impl StopKey {
    /// `<alert>.alert-<act>.<signature>`; `act`: `stop` or `confirm`.
    fn alert_token(&self, act: &str, alert: AlertId) -> String {
        let what = format!("{alert}.alert-{act}");
        format!("{what}.{}", self.sign(&what))
    }

    pub(crate) fn alert(&self, act: &str, token: &str) -> Option<AlertId> {
        let (alert, what) = self.signed(token)?.split_once('.')?;
        if what.strip_prefix("alert-") == Some(act) { AlertId::parse(alert) } else { None }
    }

    /// `<address>.address.<signature>`: good for as long as the address keeps anything.
    pub(crate) fn address_token(&self, address: i64) -> String {
        let what = format!("{}.address", to_text(address));
        format!("{what}.{}", self.sign(&what))
    }

    pub(crate) fn address(&self, token: &str) -> Option<i64> {
        let (address, what) = self.signed(token)?.split_once('.')?;
        if what == "address" { from_text(address) } else { None }
    }
}

impl Desk {
    /// The whole address. `act`: `stop` or `confirm`.
    pub(crate) fn alert_link(&self, act: &str, alert: AlertId) -> String {
        format!("{}/alerts/{act}?t={}", self.base_url, self.stops.alert_token(act, alert))
    }
}

#[cfg(test)]
mod tests {
    use domain::notice::Stop;

    use super::*;

    #[test]
    fn a_link_does_what_it_was_made_for_and_nothing_else() {
        let key = StopKey("5e".repeat(32));
        let stop = key.alert_token("stop", AlertId(7));
        assert_eq!(key.alert("stop", &stop), Some(AlertId(7)));
        assert_eq!(key.alert("confirm", &stop), None, "to stop proves the mail, to confirm needs the asking");
        assert_eq!(key.address(&stop), None);
        assert_eq!(key.alert("stop", &stop.replace(&to_text(7), &to_text(8))), None);
        let address = key.address_token(9);
        assert_eq!(key.address(&address), Some(9));
        assert_eq!(key.alert("stop", &address), None);
        assert_eq!(Stop::parse("alert-stop"), None, "no kind of notice is called so");
        assert_eq!(StopKey("5f".repeat(32)).address(&address), None, "another installation's");
    }
}
