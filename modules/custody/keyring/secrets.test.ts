/** The operations for secrets of other systems, through the door: what goes in never comes out of it. */
import type { Id } from '@gatehouse/core/id'
import { utf8Text } from '@gatehouse/crypto/bytes'
import { endKeys } from '@gatehouse/runtime/data/keys/store'
import { secretBytesMax } from '@gatehouse/runtime/data/secrets/secret-store'
import type { AnyOperation } from '@gatehouse/runtime/door/operation'
import { type TestNode, testNode } from '@gatehouse/runtime/door/testing/node'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { deleteSecret } from './delete-secret.ts'
import { describeSecret } from './describe-secret.ts'
import { keyringModule } from './index.ts'
import { listSecrets } from './list-secrets.ts'
import { putSecret } from './put-secret.ts'

const other = '01980000-0000-7000-8000-0000000000f2' as Id<'tenant'>
const value = 'pa55-of-the-registry'
let t: TestNode

beforeAll(async () => {
  t = await testNode({ modules: [keyringModule] })
})
afterAll(() => t.close())

const told: unknown[] = []
async function ask(operation: AnyOperation, input: object, as = t.admin): Promise<{ outcome: string; output?: unknown; problem?: { kind: { type: string } } }> {
  const answer = (await t.door.enter(operation, input as never, as).catch((error: { kind?: { type?: string } }) => ({
    outcome: 'refused',
    problem: { kind: { type: error.kind?.type ?? String(error) } },
  }))) as { outcome: string; output?: unknown; problem?: { kind: { type: string } } }
  told.push(answer)
  return answer
}
const problem = async (operation: AnyOperation, input: object, as = t.admin) => (await ask(operation, input, as)).problem?.kind.type
const theirs = () => t.principal({ tenant: other })
const inside = async (name: string, tenant = t.tenant) => {
  const found = await t.door.node.secrets.read(tenant, name)
  return found && utf8Text(found.value)
}

describe('a secret is refused', () => {
  it.each(['', 'UP', '../up', 'a//b', 'a b'])('under the name %j', async (name) => {
    expect((await ask(putSecret, { name, value, lease_seconds: 60 })).outcome).not.toBe('done')
  })
  it('that is empty, too long, or leased for too long', async () => {
    for (const input of [{ value: '' }, { value: 'x'.repeat(secretBytesMax + 1) }, { value, lease_seconds: 0 }, { value, lease_seconds: 86_401 }])
      expect((await ask(putSecret, { name: 'sources/a', lease_seconds: 60, ...input })).outcome).not.toBe('done')
    // As many characters as are allowed, and more bytes.
    expect(await problem(putSecret, { name: 'sources/a', value: 'é'.repeat(secretBytesMax / 2 + 1), lease_seconds: 60 })).toBe(
      '/problems/keyring/secret-too-long',
    )
    expect(await inside('sources/a')).toBeUndefined()
  })
  it('where there is none: nothing is told and nothing deleted', async () => {
    for (const operation of [describeSecret, deleteSecret]) expect(await problem(operation, { name: 'sources/none' })).toBe('/problems/door/not-found')
  })
})

describe('a secret', () => {
  it('is kept, told by everything but its value, and versioned', async () => {
    const first = await ask(putSecret, { name: 'sources/registry', value, lease_seconds: 300 })
    expect(first.output).toMatchObject({ name: 'sources/registry', version: 1, lease_seconds: 300, earlier_until: null })
    const second = await ask(putSecret, { name: 'sources/registry', value: `${value}-2`, lease_seconds: 300 })
    expect(second.output).toMatchObject({ version: 2, earlier_until: expect.any(String) })
    expect((await ask(describeSecret, { name: 'sources/registry' })).output).toEqual(second.output)
    expect((await ask(listSecrets, {})).output).toEqual({ data: [second.output] })
    expect(await inside('sources/registry')).toBe(`${value}-2`)
  })

  it('of one institution is neither seen nor touched by another', async () => {
    expect((await ask(listSecrets, {}, theirs())).output).toEqual({ data: [] })
    for (const operation of [describeSecret, deleteSecret])
      expect(await problem(operation, { name: 'sources/registry' }, theirs())).toBe('/problems/door/not-found')
    await ask(putSecret, { name: 'sources/registry', value: 'of-another', lease_seconds: 60 }, theirs())
    expect([await inside('sources/registry'), await inside('sources/registry', other)]).toEqual([`${value}-2`, 'of-another'])
  })

  it('is deleted with all its versions, at once', async () => {
    expect((await ask(deleteSecret, { name: 'sources/registry' })).outcome).toBe('done')
    expect(await inside('sources/registry')).toBeUndefined()
    expect(await t.door.node.secrets.read(t.tenant, 'sources/registry', 1)).toBeUndefined()
  })

  it('of an institution that is erased cannot be put any more', async () => {
    await t.database.transaction('node', (tx) => endKeys(tx, other))
    t.door.node.keys.forget(other)
    expect((await ask(putSecret, { name: 'sources/late', value, lease_seconds: 60 }, theirs())).outcome).not.toBe('done')
    expect(await t.database.transaction('node', (tx) => tx.query("SELECT 1 FROM keys.stored_secret WHERE name = 'sources/late'"))).toEqual([])
  })
})

it('no answer, no entry of the log, no line of a log and no row ever held a value', async () => {
  const rows = await t.database.transaction('node', (tx) => tx.query('SELECT t::text AS text FROM keys.stored_secret t'))
  for (const text of [told, t.entries, t.logLines, rows].map((held) => JSON.stringify(held))) {
    expect(text).not.toContain(value)
    expect(text).not.toContain('of-another')
    expect(text).not.toContain(Buffer.from(value).toString('hex'))
  }
  expect(t.entries.filter(({ type }) => type === 'keyring.put_secret').length).toBeGreaterThanOrEqual(3)
})
