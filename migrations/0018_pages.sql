-- The last entry of the record that may have altered a page which everybody can read. Pages that are kept prepared hold as long
-- as it stands; what a supplier or a panel does in between moves the record on and leaves it where it is.
alter table chain_head add column public_position bigint not null default 0;
update chain_head set public_position = position;
