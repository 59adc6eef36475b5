/** A restore by the commands, on real processes, with the root key from its sheets: it is verified, knows the erased no more, and signs nothing twice. */
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { must } from '@gatehouse/sdk/client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type BackedUp, backedUp, gatehouse, standing } from './backed-up.ts'
import { faults } from './log.ts'
import { type NodeProcess, until } from './node.ts'
import { certified } from './planted.ts'
import { authorize } from './scenario.ts'

let before: BackedUp

beforeAll(async () => {
  before = await backedUp()
})
afterAll(() => before?.remove())

describe('a restore is refused', () => {
  it('without the store of heads, unless the operator says what that means', async () => {
    await expect(gatehouse(await before.emptyHome(['keys']), 'restore', before.backup)).rejects.toThrow('The store of heads is not there')
  })
  it('without the root key', async () => {
    const home = await before.emptyHome()
    await rm(join(home, 'keys', 'root.key'))
    await expect(gatehouse(home, 'restore', before.backup)).rejects.toThrow(/root key/)
  })
})

describe('a node restored to a moment after the backup', () => {
  let node: NodeProcess
  beforeAll(async () => {
    const home = await before.emptyHome()
    // The root key was lost with the disk; three of the five sheets give it back, and the backup opens with it.
    const sheets = join(home, 'sheets')
    await gatehouse(home, 'keys', 'ceremony', '--out', sheets)
    await rm(join(home, 'keys', 'root.key'))
    await gatehouse(home, 'keys', 'recover', ...[1, 4, 5].map((number) => join(sheets, `share-${number}-of-5.txt`)))
    await gatehouse(home, 'restore', before.backup, '--to', before.moment)
    node = await before.start(home)
  })

  it('has verified itself before it opened', async () => {
    const said = node.output()
    expect(said).toMatch(/the restored node holds: \d+ entries and 2 blocks verified, 1 people erased again/)
    expect(said.indexOf('the restored node holds')).toBeLessThan(said.indexOf('Gatehouse is up'))
    expect(await faults(node.operator)).toEqual([])
  })

  it('knows what was done until then', async () => {
    const { data } = must(await node.operator.GET('/v1/partners', {}))
    expect(data.map(({ reference }) => reference)).toEqual(expect.arrayContaining(['northwind-bank', 'later-bank']))
  })

  it('does not know the person who was erased after the backup was made', async () => {
    const [gone, there] = before.planted.people
    expect((await authorize(node, before.planted.partner, gone?.userId ?? '')).status).toBe(403)
    expect((await authorize(node, before.planted.partner, there?.userId ?? '')).status).toBe(200)
    expect(must(await node.operator.POST('/v1/vault/verify', { body: {} }))).toMatchObject({ blocks: 2, unreadable: 1, fault_count: 0 })
  })

  it('signs no other log than the one that was signed, until the operator names a successor', async () => {
    await until(async () => (await standing(node)).state === 'behind')
    const { size, stored_size, origin } = await standing(node)
    expect(stored_size).toBe(before.size)
    expect(size).toBeLessThan(before.size)
    await gatehouse(node.home, 'log', 'succeed', '--stored-size', String(before.size))
    await until(async () => (await standing(node)).state === 'signing' && (await standing(node)).waiting === 0)
    expect((await standing(node)).origin).not.toBe(origin)
    await certified(node, before.erasures)
    expect(await faults(node.operator)).toEqual([])
  })
})
