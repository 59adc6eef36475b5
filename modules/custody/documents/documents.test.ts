import { createHash, randomBytes } from 'node:crypto'
import type { Id } from '@gatehouse/core/id'
import { Problem } from '@gatehouse/core/problem'
import { listAll } from '@gatehouse/runtime/data/blobs/blob-store'
import { ScanError, type Scanner } from '@gatehouse/runtime/data/scan/scanner'
import type { FileAnswer } from '@gatehouse/runtime/door/operation'
import { type TestNode, testNode } from '@gatehouse/runtime/door/testing/node'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { findSubject, subjectsModule } from '../../subjects/index.ts'
import { archive } from '../retention/archive.ts'
import { retentionModule } from '../retention/index.ts'
import { liftHold } from '../retention/lift-hold.ts'
import { placeHold } from '../retention/place-hold.ts'
import { restore } from '../retention/restore.ts'
import { vaultEraser } from '../vault/erase.ts'
import { vaultModule } from '../vault/index.ts'
import { createDocument } from './create.ts'
import { deleteDocument } from './delete.ts'
import { downloadVersion } from './download.ts'
import { documentsEraser } from './erase.ts'
import { listDocuments } from './list.ts'
import { documentsModule } from './module.ts'
import { subjectPrefix } from './names.ts'
import { readDocument } from './read.ts'
import { scanVersion } from './scan.ts'
import { sniff } from './sniff.ts'
import { sweepOrphans } from './sweep.ts'
import { uploadVersion } from './upload.ts'
import { watchFile } from './watch-file.ts'

const letter = 'Dear Ana Quetzalli, your results are in.'
let verdict: Scanner['scan'] | undefined
const scanner: Scanner = {
  kind: 'test',
  scan: async (body) => {
    let size = 0
    for await (const piece of body) size += piece.length
    if (verdict === undefined) throw new ScanError('away')
    return verdict(one(String(size)))
  },
}
async function* one(...parts: (string | Uint8Array)[]): AsyncGenerator<Uint8Array> {
  for (const part of parts) yield typeof part === 'string' ? Buffer.from(part) : part
}

let t: TestNode
beforeAll(async () => {
  t = await testNode({ modules: [subjectsModule, vaultModule, retentionModule, documentsModule], scanner })
})
afterAll(() => t.close())
beforeEach(() => {
  verdict = async () => ({ verdict: 'clean' })
})

const create = async (more: object = {}) => {
  const answer = await t.door.enter(createDocument, { title: 'Results of Ana Quetzalli', source: 'lab', ...more }, t.admin)
  if (answer.outcome !== 'done') throw new Error(answer.outcome)
  return answer.output.id
}
const upload = (document: Id<'document'>, body: AsyncIterable<Uint8Array> = one(letter), more: object = {}) =>
  t.door.enter(uploadVersion, { document, body, ...more }, t.admin)
const scan = (document: Id<'document'>, version = 1) => t.door.enter(scanVersion, { document, version }, t.admin)
const download = (document: Id<'document'>, version = 1, as = t.admin) => t.door.enter(downloadVersion, { document, version, purpose: 'treatment' }, as)
const textOf = async (answer: Awaited<ReturnType<typeof download>>) => {
  if (answer.outcome !== 'done') throw new Error('the file was refused')
  const parts: Buffer[] = []
  for await (const part of (answer.output as FileAnswer).chunks) parts.push(Buffer.from(part))
  return Buffer.concat(parts)
}
const kept = async (more: object = {}) => {
  const id = await create(more)
  await upload(id)
  await scan(id)
  return id
}
const names = async (prefix = '') => {
  const found: string[] = []
  for await (const { name } of listAll(t.blobs, prefix)) found.push(name)
  return found
}
const refusedWith = (slug: string) => ({ outcome: 'refused', problem: { kind: { type: `/problems/documents/${slug}` } } })
const notFound = { outcome: 'refused', problem: { kind: { status: 404 } } }
const blobOf = async (document: Id<'document'>) =>
  (await t.database.transaction(t.tenant, (tx) => tx.query<{ blob: string }>('SELECT blob FROM documents.version WHERE document_id = $1', [document])))[0]
    ?.blob ?? ''

describe('what is not handed out', () => {
  it('a file in quarantine', async () => {
    const id = await create()
    expect(await upload(id)).toMatchObject({ outcome: 'done', output: { version: 1, scan: 'pending' } })
    expect(t.enqueued).toContainEqual({ queue: 'documents-scan', data: { tenant: t.tenant, document: id, version: 1 } })
    expect(await download(id)).toMatchObject(refusedWith('quarantined'))
    expect(t.entries.at(-1)).toMatchObject({ type: 'documents.download', facts: { decision: 'deny', object: { id }, purpose: 'treatment' } })
  })

  it('a file whose scanner is away, however often it is asked', async () => {
    const id = await create()
    await upload(id)
    verdict = undefined
    for (let turn = 0; turn < 3; turn++) expect(await scan(id)).toMatchObject({ outcome: 'refused', problem: { kind: { status: 503 } } })
    expect(await download(id)).toMatchObject(refusedWith('quarantined'))
  })

  it('a file in which something was found', async () => {
    verdict = async () => ({ verdict: 'infected', signature: 'Eicar' })
    const id = await kept()
    expect(await download(id)).toMatchObject(refusedWith('infected'))
    expect(t.entries.some(({ type, facts }) => type === 'documents.scan' && facts.details?.signature === 'Eicar')).toBe(true)
  })

  it('a file of another institution, its document, and its list', async () => {
    const id = await kept()
    const stranger = t.principal({ tenant: '01980000-0000-7000-8000-000000000002' as Id<'tenant'> })
    expect(await download(id, 1, stranger)).toMatchObject(notFound)
    expect(await t.door.enter(readDocument, { document: id }, stranger)).toMatchObject(notFound)
    expect(await t.door.enter(uploadVersion, { document: id, body: one('x') }, stranger)).toMatchObject(notFound)
    expect(await t.door.enter(deleteDocument, { document: id }, stranger)).toMatchObject(notFound)
    expect(await t.door.enter(listDocuments, {}, stranger)).toMatchObject({ output: { data: [] } })
  })

  it('a version that does not exist, and a document that does not', async () => {
    expect(await download(await kept(), 2)).toMatchObject(notFound)
    expect(await download('0198c1de-7b3a-7c4d-8e5f-000000000001' as Id<'document'>)).toMatchObject(notFound)
  })

  it.each([
    ['that is gone', (blob: string) => t.blobs.delete(blob)],
    ['that was cut', async (blob: string) => void (await t.blobs.put(blob, one(randomBytes(3))))],
    ['that was replaced', async (blob: string) => void (await t.blobs.put(blob, one(randomBytes(100))))],
  ])('an object %s', async (_, harm) => {
    const id = await kept()
    await harm(await blobOf(id))
    expect(await download(id)).toMatchObject(refusedWith('unreadable'))
  })

  it('an object that was put in the place of another, even one of the same document', async () => {
    const id = await create()
    await upload(id, one('first'))
    await upload(id, one('second'))
    await scan(id, 1)
    const rows = await t.database.transaction(t.tenant, (tx) =>
      tx.query<{ blob: string }>('SELECT blob FROM documents.version WHERE document_id = $1 ORDER BY version', [id]),
    )
    const [first, second] = rows.map(({ blob }) => blob) as [string, string]
    const bytes = await t.blobs.get(second)
    if (bytes === undefined) throw new Error('no object')
    await t.blobs.put(first, bytes)
    expect(await download(id, 1)).toMatchObject(refusedWith('unreadable'))
  })

  it('an object of another institution in the place of ours, with its row and its key too', async () => {
    const id = await kept()
    const other = '01980000-0000-7000-8000-000000000004' as Id<'tenant'>
    const stranger = t.principal({ tenant: other })
    const made = await t.door.enter(createDocument, { title: 'Theirs', source: 'lab' }, stranger)
    if (made.outcome !== 'done') throw new Error(made.outcome)
    await t.door.enter(uploadVersion, { document: made.output.id, body: one('a letter of theirs') }, stranger)
    const theirs = await t.database.transaction(other, (tx) =>
      tx.query<{ blob: string }>('SELECT blob FROM documents.version WHERE document_id = $1', [made.output.id]),
    )
    const bytes = await t.blobs.get(theirs[0]?.blob ?? '')
    if (bytes === undefined) throw new Error('no object')
    const ours = await blobOf(id)
    await t.blobs.put(ours, bytes)
    expect(await download(id)).toMatchObject(refusedWith('unreadable'))
    // Whoever holds the database makes our row theirs, with the object that it leads to.
    await t.database.transaction('node', async (tx) => {
      const [row] = await tx.query<{ blob: string; salt: Buffer; bytes: string; digest: Buffer }>(
        'DELETE FROM documents.version WHERE document_id = $1 RETURNING blob, salt, bytes, digest',
        [made.output.id],
      )
      await tx.query('UPDATE documents.version SET blob = $2, salt = $3, bytes = $4, digest = $5 WHERE document_id = $1', [
        id,
        row?.blob,
        row?.salt,
        row?.bytes,
        row?.digest,
      ])
    })
    expect(await blobOf(id)).toBe(theirs[0]?.blob)
    expect(await download(id)).toMatchObject(refusedWith('unreadable'))
    // No row leads to it any more.
    await t.blobs.delete(ours)
  })

  it('the end of a long file that was cut at a frame: the answer breaks and does not end well', async () => {
    const id = await create()
    await upload(id, one(randomBytes(200_000)))
    await scan(id)
    const blob = await blobOf(id)
    const part = await t.blobs.get(blob, { end: 7 + 2 * 65_552 })
    if (part === undefined) throw new Error('no object')
    await t.blobs.put(blob, part)
    await expect(textOf(await download(id))).rejects.toThrow('frame 1 of the stream does not open')
  })
})

describe('an upload', () => {
  it('that breaks leaves nothing', async () => {
    const id = await create()
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield randomBytes(100_000)
      throw new Error('the sender went away')
    }
    const before = await names()
    await expect(upload(id, broken())).rejects.toThrow(Problem)
    expect(await names()).toEqual(before)
    expect(await t.door.enter(readDocument, { document: id }, t.admin)).toMatchObject({ output: { versions: [] } })
  })

  it('that is not what was announced is refused and leaves nothing', async () => {
    const id = await create()
    const before = await names()
    expect(await upload(id, one(letter), { sha256: createHash('sha256').update('other').digest('hex') })).toMatchObject(refusedWith('digest-mismatch'))
    expect(await names()).toEqual(before)
    expect(await upload(id, one(letter), { sha256: createHash('sha256').update(letter).digest('hex') })).toMatchObject({ outcome: 'done' })
  })

  it('that is too large is refused at the first byte beyond the limit', async () => {
    const drain = async (seen: ReturnType<typeof watchFile>) => {
      for await (const _ of seen.body);
      return seen.told().bytes
    }
    let asked = 0
    async function* endless(): AsyncGenerator<Uint8Array> {
      for (;;) {
        asked++
        yield new Uint8Array(10)
      }
    }
    await expect(drain(watchFile(endless(), 25))).rejects.toThrow(Problem)
    expect(asked).toBe(3)
    expect(await drain(watchFile(one(new Uint8Array(25)), 25))).toBe(25)
  })

  it('that is sent again makes no second version, and a changed file does', async () => {
    const id = await create()
    expect(await upload(id)).toMatchObject({ output: { version: 1, repeated: false } })
    const before = await names()
    expect(await upload(id)).toMatchObject({ output: { version: 1, repeated: true } })
    expect(await names()).toEqual(before)
    expect(await upload(id, one('another'))).toMatchObject({ output: { version: 2, repeated: false } })
    expect(await upload(id)).toMatchObject({ output: { version: 3, repeated: false } })
  })

  it('of ten at once gives ten versions, numbered without a gap', async () => {
    const id = await create()
    const answers = await Promise.all(Array.from({ length: 10 }, (_, at) => upload(id, one(`file ${at}`))))
    const numbers = answers.map((answer) => (answer.outcome === 'done' ? answer.output.version : 0))
    expect(numbers.sort((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
  })

  it('is what its bytes say, whatever the sender says', async () => {
    const id = await create()
    expect(await upload(id, one('<html><script>alert(1)</script>'), { media_type: 'image/png' })).toMatchObject({ output: { media_type: 'text/plain' } })
    expect(await upload(id, one('%PDF-1.7 …'), { media_type: 'text/html' })).toMatchObject({ output: { media_type: 'application/pdf' } })
  })

  it('of an empty file is a file', async () => {
    const id = await create()
    await upload(id, one())
    await scan(id)
    expect((await textOf(await download(id))).length).toBe(0)
  })
})

describe('a file', () => {
  it('comes back as it was, with its purpose in the ledger', async () => {
    const bytes = randomBytes(300_000)
    const id = await create({ user_id: 'C-1' })
    await upload(id, one(bytes.subarray(0, 70_000), bytes.subarray(70_000)))
    await scan(id)
    expect((await textOf(await download(id))).equals(bytes)).toBe(true)
    expect(t.entries.at(-1)).toMatchObject({
      type: 'documents.download',
      facts: { object: { kind: 'document', id }, purpose: 'treatment', details: { version: 1 }, subject: { id: expect.any(String) } },
    })
  })

  it('lies nowhere in the clear: not its bytes, its title, its person or its source', async () => {
    const id = await kept({ user_id: 'C-77', source: 'oncology' })
    const rows = await t.database.transaction(t.tenant, (tx) =>
      tx.query<Record<string, unknown>>('SELECT d.*, v.* FROM documents.document d JOIN documents.version v ON v.document_id = d.id WHERE d.id = $1', [id]),
    )
    const told = JSON.stringify(rows, (_, value) => (value?.type === 'Buffer' ? Buffer.from(value.data).toString('latin1') : value))
    expect(told).not.toMatch(/Quetzalli|results|C-77/)
    const blob = await blobOf(id)
    expect(blob).toMatch(/^documents\/[0-9a-f]{24}\/([0-9a-f]{2})\/\1[0-9a-f]{30}\/[0-9a-f]{12}\/2026-11-22\/[0-9a-f]{32}$/)
    const parts: Uint8Array[] = []
    for await (const part of (await t.blobs.get(blob)) ?? one()) parts.push(part)
    expect(Buffer.concat(parts).toString('latin1')).not.toMatch(/Quetzalli|results/)
    expect(t.logLines.join()).not.toMatch(/Quetzalli|C-77/)
    expect(JSON.stringify(t.entries)).not.toMatch(/Quetzalli|C-77/)
  })

  it('is listed by its person only', async () => {
    const id = await kept({ user_id: 'C-2' })
    await kept({ user_id: 'C-3' })
    expect(await t.door.enter(listDocuments, { user_id: 'C-2' }, t.admin)).toMatchObject({
      output: { data: [{ id, title: 'Results of Ana Quetzalli' }], next: null },
    })
    expect(await t.door.enter(listDocuments, { user_id: 'nobody' }, t.admin)).toMatchObject(notFound)
  })
})

describe('a part of a file', () => {
  const part = (document: Id<'document'>, range: string) => t.door.enter(downloadVersion, { document, version: 1, purpose: 'treatment', range }, t.admin)

  it('is what lies there, is told as such, and reads no other frame', async () => {
    const bytes = randomBytes(300_000)
    const id = await create()
    await upload(id, one(bytes))
    await scan(id)
    for (const [range, start, end] of [
      ['bytes=0-0', 0, 1],
      ['bytes=65530-65540', 65_530, 65_541],
      ['bytes=131072-', 131_072, 300_000],
      ['bytes=-1', 299_999, 300_000],
      ['bytes=-900000', 0, 300_000],
      ['bytes=299999-999999', 299_999, 300_000],
    ] as const) {
      const answer = await part(id, range)
      expect((await textOf(answer)).equals(bytes.subarray(start, end)), range).toBe(true)
      expect(answer).toMatchObject({ output: { size: 300_000, part: { start, end } } })
    }
    // The first frame is gone, and whoever goes on behind it does not need it.
    const blob = await blobOf(id)
    const whole: Uint8Array[] = []
    for await (const piece of (await t.blobs.get(blob)) ?? one()) whole.push(piece)
    const harmed = Buffer.concat(whole)
    harmed.fill(0, 100, 200)
    await t.blobs.put(blob, one(harmed))
    expect(await part(id, 'bytes=0-10')).toMatchObject(refusedWith('unreadable'))
    expect((await textOf(await part(id, 'bytes=70000-70009'))).equals(bytes.subarray(70_000, 70_010))).toBe(true)
  })

  it('that is none is refused, and what cannot be read as one is passed over', async () => {
    const id = await kept()
    for (const range of ['bytes=40-', 'bytes=999-1000', 'bytes=-0']) expect(await part(id, range), range).toMatchObject(refusedWith('range-unsatisfiable'))
    for (const range of ['bytes=2-1', 'bytes=0-1,3-4', 'lines=1-2', 'bytes=-', 'bytes=a-b'])
      expect((await textOf(await part(id, range))).toString(), range).toBe(letter)
  })

  it('of a file in quarantine is not handed out either', async () => {
    const id = await create()
    await upload(id)
    expect(await part(id, 'bytes=0-3')).toMatchObject(refusedWith('quarantined'))
  })
})

describe('what is held or hidden', () => {
  it.each([
    ['its person', { user_id: 'C-20' }],
    ['the institution', { everybody: true as const }],
  ])('is not deleted: a hold on %s, until it is lifted', async (_, covers) => {
    const [id, other] = [await kept({ user_id: 'C-20' }), await kept({ user_id: 'C-21' })]
    const about = await kept()
    const placed = await t.door.enter(placeHold, { ...covers, matter: 'Case 1' }, t.admin)
    if (placed.outcome !== 'done') throw new Error('not held')
    const remove = (document: Id<'document'>) => t.door.enter(deleteDocument, { document }, t.admin)
    expect(await t.door.enter(readDocument, { document: id }, t.admin)).toMatchObject({ output: { held: true } })
    expect(await remove(id)).toMatchObject(refusedWith('held'))
    const all = 'everybody' in covers
    expect(await remove(other)).toMatchObject(all ? refusedWith('held') : { outcome: 'done' })
    expect(await remove(about)).toMatchObject(all ? refusedWith('held') : { outcome: 'done' })
    expect((await textOf(await download(id))).toString()).toBe(letter)
    await t.door.enter(liftHold, { hold: placed.output.id }, t.admin)
    expect(await t.door.enter(readDocument, { document: id }, t.admin)).toMatchObject({ output: { held: false } })
    expect(await remove(id)).toMatchObject({ outcome: 'done' })
  })

  it('is like unknown while its person is archived', async () => {
    const id = await kept({ user_id: 'C-22' })
    await t.door.enter(archive, { user_id: 'C-22', reason: 'dispute' }, t.admin)
    expect(await download(id)).toMatchObject(notFound)
    expect(await upload(id, one('x'))).toMatchObject(notFound)
    expect(await scan(id)).toMatchObject(notFound)
    expect(await t.door.enter(readDocument, { document: id }, t.admin)).toMatchObject(notFound)
    expect(await t.door.enter(deleteDocument, { document: id }, t.admin)).toMatchObject(notFound)
    const listed = async () => JSON.stringify(await t.door.enter(listDocuments, {}, t.admin))
    expect(await listed()).not.toContain(id)
    await t.door.enter(restore, { user_id: 'C-22' }, t.admin)
    expect(await listed()).toContain(id)
    expect((await textOf(await download(id))).toString()).toBe(letter)
  })
})

describe('an end', () => {
  it('comes not before the retention date', async () => {
    const id = await kept({ retain_until: '2026-11-22T10:00:00Z' })
    expect(await t.door.enter(deleteDocument, { document: id }, t.admin)).toMatchObject(refusedWith('retained'))
    t.clock.advance(30 * 60_000)
    const blob = await blobOf(id)
    expect(await t.door.enter(deleteDocument, { document: id }, t.admin)).toMatchObject({ output: { versions: 1 } })
    expect(await t.blobs.stat(blob)).toBeUndefined()
    expect(await download(id)).toMatchObject(notFound)
  })

  it('by erasure reaches every object of the person by its prefix, those without a row among them, and nobody else’s', async () => {
    const [id, other] = [await kept({ user_id: 'C-8' }), await kept({ user_id: 'C-9' })]
    const copy = await blobOf(id)
    const subject = await t.database.transaction(t.tenant, (tx) => findSubject(tx, t.door.node, 'C-8'))
    if (subject === undefined) throw new Error('no person')
    const prefix = await subjectPrefix(t.door.node, t.tenant, subject.id)
    expect(copy.startsWith(prefix)).toBe(true)
    await t.blobs.put(`${prefix}0/2020-01-01/orphan`, one('x'))
    const person = { tenant: t.tenant, subject: subject.id, now: '2026-11-22T10:00:00.000Z' as never }
    await t.database.transaction(t.tenant, async (tx) => {
      await vaultEraser.eraseSubject(tx, t.door.node, person)
      expect(await documentsEraser.eraseSubject(tx, t.door.node, person)).toEqual({ 'documents.document': 1 })
    })
    expect(await documentsEraser.purgeSubject?.(t.door.node, person)).toEqual({ 'documents.files': 2 })
    expect(await documentsEraser.purgeSubject?.(t.door.node, person)).toEqual({ 'documents.files': 0 })
    expect(await names(prefix)).toEqual([])
    expect((await textOf(await download(other))).toString()).toBe(letter)
  })

  it('of the person’s key alone makes the file unreadable, though object and row stay', async () => {
    const id = await kept({ user_id: 'C-10' })
    const subject = await t.database.transaction(t.tenant, (tx) => findSubject(tx, t.door.node, 'C-10'))
    await t.database.transaction(t.tenant, (tx) =>
      vaultEraser.eraseSubject(tx, t.door.node, { tenant: t.tenant, subject: subject?.id as Id<'subject'>, now: '' as never }),
    )
    expect(await download(id)).toMatchObject(refusedWith('unreadable'))
    expect(await t.door.enter(readDocument, { document: id }, t.admin)).toMatchObject({ output: { title: '–' } })
  })

  it('comes to orphans after a day, and to nothing that has a row', async () => {
    const id = await kept()
    await t.blobs.put('documents/aa/orphan', one('left by a crash'))
    await t.blobs.put('backups/kept', one('not ours'))
    expect(await t.door.enter(sweepOrphans, {}, t.admin)).toMatchObject({ output: { swept: 0 } })
    // The clock of the disk is the machine's, so the test's is set by it.
    t.clock.set(Date.now() + 25 * 3_600_000)
    expect(await t.door.enter(sweepOrphans, {}, t.admin)).toMatchObject({ output: { swept: 1 } })
    expect(await t.blobs.stat('documents/aa/orphan')).toBeUndefined()
    expect(await t.blobs.stat('backups/kept')).toBeDefined()
    expect((await textOf(await download(id))).toString()).toBe(letter)
  })
})

describe('a file’s kind', () => {
  const latin = (text: string) => Uint8Array.from(text, (letter) => letter.charCodeAt(0))
  it.each([
    ['image/png', latin('\x89PNG\r\n\x1a\nrest')],
    ['image/jpeg', latin('\xff\xd8\xff\xe0')],
    ['application/zip', latin('PK\x03\x04')],
    ['application/dicom', latin(`${'\0'.repeat(128)}DICM`)],
    ['text/plain', Buffer.from('ñandú\n')],
    ['text/plain', Buffer.from(`${'x'.repeat(4_095)}é`).subarray(0, 4_096)],
    ['application/octet-stream', latin('\0\x01\x02')],
    ['application/octet-stream', latin('text \xff')],
    ['application/octet-stream', new Uint8Array(0)],
  ])('%s', (kind, head) => expect(sniff(head)).toBe(kind))
})
