import type { Id } from '@gatehouse/core/id'
import type { Tx } from '@gatehouse/runtime/data/db'
import type { DatasetName, RunEvent } from './event.ts'

export interface EdgeRow {
  readonly output_field: string
  readonly input_namespace: string
  readonly input_name: string
  readonly input_field: string
  readonly transformations: unknown
}

export async function insertEvent(tx: Tx, id: Id<'event'>, project: Id<'project'> | undefined, event: RunEvent): Promise<void> {
  await tx.query('INSERT INTO catalog.lineage_event (tenant_id, id, project_id, run_id, event) VALUES ($1, $2, $3, $4, $5)', [
    tx.tenant,
    id,
    project ?? null,
    event.run.runId,
    JSON.stringify(event),
  ])
}

export async function insertEdges(tx: Tx, event: Id<'event'>, output: DatasetName, edges: readonly EdgeRow[]): Promise<void> {
  if (edges.length === 0) return
  await tx.query(
    `INSERT INTO catalog.lineage_edge (tenant_id, output_namespace, output_name, event_id, output_field, input_namespace, input_name, input_field, transformations)
      SELECT $1, $2, $3, $4, e.output_field, e.input_namespace, e.input_name, e.input_field, e.transformations
      FROM json_to_recordset($5) AS e (output_field text, input_namespace text, input_name text, input_field text, transformations jsonb)
      ON CONFLICT DO NOTHING`,
    [tx.tenant, output.namespace, output.name, event, JSON.stringify(edges)],
  )
}

export interface WalkedRow extends EdgeRow {
  readonly depth: number
  readonly output_namespace: string
  readonly output_name: string
  readonly event_id: Id<'event'>
  readonly run_id: string
  readonly at: string
}

/** What all rows of an output depend on is followed with each of its columns. A circle ends where it closes. */
export function walkEdges(tx: Tx, from: DatasetName, field: string | undefined, depthMax: number, limit: number): Promise<WalkedRow[]> {
  return tx.query<WalkedRow>(
    `WITH RECURSIVE walked AS (
      SELECT e.*, 1 AS depth FROM catalog.lineage_edge e
        WHERE e.tenant_id = $1 AND e.output_namespace = $2 AND e.output_name = $3 AND ($4::text IS NULL OR e.output_field IN ($4, ''))
      UNION
      SELECT e.*, w.depth + 1 FROM walked w JOIN catalog.lineage_edge e
        ON e.tenant_id = w.tenant_id AND e.output_namespace = w.input_namespace AND e.output_name = w.input_name AND e.output_field IN (w.input_field, '')
        WHERE w.depth < $5
    )
    SELECT min(w.depth) AS depth, w.output_namespace, w.output_name, w.output_field, w.input_namespace, w.input_name, w.input_field, w.transformations,
        w.event_id, v.run_id, v.event ->> 'eventTime' AS at
      FROM walked w JOIN catalog.lineage_event v ON v.tenant_id = w.tenant_id AND v.id = w.event_id
      GROUP BY w.output_namespace, w.output_name, w.output_field, w.input_namespace, w.input_name, w.input_field, w.transformations, w.event_id, v.run_id, at
      ORDER BY depth, w.output_name, w.output_field, w.input_name, w.input_field LIMIT $6`,
    [tx.tenant, from.namespace, from.name, field ?? null, depthMax, limit],
  )
}

/** What runs of the project made of it directly, by name. */
export async function madeOf(tx: Tx, { namespace, name }: DatasetName, project: Id<'project'>, limit: number): Promise<string[]> {
  const rows = await tx.query<{ output_name: string }>(
    `SELECT DISTINCT e.output_name FROM catalog.lineage_edge e JOIN catalog.lineage_event v ON v.tenant_id = e.tenant_id AND v.id = e.event_id
      WHERE e.tenant_id = $1 AND e.input_namespace = $2 AND e.input_name = $3 AND v.project_id = $4 ORDER BY e.output_name DESC LIMIT $5`,
    [tx.tenant, namespace, name, project, limit],
  )
  return rows.map(({ output_name }) => output_name)
}

/** In the order in which they were recorded. */
export async function pageEvents(
  tx: Tx,
  project: Id<'project'>,
  after: Id<'event'> | undefined,
  limit: number,
): Promise<{ id: Id<'event'>; event: RunEvent }[]> {
  return tx.query<{ id: Id<'event'>; event: RunEvent }>(
    'SELECT id, event FROM catalog.lineage_event WHERE tenant_id = $1 AND project_id = $2 AND ($3::uuid IS NULL OR id > $3) ORDER BY id LIMIT $4',
    [tx.tenant, project, after ?? null, limit],
  )
}
