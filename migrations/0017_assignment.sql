-- Who scores which response, where the challenge publishes a balanced assignment. Rows are only ever added: where a seat ends its
-- rows count no more, and others take over what it had.
create table assignment (
    round bigint not null references round (id),
    seat bigint not null references seat (id),
    response bigint not null references response (id),
    at bigint not null,
    by_user bigint not null references users (id),
    primary key (seat, response)
);
create index assignment_round on assignment (round);
