-- Blocks of an institution that is erased may go, inside the one job that has announced it (modules/custody/retention/README.md).
CREATE OR REPLACE FUNCTION vault.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' AND gatehouse.may_forget() THEN RETURN NULL; END IF;
  RAISE EXCEPTION 'blocks of the vault are only ever added' USING ERRCODE = 'restrict_violation';
END $$;
