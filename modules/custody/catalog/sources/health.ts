/** Whether a source can be read as the catalogue knows it. Asked by a person, by the clock, and told by whoever reads. */

import type { Id } from '@gatehouse/core/id'
import type { Instant } from '@gatehouse/core/instant'
import type { Node } from '@gatehouse/runtime/door/node'
import { ConnectorError } from '../connectors/connector.ts'
import { say } from '../connectors/words.ts'
import { differences } from '../looks/differences.ts'
import type { Change } from '../schema.ts'
import type { Health, SourceRow, TableRow } from '../store.ts'
import { isLossy } from '../tables/merge.ts'
import { withSource } from './connect.ts'

export function healthFrom(error: ConnectorError, now: Instant): Health {
  const health = error.code === 'refused' ? 'refused' : error.code === 'drifted' ? 'drifted' : 'unreachable'
  return { health, health_detail: error.message.slice(0, 500), health_said: error.said ?? null, checked_at: now }
}

export interface Checked {
  readonly health: Health
  readonly changes: readonly { readonly table: string; readonly changes: readonly Change[] }[]
}

/** Connects, and holds what is there against what the catalogue knows. Changes nothing on either side. */
export async function checkedHealth(node: Node, tenant: Id<'tenant'>, source: SourceRow, known: readonly TableRow[], now: Instant): Promise<Checked> {
  try {
    return await withSource(node, tenant, source, async (connection) => {
      const { server, readOnly } = await connection.check()
      const found = source.discovered_at === null ? [] : await differences(await connection.discover(), known)
      const changes = found
        .filter(({ merged }) => merged.changes.length > 0)
        .map(({ before, found: table, merged }) => ({
          table: before === undefined ? (table?.name ?? '') : `${source.slug}.${before.slug}`,
          changes: merged.changes,
        }))
      const lost = changes.filter((table) => isLossy(table.changes))
      const drifted =
        lost.length === 0
          ? undefined
          : say('tables_lost', {
              tables: lost
                .map(({ table }) => table)
                .join(', ')
                .slice(0, 400),
            })
      const health = drifted === undefined ? 'healthy' : 'drifted'
      const facts = { health_detail: drifted?.detail ?? null, health_said: drifted?.said ?? null, server, read_only: readOnly } as const
      return { health: { health, checked_at: now, ...facts }, changes }
    })
  } catch (error) {
    if (!(error instanceof ConnectorError)) throw error
    return { health: healthFrom(error, now), changes: [] }
  }
}
