-- When a submission was written. received_at is when the post was whole, before any queue; the answers that came with it are
-- written later than that, at this instant. What was saved after it is not submitted: its members are reminded before the
-- deadline. Null: from before, where nobody can tell.
alter table submission add column written_at bigint;
