CREATE SCHEMA keyring;

-- How far the change to a version of the tenant's key has come.
CREATE TABLE keyring.rotation (
  tenant_id uuid NOT NULL,
  version integer NOT NULL CHECK (version > 1),
  started_at timestamptz NOT NULL,
  -- What lay under older versions at the start, what has been moved since, and what could not be opened where it stood.
  total bigint NOT NULL,
  moved bigint NOT NULL DEFAULT 0,
  faults bigint NOT NULL DEFAULT 0,
  moved_at timestamptz,
  destroyed_at timestamptz,
  PRIMARY KEY (tenant_id, version)
);

CALL gatehouse.protect(ARRAY['keyring.rotation']);
