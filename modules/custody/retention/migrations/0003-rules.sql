-- How long records of a type are kept. One rule for a type, the same for everybody who has such a record.
CREATE TABLE retention.rule (
  tenant_id uuid NOT NULL,
  record_type text NOT NULL,
  id uuid NOT NULL,
  months integer NOT NULL CHECK (months > 0),
  counts_from text NOT NULL CHECK (counts_from IN ('first_record', 'last_record')),
  action text NOT NULL CHECK (action IN ('archive', 'erase')),
  set_by text NOT NULL,
  set_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, record_type)
);

-- Somebody decided otherwise about a person: until then no rule touches them.
CREATE TABLE retention.reprieve (
  tenant_id uuid NOT NULL,
  subject_id uuid NOT NULL,
  until timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, subject_id)
);

CALL gatehouse.protect(ARRAY['retention.rule', 'retention.reprieve']);
