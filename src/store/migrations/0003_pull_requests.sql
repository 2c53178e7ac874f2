-- Pull requests that change a database, or begin to use it otherwise: with what each is compared with the others.
CREATE TABLE pull_requests (
  -- owner/name, in lower case
  repository VARCHAR NOT NULL CHECK (repository <> ''),
  number INTEGER NOT NULL CHECK (number > 0),
  base_branch VARCHAR NOT NULL CHECK (base_branch <> ''),
  head VARCHAR NOT NULL CHECK (regexp_full_match(head, '[0-9a-f]{40}([0-9a-f]{24})?')),
  -- the commit that it was merged with, else NULL: it is open
  merged_as VARCHAR CHECK (regexp_full_match(merged_as, '[0-9a-f]{40}([0-9a-f]{24})?')),
  -- its migrations and what its code begins to use, as that version of the readers gives them
  change JSON NOT NULL,
  reader_version VARCHAR NOT NULL CHECK (reader_version <> ''),
  -- whether those whose conflicts this head makes or ends were asked to be judged again
  is_told BOOLEAN NOT NULL,
  -- numbers of those that its check run names
  collides_with INTEGER[] NOT NULL,
  judged_at TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (repository, number)
);
