-- Migrations that were applied to this file.
CREATE TABLE store_migrations (
  version INTEGER NOT NULL PRIMARY KEY CHECK (version > 0),
  name VARCHAR NOT NULL UNIQUE CHECK (name <> ''),
  applied_at TIMESTAMPTZ NOT NULL
);

-- Commits of the lines that are followed.
CREATE TABLE git_commits (
  commit_id INTEGER NOT NULL PRIMARY KEY CHECK (commit_id > 0),
  commit_sha VARCHAR NOT NULL UNIQUE CHECK (regexp_full_match(commit_sha, '[0-9a-f]{40}([0-9a-f]{24})?')),
  author VARCHAR NOT NULL,
  author_time TIMESTAMPTZ NOT NULL,
  commit_time TIMESTAMPTZ NOT NULL,
  subject VARCHAR NOT NULL,
  pull_request INTEGER CHECK (pull_request > 0),
  -- whether git_path_changes holds what it changed: that may be evicted, and is read again from git when it is asked for
  has_paths BOOLEAN NOT NULL,
  last_accessed DATE NOT NULL
);

-- First-parent histories, one a ref, oldest commit first.
CREATE TABLE git_lines (
  ref_name VARCHAR NOT NULL CHECK (ref_name <> ''),
  place INTEGER NOT NULL CHECK (place >= 0),
  commit_id INTEGER NOT NULL REFERENCES git_commits (commit_id),
  -- the commit's time without the skew of clocks: never before that of the place before it
  current_from TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (ref_name, place),
  UNIQUE (ref_name, commit_id)
);

-- Paths that a commit has otherwise than its first parent. There is no index by path: over 150,000 rows the question which
-- commit of a path was current at a time takes 4 ms of processor time without one and 1 ms with one, which makes the file
-- 20 MB instead of 12 and filling it a third slower; the question is asked once a command.
CREATE TABLE git_path_changes (
  commit_id INTEGER NOT NULL REFERENCES git_commits (commit_id),
  path VARCHAR NOT NULL CHECK (path <> ''),
  change_type VARCHAR NOT NULL CHECK (change_type IN ('added', 'modified', 'deleted')),
  -- what it is then; NULL where it is gone
  content_id VARCHAR CHECK (regexp_full_match(content_id, '[0-9a-f]{40}([0-9a-f]{24})?')),
  PRIMARY KEY (commit_id, path),
  CHECK ((change_type = 'deleted') = (content_id IS NULL))
);

-- Where refs were seen to point: by git's reflog of this clone, and at each update of this file.
CREATE TABLE git_refs (
  ref_name VARCHAR NOT NULL CHECK (ref_name <> ''),
  seen_at TIMESTAMPTZ NOT NULL,
  commit_sha VARCHAR NOT NULL CHECK (regexp_full_match(commit_sha, '[0-9a-f]{40}([0-9a-f]{24})?')),
  seen_by VARCHAR NOT NULL CHECK (seen_by IN ('reflog', 'update')),
  PRIMARY KEY (ref_name, seen_at)
);
