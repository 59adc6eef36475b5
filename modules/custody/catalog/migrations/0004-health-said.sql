-- What is wrong with a source, as a sentence's code with its parameters, for other languages than that of `health_detail`.
ALTER TABLE catalog.source ADD COLUMN health_said jsonb;
