-- A guardian opts out in the place of the person.
ALTER TABLE consents.opt_out DROP CONSTRAINT opt_out_source_check;
ALTER TABLE consents.opt_out ADD CONSTRAINT opt_out_source_check CHECK (source IN ('person', 'guardian', 'staff', 'import'));
