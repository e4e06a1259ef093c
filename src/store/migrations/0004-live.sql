-- Live market: backfilled ticks, reference prices, feed states, incidents, gaps, counts per day, spool positions.

ALTER TABLE market_ticks ADD COLUMN backfilled boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN market_ticks.backfilled IS 'Fetched from history after the stream had missed it.';

CREATE TABLE reference_prices (
  symbol text NOT NULL,
  simulated boolean NOT NULL,
  trading_date date NOT NULL,
  reference double precision NOT NULL,
  ceiling double precision,
  floor double precision,
  halted boolean NOT NULL DEFAULT false,
  source text NOT NULL,
  received_at timestamptz NOT NULL,
  PRIMARY KEY (symbol, simulated, trading_date)
);
COMMENT ON TABLE reference_prices IS 'The day''s reference price and limits, in major units, as the feed last gave them.';

CREATE TABLE feed_states (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  feed text NOT NULL,
  simulated boolean NOT NULL,
  state text NOT NULL,
  reason text NOT NULL,
  since timestamptz NOT NULL,
  last_event_time timestamptz,
  last_received_at timestamptz,
  recorded_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE feed_states IS 'One row for every change of a feed''s state; since is on the feed''s clock.';
CREATE INDEX feed_states_by_feed ON feed_states (feed, id DESC);

CREATE TABLE incidents (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  kind text NOT NULL,
  severity text NOT NULL,
  subject text NOT NULL,
  message text NOT NULL,
  details jsonb NOT NULL DEFAULT '{}',
  opened_at timestamptz NOT NULL,
  closed_at timestamptz,
  resolution text
);
COMMENT ON TABLE incidents IS 'Something a person should know of: opened once, closed when it is over.';
CREATE UNIQUE INDEX incidents_open_once ON incidents (kind, subject) WHERE closed_at IS NULL;

CREATE TABLE feed_gaps (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  feed text NOT NULL,
  symbol text NOT NULL,
  simulated boolean NOT NULL,
  board text NOT NULL,
  trading_date date NOT NULL,
  cause text NOT NULL,
  from_time timestamptz NOT NULL,
  to_time timestamptz NOT NULL,
  volume_before double precision NOT NULL,
  volume_after double precision NOT NULL,
  missing_volume double precision NOT NULL,
  found_at timestamptz NOT NULL,
  filled_at timestamptz,
  filled_volume double precision NOT NULL DEFAULT 0,
  filled_ticks integer NOT NULL DEFAULT 0,
  note text NOT NULL DEFAULT ''
);
COMMENT ON TABLE feed_gaps IS 'Volume that the stream did not report, by the cumulative volumes on both sides.';
CREATE INDEX feed_gaps_by_day ON feed_gaps (trading_date, symbol);

CREATE TABLE feed_day_counts (
  feed text NOT NULL,
  symbol text NOT NULL,
  simulated boolean NOT NULL,
  board text NOT NULL,
  trading_date date NOT NULL,
  received bigint NOT NULL,
  stored bigint NOT NULL,
  duplicates bigint NOT NULL,
  rejected bigint NOT NULL,
  backfilled bigint NOT NULL,
  PRIMARY KEY (feed, symbol, simulated, board, trading_date)
);
COMMENT ON TABLE feed_day_counts IS 'What became of every tick received, raised in the transaction that stores it.';

CREATE TABLE spool_positions (
  spool_id text PRIMARY KEY,
  segment bigint NOT NULL,
  position bigint NOT NULL,
  drained_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE spool_positions IS 'How far a spool has been stored: raised in the transaction that stores, so that nothing is stored twice.';
