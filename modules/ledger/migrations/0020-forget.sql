-- Entries of an institution that is erased may go, inside the one job that has announced it (modules/custody/retention/README.md).
CREATE OR REPLACE FUNCTION ledger.refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' AND gatehouse.may_forget() THEN RETURN NULL; END IF;
  RAISE EXCEPTION '% on %.% is refused: the ledger only grows', TG_OP, TG_TABLE_SCHEMA, TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;
