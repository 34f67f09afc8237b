-- The version at which a score was last cleared: one that is given again goes on from there, so that no version comes back and
-- a form that was read before the clearing overwrites nothing.
create table score_cleared (
    seat bigint not null references seat (id),
    response bigint not null references response (id),
    criterion bigint not null,
    version bigint not null,
    primary key (seat, response, criterion)
);
