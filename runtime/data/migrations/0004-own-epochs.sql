-- Each institution has a series of epochs of its own; null where the key lies under one of the node's.
ALTER TABLE keys.kek ADD COLUMN own_epoch boolean;
-- From when on an institution that is being erased gets no key any more. Its log is sealed before that, with keys that still live.
ALTER TABLE gatehouse.forgetting ADD COLUMN keys_ended_at timestamptz;
