-- The products and projects in which rights hold, as long as they are open. Whoever keeps the product or project opens and closes it here.
CREATE TABLE access.scope (
  tenant_id uuid NOT NULL,
  kind text NOT NULL CHECK (kind IN ('product', 'project')),
  id uuid NOT NULL,
  ends_at timestamptz,
  PRIMARY KEY (tenant_id, kind, id)
);

CALL gatehouse.protect(ARRAY['access.scope']);
