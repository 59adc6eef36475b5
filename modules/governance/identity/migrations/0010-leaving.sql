-- Whether signing out here leads to the provider, to sign out there too.
ALTER TABLE identity.provider ADD COLUMN signs_out boolean NOT NULL DEFAULT false;

-- The provider somebody came in by; its names for the person and for the session there, as keyed digests; and what it wants to hear at the end, sealed.
ALTER TABLE identity.session
  ADD COLUMN provider_id uuid,
  ADD COLUMN provider_name bytea,
  ADD COLUMN provider_session bytea,
  ADD COLUMN provider_word bytea;
CREATE INDEX session_by_provider ON identity.session (tenant_id, provider_id, provider_name) WHERE provider_id IS NOT NULL;
