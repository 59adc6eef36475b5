/** Applies a plan's masks to an opened record; values too small for encryption get their token from the partner's table first. */
import type { Id } from '@gatehouse/core/id'
import { utf8 } from '@gatehouse/crypto/bytes'
import { commitment } from '@gatehouse/crypto/hmac'
import { type MaskableRecord, maskRecord, requiredTableTokens } from '@gatehouse/privacy/mask/apply'
import { drawTableToken } from '@gatehouse/privacy/mask/token'
import type { Tx } from '@gatehouse/runtime/data/db'
import type { Node } from '@gatehouse/runtime/door/node'
import { maskKeys } from './keys.ts'
import type { PlannedField } from './plan.ts'
import { tableToken } from './store.ts'

export interface MaskWork {
  readonly tx: Tx
  readonly node: Node
  readonly tenant: Id<'tenant'>
  readonly partner: Id<'partner'>
  readonly subject: Id<'subject'>
  readonly fields: readonly PlannedField[]
}

export async function maskPlanned({ tx, node, tenant, partner, subject, fields }: MaskWork, record: MaskableRecord) {
  const context = await maskKeys(node, tenant, partner, subject)
  const masks = Object.fromEntries(fields.map(({ name, mask }) => [name, mask]))
  const tokens = new Map<string, string>()
  for (const { domain, value, spec } of requiredTableTokens(record, masks)) {
    const digest = commitment(node.keys.primitives, context.partnerKey, 'gatehouse/release/mask-token/v1', utf8(value))
    tokens.set(`${domain} ${value}`, await tableToken(tx, partner, domain, digest, () => drawTableToken(value, spec, node.source.randomBytes)))
  }
  return maskRecord(record, masks, { ...context, tableToken: (domain, value) => tokens.get(`${domain} ${value}`) })
}
