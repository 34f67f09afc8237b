-- The open library and what stands around it: solutions by consent of their suppliers, who has the same problem, suppliers that
-- look for a partner, how far a challenge reached, and why some did not answer.

-- An entry of the library. fields: JSON of domain::library::Entry. challenge: where its supplier was awarded, and only there, so
-- that an entry never tells who answered without being awarded. consent_at: the supplier said that everybody may read it; asked
-- after the decision, and on no page of a panel. What was withdrawn stays for its supplier alone.
create table library_entry (
    id bigint primary key,
    supplier bigint not null references organisation (id),
    challenge bigint references challenge (id),
    fields text not null,
    consent_at bigint not null,
    published_at bigint not null,
    published_by bigint not null references users (id),
    changed_at bigint not null,
    withdrawn_at bigint,
    row_version bigint not null default 1
);
create index library_entry_of on library_entry (supplier);

-- "We have this problem too": a buyer says so once. The supplier sees how many, not who: whoever wants to be known writes.
create table library_interest (
    entry bigint not null references library_entry (id),
    buyer bigint not null references organisation (id),
    at bigint not null,
    by_user bigint not null references users (id),
    primary key (entry, buyer)
);

-- A supplier shows its profile to everybody; without a row only what is public anyway (solutions, awards) is shown of it.
create table public_profile (
    organisation bigint primary key references organisation (id),
    at bigint not null,
    by_user bigint not null references users (id)
);

-- "We could solve part of this": public, of a supplier that chooses so while the challenge is open. It says nothing of whether
-- the supplier answers. ended_at: taken back by it, or taken off the page by the team, with a reason that stands in its place.
create table partner_note (
    id bigint primary key,
    challenge bigint not null references challenge (id),
    supplier bigint not null references organisation (id),
    brings text not null,
    seeks text not null,
    contact text not null,
    at bigint not null,
    by_user bigint not null references users (id),
    ended_at bigint,
    ended_by_team boolean not null default false,
    reason text not null default ''
);
create index partner_note_on on partner_note (challenge, at);
create unique index partner_note_once on partner_note (challenge, supplier) where ended_at is null;

-- How often a notice was read, by day (UTC), summed by each node; of whom nothing is kept.
create table challenge_seen (
    challenge bigint not null references challenge (id),
    day bigint not null,
    n bigint not null,
    primary key (challenge, day)
);

-- Why somebody who followed or drafted did not answer: one click after the deadline. Shown as sums, never with a person.
create table no_answer (
    challenge bigint not null references challenge (id),
    user_id bigint not null references users (id),
    reason text not null,
    at bigint not null,
    primary key (challenge, user_id)
);
