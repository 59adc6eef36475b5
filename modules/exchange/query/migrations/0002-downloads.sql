-- A download is of one content: where the result is another by then, its token opens nothing.
ALTER TABLE query.download
  ADD COLUMN digest text NOT NULL,
  ADD COLUMN state text NOT NULL,
  ADD COLUMN closed_at timestamptz,
  ADD COLUMN bytes bigint;
CREATE INDEX download_open ON query.download (spent_at) WHERE state = 'spent';

-- One reader of a feed within one hour: the entry that was written before the first row, and the sums that the closing one tells.
CREATE TABLE query.feed_hour (
  tenant_id uuid NOT NULL,
  result_id uuid NOT NULL,
  reader text NOT NULL,
  hour timestamptz NOT NULL,
  project_id uuid NOT NULL,
  entry_id uuid NOT NULL,
  requests bigint NOT NULL DEFAULT 0,
  rows bigint NOT NULL DEFAULT 0,
  closed boolean NOT NULL DEFAULT false,
  PRIMARY KEY (tenant_id, result_id, reader, hour),
  FOREIGN KEY (tenant_id, result_id) REFERENCES query.result (tenant_id, id)
);
CREATE INDEX feed_hour_open ON query.feed_hour (hour) WHERE NOT closed;

-- Its key is destroyed when it ends; its objects, which are noise from then on, are deleted after that.
ALTER TABLE query.result ADD COLUMN emptied_at timestamptz;
CREATE INDEX result_to_empty ON query.result (ended_at) WHERE state = 'ended' AND emptied_at IS NULL;

CALL gatehouse.protect(ARRAY['query.feed_hour']);
