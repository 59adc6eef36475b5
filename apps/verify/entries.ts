/** The log's entries: each in its canonical form, each shown to stand in the tree, all of one tenant. */
import { type Bundle, Fault, hash, instant, type LogEntry, object, text1, uuid } from './bundle.ts'
import type { Checkpoint } from './checkpoint.ts'
import type { Cryptography } from './cryptography.ts'
import { join, same, utf8Text } from './encoding.ts'
import { canonical } from './jcs.ts'

/** The part of an entry's body that the checks and the story need. */
export interface Entry {
  readonly index: number
  readonly place: string
  readonly type: string
  readonly at: string
  readonly tenant: string
  readonly decision?: string
  readonly details: Record<string, unknown>
}

/** @throws Fault with the place of the first fault of this entry */
export async function checkEntry(entry: LogEntry, place: string, checkpoint: Checkpoint, cryptography: Cryptography): Promise<Entry> {
  const read = readBody(entry, place)
  if (entry.index >= checkpoint.size) throw new Fault(`${place}/index`, `the checkpoint covers ${checkpoint.size} entries only`)
  if (!(await isIncluded(entry, checkpoint, cryptography)))
    throw new Fault(place, `entry ${entry.index} is not in the log as the checkpoint has it: index, body or proof was changed`)
  return read
}

function readBody(entry: LogEntry, place: string): Entry {
  const at = `${place}/body`
  const text = utf8Text(entry.body)
  let value: unknown
  try {
    if (text === undefined) throw new RangeError('not UTF-8')
    value = JSON.parse(text)
    if (canonical(value) !== text) throw new RangeError('not in the canonical form of RFC 8785')
  } catch (cause) {
    throw new Fault(at, `the entry's body is malformed: ${(cause as Error).message}`)
  }
  const body = object(value, at)
  if (body.v !== 1) throw new Fault(at, 'the entry is not of version 1')
  uuid(body.id, at)
  if (body.subject_c !== undefined) hash(body.subject_c, at)
  return {
    index: entry.index,
    place,
    type: text1(body.type, at),
    at: instant(body.at, at),
    tenant: uuid(body.tenant, at),
    ...(body.decision === undefined ? {} : { decision: text1(body.decision, at) }),
    details: object(body.details, at),
  }
}

/** Walks the proof from the leaf to the root (RFC 9162 section 2.1.3.2). */
async function isIncluded(entry: LogEntry, { size, root }: Checkpoint, { sha256 }: Cryptography): Promise<boolean> {
  let place = entry.index
  let last = size - 1
  let node = await sha256(join(Uint8Array.of(0), entry.body))
  for (const sibling of entry.proof) {
    if (last === 0) return false
    const isRight = place % 2 === 1
    node = await sha256(isRight || place === last ? join(Uint8Array.of(1), sibling, node) : join(Uint8Array.of(1), node, sibling))
    // The last node of a row with no twin rises until it has one.
    while (!isRight && place === last && place % 2 === 0 && place > 0) {
      place /= 2
      last = Math.floor(last / 2)
    }
    place = Math.floor(place / 2)
    last = Math.floor(last / 2)
  }
  return last === 0 && same(node, root)
}

/** @throws Fault where entries are out of order or doubled, or belong to different tenants */
export function checkOrder({ log }: Bundle, entries: readonly Entry[]): void {
  log.entries.forEach((entry, at) => {
    const before = log.entries[at - 1]
    if (before !== undefined && entry.index <= before.index)
      throw new Fault(`/log/entries/${at}/index`, `entry ${entry.index} does not follow entry ${before.index}`)
  })
  for (const entry of entries) {
    if (entry.tenant !== entries[0]?.tenant) throw new Fault(`${entry.place}/body`, 'the entry belongs to another tenant than the first one')
  }
}
