-- Approval: who must approve and who did, publication by schedule and official notice, soundings, comments on a draft.

-- Whoever ever saved a section: they may not approve what they wrote, whatever they are called on the team later. A row a
-- person and section, written with the first save.
create table challenge_writer (
    challenge bigint not null references challenge (id),
    user_id bigint not null references users (id),
    section text not null,
    at bigint not null,
    primary key (challenge, user_id, section)
);
insert into challenge_writer (challenge, user_id, section, at)
    select s.challenge, s.updated_by, s.section, s.updated_at from challenge_section s;

-- The approvals that a challenge needs beside each other, each from one named person. None: any approver of the team will do.
create table approval_need (
    id bigint primary key,
    challenge bigint not null references challenge (id),
    kind text not null check (kind in ('finance', 'legal', 'service')),
    user_id bigint not null references users (id),
    at bigint not null,
    by_user bigint not null references users (id),
    until bigint
);
create unique index approval_need_once on approval_need (challenge, kind) where until is null;

-- SHA-256 of the terms as stored: an approval binds the text that it covered, not a number. Null in versions of the
-- foundation, which no approval of this table covers.
alter table challenge_version add column digest {bytes};

-- Who approved what, and when. It holds for every version whose digest is the same, and for no other. kind 'publication':
-- given where no approvals were named. publish_at: when its giver would publish, or none to leave that to the others.
create table approval (
    id bigint primary key,
    challenge bigint not null,
    n bigint not null,
    digest {bytes} not null,
    kind text not null,
    user_id bigint not null references users (id),
    publish_at bigint,
    at bigint not null,
    foreign key (challenge, n) references challenge_version (challenge, n)
);
create index approval_of on approval (challenge);

-- Why a section was sent back.
create table send_back_reason (
    event bigint not null references challenge_event (id),
    section text not null,
    reason text not null,
    primary key (event, section)
);

-- Which version an approver has had before them: the next one is shown as what changed since.
create table review_seen (
    challenge bigint not null references challenge (id),
    user_id bigint not null references users (id),
    n bigint not null,
    at bigint not null,
    primary key (challenge, user_id, n)
);

-- The notice in the official journal, above a threshold. published_at: the start of its day there, in the challenge's zone.
create table official_notice (
    id bigint primary key,
    challenge bigint not null references challenge (id),
    reference text not null,
    url text not null,
    published_at bigint not null,
    at bigint not null,
    by_user bigint not null references users (id)
);
create index official_notice_of on official_notice (challenge);

-- Whether the approved terms are above the threshold of their law profile: a fact of frozen terms, not of the clock.
alter table challenge_event add column notice_needed bigint not null default 0;

-- approved, then rescheduled or taken back to draft (taken_back), before it is published. What was approved before it was
-- taken back counts no more. publish_at is the instant from which it is public: of what is chosen, recorded and printed the
-- last; while an official notice is missing it is the end of time, so that whoever compares it with the clock is right.
drop view challenge_standing;
create view challenge_standing as
select
    c.id as challenge, c.buyer, c.author, c.reference, c.created_at,
    o.name as buyer_name, o.four_eyes,
    cast(coalesce((select case when e.kind = 'verified' then 1 else 0 end from organisation_event e
        where e.organisation = c.buyer order by e.at desc, e.id desc limit 1), 0) as bigint) as buyer_verified,
    (select max(e.at) from challenge_event e where e.challenge = c.id and e.kind = 'submitted_for_review') as submitted_at,
    (select max(e.at) from challenge_event e where e.challenge = c.id and e.kind in ('sent_back', 'taken_back')) as sent_back_at,
    case when a.id is null then null else (select max(e.n) from challenge_event e where e.challenge = c.id
        and (e.kind = 'amended' or e.id = a.id)) end as n,
    a.publish_at as scheduled_for,
    case when a.id is null then null
        when a.notice_needed = 0 then a.publish_at
        when w.id is null then 9223372036854775807
        when a.publish_at >= w.at and a.publish_at >= w.published_at then a.publish_at
        when w.at >= w.published_at then w.at
        else w.published_at end as publish_at,
    (select min(e.at) from challenge_event e where e.challenge = c.id and e.kind = 'cancelled') as cancelled_at,
    r.id as round, r.deadline,
    (select max(p.confirmed_at) from opening p where p.round = r.id and p.envelope = 'quality') as opened_at,
    (select count(*) from seat s where s.round = r.id and s.ended_at is null and s.role in ('chair', 'evaluator')
        and not exists (select 1 from declaration d join settlement t on t.declaration = d.id where d.seat = s.id and t.kind = 'removed')) as scorers,
    (select count(*) from seat s where s.round = r.id and s.ended_at is null and s.role in ('chair', 'evaluator')
        and not exists (select 1 from declaration d join settlement t on t.declaration = d.id where d.seat = s.id and t.kind = 'removed')
        and (select e.kind from seat_event e where e.seat = s.id order by e.at desc, e.id desc limit 1) = 'locked') as locked,
    (select p.at from panel_record p where p.round = r.id) as record_at,
    (select max(d.recommended_at) from decision d where d.round = r.id) as recommended_at,
    (select max(e.at) from decision d join decision_event e on e.decision = d.id where d.round = r.id and e.kind = 'sent_back') as decision_sent_back_at,
    (select max(e.at) from decision d join decision_event e on e.decision = d.id where d.round = r.id and e.kind = 'approved') as decided_at
from challenge c
join organisation o on o.id = c.buyer
left join round r on r.challenge = c.id and r.number = (select max(x.number) from round x where x.challenge = c.id)
left join challenge_event a on a.id = (select e.id from challenge_event e
    where e.challenge = c.id and e.kind in ('approved', 'rescheduled') and e.at > coalesce((select max(b.at) from challenge_event b
        where b.challenge = c.id and b.kind = 'taken_back'), 0) order by e.at desc, e.id desc limit 1)
left join official_notice w on w.id = (select x.id from official_notice x where x.challenge = c.id order by x.at desc, x.id desc limit 1);
