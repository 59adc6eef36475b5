-- A consent may take the place of an earlier one. What was superseded has an end as a withdrawn one has, so that whoever asks
-- what is in force asks one column; the successor says which of the two it was.
ALTER TABLE consents.consent
  ADD COLUMN version integer NOT NULL DEFAULT 1 CHECK (version > 0),
  -- The first version; null for the first itself.
  ADD COLUMN chain_id uuid,
  ADD COLUMN superseded_by uuid,
  ADD CHECK (superseded_by IS NULL OR withdrawn_at IS NOT NULL),
  ADD CHECK ((chain_id IS NULL) = (version = 1));

CREATE UNIQUE INDEX version_of_chain ON consents.consent (tenant_id, subject_id, chain_id, version) WHERE chain_id IS NOT NULL;
