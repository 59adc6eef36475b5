-- What a coordinator keeps, or a node that keeps a mailbox itself. All of it belongs to the node and to no institution.
CREATE SCHEMA coordinator;

CREATE TABLE coordinator.node (
  tenant_id uuid NOT NULL,
  name text NOT NULL,
  state text NOT NULL CHECK (state IN ('proposed', 'admitted', 'excluded')),
  -- As the node signed it, and what was read from it.
  card text NOT NULL,
  fingerprint text NOT NULL,
  signing text NOT NULL,
  generation integer NOT NULL,
  -- Numbers that the node tells with its polls.
  health jsonb,
  last_poll_at timestamptz,
  registered_at timestamptz NOT NULL,
  changed_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, name)
);

CREATE TABLE coordinator.message (
  tenant_id uuid NOT NULL,
  to_node text NOT NULL,
  id uuid NOT NULL,
  from_node text NOT NULL,
  -- Opened by its receiver alone.
  sealed text NOT NULL,
  left_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  -- Two nodes may give one id: each keeps its own.
  PRIMARY KEY (tenant_id, to_node, from_node, id),
  FOREIGN KEY (tenant_id, to_node) REFERENCES coordinator.node (tenant_id, name) ON DELETE CASCADE
);
CREATE INDEX message_in_order ON coordinator.message (tenant_id, to_node, left_at, id);
CREATE INDEX message_by_end ON coordinator.message (expires_at);

-- Parts of attachments; the sealed bytes lie in the object store.
CREATE TABLE coordinator.part (
  tenant_id uuid NOT NULL,
  from_node text NOT NULL,
  attachment uuid NOT NULL,
  part integer NOT NULL,
  to_node text NOT NULL,
  size integer NOT NULL,
  expires_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, from_node, attachment, part),
  FOREIGN KEY (tenant_id, to_node) REFERENCES coordinator.node (tenant_id, name) ON DELETE CASCADE
);
CREATE INDEX part_by_receiver ON coordinator.part (tenant_id, to_node, attachment);
CREATE INDEX part_by_end ON coordinator.part (expires_at);

CALL gatehouse.protect(ARRAY['coordinator.node', 'coordinator.message', 'coordinator.part']);
