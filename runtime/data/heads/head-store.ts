/**
 * A small store of heads: for each name one value that moves by compare-and-swap. It is meant to lie in another trust zone than the
 * database, so that whoever copies, restores or rewrites the database cannot take a head back.
 *
 * Obligations of a driver: what `compareAndSwap` answered with a version is durable, and every later `read` of any process sees it or
 * what followed it. Of any number that name the same expected version at most one succeeds. A version is never given twice, not even
 * after the store itself was restored from a copy. `undefined` means that the value did not move by this call as far as can be told: the
 * caller reads again and decides anew. A store that cannot be reached throws a HeadStoreError, after which the value may or may not
 * have moved.
 */
export interface HeadStore {
  /** What kind of place this is, for people: `folder`, `postgres` or `s3`. */
  readonly kind: string
  read(name: string): Promise<Head | undefined>
  /**
   * @param expected the version that `read` or the last swap gave; `undefined` where there is to be none yet
   * @returns the new version, or `undefined` when another was there
   * @throws HeadStoreError when the store cannot be reached; RangeError for a name or value that it does not take
   */
  compareAndSwap(name: string, expected: string | undefined, value: Uint8Array): Promise<string | undefined>
  /** Every name that begins with the prefix, in order. */
  list(prefix: string): Promise<string[]>
  close(): Promise<void>
}

export interface Head {
  readonly version: string
  readonly value: Uint8Array
}

export class HeadStoreError extends Error {
  override readonly name = 'HeadStoreError'
}

export const headBytesMax = 64 * 1024
const nameLengthMax = 200
const namePattern = /^[a-z0-9][a-z0-9-]*(?:\/[a-z0-9][a-z0-9-]*)*$/

/** Names are words with slashes between them: `log/0198c1de-…`. @throws RangeError for anything else */
export function checkHead(name: string, value?: Uint8Array): void {
  if (name.length > nameLengthMax || !namePattern.test(name)) throw new RangeError(`not a name of a head: ${JSON.stringify(name.slice(0, nameLengthMax))}`)
  if (value !== undefined && value.length > headBytesMax) throw new RangeError(`a head holds at most ${headBytesMax} bytes, got ${value.length}`)
}
