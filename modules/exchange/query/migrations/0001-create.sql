CREATE SCHEMA query;

-- A plan is a name for its versions; a version never changes.
CREATE TABLE query.plan (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  project_id uuid NOT NULL,
  created_by text NOT NULL,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX plan_project ON query.plan (tenant_id, project_id, id);

CREATE TABLE query.version (
  tenant_id uuid NOT NULL,
  plan_id uuid NOT NULL,
  version integer NOT NULL CHECK (version > 0),
  hash text NOT NULL,
  document jsonb NOT NULL,
  -- Why holders must agree before it is run; empty where they need not.
  reasons text[] NOT NULL,
  review_id uuid,
  -- The teams that agreed, so that a holder who was named later is asked too.
  approved_teams uuid[],
  approved_at timestamptz,
  made_by text NOT NULL,
  made_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, plan_id, version),
  FOREIGN KEY (tenant_id, plan_id) REFERENCES query.plan (tenant_id, id)
);

CREATE TABLE query.run (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  project_id uuid NOT NULL,
  plan_id uuid NOT NULL,
  version integer NOT NULL,
  hash text NOT NULL,
  title text NOT NULL,
  state text NOT NULL,
  reason text,
  detail text,
  schedule_id uuid,
  asked_by text NOT NULL,
  -- In whose place it acts; asked again at every step.
  behalf jsonb,
  asked_at timestamptz NOT NULL,
  started_at timestamptz,
  -- When the process that has it last said that it lives, and which one that is; another takes over what is silent.
  alive_at timestamptz,
  holder uuid,
  -- A source was away: when it is tried again, and how often it was.
  retry_at timestamptz,
  tries integer NOT NULL DEFAULT 0,
  ended_at timestamptz,
  -- The key of its scratch files, wrapped under the tenant's; gone with them.
  kek_version integer,
  wrapped bytea,
  floor integer NOT NULL,
  facts jsonb NOT NULL DEFAULT '{}',
  epsilon numeric,
  result_id uuid,
  review_id uuid,
  code_version text,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, plan_id, version) REFERENCES query.version (tenant_id, plan_id, version)
);
CREATE INDEX run_project ON query.run (tenant_id, project_id, id);
CREATE INDEX run_open ON query.run (tenant_id, id) WHERE state IN ('queued', 'checking', 'waiting', 'running', 'treating', 'disclosure_control');

CREATE TABLE query.step (
  tenant_id uuid NOT NULL,
  run_id uuid NOT NULL,
  id text NOT NULL,
  place integer NOT NULL,
  kind text NOT NULL,
  title text NOT NULL,
  state text NOT NULL,
  progress real NOT NULL DEFAULT 0,
  -- By what it was made from; the sealed list of what came out lies in the scratch folder under this name.
  hash text,
  facts jsonb NOT NULL DEFAULT '{}',
  started_at timestamptz,
  ended_at timestamptz,
  PRIMARY KEY (tenant_id, run_id, id),
  FOREIGN KEY (tenant_id, run_id) REFERENCES query.run (tenant_id, id) ON DELETE CASCADE
);

-- Rows lie in the object store under a key of the result, which is wrapped here and destroyed when the result ends.
CREATE TABLE query.result (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  project_id uuid NOT NULL,
  run_id uuid NOT NULL,
  plan_id uuid NOT NULL,
  version integer NOT NULL,
  title text NOT NULL,
  form text NOT NULL,
  kind text NOT NULL CHECK (kind IN ('rows', 'figures')),
  state text NOT NULL,
  ended_by text,
  kek_version integer,
  wrapped bytea,
  rows bigint NOT NULL,
  columns jsonb NOT NULL,
  report jsonb NOT NULL,
  digest text NOT NULL,
  sources jsonb NOT NULL,
  review_id uuid,
  made_at timestamptz NOT NULL,
  released_at timestamptz,
  expires_at timestamptz NOT NULL,
  ended_at timestamptz,
  source text,
  PRIMARY KEY (tenant_id, id),
  -- One result of a run, whoever finishes it.
  UNIQUE (tenant_id, run_id),
  FOREIGN KEY (tenant_id, run_id) REFERENCES query.run (tenant_id, id)
);
CREATE INDEX result_project ON query.result (tenant_id, project_id, id);
CREATE INDEX result_ends ON query.result (expires_at) WHERE wrapped IS NOT NULL;

-- Who was in a released result, as sealed keyed digests: what the guard against differencing compares. No person can be read from it.
CREATE TABLE query.cohort (
  tenant_id uuid NOT NULL,
  project_id uuid NOT NULL,
  result_id uuid NOT NULL,
  people integer NOT NULL,
  blob text NOT NULL,
  released_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, result_id),
  FOREIGN KEY (tenant_id, result_id) REFERENCES query.result (tenant_id, id)
);
CREATE INDEX cohort_project ON query.cohort (tenant_id, project_id, released_at);

CREATE TABLE query.setting (
  tenant_id uuid NOT NULL,
  project_id uuid NOT NULL,
  epsilon_total numeric NOT NULL,
  floor integer NOT NULL,
  clean_results text NOT NULL,
  PRIMARY KEY (tenant_id, project_id)
);

-- Charged before the figures are drawn, once for each run.
CREATE TABLE query.charge (
  tenant_id uuid NOT NULL,
  project_id uuid NOT NULL,
  run_id uuid NOT NULL,
  epsilon numeric NOT NULL CHECK (epsilon > 0),
  charged_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, project_id, run_id)
);

-- A one-time token for one file; of the token its hash is kept.
CREATE TABLE query.download (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  project_id uuid NOT NULL,
  result_id uuid NOT NULL,
  format text NOT NULL,
  token_hash bytea NOT NULL,
  asked_by text NOT NULL,
  behalf jsonb,
  issued_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  spent_at timestamptz,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, result_id) REFERENCES query.result (tenant_id, id)
);
CREATE INDEX download_token ON query.download (token_hash);

CREATE TABLE query.schedule (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  project_id uuid NOT NULL,
  plan_id uuid NOT NULL,
  version integer NOT NULL,
  cron text NOT NULL,
  next_at timestamptz NOT NULL,
  last_run uuid,
  made_by text NOT NULL,
  behalf jsonb NOT NULL,
  made_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, plan_id, version) REFERENCES query.version (tenant_id, plan_id, version)
);
CREATE INDEX schedule_due ON query.schedule (next_at);
CREATE INDEX schedule_project ON query.schedule (tenant_id, project_id, id);

-- A question who stands behind tokens. The answer is sealed, and gone once it was opened or its hour is over.
CREATE TABLE query.reidentification (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  project_id uuid NOT NULL,
  result_id uuid NOT NULL,
  asked_by text NOT NULL,
  asked_at timestamptz NOT NULL,
  asked integer NOT NULL,
  found integer NOT NULL,
  answer bytea,
  opened_at timestamptz,
  expires_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, result_id) REFERENCES query.result (tenant_id, id)
);

CALL gatehouse.protect(ARRAY['query.plan', 'query.version', 'query.run', 'query.step', 'query.result', 'query.cohort', 'query.setting', 'query.charge', 'query.download', 'query.schedule', 'query.reidentification']);
