-- Cohorts of whom a figure was told outside of a result: who was in them (sealed, in the object store) and what was told, so that
-- the next question is compared with them.
CREATE TABLE query.asked (
  tenant_id uuid NOT NULL,
  project_id uuid NOT NULL,
  id uuid NOT NULL,
  told integer NOT NULL,
  blob text NOT NULL,
  asked_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, project_id, id)
);

CREATE INDEX asked_lately ON query.asked (tenant_id, project_id, asked_at);

CALL gatehouse.protect(ARRAY['query.asked']);
