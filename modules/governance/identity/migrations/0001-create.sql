CREATE SCHEMA identity;

CREATE TABLE identity.user (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  email text NOT NULL CHECK (email = lower(email)),
  name text NOT NULL,
  roles text[] NOT NULL,
  created_at timestamptz NOT NULL,
  disabled_at timestamptz,
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, email)
);
-- Signing in starts with an address and no tenant.
CREATE INDEX user_by_email ON identity.user (email);

-- How somebody proves to be the user; today one password each. The columns are better-auth's.
CREATE TABLE identity.account (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  user_id uuid NOT NULL,
  provider_id text NOT NULL,
  account_id text NOT NULL,
  password text NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, user_id, provider_id),
  FOREIGN KEY (tenant_id, user_id) REFERENCES identity.user (tenant_id, id)
);

CREATE TABLE identity.session (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  user_id uuid NOT NULL,
  token_hash bytea NOT NULL,
  created_at timestamptz NOT NULL,
  last_seen_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, user_id) REFERENCES identity.user (tenant_id, id)
);
CREATE INDEX session_by_token ON identity.session (token_hash);
CREATE INDEX session_by_user ON identity.session (tenant_id, user_id);

-- One-time tokens that let somebody set a password. Without a user it is the token of the first run.
CREATE TABLE identity.invitation (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  user_id uuid,
  token_hash bytea NOT NULL,
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, user_id) REFERENCES identity.user (tenant_id, id)
);
CREATE INDEX invitation_by_token ON identity.invitation (token_hash);

-- Failed sign-ins by keyed digest of the address, whether or not anybody has it.
CREATE TABLE identity.attempt (
  tenant_id uuid NOT NULL,
  address_digest bytea NOT NULL,
  failures integer NOT NULL,
  failed_at timestamptz NOT NULL,
  locked_until timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, address_digest)
);

CREATE TABLE identity.api_key (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  owner_kind text NOT NULL CHECK (owner_kind IN ('partner', 'user', 'operator')),
  owner_id uuid NOT NULL,
  label text NOT NULL,
  token_hash bytea NOT NULL,
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  last_used_at timestamptz,
  revoked_at timestamptz,
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX api_key_by_token ON identity.api_key (token_hash);
CREATE INDEX api_key_by_owner ON identity.api_key (tenant_id, owner_id);

-- DPoP proofs seen, so that each serves once (RFC 9449 section 11.1).
CREATE TABLE identity.dpop_proof (
  tenant_id uuid NOT NULL,
  digest bytea NOT NULL,
  expires_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, digest)
);

CALL gatehouse.protect(ARRAY[
  'identity.user', 'identity.account', 'identity.session', 'identity.invitation', 'identity.attempt', 'identity.api_key', 'identity.dpop_proof'
]);
