-- What the institution has decided about its log.
CREATE TABLE ledger.setting (
  tenant_id uuid PRIMARY KEY,
  publish_log boolean NOT NULL,
  quorum integer NOT NULL CHECK (quorum >= 0)
);

CREATE TABLE ledger.witness (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  vkey text NOT NULL,
  url text NOT NULL,
  added_at timestamptz NOT NULL,
  -- Where the witness last said that it was; what it answered when it last would not cosign.
  seen_size bigint NOT NULL DEFAULT 0,
  fault text,
  asked_at timestamptz,
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, vkey)
);

-- Kept for ever, also when the witness is asked no more: what it saw it has seen.
CREATE TABLE ledger.cosignature (
  tenant_id uuid NOT NULL,
  size bigint NOT NULL,
  witness_id uuid NOT NULL,
  line text NOT NULL,
  at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, size, witness_id)
);
CREATE TRIGGER refuse BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger.cosignature FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse();

CALL gatehouse.protect(ARRAY['ledger.setting', 'ledger.witness', 'ledger.cosignature']);
