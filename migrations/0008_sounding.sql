-- Drafts that others read before publication: in public as a sounding, or by invitation, passage by passage.

-- A draft as it was when it was shown: its text is a copy, so that later drafting does not show through. Until when comments
-- are taken follows from open_until, the events below and the challenge's own standing.
create table sounding (
    id bigint primary key,
    challenge bigint not null references challenge (id),
    sections text not null,             -- codes of the sections that are shown, with a space between
    terms text not null,                -- JSON of domain::challenge::Terms
    opened_at bigint not null,
    open_until bigint not null,
    opened_by bigint not null references users (id)
);
create index sounding_of on sounding (challenge, opened_at);

-- ended (comments are taken no more), taken_down (nobody but the team sees it any more).
create table sounding_event (
    id bigint primary key,
    sounding bigint not null references sounding (id),
    kind text not null check (kind in ('ended', 'taken_down')),
    at bigint not null,
    by_user bigint not null references users (id)
);
create index sounding_event_of on sounding_event (sounding);

-- Public, with the name of the person and of whom they acted for: what one tells the authority all can read.
create table sounding_comment (
    id bigint primary key,
    sounding bigint not null references sounding (id),
    section text,                       -- null: the whole
    comment text not null,
    at bigint not null,
    by_user bigint not null references users (id),
    organisation bigint references organisation (id)
);
create index sounding_comment_of on sounding_comment (sounding, at);

-- Taken off the page by the authority, which says why there. The comment is kept.
create table sounding_comment_hidden (
    comment bigint primary key references sounding_comment (id),
    reason text not null,
    at bigint not null,
    by_user bigint not null references users (id)
);

-- What became of one or several comments. Of several answers to one comment the newest counts.
create table sounding_outcome (
    id bigint primary key,
    sounding bigint not null references sounding (id),
    taken_up boolean not null,
    what text not null,
    at bigint not null,
    by_user bigint not null references users (id)
);
create index sounding_outcome_of on sounding_outcome (sounding, at);

create table sounding_outcome_comment (
    outcome bigint not null references sounding_outcome (id),
    comment bigint not null references sounding_comment (id),
    primary key (outcome, comment)
);
create index sounding_outcome_of_comment on sounding_outcome_comment (comment);

-- A person who may read one draft, by the address that was invited: whoever signs in with that address, confirmed. The link in
-- the mail is no secret. It ends at its date, when it is revoked, and when the challenge is published.
create table draft_reader (
    id bigint primary key,
    challenge bigint not null references challenge (id),
    email text not null,
    invited_at bigint not null,
    invited_by bigint not null references users (id),
    expires_at bigint not null,
    revoked_at bigint,
    revoked_by bigint references users (id)
);
create index draft_reader_of on draft_reader (challenge);
create index draft_reader_email on draft_reader (email);

-- What a reader says of a passage: the section, the words as they were quoted (empty: the section as a whole), the comment.
create table draft_comment (
    id bigint primary key,
    reader bigint not null references draft_reader (id),
    challenge bigint not null references challenge (id),
    section text not null,
    quote text not null,
    comment text not null,
    at bigint not null,
    by_user bigint not null references users (id)
);
create index draft_comment_of on draft_comment (challenge, at);
create index draft_comment_reader on draft_comment (reader, at);

-- answered (with words that its reader sees), resolved, reopened.
create table draft_comment_event (
    id bigint primary key,
    comment bigint not null references draft_comment (id),
    kind text not null check (kind in ('answered', 'resolved', 'reopened')),
    words text not null default '',
    at bigint not null,
    by_user bigint not null references users (id)
);
create index draft_comment_event_of on draft_comment_event (comment, at);
