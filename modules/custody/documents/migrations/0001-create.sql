CREATE SCHEMA documents;

-- A document is about a person, or about none. Its key is wrapped under the person's data key or under a secret of the tenant;
-- its title is sealed under its key.
CREATE TABLE documents.document (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  subject_id uuid,
  source text NOT NULL,
  -- The version of the person's data key that wraps the document's key; null where the document is about no person.
  dek_version integer,
  wrapped bytea NOT NULL,
  title bytea NOT NULL,
  retain_until timestamptz,
  created_at timestamptz NOT NULL,
  created_by text NOT NULL,
  PRIMARY KEY (tenant_id, id),
  CHECK ((subject_id IS NULL) = (dek_version IS NULL))
);
CREATE INDEX document_subject ON documents.document (tenant_id, subject_id, id);

-- A version is one file. Its bytes lie in the object store under a name that tells nothing.
CREATE TABLE documents.version (
  tenant_id uuid NOT NULL,
  document_id uuid NOT NULL,
  version integer NOT NULL CHECK (version > 0),
  salt bytea NOT NULL,
  blob text NOT NULL,
  bytes bigint NOT NULL,
  media_type text NOT NULL,
  -- HMAC of the file's SHA-256 under the document's key: tells that a file was sent before.
  digest bytea NOT NULL,
  scan text NOT NULL CHECK (scan IN ('pending', 'clean', 'infected', 'unscanned')),
  signature text,
  scanned_at timestamptz,
  created_at timestamptz NOT NULL,
  created_by text NOT NULL,
  PRIMARY KEY (tenant_id, document_id, version),
  FOREIGN KEY (tenant_id, document_id) REFERENCES documents.document (tenant_id, id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX version_blob ON documents.version (blob);

CALL gatehouse.protect(ARRAY['documents.document', 'documents.version']);
