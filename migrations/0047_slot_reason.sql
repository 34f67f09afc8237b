-- Why a time for an interview was withdrawn: whoever had taken it is told, and reads it on its page. Empty: nobody had.
alter table interview_slot add column withdrawn_reason text not null default '';
