-- People beside the members of a supplier: who reads a draft by a link, and partners who sign it off.

-- A link by which somebody without an account meets one draft: to read it (read), or, as a partner named on it, to sign it off
-- (sign). It ends at its date, when it is revoked, and when whoever made it leaves the supplier.
create table draft_link (
    id bigint primary key,
    response bigint not null references response (id),
    kind text not null check (kind in ('read', 'sign')),
    token {bytes} not null unique,      -- SHA-256 of what the link carries: a stolen table opens nothing
    sealed {bytes} not null,            -- the link itself, for whom it is, which partner: JSON under the draft's key
    created_at bigint not null,
    created_by bigint not null references users (id),
    expires_at bigint not null,
    revoked_at bigint,
    revoked_by bigint references users (id),
    seen_at bigint                      -- when it was last used, for the members
);
create index draft_link_of on draft_link (response);

-- A partner agreed to one content: its digest and who said so lie sealed, so that the table tells nobody who answers with whom.
-- It holds for that content and lapses with any other, by comparison: no column says whether it holds.
create table sign_off (
    id bigint primary key,
    link bigint not null references draft_link (id),
    response bigint not null references response (id),
    sealed {bytes} not null,            -- partner, SHA-256 of the canonical content, name: JSON under the draft's key
    at bigint not null
);
create index sign_off_of on sign_off (response);
