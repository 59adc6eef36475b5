import { createHash } from 'node:crypto'
import { inflateSync } from 'node:zlib'
import { type Id, lowestIdAt } from '@gatehouse/core/id'
import { Problem } from '@gatehouse/core/problem'
import type { Principal } from '@gatehouse/runtime/base/context'
import type { FileAnswer } from '@gatehouse/runtime/door/operation'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { toldOf } from '../../exchange/query/index.ts'
import { readRecord } from '../../exchange/release/read-record.ts'
import { appendEntry, sequence } from '../../ledger/index.ts'
import { findSubject } from '../../subjects/index.ts'
import type { Disclosure } from './disclosure.ts'
import { disclosureExport } from './disclosure-export.ts'
import { disclosures } from './disclosures.ts'
import { myDisclosures } from './my-disclosures.ts'
import { myReads } from './my-reads.ts'
import { exportPageSize } from './schema.ts'
import { care, marketing, openReports, personalName, type ReportsNode } from './testing/reports.ts'

const period = { from: '2026-11-22T00:00:00Z', to: '2026-11-23T00:00:00Z' }

let t: ReportsNode
let releases: Id<'release'>[]
beforeAll(async () => {
  t = await openReports()
  releases = []
  for (const flow of [
    { partner: t.harbour },
    { partner: t.harbour, user: 'C-2', end: 'lose' as const },
    { partner: t.quay, purpose: marketing },
    { partner: t.harbour, end: 'cancel' as const },
    { partner: t.harbour, end: 'permit' as const },
  ]) {
    const release = await t.flow(flow)
    if (release !== undefined) releases.push(release)
    t.clock.advance(60_000)
  }
  await t.count()
})
afterAll(() => t.close())

const page = async (input: object = {}, principal: Principal = t.officer): Promise<{ data: Disclosure[]; next: string | null }> => {
  t.clock.advance(1)
  return t.done(disclosures, { ...period, ...input }, principal)
}
const file = (format: string, input: object = {}): Promise<FileAnswer> => {
  t.clock.advance(1)
  return t.done(disclosureExport, { ...period, format, ...input })
}
async function bytesOf({ chunks }: FileAnswer): Promise<Buffer> {
  const all: Buffer[] = []
  for await (const chunk of chunks) all.push(Buffer.from(chunk))
  return Buffer.concat(all)
}
const sha256 = (data: Buffer) => createHash('sha256').update(data).digest('hex')
const problemOf = async (act: Promise<unknown>) => {
  const thrown = await act.catch((error: unknown) => error)
  if (!(thrown instanceof Problem)) throw new Error('no problem')
  return thrown.document()
}
/** The entries of a type, newest first, as they were hashed. */
const entriesOf = (type: string): Promise<Record<string, never>[]> =>
  t.database.transaction(t.tenant, async (tx) =>
    (await tx.query<{ body: Buffer }>('SELECT body FROM ledger.entry WHERE type = $1 ORDER BY id DESC', [type])).map(({ body }) => JSON.parse(body.toString())),
  )
const subjectOf = (userId: string) => t.database.transaction(t.tenant, (tx) => findSubject(tx, t.door.node, userId))

describe('a report is refused', () => {
  it('to whoever may not see what left about persons', async () => {
    for (const principal of [t.admin, t.harbour, t.principal({ roles: [] })]) {
      expect(await problemOf(page({}, principal))).toMatchObject({ status: 403 })
      expect(await problemOf(t.door.enter(disclosureExport, { ...period, format: 'csv' }, principal))).toMatchObject({ status: 403 })
    }
  })

  it('for a partner that is none and a period that ends before it begins', async () => {
    expect(await problemOf(page({ partner: 'nobody' }))).toMatchObject({ status: 404 })
    expect(await problemOf(page({ from: period.to, to: period.from }))).toMatchObject({ status: 400 })
    expect(await problemOf(file('csv', { from: period.to, to: period.from }))).toMatchObject({ status: 400 })
  })

  it('to another institution: nothing left there', async () => {
    const stranger = t.principal({ roles: ['officer'], tenant: '01980000-0000-7000-8000-000000000002' as never })
    expect(await page({}, stranger)).toEqual({ data: [], next: null })
  })
})

describe('a report', () => {
  it('says what left, why and on which basis; what did not leave is not in it', async () => {
    const { data } = await page()
    expect(data.map(({ release }) => release)).toEqual(releases.slice(0, 3))
    expect(data[0]).toMatchObject({
      at: '2026-11-22T09:30:00.000Z',
      state: 'delivered',
      partner: { reference: 'harbour-bank', name: '=Harbour Bank' },
      purpose: care,
      record_type: 'customer',
      bases: [{ policy_uid: 'loans', version: 1, rule: 'give', basis: 'dpv:Contract', basis_label: 'a contract with the person', law: 'Loan contract § 4' }],
      consents: [],
      fields: [
        { name: 'given_name', mask: 'keep' },
        { name: 'email', mask: 'email' },
      ],
      bytes: 100,
    })
    expect(data[1]).toMatchObject({ state: 'undelivered', bytes: 0 })
    expect(data[2]).toMatchObject({ bases: [{ basis: 'dpv:Consent', law: null }], consents: [expect.any(String)] })
    expect(JSON.stringify(data)).not.toContain(personalName)
  })

  it('is of one partner, of one person, and of a moment', async () => {
    expect((await page({ partner: 'quay-clinic' })).data.map(({ release }) => release)).toEqual([releases[2]])
    expect((await page({ user_id: 'C-1' })).data.map(({ release }) => release)).toEqual([releases[0], releases[2]])
    expect((await page({ user_id: 'C-1', partner: 'harbour-bank' })).data).toHaveLength(1)
    expect(await page({ user_id: 'nobody-knows' })).toEqual({ data: [], next: null })
    expect((await page({ from: '2026-11-22T09:31:00Z', to: '2026-11-22T09:32:00Z' })).data.map(({ release }) => release)).toEqual([releases[1]])
  })

  it('comes in pages that together are the whole', async () => {
    const seen: string[] = []
    for (let cursor: string | undefined; ; ) {
      const { data, next } = await page({ limit: 2, ...(cursor === undefined ? {} : { cursor }) })
      seen.push(...data.map(({ release }) => release))
      if (next === null) break
      cursor = next
    }
    expect(seen).toEqual(releases.slice(0, 3))
  })

  it('leaves an entry that names the person by commitment, and the partner only as the object', async () => {
    await page({ user_id: 'C-1', partner: 'harbour-bank' })
    const [entry] = await entriesOf('reports.disclosures')
    expect(entry).toMatchObject({
      subject_c: (await subjectOf('C-1'))?.commitment,
      object: { kind: 'partner', id: t.harbour.partner },
      details: { disclosures: 1 },
    })
    expect(entry).not.toHaveProperty('partner')
    expect(JSON.stringify(entry)).not.toContain('C-1')
  })
})

describe('a file', () => {
  it('as NDJSON is the pages, line by line', async () => {
    const lines = (await bytesOf(await file('ndjson'))).toString().trimEnd().split('\n')
    expect(lines.map((line) => JSON.parse(line))).toEqual((await page()).data)
  })

  it('as CSV has one line for each, and no cell that a spreadsheet would run', async () => {
    const answer = await file('csv', { user_id: 'C-1' })
    expect([answer.name, answer.mediaType]).toEqual(['disclosures-2026-11-22-2026-11-23.csv', 'text/csv; charset=utf-8'])
    const [head, first, second, end] = (await bytesOf(answer)).toString().split('\r\n')
    expect(head).toBe('at,release,state,partner,partner_name,purpose,purpose_label,record_type,legal_basis,law,policies,consents,fields,bytes,decision_id')
    expect(first).toContain(`,harbour-bank,'=Harbour Bank,${care},`)
    expect(first).toContain(',dpv:Contract,Loan contract § 4,loans v1 give,,given_name: keep; email: email,100,')
    expect(second).toContain(',quay-clinic,')
    expect(end).toBe('')
  })

  it('leaves an entry before its first byte, and one with its digest behind its last', async () => {
    const answer = await file('ndjson', { user_id: 'C-1' })
    const [begun] = await entriesOf('reports.disclosure_export')
    const commitment = (await subjectOf('C-1'))?.commitment
    expect(begun).toMatchObject({ subject_c: commitment, details: { format: 'ndjson' } })
    const bytes = await bytesOf(answer)
    const [ended] = await entriesOf('reports.disclosure_export.closed')
    expect(ended).toMatchObject({
      subject_c: commitment,
      object: { kind: 'entry', id: (begun as unknown as { id: string }).id },
      details: { disclosures: 2, bytes: bytes.length, sha256: sha256(bytes), complete: true },
    })
  })

  it('whose reader leaves is written down as such', async () => {
    const iterator = (await file('csv')).chunks[Symbol.asyncIterator]()
    await iterator.next()
    await iterator.return?.()
    expect((await entriesOf('reports.disclosure_export.closed'))[0]).toMatchObject({ details: { complete: false } })
  })

  it('goes on beyond what is read at once', async () => {
    const daysLater = 20
    const ids = lowestIdAt(t.clock.nowMs() + daysLater * 86_400_000).slice(0, 24)
    await t.database.transaction(t.tenant, (tx) =>
      tx.query(
        `INSERT INTO release.grant (tenant_id, subject_id, id, token_hash, partner_id, purpose, record_type, rules, plan, decision_entry, state, issued_at, expires_at, spent_at)
          SELECT tenant_id, subject_id, ($2 || lpad(to_hex(n), 12, '0'))::uuid, token_hash, partner_id, purpose, record_type, rules, plan, decision_entry, state,
            issued_at + $4 * interval '1 day', expires_at, spent_at + $4 * interval '1 day'
          FROM release.grant, generate_series(1, $3) AS n WHERE id = $1`,
        [releases[0], ids, exportPageSize + 5, daysLater],
      ),
    )
    const later = { from: '2026-12-01T00:00:00Z', to: '2027-01-01T00:00:00Z' }
    t.clock.set(Date.UTC(2027, 0, 2))
    const lines = (await bytesOf(await file('ndjson', later))).toString().trimEnd().split('\n')
    expect(new Set(lines).size).toBe(exportPageSize + 5)
  })
})

/** The words that a PDF shows, and how many pages it has. */
function readPdf(pdf: Buffer): { pages: number; text: string } {
  const raw = pdf.toString('latin1')
  const streams = [...raw.matchAll(/\/FlateDecode[\s\S]*?stream\n([\s\S]*?)\nendstream/g)].map(([, body = '']) =>
    inflateSync(Buffer.from(body, 'latin1')).toString('latin1'),
  )
  const words = streams.flatMap((stream) =>
    [...stream.matchAll(/\[(.*)\] TJ/g)].map(([, parts = '']) =>
      [...parts.matchAll(/<([0-9a-f]*)>/g)].map(([, hex = '']) => Buffer.from(hex, 'hex').toString('latin1')).join(''),
    ),
  )
  return { pages: [...raw.matchAll(/\/Type \/Page\n/g)].length, text: words.join('\n') }
}

describe('a PDF', () => {
  const pdf = async (input: object = {}) => bytesOf(await file('pdf', { ...period, ...input }))

  it('is tagged, has a title and numbered pages, and says what left', async () => {
    const made = await pdf({ user_id: 'C-1' })
    const raw = made.toString('latin1')
    expect(raw.startsWith('%PDF-1.7')).toBe(true)
    for (const part of ['/Marked true', '/StructTreeRoot', '/Lang (en)', '/DisplayDocTitle true', '/S /H1', '/S /H2']) expect(raw).toContain(part)
    const { pages, text } = readPdf(made)
    expect(pages).toBe(1)
    for (const words of ['=Harbour Bank', 'Loan contract § 4', 'given_name (keep), email (email)', 'Quay Clinic', 'Page 1 of 1', '2 disclosures.'])
      expect(text).toContain(words)
    expect(text.replaceAll('\n', '')).toContain((await subjectOf('C-1'))!.commitment)
    for (const personal of ['C-1', personalName]) expect(text).not.toContain(personal)
  })

  it('names the digest of the same report as NDJSON and the checkpoint it rests on', async () => {
    const { text } = readPdf(await pdf())
    expect(text).toContain(sha256(await bytesOf(await file('ndjson'))))
    const note = text.slice(text.indexOf(`gatehouse/${t.tenant}`))
    expect(note.split('\n')[0]).toBe(`gatehouse/${t.tenant}`)
    expect(Number(note.split('\n')[1])).toBeGreaterThan(0)
  })

  it('is the same to the byte as long as its content and the log are', async () => {
    const first = await pdf()
    t.clock.advance(86_400_000)
    expect((await pdf()).equals(first)).toBe(true)
    await sequence(t.door.node)
    expect((await pdf()).equals(first)).toBe(false)
  })

  it('has as many pages as it needs, each with its number', async () => {
    const { pages, text } = readPdf(await pdf({ from: '2026-12-01T00:00:00Z', to: '2027-01-01T00:00:00Z' }))
    expect(pages).toBeGreaterThan(15)
    for (let number = 1; number <= pages; number++) expect(text).toContain(`Page ${number} of ${pages}`)
    expect(text).toContain(`${exportPageSize + 5} disclosures.`)
  })
})

describe('a person', () => {
  it('sees what left about them, newest first, and nothing about anybody else', async () => {
    const subject = (await subjectOf('C-1'))!.id
    const me = t.principal({ roles: ['person'], subject })
    const { data, next } = await t.done(myDisclosures, { limit: 500 }, me)
    const own = data.filter(({ release }: { release: Id<'release'> }) => releases.includes(release))
    expect(own.map(({ release }: { release: string }) => release)).toEqual([releases[2], releases[0]])
    expect(own[1]).toEqual({
      release: releases[0],
      at: '2026-11-22T09:30:00.000Z',
      state: 'delivered',
      partner: '=Harbour Bank',
      purpose: care,
      purpose_label: expect.any(String),
      bases: [{ basis: 'dpv:Contract', label: 'a contract with the person', law: 'Loan contract § 4' }],
      consents: [],
      fields: [
        { name: 'given_name', mask: 'keep' },
        { name: 'email', mask: 'email' },
      ],
    })
    expect(next).toBeNull()
    const first = await t.done(myDisclosures, { limit: 2 }, me)
    const second = await t.done(myDisclosures, { limit: 2, cursor: first.next }, me)
    expect([...first.data, ...second.data]).toEqual(data.slice(0, 4))
  })

  it('sees who of the staff looked, by role and purpose and never by name, and no look that was refused', async () => {
    const subject = (await subjectOf('C-2'))!.id
    const me = t.principal({ roles: ['person'], subject })
    await t.staffRead('C-2')
    await t.staffRead('C-1')
    await t.done(readRecord, { user_id: 'C-2', purpose: marketing }).catch(() => undefined)
    const { data } = await t.done(myReads, {}, me)
    expect(data).toEqual([
      {
        entry: expect.any(String),
        at: expect.any(String),
        what: 'record',
        roles: ['officer'],
        purpose: care,
        purpose_label: expect.any(String),
        record_type: 'customer',
        fields: expect.arrayContaining(['given_name']),
      },
    ])
    expect(JSON.stringify(data)).not.toContain(t.officer.id)
    await t.database.transaction(t.tenant, async (tx) => {
      const facts = { subject: { id: subject, commitment: (await subjectOf('C-2'))!.commitment }, purpose: care }
      const actor = { kind: 'user' as const, id: t.officer.id }
      await appendEntry(tx, { id: crypto.randomUUID() as Id<'entry'>, tenant: t.tenant, type: toldOf, at: data[0]?.at as never, actor, facts }, t.door.node)
    })
    expect((await t.done(myReads, {}, me)).data.map(({ what }: { what: string }) => what).sort()).toEqual(['identity', 'record'])
    for (const principal of [t.officer, t.harbour]) expect(await problemOf(t.done(myReads, {}, principal))).toMatchObject({ status: 403 })
    const stranger = t.principal({ roles: ['person'], subject: '01980000-0000-7000-8000-00000000dddd' as Id<'subject'> })
    expect(await t.done(myReads, {}, stranger)).toEqual({ data: [], next: null })
  })

  it('is who asks: staff, partners and other persons see nothing of it', async () => {
    for (const principal of [t.officer, t.admin, t.harbour]) expect(await problemOf(t.done(myDisclosures, {}, principal))).toMatchObject({ status: 403 })
    const stranger = t.principal({ roles: ['person'], subject: '01980000-0000-7000-8000-00000000dddd' as Id<'subject'> })
    expect(await t.done(myDisclosures, {}, stranger)).toEqual({ data: [], next: null })
  })
})
