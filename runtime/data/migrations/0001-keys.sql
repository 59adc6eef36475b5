CREATE SCHEMA keys;

CREATE TABLE keys.kek (
  tenant_id uuid NOT NULL,
  version integer NOT NULL CHECK (version > 0),
  wrapped bytea NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, version)
);

CREATE TABLE keys.secret (
  tenant_id uuid NOT NULL,
  name text NOT NULL,
  kek_version integer NOT NULL,
  wrapped bytea NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, name)
);

CALL gatehouse.protect(ARRAY['keys.kek', 'keys.secret']);
