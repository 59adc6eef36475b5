/** The log's entries: each in its canonical form, each shown to stand in the tree, all of one tenant. */
import type { Checkpoint } from './checkpoint.ts'
import type { Cryptography } from './cryptography.ts'
import { same, utf8Text } from './encoding.ts'
import { isCanonical } from './jcs.ts'
import { climb, leafHash } from './merkle.ts'
import { Fault } from './report.ts'
import { base64, count, each, hash, instant, members, object, text1, uuid } from './shape.ts'

export interface LogEntry {
  readonly index: number
  readonly body: Uint8Array
  readonly proof: readonly Uint8Array[]
}

export function readEntry(value: unknown, place: string): LogEntry {
  const entry = members(value, place, ['index', 'body', 'proof'])
  return {
    index: count(entry.index, `${place}/index`),
    body: base64(entry.body, `${place}/body`),
    proof: each(entry.proof, `${place}/proof`, (hash, at) => base64(hash, at, 32)),
  }
}

/** The part of an entry's body that the checks and the story need. */
export interface Entry {
  readonly index: number
  readonly place: string
  readonly type: string
  readonly at: string
  readonly tenant: string
  readonly decision?: string
  /** Who is concerned: what stands in the log in the person's place. */
  readonly commitment?: string
  readonly object?: { readonly kind: string; readonly id: string }
  readonly details: Record<string, unknown>
}

/** @throws Fault with the place of the first fault of this entry */
export async function checkEntry(entry: LogEntry, place: string, checkpoint: Checkpoint, cryptography: Cryptography): Promise<Entry> {
  const read = readBody(entry, place)
  if (entry.index >= checkpoint.size) throw new Fault(`${place}/index`, `the checkpoint covers ${checkpoint.size} entries only`)
  const climbed = await climb(await leafHash(entry.body, cryptography), entry.index, checkpoint.size, entry.proof, cryptography)
  if (climbed === undefined || !same(climbed.top, checkpoint.root))
    throw new Fault(place, `entry ${entry.index} is not in the log as the checkpoint has it: index, body or proof was changed`)
  return read
}

/** @throws Fault for a body that is not the canonical text of an entry */
export function readBody(entry: Pick<LogEntry, 'index' | 'body'>, place: string, at = `${place}/body`): Entry {
  const text = utf8Text(entry.body)
  let value: unknown
  try {
    if (text === undefined) throw new RangeError('not UTF-8')
    value = JSON.parse(text)
    if (!isCanonical(text, value)) throw new RangeError('not in the canonical form of RFC 8785')
  } catch (cause) {
    throw new Fault(at, `the entry's body is malformed: ${(cause as Error).message}`)
  }
  const body = object(value, at)
  if (body.v !== 1) throw new Fault(at, 'the entry is not of version 1')
  uuid(body.id, at)
  const about = body.object === undefined ? undefined : object(body.object, at)
  return {
    index: entry.index,
    place,
    type: text1(body.type, at),
    at: instant(body.at, at),
    tenant: uuid(body.tenant, at),
    ...(body.decision === undefined ? {} : { decision: text1(body.decision, at) }),
    ...(body.subject_c === undefined ? {} : { commitment: hash(body.subject_c, at) }),
    ...(about === undefined ? {} : { object: { kind: text1(about.kind, at), id: text1(about.id, at) } }),
    // The canonical form leaves out what an act has nothing to say about.
    details: body.details === undefined ? {} : object(body.details, at),
  }
}

/** @throws Fault where entries are out of order or doubled, or belong to different tenants */
export function checkOrder(listed: readonly LogEntry[], entries: readonly Entry[]): void {
  listed.forEach((entry, at) => {
    const before = listed[at - 1]
    if (before !== undefined && entry.index <= before.index)
      throw new Fault(`/log/entries/${at}/index`, `entry ${entry.index} does not follow entry ${before.index}`)
  })
  for (const entry of entries) {
    if (entry.tenant !== entries[0]?.tenant) throw new Fault(`${entry.place}/body`, 'the entry belongs to another tenant than the first one')
  }
}
