//! What members of a panel declare, how it is settled, and what each is recused from.

use domain::ids::{DeclarationId, ResponseId, RoundId, SeatId};
use domain::policy::{DeclareInterest, Permit, SettleDeclaration};

use crate::conn::Conn;
use crate::tx::Tx;
use crate::{Error, Result};

#[derive(Clone, Debug, sqlx::FromRow)]
pub struct DeclarationRow {
    pub id: i64,
    pub seat: i64,
    pub name: String,
    pub conflict: bool,
    pub statement: String,
    pub at: i64,
    pub settlement: Option<String>,
    pub settlement_reason: Option<String>,
}

/// A member whom a conflict took out of the panel's discussion, of one response or (`None`) of the round.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct LeftRow {
    pub seat: i64,
    pub name: String,
    pub response: Option<i64>,
    /// Of its first declaration.
    pub since: i64,
    /// Of the first that declared the conflict.
    pub at: i64,
}

impl Conn {
    /// Who was recused or removed in a round, observers left out: they take no part.
    pub async fn left_by_conflict(&mut self, round: RoundId) -> Result<Vec<LeftRow>> {
        rows!(
            self,
            LeftRow,
            "select x.seat, x.name, x.response, x.since, min(x.at) as at from (
                select s.id as seat, u.name, case when t.kind = 'removed' then null else p.response end as response,
                    (select min(f.at) from declaration f where f.seat = s.id) as since, d.at
                from seat s join users u on u.id = s.user_id join declaration d on d.seat = s.id
                join settlement t on t.declaration = d.id and t.kind in ('recused', 'removed')
                join declaration_party p on p.declaration = d.id where s.round = $1 and s.role <> 'observer') x
             group by x.seat, x.name, x.response, x.since order by x.name, x.seat, x.response",
            round.get()
        )
    }

    /// All declarations of a round, the oldest first: none is ever overwritten.
    pub async fn declarations(&mut self, round: RoundId) -> Result<Vec<DeclarationRow>> {
        rows!(
            self,
            DeclarationRow,
            "select d.id, d.seat, u.name, d.conflict, d.statement, d.at, t.kind as settlement, t.reason as settlement_reason
             from declaration d join seat s on s.id = d.seat join users u on u.id = s.user_id
             left join settlement t on t.declaration = d.id where s.round = $1 order by d.at, d.id",
            round.get()
        )
    }

    /// The responses that a seat is recused from, by any of its declarations: a later one lifts nothing.
    pub async fn recusals(&mut self, seat: SeatId) -> Result<Vec<ResponseId>> {
        let found = rows!(
            self,
            (i64,),
            "select distinct p.response from declaration d join settlement t on t.declaration = d.id and t.kind = 'recused'
             join declaration_party p on p.declaration = d.id where d.seat = $1",
            seat.get()
        )?;
        Ok(found.into_iter().map(|(id,)| ResponseId(id)).collect())
    }

    /// The same for all seats of a round: (seat, response).
    pub async fn recusals_in(&mut self, round: RoundId) -> Result<Vec<(SeatId, ResponseId)>> {
        let found = rows!(
            self,
            (i64, i64),
            "select distinct d.seat, p.response from seat s join declaration d on d.seat = s.id
             join settlement t on t.declaration = d.id and t.kind = 'recused'
             join declaration_party p on p.declaration = d.id where s.round = $1",
            round.get()
        )?;
        Ok(found.into_iter().map(|(seat, response)| (SeatId(seat), ResponseId(response))).collect())
    }

    pub async fn declared_parties(&mut self, declaration: DeclarationId) -> Result<Vec<String>> {
        let found = rows!(
            self,
            (String,),
            "select o.name from declaration_party p join response r on r.id = p.response join organisation o on o.id = r.supplier
             where p.declaration = $1 order by o.name",
            declaration.get()
        )?;
        Ok(found.into_iter().map(|(name,)| name).collect())
    }

    /// What was chosen in the declarations of a round: (declaration, key of the party).
    pub async fn chosen_parties(&mut self, round: RoundId) -> Result<Vec<(i64, i64)>> {
        rows!(
            self,
            (i64, i64),
            "select c.declaration, c.party from declaration_chosen c join declaration d on d.id = c.declaration
             join seat s on s.id = d.seat where s.round = $1 order by c.declaration, c.party",
            round.get()
        )
    }
}

impl Tx {
    pub async fn declare_interest(
        &mut self,
        permit: &Permit<DeclareInterest>,
        id: DeclarationId,
        statement: &str,
        chosen: &[i64],
        parties: &[ResponseId],
    ) -> Result<()> {
        self.accept(permit)?;
        exec!(
            self,
            "insert into declaration (id, seat, conflict, statement, at) values ($1, $2, $3, $4, $5)",
            id.get(),
            permit.subject().id,
            !parties.is_empty(),
            statement,
            permit.now().micros()
        )?;
        for party in chosen {
            exec!(self, "insert into declaration_chosen (declaration, party) values ($1, $2)", id.get(), *party)?;
        }
        for party in parties {
            exec!(self, "insert into declaration_party (declaration, response) values ($1, $2)", id.get(), party.get())?;
        }
        self.record(permit, None)
    }

    pub async fn settle_declaration(
        &mut self,
        permit: &Permit<SettleDeclaration>,
        declaration: DeclarationId,
        kind: &str,
        reason: &str,
    ) -> Result<()> {
        self.accept(permit)?;
        let done = exec!(
            self,
            "insert into settlement (declaration, kind, reason, at, by_user)
             select d.id, $3, $4, $5, $6 from declaration d where d.id = $1 and d.seat = $2 and d.conflict on conflict do nothing",
            declaration.get(),
            permit.subject().id,
            kind,
            reason,
            permit.now().micros(),
            permit.by().get()
        )?;
        if done == 0 {
            return Err(Error::Stale);
        }
        self.record(permit, None)
    }
}
