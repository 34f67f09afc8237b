-- A later round's deadline moves like the first one's: later only, for all who were invited, for a published reason, asked by one
-- person and approved by another. It is no amendment of the notice: who was invited, and until when, is nobody else's business.
-- Rows are only ever added.
create table round_extension (
    id bigint primary key,
    round bigint not null references round (id),
    deadline_before bigint not null,
    deadline bigint not null check (deadline > deadline_before),
    reason text not null,
    at bigint not null,
    by_user bigint not null references users (id)
);
create index round_extension_round on round_extension (round);

-- How it ended: at most once.
create table round_extension_end (
    extension bigint primary key references round_extension (id),
    kind text not null check (kind in ('approved', 'declined')),
    at bigint not null,
    by_user bigint not null references users (id)
);
