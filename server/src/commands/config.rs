//! `wellposed config`: the answer to "why does it do that?".

use std::process::ExitCode;

use crate::Result;
use crate::settings::{self, Settings};

pub fn run(settings: &Settings) -> Result<ExitCode> {
    print!("{}", settings::table(&settings.shown));
    Ok(ExitCode::SUCCESS)
}
