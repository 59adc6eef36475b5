-- By what the people of each of its tables are told apart in a result: cohorts are compared only where it is the same. Of results made
-- before nobody knows, so whatever is about the same tables is looked at by people.
ALTER TABLE query.result ADD COLUMN told_apart jsonb;
