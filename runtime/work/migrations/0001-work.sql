CREATE SCHEMA work;

-- Events in CloudEvents form. They are written with the act; the dispatcher hands them on in the order the ledger gives.
CREATE TABLE work.outbox (
  tenant_id uuid NOT NULL,
  entry_id uuid NOT NULL,
  position smallint NOT NULL,
  id uuid NOT NULL,
  type text NOT NULL,
  subject text,
  data jsonb NOT NULL,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, entry_id, position)
);

-- How far each consumer has read the tenant's log.
CREATE TABLE work.cursor (
  tenant_id uuid NOT NULL,
  consumer text NOT NULL,
  next_index bigint NOT NULL DEFAULT 0,
  PRIMARY KEY (tenant_id, consumer)
);

-- Answers to writes that carried an Idempotency-Key, so that a repeated request gives the first answer again.
CREATE TABLE work.idempotency (
  tenant_id uuid NOT NULL,
  principal text NOT NULL,
  key text NOT NULL,
  operation text NOT NULL,
  request_digest bytea NOT NULL,
  status integer NOT NULL,
  response jsonb NOT NULL,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, principal, key)
);

CALL gatehouse.protect(ARRAY['work.outbox', 'work.cursor', 'work.idempotency']);
