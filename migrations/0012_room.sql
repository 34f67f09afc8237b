-- What is missing for one point more, in the scorer's own words: asked beside the reason, told to the supplier with it.
alter table score add column next_point text not null default '';
