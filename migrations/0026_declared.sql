-- What was chosen in the list of a declaration: a supplier, a partner, a person, by the key of the list. declaration_party has the
-- responses behind it; the member sees again what was chosen, and not which supplier a partner works with.
create table declaration_chosen (
    declaration bigint not null references declaration (id),
    party bigint not null,
    primary key (declaration, party)
);

-- An invitation to the panel that an officer took back before it was taken up.
alter table seat_invitation add column withdrawn_at bigint;
alter table seat_invitation add column withdrawn_by bigint references users (id);
