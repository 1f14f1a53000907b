-- The format of a study database: persistent. What is below never changes once released; a later
-- version adds a step to storage/schema.cpp.in that leads an older file to it (PRAGMA user_version
-- counts the steps taken; PRAGMA application_id, "hpo1", says whose file it is).
--
-- Enumerations are stored by name. Times are milliseconds since 1970 in UTC, durations seconds.
-- Columns of type ANY hold floating point numbers bit for bit (REAL would lose the sign of -0.0);
-- NaN, for which SQLite has no number, is the text 'nan'. JSON is kept as text; a metric that is not
-- finite is there one of "nan", "inf", "-inf".

CREATE TABLE study (
  key        INTEGER PRIMARY KEY,
  id         TEXT NOT NULL UNIQUE,     -- 32 hexadecimal digits, random
  name       TEXT NOT NULL UNIQUE,
  created_at INTEGER NOT NULL,
  objectives TEXT NOT NULL,            -- JSON: [{"metric", "goal", "value"}], then constraints [{"metric", "min", "max"}]
  space      TEXT NOT NULL             -- JSON: [{"name", "type", "when", ...}], in the file's order
) STRICT;

-- What changes between the trials; apart from `study` because it is written often.
CREATE TABLE progress (
  study       INTEGER PRIMARY KEY REFERENCES study (key) ON DELETE CASCADE,
  last_event  INTEGER NOT NULL,        -- newest event of a report; trials carry their own
  active_s    ANY NOT NULL,
  stop_reason TEXT NOT NULL,           -- empty while the study goes on
  status      TEXT NOT NULL            -- JSON: resources, estimated end
) STRICT;

-- One row for each time the study was opened to be run: what was edited in between.
CREATE TABLE run (
  study      INTEGER NOT NULL REFERENCES study (key) ON DELETE CASCADE,
  number     INTEGER NOT NULL,         -- 1, 2, ...
  started_at INTEGER NOT NULL,
  seed       TEXT NOT NULL,            -- decimal, up to 2^64 - 1
  config     TEXT NOT NULL,            -- JSON: the effective tuning file
  PRIMARY KEY (study, number)
) STRICT;

CREATE TABLE trial (
  study          INTEGER NOT NULL REFERENCES study (key) ON DELETE CASCADE,
  number         INTEGER NOT NULL,     -- 0, 1, 2, ... without gaps
  configuration  TEXT NOT NULL,        -- JSON: name -> value, typed; active parameters only
  seed           TEXT NOT NULL,        -- decimal, up to 2^64 - 1
  state          TEXT NOT NULL,        -- waiting, running, paused, complete, pruned, failed
  metrics        TEXT NOT NULL,        -- JSON: name -> last value
  value          ANY,                  -- the objective
  failure        TEXT,                 -- exit_code, signal, oom, timeout, nan, no_metric, ...
  reason         TEXT NOT NULL,
  sampler        TEXT NOT NULL,
  seen           INTEGER NOT NULL,     -- last event that the sampler knew
  model          TEXT NOT NULL,        -- JSON: what the sampler needs to say the same again
  budget         INTEGER,
  continues      INTEGER,              -- number of the paused trial that this one promotes
  created_event  INTEGER NOT NULL,
  finished_event INTEGER NOT NULL,     -- 0 while unfinished
  attempt        INTEGER NOT NULL,
  retries        INTEGER NOT NULL,
  job            TEXT NOT NULL,
  resource       TEXT NOT NULL,
  artifact       TEXT NOT NULL,        -- folder or URI of the model
  started_at     INTEGER,              -- of the current attempt
  finished_at    INTEGER,
  UNIQUE (study, number)
) STRICT;

-- The best value without reading trials.
CREATE INDEX trial_value ON trial (study, value) WHERE state = 'complete';

-- A report is the rows of equal (study, trial, attempt, step, event).
CREATE TABLE measurement (
  study     INTEGER NOT NULL,
  trial     INTEGER NOT NULL,
  attempt   INTEGER NOT NULL,
  step      INTEGER NOT NULL,
  metric    TEXT NOT NULL,
  value     ANY NOT NULL,
  elapsed_s ANY NOT NULL,              -- since the attempt started
  event     INTEGER NOT NULL,
  PRIMARY KEY (study, trial, attempt, step, metric),
  FOREIGN KEY (study, trial) REFERENCES trial (study, number) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

-- A study's folder that is still to be renamed after its rows were (`--fresh`).
CREATE TABLE folder_move (
  from_name TEXT PRIMARY KEY,
  to_name   TEXT NOT NULL
) STRICT;
