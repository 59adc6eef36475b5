-- Releases that the coordinator offers: signed by whoever releases, and only passed on here.
CREATE TABLE coordinator.release (
  tenant_id uuid NOT NULL,
  version text NOT NULL,
  manifest text NOT NULL,
  offered_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, version)
);

CALL gatehouse.protect(ARRAY['coordinator.release']);
