//! `wellposed clock`: time travel, for installations made as test or demo.

use std::process::ExitCode;

use crate::failure::fail;
use crate::open;
use crate::settings::Settings;
use crate::{Failure, Result};

#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:\n  \
    wellposed clock --data data/demo --advance 3h\n  \
    wellposed clock --data data/demo --advance '2d 6h'\n  \
    wellposed clock --data data/demo --set 0s\n\n\
    A running server reads the clock's offset when it starts: restart it, or use its own page /clock, which an\n\
    administrator of a demo finds at the top of every page. The record never goes back in time: after --set to an earlier\n\
    time its clock stands still until that has caught up.")]
#[group(required = true, multiple = false)]
pub struct Args {
    /// Move the clock forward by this much: 90s, 3h, 2d, '1d 12h'.
    #[arg(long, value_name = "SPAN", allow_hyphen_values = true)]
    advance: Option<String>,
    /// Set how far the clock is ahead of the real time; 0s is the real time.
    #[arg(long, value_name = "SPAN", allow_hyphen_values = true)]
    set: Option<String>,
}

pub async fn run(args: Args, settings: Settings) -> Result<ExitCode> {
    let store = open::existing_store(&settings).await?;
    let kind = store.read().await?.meta("kind").await?;
    if !matches!(kind.as_deref(), Some("demo" | "test")) {
        fail!("the clock moves only in a demo or test installation, and {} is a live one", open::place(&settings));
    }
    let offset = match (&args.advance, &args.set) {
        (Some(by), _) => store.clock_offset() + span(by)?,
        (None, Some(to)) => span(to)?,
        (None, None) => store.clock_offset(),
    };
    store.set_clock_offset(offset).await?;
    say!("It is now {} there. A server that runs learns of it when it is started again.", store.now().rfc3339());
    store.close().await;
    Ok(ExitCode::SUCCESS)
}

/// Microseconds; a day is 24 hours here.
fn span(text: &str) -> Result<i64> {
    let wrong = || Failure(format!("{text} is not a span of time. Write it as 90s, 3h, 2d or '1d 12h'"));
    let text = if text.trim() == "0" { "0s" } else { text.trim() };
    let span: jiff::Span = text.parse().map_err(|_| wrong())?;
    let relative = jiff::SpanRelativeTo::days_are_24_hours();
    let micros = span.total((jiff::Unit::Microsecond, relative)).map_err(|_| wrong())?;
    Ok(micros as i64)
}

#[cfg(test)]
mod tests {
    use domain::moment::{DAY, HOUR, SECOND};

    use super::span;

    #[test]
    fn spans() {
        for (text, micros) in [("3h", 3 * HOUR), ("90s", 90 * SECOND), ("2d 6h", 2 * DAY + 6 * HOUR), ("-1h", -HOUR), ("0", 0)] {
            assert_eq!(span(text).ok(), Some(micros), "{text}");
        }
        assert!(span("soon").is_err());
    }
}
