/**
 * The keys of the node, a namespace per tenant. Below the root key each tenant has key-encryption keys (KEK, versioned), and
 * below those named secrets of 32 bytes: index keys, signing seeds, per-partner roots. Everything at rest is wrapped with its
 * tenant and name as associated data.
 */
import type { Id } from '@gatehouse/core/id'
import type { Instant } from '@gatehouse/core/instant'
import { utf8 } from '@gatehouse/crypto/bytes'
import { unwrapKey, wrapKey } from '@gatehouse/crypto/envelope'
import { nodeSigner } from '@gatehouse/crypto/node'
import type { Primitives, Signer } from '@gatehouse/crypto/primitives'
import { nodeTenant } from '../../base/context.ts'
import type { Database, Tx } from '../db.ts'
import { type KeyStore, KeyStoreError } from './key-store.ts'
import { findKek, findSecret, insertKek, insertSecret, listKeks, newestKek } from './store.ts'

export interface TenantKek {
  readonly version: number
  readonly key: Uint8Array
}

export interface Keys {
  readonly primitives: Primitives
  /** The tenant's newest key-encryption key; made on first use. */
  kek(tenant: Id<'tenant'>): Promise<TenantKek>
  /** An older version, for opening what it wrapped. */
  kekVersion(tenant: Id<'tenant'>, version: number): Promise<TenantKek>
  /** When each version of the tenant's key was made. */
  ages(tx: Tx): Promise<readonly { version: number; created_at: Instant }[]>
  /** A named secret of the tenant: 32 bytes, random, made on first use and the same for ever after. */
  secret(tenant: Id<'tenant'>, name: string): Promise<Uint8Array>
  /** An Ed25519 signer whose seed is the named secret. */
  signer(tenant: Id<'tenant'>, name: string): Promise<Signer>
}

const nameText = /^[a-z][a-z0-9/_-]{0,126}$/

/**
 * Opens the keys and proves that the root key is the one this database was sealed with.
 * @throws KeyStoreError when it is not
 */
export async function openKeys(database: Database, store: KeyStore, primitives: Primitives): Promise<Keys> {
  const keks = new Map<string, Promise<TenantKek>>()
  const secrets = new Map<string, Promise<Uint8Array>>()
  const signers = new Map<string, Promise<Signer>>()

  const kekContext = (tenant: string, version: number) => ['gatehouse/kek/v1', tenant, String(version)]
  const secretContext = (tenant: string, name: string) => ['gatehouse/secret/v1', tenant, name]

  /** A failed look-up is forgotten, so that a database that was away does not leave a poisoned entry behind. */
  function once<T>(cache: Map<string, Promise<T>>, name: string, make: () => Promise<T>): Promise<T> {
    const known = cache.get(name)
    if (known !== undefined) return known
    const made = make()
    cache.set(name, made)
    made.catch(() => cache.delete(name))
    return made
  }

  async function openKek(tenant: Id<'tenant'>, row: { version: number; wrapped: Uint8Array }): Promise<TenantKek> {
    const key = await store.unwrap(row.wrapped, kekContext(tenant, row.version))
    if (key === undefined)
      throw new KeyStoreError('the root key does not open this database: it belongs to another node. Put the right root key file in place.')
    return { version: row.version, key }
  }

  const kek = (tenant: Id<'tenant'>) =>
    once(keks, tenant, async () => {
      const found = await database.transaction(tenant, (tx) => newestKek(tx))
      if (found !== undefined) return openKek(tenant, found)
      const wrapped = await store.wrap(primitives.randomBytes(32), kekContext(tenant, 1))
      // Two processes may make one at the same moment: the first row stays and both read it back.
      const kept = await database.transaction(tenant, async (tx) => {
        await insertKek(tx, 1, wrapped)
        return newestKek(tx)
      })
      if (kept === undefined) throw new KeyStoreError('a tenant key was written but cannot be read back')
      return openKek(tenant, kept)
    })

  const kekVersion = (tenant: Id<'tenant'>, version: number) =>
    once(keks, `${tenant} ${version}`, async () => {
      const newest = await kek(tenant)
      if (newest.version === version) return newest
      const row = await database.transaction(tenant, (tx) => findKek(tx, version))
      if (row === undefined) throw new KeyStoreError(`key-encryption key version ${version} of the tenant is gone`)
      return openKek(tenant, row)
    })

  const secret = (tenant: Id<'tenant'>, name: string) => {
    if (!nameText.test(name)) throw new TypeError(`a secret's name is lower-case letters, digits, "/", "_" and "-": ${name}`)
    return once(secrets, `${tenant} ${name}`, async () => {
      const wrapping = await kek(tenant)
      const fresh = wrapKey(primitives, wrapping.key, primitives.randomBytes(32), secretContext(tenant, name))
      const row = await database.transaction(tenant, async (tx) => {
        const known = await findSecret(tx, name)
        if (known !== undefined) return known
        await insertSecret(tx, name, wrapping.version, fresh)
        return findSecret(tx, name)
      })
      if (row === undefined) throw new KeyStoreError('a secret was written but cannot be read back')
      const opened = unwrapKey(primitives, (await kekVersion(tenant, row.kek_version)).key, row.wrapped, secretContext(tenant, name))
      if (opened === undefined) throw new KeyStoreError(`the secret ${name} does not open with its tenant's key`)
      return opened
    })
  }

  const signer = (tenant: Id<'tenant'>, name: string) => once(signers, `${tenant} ${name}`, async () => nodeSigner(await secret(tenant, name)))

  // The first use of the node's own key is the proof that the root key fits this database.
  const proof = await secret(nodeTenant, 'root-proof')
  if (primitives.hmacSha256(proof, utf8('root-proof')).length !== 32) throw new KeyStoreError('the root key could not be proven')
  return { primitives, kek, kekVersion, ages: listKeks, secret, signer }
}
