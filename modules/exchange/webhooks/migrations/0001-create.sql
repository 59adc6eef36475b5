CREATE SCHEMA webhooks;

CREATE TABLE webhooks.webhook (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  -- The partner it belongs to; null for the institution's own.
  owner uuid,
  url text NOT NULL,
  -- The event types wanted; null for all.
  types text[],
  state text NOT NULL CHECK (state IN ('active', 'paused', 'parked')),
  -- A receiver that did not answer is left alone until then, so that it does not hold the others up.
  resting_until timestamptz,
  last_delivered_at timestamptz,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, id)
);

-- Every row signs, the newest for ever and those before it until their time is over.
CREATE TABLE webhooks.secret (
  tenant_id uuid NOT NULL,
  webhook_id uuid NOT NULL,
  id uuid NOT NULL,
  kek_version integer NOT NULL,
  wrapped bytea NOT NULL,
  signs_until timestamptz,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, webhook_id, id),
  FOREIGN KEY (tenant_id, webhook_id) REFERENCES webhooks.webhook (tenant_id, id) ON DELETE CASCADE
);

CREATE TABLE webhooks.delivery (
  tenant_id uuid NOT NULL,
  webhook_id uuid NOT NULL,
  id uuid NOT NULL,
  event_id uuid NOT NULL,
  type text NOT NULL,
  -- The bytes as they are signed and sent, the same in every attempt.
  body text NOT NULL,
  state text NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'delivered', 'dead')),
  attempts integer NOT NULL DEFAULT 0,
  -- The attempt that is the last; a replay allows more.
  attempts_max integer NOT NULL,
  last_attempt_at timestamptz,
  last_status smallint,
  last_error text,
  delivered_at timestamptz,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, webhook_id, id),
  -- The consumer of events may be handed the same event twice.
  UNIQUE (tenant_id, webhook_id, event_id),
  FOREIGN KEY (tenant_id, webhook_id) REFERENCES webhooks.webhook (tenant_id, id) ON DELETE CASCADE
);

CREATE INDEX delivery_by_age ON webhooks.delivery (created_at);

CALL gatehouse.protect(ARRAY['webhooks.webhook', 'webhooks.secret', 'webhooks.delivery']);
