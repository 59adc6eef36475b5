CREATE SCHEMA subjects;

-- One row per person. What the institution calls the person stands nowhere: only a keyed hash of it finds the row.
CREATE TABLE subjects.subject (
  tenant_id uuid NOT NULL,
  subject_id uuid NOT NULL,
  outside_id bytea NOT NULL CHECK (length(outside_id) = 32),
  commitment bytea NOT NULL CHECK (length(commitment) = 32),
  -- The key of the commitment, wrapped under the tenant's key; destroyed when the person is erased.
  commitment_key bytea,
  kek_version integer,
  status text NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'erased')),
  created_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, subject_id),
  CHECK ((status = 'active') = (commitment_key IS NOT NULL AND kek_version IS NOT NULL))
);

-- The one way in from outside. A distributed database needs the subject in this key too; then the look-up table moves apart.
CREATE UNIQUE INDEX subject_by_outside_id ON subjects.subject (tenant_id, outside_id);

CALL gatehouse.protect(ARRAY['subjects.subject']);
