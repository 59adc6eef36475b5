-- What the institution asks people for. Whoever agrees gives a consent in these words.
CREATE TABLE consents.offer (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  title text NOT NULL,
  about text NOT NULL,
  terms jsonb NOT NULL,
  -- How long a consent holds that is given to it; null: until it is withdrawn.
  valid_days integer CHECK (valid_days > 0),
  created_at timestamptz NOT NULL,
  retired_at timestamptz,
  PRIMARY KEY (tenant_id, id)
);

-- Who may act for whom, and on what ground. Whether it still holds is computed when somebody acts, and no job ends it.
CREATE TABLE consents.guardianship (
  tenant_id uuid NOT NULL,
  subject_id uuid NOT NULL,
  id uuid NOT NULL,
  -- The guardian, who is a person too.
  guardian_id uuid NOT NULL CHECK (guardian_id <> subject_id),
  basis text NOT NULL CHECK (basis IN ('parental_responsibility', 'court_order', 'power_of_attorney')),
  valid_from timestamptz NOT NULL,
  valid_until timestamptz CHECK (valid_until > valid_from),
  -- The child's date of birth: parental responsibility ends when the child comes of age.
  born date,
  jointly boolean NOT NULL,
  -- What the guardian calls the person.
  label text,
  evidence_reference text,
  recorded_at timestamptz NOT NULL,
  revoked_at timestamptz,
  revocation_reason text,
  PRIMARY KEY (tenant_id, subject_id, id),
  CHECK (basis <> 'parental_responsibility' OR born IS NOT NULL)
);
CREATE INDEX guardianship_guardian ON consents.guardianship (tenant_id, guardian_id);

-- One of two guardians has agreed; the consent is given when the other one does.
CREATE TABLE consents.proposal (
  tenant_id uuid NOT NULL,
  subject_id uuid NOT NULL,
  id uuid NOT NULL,
  guardianship_id uuid NOT NULL,
  offer_id uuid NOT NULL,
  proposed_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, subject_id, id),
  UNIQUE (tenant_id, subject_id, offer_id)
);

CREATE TABLE consents.setting (
  tenant_id uuid NOT NULL PRIMARY KEY,
  age_of_majority integer NOT NULL CHECK (age_of_majority BETWEEN 10 AND 30),
  -- How long a consent that a guardian gave stands unconfirmed once the person is of age; null: for as long as it says.
  confirm_within_days integer CHECK (confirm_within_days >= 0)
);

ALTER TABLE consents.consent
  -- The date of birth of whom a guardian agreed for by parental responsibility.
  ADD COLUMN ward_born date,
  ADD COLUMN confirmed_at timestamptz;

CALL gatehouse.protect(ARRAY['consents.offer', 'consents.guardianship', 'consents.proposal', 'consents.setting']);
