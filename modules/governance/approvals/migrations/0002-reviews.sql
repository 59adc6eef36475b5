-- What panels are asked to judge. The thing itself is kept by the module of its kind; here are its id and what its digest was.
CREATE TABLE approvals.review (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  kind text NOT NULL,
  object text NOT NULL,
  digest bytea NOT NULL CHECK (length(digest) = 32),
  author uuid NOT NULL,
  -- The author, and whoever made the thing: none of them reviews it.
  authors uuid[] NOT NULL,
  round smallint NOT NULL CHECK (round > 0),
  state text NOT NULL CHECK (state IN ('submitted', 'partially_reviewed', 'reviewed', 'returned', 'approved', 'rejected', 'withdrawn', 'expired')),
  opened_at timestamptz NOT NULL,
  deadline timestamptz NOT NULL,
  changed_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, id)
);

-- Two who ask for a review of the same thing at the same moment ask for one.
CREATE UNIQUE INDEX review_open ON approvals.review (tenant_id, kind, object) WHERE state IN ('submitted', 'partially_reviewed', 'reviewed', 'returned');
CREATE INDEX review_by_deadline ON approvals.review (tenant_id, deadline, id);

-- Teams and roles of which so many must approve, in the order in which votes name them.
CREATE TABLE approvals.panel (
  tenant_id uuid NOT NULL,
  review_id uuid NOT NULL,
  place smallint NOT NULL,
  kind text NOT NULL CHECK (kind IN ('role', 'team')),
  group_id text NOT NULL,
  quorum smallint NOT NULL CHECK (quorum > 0),
  PRIMARY KEY (tenant_id, review_id, place),
  FOREIGN KEY (tenant_id, review_id) REFERENCES approvals.review (tenant_id, id)
);

-- One person has one vote in a round, and one seat has one. The nonce opens the commitment that stands in the ledger.
CREATE TABLE approvals.ballot (
  tenant_id uuid NOT NULL,
  review_id uuid NOT NULL,
  round smallint NOT NULL,
  voter uuid NOT NULL,
  seat uuid NOT NULL,
  panel smallint NOT NULL,
  choice text NOT NULL CHECK (choice IN ('approve', 'changes_requested', 'reject')),
  nonce bytea NOT NULL,
  voted_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, review_id, round, voter),
  UNIQUE (tenant_id, review_id, round, seat),
  FOREIGN KEY (tenant_id, review_id) REFERENCES approvals.review (tenant_id, id)
);

CREATE TABLE approvals.comment (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  review_id uuid NOT NULL,
  round smallint NOT NULL,
  author uuid NOT NULL,
  visibility text NOT NULL CHECK (visibility IN ('private', 'public')),
  text text NOT NULL,
  said_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, review_id) REFERENCES approvals.review (tenant_id, id)
);

CREATE INDEX comment_of_review ON approvals.comment (tenant_id, review_id, id);

-- Whoever hands the own seat to a colleague until a date; one at a time.
CREATE TABLE approvals.delegation (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  from_user uuid NOT NULL,
  to_user uuid NOT NULL CHECK (to_user <> from_user),
  begun_at timestamptz NOT NULL,
  ends_at timestamptz NOT NULL,
  ended_at timestamptz,
  PRIMARY KEY (tenant_id, id)
);

CREATE UNIQUE INDEX delegation_of ON approvals.delegation (tenant_id, from_user) WHERE ended_at IS NULL;
CREATE INDEX delegation_to ON approvals.delegation (tenant_id, to_user) WHERE ended_at IS NULL;

-- What an institution says of a kind of review in place of what ships with the product.
CREATE TABLE approvals.review_rule (
  tenant_id uuid NOT NULL,
  kind text NOT NULL,
  panels jsonb NOT NULL,
  deadline_days smallint NOT NULL CHECK (deadline_days > 0),
  demanded boolean NOT NULL,
  changed_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, kind)
);

CALL gatehouse.protect(ARRAY[
  'approvals.review', 'approvals.panel', 'approvals.ballot', 'approvals.comment', 'approvals.delegation', 'approvals.review_rule'
]);
