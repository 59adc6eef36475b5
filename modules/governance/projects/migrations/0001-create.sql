CREATE SCHEMA projects;

-- What the institution offers: a part of it in which roles can hold.
CREATE TABLE projects.product (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  slug text NOT NULL,
  name text NOT NULL,
  description text NOT NULL,
  purposes text[] NOT NULL,
  revision integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL,
  ended_at timestamptz,
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, slug)
);

-- Work for one purpose, by certain people, with certain data, until a day.
CREATE TABLE projects.project (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  title text NOT NULL,
  description text NOT NULL,
  purpose text NOT NULL,
  agreement jsonb,
  starts_at timestamptz NOT NULL,
  ends_at timestamptz NOT NULL,
  state text NOT NULL,
  revision integer NOT NULL DEFAULT 1,
  created_by text NOT NULL,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, id),
  CHECK (starts_at < ends_at)
);

-- Who works in a project: somebody of the staff or a team, with one role that holds there and nowhere else.
CREATE TABLE projects.member (
  tenant_id uuid NOT NULL,
  project_id uuid NOT NULL,
  id uuid NOT NULL,
  kind text NOT NULL CHECK (kind IN ('user', 'team')),
  holder_id uuid NOT NULL,
  role text NOT NULL,
  added_by text NOT NULL,
  added_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, project_id, id),
  UNIQUE (tenant_id, project_id, kind, holder_id),
  FOREIGN KEY (tenant_id, project_id) REFERENCES projects.project (tenant_id, id)
);

CREATE INDEX member_holder ON projects.member (tenant_id, holder_id);

-- What a project works with, by kind and name.
CREATE TABLE projects.source (
  tenant_id uuid NOT NULL,
  project_id uuid NOT NULL,
  id uuid NOT NULL,
  kind text NOT NULL,
  reference text NOT NULL,
  added_by text NOT NULL,
  added_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, project_id, id),
  UNIQUE (tenant_id, project_id, kind, reference),
  FOREIGN KEY (tenant_id, project_id) REFERENCES projects.project (tenant_id, id)
);

CALL gatehouse.protect(ARRAY['projects.product', 'projects.project', 'projects.member', 'projects.source']);
