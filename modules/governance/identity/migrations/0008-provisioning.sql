-- A directory keeps people and teams by SCIM, with a token of its provider's own; only its hash is kept.
ALTER TABLE identity.provider ADD COLUMN provisioning_hash bytea;
CREATE INDEX provider_by_token ON identity.provider (provisioning_hash) WHERE provisioning_hash IS NOT NULL;

-- What the directory calls somebody.
ALTER TABLE identity.user ADD COLUMN external_id text;
-- The provider whose directory keeps the team.
ALTER TABLE identity.team ADD COLUMN provider_id uuid;
