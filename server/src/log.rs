//! The log: on standard error, so that what a command answers can be piped. No bodies, no query strings, no secrets.

use tracing_subscriber::EnvFilter;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

use crate::settings::LogForm;

/// What the server logs where RUST_LOG says nothing.
const SERVER: &str = "info,sqlx=warn,tantivy=warn";
/// Commands answer by themselves.
const COMMAND: &str = "warn,tantivy=error";

/// A second call does nothing: tests start several servers in one process.
pub fn start(form: LogForm, server: bool) {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(if server { SERVER } else { COMMAND }));
    let layer = tracing_subscriber::fmt::layer().with_writer(std::io::stderr);
    let subscriber = tracing_subscriber::registry().with(filter);
    let started = match form {
        LogForm::Json => subscriber.with(layer.json().flatten_event(true)).try_init(),
        LogForm::Text => subscriber.with(layer.with_ansi(std::io::IsTerminal::is_terminal(&std::io::stderr()))).try_init(),
    };
    if started.is_ok() && server {
        // One line in the log's own form, instead of free text between JSON lines.
        std::panic::set_hook(Box::new(|panic| {
            tracing::error!(place = panic.location().map(ToString::to_string), "panic: {panic}")
        }));
    }
}
