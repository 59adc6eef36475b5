/**
 * The keys of the node, a namespace per tenant. Below the root key lie the epoch keys, below those each tenant's key-encryption keys
 * (KEK, versioned), and below those named secrets of 32 bytes: index keys, signing seeds, per-partner roots. Everything at rest is
 * wrapped with its tenant and name as associated data.
 *
 * A tenant's key changes while others work. Whoever wraps may do so with the version that was newest `newestMs` ago; whoever
 * unwraps names the version. A version is destroyed only when nothing lies under it any more and nobody can be holding what did.
 */
import type { Id } from '@gatehouse/core/id'
import type { Instant } from '@gatehouse/core/instant'
import { utf8 } from '@gatehouse/crypto/bytes'
import { unwrapKey, wrapKey } from '@gatehouse/crypto/envelope'
import { nodeSigner } from '@gatehouse/crypto/node'
import type { Primitives, Signer } from '@gatehouse/crypto/primitives'
import { nodeTenant } from '../../base/context.ts'
import type { Database, Tx } from '../db.ts'
import { secretContext } from './contexts.ts'
import type { Epochs } from './epochs.ts'
import { KeyGoneError, type KeyStore, KeyStoreError } from './key-store.ts'
import {
  countSigning,
  destroyKeks,
  findKek,
  findSecret,
  insertKek,
  insertSecret,
  type KekFacts,
  type KekRow,
  keysEnded,
  listKeks,
  listSecrets,
  newestKek,
  restedSeconds,
  retireKeks,
} from './store.ts'

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
  /** The life of each version of the tenant's key, oldest first; those that were destroyed too. */
  ages(tx: Tx): Promise<readonly KekFacts[]>
  /** When each named secret of the tenant was made. */
  secretAges(tx: Tx): Promise<readonly { name: string; created_at: Instant }[]>
  /** Makes the next version under the newest epoch. From then on it wraps; what lies under older versions is to be moved. */
  advance(tenant: Id<'tenant'>): Promise<TenantKek>
  /**
   * Destroys the versions below this one, if nothing can need them: everything had been moved at least `restSeconds` ago, and no
   * transaction of that time is left. Whoever asks has counted in this very transaction that nothing lies under them.
   */
  destroyBelow(tx: Tx, version: number): Promise<boolean>
  readonly epochs: Epochs
  /** The tenant is erased: this process forgets its keys and opens none of them again. */
  forget(tenant: Id<'tenant'>): void
  /** The driver that holds the root key. */
  readonly rootKind: string
  /** A named secret of the tenant: 32 bytes, random, made on first use and the same for ever after. */
  secret(tenant: Id<'tenant'>, name: string): Promise<Uint8Array>
  /** An Ed25519 signer whose seed is the named secret. */
  signer(tenant: Id<'tenant'>, name: string): Promise<Signer>
  /** Every generation of a signing key, and the one that signs now. A new one signs once every process knows it. */
  signing(tenant: Id<'tenant'>, name: string): Promise<SigningKey>
}

export interface SigningKey {
  /** Oldest first; whatever one of them signed holds. */
  readonly generations: readonly Signer[]
  readonly current: Signer
}

/** The secret that is the seed of one generation of a signing key; the first is that of the name itself. */
export function signingSecret(name: string, generation: number): string {
  return generation === 1 ? name : `${name}/${generation}`
}

/** How long a process takes the newest version for the newest. */
const newestMs = 2_000
/** How long a key stays known that is no longer asked for from the database. */
const knownMs = 60_000
/** Longer than a process goes on without hearing of a new signing key. */
const settleSeconds = 5
/** Far longer than a process holds a version before the act that uses it has ended. */
export const restSeconds = 300

const nameText = /^[a-z][a-z0-9/_-]{0,126}$/

/**
 * Opens the keys and proves that the root key is the one this database was sealed with.
 * @throws KeyStoreError when it is not
 */
export async function openKeys(
  database: Database,
  store: KeyStore,
  epochs: Epochs,
  primitives: Primitives,
  options: { restSeconds?: number; settleSeconds?: number } = {},
): Promise<Keys> {
  const newest = new Map<string, Promise<TenantKek>>()
  const versions = new Map<string, Promise<TenantKek>>()
  const secrets = new Map<string, Promise<Uint8Array>>()
  const signers = new Map<string, Promise<Signer>>()
  const signings = new Map<string, Promise<SigningKey>>()
  const ended = new Set<string>()

  const kekContext = (tenant: string, version: number) => ['gatehouse/kek/v1', tenant, String(version)]
  const nodeEpochContext = (tenant: string, version: number, epoch: number) => ['gatehouse/kek/v2', tenant, String(version), String(epoch)]
  const ownEpochContext = (tenant: string, version: number, epoch: number) => ['gatehouse/kek/v3', tenant, String(version), String(epoch)]

  function refuseEnded(tenant: string): void {
    if (ended.has(tenant)) throw new KeyGoneError('the institution was erased; its keys are gone')
  }

  /** Inside the transaction that makes something: of two processes, the one that erases and the one that makes, the first waits for the second or is seen by it. */
  async function refuseMaking(tx: Tx): Promise<void> {
    if (await keysEnded(tx)) forget(tx.tenant)
    refuseEnded(tx.tenant)
  }

  function forget(tenant: string): void {
    ended.add(tenant)
    for (const cache of [newest, versions, secrets, signers, signings] as Map<string, unknown>[])
      for (const name of cache.keys()) if (name === tenant || name.startsWith(`${tenant} `)) cache.delete(name)
    epochs.forget(tenant as Id<'tenant'>)
  }

  /** A failed look-up is forgotten, so that a database that was away does not leave a poisoned entry behind. */
  function once<T>(cache: Map<string, Promise<T>>, name: string, make: () => Promise<T>, forMs?: number): Promise<T> {
    const known = cache.get(name)
    if (known !== undefined) return known
    const made = make()
    cache.set(name, made)
    const forget = () => {
      if (cache.get(name) === made) cache.delete(name)
    }
    made.then(() => {
      if (forMs !== undefined) setTimeout(forget, forMs).unref()
    }, forget)
    return made
  }

  async function openKek(tenant: Id<'tenant'>, row: KekRow): Promise<TenantKek> {
    const key =
      row.epoch === null
        ? await store.unwrap(row.wrapped, kekContext(tenant, row.version))
        : row.own_epoch === true
          ? unwrapKey(primitives, (await epochs.of(tenant).key(row.epoch)).key, row.wrapped, ownEpochContext(tenant, row.version, row.epoch))
          : unwrapKey(primitives, (await epochs.key(row.epoch)).key, row.wrapped, nodeEpochContext(tenant, row.version, row.epoch))
    if (key === undefined)
      throw new KeyStoreError('the root key does not open this database: it belongs to another node. Put the right root key file in place.')
    return { version: row.version, key }
  }

  async function freshKek(tenant: Id<'tenant'>, version: number): Promise<KekRow> {
    const epoch = await epochs.of(tenant).newest()
    const own = tenant !== nodeTenant
    const context = own ? ownEpochContext : nodeEpochContext
    const wrapped = wrapKey(primitives, epoch.key, primitives.randomBytes(32), context(tenant, version, epoch.number))
    return { version, epoch: epoch.number, own_epoch: own ? true : null, wrapped }
  }

  const openOnce = (tenant: Id<'tenant'>, row: KekRow) => once(versions, `${tenant} ${row.version}`, () => openKek(tenant, row), knownMs)

  const kek = async (tenant: Id<'tenant'>) => {
    refuseEnded(tenant)
    return once(
      newest,
      tenant,
      async () => {
        const found = await database.transaction(tenant, async (tx) => {
          await refuseMaking(tx)
          return newestKek(tx)
        })
        if (found !== undefined) return openOnce(tenant, found)
        const fresh = await freshKek(tenant, 1)
        // Two processes may make one at the same moment: the first row stays and both read it back.
        const kept = await database.transaction(tenant, async (tx) => {
          await refuseMaking(tx)
          await insertKek(tx, fresh)
          return newestKek(tx)
        })
        if (kept === undefined) throw new KeyStoreError('a tenant key was written but cannot be read back')
        return openOnce(tenant, kept)
      },
      newestMs,
    )
  }

  const kekVersion = async (tenant: Id<'tenant'>, version: number) => {
    refuseEnded(tenant)
    return once(
      versions,
      `${tenant} ${version}`,
      async () => {
        const row = await database.transaction(tenant, (tx) => findKek(tx, version))
        if (row === undefined) throw new KeyGoneError(`key-encryption key version ${version} of the tenant is gone`)
        return openKek(tenant, row)
      },
      knownMs,
    )
  }

  async function advance(tenant: Id<'tenant'>): Promise<TenantKek> {
    await kek(tenant)
    const before = await database.transaction(tenant, (tx) => newestKek(tx))
    const fresh = await freshKek(tenant, (before?.version ?? 0) + 1)
    const made = await database.transaction(tenant, async (tx) => {
      await refuseMaking(tx)
      if (!(await insertKek(tx, fresh))) return false
      await retireKeks(tx, fresh.version)
      return true
    })
    newest.delete(tenant)
    // Where somebody else was faster, theirs is as new as ours would have been.
    return made ? openOnce(tenant, fresh) : kek(tenant)
  }

  const secret = (tenant: Id<'tenant'>, name: string) => {
    if (!nameText.test(name)) throw new TypeError(`a secret's name is lower-case letters, digits, "/", "_" and "-": ${name}`)
    return openSecret(tenant, name)
  }

  async function openSecret(tenant: Id<'tenant'>, name: string): Promise<Uint8Array> {
    refuseEnded(tenant)
    return once(secrets, `${tenant} ${name}`, async () => {
      const wrapping = await kek(tenant)
      const fresh = wrapKey(primitives, wrapping.key, primitives.randomBytes(32), secretContext(tenant, name))
      const row = await database.transaction(tenant, async (tx) => {
        const known = await findSecret(tx, name)
        if (known !== undefined) return known
        await refuseMaking(tx)
        await insertSecret(tx, name, wrapping.version, fresh)
        return findSecret(tx, name)
      })
      if (row === undefined) throw new KeyStoreError('a secret was written but cannot be read back')
      const opened = unwrapKey(primitives, (await kekVersion(tenant, row.kek_version)).key, row.wrapped, secretContext(tenant, name))
      if (opened === undefined) throw new KeyStoreError(`the secret ${name} does not open with its tenant's key`)
      return opened
    })
  }

  const signer = async (tenant: Id<'tenant'>, name: string) => {
    refuseEnded(tenant)
    return once(signers, `${tenant} ${name}`, async () => nodeSigner(await secret(tenant, name)))
  }

  const signing = async (tenant: Id<'tenant'>, name: string) => {
    refuseEnded(tenant)
    return once(
      signings,
      `${tenant} ${name}`,
      async () => {
        const { all, settled } = await database.transaction(tenant, (tx) => countSigning(tx, name, options.settleSeconds ?? settleSeconds))
        const generations = await Promise.all(Array.from({ length: all }, (_, index) => signer(tenant, signingSecret(name, index + 1))))
        return { generations, current: generations[settled - 1] ?? (await signer(tenant, name)) }
      },
      newestMs,
    )
  }

  // The first use of the node's own key is the proof that the root key fits this database.
  const proof = await secret(nodeTenant, 'root-proof')
  if (primitives.hmacSha256(proof, utf8('root-proof')).length !== 32) throw new KeyStoreError('the root key could not be proven')
  const rest = options.restSeconds ?? restSeconds
  return {
    primitives,
    kek,
    kekVersion,
    ages: listKeks,
    secretAges: listSecrets,
    advance,
    async destroyBelow(tx, version) {
      const rested = await restedSeconds(tx, version)
      if (rested === undefined || rested < rest) return false
      await destroyKeks(tx, version)
      return true
    },
    epochs,
    forget,
    rootKind: store.kind,
    secret,
    signer,
    signing,
  }
}
