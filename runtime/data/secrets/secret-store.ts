/**
 * Where secrets of other systems are kept: passwords of sources, tokens that people gave. What is put in comes out only inside the
 * node, for the component that uses it; no operation of the API answers with a value.
 *
 * Whoever reads a secret holds a lease: it may use the value until `leaseEndsMs` and has to read again then. `put` makes the next
 * version, which is what `read` gives from that moment on; the version before stays valid for one more lease, so that nobody who
 * holds it is cut off in the middle of its work.
 *
 * Obligations of a driver: a version is durable when `put` returns and is never changed afterwards; of two that put at once both become
 * versions, one after the other; a value lies at rest sealed; one tenant's names are invisible to every other; `delete` ends all versions
 * at once, whatever leases say. All of it may be called from several processes at once.
 */
import type { Id } from '@gatehouse/core/id'

export interface SecretStore {
  readonly kind: string
  put(tenant: Id<'tenant'>, name: string, value: Uint8Array, leaseSeconds: number): Promise<SecretFacts>
  /** The newest version, or an older one that is still valid; `undefined` when there is none. */
  read(tenant: Id<'tenant'>, name: string, version?: number): Promise<LeasedSecret | undefined>
  /** Everything about a secret but its value. */
  describe(tenant: Id<'tenant'>, name: string): Promise<SecretFacts | undefined>
  /** Sorted by name. */
  list(tenant: Id<'tenant'>): Promise<readonly SecretFacts[]>
  /** False when there was none. */
  delete(tenant: Id<'tenant'>, name: string): Promise<boolean>
  /** Removes everything of a tenant, for a store that lies outside the node's database. @returns how many there were */
  forget?(tenant: Id<'tenant'>): Promise<number>
}

export interface LeasedSecret {
  readonly value: Uint8Array
  readonly version: number
  readonly leaseEndsMs: number
}

export interface SecretFacts {
  readonly name: string
  readonly version: number
  readonly createdMs: number
  readonly leaseSeconds: number
  /** Until when the version before may still be used; absent when there is none that may. */
  readonly earlierUntilMs?: number
}

/** The store could not be reached, or was asked for what it cannot keep. The message never holds a value. */
export class SecretStoreError extends Error {
  override readonly name = 'SecretStoreError'
}

export const secretBytesMax = 16_384
export const leaseSecondsMax = 86_400

const nameText = /^[a-z][a-z0-9_-]{0,62}(\/[a-z0-9][a-z0-9_-]{0,62}){0,3}$/

export function isSecretName(name: string): boolean {
  return nameText.test(name)
}

export function checkSecretName(name: string): string {
  if (!isSecretName(name)) throw new SecretStoreError('a secret has a plain name: one to four parts of a-z, 0-9, "_" and "-" between slashes')
  return name
}

export function checkSecret(name: string, value: Uint8Array, leaseSeconds: number): void {
  checkSecretName(name)
  if (value.length === 0 || value.length > secretBytesMax) throw new SecretStoreError(`a secret has 1 to ${secretBytesMax} bytes`)
  if (!Number.isInteger(leaseSeconds) || leaseSeconds < 1 || leaseSeconds > leaseSecondsMax)
    throw new SecretStoreError(`a lease lasts 1 to ${leaseSecondsMax} seconds`)
}
