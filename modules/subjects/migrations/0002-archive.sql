-- A person may be hidden for a time. The keys stay, so that everything is there again when the person is restored.
ALTER TABLE subjects.subject
  DROP CONSTRAINT subject_status_check,
  DROP CONSTRAINT subject_check,
  ADD CONSTRAINT subject_status_check CHECK (status IN ('active', 'archived', 'erased')),
  ADD CONSTRAINT subject_keys_check CHECK ((status <> 'erased') = (commitment_key IS NOT NULL AND kek_version IS NOT NULL));
