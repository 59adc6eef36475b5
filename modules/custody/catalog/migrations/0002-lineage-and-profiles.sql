-- What is told of a table's values, after disclosure control; the last measurement of each.
CREATE TABLE catalog.profile (
  tenant_id uuid NOT NULL,
  table_id uuid NOT NULL,
  schema_version integer NOT NULL,
  profile json NOT NULL,
  measured_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, table_id)
);

-- Events of runs in the words of OpenLineage, as they are handed out.
CREATE TABLE catalog.lineage_event (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  project_id uuid,
  run_id uuid NOT NULL,
  event json NOT NULL,
  PRIMARY KEY (tenant_id, id)
);

CREATE INDEX lineage_event_project ON catalog.lineage_event (tenant_id, project_id, id);

-- What column comes of what column, for walking back; an empty name stands for all rows of an output.
CREATE TABLE catalog.lineage_edge (
  tenant_id uuid NOT NULL,
  output_namespace text NOT NULL,
  output_name text NOT NULL,
  output_field text NOT NULL,
  event_id uuid NOT NULL,
  input_namespace text NOT NULL,
  input_name text NOT NULL,
  input_field text NOT NULL,
  transformations jsonb NOT NULL,
  PRIMARY KEY (tenant_id, output_namespace, output_name, output_field, event_id, input_namespace, input_name, input_field),
  FOREIGN KEY (tenant_id, event_id) REFERENCES catalog.lineage_event (tenant_id, id) ON DELETE CASCADE
);

CALL gatehouse.protect(ARRAY['catalog.profile', 'catalog.lineage_event', 'catalog.lineage_edge']);
