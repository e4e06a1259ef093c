-- The value chain: nodes and edges with the days on which they hold (valid_from, valid_to) and every version ever stored.
-- Rows are only added. What was known after a revision is the newest version of each id up to it, unless removed.

CREATE TABLE value_chain_changes (
  revision integer PRIMARY KEY,
  changed_at timestamptz NOT NULL,
  author text NOT NULL,
  kind text NOT NULL,
  note text NOT NULL,
  undoes integer
);
COMMENT ON COLUMN value_chain_changes.changed_at IS 'Never before that of an earlier revision.';

CREATE TABLE value_chain_nodes (
  id text NOT NULL,
  revision integer NOT NULL,
  removed boolean NOT NULL,
  name text NOT NULL,
  kind text NOT NULL,
  sector text,
  symbol text,
  valid_from date,
  valid_to date,
  PRIMARY KEY (id, revision)
);
CREATE INDEX value_chain_nodes_by_revision ON value_chain_nodes (revision);

CREATE TABLE value_chain_edges (
  id text NOT NULL,
  revision integer NOT NULL,
  removed boolean NOT NULL,
  source_id text NOT NULL,
  target_id text NOT NULL,
  kind text NOT NULL,
  sign integer NOT NULL,
  confidence text NOT NULL,
  rationale text NOT NULL,
  source text NOT NULL,
  source_date date,
  valid_from date,
  valid_to date,
  PRIMARY KEY (id, revision)
);
CREATE INDEX value_chain_edges_by_revision ON value_chain_edges (revision);
