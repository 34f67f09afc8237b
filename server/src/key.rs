//! The master key: read, or made at the first start of a fresh installation.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use workflow::Chance;
use workflow::sealing::Keyring;

use crate::failure::fail;
use crate::settings::{Kind, MasterKey, Settings, canonical};
use crate::{Failure, Result};

/// Refused where the key lies, or would lie, among what it guards: whoever copies the data folder, or keeps the files, would have both.
/// Links count for where they are and for where they lead.
pub fn must_be_apart(path: &Path, settings: &Settings) -> Result<()> {
    let mut leads = vec![canonical(path)];
    if let (Some(folder), Some(name)) = (path.parent(), path.file_name()) {
        leads.push(canonical(if folder.as_os_str().is_empty() { Path::new(".") } else { folder }).join(name));
    }
    let mut guarded = vec![("the data folder", canonical(&settings.data))];
    if let files::Place::Folder(folder) = &settings.files {
        guarded.push(("the folder of files", canonical(folder)));
    }
    for (what, folder) in guarded {
        if leads.iter().any(|path| path.starts_with(&folder)) {
            fail!(
                "the master key {} lies in {what}, {}: whoever has a copy of that would have the key with it.\n\
                 Move the key to a place that is neither there nor in the same backups, chmod 600, and name it with --master-key.\n\
                 Were copies made of that folder with the key in it, change the key: wellposed key rotate",
                path.display(),
                folder.display()
            )
        }
    }
    Ok(())
}

/// [`must_be_apart`] of the key that the settings name.
pub fn keyring_apart(settings: &Settings) -> Result<()> {
    match &settings.master_key {
        MasterKey::File(path) => must_be_apart(path, settings),
        MasterKey::Digits(_) => Ok(()),
    }
}

/// `check`: the check value of the key that the database was made with; where there is one, no key may be made up.
pub fn keyring(key: &MasterKey, check: Option<&str>, kind: Kind, chance: &Chance) -> Result<Keyring> {
    let path = match key {
        MasterKey::Digits(digits) => return parse(digits, "WELLPOSED_MASTER_KEY"),
        MasterKey::File(path) => path,
    };
    let existing = check.is_some();
    if let Some(check) = check {
        finish_rotation(path, check)?;
    }
    match fs::read_to_string(path) {
        Ok(digits) => {
            warn_if_open(path);
            parse(&digits, &path.display().to_string())
        }
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            fail!("the master key {} cannot be read: {error}", path.display())
        }
        Err(_) if existing => fail!(
            "the master key is missing: this database was made with one, and there is no file {}.\n\
             Put the copy that you kept there (or its 64 digits into WELLPOSED_MASTER_KEY, or name its file with --master-key).\n\
             No new key is made: it would open nothing that is sealed in this database.",
            path.display()
        ),
        Err(_) => {
            let digits = Keyring::generate(chance);
            write(path, &digits).map_err(|error| {
                Failure(format!("the master key {} cannot be written: {error}. Choose a place with --master-key", path.display()))
            })?;
            // A demo's key guards nothing.
            if kind == Kind::Live {
                eprintln!(
                    "A master key was made for this installation: {}\n\
                 It seals the responses. Keep a copy elsewhere, apart from the backups of the data folder, where two people can\n\
                 get it: without it nothing that is sealed can ever be opened, with it and a backup everything can.",
                    path.display()
                );
            }
            parse(&digits, "the new key")
        }
    }
}

/// Whether the key that the settings name is the one of a database with this check value: `None` where there is no key.
pub fn fits(key: &MasterKey, check: &str) -> Result<Option<bool>> {
    let ring = match key {
        MasterKey::Digits(digits) => parse(digits, "WELLPOSED_MASTER_KEY")?,
        MasterKey::File(path) => match fs::read_to_string(path) {
            Ok(digits) => parse(&digits, &path.display().to_string())?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => fail!("the master key {} cannot be read: {error}", path.display()),
        },
    };
    Ok(Some(ring.check_value() == check))
}

/// Where the new key of a rotation lies until the database is with it.
pub fn beside(path: &Path, end: &str) -> PathBuf {
    let mut beside = path.as_os_str().to_owned();
    beside.push(end);
    beside.into()
}

/// A rotation that was cut off after the database was with the new key: the files follow.
fn finish_rotation(path: &Path, check: &str) -> Result<()> {
    let fits = |path: &Path| {
        fs::read_to_string(path)
            .ok()
            .and_then(|digits| Keyring::from_hex(&digits).ok())
            .is_some_and(|ring| ring.check_value() == check)
    };
    if !fits(path) && fits(&beside(path, ".new")) {
        replace(path)?;
    }
    Ok(())
}

/// The key of a rotation takes its place; the former one stays beside it, for it opens the older backups.
pub fn replace(path: &Path) -> Result<()> {
    let cannot = |error: io::Error| Failure(format!("the key {} cannot take its place: {error}", path.display()));
    if path.exists() {
        let old = (0..).map(|n| if n == 0 { beside(path, ".old") } else { beside(path, &format!(".old.{n}")) });
        let free = old.into_iter().find(|old| !old.exists());
        fs::rename(path, free.unwrap_or_else(|| beside(path, ".old"))).map_err(cannot)?;
    }
    fs::rename(beside(path, ".new"), path).map_err(cannot)?;
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(cannot)
}

pub fn parse(digits: &str, place: &str) -> Result<Keyring> {
    Keyring::from_hex(digits).map_err(|error| Failure(format!("{place}: {error}")))
}

/// On disk for good before anything is sealed with it.
pub fn write(path: &Path, digits: &str) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    writeln!(file, "{digits}")?;
    file.sync_all()?;
    File::open(folder)?.sync_all()
}

#[cfg(unix)]
fn warn_if_open(path: &Path) {
    use std::os::unix::fs::PermissionsExt;
    if fs::metadata(path).is_ok_and(|data| data.permissions().mode() & 0o077 != 0) {
        eprintln!("wellposed: others on this machine may read the master key. Mend it: chmod 600 {}", path.display());
    }
}

#[cfg(not(unix))]
fn warn_if_open(_: &Path) {}
