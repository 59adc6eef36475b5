-- A partner's standing: until when it is good, and why it is as it is. The reason stays in this row and is in no entry of the log.
ALTER TABLE partners.partner DROP CONSTRAINT partner_status_check;
ALTER TABLE partners.partner ADD CONSTRAINT partner_status_check CHECK (status IN ('active', 'suspended', 'expired', 'sanctioned', 'retired'));
ALTER TABLE partners.partner ADD COLUMN expires_at timestamptz;
ALTER TABLE partners.partner ADD COLUMN reason text;

CREATE INDEX partner_expiring ON partners.partner (expires_at) WHERE status = 'active' AND expires_at IS NOT NULL;
