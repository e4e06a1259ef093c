-- Lead-lag studies and screens that were made, with what was asked, on which data, and the whole result.
-- They are no market data: storing one does not raise the data version.

CREATE SEQUENCE lead_lag_study_numbers AS integer;

CREATE TABLE lead_lag_studies (
  id integer PRIMARY KEY DEFAULT nextval('lead_lag_study_numbers'),
  created_at timestamptz NOT NULL,
  source text NOT NULL,
  target text NOT NULL,
  parameters jsonb NOT NULL,
  watermark text NOT NULL,
  code_version text NOT NULL,
  seed bigint NOT NULL,
  engine text NOT NULL,
  dataset text NOT NULL,
  verdict text NOT NULL,
  lag integer,
  p double precision,
  q double precision,
  held_out_ic double precision,
  result jsonb NOT NULL
);
CREATE INDEX lead_lag_studies_by_pair ON lead_lag_studies (source, target, id);
COMMENT ON TABLE lead_lag_studies IS 'Studies of one pair. Numbers are shared with lead_lag_screens.';

CREATE TABLE lead_lag_screens (
  id integer PRIMARY KEY DEFAULT nextval('lead_lag_study_numbers'),
  created_at timestamptz NOT NULL,
  parameters jsonb NOT NULL,
  watermark text NOT NULL,
  code_version text NOT NULL,
  seed bigint NOT NULL,
  engine text NOT NULL,
  dataset text NOT NULL,
  tested integer NOT NULL,
  refused integer NOT NULL,
  declared integer NOT NULL,
  result jsonb NOT NULL
);
