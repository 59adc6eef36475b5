CREATE SCHEMA approvals;

-- A request that several people must make before it happens. Only its digest is kept: each of them sends the whole request.
CREATE TABLE approvals.approval (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  operation text NOT NULL,
  request_digest bytea NOT NULL CHECK (length(request_digest) = 32),
  author text NOT NULL,
  need smallint NOT NULL CHECK (need > 0),
  state text NOT NULL CHECK (state IN ('open', 'done', 'withdrawn', 'expired')),
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, id)
);

-- Two people who ask for the same at the same moment meet in one approval.
CREATE UNIQUE INDEX approval_open ON approvals.approval (tenant_id, operation, request_digest) WHERE state = 'open';

CREATE TABLE approvals.vote (
  tenant_id uuid NOT NULL,
  approval_id uuid NOT NULL,
  principal text NOT NULL,
  voted_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, approval_id, principal),
  FOREIGN KEY (tenant_id, approval_id) REFERENCES approvals.approval (tenant_id, id)
);

CALL gatehouse.protect(ARRAY['approvals.approval', 'approvals.vote']);
