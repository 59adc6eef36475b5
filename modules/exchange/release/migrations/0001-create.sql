CREATE SCHEMA release;

-- A grant is a decision that may be redeemed once. It keeps the plan and never the data; of the token it keeps the hash.
CREATE TABLE release.grant (
  tenant_id uuid NOT NULL,
  subject_id uuid NOT NULL,
  id uuid NOT NULL,
  token_hash bytea NOT NULL,
  partner_id uuid NOT NULL,
  purpose text NOT NULL,
  record_type text NOT NULL,
  rules text[] NOT NULL,
  plan jsonb NOT NULL,
  decision_entry uuid NOT NULL,
  state text NOT NULL,
  issued_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  spent_at timestamptz,
  closed_at timestamptz,
  bytes bigint,
  PRIMARY KEY (tenant_id, subject_id, id)
-- Room in each page for the two changes of state that follow, so that they touch no index.
) WITH (fillfactor = 70);
-- Not unique: uniqueness of 256 random bits needs no index, and a unique one could not be spread by subject.
CREATE INDEX grant_token ON release.grant (token_hash);
CREATE INDEX grant_partner ON release.grant (tenant_id, partner_id, issued_at);
-- No index names state or spent_at: the changes of state then stay within the row's page.
CREATE INDEX grant_issued ON release.grant USING brin (issued_at);
CREATE INDEX grant_id ON release.grant (tenant_id, id);

-- Random tokens for domains too small for format-preserving encryption. The value is kept only as a keyed digest.
CREATE TABLE release.mask_token (
  tenant_id uuid NOT NULL,
  partner_id uuid NOT NULL,
  domain text NOT NULL,
  value_digest bytea NOT NULL,
  token text NOT NULL,
  PRIMARY KEY (tenant_id, partner_id, domain, value_digest),
  UNIQUE (tenant_id, partner_id, domain, token)
);

CALL gatehouse.protect(ARRAY['release.grant', 'release.mask_token']);
