CREATE SCHEMA notifications;

-- What stands in somebody's inbox: a kind, the id of the thing, and nothing else. The words are made where they are read.
CREATE TABLE notifications.notification (
  tenant_id uuid NOT NULL,
  user_id uuid NOT NULL,
  id uuid NOT NULL,
  -- Set for the account of a person whose records are kept: it goes with the person.
  subject_id uuid,
  event_id uuid NOT NULL,
  kind text NOT NULL,
  -- The id of the thing it is about.
  object text NOT NULL,
  -- What is still to be done about a letter: `at_once` and `digest` wait, the others are over.
  mail text NOT NULL CHECK (mail IN ('off', 'at_once', 'digest', 'sent', 'unneeded', 'dead')),
  attempts smallint NOT NULL DEFAULT 0,
  created_at timestamptz NOT NULL,
  read_at timestamptz,
  PRIMARY KEY (tenant_id, user_id, id)
);

-- The consumer of events may be handed the same event twice.
CREATE UNIQUE INDEX notification_of_event ON notifications.notification (tenant_id, user_id, event_id);
-- What is said and not read yet is not said again.
CREATE UNIQUE INDEX notification_unread ON notifications.notification (tenant_id, user_id, kind, object) WHERE read_at IS NULL;
CREATE INDEX notification_for_digest ON notifications.notification (tenant_id, user_id) WHERE mail = 'digest';
CREATE INDEX notification_by_age ON notifications.notification (created_at);

-- How somebody wants to be told of a kind by mail, where it is not as the product ships it.
CREATE TABLE notifications.preference (
  tenant_id uuid NOT NULL,
  user_id uuid NOT NULL,
  subject_id uuid,
  kind text NOT NULL,
  mail text NOT NULL CHECK (mail IN ('off', 'at_once', 'digest')),
  PRIMARY KEY (tenant_id, user_id, kind)
);

-- The days of an institution on which digests have been put on their way.
CREATE TABLE notifications.digest (
  tenant_id uuid NOT NULL,
  day date NOT NULL,
  PRIMARY KEY (tenant_id, day)
);

CALL gatehouse.protect(ARRAY['notifications.notification', 'notifications.preference', 'notifications.digest']);
