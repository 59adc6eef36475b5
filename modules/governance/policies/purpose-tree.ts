/** The purposes of an institution, remembered for less than a second so that a new one is known within one. */
import { type PurposeTree, purposeTree as treeOf } from '@gatehouse/policy/purposes'
import { TtlCache } from '@gatehouse/runtime/base/cache'
import type { Tx } from '@gatehouse/runtime/data/db'
import type { Node } from '@gatehouse/runtime/door/node'
import { ownPurposes } from './store.ts'

const treeCache = (node: Node) => new TtlCache<PurposeTree>(() => node.source.nowMs())
/** The last tree of each tenant with what it was made of: as long as that is the same, so is the tree and what hangs on it. */
const lastTrees = (_: Node) => new Map<string, { readonly own: string; readonly tree: PurposeTree }>()

// The tenant is part of the name: row-level security does not reach into this memory.

export function purposeTree(node: Node, tx: Tx): Promise<PurposeTree> {
  return node.of(treeCache).get(tx.tenant, () => readPurposeTree(node, tx))
}

/** The tree as it is in the database now. */
export async function readPurposeTree(node: Node, tx: Tx): Promise<PurposeTree> {
  const rows = await ownPurposes(tx)
  const own = JSON.stringify(rows)
  const trees = node.of(lastTrees)
  const last = trees.get(tx.tenant)
  if (last?.own === own) return last.tree
  const tree = treeOf(rows.map(({ slug, parent, label }) => ({ slug, parent, ...(label ? { label } : {}) })))
  trees.set(tx.tenant, { own, tree })
  return tree
}

/** Forgets the tree in this process at once; the others follow when their memory ends. */
export function forgetPurposeTree(node: Node, tx: Tx): void {
  node.of(treeCache).forget(tx.tenant)
}
