-- Where an institution's people sign in elsewhere: one row for each provider, by OpenID Connect. Its secret lies in the store of secrets.
CREATE TABLE identity.provider (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  name text NOT NULL,
  -- Whoever is known by one issuer is nobody at another, so it never changes.
  issuer text NOT NULL,
  client_id text NOT NULL,
  -- The claim that names groups, and the teams that they stand for: [{"group", "team"}].
  groups_claim text,
  teams jsonb NOT NULL DEFAULT '[]',
  creates_accounts boolean NOT NULL,
  roles text[] NOT NULL,
  required boolean NOT NULL,
  trusts_email boolean NOT NULL,
  -- Values of acr or amr by which the provider's word counts as a second factor.
  factors text[] NOT NULL,
  revision integer NOT NULL,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, id)
);

CREATE TABLE identity.provider_domain (
  tenant_id uuid NOT NULL,
  provider_id uuid NOT NULL,
  domain text NOT NULL CHECK (domain = lower(domain)),
  -- What the owner of the domain is to say in its TXT record.
  challenge text NOT NULL,
  verified_at timestamptz,
  PRIMARY KEY (tenant_id, domain),
  FOREIGN KEY (tenant_id, provider_id) REFERENCES identity.provider (tenant_id, id) ON DELETE CASCADE
);
-- Signing in starts with an address and no tenant.
CREATE INDEX provider_domain_verified ON identity.provider_domain (domain) WHERE verified_at IS NOT NULL;

-- Whoever signs in through a provider is known by the name it gives, once.
CREATE UNIQUE INDEX account_of_provider ON identity.account (tenant_id, provider_id, account_id);

CALL gatehouse.protect(ARRAY['identity.provider', 'identity.provider_domain']);
