//! What each run of a server leaves behind of being alive.

use domain::moment::Moment;
use domain::outage::Run;

use crate::Result;
use crate::conn::Conn;
use crate::tx::Tx;

impl Conn {
    /// The runs that were alive after an instant.
    pub async fn service_runs(&mut self, since: Moment) -> Result<Vec<Run>> {
        let found = rows!(
            self,
            (i64, i64),
            "select started_at, seen_at from service_run where seen_at >= $1 order by started_at",
            since.micros()
        )?;
        Ok(found.into_iter().map(|(started, seen)| Run { started_at: Moment(started), seen_at: Moment(seen) }).collect())
    }
}

impl Tx {
    /// The run is alive now; its first word is its start. Leaves no entry: nobody did anything.
    pub async fn seen_alive(&mut self, run: i64) -> Result<()> {
        let now = self.now().await?.micros();
        exec!(
            self,
            "insert into service_run (id, started_at, seen_at) values ($1, $2, $2) on conflict (id) do update set seen_at = excluded.seen_at",
            run,
            now
        )?;
        self.leave_no_entry();
        Ok(())
    }
}
