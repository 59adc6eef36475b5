CREATE SCHEMA ledger;

CREATE FUNCTION ledger.refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% on %.% is refused: the ledger only grows', TG_OP, TG_TABLE_SCHEMA, TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;

-- What happened. The body is what the log commits to; the other columns repeat it for filters, but for subject_id, which stands
-- nowhere in the body: after an erasure nothing that is signed leads back to the person.
CREATE TABLE ledger.entry (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  type text NOT NULL,
  at timestamptz NOT NULL,
  actor_kind text NOT NULL,
  actor_id text NOT NULL,
  decision text,
  subject_id uuid,
  partner_id uuid,
  purpose text,
  object_kind text,
  object_id text,
  body bytea NOT NULL,
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX entry_subject ON ledger.entry (tenant_id, subject_id, id) WHERE subject_id IS NOT NULL;
CREATE INDEX entry_object ON ledger.entry (tenant_id, object_id, id) WHERE object_id IS NOT NULL;

-- Entries that have no place in the log yet. Written with the entry, so a transaction that commits late is picked up late.
-- It stays short and changes all the time, so it is vacuumed by count and not by share.
CREATE TABLE ledger.pending (
  tenant_id uuid NOT NULL,
  entry_id uuid NOT NULL,
  PRIMARY KEY (tenant_id, entry_id)
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);

-- The place of an entry in its tenant's log, given once. Apart from the entry, which so never changes after its insert.
CREATE TABLE ledger.position (
  tenant_id uuid NOT NULL,
  index bigint NOT NULL CHECK (index >= 0),
  entry_id uuid NOT NULL,
  PRIMARY KEY (tenant_id, index),
  UNIQUE (tenant_id, entry_id)
);

-- Up to 256 hashes each, laid out as in C2SP tlog-tiles. Hashes do not compress.
CREATE TABLE ledger.tile (
  tenant_id uuid NOT NULL,
  level smallint NOT NULL,
  tile bigint NOT NULL,
  hashes bytea NOT NULL CHECK (length(hashes) BETWEEN 32 AND 8192 AND length(hashes) % 32 = 0),
  PRIMARY KEY (tenant_id, level, tile)
);
ALTER TABLE ledger.tile ALTER COLUMN hashes SET STORAGE EXTERNAL;

CREATE TABLE ledger.checkpoint (
  tenant_id uuid NOT NULL,
  size bigint NOT NULL CHECK (size > 0),
  root bytea NOT NULL,
  note text NOT NULL,
  at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, size)
);

-- The newest checkpoint. It moves by compare-and-swap on size and fencing number; the number counts the checkpoints.
-- announced_*: the head that the node's own log knows of.
CREATE TABLE ledger.head (
  tenant_id uuid PRIMARY KEY,
  size bigint NOT NULL,
  root bytea NOT NULL,
  note text NOT NULL,
  fencing bigint NOT NULL,
  at timestamptz NOT NULL,
  announced_size bigint NOT NULL DEFAULT 0,
  announced_at timestamptz
);

-- A tile may gain hashes at its end and nothing else; a head may move forward and nothing else.
CREATE FUNCTION ledger.only_grow() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_TABLE_NAME = 'tile' THEN
    IF substring(NEW.hashes FROM 1 FOR length(OLD.hashes)) = OLD.hashes THEN RETURN NEW; END IF;
  ELSIF NEW.fencing > OLD.fencing AND NEW.size > OLD.size OR NEW.fencing = OLD.fencing AND NEW.size = OLD.size AND NEW.root = OLD.root THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'this UPDATE on %.% is refused: the ledger only grows', TG_TABLE_SCHEMA, TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE TRIGGER only_grow BEFORE UPDATE ON ledger.tile FOR EACH ROW EXECUTE FUNCTION ledger.only_grow();
CREATE TRIGGER only_grow BEFORE UPDATE ON ledger.head FOR EACH ROW EXECUTE FUNCTION ledger.only_grow();
CREATE TRIGGER refuse BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger.entry FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse();
CREATE TRIGGER refuse BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger.position FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse();
CREATE TRIGGER refuse BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger.checkpoint FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse();
CREATE TRIGGER refuse BEFORE DELETE OR TRUNCATE ON ledger.tile FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse();
CREATE TRIGGER refuse BEFORE DELETE OR TRUNCATE ON ledger.head FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse();
CREATE TRIGGER refuse BEFORE UPDATE OR TRUNCATE ON ledger.pending FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse();

CALL gatehouse.protect(ARRAY['ledger.entry', 'ledger.pending', 'ledger.position', 'ledger.tile', 'ledger.checkpoint', 'ledger.head']);
