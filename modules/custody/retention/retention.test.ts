import { canonicalJson } from '@gatehouse/core/canonical-json'
import { toHex } from '@gatehouse/crypto/bytes'
import { nodeVerify } from '@gatehouse/crypto/node'
import { parseNoteKey } from '@gatehouse/transparency/note'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { commitmentKey } from '../../subjects/index.ts'
import { describe as describeOperation } from '../vault/describe.ts'
import { openRecord } from '../vault/index.ts'
import { verify } from '../vault/verifications/verify.ts'
import { approveErasure } from './approve-erasure.ts'
import { archive } from './archive.ts'
import { advance, erasuresLoop } from './carry-out.ts'
import type { Certificate } from './certificate.ts'
import { liftHold } from './lift-hold.ts'
import { placeHold } from './place-hold.ts'
import { readCertificate } from './read-certificate.ts'
import { reapplyErasures } from './reapply.ts'
import { requestErasure } from './request-erasure.ts'
import { restore } from './restore.ts'
import type { Erasure, Hold } from './schema.ts'
import { standing } from './standing.ts'
import { openRetention, type RetentionNode } from './testing/retention.ts'
import { withdrawErasure } from './withdraw-erasure.ts'

let t: RetentionNode
beforeAll(async () => {
  t = await openRetention()
})
afterAll(() => t.close())

const row = (id: string, more = '') => `${id},Ana,1980-04-12,10.5,x${more}`
const header = 'customer_id,given_name,date_of_birth,balance,internal'
const opened = async (userId: string) => {
  const subject = await t.person(userId)
  if (subject === undefined) throw new Error('there is no such person')
  return t.database.transaction(t.tenant, (tx) => openRecord(tx, t.node, { subject: subject.id, recordType: 'customer', fields: ['given_name'] }))
}
const stateOf = async (userId: string) => (await t.done<{ erasure: Erasure | null }>(standing, { user_id: userId })).erasure?.state

describe('archiving', () => {
  it('of nobody is refused like everything about nobody', async () => {
    expect(await t.refused(archive, { user_id: 'nobody', reason: 'inactive' })).toBe('/problems/door/not-found')
    expect(await t.refused(restore, { user_id: 'nobody' })).toBe('/problems/door/not-found')
    expect(await t.refused(restore, { user_id: 'C-1' })).toBe('/problems/retention/not-archived')
  })

  it('hides the person, rejects what is sent about them, and restoring brings everything back', async () => {
    await t.done(archive, { user_id: 'C-3', reason: 'dispute' })
    expect(await t.refused(describeOperation, { user_id: 'C-3' })).toBe('/problems/door/not-found')
    expect(await t.send(`${header}\n${row('C-3')}\n`)).toMatchObject({ imported: 0, rejected: 1 })
    expect((await t.done<{ status: string }>(standing, { user_id: 'C-3' })).status).toBe('archived')
    await t.done(restore, { user_id: 'C-3' })
    expect(await t.done(describeOperation, { user_id: 'C-3' })).toMatchObject({ blocks: 1 })
    expect(await opened('C-3')).toMatchObject({ outcome: 'opened', record: { given_name: 'Mar Citlali' } })
    const types = (await t.rows<{ type: string }>(`SELECT type FROM ledger.entry WHERE type LIKE 'retention.%' AND decision IS NULL`)).map(({ type }) => type)
    expect(types).toEqual(expect.arrayContaining(['retention.archive', 'retention.restore']))
  })
})

describe('a legal hold', () => {
  it('that covers nothing, or two things at once, is refused', async () => {
    await expect(t.done(placeHold, { matter: 'Case 1' })).rejects.toThrow()
    await expect(t.done(placeHold, { user_id: 'C-2', everybody: true, matter: 'Case 1' })).rejects.toThrow()
  })

  it('of an unknown person or record type is refused', async () => {
    expect(await t.refused(placeHold, { user_id: 'nobody', matter: 'Case 1' })).toBe('/problems/door/not-found')
    expect(await t.refused(placeHold, { record_type: 'nothing', matter: 'Case 1' })).toBe('/problems/retention/record-type-unknown')
  })

  it.each([{ user_id: 'C-2' }, { record_type: 'customer' }, { everybody: true }])(
    'on %o keeps an approved erasure waiting, which goes on by itself or is withdrawn',
    async (covers) => {
      const hold = await t.done<Hold>(placeHold, { ...covers, matter: 'Case 2026-0815 against Ana' })
      const { id } = await t.approved('C-2')
      await t.turn()
      expect(await stateOf('C-2')).toBe('held')
      expect(await opened('C-2')).toMatchObject({ outcome: 'opened' })
      await t.done(withdrawErasure, { erasure: id })
      await t.done(liftHold, { hold: hold.id })
      expect(await t.refused(liftHold, { hold: hold.id })).toBe('/problems/retention/hold-lifted')
      await t.turn()
      expect(await opened('C-2')).toMatchObject({ outcome: 'opened' })
      const bodies = await t.rows<{ body: Buffer }>('SELECT body FROM ledger.entry')
      expect(bodies.filter(({ body }) => body.toString().includes('0815'))).toEqual([])
    },
  )
})

describe('an erasure', () => {
  it('of nobody, twice, or of what is over is refused', async () => {
    expect(await t.refused(requestErasure, { user_id: 'nobody', ground: 'objection' })).toBe('/problems/door/not-found')
    const { id } = await t.done<Erasure>(requestErasure, { user_id: 'C-2', ground: 'objection' })
    expect(await t.refused(requestErasure, { user_id: 'C-2', ground: 'objection' })).toBe('/problems/retention/being-erased')
    expect(await t.refused(readCertificate, { erasure: id })).toBe('/problems/retention/not-certified')
    await t.turn()
    expect(await stateOf('C-2')).toBe('requested')
    await t.done(withdrawErasure, { erasure: id })
    expect(await t.refused(withdrawErasure, { erasure: id })).toBe('/problems/retention/erasure-closed')
    expect(await t.refused(approveErasure, { erasure: id })).toBe('/problems/retention/erasure-closed')
  })

  it('waits for an act that had looked before, and catches what it wrote', async () => {
    await t.send(`${header}\n${row('C-8')}\n`)
    const { id } = await t.approved('C-8')
    const subject = await t.person('C-8')
    let release = () => {}
    const gate = new Promise<void>((resolve) => {
      release = resolve
    })
    const late = t.database.transaction(t.tenant, async (tx) => {
      await tx.query('SELECT 1')
      await gate
      await tx.query('INSERT INTO vault.subject_key (tenant_id, subject_id, version, kek_version, wrapped) VALUES ($1, $2, 9, 1, $3)', [
        t.tenant,
        subject?.id,
        Buffer.alloc(60),
      ])
    })
    for (let turns = 0; turns < 6; turns++) await erasuresLoop.run(t.node)
    expect(await stateOf('C-8')).toBe('destroying')
    expect((await opened('C-8')).outcome).toBe('gone')
    release()
    await late
    await t.turn()
    expect(await stateOf('C-8')).toBe('certified')
    expect(await t.rows(`SELECT 1 FROM vault.subject_key WHERE subject_id = '${subject?.id}'`)).toEqual([])
    expect((await t.done<Certificate>(readCertificate, { erasure: id })).statement.counts).toMatchObject({ 'vault.subject_key': 2 })
  })

  it('goes on wherever a process died, and is done once', async () => {
    await t.send(`${header}\n${row('C-9')}\n`)
    const { id } = await t.approved('C-9')
    const subject = await t.person('C-9')
    // Each step is one transaction and no step remembers anything: the next process is a call with nothing but the id.
    const failing = {
      ...t.node,
      erasers: [...t.node.erasers, { name: 'broken', tables: [], eraseSubject: async () => Promise.reject(new Error('died here')) }],
    }
    expect(await advance(t.node, t.tenant, id)).toBe(true)
    await expect(advance(failing, t.tenant, id)).rejects.toThrow('died here')
    expect((await opened('C-9')).outcome).toBe('opened')
    expect(await t.refused(withdrawErasure, { erasure: id })).toBe('/problems/retention/erasure-closed')
    expect(await t.refused(placeHold, { user_id: 'C-9', matter: 'too late' })).toBe('/problems/retention/being-erased')
    expect(await t.node.heads.read(`erasures/${t.tenant}/${subject?.id}`)).toBeDefined()
    await Promise.all([advance(t.node, t.tenant, id), advance(t.node, t.tenant, id)])
    await t.turn()
    expect(await stateOf('C-9')).toBe('certified')
    const entries = await t.rows<{ type: string }>(
      `SELECT type FROM ledger.entry WHERE object_id = '${id}' AND type IN ('retention.destroyed', 'retention.erased')`,
    )
    expect(entries.map(({ type }) => type).sort()).toEqual(['retention.destroyed', 'retention.erased'])
  })

  it('destroys the keys, leaves a chain that verifies as intact and unreadable, and nobody comes back by an import', async () => {
    const before = await t.person('C-1')
    const { id } = await t.approved('C-1')
    await t.turn()
    expect(await t.done(standing, { user_id: 'C-1' })).toMatchObject({ status: 'erased', erasure: { id, state: 'certified', reference: null } })
    expect((await opened('C-1')).outcome).toBe('gone')
    expect(await t.refused(describeOperation, { user_id: 'C-1' })).toBe('/problems/door/not-found')
    expect(await t.database.transaction(t.tenant, (tx) => commitmentKey(tx, t.node, before?.id as never))).toBeUndefined()
    expect(await t.done(verify, { user_id: 'C-1' })).toMatchObject({ blocks: 1, unreadable: 1, fault_count: 0 })
    expect(await t.send(`${header}\n${row('C-1')}\n`)).toMatchObject({ imported: 0, rejected: 1 })
    expect(await t.refused(archive, { user_id: 'C-1', reason: 'other' })).toBe('/problems/door/not-found')
  })

  it('ends with a certificate that holds together and names nobody', async () => {
    const { erasure } = await t.done<{ erasure: Erasure }>(standing, { user_id: 'C-1' })
    const certificate = await t.done<Certificate>(readCertificate, { erasure: erasure.id })
    const { sha256 } = t.node.keys.primitives
    const key = parseNoteKey(sha256, certificate.key)
    if (key === undefined) throw new Error('the certificate names no key')
    const signed = (statement: unknown) => Buffer.from(`gatehouse-erasure/v1\n${canonicalJson(statement)}`)
    const signature = Buffer.from(certificate.signature, 'base64')
    expect(nodeVerify(key.publicKey, signed({ ...certificate.statement, ground: 'unlawful' }), signature)).toBe(false)
    expect(nodeVerify(key.publicKey, signed(certificate.statement), signature)).toBe(true)
    const text = Buffer.from(certificate.log.entry.body, 'base64').toString()
    const body = JSON.parse(text)
    expect(body).toMatchObject({
      type: 'retention.erased',
      subject_c: certificate.statement.subject_commitment,
      details: {
        statement_digest: toHex(sha256(Buffer.from(canonicalJson(certificate.statement)))),
        certificate_key: toHex(sha256(key.publicKey)),
      },
    })
    expect(certificate.log.checkpoint.split('\n')[0]).toBe(`gatehouse/${t.tenant}`)
    // Not in the whole file: three letters stand in some signature sooner or later.
    for (const word of ['C-1', 'letter', 'Ana']) expect(JSON.stringify(certificate.statement) + text).not.toContain(word)
  })
})

describe('a restored backup', () => {
  it('that still knows an erased person forgets them again, and passes over the others', async () => {
    await t.send(`${header}\n${row('C-7')}\n`)
    const subject = await t.person('C-7')
    const tables = ['vault.subject_key', 'subjects.subject']
    const kept = await Promise.all(tables.map((table) => t.rows(`SELECT * FROM ${table} WHERE subject_id = '${subject?.id}'`)))
    const { id } = await t.approved('C-7')
    await t.turn()
    expect(await stateOf('C-7')).toBe('certified')
    await t.database.transaction(t.tenant, async (tx) => {
      await tx.query('DELETE FROM retention.erasure WHERE id = $1', [id])
      await tx.query('DELETE FROM subjects.subject WHERE subject_id = $1', [subject?.id])
      for (const [place, table] of tables.entries()) {
        for (const old of kept[place] as Record<string, unknown>[]) {
          const names = Object.keys(old)
          await tx.query(`INSERT INTO ${table} (${names.join(', ')}) VALUES (${names.map((_, index) => `$${index + 1}`).join(', ')})`, Object.values(old))
        }
      }
    })
    expect((await opened('C-7')).outcome).toBe('opened')
    expect(await reapplyErasures(t.node)).toMatchObject({ erased: 1 })
    expect((await opened('C-7')).outcome).toBe('gone')
    expect((await reapplyErasures(t.node)).erased).toBe(1)
    await t.turn()
    expect(await stateOf('C-7')).toBe('certified')
    expect((await reapplyErasures(t.node)).erased).toBe(0)
  })
})
