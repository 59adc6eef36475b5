-- The team that answers for something that is kept: whoever wants to work with it asks this team.
CREATE TABLE projects.holder (
  tenant_id uuid NOT NULL,
  kind text NOT NULL,
  reference text NOT NULL,
  team_id uuid NOT NULL,
  named_by text NOT NULL,
  named_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, kind, reference)
);

-- What waits for the holders of a project's sources gives nobody anything yet.
ALTER TABLE projects.member ADD COLUMN state text NOT NULL DEFAULT 'admitted' CHECK (state IN ('asked', 'admitted'));
ALTER TABLE projects.source ADD COLUMN state text NOT NULL DEFAULT 'admitted' CHECK (state IN ('asked', 'admitted'));

CREATE INDEX source_reference ON projects.source (tenant_id, kind, reference);
CREATE INDEX member_id ON projects.member (tenant_id, id);
CREATE INDEX source_id ON projects.source (tenant_id, id);

CALL gatehouse.protect(ARRAY['projects.holder']);
