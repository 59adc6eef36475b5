-- A telephone that codes go to, sealed under a key of the tenant. Until a code has come back from it, it proves nothing.
CREATE TABLE identity.phone (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  user_id uuid NOT NULL,
  sealed bytea NOT NULL,
  created_at timestamptz NOT NULL,
  confirmed_at timestamptz,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, user_id) REFERENCES identity.user (tenant_id, id)
);
CREATE INDEX phone_by_user ON identity.phone (tenant_id, user_id);

-- That a message left, for the hour in which it counts: each is paid for. It outlives its account, or an account made anew would begin to count anew.
CREATE TABLE identity.sent_message (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  user_id uuid NOT NULL,
  sent_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX sent_message_by_time ON identity.sent_message (sent_at);

CALL gatehouse.protect(ARRAY['identity.phone', 'identity.sent_message']);

COMMENT ON TABLE identity.mailed_code IS 'The newest code that was sent to whoever is signing in or giving a telephone, by mail or by SMS.';
