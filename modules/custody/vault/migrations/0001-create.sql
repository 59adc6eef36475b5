CREATE SCHEMA vault;

-- What a kind of record consists of. Field names and meanings stand here, so telling what a person's record holds opens nothing.
CREATE TABLE vault.record_type (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  slug text NOT NULL,
  version integer NOT NULL CHECK (version > 0),
  fields jsonb NOT NULL,
  subject_column text,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, slug, version)
);

-- The data keys (DEK) of a person, wrapped under the tenant's key. Deleting them makes the person's blocks unreadable for ever.
CREATE TABLE vault.subject_key (
  tenant_id uuid NOT NULL,
  subject_id uuid NOT NULL,
  version integer NOT NULL CHECK (version > 0),
  kek_version integer NOT NULL,
  wrapped bytea NOT NULL,
  PRIMARY KEY (tenant_id, subject_id, version)
);

-- One block is one record of one person. Content is ciphertext; row_digest is keyed by the person's data key.
CREATE TABLE vault.block (
  tenant_id uuid NOT NULL,
  subject_id uuid NOT NULL,
  block_id uuid NOT NULL,
  sequence integer NOT NULL CHECK (sequence > 0),
  record_type_id uuid NOT NULL,
  dek_version integer NOT NULL,
  encrypted_data bytea NOT NULL,
  data_hash bytea NOT NULL,
  previous_hash bytea NOT NULL,
  block_hash bytea NOT NULL,
  at timestamptz NOT NULL,
  signature bytea NOT NULL,
  row_digest bytea NOT NULL,
  PRIMARY KEY (tenant_id, subject_id, block_id),
  UNIQUE (tenant_id, subject_id, sequence)
);
-- The latest block of a person and record type, whatever else the chain holds.
CREATE INDEX block_latest ON vault.block (tenant_id, subject_id, record_type_id, sequence);
-- Ciphertext does not compress.
ALTER TABLE vault.block ALTER COLUMN encrypted_data SET STORAGE EXTERNAL;

CREATE FUNCTION vault.refuse_change() RETURNS trigger LANGUAGE plpgsql AS
  $$ BEGIN RAISE EXCEPTION 'blocks of the vault are only ever added' USING ERRCODE = 'restrict_violation'; END $$;
CREATE TRIGGER block_insert_only BEFORE UPDATE OR DELETE OR TRUNCATE ON vault.block FOR EACH STATEMENT EXECUTE FUNCTION vault.refuse_change();

-- The end of each person's chain; sequence 0 and the genesis hash before the first block. Its row lock orders the writers.
CREATE TABLE vault.head (
  tenant_id uuid NOT NULL,
  subject_id uuid NOT NULL,
  sequence integer NOT NULL,
  block_hash bytea NOT NULL,
  -- The ledger entry that states this end.
  entry_id uuid,
  PRIMARY KEY (tenant_id, subject_id)
) WITH (fillfactor = 70);

CREATE TABLE vault.import (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  record_type_id uuid NOT NULL,
  mapping jsonb NOT NULL,
  format text,
  status text NOT NULL CHECK (status IN ('open', 'running', 'finished', 'failed')),
  created_at timestamptz NOT NULL,
  progressed_at timestamptz NOT NULL,
  progress jsonb NOT NULL,
  rejects jsonb NOT NULL DEFAULT '[]',
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, record_type_id) REFERENCES vault.record_type (tenant_id, id)
);

CREATE TABLE vault.verification (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  started_at timestamptz NOT NULL,
  finished_at timestamptz NOT NULL,
  subjects bigint NOT NULL,
  blocks bigint NOT NULL,
  unreadable bigint NOT NULL,
  fault_count bigint NOT NULL,
  faults jsonb NOT NULL,
  PRIMARY KEY (tenant_id, id)
);

CALL gatehouse.protect(ARRAY['vault.record_type', 'vault.subject_key', 'vault.block', 'vault.head', 'vault.import', 'vault.verification']);
