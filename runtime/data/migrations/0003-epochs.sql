-- Tenant keys are wrapped under an epoch key that lies outside the database; those of before are wrapped under the root key alone.
ALTER TABLE keys.kek ADD COLUMN epoch integer CHECK (epoch > 0);
-- From when on a newer version wraps, and when the last thing under this one had been moved to a newer.
ALTER TABLE keys.kek ADD COLUMN retired_at timestamptz;
ALTER TABLE keys.kek ADD COLUMN rewrapped_at timestamptz;
-- A destroyed key keeps its row, so that its age and its end can be told.
ALTER TABLE keys.kek ADD COLUMN destroyed_at timestamptz;
ALTER TABLE keys.kek ALTER COLUMN wrapped DROP NOT NULL;
ALTER TABLE keys.kek ADD CHECK ((wrapped IS NULL) = (destroyed_at IS NOT NULL));
