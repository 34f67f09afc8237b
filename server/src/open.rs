//! An installation, opened: index (whose lock keeps a second server out), database, key, desk, in this order.

use std::fs;

use files::Files;
use search::Index;
use store::Store;
use workflow::{Chance, Desk, DeskOptions, Passwords};

use crate::failure::fail;
use crate::settings::{Kind, Settings};
use crate::{Failure, Result, key};

/// What a command does with the search index.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Uses {
    /// Holds its lock: no server may run.
    Index,
    /// Leaves it alone: works beside a running server, which follows by itself.
    NoIndex,
}

/// Opens what there is, or makes a fresh installation of that kind.
pub async fn open(settings: &Settings, kind: Kind, uses: Uses) -> Result<Desk> {
    key::keyring_apart(settings)?;
    make_folder(settings)?;
    let index = match uses {
        Uses::NoIndex => Index::in_memory()?,
        Uses::Index => open_index(settings)?,
    };
    let store = store(settings).await?;
    let (found, check) = {
        let mut conn = store.read().await?;
        (conn.meta("kind").await?, conn.meta("master_key_check").await?)
    };
    if let Some(found) = found.filter(|found| kind == Kind::Demo && found != kind.code()) {
        store.close().await;
        fail!("{} holds a {found} installation, no demo: it was left as it is. Name another place", place(settings));
    }
    let chance = Chance::system();
    let keys = key::keyring(&settings.master_key, check.as_deref(), kind, &chance)?;
    let passwords = Passwords::new(&chance);
    let files = files(settings)?;
    let base_url = settings.base_url.clone();
    Ok(Desk::open(DeskOptions { store, index, files, chance, passwords, keys, base_url, kind: kind.code() }).await?)
}

/// For commands that look at something: nothing is made where nothing is.
pub async fn open_existing(settings: &Settings, uses: Uses) -> Result<Desk> {
    must_exist(settings)?;
    open(settings, Kind::Live, uses).await
}

/// The database alone, for what needs no master key: whoever holds a copy can verify it.
pub async fn existing_store(settings: &Settings) -> Result<Store> {
    must_exist(settings)?;
    store(settings).await
}

/// The place of files.
pub fn files(settings: &Settings) -> Result<Files> {
    match Files::open(&settings.files, settings.scanner.clone(), settings.file_limit_bytes) {
        Ok(files) => Ok(files),
        Err(error) => fail!("the place of files does not open: {error}"),
    }
}

/// Where the database is.
pub fn database(settings: &Settings) -> store::Options {
    store::Options { url: settings.database_url.clone(), file: settings.database_file(), readers: settings.readers }
}

/// The database alone, while no server of this folder runs: the lock of the index is held as long as what is given back.
pub async fn quiet_store(settings: &Settings) -> Result<(Store, Index)> {
    must_exist(settings)?;
    let index = open_index(settings)?;
    Ok((store(settings).await?, index))
}

fn must_exist(settings: &Settings) -> Result<()> {
    if settings.database_url.is_some() || settings.database_file().exists() {
        return Ok(());
    }
    fail!("there is no installation in {}. Name its folder with --data, or make one: wellposed serve", settings.data.display())
}

async fn store(settings: &Settings) -> Result<Store> {
    match Store::open(&database(settings)).await {
        Ok(store) => Ok(store),
        Err(error) => fail!("the database does not open: {}", Failure::from(error)),
    }
}

/// The database, as it may be shown.
pub fn place(settings: &Settings) -> String {
    match &settings.database_url {
        Some(url) => crate::settings::mask(url),
        None => settings.data.display().to_string(),
    }
}

pub fn make_folder(settings: &Settings) -> Result<()> {
    let data = &settings.data;
    if data.is_dir() {
        return Ok(());
    }
    let made = fs::create_dir_all(data);
    made.map_err(|error| Failure(format!("the data folder {} cannot be made: {error}", data.display())))?;
    #[cfg(unix)]
    fs::set_permissions(data, std::os::unix::fs::PermissionsExt::from_mode(0o700))?;
    Ok(())
}

fn open_index(settings: &Settings) -> Result<Index> {
    match Index::open(&settings.index_folder()) {
        Ok(opened) => Ok(opened.index),
        Err(search::Error::Locked(_)) => fail!(
            "another wellposed works on {} (it holds the search index). Stop that one first, or name another folder with --data",
            settings.data.display()
        ),
        Err(error) => Err(error.into()),
    }
}
