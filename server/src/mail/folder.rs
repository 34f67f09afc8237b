//! Mail as files, where no mail server is set: `<id>.eml`, whole or not there at all.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::PathBuf;

use super::{Kept, Letter, Outcome};

pub struct Folder(pub PathBuf);

impl Folder {
    /// Writing the same letter again replaces the file: a folder can be written to twice without a second mail.
    pub async fn send(&self, letter: Letter) -> Outcome {
        let folder = self.0.clone();
        let written = tokio::task::spawn_blocking(move || write(&folder, &letter)).await;
        match written {
            Ok(Ok(())) => Outcome::Sent,
            Ok(Err(error)) => Outcome::Kept(Kept::Unreachable(error.to_string())),
            Err(error) => Outcome::Kept(Kept::Later(error.to_string())),
        }
    }
}

fn write(folder: &PathBuf, letter: &Letter) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    let (unfinished, whole) = (folder.join(format!("{}.tmp", letter.id)), folder.join(format!("{}.eml", letter.id)));
    let mut file = File::create(&unfinished)?;
    file.write_all(&letter.bytes)?;
    file.sync_all()?;
    fs::rename(&unfinished, &whole)?;
    File::open(folder)?.sync_all()
}
