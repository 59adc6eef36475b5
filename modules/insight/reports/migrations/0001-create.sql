CREATE SCHEMA reports;

-- How far the log has been counted. It moves in the transaction that writes the counters, so each entry counts exactly once.
CREATE TABLE reports.cursor (
  tenant_id uuid PRIMARY KEY,
  next_index bigint NOT NULL CHECK (next_index >= 0)
);

-- What happened, by the minute, hour and day (UTC). Nobody stands in it: partners, purposes, names of fields, codes and numbers.
-- A row with a field, or with a reason, tells a part of the row without either; so only rows of one kind are ever added up.
-- Empty text and the nil UUID stand for "none", since a key takes no NULL.
CREATE TABLE reports.counter (
  tenant_id uuid NOT NULL,
  grain text NOT NULL CHECK (grain IN ('minute', 'hour', 'day')),
  at timestamptz NOT NULL,
  partner_id uuid NOT NULL,
  purpose text NOT NULL,
  outcome text NOT NULL,
  field text NOT NULL,
  reason text NOT NULL CHECK (field = '' OR reason = ''),
  count bigint NOT NULL,
  bytes bigint NOT NULL,
  PRIMARY KEY (tenant_id, grain, at, outcome, partner_id, purpose, field, reason)
);

-- How long acts took, as a histogram that can be added up over any span: one row per bucket that is not empty.
CREATE TABLE reports.latency (
  tenant_id uuid NOT NULL,
  grain text NOT NULL CHECK (grain IN ('minute', 'hour', 'day')),
  at timestamptz NOT NULL,
  operation text NOT NULL,
  decision text NOT NULL,
  partner_id uuid NOT NULL,
  bucket smallint NOT NULL,
  count bigint NOT NULL,
  sum_ms bigint NOT NULL,
  PRIMARY KEY (tenant_id, grain, at, operation, decision, partner_id, bucket)
);

CALL gatehouse.protect(ARRAY['reports.cursor', 'reports.counter', 'reports.latency']);
