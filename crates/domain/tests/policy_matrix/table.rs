//! Tables as text: a column a stage, a row for all roles that are answered alike.

use std::fmt::Write as _;

use domain::enquiry::EnquiryState;
use domain::ids::{AmendmentId, DraftLinkId, EnquiryId, MembershipId, OrganisationId, ReaderId, SoundingId, UserId};
use domain::moment::{DAY, Moment};
use domain::organisation::{ActingAs, Actor, OrganisationKind, Role};
use domain::policy::{
    AmendmentFacts, AmendmentState, Brand, Decision, DraftLinkFacts, DraftLinkKind, EnquiryFacts, OrganisationFacts, ReaderFacts,
    Refusal, ResponseFacts, SoundingFacts, Verb,
};
use domain::sounding::SoundingStanding;

use crate::roles::{self, columns, everybody};

pub struct Table {
    /// The verb, then what is special about this table of it.
    pub title: &'static str,
    pub columns: Vec<&'static str>,
    pub rows: Vec<(&'static str, Vec<String>)>,
}

impl Table {
    pub fn verb(&self) -> &str {
        self.title.split(',').next().unwrap_or_default()
    }
}

pub fn answer<V: Verb>(decision: Decision<V>) -> String {
    match decision {
        Ok(_) => "yes".into(),
        Err(refused) if refused.why == Refusal::Unseen => "404".into(),
        Err(refused) => refused.why.code().into(),
    }
}

/// An action on a response that Acme began.
pub fn responses(title: &'static str, submitted: bool, ask: impl Fn(&Actor, &ResponseFacts) -> String) -> Table {
    // Before the publication there is no response, so there is nothing to ask.
    let columns: Vec<_> = columns().into_iter().filter(|column| column.standing.is_public(Moment(roles::NOW))).collect();
    Table {
        title,
        columns: columns.iter().map(|column| column.name).collect(),
        rows: everybody()
            .into_iter()
            .map(|person| {
                let cells = columns.iter().map(|column| ask(&person.actor, &roles::response(&person, column, submitted)));
                (person.name, cells.collect())
            })
            .collect(),
    }
}

/// An action of whoever holds a link to the draft that Acme began, which holds for another day.
pub fn draft_links(title: &'static str, holds: bool, ask: impl Fn(&Actor, &DraftLinkFacts) -> String) -> Table {
    responses(title, false, |actor, facts| {
        let (link, kind, now) = (DraftLinkId(91), DraftLinkKind::Read, facts.challenge.now);
        let sound =
            DraftLinkFacts { response: facts.clone(), link, kind, expires_at: now.plus(DAY), revoked: false, maker_stays: true };
        if holds {
            return ask(actor, &sound);
        }
        let ended = [
            DraftLinkFacts { revoked: true, ..sound.clone() },
            DraftLinkFacts { expires_at: now, ..sound.clone() },
            DraftLinkFacts { maker_stays: false, ..sound },
        ];
        let mut said: Vec<String> = ended.iter().map(|facts| ask(actor, facts)).collect();
        said.dedup();
        said.join("/")
    })
}

/// An action on an amendment that somebody else wrote.
pub fn amendments(title: &'static str, state: AmendmentState, ask: impl Fn(&Actor, &AmendmentFacts) -> String) -> Table {
    let author = roles::AUTHOR;
    roles::at_stages(title, |actor, facts| {
        let challenge = facts.clone();
        ask(actor, &AmendmentFacts { challenge, amendment: AmendmentId(60), state, author, reopens: false })
    })
}

/// An action on a confidential enquiry that Acme asked.
pub fn enquiries(title: &'static str, state: EnquiryState, ask: impl Fn(&Actor, &EnquiryFacts) -> String) -> Table {
    roles::at_stages(title, |actor, facts| {
        let challenge = facts.clone();
        ask(actor, &EnquiryFacts { challenge, enquiry: EnquiryId(70), supplier: roles::ACME, state, confidential: true })
    })
}

/// An action on a sounding of a draft: open, at the instant of its date, ended before, taken down.
pub fn soundings(title: &'static str, ask: impl Fn(&Actor, &SoundingFacts) -> String) -> Table {
    let now = Moment(roles::NOW);
    let open = SoundingStanding {
        opened_at: now.plus(-2),
        open_until: now.plus(1),
        ended_at: None,
        taken_down_at: None,
        publish_at: None,
        cancelled_at: None,
    };
    let standings = [
        ("open", open),
        ("at its date", SoundingStanding { open_until: now, ..open }),
        ("ended", SoundingStanding { ended_at: Some(now.plus(-1)), ..open }),
        ("taken down", SoundingStanding { taken_down_at: Some(now.plus(-1)), ..open }),
    ];
    let draft = columns().into_iter().next().expect("a draft");
    let rows = everybody().into_iter().map(|person| {
        let cells = standings.iter().map(|(_, standing)| {
            let challenge = roles::facts(&person, &draft);
            ask(&person.actor, &SoundingFacts { challenge, sounding: SoundingId(80), standing: *standing })
        });
        (person.name, cells.collect())
    });
    Table { title, columns: standings.iter().map(|(name, _)| *name).collect(), rows: rows.collect() }
}

/// An action on an invitation to read the draft, which holds for another day.
pub fn readers(title: &'static str, own: bool, ask: impl Fn(&Actor, &ReaderFacts) -> String) -> Table {
    roles::at_stages(title, |actor, facts| {
        let (challenge, expires_at) = (facts.clone(), facts.now.plus(DAY));
        ask(actor, &ReaderFacts { challenge, reader: ReaderId(90), own, expires_at, revoked: false })
    })
}

/// An action that belongs to no organisation or challenge.
pub fn answers(title: &'static str, ask: impl Fn(&Actor) -> String) -> Table {
    let rows = everybody().into_iter().take(5).map(|person| (person.name, vec![ask(&person.actor)])).collect();
    Table { title, columns: vec!["always"], rows }
}

/// An action on an organisation: a buyer, and a supplier.
pub fn organisations(title: &'static str, ask: impl Fn(&Actor, &OrganisationFacts) -> String) -> Table {
    let kinds = [(OrganisationKind::Buyer, roles::BUYER), (OrganisationKind::Supplier, roles::ACME)];
    let roles_of: [(&str, Actor, Option<Role>, bool); 8] = [
        ("visitor", Actor::Visitor, None, false),
        ("job of the service", Actor::System("job"), None, false),
        ("user", member(1, false), None, false),
        ("administrator", member(2, true), None, false),
        ("owner", member(3, false), Some(Role::Owner), true),
        ("owner, acting as nobody", member(3, false), Some(Role::Owner), false),
        ("officer (of a supplier: member)", member(4, false), Some(Role::Officer), true),
        ("approver (of a supplier: member)", member(5, false), Some(Role::Approver), true),
    ];
    let rows = roles_of
        .into_iter()
        .map(|(name, actor, role, acting)| {
            let cells = kinds.iter().map(|&(kind, organisation)| {
                let role = role.map(|role| if role.fits(kind) { role } else { Role::Member });
                ask(&acting_as(&actor, organisation, kind, role.filter(|_| acting)), &facts(organisation, kind, role))
            });
            (name, cells.collect())
        })
        .collect();
    Table { title, columns: vec!["buyer", "supplier"], rows }
}

fn member(n: i64, administrator: bool) -> Actor {
    Actor::User { user: UserId(n), administrator, acting_as: None }
}

fn acting_as(actor: &Actor, organisation: OrganisationId, kind: OrganisationKind, role: Option<Role>) -> Actor {
    match actor {
        Actor::User { user, administrator, .. } => Actor::User {
            user: *user,
            administrator: *administrator,
            acting_as: role.map(|role| ActingAs { membership: MembershipId(user.get()), organisation, kind, role }),
        },
        other => other.clone(),
    }
}

fn facts(organisation: OrganisationId, kind: OrganisationKind, role: Option<Role>) -> OrganisationFacts {
    OrganisationFacts { brand: Brand(1), now: Moment(roles::NOW), organisation, kind, verified: true, role, owners: 2 }
}

const HEAD: &str = "\
Who may do what: yes, or the refusal. 404 stands for a thing whose existence is a secret (or that is not there).
Made by tests/policy_matrix.rs; roles that are answered alike share a row. closed<1m: less than a minute after the
deadline. unpublished: cancelled while it was scheduled, its instant has passed since. A seat is undeclared until the
opening, whatever its row is called.
";

pub fn render(tables: &[Table]) -> String {
    let mut out = HEAD.to_owned();
    for table in tables {
        let _ = write!(out, "\n## {}\n\n", table.title);
        let mut groups: Vec<(&[String], Vec<&str>)> = Vec::new();
        for (name, cells) in &table.rows {
            match groups.iter_mut().find(|(known, _)| *known == cells.as_slice()) {
                Some((_, names)) => names.push(name),
                None => groups.push((cells, vec![name])),
            }
        }
        let widths: Vec<usize> = (0..table.columns.len())
            .map(|n| groups.iter().map(|(cells, _)| cells[n].len()).chain([table.columns[n].len()]).max().unwrap_or(0))
            .collect();
        let line = |cells: &[&str], last: &str| {
            let padded: Vec<String> = cells.iter().zip(&widths).map(|(cell, width)| format!("{cell:width$}")).collect();
            format!("{} | {last}\n", padded.join(" "))
        };
        out += &line(&table.columns, "who");
        let blank = vec![""; table.columns.len()];
        for (cells, names) in groups {
            let cells: Vec<&str> = cells.iter().map(String::as_str).collect();
            for (n, names) in wrapped(&names).iter().enumerate() {
                out += &line(if n == 0 { &cells } else { &blank }, names);
            }
        }
    }
    out
}

/// Names in lines that fit a screen beside the cells.
fn wrapped(names: &[&str]) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for name in names {
        match lines.last_mut() {
            Some(line) if line.len() + name.len() < 100 => *line += &format!("; {name}"),
            _ => lines.push((*name).to_owned()),
        }
    }
    lines
}

/// The lines that differ, each under its table.
pub fn diff(agreed: &str, now: &str) -> String {
    let marked = |text: &str| -> Vec<(String, String)> {
        let mut table = String::new();
        text.lines()
            .map(|line| {
                if let Some(title) = line.strip_prefix("## ") {
                    table = title.to_owned();
                }
                (table.clone(), line.to_owned())
            })
            .collect()
    };
    let (before, after) = (marked(agreed), marked(now));
    let mut out = String::new();
    for (sign, these, others) in [("-", &before, &after), ("+", &after, &before)] {
        for (table, line) in these.iter().filter(|line| !others.contains(line)) {
            let _ = writeln!(out, "{sign} {table}: {line}");
        }
    }
    if out.is_empty() { "only the order of lines".into() } else { out }
}
