-- The foundation. One text for both databases: {bytes} is blob on SQLite and bytea on PostgreSQL.
-- Times are bigint microseconds UTC. Ids are random 63-bit integers: their order says nothing about who came first.
-- Facts that matter are rows that are only ever added (…_event, opening, declaration, final_score, decision): no column
-- stores a state, and no column stores what the clock decides.

-- What this installation is (live, test or demo), the check value of its master key, the offset of its clock (test and demo only).
create table meta (
    name text primary key,
    value text not null
);

-- The head of the record. Locked last in each write, for the length of one batch: it gives gapless positions on both databases,
-- where a sequence would commit out of order on PostgreSQL and a follower would skip rows for ever.
create table chain_head (
    id bigint primary key check (id = 1),
    position bigint not null,
    hash {bytes} not null,
    at bigint not null
);
insert into chain_head (id, position, hash, at) values (1, 0, {zero32}, 0);

-- The record: ids, verbs and digests; no names and no free text, so that erasure never breaks the chain.
create table audit (
    position bigint primary key,
    previous {bytes} not null,
    hash {bytes} not null,
    at bigint not null,
    user_id bigint,
    acting_as bigint,
    verb text not null,
    subject_kind text not null,
    subject_id bigint not null,
    outcome text not null,              -- done, or the code of a refusal
    digest {bytes},
    counted bigint not null default 1   -- anonymous refusals are summed per minute
);
create index audit_subject on audit (subject_kind, subject_id);

-- What the index and the page cache follow. Shares the record's position; due_at: findable only from then on (fail closed).
create table change_log (
    position bigint not null,
    kind text not null,
    id bigint not null,
    due_at bigint,
    primary key (position, kind, id)
);
create index change_due on change_log (due_at) where due_at is not null;

-- Mail and whatever else leaves the house, written in the transaction of the change it tells of.
create table outbox (
    id bigint primary key,
    event text not null,
    recipient text not null,
    channel text not null,
    template text not null,
    params text not null,               -- JSON; emptied once sent, because it can hold a one-time link
    created_at bigint not null,
    due_at bigint not null,
    claimed_at bigint,                  -- set before sending: a claim without an end is never sent again by itself
    sent_at bigint,
    failed_at bigint,
    attempts bigint not null default 0,
    last_error text
);
create unique index outbox_once on outbox (event, recipient, channel);
create index outbox_due on outbox (due_at) where sent_at is null and failed_at is null;

create table idempotency (
    user_id bigint not null,
    verb text not null,
    key text not null,
    answer text not null,
    at bigint not null,
    primary key (user_id, verb, key)
);

-- People ------------------------------------------------------------------------------------------------------------------

create table users (
    id bigint primary key,
    email text not null unique,         -- lower case
    name text not null,
    password text not null,             -- Argon2id, PHC string
    administrator boolean not null default false,
    confirmed_at bigint,
    lang text not null default 'en',
    zone text not null default 'UTC',
    created_at bigint not null,
    row_version bigint not null default 1
);

create table session (
    token {bytes} primary key,          -- SHA-256 of the cookie: a stolen table signs nobody in
    id bigint not null unique,
    user_id bigint not null references users (id),
    membership bigint,                  -- acting as
    created_at bigint not null,
    seen_at bigint not null,
    expires_at bigint not null,
    agent text not null
);
create index session_holder on session (user_id);

-- One-time links: confirm an address, reset a password, accept an invitation.
create table token (
    token {bytes} primary key,          -- SHA-256 of what the mail carries
    purpose text not null,
    email text not null,
    user_id bigint,
    subject_id bigint,                  -- organisation or round
    role text,
    created_at bigint not null,
    created_by bigint,
    expires_at bigint not null,
    used_at bigint
);
create index token_subject on token (subject_id) where subject_id is not null;

create table organisation (
    id bigint primary key,
    kind text not null check (kind in ('buyer', 'supplier')),
    name text not null,
    about text not null default '',
    place text not null default '',
    url text not null default '',
    four_eyes boolean not null default true,
    created_at bigint not null,
    created_by bigint not null references users (id),
    row_version bigint not null default 1
);

-- verified, or the verification taken back: the newest row counts.
create table organisation_event (
    id bigint primary key,
    organisation bigint not null references organisation (id),
    kind text not null,
    at bigint not null,
    by_user bigint not null references users (id)
);
create index organisation_event_of on organisation_event (organisation, at);

create table membership (
    id bigint primary key,
    user_id bigint not null references users (id),
    organisation bigint not null references organisation (id),
    role text not null check (role in ('owner', 'officer', 'approver', 'member')),
    created_at bigint not null,
    ended_at bigint
);
create unique index membership_once on membership (user_id, organisation) where ended_at is null;
create index membership_of on membership (organisation) where ended_at is null;

-- Challenges --------------------------------------------------------------------------------------------------------------

create table challenge (
    id bigint primary key,
    reference text not null unique,     -- WP-2026-7K3M2: for letters and telephones
    buyer bigint not null references organisation (id),
    author bigint not null references users (id),
    created_at bigint not null,
    row_version bigint not null default 1
);
create index challenge_buyer on challenge (buyer);

-- A draft as typed, a row a section: two officers in two sections never meet, two in one are told.
create table challenge_section (
    challenge bigint not null references challenge (id),
    section text not null,
    fields text not null,               -- JSON object of strings: what was typed, also when it does not parse
    updated_by bigint not null references users (id),
    updated_at bigint not null,
    row_version bigint not null,
    primary key (challenge, section)
);

-- What was put before the approver, and what is published: never edited, amended by n + 1.
create table challenge_version (
    challenge bigint not null references challenge (id),
    n bigint not null,
    terms text not null,                -- JSON of domain::challenge::Terms
    reason text not null,
    created_at bigint not null,
    created_by bigint not null references users (id),
    primary key (challenge, n)
);

-- submitted_for_review, sent_back, approved (with publish_at), cancelled, followed by whatever later issues add.
create table challenge_event (
    id bigint primary key,
    challenge bigint not null references challenge (id),
    kind text not null,
    n bigint,
    publish_at bigint,
    reason text not null default '',
    at bigint not null,
    by_user bigint not null references users (id)
);
create index challenge_event_of on challenge_event (challenge, kind);

create table challenge_team (
    challenge bigint not null references challenge (id),
    user_id bigint not null references users (id),
    role text not null check (role in ('officer', 'approver')),
    since bigint not null,
    until bigint,
    primary key (challenge, user_id, since)
);
create index challenge_team_user on challenge_team (user_id) where until is null;

create table follow (
    user_id bigint not null references users (id),
    challenge bigint not null references challenge (id),
    since bigint not null,
    primary key (user_id, challenge)
);

-- The round owns deadline, key, opening, seats and shortlist rule. It is made with the approval of a version.
create table round (
    id bigint primary key,
    challenge bigint not null references challenge (id),
    number bigint not null,
    kind text not null,
    deadline bigint not null,
    sealed_key {bytes} not null,        -- the round key under the master key
    shortlist text,
    created_at bigint not null,
    row_version bigint not null default 1,
    unique (challenge, number)
);

-- One row an envelope kind. Asked and confirmed are two facts; today one officer does both where the buyer has set so.
create table opening (
    round bigint not null references round (id),
    envelope text not null,
    asked_by bigint not null references users (id),
    asked_at bigint not null,
    confirmed_by bigint not null references users (id),
    confirmed_at bigint not null,
    primary key (round, envelope)
);

-- Responses ---------------------------------------------------------------------------------------------------------------

create table response (
    id bigint primary key,
    challenge bigint not null references challenge (id),
    supplier bigint not null references organisation (id),
    candidacy bigint not null default 1,        -- up to n a supplier, as published
    created_at bigint not null,
    created_by bigint not null references users (id),
    draft_key {bytes} not null,                 -- the draft's data key under the round key
    unique (challenge, supplier, candidacy)
);

create table draft_answer (
    response bigint not null references response (id),
    round bigint not null references round (id),
    question text not null,
    sealed {bytes} not null,
    updated_by bigint not null references users (id),
    updated_at bigint not null,
    row_version bigint not null,
    primary key (response, round, question)
);

-- Immutable. The last one stands; nothing of it is readable but through its envelopes' keys.
create table submission (
    id bigint primary key,
    response bigint not null references response (id),
    round bigint not null references round (id),
    n bigint not null,
    challenge_version bigint not null,
    received_at bigint not null,
    submitted_by bigint not null references users (id),
    digest {bytes} not null,            -- salted SHA-256 of the canonical content (RFC 8785)
    salt {bytes} not null,
    unique (response, round, n)
);
create index submission_round on submission (round);

create table envelope (
    submission bigint not null references submission (id),
    kind text not null,                 -- quality or price
    sealed {bytes} not null,
    sealed_key {bytes} not null,        -- the envelope's data key under the round key
    opened_key {bytes},                 -- made by the opening, for the submission that stands and for no other
    primary key (submission, kind)
);

-- withdrawn; a later submission takes the withdrawal back.
create table response_event (
    id bigint primary key,
    response bigint not null references response (id),
    round bigint not null references round (id),
    kind text not null,
    reason text not null default '',
    at bigint not null,
    by_user bigint not null references users (id)
);
create index response_event_of on response_event (response);

-- Evaluation --------------------------------------------------------------------------------------------------------------

create table seat (
    id bigint primary key,
    round bigint not null references round (id),
    user_id bigint not null references users (id),
    role text not null check (role in ('chair', 'evaluator', 'adviser', 'observer')),
    created_at bigint not null,
    created_by bigint not null references users (id),
    ended_at bigint
);
create unique index seat_once on seat (round, user_id) where ended_at is null;
create index seat_user on seat (user_id) where ended_at is null;

-- Never overwritten: the newest declaration counts, and it counts once it is settled.
create table declaration (
    id bigint primary key,
    seat bigint not null references seat (id),
    conflict boolean not null,
    statement text not null,
    at bigint not null
);
create index declaration_of on declaration (seat);

create table declaration_party (
    declaration bigint not null references declaration (id),
    response bigint not null references response (id),
    primary key (declaration, response)
);

-- clear, recused (from the parties named) or removed (from the round), decided by somebody else, with a reason.
create table settlement (
    declaration bigint primary key references declaration (id),
    kind text not null check (kind in ('clear', 'recused', 'removed')),
    reason text not null,
    at bigint not null,
    by_user bigint not null references users (id)
);

-- The newest n of a seat, response and criterion is the score; the older ones are kept. Before the lock only its owner has
-- seen it, so a correction there replaces the row; a revision in moderation is n + 1.
create table score (
    seat bigint not null references seat (id),
    response bigint not null references response (id),
    criterion bigint not null,
    n bigint not null,
    points bigint not null,
    reason text not null,
    at bigint not null,
    row_version bigint not null default 1,
    primary key (seat, response, criterion, n)
);
create index score_response on score (response);

-- locked, unlocked
create table seat_event (
    id bigint primary key,
    seat bigint not null references seat (id),
    kind text not null,
    reason text not null default '',
    at bigint not null,
    by_user bigint not null references users (id)
);
create index seat_event_of on seat_event (seat);

-- The panel's record: what was discussed, approved by the chair; it makes the final scores.
create table panel_record (
    round bigint primary key references round (id),
    discussion text not null,
    at bigint not null,
    by_user bigint not null references users (id)
);

-- One row an evaluator (mean after discussion) or one with no seat (consensus).
create table final_score (
    id bigint primary key,
    round bigint not null references round (id),
    response bigint not null references response (id),
    criterion bigint not null,
    seat bigint references seat (id),
    points bigint not null,
    reason text not null,
    at bigint not null
);
create index final_score_round on final_score (round);

-- Decision ----------------------------------------------------------------------------------------------------------------

create table decision (
    id bigint primary key,
    challenge bigint not null references challenge (id),
    round bigint not null references round (id),
    kind text not null check (kind in ('award', 'none_suitable', 'shortlist')),
    reason text not null,
    recommended_by bigint not null references users (id),
    recommended_at bigint not null
);
create index decision_of on decision (challenge);

create table decision_line (
    decision bigint not null references decision (id),
    response bigint not null references response (id),
    outcome text not null check (outcome in ('awarded', 'unsuccessful')),
    reason text not null,
    primary key (decision, response)
);

-- approved or sent back; letters go only with approved.
create table decision_event (
    decision bigint not null references decision (id),
    kind text not null check (kind in ('approved', 'sent_back')),
    reason text not null default '',
    at bigint not null,
    by_user bigint not null references users (id),
    primary key (decision, kind)
);

create table letter (
    id bigint primary key,
    decision bigint not null references decision (id),
    response bigint not null references response (id),
    created_at bigint not null,
    unique (decision, response)
);

-- History that came from elsewhere: a variant of its own, with no opening, panel or decision, and none invented -------------

create table past_challenge (
    id bigint primary key,
    source text not null,
    source_id text not null,
    licence text not null,
    lang text not null,
    country text not null,
    buyer_name text not null,
    title text not null,
    summary text not null,
    body text not null,                 -- JSON: [[heading code, text], …] in the order of the source
    opens_text text not null,
    closes_text text not null,
    opens_at bigint,
    closes_at bigint,
    url text not null,
    digest {bytes} not null,
    imported_at bigint not null,
    unique (source, source_id)
);

create table solution (
    id bigint primary key,
    source text not null,
    source_id text not null,
    licence text not null,
    lang text not null,
    supplier bigint references organisation (id),
    supplier_name text not null,
    buyer_name text not null,
    title text not null,
    body text not null,
    year bigint,
    url text not null,
    digest {bytes} not null,
    published_at bigint not null,
    unique (source, source_id)
);

-- One row a challenge, with the facts from which domain::challenge::stage tells where it stands. A view, so that lists,
-- policy and index read the same.
create view challenge_standing as
select
    c.id as challenge, c.buyer, c.author, c.reference, c.created_at,
    o.name as buyer_name, o.four_eyes,
    cast(coalesce((select case when e.kind = 'verified' then 1 else 0 end from organisation_event e
        where e.organisation = c.buyer order by e.at desc, e.id desc limit 1), 0) as bigint) as buyer_verified,
    (select max(e.at) from challenge_event e where e.challenge = c.id and e.kind = 'submitted_for_review') as submitted_at,
    (select max(e.at) from challenge_event e where e.challenge = c.id and e.kind = 'sent_back') as sent_back_at,
    (select max(e.n) from challenge_event e where e.challenge = c.id and e.kind in ('approved', 'amended')) as n,
    (select min(e.publish_at) from challenge_event e where e.challenge = c.id and e.kind = 'approved') as publish_at,
    (select min(e.at) from challenge_event e where e.challenge = c.id and e.kind = 'cancelled') as cancelled_at,
    r.id as round, r.deadline,
    (select max(p.confirmed_at) from opening p where p.round = r.id and p.envelope = 'quality') as opened_at,
    (select count(*) from seat s where s.round = r.id and s.ended_at is null and s.role in ('chair', 'evaluator')
        and not exists (select 1 from declaration d join settlement t on t.declaration = d.id where d.seat = s.id and t.kind = 'removed')) as scorers,
    (select count(*) from seat s where s.round = r.id and s.ended_at is null and s.role in ('chair', 'evaluator')
        and not exists (select 1 from declaration d join settlement t on t.declaration = d.id where d.seat = s.id and t.kind = 'removed')
        and (select e.kind from seat_event e where e.seat = s.id order by e.at desc, e.id desc limit 1) = 'locked') as locked,
    (select p.at from panel_record p where p.round = r.id) as record_at,
    (select max(d.recommended_at) from decision d where d.round = r.id) as recommended_at,
    (select max(e.at) from decision d join decision_event e on e.decision = d.id where d.round = r.id and e.kind = 'sent_back') as decision_sent_back_at,
    (select max(e.at) from decision d join decision_event e on e.decision = d.id where d.round = r.id and e.kind = 'approved') as decided_at
from challenge c
join organisation o on o.id = c.buyer
left join round r on r.challenge = c.id and r.number = (select max(x.number) from round x where x.challenge = c.id);
