-- A project of this institution may compare encodings for runs of other nodes, where whoever lets projects begin has said so.
ALTER TABLE query.setting ADD COLUMN linkage_unit boolean NOT NULL DEFAULT false;

-- What this node had encoded for a run, of its own or of another node, and sent to a linkage unit: one message of each run.
CREATE TABLE query.encoding (
  tenant_id uuid NOT NULL,
  run_id uuid NOT NULL,
  unit text NOT NULL,
  -- The run as it is called where it was asked for.
  foreign_run uuid NOT NULL,
  state text NOT NULL,
  reason text,
  -- How many encodings of each source; so many groups come back.
  records jsonb NOT NULL,
  message_id uuid NOT NULL,
  sent_at timestamptz NOT NULL,
  -- Where the groups lie, sealed under a key of this node.
  groups jsonb,
  -- When what was sent had arrived, and was deleted here.
  emptied_at timestamptz,
  PRIMARY KEY (tenant_id, run_id),
  FOREIGN KEY (tenant_id, run_id) REFERENCES query.run (tenant_id, id)
);
CREATE INDEX encoding_unit ON query.encoding (tenant_id, unit, foreign_run);
CREATE INDEX encoding_open ON query.encoding (tenant_id, run_id) WHERE emptied_at IS NULL;

-- What another node asked this one to compare, as its linkage unit.
CREATE TABLE query.comparison (
  tenant_id uuid NOT NULL,
  peer text NOT NULL,
  foreign_run uuid NOT NULL,
  project_id uuid NOT NULL,
  -- Who asked, as an account here.
  person uuid NOT NULL,
  state text NOT NULL,
  reason text,
  request jsonb NOT NULL,
  asked_at timestamptz NOT NULL,
  changed_at timestamptz NOT NULL,
  deadline_at timestamptz NOT NULL,
  -- The messages by which groups went back, until all have arrived.
  told_by uuid[] NOT NULL DEFAULT '{}',
  emptied_at timestamptz,
  PRIMARY KEY (tenant_id, peer, foreign_run)
);
CREATE INDEX comparison_open ON query.comparison (tenant_id) WHERE emptied_at IS NULL;

-- Encodings that wait for those of the others. They may come before the question they belong to, and go when it is answered.
CREATE TABLE query.encodings_received (
  tenant_id uuid NOT NULL,
  -- The node whose run it is, and the one that sent them.
  asker text NOT NULL,
  foreign_run uuid NOT NULL,
  peer text NOT NULL,
  -- Sealed to this node's key, as it came.
  sealed_key text NOT NULL,
  tables jsonb NOT NULL,
  received_at timestamptz NOT NULL,
  deadline_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, asker, foreign_run, peer)
);

CALL gatehouse.protect(ARRAY['query.encoding', 'query.comparison', 'query.encodings_received']);
