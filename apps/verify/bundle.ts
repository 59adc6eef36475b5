/** The evidence bundle as docs/reference/evidence-bundle.md describes it, read strictly: nothing unknown rides along. */
import { fromBase64, fromBase64url } from './encoding.ts'

export const formatName = 'gatehouse-evidence/v1'
export const bundleBytesMax = 256 * 1024 * 1024

export interface Bundle {
  readonly created: string
  readonly origin: string
  readonly log: { readonly checkpoint: string; readonly entries: readonly LogEntry[] }
  readonly vault: { readonly chains: readonly Chain[] }
  readonly documents: readonly EvidenceDocument[]
  readonly story: readonly { readonly text: string; readonly entry: number }[]
}

export interface LogEntry {
  readonly index: number
  readonly body: Uint8Array
  readonly proof: readonly Uint8Array[]
}

export interface Chain {
  readonly subject: string
  readonly blocks: readonly Block[]
}

export interface Block {
  readonly block_id: string
  readonly user_id: string
  readonly encrypted_data: string
  readonly data_hash: string
  readonly previous_hash: string
  readonly timestamp: string
  readonly signature: string
}

export interface EvidenceDocument {
  readonly kind: string
  readonly id: string
  readonly version?: number
  readonly digest: string
  readonly document: Record<string, unknown>
}

/** Something is wrong at a place of the bundle, given as a JSON pointer. */
export class Fault extends Error {
  readonly place: string
  constructor(place: string, text: string) {
    super(text)
    this.place = place
  }
}

/** This verifier cannot judge the input at all. */
export class NotABundle extends Error {}

/** @throws NotABundle, or Fault with the first place that has another shape than the format asks for */
export function readBundle(text: string): Bundle {
  if (text.length > bundleBytesMax) throw new NotABundle(`the bundle is larger than ${bundleBytesMax} bytes`)
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    throw new NotABundle(`the bundle is not JSON: ${(cause as Error).message}`)
  }
  const format = typeof value === 'object' && value !== null && 'format' in value ? value.format : undefined
  if (format !== formatName) throw new NotABundle(`"format" is not "${formatName}": this verifier reads that format only`)
  const top = members(value, '', ['format', 'created', 'origin', 'log', 'vault', 'documents', 'story'])
  const log = members(top.log, '/log', ['checkpoint', 'entries'])
  const vault = members(top.vault, '/vault', ['chains'])
  return {
    created: instant(top.created, '/created'),
    origin: text1(top.origin, '/origin'),
    log: { checkpoint: text1(log.checkpoint, '/log/checkpoint'), entries: each(log.entries, '/log/entries', readEntry) },
    vault: { chains: each(vault.chains, '/vault/chains', readChain) },
    documents: each(top.documents, '/documents', readDocument),
    story: each(top.story, '/story', readStory),
  }
}

function readEntry(value: unknown, place: string): LogEntry {
  const entry = members(value, place, ['index', 'body', 'proof'])
  return {
    index: count(entry.index, `${place}/index`),
    body: base64(entry.body, `${place}/body`),
    proof: each(entry.proof, `${place}/proof`, (hash, at) => base64(hash, at, 32)),
  }
}

function readChain(value: unknown, place: string): Chain {
  const chain = members(value, place, ['subject', 'blocks'])
  return { subject: uuid(chain.subject, `${place}/subject`), blocks: each(chain.blocks, `${place}/blocks`, readBlock) }
}

function readBlock(value: unknown, place: string): Block {
  const block = members(value, place, ['block_id', 'user_id', 'encrypted_data', 'data_hash', 'previous_hash', 'timestamp', 'signature'])
  const encrypted = text1(block.encrypted_data, `${place}/encrypted_data`)
  if (fromBase64url(encrypted) === undefined) throw new Fault(`${place}/encrypted_data`, 'not base64url without padding')
  base64(block.signature, `${place}/signature`, 64)
  return {
    block_id: uuid(block.block_id, `${place}/block_id`),
    user_id: uuid(block.user_id, `${place}/user_id`),
    encrypted_data: encrypted,
    data_hash: hash(block.data_hash, `${place}/data_hash`),
    previous_hash: hash(block.previous_hash, `${place}/previous_hash`),
    timestamp: instant(block.timestamp, `${place}/timestamp`),
    signature: text1(block.signature, `${place}/signature`),
  }
}

function readDocument(value: unknown, place: string): EvidenceDocument {
  const item = members(value, place, ['kind', 'id', 'digest', 'document'], ['version'])
  return {
    kind: matching(item.kind, `${place}/kind`, /^[a-z][a-z0-9_]*$/, 'a kind such as "policy"'),
    id: uuid(item.id, `${place}/id`),
    ...(item.version === undefined ? {} : { version: count(item.version, `${place}/version`) }),
    digest: hash(item.digest, `${place}/digest`),
    document: object(item.document, `${place}/document`),
  }
}

function readStory(value: unknown, place: string): { text: string; entry: number } {
  const line = members(value, place, ['text', 'entry'])
  return { text: text1(line.text, `${place}/text`), entry: count(line.entry, `${place}/entry`) }
}

export function object(value: unknown, place: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Fault(place, 'not an object')
  return value as Record<string, unknown>
}

function members(value: unknown, place: string, required: readonly string[], optional: readonly string[] = []): Record<string, unknown> {
  const found = object(value, place)
  for (const name of required) if (!Object.hasOwn(found, name)) throw new Fault(place, `"${name}" is missing`)
  const known = new Set([...required, ...optional])
  for (const name of Object.keys(found)) if (!known.has(name)) throw new Fault(place, `${JSON.stringify(name)} is no member of this format`)
  return found
}

export function each<T>(value: unknown, place: string, read: (item: unknown, place: string) => T): T[] {
  if (!Array.isArray(value)) throw new Fault(place, 'not a list')
  return value.map((item, at) => read(item, `${place}/${at}`))
}

export function text1(value: unknown, place: string): string {
  if (typeof value !== 'string' || value === '') throw new Fault(place, 'not a text, or an empty one')
  return value
}

function matching(value: unknown, place: string, form: RegExp, what: string): string {
  if (typeof value !== 'string' || !form.test(value)) throw new Fault(place, `not ${what}`)
  return value
}

export function uuid(value: unknown, place: string): string {
  return matching(value, place, /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, 'a UUID in lower case')
}

export function hash(value: unknown, place: string): string {
  return matching(value, place, /^[0-9a-f]{64}$/, 'a SHA-256 hash in lower-case hexadecimal')
}

export function instant(value: unknown, place: string): string {
  return matching(value, place, /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/, 'a time such as 2026-11-22T09:30:00.000Z')
}

export function count(value: unknown, place: string): number {
  if (!Number.isSafeInteger(value) || (value as number) < 0) throw new Fault(place, 'not a whole number from 0 on')
  return value as number
}

function base64(value: unknown, place: string, length?: number): Uint8Array {
  const bytes = typeof value === 'string' ? fromBase64(value) : undefined
  if (bytes === undefined) throw new Fault(place, 'not base64 with padding')
  if (length !== undefined && bytes.length !== length) throw new Fault(place, `${bytes.length} bytes instead of ${length}`)
  return bytes
}
