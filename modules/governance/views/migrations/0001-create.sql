CREATE SCHEMA views;

-- How somebody looks at a list, under a name of their own.
CREATE TABLE views.view (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  user_id uuid NOT NULL,
  list text NOT NULL,
  name text NOT NULL,
  query text NOT NULL,
  saved_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, user_id, list, name)
);

CALL gatehouse.protect(ARRAY['views.view']);
