-- Later rounds. A round is a row of its own from the approval of the cut before it; what is said of "the round" of a challenge
-- (responses, opening, check, seats, scores, record, decision) hangs on that row, so a later round needs no tables of its own.

-- Who takes part in a later round, by the cut that was approved. The draft's data key is made anew under the round's key; the
-- first round's is in `response`. `number`: the round's, so that the newest of a response is found without another table.
create table round_entry (
    response bigint not null references response (id),
    number bigint not null check (number > 1),
    round bigint not null references round (id),
    draft_key {bytes} not null,
    primary key (response, number)
);
create index round_entry_round on round_entry (round);

-- When the answers of the next round are due, as its officer recommends it with the cut, and what is said to those who go on.
create table decision_round (
    decision bigint primary key references decision (id),
    deadline bigint not null,
    invitation text not null
);

-- A line of a cut: who goes on is 'invited'. The check of the outcome cannot be widened in place on both databases.
create table decision_outcome (
    decision bigint not null references decision (id),
    response bigint not null references response (id),
    outcome text not null check (outcome in ('awarded', 'unsuccessful', 'invited')),
    reason text not null,
    primary key (decision, response)
);
insert into decision_outcome (decision, response, outcome, reason) select decision, response, outcome, reason from decision_line;
drop table decision_line;
alter table decision_outcome rename to decision_line;

-- How each round stands: a row a round, and one without a round before there is any. What a person may do in a round is decided on
-- this row (store::facts).
drop view challenge_standing;
create view round_standing as
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
    r.id as round, r.number as round_number, r.deadline,
    (select count(*) from round y where y.challenge = c.id and y.number > r.number) as rounds_after,
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
left join round r on r.challenge = c.id
left join challenge_event a on a.id = (select e.id from challenge_event e
    where e.challenge = c.id and e.kind in ('approved', 'rescheduled') and e.at > coalesce((select max(b.at) from challenge_event b
        where b.challenge = c.id and b.kind = 'taken_back'), 0) order by e.at desc, e.id desc limit 1)
left join official_notice w on w.id = (select x.id from official_notice x where x.challenge = c.id order by x.at desc, x.id desc limit 1);
-- The same of the newest round, but with the deadline that the public knows: until when anybody may answer. Who was invited to a
-- later round, and until when, is nobody else's business.
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
    r.id as round, r.number as round_number,
    (select y.deadline from round y where y.challenge = c.id and y.number = 1) as deadline,
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
