//! What several of these tests need.

use std::path::Path;
use std::process::{Command, Output};

use search::Index;
use server::settings::{Flags, Kind, Settings, load};
use store::testing::Throwaway;
use workflow::sealing::Keyring;
use workflow::{Chance, Desk, DeskOptions, Passwords};

/// Settings of a folder, with an empty environment.
pub fn settings(folder: &Path, flags: Flags) -> Settings {
    load(&flags, Kind::Live, folder, &|_| None).expect("sound settings")
}

/// A desk on a throwaway database.
pub async fn desk() -> (Throwaway, Desk) {
    let kept = store::testing::sqlite().await;
    let desk = desk_on(&kept).await;
    (kept, desk)
}

pub async fn desk_on(kept: &Throwaway) -> Desk {
    let chance = Chance::seeded(7);
    Desk::open(DeskOptions {
        store: kept.store.clone(),
        index: Index::in_memory().expect("an index"),
        files: files::Files::open(&files::Place::Memory, None, 20 * 1024 * 1024).unwrap(),
        passwords: Passwords::cheap(&chance),
        keys: Keyring::from_hex(&"5e".repeat(32)).expect("a key"),
        chance,
        base_url: "https://problems.example.org".into(),
        kind: "test",
    })
    .await
    .expect("a desk")
}

/// The program in a folder of its own, with no settings but these arguments.
pub fn command(folder: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_wellposed"));
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with(server::settings::ENVIRONMENT) {
            command.env_remove(name);
        }
    }
    command.current_dir(folder).env("HOME", folder).env_remove("XDG_CONFIG_HOME").env_remove("RUST_LOG").args(args);
    command
}

pub struct Ran {
    pub code: i32,
    pub out: String,
    pub err: String,
}

pub fn run(folder: &Path, args: &[&str]) -> Ran {
    let Output { status, stdout, stderr } = command(folder, args).output().expect("the program runs");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("text");
    Ran { code: status.code().unwrap_or(-1), out: text(stdout), err: text(stderr) }
}
