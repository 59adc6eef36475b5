/** The change of a tenant's key under a vault that is in use. */
import type { Id } from '@gatehouse/core/id'
import { wrapKey } from '@gatehouse/crypto/envelope'
import { nodePrimitives } from '@gatehouse/crypto/node'
import { dayMs } from '@gatehouse/runtime/data/keys/epochs'
import { openKeys } from '@gatehouse/runtime/data/keys/keys'
import type { Node } from '@gatehouse/runtime/door/node'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { findSubject } from '../../subjects/index.ts'
import { rewrap } from '../keyring/rewrap.ts'
import { rotate } from '../keyring/rotate.ts'
import { turn } from '../keyring/turn.ts'
import { openRecord } from './open-record.ts'
import { openVault, type VaultNode } from './testing/vault.ts'

const people = 60
const rows = Array.from({ length: people }, (_, index) => `C-${index},Person ${index},1980-01-01,1,x`)
const file = ['customer_id,given_name,date_of_birth,balance,internal', ...rows, ''].join('\n')

let t: VaultNode
let node: Node
beforeEach(async () => {
  t = await openVault()
  node = t.door.node
  await t.importText(file)
})
afterEach(() => t.close())

const as = (tenant: Id<'tenant'>) => ({ ...t.admin, tenant })
async function entered(operation: Parameters<typeof t.door.enter>[0], principal = t.admin): Promise<Record<string, unknown>> {
  const answer = await t.door.enter(operation, {}, principal)
  if (answer.outcome !== 'done') throw new Error(`it was ${answer.outcome}`)
  return answer.output as Record<string, unknown>
}
const nameOf = (index: number, on: Node = node) =>
  t.database.transaction(t.tenant, async (tx) => {
    const subject = await findSubject(tx, on, `C-${index}`)
    const opened = await openRecord(tx, on, { subject: subject?.id as Id<'subject'>, recordType: 'customer', fields: ['given_name'] })
    return opened.outcome === 'opened' ? opened.record.given_name : opened.outcome
  })
const sql = <Row>(text: string, values: unknown[] = []) => t.database.transaction('node', (tx) => tx.query<Row>(text, values))
const versionsOf = async (table: string) =>
  (await sql<{ v: number }>(`SELECT DISTINCT kek_version AS v FROM ${table} WHERE tenant_id = $1 ORDER BY 1`, [t.tenant])).map(({ v }) => v)
const alive = async () =>
  (await sql<{ v: number }>('SELECT version AS v FROM keys.kek WHERE tenant_id = $1 AND wrapped IS NOT NULL ORDER BY 1', [t.tenant])).map(({ v }) => v)
const otherProcess = () => openKeys(t.database, t.keyStore, node.keys.epochs, nodePrimitives, { restSeconds: 0 })

describe('the old version of a key stays', () => {
  it('while a row does not open where it stands, and the row stays as it is', async () => {
    await sql('UPDATE vault.subject_key SET wrapped = set_byte(wrapped, 20, get_byte(wrapped, 20) # 1) WHERE ctid = (SELECT min(ctid) FROM vault.subject_key)')
    await entered(rotate)
    expect(await entered(rewrap)).toMatchObject({ faults: 1, destroyed: false })
    expect([await alive(), await versionsOf('vault.subject_key')]).toEqual([
      [1, 2],
      [1, 2],
    ])
  })

  it('while a transaction runs that began before the last row had moved', async () => {
    let end = () => {}
    const open = new Promise<void>((resolve) => {
      end = resolve
    })
    const slow = t.database.transaction(t.tenant, async (tx) => {
      await tx.query('SELECT 1')
      await open
    })
    await entered(rotate)
    const first = await entered(rewrap).finally(end)
    expect(first).toMatchObject({ faults: 0, destroyed: false })
    expect(await alive()).toEqual([1, 2])
    expect(t.enqueued.at(-1)).toMatchObject({ queue: 'keyring-rewrap', data: { tenant: t.tenant } })
    await slow
    expect(await entered(rewrap)).toMatchObject({ moved: 0, destroyed: true })
    expect(await alive()).toEqual([2])
  })

  it('until all had time to notice the new one', async () => {
    await entered(rotate)
    const patient = await openKeys(t.database, t.keyStore, node.keys.epochs, nodePrimitives, { restSeconds: 3600 })
    Object.assign(node, { keys: patient })
    expect(await entered(rewrap)).toMatchObject({ destroyed: false })
    expect(await alive()).toEqual([1, 2])
  })
})

describe('a change of the key', () => {
  it('is not noticed by those who read, and leaves nothing under the old version', async () => {
    let running = true
    let reads = 0
    const readers = Array.from({ length: 4 }, async (_, reader) => {
      for (let index = reader; running; index = (index + 7) % people) {
        expect(await nameOf(index)).toBe(`Person ${index}`)
        reads++
      }
    })
    const changed = (async () => {
      await entered(rotate)
      expect(await entered(rewrap)).toMatchObject({ version: 2, faults: 0 })
      await entered(rotate)
      await entered(rewrap)
    })().finally(() => {
      running = false
    })
    await Promise.all([changed, ...readers])
    await entered(rewrap)
    expect(reads).toBeGreaterThan(10)
    for (const table of ['vault.subject_key', 'subjects.subject', 'keys.secret']) expect(await versionsOf(table), table).toEqual([3])
    expect(await alive()).toEqual([3])
    Object.assign(node, { keys: await otherProcess() })
    expect(await nameOf(5)).toBe('Person 5')
  })

  it('that was broken off goes on where it was', async () => {
    await entered(rotate)
    const [first, ...others] = node.wrappedKeys.filter(({ table }) => table === 'vault.subject_key')
    if (first === undefined) throw new Error('the vault has no table of keys')
    const whole = node.wrappedKeys
    const torn = { ...first, store: () => Promise.reject(new Error('the disk is full')) }
    Object.assign(node, { wrappedKeys: [...whole.filter((table) => table !== first), torn, ...others] })
    await expect(entered(rewrap)).rejects.toThrow()
    expect([await versionsOf('subjects.subject'), await versionsOf('vault.subject_key'), await alive()]).toEqual([[2], [1], [1, 2]])
    Object.assign(node, { wrappedKeys: whole })
    expect(await entered(rewrap)).toMatchObject({ moved: people, destroyed: true })
    const [told] = await sql<object>('SELECT total, moved, faults FROM keyring.rotation')
    expect(told).toMatchObject({ faults: 0, total: told && (told as { moved: number }).moved })
  })

  it('of one institution touches no other', async () => {
    const other = '01980000-0000-7000-8000-00000000000f' as Id<'tenant'>
    await t.importText(file, undefined, as(other))
    await entered(rotate)
    await entered(rewrap)
    expect(await sql('SELECT DISTINCT tenant_id, kek_version FROM vault.subject_key ORDER BY 1')).toEqual([
      { tenant_id: t.tenant, kek_version: 2 },
      { tenant_id: other, kek_version: 1 },
    ])
  })

  it('leaves keys of one institution useless to every other, whichever rows are exchanged', async () => {
    const other = '01980000-0000-7000-8000-00000000000f' as Id<'tenant'>
    await t.importText(file, undefined, as(other))
    // The other's data keys, and even its tenant key, in our rows.
    await sql(
      `UPDATE vault.subject_key k SET wrapped = o.wrapped FROM (SELECT wrapped FROM vault.subject_key WHERE tenant_id = $2 LIMIT 1) o WHERE k.tenant_id = $1`,
      [t.tenant, other],
    )
    expect(await nameOf(1)).toBe('tampered')
    await sql('UPDATE keys.kek k SET wrapped = o.wrapped FROM keys.kek o WHERE k.tenant_id = $1 AND o.tenant_id = $2 AND o.version = k.version', [
      t.tenant,
      other,
    ])
    const fresh = await otherProcess()
    await expect(fresh.kek(t.tenant)).rejects.toThrow('does not open this database')
  })
})

describe('the turn of the epochs', () => {
  it('does nothing before its time', async () => {
    expect(await entered(turn)).toEqual({ epoch: 1, begun: false, rotated: 0, destroyed: [], overdue: [] })
    t.clock.advance(7 * dayMs - 60_000)
    expect(await entered(turn)).toMatchObject({ epoch: 1, begun: false })
  })

  it('gives everybody a key of the new epoch, and makes what was written before unreadable once its time is over', async () => {
    const [before] = await sql<{ wrapped: Buffer }>('SELECT wrapped FROM keys.kek WHERE tenant_id = $1', [t.tenant])
    t.clock.advance(7 * dayMs)
    expect(await entered(turn)).toMatchObject({ epoch: 2, begun: true, destroyed: [] })
    expect(t.enqueued.map(({ data }) => data.tenant)).toContain(t.tenant)
    await entered(rewrap)
    await entered(rewrap, as('00000000-0000-0000-0000-000000000000' as Id<'tenant'>))
    t.clock.advance(21 * dayMs - 60_000)
    expect(await entered(turn)).toMatchObject({ epoch: 3, destroyed: [] })
    t.clock.advance(60_000)
    expect(await entered(turn)).toMatchObject({ epoch: 3, destroyed: ['1', `${t.tenant}/1`] })
    expect(await nameOf(2)).toBe('Person 2')
    // A backup of that time, put back: the rows are there and nothing opens them.
    await sql('UPDATE keys.kek SET wrapped = $2, destroyed_at = NULL WHERE tenant_id = $1 AND version = 1', [t.tenant, before?.wrapped])
    await expect((await otherProcess()).kekVersion(t.tenant, 1)).rejects.toThrow('the key of epoch 1 is in none of')
  })

  it('brings a key from before institutions had epochs of their own under its own, and moves everything', async () => {
    const [{ key }, epoch] = await Promise.all([node.keys.kek(t.tenant), node.keys.epochs.newest()])
    const wrapped = wrapKey(nodePrimitives, epoch.key, key, ['gatehouse/kek/v2', t.tenant, '1', String(epoch.number)])
    await sql('UPDATE keys.kek SET epoch = $2, own_epoch = NULL, wrapped = $3 WHERE tenant_id = $1', [t.tenant, epoch.number, wrapped])
    Object.assign(node, { keys: await otherProcess() })
    expect(await nameOf(4)).toBe('Person 4')
    expect(await entered(turn)).toMatchObject({ begun: false, rotated: 1 })
    const { moved } = await entered(rewrap)
    expect(moved).toBeGreaterThanOrEqual(people)
    await entered(rewrap)
    expect(await alive()).toEqual([2])
    expect(await sql('SELECT own_epoch FROM keys.kek WHERE tenant_id = $1 AND wrapped IS NOT NULL', [t.tenant])).toEqual([{ own_epoch: true }])
    expect(await entered(turn)).toMatchObject({ rotated: 0 })
    expect(await nameOf(4)).toBe('Person 4')
  })

  it('never destroys a key that something alive still needs, and says so', async () => {
    t.clock.advance(28 * dayMs)
    expect(await entered(turn)).toMatchObject({ epoch: 2, destroyed: [], overdue: ['1', `${t.tenant}/1`] })
    expect(await nameOf(3)).toBe('Person 3')
    expect(t.logLines.join('')).toContain('keys of epochs are kept past their end')
  })
})
