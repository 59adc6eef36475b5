import type { Id } from '@gatehouse/core/id'
import type { Node } from '@gatehouse/runtime/door/node'
import type { Anchor } from './anchor.ts'
import { accountKey } from './evm/account.ts'
import { evmAnchor } from './evm/evm-anchor.ts'
import { jsonRpc } from './evm/json-rpc.ts'
import type { TargetRow } from './store.ts'
import { timeStampAnchor } from './time-stamp/time-stamp-anchor.ts'

/** @throws Error with a sentence for the operator where the target cannot be used on this node */
export async function anchorOf(node: Node, tenant: Id<'tenant'>, target: TargetRow): Promise<Anchor> {
  const { nowMs, randomBytes } = node.source
  return target.kind === 'evm'
    ? evmAnchor({ settings: target.settings, key: await accountKey(node, tenant), rpc: jsonRpc(node.egress, target.settings.rpc_url), nowMs })
    : timeStampAnchor({ settings: target.settings, egress: node.egress, sha256: node.keys.primitives.sha256, randomBytes, nowMs })
}
