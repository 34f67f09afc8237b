-- Where too few members approve the panel's record, a second person confirms that it is closed without the others, and says why.
-- The confirmation binds the SHA-256 of the whole record, so that it lapses with any change of it. Rows are only ever added.
create table record_confirmation (
    id bigint primary key,
    round bigint not null references round (id),
    reason text not null,
    digest {bytes} not null,
    at bigint not null,
    by_user bigint not null references users (id)
);
create index record_confirmation_round on record_confirmation (round);
