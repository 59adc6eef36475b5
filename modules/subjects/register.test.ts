import type { Id } from '@gatehouse/core/id'
import { Problem } from '@gatehouse/core/problem'
import { toHex, utf8 } from '@gatehouse/crypto/bytes'
import { commitment } from '@gatehouse/crypto/hmac'
import { type TestNode, testNode } from '@gatehouse/runtime/door/testing/node'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openCommitmentKey } from './commitment.ts'
import { commitmentDomain, commitmentKey, eraseSubject, findSubject, registerSubjects, subjectById, subjectsModule, subjectsPerBatchMax } from './index.ts'
import { findCommitmentKey } from './store.ts'

const other = '01980000-0000-7000-8000-000000000002' as Id<'tenant'>

let t: TestNode
beforeAll(async () => {
  t = await testNode({ modules: [subjectsModule] })
})
afterAll(() => t.close())

const node = () => t.door.node
const register = (userIds: readonly string[], tenant = t.tenant) => t.database.transaction(tenant, (tx) => registerSubjects(tx, node(), userIds))
const find = (userId: string, tenant = t.tenant) => t.database.transaction(tenant, (tx) => findSubject(tx, node(), userId))
const registerOne = async (userId: string, tenant = t.tenant) => {
  const subject = (await register([userId], tenant)).get(userId)
  if (subject === undefined) throw new Error('not registered')
  return subject
}

describe('the register of persons', () => {
  it.each([
    ['empty', ''],
    ['too long', 'a'.repeat(201)],
    ['a line break', 'a\nb'],
    ['a zero byte', 'a\u0000b'],
    ['a lone surrogate, which would encode like any other', 'a\ud800'],
  ])('refuses a user id that is %s, naming its place and not its value', async (_, userId) => {
    const refused = await register(['good-neighbour', userId]).catch((error: unknown) => error)
    expect(refused).toBeInstanceOf(Problem)
    const document = (refused as Problem).document()
    expect(document).toMatchObject({ type: '/problems/subjects/user-id-invalid', errors: [{ pointer: '/1' }] })
    if (userId !== '') expect(JSON.stringify(document)).not.toContain(JSON.stringify(userId).slice(1, -1))
    expect(await find('good-neighbour')).toBeUndefined()
    expect(await find(userId)).toBeUndefined()
  })

  it('refuses a batch above the maximum', async () => {
    await expect(register(Array.from({ length: subjectsPerBatchMax + 1 }, (_, i) => `over-${i}`))).rejects.toThrow(RangeError)
  })

  it('does not find whom nobody registered', async () => {
    expect(await find('nobody')).toBeUndefined()
    expect(await t.database.transaction(t.tenant, (tx) => subjectById(tx, '01980000-0000-7000-8000-00000000dead' as Id<'subject'>))).toBeUndefined()
  })

  it('is closed to the scope of the node', async () => {
    await expect(t.database.transaction('node', (tx) => findSubject(tx, node(), 'anna'))).rejects.toThrow('one tenant')
  })

  it('keeps institutions apart: the same user id is another person, under another hash, unseen from outside', async () => {
    const here = await registerOne('crossing')
    const there = await registerOne('crossing', other)
    expect(there.id).not.toBe(here.id)
    expect(there.commitment).not.toBe(here.commitment)
    expect(await t.database.transaction(other, (tx) => subjectById(tx, here.id))).toBeUndefined()
    const seen = await t.database.transaction(other, (tx) => tx.query<{ tenant_id: string }>('SELECT DISTINCT tenant_id FROM subjects.subject'))
    expect(seen).toEqual([{ tenant_id: other }])
    const hashes = await t.database.transaction('node', (tx) =>
      tx.query<{ outside_id: Uint8Array }>('SELECT outside_id FROM subjects.subject WHERE subject_id = ANY($1::uuid[])', [[here.id, there.id]]),
    )
    expect(new Set(hashes.map((row) => toHex(row.outside_id))).size).toBe(2)
  })

  it('cannot write a row of another institution', async () => {
    await expect(
      t.database.transaction(other, (tx) =>
        tx.query(
          `INSERT INTO subjects.subject (tenant_id, subject_id, outside_id, commitment, commitment_key, kek_version, created_at)
           VALUES ($1, $1, sha256('x'), sha256('x'), 'x', 1, now())`,
          [t.tenant],
        ),
      ),
    ).rejects.toThrow('row-level security')
  })

  it('finds whom it registered, under the keyed hash of exactly the given bytes', async () => {
    const registered = await register(['Zoë', 'Zoe\u0308', 'Zoë'])
    expect(registered.size).toBe(2)
    expect(registered.get('Zoë')?.id).not.toBe(registered.get('Zoe\u0308')?.id)
    const subject = await find('Zoë')
    expect(subject).toEqual(registered.get('Zoë'))
    expect(subject?.status).toBe('active')
    const key = await node().keys.secret(t.tenant, 'subjects/index')
    const [row] = await t.database.transaction(t.tenant, (tx) =>
      tx.query<{ outside_id: Uint8Array }>('SELECT outside_id FROM subjects.subject WHERE subject_id = $1', [subject?.id]),
    )
    expect(toHex(row?.outside_id ?? utf8(''))).toBe(toHex(node().keys.primitives.hmacSha256(key, utf8('Zoë'))))
  })

  it('registers a person once, however often and in whatever batch', async () => {
    const first = await register(['a-1', 'a-2'])
    const second = await register(['a-2', 'a-3', 'a-1'])
    expect(second.get('a-1')).toEqual(first.get('a-1'))
    expect(second.get('a-2')).toEqual(first.get('a-2'))
    expect(second.size).toBe(3)
  })

  it('gives parallel batches in opposite orders the same persons, without a deadlock', async () => {
    const ids = Array.from({ length: 200 }, (_, i) => `race-${i}`)
    const batches = await Promise.all([register(ids), register([...ids].reverse()), register(ids.slice(50)), register(ids.slice(0, 150).reverse())])
    for (const batch of batches) for (const [userId, subject] of batch) expect(subject).toEqual(batches[0]?.get(userId))
  })

  it('registers a full batch', async () => {
    const ids = Array.from({ length: subjectsPerBatchMax }, (_, i) => `bulk-${i}`)
    const subjects = await register(ids)
    expect(new Set([...subjects.values()].map((subject) => subject.id)).size).toBe(subjectsPerBatchMax)
  })
})

describe('the commitment', () => {
  it('can be opened with the key of the person, and only as that person', async () => {
    const [anna, ben] = [await registerOne('anna'), await registerOne('ben')]
    await t.database.transaction(t.tenant, async (tx) => {
      const key = await commitmentKey(tx, node(), anna.id)
      const { primitives } = node().keys
      expect(toHex(commitment(primitives, key ?? utf8(''), commitmentDomain, anna.id))).toBe(anna.commitment)
      const kek = await node().keys.kek(t.tenant)
      const wrapped = (await findCommitmentKey(tx, anna.id))?.commitment_key ?? utf8('')
      expect(openCommitmentKey(primitives, kek.key, t.tenant, ben.id, wrapped)).toBeUndefined()
      expect(openCommitmentKey(primitives, kek.key, other, anna.id, wrapped)).toBeUndefined()
    })
  })

  it('says so when the key of one person was moved to another', async () => {
    const [carl, dora] = [await registerOne('carl'), await registerOne('dora')]
    await t.database.transaction(t.tenant, (tx) =>
      tx.query(`UPDATE subjects.subject SET commitment_key = (SELECT commitment_key FROM subjects.subject WHERE subject_id = $1) WHERE subject_id = $2`, [
        carl.id,
        dora.id,
      ]),
    )
    await expect(t.database.transaction(t.tenant, (tx) => commitmentKey(tx, node(), dora.id))).rejects.toThrow('does not open')
  })

  it('outlives its key: an erased person keeps id and commitment, and stays erased', async () => {
    const eve = await registerOne('eve')
    const erase = (tenant: Id<'tenant'>) => t.database.transaction(tenant, (tx) => eraseSubject(tx, eve.id))
    expect(await erase(other)).toBe(false)
    expect(await erase(t.tenant)).toBe(true)
    expect(await erase(t.tenant)).toBe(false)
    expect(await find('eve')).toEqual({ ...eve, status: 'erased' })
    expect(await registerOne('eve')).toEqual({ ...eve, status: 'erased' })
    expect(await t.database.transaction(t.tenant, (tx) => commitmentKey(tx, node(), eve.id))).toBeUndefined()
  })
})
