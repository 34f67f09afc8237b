-- Receipts that can be proven, the opening by two, and keys that end.

-- Public halves of the keys that sign receipts and opening records, the newest last: old ones stay, so that an old receipt
-- can always be checked. The secret half follows from the master key and lies nowhere. id: the first 16 hexadecimal digits of
-- the public half's SHA-256.
create table signing_key (
    id text primary key,
    public {bytes} not null,
    since bigint not null
);

-- Whether a buyer's openings need two people; the newest row before a challenge's approval counts for it, none means two.
create table opening_rule (
    id bigint primary key,
    organisation bigint not null references organisation (id),
    by_two boolean not null,
    at bigint not null,
    by_user bigint not null references users (id)
);
create index opening_rule_of on opening_rule (organisation, at);

-- Asked for by one, to be confirmed by another. An ask from before a deadline that moved since counts for nothing.
create table opening_ask (
    id bigint primary key,
    round bigint not null references round (id),
    envelope text not null,
    at bigint not null,
    by_user bigint not null references users (id)
);
create index opening_ask_of on opening_ask (round);

-- Who handled names at the opening of an anonymous round: they may not score it.
create table name_handler (
    round bigint not null references round (id),
    user_id bigint not null references users (id),
    at bigint not null,
    primary key (round, user_id)
);

-- The digest that the opening took of what it read: the supplier compares it with its receipt's.
alter table envelope add column opened_digest {bytes};
-- When the envelope's key was overwritten: nothing reads it any more.
alter table envelope add column destroyed_at bigint;
-- When a cancelled round's key was overwritten, and with it whatever lay sealed under it.
alter table round add column destroyed_at bigint;
