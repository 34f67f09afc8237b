//! Flag over variable over file over default, and the parsing of each.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use clap::Args as _;
use figment::providers::{Format, Serialized, Toml};
use figment::value::{Dict, Map, Value};
use figment::{Figment, Metadata, Profile, Provider};
use sha2::{Digest, Sha256};

use super::{DEFAULTS, Flags, Kind, LogForm, MasterKey, Settings, Shown, show};
use crate::failure::fail;
use crate::mail::SmtpServer;
use crate::{Failure, Result};

/// Variables are named `WELLPOSED_` and the setting in capitals.
pub const ENVIRONMENT: &str = "WELLPOSED_";

/// The settings' names, from the fields of [`Flags`].
fn names() -> Vec<&'static str> {
    static NAMES: std::sync::LazyLock<Vec<String>> = std::sync::LazyLock::new(|| {
        let command = Flags::augment_args(clap::Command::new("wellposed"));
        command.get_arguments().map(|argument| argument.get_id().to_string()).filter(|name| name != "config").collect()
    });
    NAMES.iter().map(String::as_str).collect()
}

/// Values as they came, all text: what `0042` means depends on the setting.
struct Texts {
    source: &'static str,
    values: BTreeMap<String, String>,
}

impl Provider for Texts {
    fn metadata(&self) -> Metadata {
        Metadata::named(self.source)
    }

    fn data(&self) -> figment::Result<Map<Profile, Dict>> {
        let dict: Dict = self.values.iter().map(|(name, text)| (name.clone(), Value::from(text.clone()))).collect();
        Ok(Profile::Default.collect(dict))
    }
}

/// `env` is the environment and `folder` the current folder: arguments, so that tests need not change either.
pub fn load(flags: &Flags, kind: Kind, folder: &Path, env: &dyn Fn(&str) -> Option<String>) -> Result<Settings> {
    let names = names();
    let set = |name: &str| env(name).filter(|text| !text.is_empty());
    let mut defaults: BTreeMap<String, String> = DEFAULTS.iter().map(|(name, text)| ((*name).into(), (*text).into())).collect();
    defaults.insert("data".into(), format!("./data/{}", kind.code()));
    let variables = names.iter().filter_map(|name| Some(((*name).to_owned(), set(&variable(name))?))).collect();
    let leptos = set("LEPTOS_SITE_ROOT").map(|root| ("site_root".to_owned(), root)).into_iter().collect();
    let figment = Figment::new()
        .merge(Texts { source: "default", values: defaults })
        .merge(file(flags, &names, folder)?)
        .merge(Texts { source: "LEPTOS_SITE_ROOT", values: leptos })
        .merge(Texts { source: "environment", values: variables })
        .merge(Serialized::defaults(flags));
    settle(&figment, flags, &names, kind, folder)
}

fn variable(name: &str) -> String {
    format!("{ENVIRONMENT}{}", name.to_uppercase())
}

/// A file that was named must be there; a key that means nothing is an error, or a typing mistake would pass for a setting.
fn file(flags: &Flags, names: &[&str], folder: &Path) -> Result<Figment> {
    let (path, named) = match &flags.config {
        Some(path) => (folder.join(path), true),
        None => (folder.join("wellposed.toml"), false),
    };
    if !path.exists() {
        if named {
            fail!("there is no file {}", path.display());
        }
        return Ok(Figment::new());
    }
    let data = Toml::file_exact(&path);
    let dicts = data.data().map_err(|error| Failure(format!("{}: {error}", path.display())))?;
    for key in dicts.values().flat_map(|dict| dict.keys()) {
        if !names.contains(&key.as_str()) {
            fail!("{}: there is no setting `{key}`. There are: {}", path.display(), names.join(", "));
        }
    }
    Ok(Figment::from(data))
}

struct Found<'a> {
    figment: &'a Figment,
    flags: serde_json::Value,
}

impl Found<'_> {
    /// The text of a setting; an empty one counts as none.
    fn text(&self, name: &str) -> Option<String> {
        let text = match self.figment.find_value(name).ok()? {
            Value::String(_, text) => text,
            Value::Num(_, number) => number.to_i128().map(|n| n.to_string()).unwrap_or_default(),
            _ => String::new(),
        };
        (!text.is_empty()).then_some(text)
    }

    fn source(&self, name: &str) -> String {
        if self.flags.get(name).is_some() {
            return format!("--{}", name.replace('_', "-"));
        }
        match self.figment.find_metadata(name) {
            Some(metadata) if metadata.name == "environment" => variable(name),
            Some(metadata) => match metadata.source.as_ref().and_then(|source| source.file_path()) {
                Some(path) => path.display().to_string(),
                None => metadata.name.to_string(),
            },
            None => "default".into(),
        }
    }

    fn wrong(&self, name: &str, why: impl std::fmt::Display) -> Failure {
        Failure(format!("{} (from {}): {why}", name.replace('_', "-"), self.source(name)))
    }
}

fn settle(figment: &Figment, flags: &Flags, names: &[&'static str], kind: Kind, folder: &Path) -> Result<Settings> {
    let found = Found { figment, flags: serde_json::to_value(flags)? };
    let required = |name: &str| found.text(name).ok_or_else(|| found.wrong(name, "it is empty"));
    let addr: std::net::SocketAddr = required("addr")?
        .parse()
        .map_err(|_| found.wrong("addr", "it must be an address and a port, such as 127.0.0.1:3000 or 0.0.0.0:80"))?;
    let data = folder.join(required("data")?);
    let data = data.components().collect::<PathBuf>();
    let base_url = match found.text("base_url") {
        Some(url) => url.trim_end_matches('/').to_owned(),
        None if addr.ip().is_unspecified() => format!("http://127.0.0.1:{}", addr.port()),
        None => format!("http://{addr}"),
    };
    let parsed = url::Url::parse(&base_url).ok().filter(|url| matches!(url.scheme(), "http" | "https") && url.query().is_none());
    let host = parsed.as_ref().and_then(|url| url.domain().map(str::to_owned).or_else(|| url.host().map(|_| "localhost".into())));
    let host = host.ok_or_else(|| found.wrong("base_url", "it must begin with http:// or https:// and name a host"))?;
    let database_url = found.text("database_url");
    if database_url.as_ref().is_some_and(|url| !(url.starts_with("postgres://") || url.starts_with("postgresql://"))) {
        return Err(found.wrong("database_url", "it must begin with postgres://"));
    }
    let files = match found.text("files") {
        Some(text) => files::Place::parse(&text, folder).map_err(|why| found.wrong("files", why))?,
        None => files::Place::Folder(data.join("files")),
    };
    let megabytes: u64 = required("file_limit")?.parse().ok().filter(|n| (1..=1_000).contains(n)).unwrap_or(0);
    if megabytes == 0 {
        return Err(found.wrong("file_limit", "it must be a number of megabytes from 1 to 1000"));
    }
    let scanner = match found.text("clamd") {
        Some(text) => Some(files::Scanner::parse(&text).map_err(|why| found.wrong("clamd", why))?),
        None => None,
    };
    let smtp = match found.text("smtp_url") {
        Some(url) => Some(SmtpServer::parse(&url).map_err(|why| found.wrong("smtp_url", why))?),
        None => None,
    };
    let mail_from = found.text("mail_from").unwrap_or_else(|| format!("Wellposed <no-reply@{host}>"));
    let log = match required("log")?.as_str() {
        "text" => LogForm::Text,
        "json" => LogForm::Json,
        _ => return Err(found.wrong("log", "it must be text or json")),
    };
    let readers: u32 = required("readers")?.parse().ok().filter(|n| (1..=200).contains(n)).unwrap_or(0);
    if readers == 0 {
        return Err(found.wrong("readers", "it must be a number from 1 to 200"));
    }
    let master_key = match found.text("master_key") {
        Some(text) if text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit()) => MasterKey::Digits(text),
        Some(path) => MasterKey::File(folder.join(path)),
        None => MasterKey::File(key_file(&data, kind, &config_folder(folder))),
    };
    let site_root = required("site_root")?;
    let mail_from_parsed =
        mail_from.parse().map_err(|_| found.wrong("mail_from", "it must be an address, or `Name <address>`"))?;
    let mut settings = Settings {
        addr,
        data,
        database_url,
        base_url,
        host,
        master_key,
        files,
        file_limit_bytes: megabytes * 1024 * 1024,
        scanner,
        smtp,
        mail_from: mail_from_parsed,
        log,
        site_root,
        readers,
        shown: Vec::new(),
    };
    settings.shown =
        names.iter().map(|name| Shown { name, value: show::value(&settings, name), source: found.source(name) }).collect();
    Ok(settings)
}

fn config_folder(folder: &Path) -> PathBuf {
    let set = |name: &str| std::env::var_os(name).filter(|text| !text.is_empty()).map(PathBuf::from);
    // The XDG specification: a relative path is to be ignored.
    set("XDG_CONFIG_HOME")
        .filter(|path| path.is_absolute())
        .or_else(|| set("HOME").map(|home| home.join(".config")))
        .unwrap_or_else(|| folder.join(".config"))
        .join("wellposed")
}

/// Outside the data folder, so that who copies that has no key. A demo keeps its key beside its folder: it guards nothing,
/// and goes away with the place where somebody tried the demo. Other commands find it there.
fn key_file(data: &Path, kind: Kind, config: &Path) -> PathBuf {
    let data = canonical(data);
    let name = data.file_name().map_or_else(|| "data".into(), |name| name.to_string_lossy().into_owned());
    let beside = data.with_file_name(format!("{name}.key"));
    if kind == Kind::Demo || beside.exists() {
        return beside;
    }
    let digest = Sha256::digest(data.as_os_str().as_encoded_bytes());
    let place: String = digest.iter().take(4).map(|byte| format!("{byte:02x}")).collect();
    config.join(format!("{name}-{place}.key"))
}

/// The same before and after the folder is made, and for every way of writing it.
pub(crate) fn canonical(path: &Path) -> PathBuf {
    let mut missing = Vec::new();
    let mut known = path;
    loop {
        if let Ok(found) = known.canonicalize() {
            return missing.iter().rev().fold(found, |path: PathBuf, part| path.join(part));
        }
        match (known.parent(), known.file_name()) {
            (Some(parent), Some(name)) => {
                missing.push(name.to_owned());
                known = parent;
            }
            _ => return path.to_owned(),
        }
    }
}
