-- Files attached to a challenge. Their bytes are in the file store under the id; the row is made once they are whole there.
-- What a version publishes is named in its terms: a file that some version names is never deleted, only taken off the draft.
create table file (
    id bigint primary key,
    challenge bigint not null references challenge (id),
    name text not null,
    title text not null,
    kind text not null,                 -- domain::file::FileKind, by content
    bytes bigint not null,
    sha256 {bytes} not null,
    scanned boolean not null,           -- whether a malware scanner looked through it
    created_at bigint not null,
    created_by bigint not null references users (id),
    removed_at bigint,
    removed_by bigint references users (id)
);
create index file_challenge on file (challenge);
