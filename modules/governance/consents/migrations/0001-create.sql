CREATE SCHEMA consents;

-- A consent as the person gave it. The document never changes; a withdrawal stands beside it.
CREATE TABLE consents.consent (
  tenant_id uuid NOT NULL,
  subject_id uuid NOT NULL,
  id uuid NOT NULL,
  document jsonb NOT NULL,
  -- SHA-256 of the document's canonical JSON (RFC 8785); the document holds a random salt, so the digest tells nothing.
  digest bytea NOT NULL CHECK (length(digest) = 32),
  -- Keyed hash of what was consented to, without id, time and salt: the same consent sent again is recognised.
  content bytea NOT NULL CHECK (length(content) = 32),
  given_at timestamptz NOT NULL,
  valid_from timestamptz NOT NULL,
  valid_until timestamptz CHECK (valid_until > valid_from),
  withdrawn_at timestamptz,
  withdrawal_reason text,
  PRIMARY KEY (tenant_id, subject_id, id),
  CHECK (withdrawal_reason IS NULL OR withdrawn_at IS NOT NULL)
);

CREATE UNIQUE INDEX one_of_a_kind ON consents.consent (tenant_id, subject_id, content) WHERE withdrawn_at IS NULL;

CALL gatehouse.protect(ARRAY['consents.consent']);
