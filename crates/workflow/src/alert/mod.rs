//! Being told of what is found: keeping a search, a buyer or a category, with an account or with an address that its owner
//! confirms by mail; changing and stopping it. What is told is what everybody may find, so that no mail says more than the
//! public page does.

mod link;
mod mail;
mod never;
mod tell;

use domain::alert::{CONFIRM_WITHIN, LONGEST_VALUE, MOST, What, rhythm};
use domain::form::{Errors, FieldError, Fields};
use domain::ids::{AlertId, OrganisationId};
use domain::moment::Moment;
use domain::notice::Choice;
use domain::organisation::Actor;
use domain::policy::{self, ManageAlert, Refused};
pub(crate) use mail::found;
pub use mail::{FOUND_SHOWN, Found};
pub use never::{Never, never};
use serde_json::json;
use store::{AlertRow, Conn, Mail, NewAlert, Owner};
pub(crate) use tell::TEMPLATE;
pub use tell::{keep_telling, tell_found};

use crate::account::address;
use crate::{Desk, Error, Result};

/// Something kept, as its owner sees it.
#[derive(Clone, Debug)]
pub struct AlertView {
    pub id: AlertId,
    pub wanted: Wanted,
    pub rhythm: Choice,
    pub asked_at: Moment,
    pub stopped: bool,
    /// The owner of the address said yes; always so for an account.
    pub confirmed: bool,
    /// Documents it has told of.
    pub told: i64,
}

/// What is waited for, with what its name is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// The search as it stands in an address.
    Search(String),
    Buyer {
        id: OrganisationId,
        name: String,
    },
    /// A code of the vocabulary.
    Category(String),
}

impl Wanted {
    fn stored(&self) -> (What, String) {
        match self {
            Wanted::Search(text) => (What::Search, text.clone()),
            Wanted::Buyer { id, .. } => (What::Buyer, id.get().to_string()),
            Wanted::Category(code) => (What::Category, code.clone()),
        }
    }

    fn of(row: &AlertRow) -> Result<Self> {
        let broken = || Error::Broken(format!("alert {}: it does not parse", AlertId(row.id)));
        Ok(match What::parse(&row.what).ok_or_else(broken)? {
            What::Search => Wanted::Search(row.value.clone()),
            What::Buyer => {
                let id = row.value.parse().map_err(|_| broken())?;
                Wanted::Buyer { id: OrganisationId(id), name: row.buyer.clone().unwrap_or_default() }
            }
            What::Category => Wanted::Category(row.value.clone()),
        })
    }
}

/// What an address (`?q=…`, `?of_buyer=<id>`, `?of_category=<code>`) asks to be told of; `search`: the same as a search, which has
/// a buyer and a category of its own to narrow it. `None` where there is no such buyer or category.
pub async fn wanted(desk: &Desk, fields: &Fields, search: String) -> Result<Option<Wanted>> {
    if !fields.get("of_category").is_empty() {
        let code = fields.get("of_category");
        return Ok(domain::challenge::categories::label(code).map(|_| Wanted::Category(code.to_owned())));
    }
    if !fields.get("of_buyer").is_empty() {
        let Some(id) = OrganisationId::parse(fields.get("of_buyer")) else { return Ok(None) };
        let row = desk.store.read().await?.organisation(id.get()).await?;
        // A buyer that is not verified has published nothing, and is nobody's business yet.
        let row = row.filter(|row| row.kind == "buyer" && row.verified_at.is_some());
        return Ok(row.map(|row| Wanted::Buyer { id, name: row.name }));
    }
    Ok((search.len() <= LONGEST_VALUE).then_some(Wanted::Search(search)))
}

/// Whether it tells from now on, or waits for the owner of the address to say yes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Saved {
    Running,
    Mailed,
}

/// Fields: `rhythm`, and `email` where nobody is signed in. `proven`: the token of an address, where this browser has one.
/// Whether an address is known is told to nobody: the answer is the same, its owner gets the mail.
pub async fn save_alert(desk: &Desk, actor: &Actor, proven: Option<&str>, wanted: &Wanted, fields: &Fields) -> Result<Saved> {
    let mut errors = Errors::default();
    let rhythm = rhythm(fields.get("rhythm"));
    if rhythm.is_none() {
        errors.say("rhythm", "choose");
    }
    if let Some(never) = never(wanted) {
        errors.say("rhythm", never.code());
    }
    let email = address(fields.get("email")).filter(|_| actor.user().is_none());
    if email.is_none() && actor.user().is_none() {
        errors.say("email", "email");
    }
    let rhythm = errors.done(rhythm.unwrap_or(Choice::Daily)).map_err(Error::Invalid)?;
    let proven = proven.and_then(|token| desk.stops.address(token));
    let (who, (what, value)) = (actor.clone(), wanted.stored());
    let (id, address_id) = (AlertId(desk.chance.id()), desk.chance.id());
    let mail = email.clone().map(|email| (desk.chance.id(), email));
    let links = desk.clone();
    desk.write(actor, move |tx| {
        Box::pin(async move {
            let now = tx.now().await?;
            let permit = policy::save_alert(&who, tx.brand(), now)?;
            let mut owner = Owner { user: who.user().map(|user| user.get()), address: None };
            let mut refused = false;
            if let Some(email) = &email {
                owner.address = Some(tx.add_alert_address(address_id, email, "en", "UTC").await?);
                refused = tx.refused_alerts(email).await?;
            }
            let confirmed = owner.user.is_some() || owner.address.is_some() && owner.address == proven;
            let kept = tx.alerts_of(owner).await?;
            let running = kept.iter().filter(|row| row.stopped_at.is_none()).count();
            if i64::try_from(running).unwrap_or(MOST) >= MOST
                && !kept.iter().any(|row| row.what == what.code() && row.value == value)
            {
                return Err(Error::Invalid(vec![FieldError::new("rhythm", "alerts-many").with("max", MOST)]));
            }
            let new = NewAlert { id, owner, what, value: &value, rhythm, confirmed };
            let id = tx.save_alert(&permit, &new).await?;
            let Some((mail, recipient)) = mail.filter(|_| !confirmed) else { return Ok(Saved::Running) };
            // Its owner wants to be asked no more. The answer is the same: nobody learns of it.
            if refused {
                return Ok(Saved::Mailed);
            }
            let (link, stop) = (links.alert_link("confirm", id), links.alert_link("stop", id));
            tx.mail(Mail {
                id: mail,
                event: format!("alert_confirm:{id}:{}", now.micros()),
                recipient,
                template: "alert-confirm",
                params: json!({ "link": link, "stop": stop }),
                due_at: None,
            });
            Ok(Saved::Mailed)
        })
    })
    .await
}

/// Who the reader is here: the account, and the address that this browser has proven.
fn owner(desk: &Desk, actor: &Actor, proven: Option<&str>) -> Owner {
    Owner { user: actor.user().map(|user| user.get()), address: proven.and_then(|token| desk.stops.address(token)) }
}

/// Everything that the reader keeps, the newest first; and the address that is proven, if one is. What waits for a yes is not
/// among it: it may have been asked for by somebody else.
pub async fn list_alerts(desk: &Desk, actor: &Actor, proven: Option<&str>) -> Result<(Vec<AlertView>, Option<String>)> {
    let owner = owner(desk, actor, proven);
    let mut conn = desk.store.read().await?;
    let email = match owner.address {
        Some(address) => conn.alert_email(address).await?,
        None => None,
    };
    if owner == Owner::default() {
        return Ok((Vec::new(), email));
    }
    let rows = conn.alerts_of(owner).await?;
    let shown = rows.iter().filter(|row| row.confirmed_at.is_some());
    Ok((shown.map(view).collect::<Result<_>>()?, email))
}

fn view(row: &AlertRow) -> Result<AlertView> {
    Ok(AlertView {
        id: AlertId(row.id),
        wanted: Wanted::of(row)?,
        rhythm: Choice::parse(&row.rhythm).unwrap_or(Choice::Daily),
        asked_at: Moment(row.asked_at),
        stopped: row.stopped_at.is_some(),
        confirmed: row.confirmed_at.is_some(),
        told: row.told,
    })
}

/// Tells by another rhythm, or again; `None` stops it.
pub async fn set_alert(desk: &Desk, actor: &Actor, proven: Option<&str>, alert: AlertId, rhythm: Option<Choice>) -> Result<()> {
    let proven = proven.and_then(|token| desk.stops.address(token));
    set(desk, actor, proven, alert, move |_| Ok(rhythm)).await.map(drop)
}

async fn set(
    desk: &Desk,
    actor: &Actor,
    proven: Option<i64>,
    alert: AlertId,
    to: impl FnOnce(&AlertRow) -> Result<Option<Choice>> + Send + 'static,
) -> Result<AlertRow> {
    let who = actor.clone();
    desk.write(actor, move |tx| {
        Box::pin(async move {
            let unseen = Refused::unseen::<ManageAlert>(alert.get());
            let facts = tx.alert_facts(alert, proven).await?.ok_or(unseen)?;
            let permit = policy::manage_alert(&who, &facts)?;
            let row = tx.alert(alert).await?.ok_or(unseen)?;
            tx.set_alert(&permit, to(&row)?).await?;
            Ok(row)
        })
    })
    .await
}

/// What the link of a confirmation asks; `None` for a link that this service did not make, or that is too old.
pub async fn read_alert_confirm(desk: &Desk, token: &str) -> Result<Option<AlertView>> {
    let mut conn = desk.store.read().await?;
    asked(desk, &mut conn, token).await?.as_ref().map(view).transpose()
}

async fn asked(desk: &Desk, conn: &mut Conn, token: &str) -> Result<Option<AlertRow>> {
    let Some(alert) = desk.stops.alert("confirm", token) else { return Ok(None) };
    let now = conn.now().await?;
    let row = conn.alert(alert).await?;
    Ok(row.filter(|row| row.address.is_some() && now.before(Moment(row.asked_at).plus(CONFIRM_WITHIN))))
}

/// The owner of the address says yes. Gives the token that proves the address from now on.
pub async fn confirm_alert(desk: &Desk, token: &str) -> Result<String> {
    let used = || Error::field("t", "link-used");
    let mut conn = desk.store.read().await?;
    let row = asked(desk, &mut conn, token).await?.ok_or_else(used)?;
    drop(conn);
    let address = row.address.ok_or_else(used)?;
    set(desk, &Actor::Visitor, Some(address), AlertId(row.id), |row| Ok(Choice::parse(&row.rhythm))).await?;
    Ok(desk.stops.address_token(address))
}

/// What the link of a mail stops; `None` for a link that this service did not make, or of what is forgotten.
pub async fn read_alert_stop(desk: &Desk, token: &str) -> Result<Option<AlertView>> {
    let Some(alert) = desk.stops.alert("stop", token) else { return Ok(None) };
    desk.store.read().await?.alert(alert).await?.as_ref().map(view).transpose()
}

/// One click of a mail program (RFC 8058). `again`: begins anew. Of what waits for a yes it is a no for the address: it is asked no
/// more, whatever search is typed beside it.
pub async fn stop_alert_by_link(desk: &Desk, token: &str, again: bool) -> Result<()> {
    let used = || Error::field("t", "link-used");
    let alert = desk.stops.alert("stop", token).ok_or_else(used)?;
    let row = desk.store.read().await?.alert(alert).await?.ok_or_else(used)?;
    // The link was in a mail of this alert: it proves the mailbox, of an account too.
    let as_owner = match row.user_id {
        Some(user) => Actor::User { user: user.into(), administrator: false, acting_as: None },
        None => Actor::Visitor,
    };
    let to = move |row: &AlertRow| Ok(Choice::parse(&row.rhythm).filter(|_| again));
    set(desk, &as_owner, row.address, alert, to).await.map(drop)
}

/// The token of a link that proves an address, as it was mailed; `None` for any other.
pub fn proves_address(desk: &Desk, token: &str) -> bool {
    desk.stops.address(token).is_some()
}
