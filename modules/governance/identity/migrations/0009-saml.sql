-- A provider speaks OpenID Connect, as a client of which the node is registered, or SAML 2.0, by these settings; its key lies in the store of secrets.
ALTER TABLE identity.provider
  ALTER COLUMN client_id DROP NOT NULL,
  ADD COLUMN saml jsonb,
  ADD CONSTRAINT provider_speaks_one CHECK ((client_id IS NULL) <> (saml IS NULL));

-- What a SAML provider said of somebody, verified and sealed, until the browser that it came with hands in the handle.
CREATE TABLE identity.held_answer (
  tenant_id uuid NOT NULL,
  provider_id uuid NOT NULL,
  token_hash bytea NOT NULL,
  sealed bytea NOT NULL,
  expires_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, token_hash),
  FOREIGN KEY (tenant_id, provider_id) REFERENCES identity.provider (tenant_id, id) ON DELETE CASCADE
);

CALL gatehouse.protect(ARRAY['identity.held_answer']);
