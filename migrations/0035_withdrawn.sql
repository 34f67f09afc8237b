-- A withdrawal names the newest submission that it withdraws: what is committed after it stands, whatever instants the two carry
-- (a submission is received before its turn to be written comes). 0: another kind of event.
alter table response_event add column n bigint not null default 0;
update response_event set n = coalesce((select max(s.n) from submission s where s.response = response_event.response
    and s.round = response_event.round and s.received_at <= response_event.at), 0) where kind = 'withdrawn';
