-- A session of a run across nodes: what its rows are linked by is made by all nodes together. One of each run, at every node that takes part.
CREATE TABLE query.session (
  tenant_id uuid NOT NULL,
  -- The run of this node: the one that was asked for, or the one that is a part of another's.
  id uuid NOT NULL,
  -- The seed of this node's secrets; null once they are destroyed.
  kek_version integer,
  wrapped bytea,
  -- Somebody has said something since the run last looked.
  due boolean NOT NULL DEFAULT false,
  -- What all parties agreed on, at the node that asked.
  terms jsonb,
  begun_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, id) REFERENCES query.run (tenant_id, id)
);

-- What was said in a session: each round once, between this node and one other.
CREATE TABLE query.session_word (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  peer text NOT NULL,
  round text NOT NULL,
  body jsonb NOT NULL,
  -- Of what was heard, where its tables lie here, still sealed.
  files jsonb,
  -- Of what was said, the message.
  message_id uuid,
  at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, id, peer, round),
  FOREIGN KEY (tenant_id, id) REFERENCES query.session (tenant_id, id) ON DELETE CASCADE
);

CALL gatehouse.protect(ARRAY['query.session', 'query.session_word']);
