-- A panel that recusals or removals left below the published quorum is filled up although it has seen all its scores: with whom,
-- and why. Rows are only ever added. From the first on nobody's locked scores are given back in that round, and nobody who has
-- locked is taken off the panel: what was locked before had been seen.
create table panel_filled (
    seat bigint primary key references seat (id),
    round bigint not null references round (id),
    reason text not null,
    at bigint not null,
    by_user bigint not null references users (id)
);
create index panel_filled_round on panel_filled (round);

-- Why an expert is invited while the panel moderates; empty at other times.
alter table seat_invitation add column reason text not null default '';
