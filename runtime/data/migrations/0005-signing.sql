-- Generations of a signing key after its first. Each is named by an entry of the log; the one before signs along until a moment, so that those who know only that one can follow.
CREATE TABLE keys.signing (
  tenant_id uuid NOT NULL,
  name text NOT NULL,
  generation integer NOT NULL CHECK (generation > 1),
  entry_id uuid NOT NULL,
  begun_at timestamptz NOT NULL,
  earlier_until timestamptz NOT NULL,
  -- By the database's own clock: processes have to have heard of it.
  known_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (tenant_id, name, generation)
);

CALL gatehouse.protect(ARRAY['keys.signing']);
