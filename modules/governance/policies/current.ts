/** The policies in force for the hot path, remembered for less than a second so that a change takes effect within one. */
import type { Id } from '@gatehouse/core/id'
import { type CompiledPolicy, compilePolicy } from '@gatehouse/policy/compile'
import type { Policy } from '@gatehouse/policy/document'
import type { PurposeTree } from '@gatehouse/policy/purposes'
import { TtlCache } from '@gatehouse/runtime/base/cache'
import type { Tx } from '@gatehouse/runtime/data/db'
import type { Node } from '@gatehouse/runtime/door/node'
import { purposeTree } from './purpose-tree.ts'
import { documentDigestHex } from './read-document.ts'
import { compiledMax } from './schema.ts'
import { type ActiveRow, activeFor, findVersion } from './store.ts'

export interface PolicyInForce {
  readonly policy: Id<'policy'>
  readonly version: number
  /** Hex SHA-256 of the document's canonical JSON. */
  readonly digest: string
  /** Its `policy.uid` is the name by which rules of a decision refer to it. */
  readonly compiled: CompiledPolicy
}

/** One memory for each tenant: row-level security does not reach in here. A change forgets all of it, since a policy may name everyone. */
const currentCaches = (_: Node) => new Map<string, TtlCache<readonly PolicyInForce[]>>()
/** Versions never change, so a compiled one is good as long as its purpose tree is; it goes when the tree goes. */
const compiledCache = (_: Node) => new WeakMap<PurposeTree, Map<string, CompiledPolicy>>()

/**
 * The active versions for a recipient: a partner's reference, or `staff` for the institution's own people. Policies that name
 * the recipient come first, then those for everyone, each in the order of their uids.
 * @throws Error when a document is not the one its digest was taken of; it is not used
 */
export function currentPolicies(node: Node, tx: Tx, recipient: string): Promise<readonly PolicyInForce[]> {
  const caches = node.of(currentCaches)
  const cache = caches.get(tx.tenant) ?? new TtlCache<readonly PolicyInForce[]>(() => node.source.nowMs())
  caches.set(tx.tenant, cache)
  return cache.get(recipient, async () => {
    const [rows, purposes] = await Promise.all([activeFor(tx, recipient), purposeTree(node, tx)])
    return rows.map((row) => ({ policy: row.policy, version: row.version, digest: row.digest, compiled: compiledOf(node, row, purposes) }))
  })
}

function compiledOf(node: Node, { policy, version, digest, document }: ActiveRow, purposes: PurposeTree): CompiledPolicy {
  const trees = node.of(compiledCache)
  const known = trees.get(purposes) ?? new Map<string, CompiledPolicy>()
  trees.set(purposes, known)
  const key = `${policy} ${version} ${digest}`
  const compiled = known.get(key) ?? compilePolicy(verified(node, document, digest, `${policy} version ${version}`), purposes)
  if (known.size >= compiledMax) known.clear()
  known.set(key, compiled)
  return compiled
}

function verified(node: Node, document: Policy, digest: string, name: string): Policy {
  if (documentDigestHex(node.keys.primitives, document) !== digest) throw new Error(`policy ${name} is not the document that was published: its digest differs`)
  return document
}

/** Forgets the tenant's policies in this process at once; the others follow when their memory ends. */
export function forgetPolicies(node: Node, tx: Tx): void {
  node.of(currentCaches).delete(tx.tenant)
}

/** The document of any version, whatever became of it since. */
export async function policyDocument(tx: Tx, policy: Id<'policy'>, version: number): Promise<Policy | undefined> {
  return (await findVersion(tx, policy, version))?.document
}
