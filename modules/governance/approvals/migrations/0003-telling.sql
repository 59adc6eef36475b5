-- The right that the next who asks must have, so that they can be told; and when those concerned are reminded, once.
ALTER TABLE approvals.approval ADD COLUMN asks jsonb, ADD COLUMN remind_at timestamptz;
ALTER TABLE approvals.review ADD COLUMN remind_at timestamptz;
CREATE INDEX approval_open_by_end ON approvals.approval (tenant_id, expires_at) WHERE state = 'open';

-- What people put before a panel themselves, where no module keeps it: a disclosure, a protocol, how a trial goes on.
CREATE TABLE approvals.submission (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  kind text NOT NULL,
  author uuid NOT NULL,
  title text NOT NULL,
  -- What it is filed under elsewhere: a query plan, a protocol, a report.
  reference text NOT NULL,
  reasons text NOT NULL,
  -- Teams whose members judge besides those whom the institution names.
  teams jsonb NOT NULL,
  deadline_days smallint,
  submitted_at timestamptz NOT NULL,
  changed_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, id)
);

CALL gatehouse.protect(ARRAY['approvals.submission']);
