import { createHash, randomBytes } from 'node:crypto'
import type { Id } from '@gatehouse/core/id'
import { listAll } from '@gatehouse/runtime/data/blobs/blob-store'
import type { FileAnswer } from '@gatehouse/runtime/door/operation'
import { type TestNode, testNode } from '@gatehouse/runtime/door/testing/node'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findSubject, subjectsModule } from '../../../subjects/index.ts'
import { retentionModule } from '../../retention/index.ts'
import { vaultModule } from '../../vault/index.ts'
import { inParts } from '../byte-stream.ts'
import { createDocument } from '../create.ts'
import { deleteDocument } from '../delete.ts'
import { downloadVersion } from '../download.ts'
import { documentsEraser } from '../erase.ts'
import { documentsModule } from '../module.ts'
import { readDocument } from '../read.ts'
import { fileBytesMax, partBytes, uploadMs, uploadsMax } from '../schema.ts'
import { sweepOrphans } from '../sweep.ts'
import { appendToUpload } from './append.ts'
import { beginUpload } from './begin.ts'
import { cancelUpload } from './cancel.ts'
import { finishUpload } from './finish.ts'
import { readUpload } from './read.ts'

let t: TestNode
beforeAll(async () => {
  t = await testNode({ modules: [subjectsModule, vaultModule, retentionModule, documentsModule] })
})
afterAll(() => t.close())

async function* one(...parts: Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* parts
}
async function* breaking(...parts: Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* parts
  throw new Error('the line broke')
}
const create = async (more: object = {}) => {
  const answer = await t.door.enter(createDocument, { title: 'Picture', source: 'lab', ...more }, t.admin)
  if (answer.outcome !== 'done') throw new Error(answer.outcome)
  return answer.output.id
}
interface Place {
  document: Id<'document'>
  upload: Id<'upload'>
}
const begin = async (bytes: number, document?: Id<'document'>): Promise<Place> => {
  const owner = document ?? (await create())
  const answer = await t.door.enter(beginUpload, { document: owner, bytes }, t.admin)
  if (answer.outcome !== 'done') throw new Error(answer.outcome)
  return { document: owner, upload: answer.output.id }
}
const append = (place: Place, offset: number, body: AsyncIterable<Uint8Array>, as = t.admin) => t.door.enter(appendToUpload, { ...place, offset, body }, as)
const finish = (place: Place, more: object = {}, as = t.admin) => t.door.enter(finishUpload, { ...place, ...more }, as)
const received = async (place: Place) => {
  const answer = await t.door.enter(readUpload, place, t.admin)
  return answer.outcome === 'done' ? answer.output.received : answer.outcome
}
const objects = async () => {
  let count = 0
  for await (const _ of listAll(t.blobs, 'documents/')) count++
  return count
}
const fileOf = async (document: Id<'document'>, version = 1) => {
  const answer = await t.door.enter(downloadVersion, { document, version, purpose: 'treatment' }, t.admin)
  if (answer.outcome !== 'done') throw new Error(answer.outcome)
  const parts: Uint8Array[] = []
  for await (const part of (answer.output as FileAnswer).chunks) parts.push(part as Uint8Array)
  return Buffer.concat(parts)
}
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')
const refusedWith = (slug: string) => ({ outcome: 'refused', problem: { kind: { type: `/problems/documents/${slug}` } } })
const notFound = { outcome: 'refused', problem: { kind: { status: 404 } } }

describe('what is refused', () => {
  it('bytes that are not the next ones, with the place to go on from', async () => {
    const place = await begin(10)
    await append(place, 0, one(randomBytes(4)))
    for (const offset of [0, 3, 5]) {
      expect(await append(place, offset, one(randomBytes(2)))).toMatchObject({ ...refusedWith('offset-mismatch'), problem: { extensions: { received: 4 } } })
    }
    expect(await received(place)).toBe(4)
  })

  it('more bytes than were announced, and a file that is too large from the start', async () => {
    const place = await begin(4)
    const before = await objects()
    expect(await append(place, 0, one(randomBytes(5)))).toMatchObject({ outcome: 'refused', problem: { kind: { status: 413 } } })
    expect(await objects()).toBe(before)
    await expect(begin(fileBytesMax + 1)).rejects.toThrow()
  })

  it('to finish what is not there yet, or is another file than announced', async () => {
    const place = await begin(4)
    await append(place, 0, one(randomBytes(3)))
    expect(await finish(place)).toMatchObject({ ...refusedWith('upload-incomplete'), problem: { extensions: { received: 3 } } })
    await append(place, 3, one(randomBytes(1)))
    expect(await finish(place, { sha256: sha256(randomBytes(4)) })).toMatchObject(refusedWith('digest-mismatch'))
    expect(await finish(place)).toMatchObject({ output: { version: 1 } })
  })

  it('what is of another institution, or named with another document', async () => {
    const [place, other] = [await begin(4), await begin(4)]
    const stranger = t.principal({ tenant: '01980000-0000-7000-8000-000000000002' as Id<'tenant'> })
    expect(await append(place, 0, one(randomBytes(4)), stranger)).toMatchObject(notFound)
    expect(await finish(place, {}, stranger)).toMatchObject(notFound)
    const mixed = { document: other.document, upload: place.upload }
    expect(await append(mixed, 0, one(randomBytes(4)))).toMatchObject(notFound)
    expect(await finish(mixed)).toMatchObject(notFound)
    expect(await t.door.enter(readUpload, mixed, t.admin)).toMatchObject(notFound)
    expect(await t.door.enter(cancelUpload, mixed, t.admin)).toMatchObject(notFound)
    expect(await t.door.enter(readUpload, place, stranger)).toMatchObject(notFound)
  })

  it('more uploads of one document than are needed', async () => {
    const document = await create()
    for (let open = 0; open < uploadsMax; open++) await begin(1, document)
    expect(await t.door.enter(beginUpload, { document, bytes: 1 }, t.admin)).toMatchObject(refusedWith('too-many-uploads'))
  })

  it.each([
    ['gone', (blob: string) => t.blobs.delete(blob)],
    ['replaced', async (blob: string) => void (await t.blobs.put(blob, one(randomBytes(100))))],
  ])('to finish with a part that is %s', async (_, harm) => {
    const place = await begin(8)
    await append(place, 0, one(randomBytes(8)))
    const [row] = await t.database.transaction(t.tenant, (tx) =>
      tx.query<{ blob: string }>('SELECT blob FROM documents.upload_part WHERE upload_id = $1', [place.upload]),
    )
    await harm(row?.blob ?? '')
    expect(await finish(place)).toMatchObject(refusedWith('unreadable'))
    expect(await t.door.enter(readDocument, { document: place.document }, t.admin)).toMatchObject({ output: { versions: [] } })
  })
})

describe('an upload', () => {
  it('goes on where the line broke, keeps what had come, and leaves no part behind', async () => {
    const bytes = randomBytes(2 * partBytes + 1_000)
    const before = await objects()
    const place = await begin(bytes.length)
    await expect(append(place, 0, breaking(bytes.subarray(0, partBytes + 77)))).rejects.toThrow()
    expect(await received(place)).toBe(partBytes + 77)
    await append(place, partBytes + 77, one(bytes.subarray(partBytes + 77)))
    expect(await received(place)).toBe(bytes.length)
    expect(await finish(place, { sha256: sha256(bytes) })).toMatchObject({ output: { version: 1, bytes: bytes.length, repeated: false } })
    expect((await fileOf(place.document)).equals(bytes)).toBe(true)
    expect(await objects()).toBe(before + 1)
    expect(await append(place, bytes.length, one())).toMatchObject(refusedWith('upload-finished'))
  })

  it('that is finished again, or twice at once, is one version', async () => {
    const bytes = randomBytes(100_000)
    const place = await begin(bytes.length)
    await append(place, 0, one(bytes))
    const answers = await Promise.all([finish(place), finish(place), finish(place)])
    for (const answer of answers) expect(answer).toMatchObject({ outcome: 'done', output: { version: 1 } })
    expect(await finish(place)).toMatchObject({ output: { version: 1, repeated: true } })
    expect((await fileOf(place.document)).equals(bytes)).toBe(true)
  })

  it('that two send at once takes each byte once', async () => {
    const bytes = randomBytes(5_000)
    const place = await begin(bytes.length)
    const before = await objects()
    const answers = await Promise.all([1, 2, 3, 4].map(() => append(place, 0, one(bytes))))
    expect(answers.map(({ outcome }) => outcome).sort()).toEqual(['done', 'refused', 'refused', 'refused'])
    expect(await objects()).toBe(before + 1)
  })

  it('of an empty file is a file', async () => {
    const place = await begin(0)
    expect(await finish(place)).toMatchObject({ output: { version: 1, bytes: 0 } })
  })

  it('ends with its document, by cancelling, and after a week, and its objects with it', async () => {
    // The clock of the disk is the machine's, so the test's is set by it; what other tests left goes first.
    t.clock.set(Date.now() + 2 * uploadMs)
    await t.door.enter(sweepOrphans, {}, t.admin)
    t.clock.set(Date.now())
    const before = await objects()
    const [deleted, cancelled, forgotten] = [await begin(9), await begin(9), await begin(9)]
    for (const place of [deleted, cancelled, forgotten]) await append(place, 0, one(randomBytes(5)))
    expect(await t.door.enter(deleteDocument, { document: deleted.document }, t.admin)).toMatchObject({ outcome: 'done' })
    expect(await t.door.enter(cancelUpload, cancelled, t.admin)).toMatchObject({ outcome: 'done' })
    expect(await objects()).toBe(before + 1)
    for (const place of [deleted, cancelled]) expect(await append(place, 5, one(randomBytes(4)))).toMatchObject(notFound)
    t.clock.set(Date.now() + 2 * 86_400_000)
    await t.door.enter(sweepOrphans, {}, t.admin)
    expect(await objects()).toBe(before + 1)
    t.clock.set(Date.now() + uploadMs + 86_400_000)
    expect(await append(forgotten, 5, one(randomBytes(4)))).toMatchObject(notFound)
    const swept = await t.door.enter(sweepOrphans, {}, t.admin)
    expect(swept.outcome === 'done' && swept.output.uploads).toBeGreaterThan(0)
    expect(swept.outcome === 'done' && swept.output.swept).toBeGreaterThan(0)
    t.clock.set(Date.now())
  })

  it('about a person is forgotten with the person, and its parts lie nowhere in the clear', async () => {
    const document = await create({ user_id: 'C-1' })
    const place = await begin(64, document)
    await append(place, 0, one(Buffer.from('Ana Quetzalli '.repeat(4))))
    const subject = await t.database.transaction(t.tenant, (tx) => findSubject(tx, t.door.node, 'C-1'))
    if (subject === undefined) throw new Error('no person')
    const person = { tenant: t.tenant, subject: subject.id, now: '2026-11-22T10:00:00.000Z' as never }
    const rows = await t.database.transaction(t.tenant, (tx) =>
      tx.query<{ blob: string }>('SELECT blob FROM documents.upload_part WHERE upload_id = $1', [place.upload]),
    )
    const parts: Uint8Array[] = []
    for await (const part of (await t.blobs.get(rows[0]?.blob ?? '')) ?? one()) parts.push(part)
    expect(parts.length).toBeGreaterThan(0)
    expect(Buffer.concat(parts).toString('latin1')).not.toContain('Quetzalli')
    await t.database.transaction(t.tenant, (tx) => documentsEraser.eraseSubject(tx, t.door.node, person))
    expect(await documentsEraser.purgeSubject?.(t.door.node, person)).toEqual({ 'documents.files': 1 })
    expect(await received(place)).toBe('refused')
  })
})

describe('pieces of a stream', () => {
  it('have the length asked for, however the bytes come, and none is empty', async () => {
    const bytes = randomBytes(103)
    for (const cuts of [[103], [1, 102], [10, 10, 10, 73], [0, 50, 0, 53]]) {
      const ends = cuts.map((_, number) => cuts.slice(0, number + 1).reduce((sum, cut) => sum + cut, 0))
      const pieces: Uint8Array[] = []
      for await (const piece of inParts(one(...ends.map((end, number) => bytes.subarray(ends[number - 1] ?? 0, end))), 10)) pieces.push(piece)
      expect(pieces.map(({ length }) => length)).toEqual([...Array.from({ length: 10 }, () => 10), 3])
      expect(Buffer.concat(pieces).equals(bytes)).toBe(true)
    }
  })
})
