-- What an entry of the record binds of an envelope: SHA-256 of its wrapped key, which outlives the key. The entry of a submission is
-- over it, so that a key that was exchanged is found, and one that was destroyed after its time does not make the rest unverifiable.
-- None in what was received before.
alter table envelope add column key_digest {bytes};
