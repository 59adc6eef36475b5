CREATE SCHEMA catalog;

-- Where records can be read from. Its secret lies in the store of secrets under a name made of its id, and nowhere here.
CREATE TABLE catalog.source (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  slug text NOT NULL,
  kind text NOT NULL,
  title text NOT NULL,
  settings jsonb NOT NULL,
  state text NOT NULL CHECK (state IN ('active', 'paused')),
  health text NOT NULL CHECK (health IN ('unknown', 'healthy', 'unreachable', 'refused', 'drifted')),
  -- What was wrong, in the connector's words: a host, a table, a column.
  health_detail text,
  checked_at timestamptz,
  server text,
  read_only boolean,
  discovered_at timestamptz,
  revision integer NOT NULL CHECK (revision > 0),
  created_at timestamptz NOT NULL,
  created_by text NOT NULL,
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, slug)
);
CREATE INDEX source_checked ON catalog.source (tenant_id, checked_at);

-- A table of a source, and what people have said of its columns.
CREATE TABLE catalog.table (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  source_id uuid NOT NULL,
  slug text NOT NULL,
  title text NOT NULL,
  description text,
  -- As the source writes it.
  name text NOT NULL,
  columns jsonb NOT NULL,
  key jsonb NOT NULL,
  refers jsonb NOT NULL,
  rows bigint,
  floor integer NOT NULL CHECK (floor BETWEEN 1 AND 1000),
  -- Grows with each change of what the source has, and never with what people say of it.
  schema_version integer NOT NULL CHECK (schema_version > 0),
  -- Not found when the source was last looked through.
  gone boolean NOT NULL DEFAULT false,
  revision integer NOT NULL CHECK (revision > 0),
  created_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, source_id) REFERENCES catalog.source (tenant_id, id) ON DELETE CASCADE,
  UNIQUE (tenant_id, source_id, slug),
  UNIQUE (tenant_id, source_id, name)
);

-- What changed in a table from one version of its schema to the next.
CREATE TABLE catalog.change (
  tenant_id uuid NOT NULL,
  table_id uuid NOT NULL,
  schema_version integer NOT NULL,
  changes jsonb NOT NULL,
  at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, table_id, schema_version),
  FOREIGN KEY (tenant_id, table_id) REFERENCES catalog.table (tenant_id, id) ON DELETE CASCADE
);

-- One version of an uploaded table. Its rows lie in the object store as a table file, sealed under a key of its own.
CREATE TABLE catalog.upload (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  table_id uuid NOT NULL,
  version integer NOT NULL CHECK (version > 0),
  schema_version integer NOT NULL,
  -- The prefix of its objects; null once they were deleted because newer versions are there.
  file text,
  format text NOT NULL,
  bytes bigint NOT NULL,
  rows bigint NOT NULL,
  bad_rows bigint NOT NULL,
  faults jsonb NOT NULL,
  -- HMAC of the file's SHA-256 under a key of the tenant: tells that a file was sent before.
  digest bytea NOT NULL,
  created_at timestamptz NOT NULL,
  created_by text NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, table_id) REFERENCES catalog.table (tenant_id, id) ON DELETE CASCADE,
  UNIQUE (tenant_id, table_id, version)
);

CALL gatehouse.protect(ARRAY['catalog.source', 'catalog.table', 'catalog.change', 'catalog.upload']);
