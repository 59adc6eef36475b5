-- What other nodes have told a project of: their tables, as they may be seen there.
CREATE TABLE query.foreign_table (
  tenant_id uuid NOT NULL,
  project_id uuid NOT NULL,
  peer text NOT NULL,
  -- As the catalogue of the peer has it: source.table.
  reference text NOT NULL,
  entry jsonb NOT NULL,
  told_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, project_id, peer, reference)
);

-- When a peer was last asked for its catalogue, and when it answered.
CREATE TABLE query.catalogue_request (
  tenant_id uuid NOT NULL,
  project_id uuid NOT NULL,
  peer text NOT NULL,
  message_id uuid NOT NULL,
  asked_at timestamptz NOT NULL,
  answered_at timestamptz,
  refused text,
  PRIMARY KEY (tenant_id, project_id, peer)
);

-- The part of a run that another node carries out for this one: one of each run and node.
CREATE TABLE query.part (
  tenant_id uuid NOT NULL,
  run_id uuid NOT NULL,
  peer text NOT NULL,
  project_id uuid NOT NULL,
  attempt integer NOT NULL,
  state text NOT NULL,
  reason text,
  sources text[] NOT NULL,
  -- The version of the token space that its digests are made with; null where nobody is linked.
  key_id text,
  message_id uuid NOT NULL,
  asked_at timestamptz NOT NULL,
  deadline_at timestamptz NOT NULL,
  changed_at timestamptz NOT NULL,
  -- What the node decided, and its figures as it tells them.
  answer jsonb,
  -- Where its tables lie here, still under the key of the part.
  tables jsonb,
  PRIMARY KEY (tenant_id, run_id, peer),
  FOREIGN KEY (tenant_id, run_id) REFERENCES query.run (tenant_id, id)
);
CREATE INDEX part_open ON query.part (deadline_at) WHERE state IN ('asked', 'delivered', 'working');

-- What another node asked this one to do: a run of its own, of a plan of its own, in the project that it joined.
CREATE TABLE query.errand (
  tenant_id uuid NOT NULL,
  run_id uuid NOT NULL,
  peer text NOT NULL,
  foreign_run uuid NOT NULL,
  foreign_plan_hash text NOT NULL,
  attempt integer NOT NULL,
  project_id uuid NOT NULL,
  sources text[] NOT NULL,
  audience text,
  key_id text,
  asked_at timestamptz NOT NULL,
  deadline_at timestamptz NOT NULL,
  -- The message that told how it ended, and when its files were deleted.
  told_by uuid,
  emptied_at timestamptz,
  PRIMARY KEY (tenant_id, run_id),
  UNIQUE (tenant_id, peer, foreign_run, attempt),
  FOREIGN KEY (tenant_id, run_id) REFERENCES query.run (tenant_id, id)
);
CREATE INDEX errand_open ON query.errand (tenant_id, run_id) WHERE emptied_at IS NULL;

-- Plans of other nodes, as they are kept here: the same plan is judged once, however often it is run.
CREATE TABLE query.foreign_plan (
  tenant_id uuid NOT NULL,
  project_id uuid NOT NULL,
  peer text NOT NULL,
  foreign_hash text NOT NULL,
  plan_id uuid NOT NULL,
  PRIMARY KEY (tenant_id, project_id, peer, foreign_hash),
  FOREIGN KEY (tenant_id, plan_id) REFERENCES query.plan (tenant_id, id)
);

-- Which node asked for a run; null for one that was asked for here.
ALTER TABLE query.run ADD COLUMN asked_from text;
-- The nodes that took part in a result, and what came of each; null where there was none but this.
ALTER TABLE query.result ADD COLUMN nodes jsonb;

DROP INDEX query.run_open;
CREATE INDEX run_open ON query.run (tenant_id, id)
  WHERE state IN ('queued', 'checking', 'waiting', 'waiting_for_node', 'running', 'treating', 'disclosure_control');

CALL gatehouse.protect(ARRAY['query.foreign_table', 'query.catalogue_request', 'query.part', 'query.errand', 'query.foreign_plan']);
