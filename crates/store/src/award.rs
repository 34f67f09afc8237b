//! Recommendations, their approval, and letters.

use domain::decision::{DecisionKind, LineOutcome};
use domain::ids::{ChallengeId, DecisionId, ResponseId, RoundId};
use domain::policy::{ApproveDecision, Permit, RecommendDecision, SendBackDecision};

use crate::Result;
use crate::conn::Conn;
use crate::tx::Tx;

#[derive(Clone, Debug, sqlx::FromRow)]
pub struct DecisionRow {
    pub id: i64,
    pub round: i64,
    pub kind: String,
    pub reason: String,
    pub recommended_by: i64,
    pub recommended_by_name: String,
    pub recommended_at: i64,
    pub approved_at: Option<i64>,
    pub approved_by_name: Option<String>,
    pub sent_back_reason: Option<String>,
}

#[derive(Clone, Debug, sqlx::FromRow)]
pub struct LineRow {
    pub response: i64,
    pub supplier: i64,
    pub supplier_name: String,
    pub outcome: String,
    pub reason: String,
}

impl Conn {
    /// The newest recommendation of a challenge.
    pub async fn decision(&mut self, challenge: ChallengeId) -> Result<Option<DecisionRow>> {
        row!(
            self,
            DecisionRow,
            "select d.id, d.round, d.kind, d.reason, d.recommended_by, u.name as recommended_by_name, d.recommended_at,
                    a.at as approved_at, v.name as approved_by_name, b.reason as sent_back_reason
             from decision d join users u on u.id = d.recommended_by
             left join decision_event a on a.decision = d.id and a.kind = 'approved' left join users v on v.id = a.by_user
             left join decision_event b on b.decision = d.id and b.kind = 'sent_back'
             where d.challenge = $1 order by d.recommended_at desc, d.id desc limit 1",
            challenge.get()
        )
    }

    pub async fn decision_lines(&mut self, decision: DecisionId) -> Result<Vec<LineRow>> {
        rows!(
            self,
            LineRow,
            "select l.response, r.supplier, o.name as supplier_name, l.outcome, l.reason from decision_line l
             join response r on r.id = l.response join organisation o on o.id = r.supplier
             where l.decision = $1 order by l.outcome, o.name",
            decision.get()
        )
    }

    /// When the supplier was written to.
    pub async fn letter(&mut self, response: ResponseId) -> Result<Option<i64>> {
        Ok(row!(
            self,
            (i64,),
            "select created_at from letter where response = $1 order by created_at desc limit 1",
            response.get()
        )?
        .map(|(at,)| at))
    }
}

impl Tx {
    pub async fn recommend_decision(
        &mut self,
        permit: &Permit<RecommendDecision>,
        id: DecisionId,
        round: RoundId,
        kind: DecisionKind,
        reason: &str,
        lines: &[(ResponseId, LineOutcome, String)],
    ) -> Result<()> {
        self.accept(permit)?;
        exec!(
            self,
            "insert into decision (id, challenge, round, kind, reason, recommended_by, recommended_at) values ($1, $2, $3, $4, $5, $6, $7)",
            id.get(),
            permit.subject().id,
            round.get(),
            kind.code(),
            reason,
            permit.by().get(),
            permit.now().micros()
        )?;
        for (response, outcome, reason) in lines {
            exec!(
                self,
                "insert into decision_line (decision, response, outcome, reason) values ($1, $2, $3, $4)",
                id.get(),
                response.get(),
                outcome.code(),
                reason.as_str()
            )?;
        }
        self.record(permit, None)
    }

    /// The approval, with a letter for each response.
    pub async fn approve_decision(
        &mut self,
        permit: &Permit<ApproveDecision>,
        decision: DecisionId,
        letters: &[(i64, ResponseId)],
    ) -> Result<()> {
        self.accept(permit)?;
        let at = permit.now().micros();
        exec!(
            self,
            "insert into decision_event (decision, kind, at, by_user) values ($1, 'approved', $2, $3)",
            decision.get(),
            at,
            permit.by().get()
        )?;
        for (letter, response) in letters {
            exec!(
                self,
                "insert into letter (id, decision, response, created_at) values ($1, $2, $3, $4)",
                *letter,
                decision.get(),
                response.get(),
                at
            )?;
        }
        self.changed("challenge", permit.subject().id, None);
        self.record(permit, None)
    }

    pub async fn send_back_decision(
        &mut self,
        permit: &Permit<SendBackDecision>,
        decision: DecisionId,
        reason: &str,
    ) -> Result<()> {
        self.accept(permit)?;
        exec!(
            self,
            "insert into decision_event (decision, kind, reason, at, by_user) values ($1, 'sent_back', $2, $3, $4)",
            decision.get(),
            reason,
            permit.now().micros(),
            permit.by().get()
        )?;
        self.record(permit, None)
    }
}
