-- What a person does not want. It is lifted, never deleted: whoever asks later why something was refused finds it.
CREATE TABLE consents.opt_out (
  tenant_id uuid NOT NULL,
  subject_id uuid NOT NULL,
  id uuid NOT NULL,
  scope text NOT NULL CHECK (scope IN ('all', 'purpose', 'data_class')),
  -- The purpose or the record type; empty for all.
  term text NOT NULL CHECK ((term = '') = (scope = 'all')),
  source text NOT NULL CHECK (source IN ('person', 'staff', 'import')),
  set_at timestamptz NOT NULL,
  lifted_at timestamptz,
  PRIMARY KEY (tenant_id, subject_id, id)
);
CREATE UNIQUE INDEX one_opt_out_of_a_kind ON consents.opt_out (tenant_id, subject_id, scope, term) WHERE lifted_at IS NULL;

-- The purposes that opt-outs do not bind, and the law that says so.
CREATE TABLE consents.exemption (
  tenant_id uuid NOT NULL,
  purpose text NOT NULL,
  law text NOT NULL,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, purpose)
);

CALL gatehouse.protect(ARRAY['consents.opt_out', 'consents.exemption']);
