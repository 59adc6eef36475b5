CREATE SCHEMA anchors;

-- Where checkpoints are anchored. The key of an account on a chain is a named secret of the tenant and stands nowhere here.
CREATE TABLE anchors.target (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  kind text NOT NULL,
  name text NOT NULL,
  settings jsonb NOT NULL,
  every_minutes integer NOT NULL CHECK (every_minutes > 0),
  state text NOT NULL,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, id)
);

-- One checkpoint on its way to one target. It is never deleted: what was lost stays to be seen.
CREATE TABLE anchors.anchor (
  tenant_id uuid NOT NULL,
  target_id uuid NOT NULL,
  id uuid NOT NULL,
  size bigint NOT NULL CHECK (size > 0),
  root bytea NOT NULL CHECK (length(root) = 32),
  checkpoint text NOT NULL,
  state text NOT NULL,
  attempts integer NOT NULL DEFAULT 0,
  losses integer NOT NULL DEFAULT 0,
  -- What the target calls it: the hash of a transaction with its nonce, or the serial number of a time stamp.
  reference jsonb,
  depth integer,
  receipt jsonb,
  last_error text,
  created_at timestamptz NOT NULL,
  sent_at timestamptz,
  confirmed_at timestamptz,
  looked_at timestamptz,
  PRIMARY KEY (tenant_id, target_id, id),
  FOREIGN KEY (tenant_id, target_id) REFERENCES anchors.target (tenant_id, id)
);
CREATE INDEX anchor_open ON anchors.anchor (tenant_id, target_id) WHERE state IN ('pending', 'sent', 'confirmed');

CALL gatehouse.protect(ARRAY['anchors.target', 'anchors.anchor']);
