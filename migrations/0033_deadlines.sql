-- Who waits for "closing soon" or "closed" is told when a deadline comes near or has come: these are looked for by instant.
create index round_deadline on round (deadline);
