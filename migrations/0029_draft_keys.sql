-- The draft of a response of which nothing was opened (never submitted, or withdrawn) is nobody's to keep: once the law's time
-- for keeping the round's papers is over its key is overwritten, as those of unopened envelopes are. The row says when.
alter table response add column draft_destroyed_at bigint;
alter table round_entry add column draft_destroyed_at bigint;
