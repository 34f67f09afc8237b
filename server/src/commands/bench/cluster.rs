//! A PostgreSQL to measure on: the one that WELLPOSED_TEST_POSTGRES names, or a cluster of our own for the time.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::atomic::{AtomicU32, Ordering};

use tempfile::TempDir;
use tokio::process::Command;

use crate::{Failure, Result};

pub struct Cluster {
    /// An empty database.
    pub url: String,
    own: Option<Own>,
}

/// A cluster that ends with us.
struct Own {
    pg_ctl: PathBuf,
    folder: TempDir,
    root: bool,
    /// Of the server.
    options: String,
}

impl Cluster {
    /// `None` where there is nothing to measure on.
    pub async fn find(beside: &Path) -> Result<Option<Self>> {
        match std::env::var("WELLPOSED_TEST_POSTGRES").ok().filter(|url| !url.is_empty()) {
            Some(url) => Self::given(&url).await.map(Some),
            None => Self::start(beside).await,
        }
    }

    async fn given(url: &str) -> Result<Self> {
        Ok(Self { url: Self::another(url).await?, own: None })
    }

    /// A fresh database beside the one that an address names.
    pub async fn another(url: &str) -> Result<String> {
        static MADE: AtomicU32 = AtomicU32::new(0);
        // Beside the other programs, or wherever the PATH has it.
        let psql = programs().map(|folder| folder.join("psql")).filter(|psql| psql.exists()).unwrap_or_else(|| "psql".into());
        let name = format!("wellposed_bench_{}_{}", std::process::id(), MADE.fetch_add(1, Ordering::Relaxed));
        let text = format!("create database {name}");
        run(Command::new(psql).arg(url).args(["-q", "-c", text.as_str()])).await?;
        let (server, _) = url.rsplit_once('/').ok_or_else(|| Failure("the address of PostgreSQL names no database".into()))?;
        Ok(format!("{server}/{name}"))
    }

    /// A cluster of our own.
    pub async fn start(beside: &Path) -> Result<Option<Self>> {
        let Some(programs) = programs() else { return Ok(None) };
        let root = is_root().await;
        // The user `postgres` may not enter what belongs to root.
        let beside = if root { std::env::temp_dir() } else { beside.to_owned() };
        let folder = tempfile::Builder::new().prefix("bench-postgres-").tempdir_in(beside)?;
        // A free port is asked of the system; in the moment until PostgreSQL takes it somebody else could.
        let port = std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let data = folder.path().join("data");
        if root {
            run(Command::new("chown").arg("postgres").arg(folder.path())).await?;
        }
        let initdb = ["-A", "trust", "-U", "wellposed", "-E", "UTF8", "-D"];
        if let Err(why) = run(as_postgres(&programs.join("initdb"), root).args(initdb).arg(&data)).await {
            eprintln!("PostgreSQL does not start here: {why}");
            return Ok(None);
        }
        let options = format!("-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories=''");
        let own = Own { pg_ctl: programs.join("pg_ctl"), folder, root, options };
        own.start().await?;
        Ok(Some(Self { url: format!("postgres://wellposed@127.0.0.1:{port}/postgres"), own: Some(own) }))
    }

    /// As a power cut ends it: nothing is written that was not on disk. Nothing happens to a cluster that is not ours.
    pub async fn stop_at_once(&self) -> Result<()> {
        match &self.own {
            Some(own) => run(own.pg_ctl(&["-w", "-m", "immediate"]).arg("stop")).await,
            None => Ok(()),
        }
    }

    pub async fn start_again(&self) -> Result<()> {
        match &self.own {
            Some(own) => own.start().await,
            None => Ok(()),
        }
    }
}

impl Own {
    fn pg_ctl(&self, how: &[&str]) -> Command {
        let mut command = as_postgres(&self.pg_ctl, self.root);
        command.args(how).arg("-D").arg(self.folder.path().join("data"));
        command
    }

    async fn start(&self) -> Result<()> {
        run(self.pg_ctl(&["-w", "-o", &self.options]).arg("-l").arg(self.folder.path().join("log")).arg("start")).await
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        let Some(own) = &self.own else { return };
        let mut stop = own.pg_ctl(&["-m", "immediate"]);
        let _ = stop.arg("stop").as_std_mut().stdout(Stdio::null()).stderr(Stdio::null()).status();
    }
}

/// `initdb` and `pg_ctl` refuse to be run by root.
fn as_postgres(program: &Path, root: bool) -> Command {
    if !root {
        return Command::new(program);
    }
    let mut command = Command::new("runuser");
    command.args(["-u", "postgres", "--"]).arg(program);
    command
}

async fn is_root() -> bool {
    Command::new("id").arg("-u").output().await.is_ok_and(|out| out.stdout.trim_ascii() == b"0")
}

async fn run(command: &mut Command) -> Result<()> {
    // Not piped: a server that stays behind would keep a pipe open, and nobody would see its end.
    let out = tempfile::tempfile()?;
    let status = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(out.try_clone()?).status().await?;
    if status.success() {
        return Ok(());
    }
    let mut said = String::new();
    let mut out = out;
    std::io::Seek::rewind(&mut out)?;
    std::io::Read::read_to_string(&mut out, &mut said)?;
    Err(Failure(format!("{:?} failed: {}", command.as_std().get_program(), said.trim())))
}

/// Where PostgreSQL's programs are: on the PATH, or where Debian keeps them.
fn programs() -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    let mut debian: Vec<PathBuf> =
        std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten().map(|entry| entry.path().join("bin")).collect();
    debian.sort();
    folders.extend(debian.into_iter().rev());
    folders.into_iter().find(|folder| folder.join("initdb").exists())
}
