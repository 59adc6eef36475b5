-- An account belongs to the staff, to an engineer of one partner, or to one of the persons whose records are kept.
ALTER TABLE identity.user ADD COLUMN partner_id uuid, ADD COLUMN subject_id uuid;
ALTER TABLE identity.user
  ADD CHECK (partner_id IS NULL OR subject_id IS NULL),
  ADD CHECK ((partner_id IS NOT NULL) = (roles = ARRAY['engineer'])),
  ADD CHECK ((subject_id IS NOT NULL) = (roles = ARRAY['person']));

CREATE UNIQUE INDEX user_by_subject ON identity.user (tenant_id, subject_id) WHERE subject_id IS NOT NULL;
CREATE INDEX user_by_partner ON identity.user (tenant_id, partner_id) WHERE partner_id IS NOT NULL;
