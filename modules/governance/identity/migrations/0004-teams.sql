-- People who work together. Whoever keeps the list elsewhere (a directory) is known by the id it has there.
CREATE TABLE identity.team (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  name text NOT NULL,
  external_id text,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, name),
  UNIQUE (tenant_id, external_id)
);

CREATE TABLE identity.team_member (
  tenant_id uuid NOT NULL,
  team_id uuid NOT NULL,
  user_id uuid NOT NULL,
  PRIMARY KEY (tenant_id, team_id, user_id),
  FOREIGN KEY (tenant_id, team_id) REFERENCES identity.team (tenant_id, id) ON DELETE CASCADE,
  FOREIGN KEY (tenant_id, user_id) REFERENCES identity.user (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX team_member_by_user ON identity.team_member (tenant_id, user_id);

CALL gatehouse.protect(ARRAY['identity.team', 'identity.team_member']);
