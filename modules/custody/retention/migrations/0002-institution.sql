-- The erasure of a whole institution. The row belongs to the institution that runs the node and not to the one that is erased, which
-- will have no row left.
CREATE TABLE retention.institution_erasure (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  target uuid NOT NULL,
  state text NOT NULL CHECK (state IN ('waiting', 'held', 'erasing', 'erased', 'certified', 'cancelled')),
  -- What the institution's own request is filed under.
  reference text NOT NULL,
  requested_by text NOT NULL,
  requested_at timestamptz NOT NULL,
  due_at timestamptz NOT NULL,
  begun_at timestamptz,
  settling_since timestamptz,
  sealed_head jsonb,
  sealed_at timestamptz,
  counts jsonb NOT NULL DEFAULT '{}',
  statement jsonb,
  entry_id uuid,
  certificate jsonb,
  ended_at timestamptz,
  PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX one_institution_erasure ON retention.institution_erasure (tenant_id, target) WHERE state <> 'cancelled';

CALL gatehouse.protect(ARRAY['retention.institution_erasure']);
