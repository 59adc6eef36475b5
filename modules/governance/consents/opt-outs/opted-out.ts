/** The question that releases and queries ask: whom is a use barred for. Asked at each step that acts. */
import type { Id } from '@gatehouse/core/id'
import { type OptOut, optedOutAmong, type Use } from '@gatehouse/policy/opt-out'
import type { Tx } from '@gatehouse/runtime/data/db'
import type { Node } from '@gatehouse/runtime/door/node'
import { purposeTree } from '../../policies/index.ts'
import { activeOptOuts, everyOptOut, exemptions, type OptOutRow } from './store.ts'

/**
 * Who of the people does not want it. One statement where nobody has opted out, however many they are; three where somebody has.
 * @param use the purpose and every record type that is used
 */
export async function optedOut(tx: Tx, node: Node, subjects: readonly Id<'subject'>[], use: Use): Promise<Set<Id<'subject'>>> {
  return barred(tx, node, await activeOptOuts(tx, subjects), use)
}

/** Everybody who does not want it; for a use of whole tables, in which it is not known yet who stands in them. */
export const everybodyOptedOut = async (tx: Tx, node: Node, use: Use): Promise<Set<Id<'subject'>>> => barred(tx, node, await everyOptOut(tx), use)

async function barred(tx: Tx, node: Node, rows: readonly OptOutRow[], use: Use): Promise<Set<Id<'subject'>>> {
  if (rows.length === 0) return new Set()
  const [exempt, purposes] = await Promise.all([exemptions(tx), purposeTree(node, tx)])
  const people = new Map<Id<'subject'>, OptOut[]>()
  for (const row of rows) people.set(row.subject_id, [...(people.get(row.subject_id) ?? []), optOutOf(row)])
  return optedOutAmong(people, use, exempt, purposes)
}

function optOutOf({ scope, term }: OptOutRow): OptOut {
  if (scope === 'all') return { scope }
  return scope === 'purpose' ? { scope, purpose: term } : { scope, dataClass: term }
}
