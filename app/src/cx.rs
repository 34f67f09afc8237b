//! What a page knows of its reader: who, in which language, zone and theme, and when.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use domain::moment::Moment;
use domain::organisation::{Actor, OrganisationKind};
use workflow::Desk;
use workflow::account::SignedIn;

use crate::fault::Fault;
use crate::frame::Shell;
use crate::words::Words;

pub const COOKIE: &str = "wp_session";

/// Cheap to clone; made once a request by `guard::reader`.
#[derive(Clone)]
pub struct Cx(Arc<Reader>);

pub struct Reader {
    pub desk: Desk,
    pub shell: Arc<Shell>,
    pub words: Words,
    pub signed_in: Option<SignedIn>,
    pub actor: Actor,
    pub cookie: Option<String>,
    /// The reader's zone, where one is known.
    pub zone: Option<String>,
    /// `light` or `dark`; none: what the system says.
    pub theme: Option<&'static str>,
    pub now: Moment,
    /// When something that was rendered so far reads differently: a countdown, a deadline.
    pub until: AtomicI64,
    /// Path and query, to come back to.
    pub uri: String,
    /// Says what was just done, after a redirect.
    pub done: Option<String>,
    pub json: bool,
    pub agent: String,
}

impl std::ops::Deref for Cx {
    type Target = Reader;
    fn deref(&self) -> &Reader {
        &self.0
    }
}

impl Cx {
    pub fn new(reader: Reader) -> Self {
        Self(Arc::new(reader))
    }

    pub fn acts_as(&self, kind: OrganisationKind) -> bool {
        self.actor.acting_as().is_some_and(|acting| acting.kind == kind)
    }

    /// Says that the page reads differently from then on.
    pub fn differs_from(&self, at: Moment) {
        if self.now.before(at) {
            self.until.fetch_min(at.micros(), Ordering::Relaxed);
        }
    }

    pub fn path(&self) -> &str {
        self.uri.split('?').next().unwrap_or("/")
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Cx {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Fault> {
        parts.extensions.get::<Cx>().cloned().ok_or_else(|| Fault::broken("a page outside its frame"))
    }
}
