CREATE SCHEMA tenancy;

-- The institutions that share this node. A row belongs to the tenant it describes, so each sees only itself.
CREATE TABLE tenancy.tenant (
  tenant_id uuid NOT NULL PRIMARY KEY,
  slug text NOT NULL UNIQUE,
  name text NOT NULL,
  settings jsonb NOT NULL DEFAULT '{}',
  revision integer NOT NULL DEFAULT 1 CHECK (revision > 0),
  created_at timestamptz NOT NULL
);

CALL gatehouse.protect(ARRAY['tenancy.tenant']);
