-- The second step of the format.

-- Configurations that the user wants tried next (`hpo enqueue`), by any process; the study's writer
-- takes the oldest, in the transaction that makes it a trial.
CREATE TABLE queued (
  key           INTEGER PRIMARY KEY,
  study         INTEGER NOT NULL REFERENCES study (key) ON DELETE CASCADE,
  configuration TEXT NOT NULL,         -- JSON, as in trial
  created_at    INTEGER NOT NULL
) STRICT;

CREATE INDEX queued_study ON queued (study, key);

-- How many trials there were when the run began: those from there on are its own, suggested by its
-- strategy and seed. NULL in rows of the first format.
ALTER TABLE run ADD COLUMN first_trial INTEGER;
