-- Orders of the recording paper broker, what workflows leave for people and for later, and news.

CREATE TABLE paper_orders (
  id text PRIMARY KEY,
  number bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
  idempotency_key text NOT NULL UNIQUE,
  simulated boolean NOT NULL,
  symbol text NOT NULL,
  side text NOT NULL,
  quantity double precision NOT NULL,
  kind text NOT NULL,
  limit_price double precision,
  risk_profile text NOT NULL,
  reason text NOT NULL,
  currency text NOT NULL,
  requested_at timestamptz NOT NULL,
  state text NOT NULL,
  filled_quantity double precision NOT NULL,
  fill_price double precision,
  price_known_at timestamptz,
  decided_at timestamptz NOT NULL,
  decision text,
  recorded_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE paper_orders IS 'Orders that no exchange ever saw: filled at the last known price.';
CREATE INDEX paper_orders_filled ON paper_orders (simulated, decided_at, number) WHERE filled_quantity > 0;

CREATE TABLE paper_requests (
  idempotency_key text PRIMARY KEY,
  kind text NOT NULL,
  order_id text,
  recorded_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE paper_requests IS 'Every request to the paper broker, in the transaction of what it did: the same key does nothing again.';

CREATE TABLE workflow_notices (
  idempotency_key text PRIMARY KEY,
  number bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
  workflow_id uuid NOT NULL,
  severity text NOT NULL,
  title text NOT NULL,
  body text NOT NULL,
  at timestamptz NOT NULL,
  incident_id bigint,
  recorded_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE workflow_notices IS 'Messages of workflows to people; those that opened an incident name it.';

CREATE TABLE workflow_table_writes (
  idempotency_key text PRIMARY KEY,
  workflow_id uuid NOT NULL,
  table_name text NOT NULL,
  row_count integer NOT NULL,
  recorded_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE workflow_table_rows (
  idempotency_key text NOT NULL REFERENCES workflow_table_writes (idempotency_key),
  row_number integer NOT NULL,
  cells json NOT NULL,
  PRIMARY KEY (idempotency_key, row_number)
);
COMMENT ON TABLE workflow_table_rows IS 'Rows of result tables, as JSON objects by column; a write is all of its rows or none.';
CREATE INDEX workflow_table_writes_by_table ON workflow_table_writes (workflow_id, table_name, recorded_at);

CREATE TABLE workflow_memories (
  idempotency_key text PRIMARY KEY,
  number bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
  workflow_id uuid NOT NULL,
  body text NOT NULL,
  facts json NOT NULL,
  recorded_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE news_items (
  symbol text NOT NULL,
  published_at timestamptz NOT NULL,
  title text NOT NULL,
  source text NOT NULL,
  file_name text NOT NULL,
  recorded_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (symbol, published_at, source, title)
);
COMMENT ON TABLE news_items IS 'Texts about symbols, from the JSON Lines files of the folder of news.';
