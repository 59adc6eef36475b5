/** Signing secrets: 32 random bytes, written as Standard Webhooks writes them, kept only under the tenant's key. */
import type { Id } from '@gatehouse/core/id'
import { toBase64 } from '@gatehouse/crypto/bytes'
import { unwrapKey, wrapKey } from '@gatehouse/crypto/envelope'
import type { Node } from '@gatehouse/runtime/door/node'
import type { SecretRow } from './store.ts'

/** As the owner is shown it, once. */
export function secretText(secret: Uint8Array): string {
  return `whsec_${toBase64(secret)}`
}

export const webhookSecretContext = (tenant: Id<'tenant'>, webhook: Id<'webhook'>) => ['gatehouse/webhooks/secret/v1', tenant, webhook]

export async function sealSecret({ keys }: Node, tenant: Id<'tenant'>, webhook: Id<'webhook'>, secret: Uint8Array): Promise<SecretRow> {
  const kek = await keys.kek(tenant)
  return { kek_version: kek.version, wrapped: wrapKey(keys.primitives, kek.key, secret, webhookSecretContext(tenant, webhook)) }
}

/** @throws Error for a row that was changed or moved from another webhook; signing with anything else would be worse */
export async function openSecret({ keys }: Node, tenant: Id<'tenant'>, webhook: Id<'webhook'>, row: SecretRow): Promise<Uint8Array> {
  const kek = await keys.kekVersion(tenant, row.kek_version)
  const secret = unwrapKey(keys.primitives, kek.key, row.wrapped, webhookSecretContext(tenant, webhook))
  if (secret === undefined) throw new Error(`a secret of the webhook ${webhook} does not open with its tenant's key`)
  return secret
}
