-- The identity provider of the mesh, where the institution believes one: its keys as they were fetched last, and whom its tokens have to be for.
CREATE TABLE federation.provider (
  tenant_id uuid NOT NULL,
  issuer text NOT NULL,
  jwks_uri text NOT NULL,
  audience text NOT NULL,
  jwks jsonb,
  fetched_at timestamptz,
  PRIMARY KEY (tenant_id)
);

CALL gatehouse.protect(ARRAY['federation.provider']);
