-- Which peers were told of which version of a project's token space.
CREATE TABLE linkage.issued_key (
  tenant_id uuid NOT NULL,
  project_id uuid NOT NULL,
  peer text NOT NULL,
  version integer NOT NULL,
  issued_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, project_id, peer, version),
  FOREIGN KEY (tenant_id, project_id, version) REFERENCES linkage.key (tenant_id, project_id, version)
);

-- Keys of token spaces of other nodes, which came sealed to this one and are wrapped under the tenant's key.
CREATE TABLE linkage.received_key (
  tenant_id uuid NOT NULL,
  peer text NOT NULL,
  audience text NOT NULL,
  key_id text NOT NULL,
  kek_version integer NOT NULL,
  wrapped bytea NOT NULL,
  not_before timestamptz NOT NULL,
  not_after timestamptz NOT NULL,
  received_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, peer, audience, key_id)
);

CALL gatehouse.protect(ARRAY['linkage.issued_key', 'linkage.received_key']);
