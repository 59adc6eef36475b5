-- The last look through each source. Whoever looks says several times a second that it lives; what it finds is written at its end, with the state.
CREATE TABLE catalog.look (
  tenant_id uuid NOT NULL,
  source_id uuid NOT NULL,
  id uuid NOT NULL,
  state text NOT NULL CHECK (state IN ('waiting', 'looking', 'done', 'failed', 'cancelled', 'broken_off')),
  asked_at timestamptz NOT NULL,
  beat_at timestamptz NOT NULL,
  ended_at timestamptz,
  step text CHECK (step IN ('tables', 'columns')),
  tables integer NOT NULL,
  of_tables integer,
  fault jsonb,
  found jsonb,
  PRIMARY KEY (tenant_id, source_id),
  FOREIGN KEY (tenant_id, source_id) REFERENCES catalog.source (tenant_id, id) ON DELETE CASCADE
);
CALL gatehouse.protect(ARRAY['catalog.look']);
