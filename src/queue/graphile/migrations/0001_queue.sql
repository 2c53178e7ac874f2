-- What the queue of several machines keeps beside graphile-worker's jobs.
CREATE SCHEMA tablewarden_queue;

-- Steps of this schema that were taken.
CREATE TABLE tablewarden_queue.migrations (
  version integer NOT NULL PRIMARY KEY CHECK (version > 0),
  applied_at timestamptz NOT NULL DEFAULT now()
);

-- Deliveries that were taken in: each asks for its tasks once.
CREATE TABLE tablewarden_queue.deliveries (
  delivery text NOT NULL PRIMARY KEY CHECK (delivery <> ''),
  received_at timestamptz NOT NULL DEFAULT now()
);

-- What a run left for the next run with its key.
CREATE TABLE tablewarden_queue.notes (
  task_key text NOT NULL PRIMARY KEY CHECK (task_key <> ''),
  note jsonb NOT NULL
);

-- Processes that do tasks. One whose beat is old is taken for dead, and what it held is given to others.
CREATE TABLE tablewarden_queue.processes (
  pool text NOT NULL PRIMARY KEY CHECK (pool <> ''),
  beat_at timestamptz NOT NULL DEFAULT now(),
  ended_at timestamptz,
  CHECK (ended_at IS NULL OR ended_at >= beat_at)
);

-- How often the process died that was at a task.
CREATE TABLE tablewarden_queue.deaths (
  task_key text NOT NULL PRIMARY KEY CHECK (task_key <> ''),
  deaths integer NOT NULL CHECK (deaths > 0)
);

-- Tasks that ended, by state; a row a process, so that no two wait for each other.
CREATE TABLE tablewarden_queue.endings (
  pool text NOT NULL CHECK (pool <> ''),
  state text NOT NULL CHECK (state IN ('completed', 'failed', 'superseded')),
  tasks bigint NOT NULL CHECK (tasks > 0),
  PRIMARY KEY (pool, state)
);

-- Work that one machine does for all of them, and when it was done last.
CREATE TABLE tablewarden_queue.turns (
  turn text NOT NULL PRIMARY KEY CHECK (turn <> ''),
  taken_at timestamptz NOT NULL DEFAULT now()
);
