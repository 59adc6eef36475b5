CREATE SCHEMA access;

-- Who stands in which relation to what (docs/reference/permissions.md). What ships with the product is in code and stands in no row.
CREATE TABLE access.tuple (
  tenant_id uuid NOT NULL,
  object_type text NOT NULL,
  object_id text NOT NULL,
  relation text NOT NULL,
  subject_type text NOT NULL,
  subject_id text NOT NULL,
  -- Empty where the subject is the thing itself.
  subject_relation text NOT NULL DEFAULT '',
  caveat text,
  context jsonb,
  expires_at timestamptz,
  -- The subject has relations of its own, so a check goes on from it.
  leads_on boolean NOT NULL,
  revision bigint NOT NULL,
  PRIMARY KEY (tenant_id, object_type, object_id, relation, subject_type, subject_id, subject_relation)
);

-- From an object onwards; groups of any size cost nothing here, for their members lead nowhere.
CREATE INDEX tuple_onward ON access.tuple (tenant_id, object_type, object_id) WHERE leads_on;
-- Straight to a subject.
CREATE INDEX tuple_subject ON access.tuple (tenant_id, subject_type, subject_id, object_type, object_id);
CREATE INDEX tuple_ends ON access.tuple (expires_at) WHERE expires_at IS NOT NULL;

-- Grows by one with every change of an institution's tuples, roles or conditions. Writers wait for one another here.
CREATE TABLE access.revision (
  tenant_id uuid PRIMARY KEY,
  revision bigint NOT NULL
);

-- Roles of an institution's own making. Their rights stand as tuples too; this is what people wrote.
CREATE TABLE access.role (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  name text NOT NULL,
  summary text NOT NULL,
  grants jsonb NOT NULL,
  updated_at timestamptz NOT NULL,
  updated_by text NOT NULL,
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, name)
);

-- Conditions of roles, in CEL, each under a name made of its digest. None is removed while a tuple may name it.
CREATE TABLE access.condition (
  tenant_id uuid NOT NULL,
  name text NOT NULL,
  text text NOT NULL,
  PRIMARY KEY (tenant_id, name)
);

-- Rights that somebody took in an emergency, for a short time and with a reason.
CREATE TABLE access.emergency (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  user_id uuid NOT NULL,
  area text NOT NULL,
  action text NOT NULL,
  purpose text NOT NULL,
  reason text NOT NULL,
  started_at timestamptz NOT NULL,
  ends_at timestamptz NOT NULL,
  ended_at timestamptz,
  review text,
  reviewed_by uuid,
  reviewed_at timestamptz,
  PRIMARY KEY (tenant_id, id)
);

CREATE INDEX emergency_of ON access.emergency (tenant_id, started_at);

CALL gatehouse.protect(ARRAY['access.tuple', 'access.revision', 'access.role', 'access.condition', 'access.emergency']);
