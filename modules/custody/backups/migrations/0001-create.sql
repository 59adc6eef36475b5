CREATE SCHEMA backups;

-- Backups are of the node: all rows are in its own scope.
CREATE TABLE backups.backup (
  tenant_id uuid NOT NULL,
  id text NOT NULL,
  made_at timestamptz NOT NULL,
  bytes bigint NOT NULL,
  opens_until timestamptz NOT NULL,
  -- When it was restored beside the node for a trial; without a fault it came back whole.
  tried_at timestamptz,
  fault text,
  -- Gone from the folder.
  gone_at timestamptz,
  PRIMARY KEY (tenant_id, id)
);

CALL gatehouse.protect(ARRAY['backups.backup']);
