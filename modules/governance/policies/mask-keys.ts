/** The key of a partner's masks. One partner's key says nothing of another's, so two partners cannot join what they were given. */
import { type Id, idBytes } from '@gatehouse/core/id'
import { derive } from '@gatehouse/crypto/kdf'
import type { MaskContext } from '@gatehouse/privacy/mask/mask'
import type { Node } from '@gatehouse/runtime/door/node'

/** Derived keys stay as long as the node runs: deriving one costs more than masking a record. */
const derivedKeys = (_: Node) => new Map<string, Promise<Uint8Array>>()
const derivedMax = 10_000

/** What a release derives for the same partner: a preview for the partner shows exactly what the release will give. */
export function partnerMaskKey(node: Node, tenant: Id<'tenant'>, partner: Id<'partner'>): Promise<Uint8Array> {
  const known = node.of(derivedKeys)
  const name = `${tenant} ${partner}`
  const key =
    known.get(name) ??
    node.keys.secret(tenant, 'release/masks').then((root) => derive(node.keys.primitives, root, idBytes(partner), 'gatehouse/release/partner-masks/v1', 32))
  if (known.size >= derivedMax) known.clear()
  known.set(name, key)
  key.catch(() => known.delete(name))
  return key
}

/** Keys for a preview. The sample is about nobody, so its person's key is an invented one, and so is the partner's where none is meant. */
export async function previewKeys(node: Node, tenant: Id<'tenant'>, partner: Id<'partner'> | undefined): Promise<MaskContext> {
  const { primitives } = node.keys
  const invented = await node.keys.secret(tenant, 'policies/preview')
  const none = new Uint8Array()
  return {
    primitives,
    partnerKey:
      partner === undefined ? derive(primitives, invented, none, 'gatehouse/policies/preview-partner/v1', 32) : await partnerMaskKey(node, tenant, partner),
    subjectKey: derive(primitives, invented, none, 'gatehouse/policies/preview-person/v1', 32),
  }
}
