-- An import that somebody stopped is told apart from one that failed.
ALTER TABLE vault.import DROP CONSTRAINT import_status_check;
ALTER TABLE vault.import ADD CONSTRAINT import_status_check CHECK (status IN ('open', 'running', 'finished', 'failed', 'stopped'));
