/** The data key of a person: made here, wrapped under the tenant's key, and bound to tenant, person and version. */
import type { Id } from '@gatehouse/core/id'
import { unwrapKey, wrapKey } from '@gatehouse/crypto/envelope'
import type { Primitives } from '@gatehouse/crypto/primitives'
import type { Keys, TenantKek } from '@gatehouse/runtime/data/keys/keys'
import type { DataKey } from './block.ts'

export interface WrappedKey {
  readonly subject_id: Id<'subject'>
  readonly version: number
  readonly kek_version: number
  readonly wrapped: Uint8Array
}

export function dataKeyContext(tenant: Id<'tenant'>, subject: Id<'subject'>, version: number): string[] {
  return ['gatehouse/vault/dek/v1', tenant, subject, String(version)]
}

/** A fresh first key for a person. */
export function makeDataKey(primitives: Primitives, kek: TenantKek, tenant: Id<'tenant'>, subject: Id<'subject'>): { dek: DataKey; wrapped: WrappedKey } {
  const dek = { version: 1, key: primitives.randomBytes(32) }
  const wrapped = wrapKey(primitives, kek.key, dek.key, dataKeyContext(tenant, subject, dek.version))
  return { dek, wrapped: { subject_id: subject, version: dek.version, kek_version: kek.version, wrapped } }
}

/** `undefined` when the wrapped bytes were changed or belong to somebody else. */
export async function openDataKey(keys: Keys, tenant: Id<'tenant'>, row: WrappedKey): Promise<DataKey | undefined> {
  const kek = await keys.kekVersion(tenant, row.kek_version)
  const key = unwrapKey(keys.primitives, kek.key, row.wrapped, dataKeyContext(tenant, row.subject_id, row.version))
  return key === undefined ? undefined : { version: row.version, key }
}
