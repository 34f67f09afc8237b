-- Telling people: what happened is written once, whom it was told to is a row each. Mail about it goes through the outbox.

-- What is told. Its id follows from `once`, so that telling again finds it. words: JSON of domain::notice::Words, a closed
-- list that has no place for anything sealed.
create table notice_event (
    id bigint primary key,
    once text not null unique,
    kind text not null,
    challenge bigint references challenge (id),
    organisation bigint references organisation (id),
    words text not null,
    link text not null,
    act_by bigint,
    zone text not null,
    at bigint not null
);

-- Who was told, and how: at_once, daily, weekly, in_app. Who drafts stands here too; no page shows it to anybody else.
-- required: the mail goes out whatever its reader chose. summary_at: the instant of the daily or weekly mail that takes it in.
create table notice (
    user_id bigint not null references users (id),
    event bigint not null references notice_event (id),
    at bigint not null,
    mail text not null,
    required boolean not null,
    summary_at bigint,
    read_at bigint,
    primary key (user_id, event)
);
create index notice_event_told on notice (event);
create index notice_list on notice (user_id, at);
create index notice_unread on notice (user_id) where read_at is null;
create index notice_summary on notice (user_id, summary_at) where summary_at is not null;

-- What a person chose instead of what is usual for a kind.
create table notice_choice (
    user_id bigint not null references users (id),
    kind text not null,
    choice text not null check (choice in ('at_once', 'daily', 'weekly', 'in_app')),
    primary key (user_id, kind)
);

-- The hours before a deadline, and the moments of publication, are looked for by their instants.
create index round_deadline on round (deadline);
create index challenge_event_publish on challenge_event (publish_at) where publish_at is not null;
