/**
 * Identifiers are UUIDv7 (RFC 9562 section 5.7): sortable by time of creation, made by us and never by the database.
 * Secrets are never ids: whoever learns an id has learned nothing that opens a door.
 */

/** Every kind of thing that has an id. Alphabetical and append-only: a kind once used is never reused for another noun. */
export const idKinds = [
  'agreement',
  'alert',
  'alert_rule',
  'anchor',
  'anchor_target',
  'api_key',
  'application',
  'approval',
  'batch',
  'block',
  'certificate',
  'comment',
  'connection',
  'consent',
  'consent_offer',
  'consent_proposal',
  'credential',
  'credential_type',
  'data_source',
  'decision',
  'delegation',
  'delivery',
  'deployment',
  'device',
  'document',
  'draft',
  'emergency',
  'entry',
  'erasure',
  'event',
  'factor',
  'grant',
  'guardianship',
  'hold',
  'identity_provider',
  'import',
  'invitation',
  'job',
  'key',
  'letter',
  'link_job',
  'link_key',
  'look',
  'member',
  'message',
  'negotiation',
  'notification',
  'offer',
  'opt_out',
  'participant',
  'partner',
  'peer',
  'phone',
  'policy',
  'presentation',
  'product',
  'project',
  'proof',
  'proof_request',
  'publication',
  'purpose',
  'query_plan',
  'query_result',
  'query_run',
  'query_schedule',
  'receipt',
  'record_type',
  'reidentification',
  'release',
  'replay',
  'request',
  'retention_rule',
  'review',
  'rights_request',
  'role',
  'session',
  'source',
  'subject',
  'submission',
  'table',
  'team',
  'template',
  'tenant',
  'transfer',
  'upload',
  'user',
  'view',
  'webhook',
  'witness',
] as const

export type IdKind = (typeof idKinds)[number]

declare const kind: unique symbol
/** A UUID in lower-case text that names one thing of the given kind. */
export type Id<K extends IdKind> = string & { readonly [kind]: K }

const uuidText = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

export function isUuid(text: string): boolean {
  return uuidText.test(text)
}

/** Reads an id from outside. Upper case is folded; anything that is not a UUID gives `undefined`. */
export function parseId<K extends IdKind>(text: string): Id<K> | undefined {
  const folded = text.toLowerCase()
  return uuidText.test(folded) ? (folded as Id<K>) : undefined
}

/** What an id is made from: the time in milliseconds and ten random bytes. Both are arguments so that tests are repeatable. */
export interface IdSource {
  readonly nowMs: () => number
  readonly randomBytes: (length: number) => Uint8Array
}

const hex = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

/**
 * Makes a UUIDv7: 48 bits of milliseconds, version, 12 random bits, variant, 62 random bits.
 * @throws RangeError when the time does not fit 48 bits
 */
export function newId<K extends IdKind>(source: IdSource): Id<K> {
  const ms = source.nowMs()
  if (!Number.isSafeInteger(ms) || ms < 0 || ms > 0xffff_ffff_ffff) throw new RangeError(`an id needs a time in milliseconds of at most 48 bits, got ${ms}`)
  const bytes = new Uint8Array(16)
  const high = Math.floor(ms / 0x1_0000_0000)
  const low = ms % 0x1_0000_0000
  bytes[0] = high >>> 8
  bytes[1] = high
  bytes[2] = low >>> 24
  bytes[3] = low >>> 16
  bytes[4] = low >>> 8
  bytes[5] = low
  bytes.set(source.randomBytes(10), 6)
  bytes[6] = 0x70 | ((bytes[6] as number) & 0x0f)
  bytes[8] = 0x80 | ((bytes[8] as number) & 0x3f)
  let text = ''
  for (let i = 0; i < 16; i++) {
    if (i === 4 || i === 6 || i === 8 || i === 10) text += '-'
    text += hex[bytes[i] as number]
  }
  return text as Id<K>
}

/** No id made at that moment (ms) or later sorts before this one: the bound of a search by time. */
export function lowestIdAt<K extends IdKind>(ms: number): Id<K> {
  const time = Math.min(Math.max(0, Math.floor(ms)), 0xffff_ffff_ffff)
    .toString(16)
    .padStart(12, '0')
  return `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-000000000000` as Id<K>
}

/** The sixteen bytes of a UUID, for use as a salt or in associated data. */
export function idBytes(id: string): Uint8Array {
  const digits = id.replaceAll('-', '')
  const bytes = new Uint8Array(16)
  for (let i = 0; i < 16; i++) bytes[i] = Number.parseInt(digits.slice(i * 2, i * 2 + 2), 16)
  return bytes
}
