//! What runs beside the requests: the index follows, mail leaves, what is due is told, visitors' refusals are written each minute.

use std::future::Future;
use std::time::Duration;

use tokio::sync::watch;
use tokio::task::JoinHandle;
use workflow::Desk;
use workflow::alert::keep_telling;
use workflow::amendment::stay_alive;
use workflow::follow::follow;
use workflow::notice::tell_due;
use workflow::reach::{keep_counting, write_seen};

use crate::mail::Sender;
use crate::settings::Settings;

pub struct Jobs {
    desk: Desk,
    stop: watch::Sender<bool>,
    mail: JoinHandle<()>,
    others: Vec<JoinHandle<()>>,
}

impl Jobs {
    pub fn start(desk: &Desk, settings: &Settings) -> Self {
        let (stop, stopped) = watch::channel(false);
        let follower = {
            let desk = desk.clone();
            restarted("index", move || follow(desk.clone()))
        };
        let refusals = {
            let desk = desk.clone();
            restarted("refusals", move || flush_each_minute(desk.clone()))
        };
        let sweeper = {
            let desk = desk.clone();
            restarted("files", move || sweep_each_day(desk.clone()))
        };
        let keys = {
            let desk = desk.clone();
            restarted("keys", move || destroy_each_day(desk.clone()))
        };
        let alive = {
            let desk = desk.clone();
            restarted("alive", move || stay_alive(desk.clone()))
        };
        let alerts = {
            let desk = desk.clone();
            restarted("alerts", move || keep_telling(desk.clone()))
        };
        let seen = {
            let desk = desk.clone();
            restarted("seen", move || keep_counting(desk.clone()))
        };
        let due = {
            let desk = desk.clone();
            restarted("notices", move || tell_what_is_due(desk.clone()))
        };
        let mail = {
            let (desk, settings) = (desk.clone(), settings.clone());
            restarted("mail", move || Sender::new(desk.clone(), &settings).run(stopped.clone()))
        };
        Self { desk: desk.clone(), stop, mail, others: vec![follower, refusals, sweeper, keys, alive, due, alerts, seen] }
    }

    /// The mail in hand is settled, the refusals are written; the index is a replica and goes on where it was.
    pub async fn stop(mut self) {
        self.stop.send_replace(true);
        if tokio::time::timeout(Duration::from_secs(10), &mut self.mail).await.is_err() {
            self.mail.abort();
            tracing::error!(
                "a mail was still being handed over at the end: if the server took it nobody knows, it is not sent again"
            );
        }
        for job in &self.others {
            job.abort();
        }
        if let Err(error) = self.desk.store.flush_refusals().await {
            tracing::error!(%error, "refusals of the last minute were not written");
        }
        if let Err(error) = write_seen(&self.desk).await {
            tracing::error!(%error, "how often notices were read in the last minute was not written");
        }
    }
}

async fn flush_each_minute(desk: Desk) {
    loop {
        tokio::time::sleep(Duration::from_secs(60)).await;
        if let Err(error) = desk.store.flush_refusals().await {
            tracing::error!(%error, "refusals were not written; trying again in a minute");
        }
    }
}

/// Bytes of uploads that broke off between store and database.
async fn sweep_each_day(desk: Desk) {
    loop {
        match workflow::file::sweep_files(&desk).await {
            Ok(0) => {}
            Ok(files) => tracing::info!(files, "files that belonged to nothing were cleared away"),
            Err(error) => tracing::error!(%error, "files that belong to nothing were not cleared away; trying again tomorrow"),
        }
        tokio::time::sleep(Duration::from_secs(24 * 60 * 60)).await;
    }
}

/// Keys of what nobody opened, once the law's time for keeping it is over.
async fn destroy_each_day(desk: Desk) {
    loop {
        match workflow::retention::destroy_due_keys(&desk).await {
            Ok(0) => {}
            Ok(challenges) => tracing::info!(challenges, "keys were destroyed whose time is over"),
            Err(error) => tracing::error!(%error, "keys whose time is over were not destroyed; trying again tomorrow"),
        }
        tokio::time::sleep(Duration::from_secs(24 * 60 * 60)).await;
    }
}

/// Publications and reminders. Half a minute late is in time for the nearest reminder, three hours before.
async fn tell_what_is_due(desk: Desk) {
    loop {
        if let Err(error) = tell_due(&desk).await {
            tracing::error!(%error, "what is due was not told; trying again in half a minute");
        }
        tokio::time::sleep(Duration::from_secs(30)).await;
    }
}

/// A job that panics begins again: one bad row must not end a job for good, unseen.
fn restarted<F>(name: &'static str, job: impl Fn() -> F + Send + 'static) -> JoinHandle<()>
where
    F: Future<Output = ()> + Send + 'static,
{
    tokio::spawn(async move {
        loop {
            // Aborted with its keeper.
            let mut running = Running(tokio::spawn(job()));
            match (&mut running.0).await {
                Err(error) if error.is_panic() => tracing::error!(job = name, "the job panicked and is started again"),
                _ => return,
            }
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
    })
}

struct Running(JoinHandle<()>);

impl Drop for Running {
    fn drop(&mut self) {
        self.0.abort();
    }
}
