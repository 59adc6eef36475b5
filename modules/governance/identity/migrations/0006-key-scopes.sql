-- What a key is limited to (null: to nothing but its owner's rights), and the key that took its place.
ALTER TABLE identity.api_key ADD COLUMN scopes jsonb, ADD COLUMN replaced_by uuid;
