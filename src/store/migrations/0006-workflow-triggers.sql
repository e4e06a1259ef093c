-- How far the triggers of active workflows have been dealt with.

CREATE TABLE workflow_trigger_positions (
  workflow_id uuid NOT NULL REFERENCES workflows (id),
  node_id text NOT NULL,
  revision integer NOT NULL,
  position bigint NOT NULL,
  PRIMARY KEY (workflow_id, node_id)
);
COMMENT ON TABLE workflow_trigger_positions IS 'Up to which instant a schedule was fired, or up to which incident: what was missed while nobody watched follows from it.';
