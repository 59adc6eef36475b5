CREATE SCHEMA monitoring;

-- How far each institution's alerts have been worked out: the next place of its own log, and of the node's log. Whoever holds
-- the row works; states, alerts and places move in one transaction.
CREATE TABLE monitoring.watch (
  tenant_id uuid NOT NULL PRIMARY KEY,
  own_next bigint NOT NULL,
  node_next bigint NOT NULL,
  -- The morning up to which alerts of the next working day have been gathered.
  gathered_until timestamptz NOT NULL,
  -- Where letters go; addresses of people at work.
  mail_to text[] NOT NULL DEFAULT '{}',
  revision integer NOT NULL DEFAULT 1 CHECK (revision > 0)
);

CREATE TABLE monitoring.rule (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  -- Names a rule that every institution begins with; null for one of its own.
  origin text,
  name text NOT NULL,
  description text NOT NULL,
  condition jsonb NOT NULL,
  -- Grows when the condition changes: states belong to one condition.
  condition_version integer NOT NULL DEFAULT 1 CHECK (condition_version > 0),
  channel text NOT NULL CHECK (channel IN ('page_now', 'next_working_day', 'on_trial', 'demoted')),
  cool_down_seconds integer NOT NULL CHECK (cool_down_seconds >= 0),
  revision integer NOT NULL DEFAULT 1 CHECK (revision > 0),
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  retired_at timestamptz,
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, origin)
);

-- What a rule remembers about one whom it watches. Persons stand in it as a part of their commitment, never by id.
CREATE TABLE monitoring.state (
  tenant_id uuid NOT NULL,
  rule_id uuid NOT NULL,
  condition_version integer NOT NULL,
  about text NOT NULL,
  state jsonb NOT NULL,
  expires_at timestamptz,
  PRIMARY KEY (tenant_id, rule_id, condition_version, about)
);
CREATE INDEX state_by_end ON monitoring.state (expires_at) WHERE expires_at IS NOT NULL;

CREATE TABLE monitoring.alert (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  rule_id uuid NOT NULL,
  -- As it was when the alert was raised.
  rule_name text NOT NULL,
  kind text NOT NULL,
  channel text NOT NULL,
  about_kind text NOT NULL,
  about_id text NOT NULL,
  state text NOT NULL DEFAULT 'raised' CHECK (state IN ('raised', 'acknowledged', 'closed')),
  -- The ledger entry at which the rule fired.
  entry_id uuid NOT NULL,
  entry_index bigint NOT NULL,
  at timestamptz NOT NULL,
  raised_at timestamptz NOT NULL,
  observed bigint NOT NULL,
  -- How often the rule has fired about the same since, with the first.
  count integer NOT NULL DEFAULT 1 CHECK (count > 0),
  last_at timestamptz NOT NULL,
  last_entry_id uuid NOT NULL,
  acknowledged_at timestamptz,
  acknowledged_by text,
  verdict text CHECK (verdict IN ('useful', 'noise')),
  note text,
  closed_at timestamptz,
  closed_by text,
  gathered_at timestamptz,
  PRIMARY KEY (tenant_id, id),
  -- One entry raises one alert of a rule about one whom it watches, whatever is tried again.
  UNIQUE (tenant_id, rule_id, about_kind, about_id, entry_id),
  FOREIGN KEY (tenant_id, rule_id) REFERENCES monitoring.rule (tenant_id, id)
);
CREATE INDEX alert_open ON monitoring.alert (tenant_id, channel, id) WHERE state <> 'closed';
CREATE INDEX alert_of_rule ON monitoring.alert (tenant_id, rule_id, id);

CREATE TABLE monitoring.letter (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  address text NOT NULL,
  subject text NOT NULL,
  text text NOT NULL,
  state text NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'sent', 'kept', 'dead')),
  attempts integer NOT NULL DEFAULT 0,
  last_error text,
  created_at timestamptz NOT NULL,
  ended_at timestamptz,
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX letter_by_age ON monitoring.letter (created_at);

-- A rule run over the past. Its result is counts and ids.
CREATE TABLE monitoring.replay (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  condition jsonb NOT NULL,
  cool_down_seconds integer NOT NULL,
  since timestamptz NOT NULL,
  until timestamptz NOT NULL,
  examples integer NOT NULL,
  state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'running', 'done')),
  entries_read bigint NOT NULL DEFAULT 0,
  entries_total bigint,
  result jsonb,
  created_at timestamptz NOT NULL,
  ended_at timestamptz,
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX replay_by_age ON monitoring.replay (created_at);

CALL gatehouse.protect(ARRAY['monitoring.watch', 'monitoring.rule', 'monitoring.state', 'monitoring.alert', 'monitoring.letter', 'monitoring.replay']);
