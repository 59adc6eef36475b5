import type { Id } from '@gatehouse/core/id'
import { nodePrimitives, nodeSigner } from '@gatehouse/crypto/node'
import { nodeTenant } from '@gatehouse/runtime/base/context'
import { listAll } from '@gatehouse/runtime/data/blobs/blob-store'
import { rememberingTables, tenantTables } from '@gatehouse/runtime/data/forget-tenant'
import { openKeys } from '@gatehouse/runtime/data/keys/keys'
import { formatNoteKey, noteKey } from '@gatehouse/transparency/note'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { noWitnesses } from '../../../../apps/verify/checkpoint.ts'
import { nodeCryptography } from '../../../../apps/verify/command/machine.ts'
import { verifyErasure } from '../../../../apps/verify/erasure/verify.ts'
import { readKeys } from '../../../../apps/verify/keys.ts'
import { judge } from '../../../../apps/verify/report.ts'
import { succeed } from '../../../ledger/heads/succeed.ts'
import { logVkey, sequence } from '../../../ledger/index.ts'
import { createDocument } from '../../documents/create.ts'
import { documentsModule } from '../../documents/module.ts'
import { uploadVersion } from '../../documents/upload.ts'
import { importRecords } from '../../vault/imports/import.ts'
import { planImport } from '../../vault/imports/plan.ts'
import { bytesOf, customerFile, customerMapping } from '../../vault/testing/vault.ts'
import { verify } from '../../vault/verifications/verify.ts'
import type { Certificate } from '../certificate.ts'
import { liftHold } from '../lift-hold.ts'
import { placeHold } from '../place-hold.ts'
import { reapplyErasures } from '../reapply.ts'
import type { Hold } from '../schema.ts'
import { openRetention, type RetentionNode } from '../testing/retention.ts'
import { cancelInstitution } from './cancel.ts'
import { institutionsLoop } from './carry-out.ts'
import { eraseInstitution } from './erase.ts'
import { listInstitutions } from './list.ts'
import { institutionCertificate } from './read-certificate.ts'
import type { InstitutionErasure } from './schema.ts'

const other = '01980000-0000-7000-8000-000000000002' as Id<'tenant'>
const dayMs = 86_400_000
let t: RetentionNode

beforeAll(async () => {
  t = await openRetention([documentsModule])
  await importOther()
  await succeedOther()
  const document = await t.done<{ id: string }>(createDocument, { title: 'A letter', source: 'lab' }, theirs())
  await t.done(uploadVersion, { document: document.id, body: bytesOf('Dear Sir') }, theirs())
})
afterAll(() => t.close())

/** A process that has just started. */
const processOf = () => openKeys(t.database, t.keyStore, t.node.keys.epochs, nodePrimitives)
/** What a backup would have kept of the other institution. */
const kept = new Map<string, unknown[]>()
async function keepCopy(): Promise<void> {
  const tables = await t.database.transaction(other, tenantTables)
  for (const table of tables.toReversed().filter((name) => /^(keys|subjects|vault|documents)\./.test(name)))
    kept.set(table, await t.database.transaction(other, (tx) => tx.query(`SELECT to_jsonb(row) AS row FROM ${table} row WHERE tenant_id = $1`, [other])))
}
async function putBack(): Promise<void> {
  for (const [table, rows] of kept)
    for (const { row } of rows as { row: object }[])
      await t.database.transaction(other, (tx) =>
        tx.query(`INSERT INTO ${table} SELECT * FROM jsonb_populate_record(NULL::${table}, $1::jsonb)`, [JSON.stringify(row)]),
      )
}

let objectsBefore: string[] = []
async function objects(): Promise<string[]> {
  const names: string[] = []
  for await (const { name } of listAll(t.blobs, '')) names.push(name)
  return names
}

const theirs = () => t.principal({ tenant: other })
async function importOther(): Promise<void> {
  const { import_id } = await t.done<{ import_id: string }>(planImport, { mapping: customerMapping, format: 'csv' }, theirs())
  await t.done(importRecords, { import: import_id, body: bytesOf(customerFile) }, theirs())
}
/** The head of the other institution’s log is ahead of the database, as after a restored backup, and the log goes on under a successor’s origin. */
async function succeedOther(): Promise<void> {
  await sequence(t.node)
  const name = `log/${other}`
  const head = await t.node.heads.read(name)
  const ahead = Buffer.from(`gatehouse/${other}\n999\n${Buffer.alloc(32).toString('base64')}\n`)
  await t.node.heads.compareAndSwap(name, head?.version, ahead)
  await importOther()
  await sequence(t.node)
  await t.done(succeed, { stored_size: 999 }, theirs())
  for (let round = 0; round < 3; round++) await sequence(t.node)
}
const turn = async () => {
  for (let quiet = 0; quiet < 2; ) {
    const moved = await institutionsLoop.run(t.node)
    const { integrated } = await sequence(t.node)
    quiet = moved || integrated > 0 ? 0 : quiet + 1
  }
}
const list = async () => (await t.done<{ data: InstitutionErasure[] }>(listInstitutions, {})).data
const request = { institution: other, reference: 'Letter of 2026-11-22' }
const remaining = (tenant: Id<'tenant'>) => t.database.transaction(tenant, rememberingTables)
const forbidden = (text: string, declared = other) =>
  t.database.transaction(other, async (tx) => {
    await tx.query(`SET LOCAL gatehouse.forget TO '${declared}'`)
    await tx.query(text)
  })

describe('the erasure of an institution', () => {
  it('is not for the operators’ own institution, the node, or one that nobody knows', async () => {
    expect(await t.refused(eraseInstitution, { ...request, institution: t.tenant })).toBe('/problems/retention/own-institution')
    expect(await t.refused(eraseInstitution, { ...request, institution: nodeTenant })).toBe('/problems/retention/own-institution')
    expect(await t.refused(eraseInstitution, { ...request, institution: '01980000-0000-7000-8000-00000000dead' })).toBe('/problems/door/not-found')
  })

  it('cannot be done by whoever merely declares it: entries and blocks refuse to go', async () => {
    for (const table of ['ledger.entry', 'ledger.position', 'ledger.checkpoint', 'vault.block']) {
      await expect(forbidden(`DELETE FROM ${table}`)).rejects.toThrow(/only grows|only ever added/)
    }
    expect(await remaining(other)).toContain('vault.block')
  })

  it('waits, can be cancelled, and begins no day too early', async () => {
    const first = await t.done<InstitutionErasure>(eraseInstitution, request)
    expect(Date.parse(first.due_at) - Date.parse(first.requested_at)).toBe(14 * dayMs)
    expect(await t.refused(eraseInstitution, request)).toBe('/problems/retention/being-erased')
    t.clock.advance(14 * dayMs - 1)
    await turn()
    expect((await list())[0]).toMatchObject({ state: 'waiting' })
    await t.done(cancelInstitution, { erasure: first.id })
    t.clock.advance(2)
    await turn()
    expect((await list())[0]).toMatchObject({ state: 'cancelled' })
    expect(await remaining(other)).toContain('vault.block')
    expect(await t.refused(cancelInstitution, { erasure: first.id })).toBe('/problems/retention/erasure-closed')
  })

  it('is stopped by a legal hold of the institution, and goes on when it is lifted', async () => {
    const hold = await t.done<Hold>(placeHold, { user_id: 'C-2', matter: 'Case 1' }, theirs())
    await t.done(eraseInstitution, request)
    t.clock.advance(15 * dayMs)
    await turn()
    expect((await list())[0]).toMatchObject({ state: 'held' })
    expect(await remaining(other)).toContain('vault.block')
    await t.done(liftHold, { hold: hold.id }, theirs())
  })

  it('removes every row of it and none of another, and leaves a sealed head and a certificate', async () => {
    const ours = async () =>
      t.database.transaction(t.tenant, (tx) => tx.query<{ blocks: number }>('SELECT count(*) AS blocks FROM vault.block WHERE tenant_id = $1', [t.tenant]))
    const before = await ours()
    await keepCopy()
    objectsBefore = await objects()
    await turn()
    const [erasure] = await list()
    expect(erasure).toMatchObject({ state: 'certified' })
    expect(Date.parse(erasure?.ended_at ?? '') - Date.parse(erasure?.requested_at ?? '')).toBeLessThan(30 * dayMs)
    expect(await remaining(other)).toEqual([])
    expect(await ours()).toEqual(before)
    expect(await t.done(verify, {})).toMatchObject({ blocks: 3, unreadable: 0, fault_count: 0 })
    const { statement, log } = await t.done<Certificate>(institutionCertificate, { erasure: erasure?.id })
    expect(statement).toMatchObject({ kind: 'institution', institution: other, sealed_head: { origin: `gatehouse/${other}/2` }, counts: { 'vault.block': 3 } })
    expect(log.origin).toBe(`gatehouse/${nodeTenant}`)
    const body = JSON.parse(Buffer.from(log.entry.body, 'base64').toString())
    expect(body).toMatchObject({
      type: 'retention.institution_erased',
      details: { institution: other, size: statement.sealed_head?.size, root: statement.sealed_head?.root },
    })
  })

  it('is shown by the certificate to whoever knows the key of the node’s log, and by no other file', async () => {
    const [erasure] = await list()
    const certificate = await t.done<Certificate>(institutionCertificate, { erasure: erasure?.id })
    const check = (text: string, vkey: string) =>
      judge(async (run) => {
        await verifyErasure(run, { certificate: text, keys: await readKeys(vkey, nodeCryptography), policy: noWitnesses, cryptography: nodeCryptography })
      })
    const key = await logVkey(t.node, nodeTenant)
    const stranger = noteKey(nodePrimitives.sha256, `gatehouse/${nodeTenant}`, nodeSigner(new Uint8Array(32).fill(9)).publicKey)
    const text = JSON.stringify(certificate)
    expect(await check(text, key)).toMatchObject({ verdict: 'good' })
    for (const other of [formatNoteKey(stranger), await logVkey(t.node, t.tenant)]) expect(await check(text, other)).toMatchObject({ verdict: 'cannot_tell' })
    for (const [from, to, place] of [
      ['"kind":"institution"', '"kind":"person"', '/statement'],
      [other, '01980000-0000-7000-8000-000000000003', '/signature'],
      ['"vault.block":3', '"vault.block":2', '/signature'],
    ] as const)
      expect(await check(text.replaceAll(from, to), key)).toMatchObject({
        verdict: 'bad',
        checks: expect.arrayContaining([expect.objectContaining({ place })]),
      })
  })

  it('leaves a fence that still stands: what is announced of one opens nothing of another, and nothing can be rewritten', async () => {
    const ours = (text: string, declared: string) =>
      t.database.transaction(t.tenant, async (tx) => {
        await tx.query(`SET LOCAL gatehouse.forget TO '${declared}'`)
        await tx.query(text)
      })
    for (const declared of [t.tenant, other]) await expect(ours('DELETE FROM ledger.entry', declared)).rejects.toThrow(/only grows/)
    await expect(forbidden('UPDATE ledger.entry SET type = type')).rejects.toThrow(/only grows/)
  })

  it('ends its keys at once: no file of an epoch is left, and nobody gets a key for it any more', async () => {
    const { epochs } = t.node.keys
    expect(await epochs.tenants()).toEqual([t.tenant])
    expect(await epochs.of(other).list()).toEqual([])
    for (const keys of [t.node.keys, await processOf()]) {
      await expect(keys.kek(other)).rejects.toThrow('the institution was erased; its keys are gone')
      await expect(keys.secret(other, 'subjects/index')).rejects.toThrow('its keys are gone')
      await expect(keys.signer(other, 'ledger/log')).rejects.toThrow('its keys are gone')
    }
    expect(await epochs.tenants()).toEqual([t.tenant])
    expect(await remaining(other)).toEqual([])
  })

  it('takes its files along', async () => {
    expect(objectsBefore).toHaveLength(1)
    expect(await objects()).toEqual([])
  })

  it('lets backups of before end with the deadline, and backups of others live on', async () => {
    const [erasure] = await list()
    const [last, ...earlier] = (await t.node.keys.epochs.list()).toReversed()
    expect(last?.begunMs).toBeGreaterThanOrEqual(Date.parse(erasure?.begun_at ?? ''))
    expect(earlier.length).toBeGreaterThan(0)
    for (const epoch of earlier) expect(epoch.endsMs).toBeLessThanOrEqual(Date.parse(erasure?.requested_at ?? '') + 30 * dayMs)
    expect((await t.node.keys.epochs.of(t.tenant).list()).every(({ begunMs, endsMs }) => endsMs === begunMs + 28 * dayMs)).toBe(true)
  })

  it('leaves nothing to open in a backup of before, even with the root key, and is done again when one is restored', async () => {
    await putBack()
    for (const name of objectsBefore) await t.blobs.put(name, bytesOf('sealed'))
    // What the backup does not know.
    await t.database.transaction('node', (tx) => tx.query('DELETE FROM gatehouse.forgetting WHERE tenant_id = $1', [other]))
    expect(await remaining(other)).toContain('vault.block')
    const restored = await processOf()
    await expect(restored.kekVersion(other, 1)).rejects.toThrow('the key of epoch 1 is in none of')
    await expect(restored.secret(other, 'subjects/index')).rejects.toThrow('the key of epoch 1 is in none of')
    expect((await restored.kekVersion(t.tenant, 1)).key).toHaveLength(32)
    Object.assign(t.node, { keys: restored })
    await reapplyErasures(t.node)
    expect(await remaining(other)).toEqual([])
    expect(await objects()).toEqual([])
    await expect(restored.kek(other)).rejects.toThrow('its keys are gone')
    expect(await t.done(verify, {})).toMatchObject({ blocks: 3, unreadable: 0, fault_count: 0 })
  })
})
