-- Sets beyond what one-out-of-many speaks of: a tree of Poseidon hashes, its root beside the set, its leaves where members stand.
ALTER TABLE proofs.publication ADD COLUMN system text NOT NULL DEFAULT 'gh-gk-ristretto-v1';
ALTER TABLE proofs.consent_set ADD COLUMN root bytea CHECK (length(root) = 32);

-- One leaf per consent, grantee and scope; the opening comes from the person's commitment key and stands nowhere.
CREATE TABLE proofs.leaf (
  tenant_id uuid NOT NULL,
  subject_id uuid NOT NULL,
  consent_id uuid NOT NULL,
  grantee text NOT NULL,
  scope text NOT NULL,
  leaf bytea NOT NULL CHECK (length(leaf) = 32),
  PRIMARY KEY (tenant_id, subject_id, consent_id, grantee, scope)
);

-- A proof that was asked for and is made by a job. Whose it is stands apart, and only for as long as it is not made.
CREATE TABLE proofs.request (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  grantee text NOT NULL,
  purpose text NOT NULL,
  data_class text NOT NULL,
  request_hash bytea NOT NULL CHECK (length(request_hash) = 32),
  verifier text NOT NULL,
  state text NOT NULL,
  stage text,
  members integer,
  proof_id uuid,
  reason text,
  asked_at timestamptz NOT NULL,
  -- When the process that makes it last said that it lives; another one takes over what is silent.
  alive_at timestamptz,
  finished_at timestamptz,
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX request_open ON proofs.request (tenant_id, id) WHERE state IN ('queued', 'proving');
CREATE TABLE proofs.request_subject (
  tenant_id uuid NOT NULL,
  subject_id uuid NOT NULL,
  request_id uuid NOT NULL,
  PRIMARY KEY (tenant_id, subject_id, request_id)
);

CALL gatehouse.protect(ARRAY['proofs.leaf', 'proofs.request', 'proofs.request_subject']);
