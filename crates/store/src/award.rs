//! Recommendations, their approval, and letters.

use domain::audit::BegunRow;
use domain::decision::{DecisionKind, Line};
use domain::ids::{DecisionId, ResponseId, RoundId};
use domain::moment::Moment;
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

/// A recommendation as it is recorded.
pub struct NewDecision<'a> {
    pub id: DecisionId,
    pub round: RoundId,
    pub kind: DecisionKind,
    pub reason: &'a str,
    pub lines: &'a [Line],
    /// Of a cut: when the answers of the next round are due, and what is said to those who go on.
    pub next: Option<(Moment, &'a str)>,
}

/// A later round, as the approval of the cut before it makes it.
pub struct NewRound<'a> {
    pub id: RoundId,
    pub number: i64,
    pub kind: &'a str,
    pub deadline: Moment,
    pub sealed_key: &'a [u8],
    /// Who goes on, each with its draft's data key under the new round's.
    pub entries: &'a [(ResponseId, Vec<u8>)],
}

impl Conn {
    /// The newest recommendation of a round.
    pub async fn decision(&mut self, round: RoundId) -> Result<Option<DecisionRow>> {
        row!(
            self,
            DecisionRow,
            "select d.id, d.round, d.kind, d.reason, d.recommended_by, u.name as recommended_by_name, d.recommended_at,
                    a.at as approved_at, v.name as approved_by_name, b.reason as sent_back_reason
             from decision d join users u on u.id = d.recommended_by
             left join decision_event a on a.decision = d.id and a.kind = 'approved' left join users v on v.id = a.by_user
             left join decision_event b on b.decision = d.id and b.kind = 'sent_back'
             where d.round = $1 order by d.recommended_at desc, d.id desc limit 1",
            round.get()
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

    /// The next round as a cut was recommended with it: when its answers are due, and what is said to those who go on.
    pub async fn decision_round(&mut self, decision: DecisionId) -> Result<Option<(Moment, String)>> {
        let found =
            row!(self, (i64, String), "select deadline, invitation from decision_round where decision = $1", decision.get())?;
        Ok(found.map(|(deadline, invitation)| (Moment(deadline), invitation)))
    }

    /// What the invitation to a round says.
    pub async fn invitation(&mut self, round: RoundId) -> Result<String> {
        let found = row!(
            self,
            (String,),
            "select i.invitation from round r join round b on b.challenge = r.challenge and b.number = r.number - 1
             join decision d on d.round = b.id join decision_event e on e.decision = d.id and e.kind = 'approved'
             join decision_round i on i.decision = d.id where r.id = $1",
            round.get()
        )?;
        Ok(found.map(|(text,)| text).unwrap_or_default())
    }

    /// When the supplier was written to of a decision.
    pub async fn letter(&mut self, decision: DecisionId, response: ResponseId) -> Result<Option<i64>> {
        Ok(row!(
            self,
            (i64,),
            "select created_at from letter where decision = $1 and response = $2",
            decision.get(),
            response.get()
        )?
        .map(|(at,)| at))
    }
}

impl Tx {
    pub async fn recommend_decision(&mut self, permit: &Permit<RecommendDecision>, new: NewDecision<'_>) -> Result<()> {
        self.accept(permit)?;
        let NewDecision { id, round, kind, reason, lines, next } = new;
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
        for Line { response, outcome, reason } in lines {
            exec!(
                self,
                "insert into decision_line (decision, response, outcome, reason) values ($1, $2, $3, $4)",
                id.get(),
                response.get(),
                outcome.code(),
                reason.as_str()
            )?;
        }
        if let Some((deadline, invitation)) = next {
            exec!(
                self,
                "insert into decision_round (decision, deadline, invitation) values ($1, $2, $3)",
                id.get(),
                deadline.micros(),
                invitation
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
        next: Option<NewRound<'_>>,
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
        let challenge = permit.subject().id;
        let mut bound = None;
        if let Some(next) = next {
            let (round, number, deadline) = (next.id.get(), next.number, next.deadline);
            bound = Some(BegunRow { round, challenge, number, deadline }.digest());
            self.begin_round(challenge, at, next).await?;
        }
        self.changed("challenge", challenge, None);
        self.record(permit, bound)
    }

    async fn begin_round(&mut self, challenge: i64, at: i64, next: NewRound<'_>) -> Result<()> {
        exec!(
            self,
            "insert into round (id, challenge, number, kind, deadline, sealed_key, created_at) values ($1, $2, $3, $4, $5, $6, $7)",
            next.id.get(),
            challenge,
            next.number,
            next.kind,
            next.deadline.micros(),
            next.sealed_key,
            at
        )?;
        for (response, draft_key) in next.entries {
            exec!(
                self,
                "insert into round_entry (response, number, round, draft_key) values ($1, $2, $3, $4)",
                response.get(),
                next.number,
                next.id.get(),
                draft_key.as_slice()
            )?;
        }
        Ok(())
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
