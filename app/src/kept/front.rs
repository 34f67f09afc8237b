//! The outermost service: a page that is kept is answered here, before request ids, spans, bounds and layers, none of which
//! has anything to do for bytes that lie ready. It still leaves its line in the log and is counted.

use std::convert::Infallible;
use std::future::{Ready, ready};
use std::task::{Context, Poll};

use axum::Router;
use axum::extract::Request;
use axum::response::Response;
use futures::FutureExt;
use futures::future::{BoxFuture, Either};
use tower::Service;

use super::prepared::Form;
use super::{Basis, Place, key};
use crate::frame::App;
use crate::library;

/// Puts the shelf before everything that `router` is.
pub fn front(app: App, router: Router) -> Router {
    if app.shelf.is_none() {
        return router;
    }
    Router::new().fallback_service(Front { app, inner: router })
}

#[derive(Clone)]
struct Front {
    app: App,
    inner: Router,
}

type Answer = Result<Response, Infallible>;

impl Service<Request> for Front {
    type Response = Response;
    type Error = Infallible;
    type Future = Either<Ready<Answer>, BoxFuture<'static, Answer>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        // As the router's.
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, mut request: Request) -> Self::Future {
        let Some(key) = key(&request) else { return Either::Right(self.inner.call(request).boxed()) };
        let desk = &self.app.desk;
        if let Some(position) = desk.store.public_position_here() {
            let basis = Basis::at(position, desk);
            if let Some(answer) = look(&self.app, &key, basis, &request) {
                return Either::Left(ready(Ok(answer)));
            }
            request.extensions_mut().insert(Place { key, basis });
            return Either::Right(self.inner.call(request).boxed());
        }
        let Self { app, mut inner } = self.clone();
        let asked = async move {
            if let Ok(basis) = Basis::now(&app.desk).await {
                if let Some(answer) = look(&app, &key, basis, &request) {
                    return Ok(answer);
                }
                request.extensions_mut().insert(Place { key, basis });
            }
            inner.call(request).await
        };
        Either::Right(asked.boxed())
    }
}

fn look(app: &App, key: &str, basis: Basis, request: &Request) -> Option<Response> {
    let page = app.shelf.as_ref()?.0.get(key).filter(|page| page.holds(basis, app.desk.store.now()))?;
    let answer = page.answer(request.headers(), Form::taken(request.headers()));
    let path = request.uri().path();
    library::count_notice(app, path);
    tracing::info!(method = "GET", path, status = answer.status().as_u16(), kept = true, "answered");
    Some(answer)
}
