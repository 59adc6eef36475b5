CREATE SCHEMA beacon;

-- What an institution's beacon is about, and to whom it answers how. Without a row, or where it is off, there is no beacon.
CREATE TABLE beacon.setting (
  tenant_id uuid NOT NULL,
  document jsonb NOT NULL,
  changed_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id)
);

-- How many questions came in a minute, from whom: nobody is named.
CREATE TABLE beacon.tally (
  tenant_id uuid NOT NULL,
  minute timestamptz NOT NULL,
  level text NOT NULL,
  questions integer NOT NULL,
  PRIMARY KEY (tenant_id, minute, level)
);

CALL gatehouse.protect(ARRAY['beacon.setting', 'beacon.tally']);
