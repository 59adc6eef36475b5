-- A session says what its owner still owes before it opens anything, when a factor was last proven, and what it runs in.
ALTER TABLE identity.session
  ADD COLUMN awaits text CHECK (awaits IN ('factor', 'enrolment')),
  ADD COLUMN proven_at timestamptz,
  ADD COLUMN agent text;

-- Whoever signs in by a passkey or through a directory has an account without a password.
ALTER TABLE identity.account ALTER COLUMN password DROP NOT NULL;

CREATE TABLE identity.factor (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  user_id uuid NOT NULL,
  kind text NOT NULL CHECK (kind IN ('totp', 'passkey')),
  label text NOT NULL,
  created_at timestamptz NOT NULL,
  -- Until then the factor proves nothing.
  confirmed_at timestamptz,
  last_used_at timestamptz,
  -- The seed of a TOTP factor, sealed under a key of the tenant.
  sealed bytea,
  -- The newest time step that a code was taken for: each serves once (RFC 6238 section 5.2).
  last_step bigint NOT NULL DEFAULT 0,
  credential_id text,
  public_key bytea,
  counter bigint NOT NULL DEFAULT 0,
  transports text[] NOT NULL DEFAULT '{}',
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, user_id) REFERENCES identity.user (tenant_id, id)
);
CREATE INDEX factor_by_user ON identity.factor (tenant_id, user_id);
CREATE UNIQUE INDEX factor_of_credential ON identity.factor (tenant_id, credential_id) WHERE credential_id IS NOT NULL;
-- Signing in by a passkey starts without a tenant.
CREATE INDEX factor_by_credential ON identity.factor (credential_id) WHERE credential_id IS NOT NULL;

CREATE TABLE identity.recovery_code (
  tenant_id uuid NOT NULL,
  user_id uuid NOT NULL,
  digest bytea NOT NULL,
  PRIMARY KEY (tenant_id, user_id, digest),
  FOREIGN KEY (tenant_id, user_id) REFERENCES identity.user (tenant_id, id)
);

-- Browsers that are not asked for a factor again, as long as they stay where they are.
CREATE TABLE identity.device (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  user_id uuid NOT NULL,
  token_hash bytea NOT NULL,
  -- Keyed digest of the network.
  place bytea NOT NULL,
  agent text NOT NULL,
  created_at timestamptz NOT NULL,
  last_used_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, user_id) REFERENCES identity.user (tenant_id, id)
);
CREATE INDEX device_by_token ON identity.device (token_hash);
CREATE INDEX device_by_user ON identity.device (tenant_id, user_id);

-- Links that set a new password.
CREATE TABLE identity.reset (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  user_id uuid NOT NULL,
  token_hash bytea NOT NULL,
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, user_id) REFERENCES identity.user (tenant_id, id)
);
CREATE INDEX reset_by_token ON identity.reset (token_hash);

CALL gatehouse.protect(ARRAY['identity.factor', 'identity.recovery_code', 'identity.device', 'identity.reset']);
