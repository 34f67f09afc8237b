-- After publication: amendments, reopenings, enquiries, and what the service knows of its own outages.

-- A new version in the making, one at a time in a challenge. Where it stands is its newest event's to say.
create table amendment (
    id bigint primary key,
    challenge bigint not null references challenge (id),
    kind text not null check (kind in ('amendment', 'extension', 'reopening')),
    reason text not null,               -- published with it
    failed_from bigint,                 -- of a reopening: when the service failed
    failed_until bigint,
    author bigint not null references users (id),
    created_at bigint not null,
    row_version bigint not null default 1
);
create index amendment_of on amendment (challenge);

-- Sections that differ from the challenge's own, as typed; see challenge_section.
create table amendment_section (
    amendment bigint not null references amendment (id),
    section text not null,
    fields text not null,
    updated_by bigint not null references users (id),
    updated_at bigint not null,
    row_version bigint not null,
    primary key (amendment, section)
);

-- proposed (with the terms that the approver reads), sent_back, approved (as version n), dropped.
create table amendment_event (
    id bigint primary key,
    amendment bigint not null references amendment (id),
    kind text not null check (kind in ('proposed', 'sent_back', 'approved', 'dropped')),
    terms text,                         -- JSON of domain::challenge::Terms
    n bigint,
    reason text not null default '',
    at bigint not null,
    by_user bigint not null references users (id)
);
create index amendment_event_of on amendment_event (amendment, at);

-- What a supplier asked, in its own words: for itself and the team, never with its name.
create table enquiry (
    id bigint primary key,
    challenge bigint not null references challenge (id),
    supplier bigint not null references organisation (id),
    asked_by bigint not null references users (id),
    asked_at bigint not null,
    question text not null,
    confidential text                   -- why it should not be published; null where it may be
);
create index enquiry_of on enquiry (challenge);
create index enquiry_supplier on enquiry (supplier, challenge);

-- Published to all as it stands here: the question in the officer's words, the answer, never the asker.
create table answer (
    id bigint primary key,
    challenge bigint not null references challenge (id),
    question text not null,
    answer text not null,
    late boolean not null,              -- by the law profile, when it was given
    amendment bigint references amendment (id),
    at bigint not null,
    by_user bigint not null references users (id)
);
create index answer_of on answer (challenge);

-- asked_back (may it be published in these words?), agreed, withdrawn, answered.
create table enquiry_event (
    id bigint primary key,
    enquiry bigint not null references enquiry (id),
    kind text not null check (kind in ('asked_back', 'agreed', 'withdrawn', 'answered')),
    words text not null default '',
    answer bigint references answer (id),
    at bigint not null,
    by_user bigint not null references users (id)
);
create index enquiry_event_of on enquiry_event (enquiry, at);

-- Each run of a server, from its start until it was last seen alive: the gaps between are the outages.
create table service_run (
    id bigint primary key,
    started_at bigint not null,
    seen_at bigint not null
);
