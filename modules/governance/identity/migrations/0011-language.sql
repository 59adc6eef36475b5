-- The language that somebody reads letters in; until somebody says so, English.
ALTER TABLE identity.user ADD COLUMN language text CHECK (language ~ '^[a-z]{2}$');
