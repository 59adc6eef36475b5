-- Secrets of other systems. A version is sealed under the tenant's key and bound to tenant, name and version.
CREATE TABLE keys.stored_secret (
  tenant_id uuid NOT NULL,
  name text NOT NULL,
  version integer NOT NULL CHECK (version > 0),
  kek_version integer NOT NULL,
  sealed bytea NOT NULL,
  lease_seconds integer NOT NULL CHECK (lease_seconds > 0),
  created_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, name, version)
);

CALL gatehouse.protect(ARRAY['keys.stored_secret']);
