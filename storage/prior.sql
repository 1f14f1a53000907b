-- The third step of the format.

-- Another study that a study began with (strategy.warm_start), as it was when it was read. It counts
-- for suggestions from since_event on, and not from until_event on.
CREATE TABLE prior_study (
  key         INTEGER PRIMARY KEY,
  study       INTEGER NOT NULL REFERENCES study (key) ON DELETE CASCADE,
  name        TEXT NOT NULL,           -- of the other study
  storage     TEXT NOT NULL,           -- as the tuning file names it, empty: this file
  asked       TEXT NOT NULL,           -- the relation in the tuning file, empty: none
  id          TEXT NOT NULL,           -- of the other study
  relation    TEXT NOT NULL,           -- identical, related
  because     TEXT NOT NULL,
  parameters  TEXT NOT NULL,           -- JSON: [name, ...]
  left_out    TEXT NOT NULL,           -- JSON: reason -> trials
  since_event INTEGER NOT NULL,
  until_event INTEGER                  -- NULL: it is used
) STRICT;

CREATE INDEX prior_study_study ON prior_study (study, key);

CREATE TABLE prior_result (
  prior         INTEGER NOT NULL REFERENCES prior_study (key) ON DELETE CASCADE,
  trial         INTEGER NOT NULL,      -- its number in the other study
  configuration TEXT NOT NULL,         -- JSON, as in trial
  value         ANY,                   -- NULL: it failed
  PRIMARY KEY (prior, trial)
) STRICT, WITHOUT ROWID;
