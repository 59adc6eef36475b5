CREATE SCHEMA linkage;

-- Versions of the key of a project's token space. The key itself is nowhere: it is derived from a secret of the institution.
CREATE TABLE linkage.key (
  tenant_id uuid NOT NULL,
  project_id uuid NOT NULL,
  version integer NOT NULL CHECK (version >= 1),
  id uuid NOT NULL,
  not_before timestamptz NOT NULL,
  -- Until the project ends, where it is not said.
  not_after timestamptz,
  made_by text NOT NULL,
  made_at timestamptz NOT NULL,
  ended_by text,
  PRIMARY KEY (tenant_id, project_id, version),
  UNIQUE (tenant_id, id),
  CHECK (not_after IS NULL OR not_before <= not_after)
);

CALL gatehouse.protect(ARRAY['linkage.key']);
