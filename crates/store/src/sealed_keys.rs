//! Wrapped keys as stored. What they mean is the business of `workflow::sealing`.

use crate::Result;
use crate::conn::Conn;

#[derive(Clone, Debug, sqlx::FromRow)]
pub struct RoundKeyRow {
    pub round: i64,
    pub sealed_key: Vec<u8>,
}

impl Conn {
    pub async fn round_key(&mut self, round: i64) -> Result<Option<RoundKeyRow>> {
        row!(self, RoundKeyRow, "select id as round, sealed_key from round where id = $1", round)
    }
}
