/** The keys that masks use. One partner's key says nothing of another's, so two partners cannot join what they were given. */
import { type Id, idBytes } from '@gatehouse/core/id'
import { derive } from '@gatehouse/crypto/kdf'
import type { MaskContext } from '@gatehouse/privacy/mask/mask'
import type { Node } from '@gatehouse/runtime/door/node'
import { partnerMaskKey } from '../../governance/policies/index.ts'

export async function maskKeys(node: Node, tenant: Id<'tenant'>, partner: Id<'partner'>, subject: Id<'subject'>): Promise<MaskContext> {
  const { primitives } = node.keys
  const root = await node.keys.secret(tenant, 'release/masks')
  return {
    primitives,
    partnerKey: await partnerMaskKey(node, tenant, partner),
    subjectKey: derive(primitives, root, idBytes(subject), 'gatehouse/release/subject-masks/v1', 32),
  }
}
