-- Words of an answer by which its supplier can be recognised, in a challenge whose panel reads without names. What was handed
-- in stays as it is: the words are left out when a seat reads it. Each of them is taken out wherever it stands in the response.
-- Some installations have it already: an unfinished 0012 made it.
create table if not exists redaction (
    id bigint primary key,
    response bigint not null references response (id),
    round bigint not null references round (id),
    words text not null,
    at bigint not null,
    by_user bigint not null references users (id),
    ended_at bigint,                    -- taken back: a seat reads the words again
    ended_by bigint references users (id)
);
create unique index if not exists redaction_once on redaction (response, round, words) where ended_at is null;
