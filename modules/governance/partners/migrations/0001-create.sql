CREATE SCHEMA partners;

CREATE TABLE partners.partner (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  reference text NOT NULL,
  name text NOT NULL,
  status text NOT NULL CHECK (status IN ('active', 'suspended', 'retired')),
  created_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, reference)
);

-- A receiver proves one of these keys when it redeems. A key names one partner, so it is unique in the whole tenant.
CREATE TABLE partners.receiver_key (
  tenant_id uuid NOT NULL,
  partner_id uuid NOT NULL,
  id uuid NOT NULL,
  kind text NOT NULL CHECK (kind IN ('certificate', 'jwk')),
  thumbprint text NOT NULL,
  label text,
  not_after timestamptz,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, partner_id, id),
  UNIQUE (tenant_id, thumbprint),
  FOREIGN KEY (tenant_id, partner_id) REFERENCES partners.partner (tenant_id, id)
);

CALL gatehouse.protect(ARRAY['partners.partner', 'partners.receiver_key']);
