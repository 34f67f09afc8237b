-- Lots between responses that are equal in everything published: one person asks, another draws. Who asked and who drew, the seed
-- and every lot are kept, so that anybody can draw again (domain::evaluation::lot_order).
create table lot_ask (
    id bigint primary key,
    round bigint not null references round (id),
    at bigint not null,
    by_user bigint not null references users (id)
);
create index lot_ask_of on lot_ask (round);

-- Between whom. A response is asked for once: a draw is never repeated until it pleases somebody.
create table lot_between (
    round bigint not null references round (id),
    response bigint not null references response (id),
    ask bigint not null references lot_ask (id),
    primary key (round, response)
);

create table lot_draw (
    ask bigint primary key references lot_ask (id),
    seed text not null,                 -- 32 bytes of the system's randomness, made at the drawing, in hexadecimal
    at bigint not null,
    by_user bigint not null references users (id)
);

create table lot (
    ask bigint not null references lot_draw (ask),
    response bigint not null references response (id),
    place bigint not null,              -- from 1
    primary key (ask, response)
);
