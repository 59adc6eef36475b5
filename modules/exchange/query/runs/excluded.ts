/** Who is left out of a run before anything of them is read: by their own wish, by a restriction, or because they are archived or erased. */
import type { Id } from '@gatehouse/core/id'
import { toHex } from '@gatehouse/crypto/bytes'
import type { Tx } from '@gatehouse/runtime/data/db'
import type { Node } from '@gatehouse/runtime/door/node'
import { everybodyOptedOut } from '../../../governance/consents/index.ts'
import { everybodyRestricted } from '../../../governance/requests/index.ts'
import { hashesOf, outsideIdKey } from '../../../subjects/index.ts'

export interface Excluded {
  /** By which an id, as the source has it, becomes a digest. */
  readonly key: Uint8Array
  /** Digests in hex. */
  readonly digests: ReadonlySet<string>
}

/** @returns undefined where nobody is left out, which costs the run nothing */
export async function excludedFrom(
  tx: Tx,
  node: Node,
  tenant: Id<'tenant'>,
  use: { readonly purpose: string; readonly tables: readonly string[] },
): Promise<Excluded | undefined> {
  const [optedOut, restricted] = await Promise.all([everybodyOptedOut(tx, node, { purpose: use.purpose, dataClasses: use.tables }), everybodyRestricted(tx)])
  const hashes = await hashesOf(tx, [...optedOut, ...restricted])
  return hashes.length === 0 ? undefined : { key: await outsideIdKey(node, tenant), digests: new Set(hashes.map(toHex)) }
}
