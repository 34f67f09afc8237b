//! What ends a command: one text for whoever typed it, that says what to do next where something can be done.

#[derive(Debug)]
pub struct Failure(pub String);

pub type Result<T, E = Failure> = std::result::Result<T, E>;

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// With the causes, each once: many errors repeat their cause in their own text.
impl<E: std::error::Error> From<E> for Failure {
    fn from(error: E) -> Self {
        let mut text = error.to_string();
        let mut cause = error.source();
        while let Some(next) = cause {
            let next_text = next.to_string();
            if !text.contains(&next_text) {
                text = format!("{text}: {next_text}");
            }
            cause = next.source();
        }
        Self(text)
    }
}

/// `fail!("no {what}")`: ends the function with a [`Failure`].
macro_rules! fail {
    ($($text:tt)*) => { return Err($crate::Failure(format!($($text)*))) };
}
pub(crate) use fail;

/// See `say!`.
pub(crate) fn line(text: std::fmt::Arguments) {
    use std::io::Write;
    let _ = writeln!(std::io::stdout(), "{}", shown(&text.to_string()));
}

/// As it may stand in a terminal: papers and keys of others are told too, and none of them moves a cursor or a title.
pub(crate) fn shown(text: &str) -> String {
    let sign = |c: char| if c.is_control() && !matches!(c, '\n' | '\t') { char::REPLACEMENT_CHARACTER } else { c };
    text.chars().map(sign).collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn what_others_wrote_moves_no_cursor() {
        assert_eq!(super::shown("a\tb\n\u{1b}[2J\u{9b}c\r"), "a\tb\n\u{fffd}[2J\u{fffd}c\u{fffd}");
    }
}
