CREATE SCHEMA requests;

-- What a person asks for under the law: access, correction, erasure, restriction, portability, objection. Its clock is set when it comes in.
CREATE TABLE requests.request (
  tenant_id uuid NOT NULL,
  subject_id uuid NOT NULL,
  id uuid NOT NULL,
  kind text NOT NULL CHECK (kind IN ('access', 'rectification', 'erasure', 'restriction', 'portability', 'objection')),
  state text NOT NULL CHECK (state IN ('received', 'identified', 'in_work', 'extended', 'done', 'refused')),
  -- The person's own words, and the institution's.
  words text,
  extension_reason text,
  answer text,
  received_at timestamptz NOT NULL,
  due_at timestamptz NOT NULL,
  closed_at timestamptz,
  -- Of a restriction that was granted: until when it held.
  lifted_at timestamptz,
  PRIMARY KEY (tenant_id, subject_id, id),
  CHECK ((closed_at IS NOT NULL) = (state IN ('done', 'refused')))
);
CREATE INDEX request_due ON requests.request (tenant_id, due_at) WHERE closed_at IS NULL;

CREATE TABLE requests.setting (
  tenant_id uuid NOT NULL PRIMARY KEY,
  answer_months integer NOT NULL CHECK (answer_months BETWEEN 1 AND 12),
  extension_months integer NOT NULL CHECK (extension_months BETWEEN 0 AND 12)
);

CALL gatehouse.protect(ARRAY['requests.request', 'requests.setting']);
