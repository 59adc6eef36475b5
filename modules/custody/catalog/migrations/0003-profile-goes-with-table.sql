ALTER TABLE catalog.profile ADD FOREIGN KEY (tenant_id, table_id) REFERENCES catalog.table (tenant_id, id) ON DELETE CASCADE;

-- For what was made of a table.
CREATE INDEX lineage_edge_input ON catalog.lineage_edge (tenant_id, input_namespace, input_name);
