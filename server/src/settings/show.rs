//! Settings as they may be shown to anybody.

use super::{MasterKey, Settings, Shown};

/// A URL with its password masked, also one in the query (`?password=…`) and one of a URL that does not parse.
pub fn mask(text: &str) -> String {
    let Ok(mut url) = url::Url::parse(text) else {
        return match text.rsplit_once('@') {
            Some((_, rest)) => format!("****@{rest}"),
            None => "****".into(),
        };
    };
    if url.password().is_some() && url.set_password(Some("****")).is_err() {
        return "****".into();
    }
    if url.query().is_some_and(|query| query.to_lowercase().contains("pass")) {
        url.set_query(Some("****"));
    }
    url.to_string()
}

pub(super) fn value(settings: &Settings, name: &str) -> String {
    match name {
        "addr" => settings.addr.to_string(),
        "data" => settings.data.display().to_string(),
        "database_url" => {
            settings.database_url.as_deref().map_or_else(|| format!("embedded, {}", settings.database_file().display()), mask)
        }
        "base_url" => settings.base_url.clone(),
        "master_key" => match &settings.master_key {
            MasterKey::File(path) => path.display().to_string(),
            MasterKey::Digits(_) => "**** (the digits themselves)".into(),
        },
        "files" => match &settings.files {
            files::Place::Folder(folder) => folder.display().to_string(),
            files::Place::Bucket { bucket, prefix } => format!("s3://{bucket}/{prefix}"),
            files::Place::Memory => "memory".into(),
        },
        "file_limit" => (settings.file_limit_bytes / (1024 * 1024)).to_string(),
        "clamd" => match &settings.scanner {
            None => "none: files are not looked through".into(),
            Some(files::Scanner::Tcp(at)) => at.clone(),
            Some(files::Scanner::Socket(path)) => path.display().to_string(),
        },
        "smtp_url" => settings
            .smtp
            .as_ref()
            .map_or_else(|| format!("none: files in {}", settings.mail_folder().display()), |smtp| smtp.shown()),
        "mail_from" => settings.mail_from.to_string(),
        "log" => format!("{:?}", settings.log).to_lowercase(),
        "site_root" => settings.site_root.clone(),
        "readers" => settings.readers.to_string(),
        _ => String::new(),
    }
}

/// Three columns for people.
pub fn table(shown: &[Shown]) -> String {
    let wide = |part: fn(&Shown) -> usize| shown.iter().map(part).max().unwrap_or_default();
    let (name, value) = (wide(|row| row.name.len()), wide(|row| row.value.chars().count()));
    shown.iter().map(|row| format!("{:name$}  {:value$}  {}\n", row.name, row.value, row.source)).collect()
}
