-- The workshop: more sections of a draft.

-- Budget and route had stood with the limits, terms of the panel with timetable and criteria, the contact with the timetable,
-- the place with the problem. A copy of the old row holds what moved; fields that a section does not know are not read, and
-- go when it is saved. Two rows become one by joining their texts: both are JSON objects of strings, never of the same name.
insert into challenge_section (challenge, section, fields, updated_by, updated_at, row_version)
    select challenge, 'budget', fields, updated_by, updated_at, 1 from challenge_section where section = 'limits';
insert into challenge_section (challenge, section, fields, updated_by, updated_at, row_version)
    select challenge, 'panel', fields, updated_by, updated_at, 1 from challenge_section where section = 'criteria';
update challenge_section set fields = (
        select substr(challenge_section.fields, 1, length(challenge_section.fields) - 1) || ',' || substr(o.fields, 2)
        from challenge_section o where o.challenge = challenge_section.challenge and o.section = 'timetable')
    where section = 'panel' and fields <> '{}' and exists (
        select 1 from challenge_section o
        where o.challenge = challenge_section.challenge and o.section = 'timetable' and o.fields <> '{}');
insert into challenge_section (challenge, section, fields, updated_by, updated_at, row_version)
    select challenge, 'panel', fields, updated_by, updated_at, 1 from challenge_section t where section = 'timetable'
        and not exists (select 1 from challenge_section o where o.challenge = t.challenge and o.section = 'panel');
insert into challenge_section (challenge, section, fields, updated_by, updated_at, row_version)
    select challenge, 'contact', fields, updated_by, updated_at, 1 from challenge_section where section = 'problem';
update challenge_section set fields = (
        select substr(challenge_section.fields, 1, length(challenge_section.fields) - 1) || ',' || substr(o.fields, 2)
        from challenge_section o where o.challenge = challenge_section.challenge and o.section = 'timetable')
    where section = 'contact' and fields <> '{}' and exists (
        select 1 from challenge_section o
        where o.challenge = challenge_section.challenge and o.section = 'timetable' and o.fields <> '{}');

-- A finding of the statement check that an officer leaves as it is, with the reason, and one that is taken up again: events
-- alone, the newest of a finding counts. `finding` names rule, field and words (domain::statement::Finding::key), so that a
-- reason holds for as long as the words stay; `words` are kept for whoever reads the reason after the text has changed.
create table finding_event (
    id bigint primary key,
    challenge bigint not null references challenge (id),
    finding text not null,
    words text not null,
    kind text not null,                  -- dismissed, taken_back
    reason text not null,
    at bigint not null,
    by_user bigint not null references users (id)
);
create index finding_event_challenge on finding_event (challenge, at);
