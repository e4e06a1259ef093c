-- Workflows: what was drawn, in revisions that never change, what ran, every event of it, and what runs left behind.
-- Definitions and events are json, not jsonb: they come back with the bytes that were stored.

CREATE TABLE workflows (
  id uuid PRIMARY KEY,
  name text NOT NULL,
  description text NOT NULL,
  latest_revision integer NOT NULL,
  active_revision integer,
  webhook_token text NOT NULL UNIQUE,
  example boolean NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  archived_at timestamptz
);

CREATE TABLE workflow_revisions (
  workflow_id uuid NOT NULL REFERENCES workflows (id),
  revision integer NOT NULL,
  definition json NOT NULL,
  digest text NOT NULL,
  note text NOT NULL,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (workflow_id, revision)
);

CREATE FUNCTION refuse_revision_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'revision % of workflow % was stored already: revisions never change', OLD.revision, OLD.workflow_id;
END
$$;
CREATE TRIGGER workflow_revisions_never_change BEFORE UPDATE ON workflow_revisions
  FOR EACH ROW EXECUTE FUNCTION refuse_revision_change();

CREATE TABLE workflow_runs (
  id uuid PRIMARY KEY,
  number bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
  workflow_id uuid NOT NULL REFERENCES workflows (id),
  revision integer NOT NULL,
  trigger_kind text NOT NULL,
  trigger_instance text NOT NULL,
  fired_at timestamptz NOT NULL,
  payload json NOT NULL,
  rerun integer NOT NULL,
  rerun_of uuid,
  rerun_from text,
  effect_scope text NOT NULL,
  mode text NOT NULL,
  as_of timestamptz NOT NULL,
  seed bigint NOT NULL,
  principal text NOT NULL,
  exclusive boolean NOT NULL,
  status text NOT NULL,
  created_at timestamptz NOT NULL,
  started_at timestamptz,
  finished_at timestamptz,
  cancelled_by text,
  code text,
  message text,
  fence integer NOT NULL DEFAULT 0,
  lease_holder text,
  lease_until timestamptz,
  UNIQUE (workflow_id, trigger_instance, rerun)
);
COMMENT ON TABLE workflow_runs IS 'One row for every occurrence of a trigger and for every rerun. Only the holder of the lease appends events, and only with the fence it got.';
CREATE INDEX workflow_runs_by_workflow ON workflow_runs (workflow_id, number);
CREATE INDEX workflow_runs_unfinished ON workflow_runs (workflow_id, number) WHERE status IN ('queued', 'running');

-- Written in one statement with a change of the run's row, so that no reference needs to be checked row by row.
CREATE TABLE workflow_execution_logs (
  run_id uuid NOT NULL,
  sequence integer NOT NULL,
  at timestamptz NOT NULL,
  kind text NOT NULL,
  node_id text,
  item text,
  attempt integer,
  code text,
  payload json NOT NULL,
  PRIMARY KEY (run_id, sequence)
);
COMMENT ON TABLE workflow_execution_logs IS 'Events of runs, appended only: the state of a run is what they add up to.';

CREATE TABLE workflow_outputs (
  digest text PRIMARY KEY,
  bytes bytea NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE workflow_outputs IS 'Large outputs as Arrow IPC streams, under the SHA-256 of their bytes.';

CREATE TABLE workflow_states (
  workflow_id uuid NOT NULL REFERENCES workflows (id),
  kind text NOT NULL,
  name text NOT NULL,
  value json NOT NULL,
  run_id uuid NOT NULL,
  PRIMARY KEY (workflow_id, kind, name)
);
COMMENT ON TABLE workflow_states IS 'What runs leave for the next: variables, and states of nodes. Set in the statement that appends the events.';
