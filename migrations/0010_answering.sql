-- Files that answer a question. Their bytes lie in the file store under the id, sealed with a key of their own; what they are
-- called, how long they are and what their digest is lies sealed here, with the draft's key.
create table enclosure (
    id bigint primary key,
    response bigint not null references response (id),
    round bigint not null references round (id),
    field text not null,                -- the field of the round's form that it answers
    sealed {bytes} not null,            -- domain::response::Enclosed as JSON
    sealed_key {bytes} not null,        -- the file's key, wrapped with the draft's
    created_at bigint not null,
    created_by bigint not null references users (id),
    removed_at bigint                   -- off the draft; the row stays where a submission names it
);
create index enclosure_of on enclosure (response, round);

-- A submission copies no bytes: it names the files, and holds each one's key again, wrapped with its envelope's key, so that
-- the opening makes them readable with the envelope and a destroyed envelope takes them along.
create table submission_file (
    submission bigint not null references submission (id),
    file bigint not null references enclosure (id),
    kind text not null,                 -- of the envelope
    sealed_key {bytes} not null,
    primary key (submission, file)
);
create index submission_file_of on submission_file (file);

-- What a supplier says of itself besides, for its members and to fill answers: domain::profile::Profile as JSON.
alter table organisation add column profile text not null default '{}';
