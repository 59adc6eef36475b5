CREATE SCHEMA federation;

-- The institution's own name and keys in the mesh, one row for each change of keys. Of keys only the public halves stand here.
CREATE TABLE federation.identity (
  tenant_id uuid NOT NULL,
  generation integer NOT NULL,
  name text NOT NULL,
  title text NOT NULL,
  mailbox text,
  card text NOT NULL,
  fingerprint text NOT NULL,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, generation)
);

CREATE TABLE federation.peer (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  name text NOT NULL,
  state text NOT NULL CHECK (state IN ('proposed', 'approved', 'suspended', 'revoked')),
  -- The card that somebody looked at: its keys are pinned.
  card text NOT NULL,
  fingerprint text NOT NULL,
  -- Where the two exchange messages.
  mailbox text NOT NULL,
  -- The card before a change of keys: what was signed by its key on the way still counts until then.
  previous_card text,
  previous_until timestamptz,
  -- The versions of kinds that it has said it knows.
  knows jsonb NOT NULL DEFAULT '{}',
  approved_by text,
  approved_at timestamptz,
  proposed_at timestamptz NOT NULL,
  changed_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, name)
);

-- How many messages of a thread were sent and handled, on this side.
CREATE TABLE federation.thread (
  tenant_id uuid NOT NULL,
  peer_id uuid NOT NULL,
  thread text NOT NULL,
  sent integer NOT NULL DEFAULT 0,
  handled integer NOT NULL DEFAULT 0,
  changed_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, peer_id, thread),
  FOREIGN KEY (tenant_id, peer_id) REFERENCES federation.peer (tenant_id, id)
);

CREATE TABLE federation.sent (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  peer_id uuid NOT NULL,
  kind text NOT NULL,
  version integer NOT NULL,
  thread text NOT NULL,
  sequence integer NOT NULL,
  state text NOT NULL CHECK (state IN ('queued', 'delivered', 'acknowledged', 'refused', 'expired')),
  reason text,
  detail text,
  -- For the receiver alone: this node cannot open it again.
  sealed text NOT NULL,
  -- [{ name, id, blob, size }]
  attachments jsonb NOT NULL DEFAULT '[]',
  attempts integer NOT NULL DEFAULT 0,
  next_at timestamptz NOT NULL,
  sent_at timestamptz NOT NULL,
  delivered_at timestamptz,
  ended_at timestamptz,
  expires_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, peer_id) REFERENCES federation.peer (tenant_id, id)
);
CREATE INDEX sent_due ON federation.sent (tenant_id, next_at) WHERE state IN ('queued', 'delivered');
CREATE INDEX sent_in_thread ON federation.sent (tenant_id, peer_id, thread, sequence);

CREATE TABLE federation.received (
  tenant_id uuid NOT NULL,
  peer_id uuid NOT NULL,
  id uuid NOT NULL,
  kind text NOT NULL,
  version integer NOT NULL,
  thread text NOT NULL,
  sequence integer NOT NULL,
  state text NOT NULL CHECK (state IN ('fetching', 'ready', 'handled', 'refused', 'expired')),
  reason text,
  detail text,
  -- As it came, sealed to this node; emptied when it was handled. The id stays, so that a repeat is known.
  sealed text,
  -- [{ name, id, size, blob }]
  attachments jsonb NOT NULL DEFAULT '[]',
  received_at timestamptz NOT NULL,
  ended_at timestamptz,
  expires_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, peer_id, id),
  FOREIGN KEY (tenant_id, peer_id) REFERENCES federation.peer (tenant_id, id)
);
CREATE INDEX received_in_thread ON federation.received (tenant_id, peer_id, thread, sequence);
CREATE INDEX received_open ON federation.received (tenant_id, state) WHERE state IN ('fetching', 'ready');

-- A mailbox that is polled, and what went wrong there.
CREATE TABLE federation.mailbox (
  tenant_id uuid NOT NULL,
  address text NOT NULL,
  -- The fingerprint of the card that was registered, and what came of it.
  registered text,
  standing text CHECK (standing IN ('proposed', 'admitted', 'excluded')),
  next_poll_at timestamptz NOT NULL,
  last_poll_at timestamptz,
  failures integer NOT NULL DEFAULT 0,
  last_error text,
  PRIMARY KEY (tenant_id, address)
);

-- What came through a mailbox and was no message for this node from a peer, counted by what was wrong.
CREATE TABLE federation.fault (
  tenant_id uuid NOT NULL,
  address text NOT NULL,
  sender text NOT NULL,
  reason text NOT NULL,
  count integer NOT NULL,
  last_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, address, sender, reason)
);

-- A project of a peer, and the project of this institution in which its messages act.
CREATE TABLE federation.project (
  tenant_id uuid NOT NULL,
  peer_id uuid NOT NULL,
  foreign_project uuid NOT NULL,
  title text NOT NULL,
  purpose text NOT NULL,
  state text NOT NULL CHECK (state IN ('invited', 'joined', 'left')),
  project_id uuid,
  invited_at timestamptz NOT NULL,
  changed_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, peer_id, foreign_project),
  FOREIGN KEY (tenant_id, peer_id) REFERENCES federation.peer (tenant_id, id)
);

-- A person of a peer in one of its projects, and the account here, without a way to sign in, that they act as.
CREATE TABLE federation.person (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  peer_id uuid NOT NULL,
  issuer text NOT NULL,
  subject text NOT NULL,
  foreign_project uuid NOT NULL,
  name text NOT NULL,
  state text NOT NULL CHECK (state IN ('proposed', 'approved', 'revoked')),
  user_id uuid,
  proposed_at timestamptz NOT NULL,
  changed_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, peer_id, issuer, subject, foreign_project),
  FOREIGN KEY (tenant_id, peer_id, foreign_project) REFERENCES federation.project (tenant_id, peer_id, foreign_project)
);

-- Which peers were invited to a project of this institution, and what they answered.
CREATE TABLE federation.invited (
  tenant_id uuid NOT NULL,
  peer_id uuid NOT NULL,
  project_id uuid NOT NULL,
  state text NOT NULL CHECK (state IN ('invited', 'joined', 'left')),
  changed_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, project_id, peer_id),
  FOREIGN KEY (tenant_id, peer_id) REFERENCES federation.peer (tenant_id, id)
);

CALL gatehouse.protect(ARRAY[
  'federation.identity', 'federation.peer', 'federation.thread', 'federation.sent', 'federation.received', 'federation.mailbox', 'federation.fault',
  'federation.project', 'federation.person', 'federation.invited'
]);
