CREATE SCHEMA policies;

CREATE TABLE policies.policy (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  -- The uid of its documents; rules of decisions name it.
  uid text NOT NULL,
  created_at timestamptz NOT NULL,
  retired_at timestamptz,
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, uid)
);

-- A version's document never changes; only its state does.
CREATE TABLE policies.version (
  tenant_id uuid NOT NULL,
  policy_id uuid NOT NULL,
  version integer NOT NULL CHECK (version > 0),
  -- As it was read; `json` keeps the order of the fields, which `jsonb` would not.
  document json NOT NULL,
  -- SHA-256 of the document's canonical JSON (RFC 8785).
  digest bytea NOT NULL CHECK (length(digest) = 32),
  -- The document's assignee, for the one query of the hot path.
  assignee text NOT NULL,
  state text NOT NULL CHECK (state IN ('draft', 'active', 'superseded', 'retired')),
  author text NOT NULL,
  created_at timestamptz NOT NULL,
  published_at timestamptz,
  ended_at timestamptz,
  PRIMARY KEY (tenant_id, policy_id, version),
  FOREIGN KEY (tenant_id, policy_id) REFERENCES policies.policy (tenant_id, id)
);

CREATE UNIQUE INDEX one_active_version ON policies.version (tenant_id, policy_id) WHERE state = 'active';
CREATE INDEX active_for ON policies.version (tenant_id, assignee) WHERE state = 'active';

-- The institution's own purposes, below the built-in ones.
CREATE TABLE policies.purpose (
  tenant_id uuid NOT NULL,
  slug text NOT NULL,
  parent text NOT NULL,
  label text,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, slug)
);

CALL gatehouse.protect(ARRAY['policies.policy', 'policies.version', 'policies.purpose']);
