-- Interviews of a round: times that an officer offers, and who has taken which.

-- A time at a place or under a link. It is never moved: another is offered, and this one withdrawn. book_until: until when it may be
-- taken, or given back for another.
create table interview_slot (
    id bigint primary key,
    round bigint not null references round (id),
    starts_at bigint not null,
    minutes bigint not null,
    place text not null,
    book_until bigint not null,
    at bigint not null,
    by_user bigint not null references users (id),
    withdrawn_at bigint
);
create index interview_slot_round on interview_slot (round, starts_at);

-- Who took a time, and when it was given back. The two indexes are what gives a time to one alone, and one time to each.
create table slot_booking (
    id bigint primary key,
    slot bigint not null references interview_slot (id),
    round bigint not null references round (id),
    response bigint not null references response (id),
    at bigint not null,
    by_user bigint not null references users (id),
    released_at bigint
);
create unique index slot_booked_once on slot_booking (slot) where released_at is null;
create unique index slot_one_each on slot_booking (round, response) where released_at is null;
