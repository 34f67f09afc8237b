//! Lots between responses that are equal in everything published.

use domain::ids::RoundId;
use domain::policy::{AskLots, DrawLots, Permit};

use crate::conn::Conn;
use crate::tx::Tx;
use crate::{Error, Result};

/// A drawing that was asked for; with its seed once it is drawn.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct LotRow {
    pub ask: i64,
    pub asked_at: i64,
    pub asked_by: i64,
    pub asked_by_name: String,
    pub seed: Option<String>,
    pub drawn_at: Option<i64>,
    pub drawn_by_name: Option<String>,
}

/// One response of a drawing; with its place once it is drawn.
#[derive(Clone, Copy, Debug, sqlx::FromRow)]
pub struct LotOfRow {
    pub ask: i64,
    pub response: i64,
    pub place: Option<i64>,
}

impl Conn {
    pub async fn lots(&mut self, round: RoundId) -> Result<Vec<LotRow>> {
        rows!(
            self,
            LotRow,
            "select a.id as ask, a.at as asked_at, a.by_user as asked_by, u.name as asked_by_name, d.seed, d.at as drawn_at, v.name as drawn_by_name
             from lot_ask a join users u on u.id = a.by_user left join lot_draw d on d.ask = a.id left join users v on v.id = d.by_user
             where a.round = $1 order by a.at, a.id",
            round.get()
        )
    }

    pub async fn lots_between(&mut self, round: RoundId) -> Result<Vec<LotOfRow>> {
        rows!(
            self,
            LotOfRow,
            "select b.ask, b.response, l.place from lot_between b left join lot l on l.ask = b.ask and l.response = b.response
             where b.round = $1 order by b.ask, l.place, b.response",
            round.get()
        )
    }
}

impl Tx {
    /// `Stale` where lots between one of them are asked for already.
    pub async fn ask_lots(&mut self, permit: &Permit<AskLots>, id: i64, responses: &[i64]) -> Result<()> {
        self.accept(permit)?;
        let round = permit.subject().id;
        exec!(
            self,
            "insert into lot_ask (id, round, at, by_user) values ($1, $2, $3, $4)",
            id,
            round,
            permit.now().micros(),
            permit.by().get()
        )?;
        for response in responses {
            let made = exec!(
                self,
                "insert into lot_between (round, response, ask) values ($1, $2, $3) on conflict do nothing",
                round,
                *response,
                id
            )?;
            if made == 0 {
                return Err(Error::Stale);
            }
        }
        self.record(permit, None)
    }

    /// `order`: the responses by their places. The record keeps the seed's digest. `Stale` where it is drawn already.
    pub async fn draw_lots(
        &mut self,
        permit: &Permit<DrawLots>,
        ask: i64,
        seed: &str,
        order: &[i64],
        digest: Vec<u8>,
    ) -> Result<()> {
        self.accept(permit)?;
        let made = exec!(
            self,
            "insert into lot_draw (ask, seed, at, by_user) values ($1, $2, $3, $4) on conflict do nothing",
            ask,
            seed,
            permit.now().micros(),
            permit.by().get()
        )?;
        if made == 0 {
            return Err(Error::Stale);
        }
        for (place, response) in (1i64..).zip(order) {
            exec!(self, "insert into lot (ask, response, place) values ($1, $2, $3)", ask, *response, place)?;
        }
        self.record(permit, Some(digest))
    }
}
