import type { Policy } from '@gatehouse/policy/document'
import type { PurposeTree } from '@gatehouse/policy/purposes'
import type { TransactionContext } from '@gatehouse/runtime/door/operation'
import { documentDigestHex } from './read-document.ts'
import type { VersionView } from './schema.ts'
import { versionLife } from './states.ts'
import { insertVersion, type PolicyRow, type VersionRow } from './store.ts'
import { viewOf } from './view.ts'

/** Keeps the document as the policy's version of that number, not in force until it is published. */
export async function saveDraft(ctx: TransactionContext, policy: PolicyRow, version: number, document: Policy, purposes: PurposeTree): Promise<VersionView> {
  const row: VersionRow = {
    version,
    state: versionLife.initial,
    digest: documentDigestHex(ctx.node.keys.primitives, document),
    author: ctx.principal.id,
    created_at: ctx.now,
    published_at: null,
    ended_at: null,
    document,
  }
  await insertVersion(ctx.tx, policy.id, row)
  return viewOf(policy, row, purposes)
}
