//! One module a command: its arguments, its help, what it does.

pub mod audit;
pub mod backup;
pub mod bench;
pub mod clock;
pub mod config;
pub mod demo;
pub mod import;
pub mod key;
pub mod receipt;
pub mod reindex;
pub mod restore;
pub mod search;
pub mod user;

use std::io::IsTerminal;

use indicatif::{ProgressBar, ProgressStyle};

/// A bar on a terminal; a line now and then where the output is kept.
pub struct Progress {
    bar: Option<ProgressBar>,
    what: &'static str,
    total: u64,
    told: u64,
}

impl Progress {
    /// `total` 0: not known.
    pub fn new(what: &'static str, total: u64, unit: &'static str) -> Self {
        let bar = std::io::stderr().is_terminal().then(|| {
            let (total_text, rate) = match unit {
                "bytes" => ("{bytes}/{total_bytes}", "{bytes_per_sec}"),
                _ => ("{human_pos}/{human_len}", "{per_sec}"),
            };
            let known = format!("{what} [{{bar:40}}] {total_text}  {rate}  {{eta}} left");
            let unknown = format!("{what} {{spinner}} {{human_pos}} {unit}  {{per_sec}}");
            let style = ProgressStyle::with_template(if total > 0 { &known } else { &unknown });
            let bar = if total > 0 { ProgressBar::new(total) } else { ProgressBar::new_spinner() };
            bar.with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
        });
        Self { bar, what, total, told: 0 }
    }

    pub fn at(&mut self, done: u64) {
        match &self.bar {
            Some(bar) => bar.set_position(done),
            // Every tenth of what is known, every 10,000 of what is not.
            None => {
                let step = if self.total > 0 { (self.total / 10).max(1) } else { 10_000 };
                if done / step > self.told {
                    self.told = done / step;
                    match self.total {
                        0 => eprintln!("{}: {done}", self.what),
                        total => eprintln!("{}: {} %", self.what, done.min(total) * 100 / total),
                    }
                }
            }
        }
    }

    pub fn done(self) {
        if let Some(bar) = self.bar {
            bar.finish_and_clear();
        }
    }
}

/// `12,345`: figures are read by people.
pub fn figure(number: impl Into<f64>) -> String {
    let number: f64 = number.into();
    let plain = if number < 100.0 && number.fract() != 0.0 { format!("{number:.2}") } else { format!("{number:.0}") };
    let (whole, rest) = plain.split_once('.').map_or((plain.as_str(), None), |(whole, rest)| (whole, Some(rest)));
    let mut out = String::new();
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at).is_multiple_of(3) && !out.ends_with('-') {
            out.push(',');
        }
        out.push(digit);
    }
    rest.map_or(out.clone(), |rest| format!("{out}.{rest}"))
}

#[cfg(test)]
mod tests {
    use super::figure;

    #[test]
    fn figures_are_grouped() {
        for (number, text) in
            [(0.0, "0"), (12.0, "12"), (12.345, "12.35"), (999.4, "999"), (12_345.6, "12,346"), (1_234_567.0, "1,234,567")]
        {
            assert_eq!(figure(number), text);
        }
    }
}
