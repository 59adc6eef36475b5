-- Link jobs over two tables of the catalogue. The links lie in a sealed table file, as pairs of digests.
CREATE TABLE linkage.job (
  tenant_id uuid NOT NULL,
  project_id uuid NOT NULL,
  id uuid NOT NULL,
  left_table text NOT NULL,
  right_table text NOT NULL,
  options json NOT NULL,
  state text NOT NULL,
  stage text,
  reason text,
  model json,
  report json,
  links integer,
  doubtful integer,
  created_by text NOT NULL,
  created_at timestamptz NOT NULL,
  started_at timestamptz,
  alive_at timestamptz,
  ended_at timestamptz,
  PRIMARY KEY (tenant_id, project_id, id)
);

CREATE INDEX job_running ON linkage.job (alive_at) WHERE state = 'running';

CALL gatehouse.protect(ARRAY['linkage.job']);
