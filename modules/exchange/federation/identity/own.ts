import type { Id } from '@gatehouse/core/id'
import { Problem } from '@gatehouse/core/problem'
import type { Tx } from '@gatehouse/runtime/data/db'
import type { Node } from '@gatehouse/runtime/door/node'
import { problems } from '../problems.ts'
import { type NodeKeys, nodeKeys } from './keys.ts'
import { type IdentityRow, identities } from './store.ts'

/** Keys before the newest that still open what was sealed to them. */
const keysKept = 8

export interface Own {
  readonly identity: IdentityRow
  /** The newest first. */
  readonly keys: readonly [NodeKeys, ...NodeKeys[]]
}

/** Who the institution is in the mesh. */
export async function ownIdentity(tx: Tx, node: Node, tenant: Id<'tenant'>): Promise<Own | undefined> {
  const rows = await identities(tx, keysKept)
  const [identity] = rows
  if (identity === undefined) return undefined
  const [newest, ...earlier] = await Promise.all(rows.map(({ generation }) => nodeKeys(node, tenant, generation)))
  return newest === undefined ? undefined : { identity, keys: [newest, ...earlier] }
}

/** @throws Problem where it has no name yet */
export async function requireIdentity(tx: Tx, node: Node, tenant: Id<'tenant'>): Promise<Own> {
  const own = await ownIdentity(tx, node, tenant)
  if (own === undefined) throw new Problem(problems.no_identity)
  return own
}
