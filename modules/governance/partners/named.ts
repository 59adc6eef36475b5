import type { Tx } from '@gatehouse/runtime/data/db'
import type { Partner } from './schema.ts'
import { findPartner } from './store.ts'

/** Partners by the id or reference that was asked for, each looked up once. `*` is nobody, and whoever is not there is not in the answer. */
export async function partnersNamed(tx: Tx, wanted: Iterable<string>): Promise<ReadonlyMap<string, Partner>> {
  const asked = [...new Set(wanted)].filter((name) => name !== '*')
  const found = await Promise.all(asked.map(async (name) => [name, await findPartner(tx, name)] as const))
  return new Map(found.flatMap(([name, partner]) => (partner === undefined ? [] : [[name, partner]])))
}
