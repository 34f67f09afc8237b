//! What can be set, in one place: the doc comments below are the help, the names of the fields are the flags (`--base-url`),
//! the variables (`WELLPOSED_BASE_URL`) and the keys of the file (`base_url`).

mod load;
mod show;

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::Args;
use serde::Serialize;

use crate::mail::SmtpServer;

pub(crate) use load::canonical;
pub use load::{ENVIRONMENT, load};
pub use show::{mask, table};

/// Settings as typed. A flag wins over its variable, the variable over wellposed.toml, the file over the default.
#[derive(Args, Clone, Debug, Default, Serialize)]
#[command(next_help_heading = "Settings")]
pub struct Flags {
    /// File with settings, such as `base_url = "https://problems.example.org"`. Names are those of the flags, with `_`.
    /// Without this flag ./wellposed.toml is read if there is one.
    #[arg(long, global = true, value_name = "FILE")]
    #[serde(skip)]
    pub config: Option<PathBuf>,

    /// Address and port on which the server listens.
    #[arg(long, global = true, value_name = "ADDRESS:PORT")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub addr: Option<String>,

    /// Data folder: the embedded database, the search index, unsent mail. Made if it is missing.
    #[arg(long, global = true, value_name = "FOLDER")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub data: Option<String>,

    /// A PostgreSQL database, postgres://user:password@host/name, instead of the embedded one. It holds a password: better
    /// set as variable or in the file than as flag.
    #[arg(long, global = true, value_name = "URL")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub database_url: Option<String>,

    /// Where browsers reach the service: links in mails begin with it. With https:// cookies are sent by https alone.
    #[arg(long, global = true, value_name = "URL")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub base_url: Option<String>,

    /// File of the master key that seals responses: 64 hexadecimal digits, made at the first start. It is
    /// refused inside the data folder and the folder of files. The variable may hold the digits themselves. Keep a copy elsewhere: without it nothing sealed can be opened.
    #[arg(long, global = true, value_name = "FILE")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub master_key: Option<String>,

    /// Where files are kept: a folder, or s3://BUCKET/PREFIX of an S3-compatible service, whose endpoint, region and keys come
    /// from the usual variables (AWS_ENDPOINT, AWS_REGION, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY).
    #[arg(long, global = true, value_name = "PLACE")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub files: Option<String>,

    /// Longest file that is taken, in megabytes.
    #[arg(long, global = true, value_name = "NUMBER")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file_limit: Option<String>,

    /// Malware scanner: HOST:PORT or the socket of clamd. With one, no file is taken that it did not look through.
    #[arg(long, global = true, value_name = "PLACE")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub clamd: Option<String>,

    /// Mail server, smtp://user:password@host:port (encrypted where it offers that; a password is never sent without) or
    /// smtps://. Without one, mails are written as .eml files into the folder `mail` of the data folder.
    #[arg(long, global = true, value_name = "URL")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub smtp_url: Option<String>,

    /// Sender of mails: an address, or `Name <address>`.
    #[arg(long, global = true, value_name = "ADDRESS")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mail_from: Option<String>,

    /// Form of the log on standard error: text or json. RUST_LOG chooses what is in it.
    #[arg(long, global = true, value_name = "FORM")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub log: Option<String>,

    /// Folder of the built browser files; LEPTOS_SITE_ROOT is honoured too.
    #[arg(long, global = true, value_name = "FOLDER")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub site_root: Option<String>,

    /// Connections to the database that read at the same time.
    #[arg(long, global = true, value_name = "NUMBER")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub readers: Option<String>,
}

/// Defaults that depend on nothing else; the others are in [`load`] and said here for the help.
pub(crate) const DEFAULTS: &[(&str, &str)] =
    &[("addr", "127.0.0.1:3000"), ("log", "text"), ("site_root", "target/site"), ("readers", "8"), ("file_limit", "50")];
pub(crate) const DERIVED: &[(&str, &str)] = &[
    ("data", "./data/live; of demo: ./data/demo"),
    ("base_url", "http://ADDR"),
    ("master_key", "a file named after the data folder in ~/.config/wellposed; of demo: DATA.key"),
    ("files", "the folder `files` of the data folder"),
    ("mail_from", "no-reply at the host of the base URL"),
];

/// What an installation is for; stored in its database when it is made, and never changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Live,
    Demo,
    /// Made by tests and benchmarks.
    Test,
}

impl Kind {
    pub fn code(self) -> &'static str {
        match self {
            Kind::Live => "live",
            Kind::Demo => "demo",
            Kind::Test => "test",
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogForm {
    Text,
    Json,
}

/// Where the master key is to be had.
#[derive(Clone, PartialEq, Eq)]
pub enum MasterKey {
    File(PathBuf),
    /// The variable holds the digits.
    Digits(String),
}

impl std::fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            MasterKey::File(path) => write!(f, "File({path:?})"),
            MasterKey::Digits(_) => f.write_str("Digits(…)"),
        }
    }
}

/// What is in force, parsed.
#[derive(Clone, Debug)]
pub struct Settings {
    pub addr: SocketAddr,
    pub data: PathBuf,
    pub database_url: Option<String>,
    /// Without a slash at the end.
    pub base_url: String,
    /// Its host, for addresses and message ids.
    pub host: String,
    pub master_key: MasterKey,
    pub files: files::Place,
    /// Of one file.
    pub file_limit_bytes: u64,
    pub scanner: Option<files::Scanner>,
    pub smtp: Option<SmtpServer>,
    pub mail_from: lettre::message::Mailbox,
    pub log: LogForm,
    pub site_root: String,
    pub readers: u32,
    /// Every setting as it may be shown: no secrets.
    pub shown: Vec<Shown>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    pub name: &'static str,
    pub value: String,
    pub source: String,
}

impl Settings {
    pub fn secure(&self) -> bool {
        self.base_url.starts_with("https://")
    }

    pub fn database_file(&self) -> PathBuf {
        self.data.join("wellposed.db")
    }

    pub fn index_folder(&self) -> PathBuf {
        self.data.join("index")
    }

    pub fn mail_folder(&self) -> PathBuf {
        self.data.join("mail")
    }
}
