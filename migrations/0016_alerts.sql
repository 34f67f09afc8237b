-- Being told of what is found: a search, a buyer or a category that somebody keeps, and what each was told of.

-- Somebody without an account who is told by mail. Holding the mailbox is holding the links in its mails: there is no password.
create table alert_address (
    id bigint primary key,
    email text not null unique,
    lang text not null,
    zone text not null,
    created_at bigint not null
);

-- Kept by an account or by an address. value: the search as it stands in an address (q=...&kind=...), the id of a buyer, or a
-- category's code. since: what was published or changed from then on is told. confirmed_at: the owner of the address said yes;
-- an account's own address is confirmed already. Neither asked_at nor a link's age is switched by a job: they are compared.
create table alert (
    id bigint primary key,
    user_id bigint references users (id),
    address bigint references alert_address (id),
    what text not null check (what in ('search', 'buyer', 'category')),
    value text not null,
    rhythm text not null check (rhythm in ('at_once', 'daily', 'weekly')),
    asked_at bigint not null,
    confirmed_at bigint,
    since bigint not null,
    stopped_at bigint,
    check ((user_id is null) <> (address is null))
);
create unique index alert_of_user on alert (user_id, what, value) where user_id is not null;
create unique index alert_of_address on alert (address, what, value) where address is not null;
create index alert_running on alert (what, value) where stopped_at is null and confirmed_at is not null;

-- A document is told once to each alert. mail_at: the instant whose mail takes it in.
create table alert_told (
    alert bigint not null references alert (id),
    kind text not null,
    document bigint not null,
    at bigint not null,
    mail_at bigint not null,
    primary key (alert, kind, document)
);
create index alert_told_mail on alert_told (alert, mail_at);
