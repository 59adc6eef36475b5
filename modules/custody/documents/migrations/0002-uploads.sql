-- A file that comes in parts. Each part is sealed as an object of its own; once all are there they become one version.
CREATE TABLE documents.upload (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  document_id uuid NOT NULL,
  bytes bigint NOT NULL CHECK (bytes >= 0),
  received bigint NOT NULL DEFAULT 0 CHECK (received BETWEEN 0 AND bytes),
  -- The version it became; then it has no parts any more.
  version integer,
  created_at timestamptz NOT NULL,
  created_by text NOT NULL,
  expires_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, document_id) REFERENCES documents.document (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX upload_document ON documents.upload (tenant_id, document_id);
CREATE INDEX upload_expiry ON documents.upload (expires_at);

CREATE TABLE documents.upload_part (
  tenant_id uuid NOT NULL,
  upload_id uuid NOT NULL,
  place bigint NOT NULL,
  bytes bigint NOT NULL CHECK (bytes > 0),
  salt bytea NOT NULL,
  blob text NOT NULL,
  PRIMARY KEY (tenant_id, upload_id, place),
  FOREIGN KEY (tenant_id, upload_id) REFERENCES documents.upload (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX upload_part_blob ON documents.upload_part (blob);

CALL gatehouse.protect(ARRAY['documents.upload', 'documents.upload_part']);
