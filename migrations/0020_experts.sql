-- Experts from outside: invited by mail to one seat of one round, bound to the address and not to the link.
create table seat_invitation (
    id bigint primary key,
    round bigint not null references round (id),
    email text not null,                -- lower case
    role text not null,
    replaces bigint references seat (id),
    at bigint not null,
    by_user bigint not null references users (id),
    expires_at bigint not null
);
create index seat_invitation_round on seat_invitation (round);

-- The undertaking with which an invitation was taken up. A seat with one ends with its round.
create table seat_undertaking (
    seat bigint primary key references seat (id),
    invitation bigint not null unique references seat_invitation (id),
    at bigint not null
);
