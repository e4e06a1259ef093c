-- Market data: instruments, ticks, candles, rollups, calendar, imports, findings, quarantines.
-- Sections between "--! if timescaledb", "--! else" and "--! end" are chosen by the extensions of the database.
-- Times are timestamptz; a trading day is a day in Asia/Ho_Chi_Minh (UTC+7, no daylight saving).

CREATE TABLE data_version (
  store_id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  version bigint NOT NULL DEFAULT 0,
  changed_at timestamptz NOT NULL DEFAULT now()
);
INSERT INTO data_version DEFAULT VALUES;
COMMENT ON TABLE data_version IS 'One row: raised by every transaction that changes what a query can see.';

CREATE TABLE instruments (
  symbol text NOT NULL,
  simulated boolean NOT NULL DEFAULT false,
  name text NOT NULL,
  exchange text,
  sector text,
  industry text,
  asset_class text NOT NULL,
  currency text NOT NULL,
  lot_size integer,
  tick_rule text NOT NULL,
  market_cap double precision,
  market_cap_date date,
  close_time text,
  close_time_zone text,
  described boolean NOT NULL DEFAULT false,
  PRIMARY KEY (symbol, simulated)
);
COMMENT ON COLUMN instruments.described IS 'False while all that is known comes from the conventions of the symbol.';
COMMENT ON COLUMN instruments.market_cap IS 'Whole units of the currency.';

CREATE TABLE import_batches (
  id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  kind text NOT NULL,
  simulated boolean NOT NULL DEFAULT false,
  file_name text NOT NULL,
  file_sha256 text NOT NULL,
  source text NOT NULL,
  mapping jsonb NOT NULL,
  interval_seconds integer,
  rows_read integer NOT NULL,
  rows_new integer NOT NULL,
  rows_identical integer NOT NULL,
  rows_conflicting integer NOT NULL,
  rows_left_out integer NOT NULL,
  rows_rejected integer NOT NULL,
  symbol_count integer NOT NULL,
  first_time timestamptz,
  last_time timestamptz,
  imported_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE market_candles_daily (
  symbol text NOT NULL,
  simulated boolean NOT NULL,
  trading_date date NOT NULL,
  open double precision,
  high double precision,
  low double precision,
  close double precision NOT NULL,
  volume double precision,
  batch_id integer NOT NULL,
  PRIMARY KEY (symbol, simulated, trading_date)
);
COMMENT ON TABLE market_candles_daily IS 'Daily candles as sources give them; not chunked, since a symbol has some 250 a year.';

CREATE TABLE market_candles_intraday (
  symbol text NOT NULL,
  simulated boolean NOT NULL,
  interval_seconds integer NOT NULL,
  time timestamptz NOT NULL,
  open double precision,
  high double precision,
  low double precision,
  close double precision NOT NULL,
  volume double precision,
  batch_id integer NOT NULL,
  PRIMARY KEY (symbol, simulated, interval_seconds, time)
)
--! if timescaledb
;
SELECT create_hypertable('market_candles_intraday', 'time',
  chunk_time_interval => INTERVAL '7 days', create_default_indexes => false);
--! else
PARTITION BY RANGE (time);
--! end
COMMENT ON TABLE market_candles_intraday IS 'Candles of less than a day; time is the opening instant. One chunk a week.';

CREATE TABLE market_ticks (
  symbol text NOT NULL,
  simulated boolean NOT NULL,
  board text NOT NULL,
  event_time timestamptz NOT NULL,
  cumulative_volume double precision NOT NULL,
  received_at timestamptz NOT NULL,
  price double precision NOT NULL,
  quantity double precision NOT NULL,
  side "char" NOT NULL,
  session text NOT NULL,
  source text NOT NULL,
  PRIMARY KEY (symbol, simulated, board, event_time, cumulative_volume)
)
--! if timescaledb
;
SELECT create_hypertable('market_ticks', 'event_time',
  chunk_time_interval => INTERVAL '7 days', create_default_indexes => false);
--! else
PARTITION BY RANGE (event_time);
--! end
COMMENT ON COLUMN market_ticks.side IS 'Aggressor: B buyer, S seller, U unknown.';

CREATE VIEW market_candles AS
  SELECT symbol, simulated, 86400 AS interval_seconds,
         (trading_date::timestamp AT TIME ZONE 'Asia/Ho_Chi_Minh') AS time,
         open, high, low, close, volume, batch_id
    FROM market_candles_daily
  UNION ALL
  SELECT symbol, simulated, interval_seconds, time, open, high, low, close, volume, batch_id
    FROM market_candles_intraday;
COMMENT ON VIEW market_candles IS 'Every candle of any base interval.';

-- Rollups of intraday candles. base_interval_seconds tells which candles were rolled up, so that two base
-- intervals of one symbol never add up. A daily bucket starts at 00:00 Asia/Ho_Chi_Minh (17:00 UTC).
--! if timescaledb
CREATE MATERIALIZED VIEW market_candles_1h WITH (timescaledb.continuous, timescaledb.materialized_only = false) AS
  SELECT symbol, simulated, interval_seconds AS base_interval_seconds,
         time_bucket(INTERVAL '1 hour', time, TIMESTAMPTZ '2000-01-01 17:00:00+00') AS time,
         first(open, time) AS open, max(high) AS high, min(low) AS low, last(close, time) AS close,
         sum(volume) AS volume, count(*) AS candle_count
    FROM market_candles_intraday
   WHERE interval_seconds < 3600
   GROUP BY 1, 2, 3, 4
  WITH NO DATA;
CREATE MATERIALIZED VIEW market_candles_1d WITH (timescaledb.continuous, timescaledb.materialized_only = false) AS
  SELECT symbol, simulated, interval_seconds AS base_interval_seconds,
         time_bucket(INTERVAL '1 day', time, TIMESTAMPTZ '2000-01-01 17:00:00+00') AS time,
         first(open, time) AS open, max(high) AS high, min(low) AS low, last(close, time) AS close,
         sum(volume) AS volume, count(*) AS candle_count
    FROM market_candles_intraday
   GROUP BY 1, 2, 3, 4
  WITH NO DATA;
--! else
CREATE TABLE market_candles_1h (
  symbol text NOT NULL,
  simulated boolean NOT NULL,
  base_interval_seconds integer NOT NULL,
  time timestamptz NOT NULL,
  open double precision,
  high double precision,
  low double precision,
  close double precision,
  volume double precision,
  candle_count bigint NOT NULL,
  PRIMARY KEY (symbol, simulated, base_interval_seconds, time)
);
CREATE TABLE market_candles_1d (LIKE market_candles_1h INCLUDING ALL);
--! end

CREATE TABLE rollup_dirty_windows (
  id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  symbol text NOT NULL,
  from_time timestamptz NOT NULL,
  to_time timestamptz NOT NULL
);
COMMENT ON TABLE rollup_dirty_windows IS 'Windows (both ends inclusive) whose intraday candles changed since the rollups were refreshed.';

CREATE TABLE trading_calendar (
  exchange text NOT NULL,
  trading_date date NOT NULL,
  kind text NOT NULL,
  note text NOT NULL DEFAULT '',
  source text NOT NULL,
  PRIMARY KEY (exchange, trading_date)
);
COMMENT ON COLUMN trading_calendar.kind IS 'trading or holiday.';

CREATE TABLE data_quality_findings (
  id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  kind text NOT NULL,
  severity text NOT NULL,
  symbol text NOT NULL,
  simulated boolean NOT NULL,
  interval_seconds integer NOT NULL,
  from_time timestamptz NOT NULL,
  to_time timestamptz NOT NULL,
  row_count integer NOT NULL,
  message text NOT NULL,
  batch_id integer,
  found_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX data_quality_findings_by_symbol ON data_quality_findings (symbol, simulated, interval_seconds);

CREATE TABLE quarantines (
  id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  symbol text NOT NULL,
  simulated boolean NOT NULL,
  from_date date NOT NULL,
  to_date date NOT NULL,
  reason text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  lifted_at timestamptz
);
COMMENT ON TABLE quarantines IS 'Candles of these trading dates (both ends inclusive) are left out of every query until lifted.';
