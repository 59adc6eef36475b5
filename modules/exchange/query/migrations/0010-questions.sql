-- How often those of a project may ask how many people a plan means, or try one, in a day of UTC, and how often they have.
ALTER TABLE query.setting ADD COLUMN questions_per_day integer NOT NULL DEFAULT 1000;

CREATE TABLE query.question (
  tenant_id uuid NOT NULL,
  project_id uuid NOT NULL,
  -- The last day on which somebody asked; what was asked on days before is forgotten.
  day date NOT NULL,
  asked integer NOT NULL,
  PRIMARY KEY (tenant_id, project_id)
);

CALL gatehouse.protect(ARRAY['query.question']);
