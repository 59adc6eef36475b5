-- The newest code that went to the address of whoever is signing in, as a keyed digest. It serves its own session and no other.
CREATE TABLE identity.mailed_code (
  tenant_id uuid NOT NULL,
  session_id uuid NOT NULL,
  digest bytea NOT NULL,
  expires_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, session_id),
  FOREIGN KEY (tenant_id, session_id) REFERENCES identity.session (tenant_id, id) ON DELETE CASCADE
);

CALL gatehouse.protect(ARRAY['identity.mailed_code']);
