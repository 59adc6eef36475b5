-- When the staff was told that the time runs out, and when it was found over: each once for a promise.
ALTER TABLE requests.request ADD COLUMN warned_at timestamptz, ADD COLUMN overdue_at timestamptz;
