-- The check of requirements between opening and scoring, and the price envelope.

-- What an officer recorded of a response and a requirement (or its price), numbered through the round: the newest record of a cell
-- counts and none is overwritten. left_open: how many cells of the round waited after it (domain::check::left_open), computed
-- under the challenge's lock: so the stage of a challenge is read from the newest row, however many cells there are.
create table check_event (
    round bigint not null references round (id),
    n bigint not null,
    id bigint not null unique,
    response bigint not null references response (id),
    subject text not null,              -- id of a requirement, or 'price'
    kind text not null check (kind in ('passed', 'clarify', 'excluded')),
    reason text not null,               -- of a clarification: what is asked
    left_open bigint not null,
    at bigint not null,
    by_user bigint not null references users (id),
    primary key (round, n)
);
create index check_event_of on check_event (response);

-- What a clarification may touch, and by when it is answered. The submission itself is never touched.
create table clarification (
    id bigint primary key references check_event (id),
    fields text not null,               -- JSON: names of fields of the round's form, 'requirement', 'price'
    deadline bigint not null
);

-- A supplier's answer, beside the untouched original; the newest one counts. sealed: JSON of field -> text under the round's key.
create table clarification_answer (
    id bigint primary key,
    clarification bigint not null references clarification (id),
    sealed {bytes} not null,
    at bigint not null,
    by_user bigint not null references users (id)
);
create index clarification_answer_of on clarification_answer (clarification);

-- How many cells an opening leaves to be checked: standing responses by requirements.
alter table opening add column to_check bigint not null default 0;
-- The envelopes that it leaves sealed, to be opened by an opening of their own: 'price', or none.
alter table opening add column awaits text;

-- When a file's key was overwritten: as with envelopes, nothing reads it any more.
alter table enclosure add column destroyed_at bigint;

-- Salted digest of what this envelope alone holds, where a submission has several: what its opening compares with. The price
-- holds random bytes besides, or its few possible values could be tried against the digest.
alter table envelope add column digest {bytes};
