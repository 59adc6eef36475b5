import { canonicalJson } from '@gatehouse/core/canonical-json'
import { Problem } from '@gatehouse/core/problem'
import { fromBase64, toHex } from '@gatehouse/crypto/bytes'
import { nodePrimitives, nodeVerify } from '@gatehouse/crypto/node'
import { verifyIn } from '@gatehouse/crypto/signature'
import { parseNoteKey } from '@gatehouse/transparency/note'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { blockHash } from '../block.ts'
import { subjectChain } from '../chain.ts'
import { describe as describeOperation } from '../describe.ts'
import { describeRecord } from '../describe-record.ts'
import { openRecord } from '../open-record.ts'
import { vaultVkeys } from '../signing.ts'
import { bytesOf, customerFile, customerMapping, openVault, type VaultNode } from '../testing/vault.ts'
import { importRecords } from './import.ts'
import { planImport } from './plan.ts'
import { propose } from './propose.ts'
import { importStatus } from './status.ts'

let vault: VaultNode
beforeEach(async () => {
  vault = await openVault()
})
afterEach(() => vault.close())

const header = 'customer_id,given_name,date_of_birth,balance,internal\n'
const open = async (userId: string, fields = ['given_name', 'balance'], recordType = 'customer') => {
  const { id } = await vault.subject(userId)
  return vault.database.transaction(vault.tenant, (tx) => openRecord(tx, vault.door.node, { subject: id, recordType, fields }))
}
const chain = async (userId: string) => {
  const { id } = await vault.subject(userId)
  return vault.database.transaction(vault.tenant, (tx) => subjectChain(tx, id))
}
const countOf = async (table: string) => (await vault.tamper(`SELECT count(*)::int AS n FROM ${table}`))[0]?.[0]?.n
const problemOf = async (act: Promise<unknown>): Promise<Problem> => {
  const error = await act.then(
    () => new Error('it was let through'),
    (fault: unknown) => fault,
  )
  if (!(error instanceof Problem)) throw error
  return error
}

describe('files that cannot be taken as they are', () => {
  it('refuses a mapping with faults, each with its place', async () => {
    const act = vault.door.enter(planImport, { mapping: { record_type: 'No Slug', fields: { a: { type: 'money' } } } }, vault.admin)
    expect((await problemOf(act)).errors?.map(({ pointer }) => pointer)).toEqual(
      expect.arrayContaining(['/mapping/record_type', '/mapping/subject', '/mapping/fields/a/type']),
    )
  })

  it('refuses a file whose header is not the mapping’s, and quotes nothing of a file that has no header', async () => {
    const id = await vault.plan()
    const problem = await problemOf(vault.send(id, bytesOf('C-1,Ana Quetzalli,1980-04-12,10.5,x\nC-2,Luis Ixchel,1975-11-30,20,x\n')))
    expect(problem.kind.type).toBe('/problems/vault/header-mismatch')
    expect(problem.errors).toContainEqual({ pointer: '/subject', detail: 'the file has no such column' })
    expect(problem.errors).toContainEqual({ pointer: '/fields', detail: 'column 2 of the file’s header is neither mapped nor dropped' })
    expect(JSON.stringify(problem.document())).not.toMatch(/Ana|1980|C-1/)
    const status = await vault.door.enter(importStatus, { import: id }, vault.admin)
    expect(status).toMatchObject({ output: { status: 'failed', progress: { read: 0, imported: 0 } } })
  })

  it('rejects bad rows by line and column without their values, and keeps the good ones', async () => {
    const text = `${header}C-1,Ana,1980-04-12,1,\nC-2,Luis,1980-02-31,2,\nC-3,"Mar\nia",1990-01-01,wrong,\n,Eva,1990-01-01,3,\nC-5,too,few\nC-6,Pia,1991-01-01,6,\n`
    const summary = await vault.importText(text)
    expect(summary).toMatchObject({ read: 6, imported: 2, rejected: 4 })
    expect(summary.rejects.map(({ line, column }) => ({ line, column }))).toEqual([
      { line: 3, column: 'date_of_birth' },
      { line: 4, column: 'balance' },
      { line: 6, column: 'customer_id' },
      { line: 7, column: undefined },
    ])
    expect(JSON.stringify(summary.rejects)).not.toMatch(/Luis|1980-02-31|wrong|Eva|too/)
    expect(await open('C-6')).toMatchObject({ outcome: 'opened', record: { given_name: 'Pia', balance: 6 } })
  })

  it('tells at most a thousand rejects and counts the rest', async () => {
    const summary = await vault.importText(header + 'C-1,Ana,never,1,\n'.repeat(1_203))
    expect(summary).toMatchObject({ read: 1_203, rejected: 1_203, imported: 0 })
    expect(summary.rejects).toHaveLength(1_000)
  })

  it('does not take a column name of another file’s row into its answer', async () => {
    const answer = await vault.door.enter(planImport, { mapping: customerMapping, format: 'ndjson' }, vault.admin)
    const id = answer.outcome === 'done' ? answer.output.import_id : undefined
    const summary = await vault.send(id!, bytesOf('{"customer_id":"C-1","Ana Quetzalli":1}\n'))
    expect(summary.rejects).toEqual([{ line: 1, message: expect.any(String) }])
    expect(JSON.stringify(summary)).not.toContain('Quetzalli')
  })

  it('stops where the body breaks off, tells what it kept, and takes the same file again', async () => {
    const rows = Array.from({ length: 1_400 }, (_, index) => `C-${index},Ana,1980-04-12,${index},\n`)
    const text = header + rows.join('')
    async function* broken() {
      yield Buffer.from(text.slice(0, text.length * 0.9))
      throw Object.assign(new Error('the client left'), { code: 'ECONNRESET' })
    }
    const id = await vault.plan()
    const problem = await problemOf(vault.send(id, broken()))
    expect(problem.kind.type).toBe('/problems/vault/import-stopped')
    const status = await vault.door.enter(importStatus, { import: id }, vault.admin)
    const stored = await countOf('vault.block')
    expect(status).toMatchObject({ output: { status: 'failed', progress: { imported: stored, read: stored } } })
    expect(stored).toBe(1_000)
    expect(await vault.send(id, bytesOf(text))).toMatchObject({ read: 1_400, imported: 400, repeated: 1_000 })
    expect(await vault.verified()).toMatchObject({ subjects: 1_400, blocks: 1_400, fault_count: 0 })
  })

  it('writes nothing of a batch whose ledger entry fails', async () => {
    await vault.close()
    vault = await openVault({
      append: async (_tx, entry) => {
        if (entry.type === 'vault.head') throw Object.assign(new Error('no space left on device'), { code: '53100' })
      },
    })
    const problem = await problemOf(vault.importText(customerFile))
    expect(problem.kind.status).toBe(503)
    for (const table of ['vault.block', 'vault.subject_key', 'vault.head', 'subjects.subject']) expect(await countOf(table)).toBe(0)
  })

  it('refuses to run an import twice at once', async () => {
    const id = await vault.plan()
    let release = () => {}
    const held = new Promise<void>((resolve) => {
      release = resolve
    })
    async function* slow() {
      yield Buffer.from(header)
      await held
    }
    const first = vault.send(id, slow())
    await expect
      .poll(async () => (await vault.door.enter(importStatus, { import: id }, vault.admin)) as unknown)
      .toMatchObject({ output: { status: 'running' } })
    expect(await vault.door.enter(importRecords, { import: id, body: bytesOf(customerFile) }, vault.admin)).toMatchObject({ outcome: 'refused' })
    release()
    await first
  })
})

describe('an import', () => {
  it('stores each row as a block that opens to the planned fields only', async () => {
    expect(await vault.importText(customerFile)).toMatchObject({ read: 3, imported: 3, repeated: 0, rejected: 0, subjects: 3 })
    const opened = await open('C-1', ['balance', 'not_there'])
    expect(opened).toMatchObject({ outcome: 'opened', record: { balance: 10.5 } })
    expect(Object.keys(opened.outcome === 'opened' ? opened.record : {})).toEqual(['balance'])
    expect(await vault.verified()).toMatchObject({ subjects: 3, blocks: 3, unreadable: 0, fault_count: 0, faults: [] })
  })

  it('stores the same file once', async () => {
    await vault.importText(customerFile)
    expect(await vault.importText(customerFile)).toMatchObject({ read: 3, imported: 0, repeated: 3, subjects: 0 })
  })

  it('makes a new block of a change, and of a change back', async () => {
    await vault.importText(customerFile)
    await vault.importText(customerFile.replace('10.5', '11'))
    expect(await open('C-1')).toMatchObject({ record: { balance: 11 } })
    await vault.importText(customerFile)
    expect(await open('C-1')).toMatchObject({ record: { balance: 10.5 } })
    expect(await chain('C-1')).toHaveLength(3)
    expect(await chain('C-2')).toHaveLength(1)
  })

  it('chains several rows of one person in the order of the file, across batches', async () => {
    const rows = Array.from({ length: 1_300 }, (_, index) => `C-${index % 7},Ana,1980-04-12,${index},\n`)
    expect(await vault.importText(header + rows.join(''))).toMatchObject({ imported: 1_300, batches: 3, subjects: 7 })
    expect(await open(`C-${1_299 % 7}`)).toMatchObject({ record: { balance: 1_299 } })
    expect(await open(`C-${1_298 % 7}`)).toMatchObject({ record: { balance: 1_298 } })
    expect(await vault.verified()).toMatchObject({ subjects: 7, blocks: 1_300, fault_count: 0 })
  })

  it('lets two imports of the same people wait for each other', async () => {
    const file = (offset: number) =>
      header + Array.from({ length: 900 }, (_, index) => `C-${(index * 7 + offset) % 300},Ana,1980-04-12,${offset}${index},\n`).join('')
    const [one, two] = await Promise.all([vault.importText(file(1)), vault.importText(file(2))])
    expect(one.imported + two.imported).toBe(1_800)
    expect(await vault.verified()).toMatchObject({ subjects: 300, blocks: 1_800, fault_count: 0 })
  })

  it('makes a new version of the record type for other fields and keeps records of two types apart', async () => {
    await vault.importText(customerFile)
    const { id } = await vault.subject('C-1')
    const describe = (recordType?: string) => vault.database.transaction(vault.tenant, (tx) => describeRecord(tx, vault.door.node, id, recordType))
    expect(await describe()).toMatchObject({ recordType: 'customer', recordTypeVersion: 1, blocks: 1 })

    const { internal: _, ...wider } = { ...customerMapping.fields, internal: undefined }
    await vault.importText(customerFile, { ...customerMapping, drop: [], fields: { ...wider, internal: { name: 'remark' } } })
    expect(await describe()).toMatchObject({ recordTypeVersion: 2, blocks: 2 })
    expect((await describe())?.fields.map((field) => field.name)).toEqual(['given_name', 'date_of_birth', 'balance', 'remark'])

    await vault.importText('customer_id,phone\nC-1,600\n', { record_type: 'contact', subject: 'customer_id', fields: { phone: {} } })
    expect(await describe()).toBeUndefined()
    expect(await describe('contact')).toMatchObject({ recordType: 'contact', blocks: 3 })
    expect(await open('C-1', ['phone'], 'contact')).toMatchObject({ record: { phone: '600' } })
    expect(await open('C-1', ['remark'])).toMatchObject({ record: { remark: 'x' } })
  })

  it('is invisible to another institution', async () => {
    await vault.importText(customerFile)
    const { id } = await vault.subject('C-1')
    const other = vault.principal({ tenant: '01980000-0000-7000-8000-0000000000ee' as never })
    expect(await vault.door.enter(describeOperation, { user_id: 'C-1' }, other)).toMatchObject({ outcome: 'refused' })
    const opened = await vault.database.transaction(other.tenant, (tx) =>
      openRecord(tx, vault.door.node, { subject: id, recordType: 'customer', fields: ['balance'] }),
    )
    expect(opened).toEqual({ outcome: 'gone' })
    expect(await vault.verified(other)).toMatchObject({ subjects: 0, blocks: 0 })
  })
})

describe('what an outsider can check', () => {
  it('is a chain of blocks signed by the vault’s key, each naming the one before, whose end stands in the ledger', async () => {
    await vault.importText(customerFile)
    await vault.importText(customerFile.replace('10.5', '11'))
    const key = parseNoteKey(nodePrimitives.sha256, (await vaultVkeys(vault.door.node, vault.tenant))[0] ?? '')
    expect(key?.name).toBe(`gatehouse/${vault.tenant}/vault`)
    const { id } = await vault.subject('C-1')
    let previous = '0'.repeat(64)
    for (const block of await chain('C-1')) {
      expect(Object.keys(block).sort()).toEqual(['block_id', 'data_hash', 'encrypted_data', 'previous_hash', 'signature', 'timestamp', 'user_id'])
      const { signature, ...unsigned } = block
      expect(verifyIn(nodeVerify, key!.publicKey, 'gatehouse/vault/block/v1', canonicalJson(unsigned), fromBase64(signature)!)).toBe(true)
      expect(block.data_hash).toBe(toHex(nodePrimitives.sha256(Buffer.from(block.encrypted_data, 'base64url'))))
      expect(block.previous_hash).toBe(previous)
      expect(block.user_id).toBe(id)
      previous = toHex(blockHash(nodePrimitives, block))
    }
    const heads = vault.entries.filter((entry) => entry.type === 'vault.head').flatMap((entry) => entry.facts.details?.heads as { subject: string }[])
    expect(heads.filter((head) => head.subject === id).at(-1)).toEqual({ subject: id, head: previous, blocks: 2 })
  })

  it('holds no value of a file anywhere: not in a table, not in the ledger, not in a log line', async () => {
    const planted = /Quetzalli|Ixchel|Citlali|1980-04-12|1975-11-30|C-1\b/
    const bad = `${customerFile}C-9,Tonatiuh,1980-04-12-Quetzalli,1,x\n`
    await vault.importText(bad)
    await vault.door.enter(describeOperation, { user_id: 'C-1' }, vault.admin)
    await vault.verified()
    const [tables] = await vault.tamper(
      `SELECT schemaname || '.' || tablename AS name FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')`,
    )
    expect(tables!.length).toBeGreaterThan(8)
    for (const { name } of tables!) {
      const [rows] = await vault.tamper(`SELECT t::text AS row FROM ${name} t`)
      for (const { row } of rows!) {
        expect(String(row), String(name)).not.toMatch(planted)
        for (const [, hex] of String(row).matchAll(/\\\\x([0-9a-f]+)/g)) expect(Buffer.from(hex!, 'hex').toString('latin1'), String(name)).not.toMatch(planted)
      }
    }
    expect(JSON.stringify(vault.entries)).not.toMatch(planted)
    expect(vault.logLines.join('')).not.toMatch(planted)
  })
})

describe('a proposal', () => {
  it('is a mapping that an import takes as it is', async () => {
    const answer = await vault.door.enter(propose, { sample: customerFile, record_type: 'customer' }, vault.admin)
    const proposal = answer.outcome === 'done' ? answer.output : undefined
    expect(proposal).toMatchObject({ rows: 3, subject: { column: 'customer_id' } })
    expect(await vault.importText(customerFile, proposal!.mapping!)).toMatchObject({ imported: 3 })
  })

  it('refuses a sample without rows', async () => {
    expect((await problemOf(vault.door.enter(propose, { sample: 'customer_id,given_name\n' }, vault.admin))).kind.status).toBe(400)
  })
})
