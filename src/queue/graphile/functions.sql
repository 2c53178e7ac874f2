-- Made anew each time that a process starts: what is asked of the queue's tables, one round trip each.

CREATE OR REPLACE FUNCTION tablewarden_queue.count_ending(by_pool text, of_state text, more bigint DEFAULT 1)
RETURNS void LANGUAGE sql AS $$
  INSERT INTO tablewarden_queue.endings AS e (pool, state, tasks) VALUES (by_pool, of_state, more)
  ON CONFLICT (pool, state) DO UPDATE SET tasks = e.tasks + excluded.tasks;
$$;

-- Stores tasks ({key, lane, payload, queue}) with the delivery that asked for them; no row where that delivery is known.
-- One row without a task where none was asked for. `outdated`: the id of a job that another one took the place of, `running` where a process is at it.
CREATE OR REPLACE FUNCTION tablewarden_queue.add_tasks(
  by_pool text, from_delivery text, tasks jsonb, attempts integer
)
RETURNS TABLE (task_key text, outdated bigint, running boolean) LANGUAGE plpgsql AS $$
DECLARE
  task jsonb;
  former graphile_worker.jobs;
  added bigint;
BEGIN
  IF from_delivery IS NOT NULL THEN
    INSERT INTO tablewarden_queue.deliveries (delivery) VALUES (from_delivery) ON CONFLICT DO NOTHING;
    IF NOT FOUND THEN RETURN; END IF;
  END IF;
  -- in one order everywhere, so that no two deliveries wait for each other
  FOR task IN SELECT value FROM jsonb_array_elements(tasks) ORDER BY value ->> 'key' LOOP
    -- held still, so that what is read of it is true of what is done to it; who looks for work passes it over
    PERFORM 1 FROM graphile_worker._private_jobs j WHERE j.key = task ->> 'key' FOR UPDATE;
    SELECT * INTO former FROM graphile_worker.jobs j WHERE j.key = task ->> 'key';
    SELECT id INTO added FROM graphile_worker.add_job(
      'task', task::json, queue_name => task ->> 'queue', max_attempts => add_tasks.attempts,
      job_key => task ->> 'key', job_key_mode => 'replace'
    );
    IF added IS NULL THEN RAISE EXCEPTION 'a task was not added'; END IF;
    task_key := task ->> 'key';
    outdated := former.id;
    running := former.id IS NOT NULL AND former.id <> added;
    IF former.attempts >= former.max_attempts AND former.locked_at IS NULL THEN
      outdated := NULL;
      running := false;
    END IF;
    IF running THEN
      PERFORM pg_notify('tablewarden_outdated', former.id::text);
    ELSIF outdated IS NOT NULL THEN
      PERFORM tablewarden_queue.count_ending(by_pool, 'superseded');
    END IF;
    RETURN NEXT;
  END LOOP;
  IF NOT FOUND THEN
    task_key := NULL;
    RETURN NEXT;
  END IF;
END $$;

-- Whether nobody took a turn for so long; it is taken then.
CREATE OR REPLACE FUNCTION tablewarden_queue.take_turn(of_turn text, every interval)
RETURNS boolean LANGUAGE sql AS $$
  WITH taken AS (
    INSERT INTO tablewarden_queue.turns AS t (turn) VALUES (of_turn)
    ON CONFLICT (turn) DO UPDATE SET taken_at = now() WHERE t.taken_at <= now() - every
    RETURNING 1
  )
  SELECT EXISTS (SELECT 1 FROM taken);
$$;

-- Puts jobs back that were begun and not ended through no fault of theirs; those that a newer one stands for are over.
CREATE OR REPLACE FUNCTION tablewarden_queue.give_back(by_pool text, jobs bigint[])
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  job graphile_worker.jobs;
BEGIN
  FOR job IN SELECT * FROM graphile_worker.jobs j WHERE j.id = ANY (jobs) ORDER BY j.id LOOP
    IF job.key IS NULL THEN
      PERFORM graphile_worker.complete_jobs(ARRAY[job.id]);
      PERFORM tablewarden_queue.count_ending(by_pool, 'superseded');
    ELSE
      PERFORM graphile_worker.reschedule_jobs(
        ARRAY[job.id], run_at => now(), attempts => greatest(job.attempts - 1, 0)
      );
    END IF;
  END LOOP;
END $$;

-- Whether a process still holds a job, and whether a newer one stands for that.
CREATE OR REPLACE FUNCTION tablewarden_queue.standing(job bigint, holder text)
RETURNS text LANGUAGE sql AS $$
  SELECT coalesce(
    (SELECT CASE WHEN j.key IS NULL THEN 'superseded' ELSE 'held' END
     FROM graphile_worker.jobs j WHERE j.id = job AND j.locked_by = holder),
    'lost'
  );
$$;

-- Says that a process lives; gives back what those held that are silent, and forgets what is old. Jobs among `running`
-- that a newer one stands for are named, for one that did not hear of it, and those that others hold by now. Who was
-- silent itself, as after an outage of the database, lets the others speak first.
CREATE OR REPLACE FUNCTION tablewarden_queue.beat(by_pool text, running bigint[], silence interval)
RETURNS SETOF bigint LANGUAGE plpgsql AS $$
DECLARE
  dead text[];
  held bigint[];
  former timestamptz := (SELECT p.beat_at FROM tablewarden_queue.processes p WHERE p.pool = by_pool);
BEGIN
  INSERT INTO tablewarden_queue.processes AS p (pool) VALUES (by_pool)
  ON CONFLICT (pool) DO UPDATE SET beat_at = now(), ended_at = NULL;
  IF former > now() - silence / 2 AND pg_try_advisory_xact_lock(hashtext('tablewarden_queue.beat')) THEN
    WITH ended AS (
      UPDATE tablewarden_queue.processes p SET ended_at = now()
      WHERE p.ended_at IS NULL AND p.beat_at < now() - silence
      RETURNING p.pool
    )
    SELECT array_agg(e.pool) INTO dead FROM ended e;
    SELECT array_agg(j.id) INTO held FROM graphile_worker.jobs j
    WHERE j.locked_by = ANY (dead) OR (j.locked_at < now() - silence AND NOT EXISTS (
      SELECT 1 FROM tablewarden_queue.processes p WHERE p.pool = j.locked_by AND p.ended_at IS NULL
    ));
    dead := dead || ARRAY(SELECT DISTINCT j.locked_by FROM graphile_worker.jobs j WHERE j.id = ANY (held));
    PERFORM graphile_worker.force_unlock_workers(dead);
    IF held IS NOT NULL THEN
      INSERT INTO tablewarden_queue.deaths AS d (task_key, deaths)
      SELECT j.key, 1 FROM graphile_worker.jobs j WHERE j.id = ANY (held) AND j.key IS NOT NULL ORDER BY j.key
      ON CONFLICT (task_key) DO UPDATE SET deaths = d.deaths + 1;
      PERFORM tablewarden_queue.give_back(by_pool, held);
    END IF;
  END IF;
  IF tablewarden_queue.take_turn('forget', '1 hour') THEN
    DELETE FROM tablewarden_queue.deliveries d WHERE d.received_at < now() - interval '7 days';
    DELETE FROM tablewarden_queue.processes p
    WHERE p.ended_at < now() - interval '7 days'
      AND p.beat_at < (SELECT max(q.beat_at) FROM tablewarden_queue.processes q);
    PERFORM graphile_worker.complete_jobs(array_agg(j.id)) FROM graphile_worker.jobs j
    WHERE j.locked_at IS NULL AND j.attempts >= j.max_attempts AND j.updated_at < now() - interval '7 days';
  END IF;
  RETURN QUERY SELECT r FROM unnest(running) r
  WHERE tablewarden_queue.standing(r, by_pool) <> 'held';
END $$;
