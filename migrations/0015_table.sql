-- The panel's table: a chair who only moderates, a deputy, replacements; agreed scores, minutes and dissent in moderation; a
-- record that every member approves. All rows are only ever added.

-- A chair who only moderates reads like an adviser and leads like a chair: its role stays one that does not score, so that
-- whatever counts scorers by role counts right. `replaces`: the seat that ended and whose place this one takes.
alter table seat add column moderates boolean not null default false;
alter table seat add column replaces bigint references seat (id);

-- Why a seat ended, and who ended it.
create table seat_end (
    seat bigint primary key references seat (id),
    reason text not null,
    at bigint not null,
    by_user bigint not null references users (id)
);

-- Who may act as chair beside the chair. The newest row of a round counts.
create table deputy (
    id bigint primary key,
    round bigint not null references round (id),
    seat bigint not null references seat (id),
    reason text not null,
    at bigint not null,
    by_user bigint not null references users (id)
);
create index deputy_of on deputy (round);

-- Consensus: what the panel agreed on for a response and criterion. The newest n counts, older ones are kept.
create table agreed_score (
    round bigint not null references round (id),
    response bigint not null references response (id),
    criterion bigint not null,
    n bigint not null,
    points bigint not null,
    reason text not null,
    at bigint not null,
    by_user bigint not null references users (id),
    primary key (round, response, criterion, n)
);
create index agreed_score_response on agreed_score (response);

-- Beside an item: minutes, which whoever leads adds to, and dissent, of which each member's newest counts (empty: none now).
create table item_note (
    id bigint primary key,
    round bigint not null references round (id),
    response bigint not null references response (id),
    criterion bigint not null,
    kind text not null check (kind in ('minutes', 'dissent')),
    seat bigint not null references seat (id),
    text text not null,
    at bigint not null
);
create index item_note_round on item_note (round);

-- The record as it is put before the members; the newest counts.
create table record_proposal (
    id bigint primary key,
    round bigint not null references round (id),
    discussion text not null,
    at bigint not null,
    by_user bigint not null references users (id)
);
create index record_proposal_round on record_proposal (round);

-- A member's approval binds the SHA-256 of what the member can see of the record: it lapses with any change of that, and with
-- no change of what a recusal hides.
create table record_signature (
    round bigint not null references round (id),
    seat bigint not null references seat (id),
    digest {bytes} not null,
    at bigint not null,
    primary key (round, seat, digest)
);

-- Members without whom the record was closed, and why.
create table record_without (
    round bigint not null references round (id),
    seat bigint not null references seat (id),
    reason text not null,
    at bigint not null,
    primary key (round, seat)
);
