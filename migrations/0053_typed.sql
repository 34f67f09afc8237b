-- What is typed and submitted in one post stands in the submission's envelopes letter for letter: written once more as rows of the
-- draft it was half of all that the last minute writes. Which answers those are, each with the version that it has in the draft, as
-- JSON (field: version); no texts. Nothing where all of them are rows.
alter table submission add column typed text;
