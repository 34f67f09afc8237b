-- Files that an answer to a clarification brings, beside the untouched original. As with the files of a draft their bytes lie in the
-- file store under the id, sealed with a key of their own; what they are called and their digest is sealed here under the same key,
-- so that it ends with that. The key is wrapped with the round's, under which the answers are. A file that no answer names is its
-- supplier's alone, and its key ends with the papers.
create table clarification_file (
    id bigint primary key,
    clarification bigint not null references clarification (id),
    field text not null,                -- what it answers: a question of the form that asks for files, or 'files'
    sealed {bytes} not null,            -- domain::response::Enclosed as JSON
    sealed_key {bytes} not null,        -- the file's key, wrapped with the round's
    created_at bigint not null,
    created_by bigint not null references users (id),
    removed_at bigint,                  -- taken off; the row stays where an answer names it
    destroyed_at bigint                 -- when its key was overwritten
);
create index clarification_file_of on clarification_file (clarification);

-- Which files an answer brings. It names them in what it seals too, with their digests: this says it to who destroys keys.
create table clarification_answer_file (
    answer bigint not null references clarification_answer (id),
    file bigint not null references clarification_file (id),
    primary key (answer, file)
);
create index clarification_answer_file_of on clarification_answer_file (file);
