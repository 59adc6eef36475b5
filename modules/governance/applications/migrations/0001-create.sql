CREATE SCHEMA applications;

-- Deployments and authorization servers that the institution names: whose tokens it believes, and for whom it makes any. Nobody else's are.
CREATE TABLE applications.deployment (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  name text NOT NULL,
  -- Whose tokens are believed, as it spells itself in them, and where its keys are.
  issuer text,
  jwks_uri text,
  -- The audience of tokens that applications of the institution may ask for.
  audience text,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, id),
  CHECK ((issuer IS NULL) = (jwks_uri IS NULL)),
  CHECK (issuer IS NOT NULL OR audience IS NOT NULL)
);
CREATE UNIQUE INDEX issuer_once ON applications.deployment (tenant_id, issuer);
CREATE UNIQUE INDEX audience_once ON applications.deployment (tenant_id, audience);

CREATE TABLE applications.application (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  name text NOT NULL,
  purpose text NOT NULL,
  -- For whom it acts by itself, and who looks after it.
  owner_kind text NOT NULL CHECK (owner_kind IN ('partner', 'user')),
  owner_id uuid NOT NULL,
  registered_by uuid NOT NULL,
  -- Whether it can keep a secret; SHA-256 of the one it has.
  confidential boolean NOT NULL,
  secret_hash bytea CHECK (length(secret_hash) = 32),
  redirect_uris text[] NOT NULL,
  scopes jsonb NOT NULL,
  -- What it may be told of whoever connects it: profile, email.
  claims text[] NOT NULL,
  acts_by_itself boolean NOT NULL,
  -- Whether its tokens hold only together with a key that it proves (RFC 9449).
  proves_key boolean NOT NULL,
  -- Where another authorization server gives its tokens: which, and what it is called there.
  deployment_id uuid,
  client_id text,
  state text NOT NULL,
  revision integer NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, deployment_id) REFERENCES applications.deployment (tenant_id, id),
  CHECK ((deployment_id IS NULL) = (client_id IS NULL))
);
CREATE UNIQUE INDEX client_once ON applications.application (tenant_id, deployment_id, client_id);

-- That somebody let an application act for them. It is the grant from which its tokens come, and ends with all of them.
CREATE TABLE applications.connection (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  application_id uuid NOT NULL,
  user_id uuid NOT NULL,
  -- The words of OAuth: openid, email, own_disclosure:read.
  scope text NOT NULL,
  audience text NOT NULL,
  created_at timestamptz NOT NULL,
  ended_at timestamptz,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, application_id) REFERENCES applications.application (tenant_id, id)
);
CREATE INDEX connection_of_user ON applications.connection (tenant_id, user_id) WHERE ended_at IS NULL;

-- Codes and refresh tokens by their hash, proofs that were seen, and access tokens that were revoked before their end.
CREATE TABLE applications.artifact (
  tenant_id uuid NOT NULL,
  kind text NOT NULL,
  id_hash bytea NOT NULL CHECK (length(id_hash) = 32),
  connection_id uuid,
  payload jsonb NOT NULL,
  consumed_at timestamptz,
  expires_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, kind, id_hash)
);
CREATE INDEX artifact_of_connection ON applications.artifact (tenant_id, connection_id);
CREATE INDEX artifact_ends ON applications.artifact (expires_at);

-- How often the node's signing keys were replaced at once, beside their turning with time. One row, of the node itself.
CREATE TABLE applications.signing (
  tenant_id uuid PRIMARY KEY,
  generation integer NOT NULL
);

CALL gatehouse.protect(ARRAY['applications.deployment', 'applications.application', 'applications.connection', 'applications.artifact', 'applications.signing']);
