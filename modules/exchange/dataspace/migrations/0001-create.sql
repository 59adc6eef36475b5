CREATE SCHEMA dataspace;

-- Another participant: messages come from its partner and go to its address, and to no other.
CREATE TABLE dataspace.participant (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  partner_id uuid NOT NULL,
  participant_id text NOT NULL,
  address text NOT NULL,
  -- Where the participant is, by ISO 3166; null where nobody has said so.
  place text,
  state text NOT NULL CHECK (state IN ('active', 'paused')),
  registered_by text NOT NULL,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, partner_id)
);

-- Who decides on requests for a table: its policy alone, or people besides. Without a row, people.
CREATE TABLE dataspace.deciding (
  tenant_id uuid NOT NULL,
  reference text NOT NULL,
  decides text NOT NULL CHECK (decides IN ('policy', 'review')),
  PRIMARY KEY (tenant_id, reference)
);

-- A negotiation or a transfer, as this side of it sees it.
CREATE TABLE dataspace.process (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  kind text NOT NULL CHECK (kind IN ('negotiation', 'transfer')),
  role text NOT NULL CHECK (role IN ('provider', 'consumer')),
  state text NOT NULL,
  partner_id uuid NOT NULL,
  -- The other side's name for it; null until it has told us.
  other_pid text,
  -- Where its messages are sent.
  address text NOT NULL,
  -- The table's reference for a provider, the other side's name of the dataset for a consumer.
  dataset text NOT NULL,
  offer_id text,
  -- The terms that are on the table, in the protocol's own form.
  terms jsonb,
  -- Whether they are the terms that our side would agree to as they stand.
  terms_ours boolean NOT NULL DEFAULT false,
  agreement_id uuid,
  format text,
  review_id uuid,
  review_state text CHECK (review_state IN ('open', 'approved', 'rejected', 'withdrawn', 'expired')),
  -- Why it ended, as a code.
  reason text,
  -- Digest of the last message that came in, by which the same one is known when it comes again.
  last_received bytea,
  token_hash bytea,
  token_until timestamptz,
  delivered_at timestamptz,
  started_by text,
  created_at timestamptz NOT NULL,
  changed_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX process_by_other ON dataspace.process (tenant_id, partner_id, kind, role, other_pid);
CREATE INDEX process_going_on ON dataspace.process (tenant_id, state) WHERE state NOT IN ('FINALIZED', 'TERMINATED', 'COMPLETED');
CREATE UNIQUE INDEX process_by_token ON dataspace.process (tenant_id, token_hash) WHERE token_hash IS NOT NULL;

CREATE TABLE dataspace.message (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  process_id uuid NOT NULL,
  direction text NOT NULL CHECK (direction IN ('in', 'out')),
  type text NOT NULL,
  -- Where it goes below the other side's address.
  path text,
  -- Without the token of a data address, which is kept apart.
  body jsonb NOT NULL,
  state text NOT NULL CHECK (state IN ('received', 'queued', 'sent', 'refused', 'undeliverable')),
  attempts integer NOT NULL DEFAULT 0,
  -- Whoever sends it now has until then.
  claimed_until timestamptz,
  status smallint,
  at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, process_id) REFERENCES dataspace.process (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX message_of_process ON dataspace.message (tenant_id, process_id, id);
CREATE INDEX message_queued ON dataspace.message (at) WHERE state = 'queued';

CREATE TABLE dataspace.agreement (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  -- Its name on the wire, given by the provider.
  name text NOT NULL,
  negotiation_id uuid NOT NULL,
  role text NOT NULL CHECK (role IN ('provider', 'consumer')),
  partner_id uuid NOT NULL,
  dataset text NOT NULL,
  body jsonb NOT NULL,
  -- The policy it rests on, for a provider.
  policy_id uuid,
  policy_version integer,
  agreed_at timestamptz NOT NULL,
  -- Set when the negotiation was finalized; before that nothing is transferred under it.
  in_force_at timestamptz,
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, partner_id, role, name)
);

-- One fetching of the data of a transfer.
CREATE TABLE dataspace.pull (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  process_id uuid NOT NULL,
  agreement_id uuid NOT NULL,
  state text NOT NULL CHECK (state IN ('running', 'delivered', 'broken')),
  begun_at timestamptz NOT NULL,
  ended_at timestamptz,
  bytes bigint,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, process_id) REFERENCES dataspace.process (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX pull_of_agreement ON dataspace.pull (tenant_id, agreement_id);
CREATE UNIQUE INDEX pull_running ON dataspace.pull (tenant_id, process_id) WHERE state = 'running';

CALL gatehouse.protect(ARRAY['dataspace.participant', 'dataspace.deciding', 'dataspace.process', 'dataspace.message', 'dataspace.agreement', 'dataspace.pull']);
