-- The question is sealed too: tokens and rows say whom somebody wondered about.
ALTER TABLE query.reidentification
  ADD COLUMN asked_with text NOT NULL,
  ADD COLUMN state text NOT NULL,
  ADD COLUMN reason text NOT NULL,
  ADD COLUMN question bytea,
  ADD COLUMN detail text,
  ADD COLUMN opened_by text[] NOT NULL DEFAULT '{}';
ALTER TABLE query.reidentification DROP COLUMN opened_at;
CREATE INDEX reidentification_project ON query.reidentification (tenant_id, project_id, id);
CREATE INDEX reidentification_over ON query.reidentification (expires_at) WHERE question IS NOT NULL OR answer IS NOT NULL;
