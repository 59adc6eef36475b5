CREATE SCHEMA credentials;

-- What an institution says of people: one claim, and the rule by which it follows from a record. Never changed, only retired.
CREATE TABLE credentials.type (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  slug text NOT NULL,
  name text NOT NULL,
  claim text NOT NULL,
  rule jsonb NOT NULL,
  purpose text NOT NULL,
  record_type text NOT NULL,
  life_days integer NOT NULL CHECK (life_days > 0),
  self_service boolean NOT NULL,
  made_at timestamptz NOT NULL,
  retired_at timestamptz,
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, slug)
);

-- A wallet is offered one credential. Of the code, the transaction code and the wallet's token only hashes are kept.
CREATE TABLE credentials.offer (
  tenant_id uuid NOT NULL,
  subject_id uuid NOT NULL,
  id uuid NOT NULL,
  type_id uuid NOT NULL,
  code_hash bytea NOT NULL CHECK (length(code_hash) = 32),
  tx_code_hash bytea NOT NULL CHECK (length(tx_code_hash) = 32),
  tries integer NOT NULL DEFAULT 0,
  token_hash bytea CHECK (length(token_hash) = 32),
  state text NOT NULL,
  offered_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, subject_id, id),
  FOREIGN KEY (tenant_id, type_id) REFERENCES credentials.type (tenant_id, id)
);
CREATE INDEX offer_code ON credentials.offer (code_hash);
CREATE INDEX offer_token ON credentials.offer (token_hash) WHERE token_hash IS NOT NULL;

-- A place in a status list. It names nobody: when its person is forgotten it stays, revoked.
CREATE TABLE credentials.place (
  tenant_id uuid NOT NULL,
  list integer NOT NULL,
  place integer NOT NULL,
  status text NOT NULL,
  PRIMARY KEY (tenant_id, list, place)
);
CREATE INDEX place_not_valid ON credentials.place (tenant_id, list, place) WHERE status <> 'valid';

CREATE TABLE credentials.credential (
  tenant_id uuid NOT NULL,
  subject_id uuid NOT NULL,
  id uuid NOT NULL,
  type_id uuid NOT NULL,
  list integer NOT NULL,
  place integer NOT NULL,
  issued_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, subject_id, id),
  FOREIGN KEY (tenant_id, type_id) REFERENCES credentials.type (tenant_id, id),
  FOREIGN KEY (tenant_id, list, place) REFERENCES credentials.place (tenant_id, list, place)
);
CREATE INDEX credential_newest ON credentials.credential (tenant_id, id DESC);

-- What was asked of a wallet and what came of it. The claims that were shown are blanked after a day.
CREATE TABLE credentials.presentation (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  vct text NOT NULL,
  claims text[] NOT NULL,
  issuers text[] NOT NULL,
  purpose text NOT NULL,
  nonce text NOT NULL,
  state text NOT NULL,
  status text NOT NULL,
  reason text,
  issuer text,
  shown jsonb,
  asked_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  answered_at timestamptz,
  PRIMARY KEY (tenant_id, id)
);

CALL gatehouse.protect(ARRAY['credentials.type', 'credentials.offer', 'credentials.place', 'credentials.credential', 'credentials.presentation']);
