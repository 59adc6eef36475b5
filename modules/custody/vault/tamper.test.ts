import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openRecord } from './open-record.ts'
import type { ChainFault } from './schema.ts'
import { customerFile, openVault, type VaultNode } from './testing/vault.ts'

let vault: VaultNode
const fields = ['given_name', 'balance']

beforeAll(async () => {
  vault = await openVault()
})
afterAll(() => vault.close())

/** Each test tampers with a chain of its own person: three blocks, one after the other. */
let person = 0
let userId = ''
let id = ''
beforeEach(async () => {
  userId = `P-${++person}`
  for (const balance of [1, 2, 3]) await vault.importText(`customer_id,given_name,date_of_birth,balance\n${userId},Ana,1980-04-12,${balance}\n`)
  id = (await vault.subject(userId)).id
})

const open = () =>
  vault.database.transaction(vault.tenant, async (tx) => openRecord(tx, vault.door.node, { subject: id as never, recordType: 'customer', fields }))
const faultsOf = async (subject = id): Promise<Omit<ChainFault, 'subject_id' | 'block_id'>[]> =>
  (await vault.verified()).faults.filter((fault) => fault.subject_id === subject).map(({ sequence, fault }) => ({ sequence, fault }))
const where = (sequence: number) => `subject_id = '${id}' AND sequence = ${sequence}`

describe('a chain that somebody with the database has touched', () => {
  it('names the block whose ciphertext has a flipped bit, and does not open it', async () => {
    await vault.tamper(`UPDATE vault.block SET encrypted_data = set_byte(encrypted_data, 60, get_byte(encrypted_data, 60) # 1) WHERE ${where(3)}`)
    expect(await faultsOf()).toEqual([
      { sequence: 3, fault: 'data_hash' },
      { sequence: 3, fault: 'signature' },
      { sequence: 3, fault: 'block_hash' },
    ])
    expect(await open()).toEqual({ outcome: 'tampered', place: expect.stringContaining('sequence 3: data_hash, signature, block_hash') })
  })

  it('finds ciphertext whose hashes were brought into line, by the signature', async () => {
    await vault.tamper(
      `UPDATE vault.block SET encrypted_data = set_byte(encrypted_data, 60, get_byte(encrypted_data, 60) # 1) WHERE ${where(3)}`,
      `UPDATE vault.block SET data_hash = sha256(encrypted_data) WHERE ${where(3)}`,
    )
    expect(await faultsOf()).toContainEqual({ sequence: 3, fault: 'signature' })
    expect(await open()).toMatchObject({ outcome: 'tampered' })
  })

  it('finds a changed time', async () => {
    await vault.tamper(`UPDATE vault.block SET at = at + interval '1 day' WHERE ${where(3)}`)
    expect(await faultsOf()).toContainEqual({ sequence: 3, fault: 'signature' })
    expect(await open()).toMatchObject({ outcome: 'tampered' })
  })

  it('names the gap where a block was dropped, and does not open the one after it', async () => {
    await vault.tamper(`DELETE FROM vault.block WHERE ${where(2)}`)
    expect(await faultsOf()).toEqual([
      { sequence: 3, fault: 'sequence' },
      { sequence: 3, fault: 'previous_hash' },
    ])
    expect(await open()).toMatchObject({ outcome: 'tampered', place: expect.stringContaining('previous_hash') })
  })

  it('finds the missing end of a chain, and a chain that is gone as a whole', async () => {
    await vault.tamper(`DELETE FROM vault.block WHERE ${where(3)}`)
    expect(await faultsOf()).toEqual([{ sequence: 2, fault: 'head' }])
    await vault.tamper(`DELETE FROM vault.block WHERE subject_id = '${id}'`)
    expect(await faultsOf()).toEqual([{ sequence: 3, fault: 'blocks_missing' }])
    await vault.tamper(`DELETE FROM vault.head WHERE subject_id = '${id}'`)
  })

  it('finds a missing head', async () => {
    await vault.tamper(`DELETE FROM vault.head WHERE subject_id = '${id}'`)
    expect(await faultsOf()).toEqual([{ sequence: 3, fault: 'head_missing' }])
  })

  it('finds two blocks that have changed places', async () => {
    await vault.tamper(
      `UPDATE vault.block SET sequence = 99 WHERE ${where(2)}`,
      `UPDATE vault.block SET sequence = 2 WHERE ${where(3)}`,
      `UPDATE vault.block SET sequence = 3 WHERE ${where(99)}`,
    )
    expect(await faultsOf()).toEqual([
      { sequence: 2, fault: 'previous_hash' },
      { sequence: 3, fault: 'previous_hash' },
      { sequence: 3, fault: 'head' },
    ])
    expect(await open()).toMatchObject({ outcome: 'tampered', place: expect.stringContaining('previous_hash') })
  })

  it('finds an inserted copy of an earlier block, which would bring back an old state', async () => {
    await vault.tamper(
      `INSERT INTO vault.block SELECT tenant_id, subject_id, gen_random_uuid(), 4, record_type_id, dek_version, encrypted_data, data_hash,
         (SELECT block_hash FROM vault.block WHERE ${where(3)}), block_hash, at, signature, row_digest FROM vault.block WHERE ${where(1)}`,
    )
    const faults = await faultsOf()
    expect(faults).toContainEqual({ sequence: 4, fault: 'signature' })
    expect(faults).toContainEqual({ sequence: 4, fault: 'head' })
    expect(await open()).toMatchObject({ outcome: 'tampered', place: expect.stringContaining('signature') })
  })

  it('finds a block that was moved to another person, with the key moved too', async () => {
    const victim = (await vault.subject(userId)).id
    await vault.importText(customerFile)
    const other = (await vault.subject('C-1')).id
    await vault.tamper(
      `UPDATE vault.block SET subject_id = '${other}', sequence = 2 WHERE ${where(3)}`,
      `DELETE FROM vault.subject_key WHERE subject_id = '${other}'`,
      `UPDATE vault.subject_key SET subject_id = '${other}' WHERE subject_id = '${victim}'`,
    )
    expect(await faultsOf(other)).toContainEqual({ sequence: 2, fault: 'signature' })
    expect(await faultsOf(victim)).toEqual([{ sequence: 2, fault: 'head' }])
    id = other
    expect(await open()).toMatchObject({ outcome: 'tampered', place: expect.stringContaining('signature') })
  })

  it('finds a chain that was copied into another institution', async () => {
    const other = vault.principal({ tenant: '01980000-0000-7000-8000-0000000000ee' as never })
    const move = (table: string) => `UPDATE ${table} SET tenant_id = '${other.tenant}' WHERE subject_id = '${id}'`
    const type = `UPDATE vault.record_type SET tenant_id = '${other.tenant}'`
    await vault.tamper(move('vault.block'), move('vault.head'), move('vault.subject_key'), type)
    const found = await vault.verified(other)
    expect(found.blocks).toBe(3)
    expect(found.faults.map(({ sequence, fault }) => ({ sequence, fault }))).toEqual([1, 2, 3].map((sequence) => ({ sequence, fault: 'signature' })))
    const opened = await vault.database.transaction(other.tenant, (tx) =>
      openRecord(tx, vault.door.node, { subject: id as never, recordType: 'customer', fields }),
    )
    expect(opened).toMatchObject({ outcome: 'tampered' })
    await vault.tamper(type.replace(other.tenant, vault.tenant))
  })

  it('does not open a block under a key that was put in its place', async () => {
    await vault.importText('customer_id,given_name,date_of_birth,balance\nK-2,Luis,1975-11-30,2\n')
    const other = (await vault.subject('K-2')).id
    await vault.tamper(`UPDATE vault.subject_key k SET wrapped = o.wrapped FROM vault.subject_key o WHERE k.subject_id = '${id}' AND o.subject_id = '${other}'`)
    expect(await open()).toMatchObject({ outcome: 'tampered', place: expect.stringContaining('subject_key') })
  })

  it('does not open a block as a record of another type', async () => {
    await vault.importText('customer_id,given_name\nX-1,Eva\n', { record_type: 'contact', subject: 'customer_id', fields: { given_name: {} } })
    await vault.tamper(`UPDATE vault.block SET record_type_id = (SELECT id FROM vault.record_type WHERE slug = 'contact') WHERE ${where(3)}`)
    const opened = await vault.database.transaction(vault.tenant, (tx) =>
      openRecord(tx, vault.door.node, { subject: id as never, recordType: 'contact', fields }),
    )
    expect(opened).toMatchObject({ outcome: 'tampered', place: expect.stringContaining('tag') })
  })
})

describe('a person whose key has been destroyed', () => {
  it('has a chain that is whole and that nobody can open, now or by importing again', async () => {
    const before = await vault.verified()
    await vault.tamper(`DELETE FROM vault.subject_key WHERE subject_id = '${id}'`)
    const after = await vault.verified()
    expect(after.unreadable - before.unreadable).toBe(3)
    expect(await faultsOf()).toEqual([])
    expect(await open()).toEqual({ outcome: 'gone' })
    const again = await vault.importText(`customer_id,given_name,date_of_birth,balance\n${userId},Ana,1980-04-12,9\n`)
    expect(again).toMatchObject({ imported: 0, rejected: 1, rejects: [{ line: 2 }] })
  })
})

describe('the ordinary role', () => {
  it('cannot change, delete or empty the blocks', async () => {
    for (const statement of ['UPDATE vault.block SET sequence = sequence', 'DELETE FROM vault.block', 'TRUNCATE vault.block']) {
      await expect(vault.database.transaction(vault.tenant, (tx) => tx.query(statement))).rejects.toThrow('only ever added')
    }
  })
})
