-- Whether this head was ever put into the store of heads. From then on the store has to know it.
ALTER TABLE ledger.head ADD COLUMN stored boolean NOT NULL DEFAULT false;

-- What the sequencer is about to claim in the store of heads: after a crash the same entries give the same root again.
CREATE TABLE ledger.prepared (
  tenant_id uuid PRIMARY KEY,
  size bigint NOT NULL,
  root bytea NOT NULL,
  entry_ids uuid[] NOT NULL
);

-- Logs that sign nothing, and why.
CREATE TABLE ledger.halt (
  tenant_id uuid PRIMARY KEY,
  reason text NOT NULL CHECK (reason IN ('behind', 'missing', 'unreachable')),
  size bigint NOT NULL,
  stored_size bigint,
  since timestamptz NOT NULL
);

-- A log that goes on under a new origin, because under the old one more was signed than the database knows.
CREATE TABLE ledger.succession (
  tenant_id uuid NOT NULL,
  generation integer NOT NULL CHECK (generation > 1),
  entry_id uuid NOT NULL,
  at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, generation)
);
CREATE TRIGGER refuse BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger.succession FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse();

CALL gatehouse.protect(ARRAY['ledger.prepared', 'ledger.halt', 'ledger.succession']);
