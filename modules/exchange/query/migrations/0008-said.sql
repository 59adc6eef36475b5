-- Where a run stopped, as a sentence's code with its parameters, for other languages than that of `detail`.
ALTER TABLE query.run ADD COLUMN said jsonb;
