-- Doubtful pairs of one link job or one run, for people to decide. What they see of the records is sealed, under a key that the salt is
-- needed for; both are gone once the review is closed.
CREATE TABLE linkage.review (
  tenant_id uuid NOT NULL,
  project_id uuid NOT NULL,
  id uuid NOT NULL,
  origin text NOT NULL CHECK (origin IN ('job', 'run')),
  opinions smallint NOT NULL,
  state text NOT NULL,
  salt bytea,
  opened_at timestamptz NOT NULL,
  closes_at timestamptz NOT NULL,
  closed_at timestamptz,
  PRIMARY KEY (tenant_id, project_id, id)
);

CREATE INDEX review_open ON linkage.review (closes_at) WHERE state = 'open';

CREATE TABLE linkage.pair (
  tenant_id uuid NOT NULL,
  project_id uuid NOT NULL,
  review_id uuid NOT NULL,
  number integer NOT NULL,
  left_row text NOT NULL,
  right_row text NOT NULL,
  probability double precision NOT NULL,
  state text NOT NULL,
  sealed bytea,
  decided_at timestamptz,
  PRIMARY KEY (tenant_id, project_id, review_id, number),
  FOREIGN KEY (tenant_id, project_id, review_id) REFERENCES linkage.review (tenant_id, project_id, id)
);

CREATE TABLE linkage.vote (
  tenant_id uuid NOT NULL,
  project_id uuid NOT NULL,
  review_id uuid NOT NULL,
  number integer NOT NULL,
  reviewer text NOT NULL,
  choice text NOT NULL,
  reason text NOT NULL,
  voted_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, project_id, review_id, number, reviewer),
  FOREIGN KEY (tenant_id, project_id, review_id, number) REFERENCES linkage.pair (tenant_id, project_id, review_id, number)
);

-- What was decided of two rows of a project, by keyed digests of the rows; the later decision counts.
CREATE TABLE linkage.decision (
  tenant_id uuid NOT NULL,
  project_id uuid NOT NULL,
  one_row text NOT NULL,
  other_row text NOT NULL,
  linked boolean NOT NULL,
  review_id uuid NOT NULL,
  decided_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, project_id, one_row, other_row),
  CHECK (one_row < other_row)
);

CALL gatehouse.protect(ARRAY['linkage.review', 'linkage.pair', 'linkage.vote', 'linkage.decision']);
