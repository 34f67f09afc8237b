//! The server's life: listen, serve, and at the end let nothing be lost that was promised.

use std::future::Future;
use std::time::Duration;

use tokio::net::TcpListener;
use workflow::Desk;

use crate::jobs::Jobs;
use crate::settings::Settings;
use crate::{Failure, Result, http};

/// Requests that run when the end is asked for may take this long.
const LAST: Duration = Duration::from_secs(30);

/// Before anything else is opened, so that a taken port is told at once.
pub async fn listen(settings: &Settings) -> Result<TcpListener> {
    let bound = TcpListener::bind(settings.addr).await;
    bound.map_err(|error| Failure(format!("cannot listen on {}: {error}. Choose another with --addr", settings.addr)))
}

/// Serves until the process is asked to end.
pub async fn serve(listener: TcpListener, desk: Desk, settings: &Settings) -> Result<()> {
    until(listener, desk, settings, asked_to_end()).await
}

/// Serves until `end`.
pub async fn until(
    listener: TcpListener,
    desk: Desk,
    settings: &Settings,
    end: impl Future<Output = ()> + Send + 'static,
) -> Result<()> {
    let jobs = Jobs::start(&desk, settings);
    let router = http::router(&desk, settings);
    tracing::info!(addr = %listener.local_addr()?, base_url = settings.base_url, kind = &*desk.kind, "listening");
    let (told, asked) = tokio::sync::oneshot::channel();
    let graceful = async move {
        end.await;
        tracing::info!("ending: running requests are finished");
        let _ = told.send(());
    };
    let served = tokio::spawn(axum::serve(listener, router).with_graceful_shutdown(graceful).into_future());
    let late = async {
        // An error: the server ended by itself, which the other branch tells.
        if asked.await.is_err() {
            std::future::pending::<()>().await;
        }
        tokio::time::sleep(LAST).await;
    };
    let outcome = tokio::select! {
        served = served => served.map_err(Failure::from).and_then(|served| Ok(served?)),
        () = late => {
            tracing::warn!("requests that still ran after {} s are cut off", LAST.as_secs());
            Ok(())
        }
    };
    jobs.stop().await;
    // A request that was cut off may still hold a connection: the database survives that as it survives a crash.
    if tokio::time::timeout(Duration::from_secs(5), desk.store.close()).await.is_err() {
        tracing::warn!("connections to the database were still in use");
    }
    tracing::info!("ended");
    outcome
}

async fn asked_to_end() {
    let interrupt = async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    let terminate = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => drop(signal.recv().await),
            Err(_) => std::future::pending().await,
        }
    };
    #[cfg(not(unix))]
    let terminate = std::future::pending::<()>();
    tokio::select! {
        () = interrupt => {}
        () = terminate => {}
    }
}
