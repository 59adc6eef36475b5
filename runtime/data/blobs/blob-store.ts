/**
 * Where large objects lie: documents, backups, bundles. The bytes mean nothing to the store; whoever puts them has sealed them.
 *
 * Obligations of a driver: when `put` resolves, the object is durable; until then none, or the one before it, is seen, and never
 * half an object. `list` gives names in the order of their bytes. `delete` of what is not there is done. All of it may be called
 * from several processes at once; of two that put one name at the same moment, one of the two objects stays whole.
 *
 * Whoever puts chooses names of which none is the folder of another: MinIO keeps objects as folders and lists only the upper one.
 */
export interface BlobStore {
  readonly kind: string
  /** @throws what the body throws; nothing is kept then */
  put(name: string, body: AsyncIterable<Uint8Array>): Promise<Blob>
  /** The bytes from `start` up to but not including `end`; `undefined` when there is no such object. */
  get(name: string, range?: Range): Promise<AsyncIterable<Uint8Array> | undefined>
  stat(name: string): Promise<Blob | undefined>
  delete(name: string): Promise<void>
  /** One page of the names that begin with the prefix, after a given one; fewer than `limit` only at the end. */
  list(prefix: string, page?: ListPage): Promise<readonly Blob[]>
}

export interface Blob {
  readonly name: string
  /** Bytes. */
  readonly size: number
  readonly modifiedMs: number
}

export interface Range {
  readonly start?: number
  readonly end?: number
}

export interface ListPage {
  readonly after?: string
  /** 1 to 1000. */
  readonly limit?: number
}

export const nameMax = 512
export const pageMax = 1000

/** The store could not be reached, or a name cannot be one. The message never holds what lies in an object. */
export class BlobError extends Error {
  override readonly name = 'BlobError'
}

const segment = /^[a-z0-9_-][a-z0-9._-]{0,127}$/

/** Names are plain, so that they are the same on every disk and in every URL: lower case, no dots in front, no `.blob` at the end. */
export function checkName(name: string): string {
  if (name.length > nameMax || !name.split('/').every((part) => segment.test(part) && !part.endsWith('.blob')))
    throw new BlobError('an object has a plain name: parts of a-z, 0-9, ".", "_", "-" between slashes')
  return name
}

/** A prefix is the beginning of a name, wherever it ends. */
export function checkPrefix(prefix: string): string {
  if (prefix === '') return prefix
  checkName(prefix.endsWith('/') ? prefix.slice(0, -1) : prefix)
  return prefix
}

export function limitOf(page: ListPage | undefined): number {
  const limit = page?.limit ?? pageMax
  if (!Number.isInteger(limit) || limit < 1 || limit > pageMax) throw new BlobError(`a page has 1 to ${pageMax} names`)
  return limit
}

/** The range as first and last byte of an object, or `undefined` where it holds none. */
export function clip(range: Range | undefined, size: number): { readonly start: number; readonly end: number } | undefined {
  const start = range?.start ?? 0
  const end = Math.min(range?.end ?? size, size)
  if (!Number.isSafeInteger(start) || start < 0 || (range?.end !== undefined && !Number.isSafeInteger(range.end)))
    throw new BlobError('a range counts bytes from 0')
  return start < end ? { start, end } : undefined
}

/** Every object whose name begins with the prefix, page by page. */
export async function* listAll(store: BlobStore, prefix: string): AsyncGenerator<Blob, void, undefined> {
  for (let after: string | undefined; ; ) {
    const page = await store.list(prefix, after === undefined ? {} : { after })
    yield* page
    after = page.at(-1)?.name
    if (page.length < pageMax || after === undefined) return
  }
}
