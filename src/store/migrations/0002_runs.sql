-- Checks that were made: what went in, so that each can be made again, and what came out.
CREATE TABLE runs (
  run_id VARCHAR NOT NULL PRIMARY KEY CHECK (regexp_full_match(run_id, '[0-9a-f]{10}')),
  -- a full commit id, or what a side is called that is none
  base VARCHAR NOT NULL CHECK (base <> ''),
  head VARCHAR NOT NULL CHECK (head <> ''),
  -- the words of the command that asked for it, as JSON
  options JSON NOT NULL,
  configuration_hash VARCHAR NOT NULL CHECK (regexp_full_match(configuration_hash, '[0-9a-f]{64}')),
  rules_hash VARCHAR NOT NULL CHECK (regexp_full_match(rules_hash, '[0-9a-f]{64}')),
  tablewarden_version VARCHAR NOT NULL CHECK (tablewarden_version <> ''),
  reader_version VARCHAR NOT NULL CHECK (reader_version <> ''),
  -- those that ran migrations, with their versions
  engines VARCHAR[] NOT NULL,
  started_at TIMESTAMPTZ NOT NULL,
  ended_at TIMESTAMPTZ NOT NULL,
  conclusion VARCHAR NOT NULL CHECK (conclusion IN ('success', 'failure', 'neutral')),
  CHECK (ended_at >= started_at)
);

-- What a run said, and what became of it.
CREATE TABLE findings (
  run_id VARCHAR NOT NULL REFERENCES runs (run_id),
  fingerprint VARCHAR NOT NULL CHECK (fingerprint <> ''),
  rule VARCHAR NOT NULL CHECK (rule <> ''),
  severity VARCHAR NOT NULL CHECK (severity IN ('error', 'warning', 'note')),
  path VARCHAR NOT NULL,
  line INTEGER NOT NULL CHECK (line > 0),
  message VARCHAR NOT NULL,
  -- fixed: a later run of the same work no longer has it; merged: its commit is part of the default branch, with it
  fate VARCHAR NOT NULL CHECK (fate IN ('open', 'waived', 'fixed', 'merged')),
  PRIMARY KEY (run_id, fingerprint)
);
