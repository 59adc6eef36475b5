-- A walk over the whole vault while it lasts. A process that died in it leaves the row; its job comes again and goes through from the start.
CREATE TABLE vault.verifying (
  tenant_id uuid PRIMARY KEY,
  started_at timestamptz NOT NULL,
  blocks bigint NOT NULL,
  of_blocks bigint NOT NULL
);
CALL gatehouse.protect(ARRAY['vault.verifying']);
