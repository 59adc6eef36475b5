-- Which partner was told that a consent under which it had received something was withdrawn. One row, so that each is told once.
CREATE TABLE release.withdrawal_notice (
  tenant_id uuid NOT NULL,
  subject_id uuid NOT NULL,
  consent_id uuid NOT NULL,
  partner_id uuid NOT NULL,
  told_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, subject_id, consent_id, partner_id)
);

CALL gatehouse.protect(ARRAY['release.withdrawal_notice']);
