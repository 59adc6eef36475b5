CREATE SCHEMA retention;

-- One erasure of one person, from the request to the certificate. Only random ids, times, counts and digests stay when it is over.
CREATE TABLE retention.erasure (
  tenant_id uuid NOT NULL,
  subject_id uuid NOT NULL,
  id uuid NOT NULL,
  state text NOT NULL CHECK (state IN ('requested', 'approved', 'held', 'destroying', 'purged', 'certified', 'withdrawn')),
  -- What stands in the log in place of the person.
  commitment bytea NOT NULL CHECK (length(commitment) = 32),
  ground text NOT NULL,
  -- What the institution files the request under; it may name somebody, so it goes with the rest.
  reference text,
  requested_by text NOT NULL,
  requested_at timestamptz NOT NULL,
  approved_at timestamptz,
  destroyed_at timestamptz,
  -- By the database's own clock: transactions that began before it may have looked before the destruction.
  settling_since timestamptz,
  purged_at timestamptz,
  counts jsonb NOT NULL DEFAULT '{}',
  statement jsonb,
  -- The entry of the ledger that names the statement's digest.
  entry_id uuid,
  certificate jsonb,
  ended_at timestamptz,
  PRIMARY KEY (tenant_id, subject_id, id)
);
CREATE UNIQUE INDEX one_erasure ON retention.erasure (tenant_id, subject_id) WHERE state <> 'withdrawn';
CREATE INDEX erasure_by_id ON retention.erasure (tenant_id, id);
CREATE INDEX erasure_open ON retention.erasure (state, tenant_id, id) WHERE state IN ('approved', 'held', 'destroying', 'purged');

-- What must be kept whatever its time. A hold on more than one person stands under the nil UUID, since a key takes no NULL.
CREATE TABLE retention.hold (
  tenant_id uuid NOT NULL,
  subject_id uuid NOT NULL,
  id uuid NOT NULL,
  scope text NOT NULL CHECK (scope IN ('person', 'record_type', 'institution')),
  record_type text,
  -- Why, in the institution's words.
  matter text NOT NULL,
  placed_by text NOT NULL,
  placed_at timestamptz NOT NULL,
  lifted_by text,
  lifted_at timestamptz,
  PRIMARY KEY (tenant_id, subject_id, id),
  CHECK ((scope = 'person') = (subject_id <> '00000000-0000-0000-0000-000000000000')),
  CHECK ((scope = 'record_type') = (record_type IS NOT NULL))
);
CREATE INDEX hold_by_id ON retention.hold (tenant_id, id);
CREATE INDEX hold_in_force ON retention.hold (tenant_id, subject_id) WHERE lifted_at IS NULL;

CALL gatehouse.protect(ARRAY['retention.erasure', 'retention.hold']);
