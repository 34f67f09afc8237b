//! Everybody who may meet a challenge, and the stages at which they may meet it, as the facts that the store would read.

use domain::challenge::{OPENING_DELAY, Stage, Standing, TeamRole};
use domain::ids::{ChallengeId, MembershipId, OrganisationId, ResponseId, RoundId, SeatId, UserId};
use domain::moment::{DAY, Moment};
use domain::organisation::{ActingAs, Actor, OrganisationKind, Role};
use domain::policy::{Approvals, Brand, ChallengeFacts, OpeningFacts, ResponseFacts, Seat, SeatRole, SeatStanding};

use crate::table::Table;

pub const NOW: i64 = 1_000 * DAY;
pub const BUYER: OrganisationId = OrganisationId(10);
/// The supplier whose response the tables are about.
pub const ACME: OrganisationId = OrganisationId(20);
pub const OTHER: OrganisationId = OrganisationId(21);
pub const RESPONSE: ResponseId = ResponseId(40);
pub const OTHER_SEAT: SeatId = SeatId(99);
/// No role of the tables is this person.
pub const SOMEBODY: UserId = UserId(999);
pub const AUTHOR: UserId = UserId(101);

/// One who meets the challenge.
#[derive(Clone)]
pub struct Person {
    pub name: &'static str,
    pub actor: Actor,
    pub buyer_role: Option<Role>,
    pub team: Option<TeamRole>,
    pub seat: Option<(SeatRole, SeatStanding)>,
    pub locked: bool,
    /// From the response that the table is about.
    pub recused: bool,
    pub supplies: bool,
}

fn user(n: i64, acting: Option<(OrganisationId, OrganisationKind, Role)>) -> Actor {
    let acting_as = acting.map(|(organisation, kind, role)| ActingAs { membership: MembershipId(n), organisation, kind, role });
    Actor::User { user: UserId(n), administrator: false, acting_as }
}

fn person(name: &'static str, actor: Actor) -> Person {
    Person { name, actor, buyer_role: None, team: None, seat: None, locked: false, recused: false, supplies: false }
}

pub fn buyer(name: &'static str, n: i64, role: Role, team: Option<TeamRole>) -> Person {
    Person { buyer_role: Some(role), team, ..person(name, user(n, Some((BUYER, OrganisationKind::Buyer, role)))) }
}

/// An expert from outside: the seat belongs to the person, who acts as nobody.
pub fn seat(name: &'static str, n: i64, role: SeatRole, standing: SeatStanding) -> Person {
    Person { seat: Some((role, standing)), ..person(name, user(n, None)) }
}

fn supplier(name: &'static str, n: i64, organisation: OrganisationId) -> Person {
    Person { supplies: true, ..person(name, user(n, Some((organisation, OrganisationKind::Supplier, Role::Member)))) }
}

pub fn everybody() -> Vec<Person> {
    use SeatRole::{Adviser, Chair, Evaluator, Moderator, Observer};
    use SeatStanding::{Clear, Recused, Removed, Undeclared, Unsettled};
    let officer = |name, n| buyer(name, n, Role::Officer, Some(TeamRole::Officer));
    vec![
        person("visitor", Actor::Visitor),
        person("job of the service", Actor::System("job")),
        person("user", user(1, None)),
        person("administrator", Actor::User { user: UserId(2), administrator: true, acting_as: None }),
        officer("author (officer of the team)", AUTHOR.get()),
        officer("officer of the team", 102),
        buyer("approver of the team", 103, Role::Approver, Some(TeamRole::Approver)),
        // The store counts a place on the team only while its holder acts for the buyer.
        Person { actor: user(104, None), ..buyer("officer of the team, acting as nobody", 104, Role::Officer, None) },
        Person { seat: Some((Chair, Clear)), ..officer("officer of the team who chairs", 105) },
        Person { seat: Some((Evaluator, Recused)), recused: true, ..officer("officer of the team, recused evaluator", 106) },
        Person { supplies: true, ..officer("officer of the team, member of a supplier that answered", 107) },
        buyer("officer of the buyer, not on the team", 108, Role::Officer, None),
        buyer("owner of the buyer, not on the team", 109, Role::Owner, None),
        seat("chair", 201, Chair, Clear),
        seat("chair who only moderates", 212, Moderator, Clear),
        seat("evaluator, clear", 202, Evaluator, Clear),
        seat("evaluator, undeclared", 203, Evaluator, Undeclared),
        seat("evaluator, conflict unsettled", 204, Evaluator, Unsettled),
        Person { recused: true, ..seat("evaluator, recused from this response", 205, Evaluator, Recused) },
        seat("evaluator, recused from another response", 206, Evaluator, Recused),
        seat("evaluator, removed", 207, Evaluator, Removed),
        Person { locked: true, ..seat("evaluator, locked", 208, Evaluator, Clear) },
        Person { supplies: true, ..seat("evaluator, member of a supplier that answered", 209, Evaluator, Clear) },
        seat("adviser", 210, Adviser, Clear),
        seat("observer", 211, Observer, Undeclared),
        supplier("supplier, its own response", 301, ACME),
        Person { supplies: false, ..supplier("another supplier", 302, OTHER) },
        Person { actor: user(303, None), ..supplier("member of the supplier, acting as nobody", 303, ACME) },
        Person { buyer_role: Some(Role::Officer), ..supplier("member of the supplier with a role in the buyer", 304, ACME) },
        Person { seat: Some((Evaluator, Clear)), ..supplier("member of the supplier with a seat", 305, ACME) },
    ]
}

/// A moment in the life of a challenge: the columns.
pub struct Column {
    pub name: &'static str,
    pub standing: Standing,
    pub stage: Stage,
}

pub fn columns() -> Vec<Column> {
    let now = Moment(NOW);
    let at = |days: i64| Some(now.plus(days * DAY));
    let draft = Standing::default();
    let review = Standing { submitted_at: at(-60), ..draft };
    let scheduled = Standing { publish_at: at(1), deadline: at(40), ..review };
    let open = Standing { publish_at: at(-50), deadline: at(1), ..review };
    let just = Standing { deadline: Some(now.plus(1 - OPENING_DELAY)), ..open };
    let closed = Standing { deadline: Some(now.plus(-OPENING_DELAY)), ..open };
    let scoring = Standing { deadline: at(-20), opened_at: at(-19), scorers: 3, locked: 1, ..open };
    let checking = Standing { unchecked: 2, ..scoring };
    let moderation = Standing { locked: 3, ..scoring };
    let pricing = Standing { record_at: at(-10), price_sealed: true, ..moderation };
    let result = Standing { price_sealed: false, ..pricing };
    let recommended = Standing { recommended_at: at(-9), ..result };
    let decided = Standing { decided_at: at(-8), ..recommended };
    let cancelled = Standing { cancelled_at: at(-1), ..open };
    let withdrawn = Standing { cancelled_at: at(-2), publish_at: at(-1), ..scheduled };
    let column = |name, standing, stage| Column { name, standing, stage };
    vec![
        column("draft", draft, Stage::Draft),
        column("in_review", review, Stage::InReview),
        column("scheduled", scheduled, Stage::Scheduled),
        column("open", open, Stage::Open),
        column("closed<1m", just, Stage::Closed),
        column("closed", closed, Stage::Closed),
        column("checking", checking, Stage::Checking),
        column("scoring", scoring, Stage::Scoring),
        column("moderation", moderation, Stage::Moderation),
        column("pricing", pricing, Stage::Pricing),
        column("result", result, Stage::Result),
        column("recommended", recommended, Stage::Recommended),
        column("decided", decided, Stage::Decided),
        column("cancelled", cancelled, Stage::Cancelled),
        // Cancelled while it was scheduled; the instant for which it was scheduled has passed since.
        column("unpublished", withdrawn, Stage::Cancelled),
    ]
}

pub fn facts(person: &Person, column: &Column) -> ChallengeFacts {
    let opened = column.standing.opened_at.is_some();
    let all_locked = matches!(column.stage, Stage::Moderation | Stage::Pricing) || column.stage.has_result();
    let seat = person.seat.filter(|_| column.standing.publish_at.is_some()).map(|(role, standing)| {
        // Nobody can have declared before the parties are known.
        let standing = if opened { standing } else { SeatStanding::Undeclared };
        let scores = role.scores() && matches!(standing, SeatStanding::Clear | SeatStanding::Recused);
        Seat {
            id: SeatId(500),
            role,
            standing,
            locked: opened && scores && (person.locked || all_locked),
            deputy: false,
            outside: false,
        }
    });
    let own = person.supplies && person.actor.acting_as().is_some_and(|acting| acting.kind == OrganisationKind::Supplier);
    ChallengeFacts {
        brand: Brand(1),
        now: Moment(NOW),
        challenge: ChallengeId(30),
        round: column.standing.publish_at.map(|_| RoundId(31)),
        buyer: BUYER,
        buyer_verified: true,
        four_eyes: true,
        author: AUTHOR,
        wrote: person.team == Some(TeamRole::Officer),
        approvals: Approvals::default(),
        standing: column.standing,
        opening: OpeningFacts { by_two: true, asked: None, handled_names: false },
        buyer_role: person.buyer_role,
        team: person.team,
        scored: opened && seat.as_ref().is_some_and(|seat| seat.locked),
        seat,
        own_response: (own && !column.stage.eq(&Stage::Draft)).then_some(RESPONSE),
        supplies: person.supplies,
        recommended_by: column.standing.recommended_at.map(|_| AUTHOR),
        refilled: false,
    }
}

pub fn response(person: &Person, column: &Column, submitted: bool) -> ResponseFacts {
    let challenge = facts(person, column);
    let recused = person.recused && challenge.seat.as_ref().is_some_and(|seat| seat.standing == SeatStanding::Recused);
    ResponseFacts { challenge, response: RESPONSE, supplier: ACME, submitted, recused }
}

/// A table of an action on a challenge.
pub fn at_stages(title: &'static str, ask: impl Fn(&Actor, &ChallengeFacts) -> String) -> Table {
    let columns = columns();
    for column in &columns {
        assert_eq!(column.standing.stage(Moment(NOW)), column.stage, "{}", column.name);
    }
    Table {
        title,
        columns: columns.iter().map(|column| column.name).collect(),
        rows: everybody()
            .into_iter()
            .map(|person| (person.name, columns.iter().map(|column| ask(&person.actor, &facts(&person, column))).collect()))
            .collect(),
    }
}
