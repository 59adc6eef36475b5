CREATE SCHEMA proofs;

-- The commitment of a consent in one group, so that it need not be computed anew for each publication. The opening is kept nowhere:
-- it is derived from the person's commitment key, and gone with it.
CREATE TABLE proofs.member (
  tenant_id uuid NOT NULL,
  subject_id uuid NOT NULL,
  consent_id uuid NOT NULL,
  grantee text NOT NULL,
  scope text NOT NULL,
  expiry text NOT NULL,
  commitment bytea NOT NULL CHECK (length(commitment) = 32),
  PRIMARY KEY (tenant_id, subject_id, consent_id, grantee, scope, expiry)
);

-- The sets as they were at one moment; sets_root stands in the entry.
CREATE TABLE proofs.publication (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  entry_id uuid NOT NULL,
  published_at timestamptz NOT NULL,
  sets_root bytea NOT NULL CHECK (length(sets_root) = 32),
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX publication_newest ON proofs.publication (tenant_id, published_at DESC, id DESC);

-- Commitments of 32 bytes, ascending. Nothing in them leads to a person.
CREATE TABLE proofs.consent_set (
  tenant_id uuid NOT NULL,
  publication_id uuid NOT NULL,
  place integer NOT NULL,
  grantee text NOT NULL,
  scope text NOT NULL,
  expiry text NOT NULL,
  leaf bytea NOT NULL CHECK (length(leaf) = 32),
  members bytea NOT NULL CHECK (length(members) > 0 AND length(members) % 32 = 0),
  PRIMARY KEY (tenant_id, publication_id, place),
  FOREIGN KEY (tenant_id, publication_id) REFERENCES proofs.publication (tenant_id, id) ON DELETE CASCADE
);
ALTER TABLE proofs.consent_set ALTER COLUMN members SET STORAGE EXTERNAL;

-- What was proven. It names no person and no consent: that is the point.
CREATE TABLE proofs.proof (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  publication_id uuid NOT NULL,
  place integer NOT NULL,
  batch_id uuid,
  system text NOT NULL,
  nullifier bytea NOT NULL,
  request_hash bytea NOT NULL CHECK (length(request_hash) = 32),
  verifier text NOT NULL,
  proven_for timestamptz NOT NULL,
  checkpoint text NOT NULL,
  entry_index bigint NOT NULL,
  entry_body bytea NOT NULL,
  entry_proof bytea[] NOT NULL,
  proof bytea NOT NULL,
  made_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, publication_id) REFERENCES proofs.publication (tenant_id, id)
);
CREATE INDEX proof_waits ON proofs.proof (tenant_id, id) WHERE batch_id IS NULL;
CREATE INDEX proof_batch ON proofs.proof (tenant_id, batch_id, id);

-- How far the log was read for batches, and what each batch said.
CREATE TABLE proofs.place (
  tenant_id uuid PRIMARY KEY,
  next bigint NOT NULL
);
CREATE TABLE proofs.batch (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  entry_id uuid NOT NULL,
  made_at timestamptz NOT NULL,
  releases integer NOT NULL,
  consent_changes integer NOT NULL,
  proofs integer NOT NULL,
  unproven integer NOT NULL,
  PRIMARY KEY (tenant_id, id)
);

-- Nullifiers of proofs that were accepted here, so that one proof counts once.
CREATE TABLE proofs.accepted (
  tenant_id uuid NOT NULL,
  origin text NOT NULL,
  verifier text NOT NULL,
  nullifier bytea NOT NULL,
  accepted_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, origin, verifier, nullifier)
);

CALL gatehouse.protect(ARRAY['proofs.member', 'proofs.publication', 'proofs.consent_set', 'proofs.proof', 'proofs.place', 'proofs.batch', 'proofs.accepted']);
