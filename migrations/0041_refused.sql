-- Who never asked for mails about alerts says so with one click of the mail that asks for a confirmation: from refused_at on
-- this address is asked no more, whoever types it into a form. Null: it may be asked. A confirmation takes it back.
alter table alert_address add column refused_at bigint;
