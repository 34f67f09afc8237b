//! Accounts: the first administrator, registration with a confirmed address, signing in and out, passwords, sessions.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::form::{Errors, Fields};
use domain::ids::{MembershipId, OrganisationId, UserId};
use domain::moment::{DAY, HOUR, MINUTE, Moment};
use domain::organisation::{ActingAs, Actor, OrganisationKind, Role};
use domain::policy;
use serde_json::json;
use sha2::{Digest, Sha256};
use store::{Mail, NewUser, SessionRow};

use crate::passwords::{LONGEST, SHORTEST};
use crate::{Desk, Error, Result};

/// A session ends this long after it began, used or not.
const SESSION: i64 = 30 * DAY;
/// And this long after it was last seen.
const IDLE: i64 = 2 * DAY;

const CONFIRM: &str = "confirm";
const RESET: &str = "reset";

/// A person as signed in: the session's row and the actor that the policy knows.
#[derive(Clone, Debug)]
pub struct SignedIn {
    pub session: SessionRow,
    pub actor: Actor,
}

/// What a cookie or link carries; only its SHA-256 is stored.
#[derive(Clone, Debug)]
pub struct Secret(pub String);

impl Secret {
    pub(crate) fn fresh(desk: &Desk) -> Self {
        Self(URL_SAFE_NO_PAD.encode(desk.chance.bytes::<32>()))
    }

    pub(crate) fn digest(text: &str) -> Vec<u8> {
        Sha256::digest(text.as_bytes()).to_vec()
    }

    pub(crate) fn stored(&self) -> Vec<u8> {
        Self::digest(&self.0)
    }
}

/// Fields `name`, `email`, `password`, `zone`, parsed.
struct Person {
    name: String,
    email: String,
    password: String,
    zone: String,
}

/// An address as it is stored and compared: trimmed, lower case, with one @ and a dot behind it, no spaces.
pub fn address(text: &str) -> Option<String> {
    let text = text.trim().to_lowercase();
    let (local, host) = text.split_once('@')?;
    let sound = !local.is_empty()
        && host.split('.').count() > 1
        && host.split('.').all(|part| !part.is_empty())
        && text.len() <= 254
        && !text.chars().any(|c| c.is_whitespace() || c.is_control() || matches!(c, '<' | '>' | ',' | ';' | '"' | '(' | ')'))
        && !host.contains('@');
    sound.then_some(text)
}

fn password(errors: &mut Errors, fields: &Fields, field: &str) -> String {
    // As typed: a space at the end of a password is part of it.
    let text = fields.raw(field).to_owned();
    let length = text.chars().count();
    if length < SHORTEST {
        errors.add(domain::form::FieldError::new(field, "password-short").with("min", SHORTEST));
    } else if length > LONGEST {
        errors.add(domain::form::FieldError::new(field, "too-long").with("max", LONGEST).with("over", length - LONGEST));
    }
    text
}

fn zone(errors: &mut Errors, fields: &Fields) -> String {
    let zone = if fields.get("zone").is_empty() { "UTC" } else { fields.get("zone") };
    if jiff::tz::TimeZone::get(zone).is_err() {
        errors.say("zone", "zone");
    }
    zone.to_owned()
}

fn person(fields: &Fields) -> Result<Person> {
    let mut errors = Errors::default();
    let name = errors.text(fields, "name", true, 120);
    let email = address(fields.get("email"));
    if email.is_none() {
        errors.say("email", "email");
    }
    let password = password(&mut errors, fields, "password");
    let zone = zone(&mut errors, fields);
    let person = Person { name, email: email.unwrap_or_default(), password, zone };
    errors.done(person).map_err(Error::Invalid)
}

/// The first administrator, while there is none: whoever starts the installation.
pub async fn set_up(desk: &Desk, fields: &Fields) -> Result<UserId> {
    let person = person(fields)?;
    let password = desk.passwords.hash(person.password, &desk.chance).await?;
    let id = desk.chance.id();
    let user =
        NewUser { id, email: person.email, name: person.name, password, administrator: true, confirmed: true, zone: person.zone };
    desk.write(&Actor::Visitor, move |tx| {
        Box::pin(async move {
            if tx.any_administrator().await? {
                return Err(Error::field("email", "set-up-done"));
            }
            tx.insert_user(&user).await?;
            Ok(UserId(id))
        })
    })
    .await
}

/// A user made by the operator's command: confirmed, perhaps an administrator.
pub async fn add_user(desk: &Desk, fields: &Fields, administrator: bool) -> Result<UserId> {
    let person = person(fields)?;
    let password = desk.passwords.hash(person.password, &desk.chance).await?;
    let id = desk.chance.id();
    let user =
        NewUser { id, email: person.email, name: person.name, password, administrator, confirmed: true, zone: person.zone };
    let made = desk.write(&Actor::System("user add"), move |tx| Box::pin(async move { Ok(tx.insert_user(&user).await?) })).await;
    match made {
        Err(Error::Stale) => Err(Error::field("email", "email-taken")),
        made => made.map(|()| UserId(id)),
    }
}

/// The same answer and the same work whether or not the address is known: the mail tells its owner which it was.
pub async fn register(desk: &Desk, fields: &Fields) -> Result<()> {
    let person = person(fields)?;
    let password = desk.passwords.hash(person.password, &desk.chance).await?;
    let id = desk.chance.id();
    let secret = Secret::fresh(desk);
    let (mail_id, base) = (desk.chance.id(), desk.base_url.clone());
    let user = NewUser {
        id,
        email: person.email,
        name: person.name,
        password,
        administrator: false,
        confirmed: false,
        zone: person.zone,
    };
    desk.write(&Actor::Visitor, move |tx| {
        Box::pin(async move {
            let (email, name) = (user.email.clone(), user.name.clone());
            let (template, user_id) = match tx.user_by_email(&email).await? {
                None => {
                    tx.insert_user(&user).await?;
                    ("confirm", Some(id))
                }
                // Registered before and never confirmed: the link goes out again.
                Some(known) if known.confirmed_at.is_none() => ("confirm", Some(known.id)),
                Some(_) => ("already-registered", None),
            };
            let link = match user_id {
                Some(user) => {
                    tx.insert_token(&secret.stored(), CONFIRM, &email, Some(user), None, None, None, 2 * DAY).await?;
                    format!("{base}/confirm?token={}", secret.0)
                }
                None => format!("{base}/reset"),
            };
            let params = json!({ "name": name, "link": link });
            tx.mail(Mail { id: mail_id, event: format!("register:{mail_id}"), recipient: email, template, params, due_at: None });
            tx.leave_no_entry();
            Ok(())
        })
    })
    .await
}

/// Uses up the mailed link.
pub async fn confirm_address(desk: &Desk, token: &str) -> Result<()> {
    let token = Secret::digest(token);
    desk.write(&Actor::Visitor, move |tx| {
        Box::pin(async move {
            let Some(found) = tx.use_token(&token, CONFIRM).await? else { return Err(Error::field("token", "link-used")) };
            tx.confirm_user(found.user_id.unwrap_or_default()).await?;
            Ok(())
        })
    })
    .await
}

/// One refusal for a wrong password, an unknown address and an unconfirmed one, after the same work.
pub async fn sign_in(desk: &Desk, email: &str, password: &str, agent: &str) -> Result<Secret> {
    let wrong = || Error::field("password", "sign-in");
    let password: String = password.chars().take(LONGEST + 1).collect();
    let user = match address(email) {
        Some(email) => desk.store.read().await?.user_by_email(&email).await?,
        None => None,
    };
    let matches = desk.passwords.verify(password, user.as_ref().map(|user| user.password.clone())).await?;
    let Some(user) = user.filter(|user| matches && user.confirmed_at.is_some()) else { return Err(wrong()) };
    let secret = Secret::fresh(desk);
    let (stored, id) = (secret.stored(), desk.chance.id());
    let agent: String = agent.chars().filter(|c| !c.is_control()).take(200).collect();
    desk.write(&Actor::Visitor, move |tx| {
        Box::pin(async move {
            let now = tx.now().await?;
            let memberships = tx.memberships_of(user.id).await?;
            // With one membership there is nothing to choose.
            let membership = memberships.first().filter(|_| memberships.len() == 1).map(|membership| membership.id);
            tx.insert_session(&stored, id, user.id, membership, now.plus(SESSION), &agent).await?;
            Ok(())
        })
    })
    .await?;
    Ok(secret)
}

/// The person behind a cookie, if the session still lives. Seen at most once a minute, so that reading writes little.
pub async fn signed_in(desk: &Desk, cookie: &str) -> Result<Option<SignedIn>> {
    let token = Secret::digest(cookie);
    let Some(session) = desk.store.session(&token).await? else { return Ok(None) };
    let now = desk.store.now();
    if now.reached(Moment(session.expires_at)) || now.reached(Moment(session.seen_at).plus(IDLE)) {
        return Ok(None);
    }
    if now.micros() - session.seen_at > MINUTE {
        desk.store.write(move |tx| Box::pin(async move { tx.touch_session(&token, now).await })).await?;
    }
    let acting_as = match (session.membership, session.organisation, &session.organisation_kind, &session.role) {
        (Some(membership), Some(organisation), Some(kind), Some(role)) => {
            OrganisationKind::parse(kind).zip(Role::parse(role)).map(|(kind, role)| ActingAs {
                membership: MembershipId(membership),
                organisation: OrganisationId(organisation),
                kind,
                role,
            })
        }
        _ => None,
    };
    let actor = Actor::User { user: UserId(session.user_id), administrator: session.administrator, acting_as };
    Ok(Some(SignedIn { session, actor }))
}

pub async fn end_session(desk: &Desk, actor: &Actor, session: i64) -> Result<()> {
    let Some(user) = actor.user() else { return Ok(()) };
    desk.write(actor, move |tx| Box::pin(async move { Ok(tx.end_session(user.get(), session).await?) })).await
}

/// The session goes on under a new cookie, acting as another membership (or as nobody).
pub async fn act_as(desk: &Desk, actor: &Actor, cookie: &str, membership: Option<MembershipId>) -> Result<Secret> {
    let secret = Secret::fresh(desk);
    let (old, new) = (Secret::digest(cookie), secret.stored());
    let who = actor.clone();
    desk.write(actor, move |tx| {
        Box::pin(async move {
            let now = tx.now().await?;
            let user = who.user().map_or(0, |user| user.get());
            let held = tx.memberships_of(user).await?;
            let chosen = held.iter().find(|held| Some(MembershipId(held.id)) == membership);
            let organisation = OrganisationId(chosen.map_or(0, |held| held.organisation));
            let permit = policy::act_as(&who, tx.brand(), now, organisation, chosen.is_some() || membership.is_none())?;
            tx.rotate_session(&old, &new, chosen.map(|held| held.id)).await?;
            tx.record(&permit, None)?;
            Ok(())
        })
    })
    .await?;
    Ok(secret)
}

pub async fn change_password(desk: &Desk, actor: &Actor, cookie: &str, fields: &Fields) -> Result<()> {
    let Some(id) = actor.user() else { return Err(Error::field("current", "sign-in")) };
    let mut errors = Errors::default();
    let new = password(&mut errors, fields, "password");
    let user = desk.store.read().await?.user(id.get()).await?;
    let current: String = fields.raw("current").chars().take(LONGEST + 1).collect();
    if !desk.passwords.verify(current, user.map(|user| user.password)).await? {
        errors.say("current", "password-wrong");
    }
    errors.done(()).map_err(Error::Invalid)?;
    let hash = desk.passwords.hash(new, &desk.chance).await?;
    let keep = Secret::digest(cookie);
    desk.write(actor, move |tx| Box::pin(async move { Ok(tx.set_password(id.get(), &hash, Some(&keep)).await?) })).await
}

pub async fn edit_profile(desk: &Desk, actor: &Actor, fields: &Fields) -> Result<()> {
    let Some(id) = actor.user() else { return Err(Error::field("name", "sign-in")) };
    let mut errors = Errors::default();
    let name = errors.text(fields, "name", true, 120);
    let zone = zone(&mut errors, fields);
    errors.done(()).map_err(Error::Invalid)?;
    desk.write(actor, move |tx| Box::pin(async move { Ok(tx.set_profile(id.get(), &name, &zone).await?) })).await
}

/// Always the same answer; a mail goes out where the address is known.
pub async fn request_reset(desk: &Desk, email: &str) -> Result<()> {
    let Some(email) = address(email) else { return Err(Error::field("email", "email")) };
    let secret = Secret::fresh(desk);
    let (mail_id, base) = (desk.chance.id(), desk.base_url.clone());
    desk.write(&Actor::Visitor, move |tx| {
        Box::pin(async move {
            if let Some(user) = tx.user_by_email(&email).await? {
                tx.insert_token(&secret.stored(), RESET, &email, Some(user.id), None, None, None, HOUR).await?;
                let params = json!({ "name": user.name, "link": format!("{base}/reset/new?token={}", secret.0) });
                tx.mail(Mail {
                    id: mail_id,
                    event: format!("reset:{mail_id}"),
                    recipient: email,
                    template: "reset",
                    params,
                    due_at: None,
                });
            }
            tx.leave_no_entry();
            Ok(())
        })
    })
    .await
}

/// Sets the password that the mailed link allows, confirms the address by the way and ends all sessions.
pub async fn reset_password(desk: &Desk, token: &str, fields: &Fields) -> Result<()> {
    let mut errors = Errors::default();
    let new = password(&mut errors, fields, "password");
    errors.done(()).map_err(Error::Invalid)?;
    let hash = desk.passwords.hash(new, &desk.chance).await?;
    let token = Secret::digest(token);
    desk.write(&Actor::Visitor, move |tx| {
        Box::pin(async move {
            let Some(found) = tx.use_token(&token, RESET).await? else { return Err(Error::field("password", "link-used")) };
            let user = found.user_id.unwrap_or_default();
            tx.confirm_user(user).await?;
            tx.set_password(user, &hash, None).await?;
            Ok(())
        })
    })
    .await
}

#[cfg(test)]
mod tests {
    use super::address;

    #[test]
    fn addresses() {
        assert_eq!(address(" Ana@Example.ORG "), Some("ana@example.org".into()));
        for text in ["", "a", "a@b", "@b.c", "a@@b.c", "a b@c.d", "a@b..c", "a@b.c\r\nBcc: x@y.z", "<a@b.c>"] {
            assert_eq!(address(text), None, "{text:?}");
        }
    }
}
