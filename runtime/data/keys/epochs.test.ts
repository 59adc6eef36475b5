/** The files between the root key and the tenants' keys, on a real disk, with a copy in a second place. */
import { copyFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Id } from '@gatehouse/core/id'
import { toHex } from '@gatehouse/crypto/bytes'
import { nodePrimitives } from '@gatehouse/crypto/node'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { nodeTenant } from '../../base/context.ts'
import { dayMs, type Epochs, folderEpochs } from './epochs.ts'
import { fileKeyStore } from './file-key-store.ts'
import type { KeyStore } from './key-store.ts'

const tenantA = '01980000-0000-7000-8000-00000000000a' as Id<'tenant'>
const tenantB = '01980000-0000-7000-8000-00000000000b' as Id<'tenant'>

let place: string
let root: KeyStore
let now: number
const folders = (): [string, string] => [join(place, 'epochs'), join(place, 'elsewhere')]
/** A process that has just started. */
const process = (store = root): Epochs => folderEpochs(folders(), store, nodePrimitives, () => now)
const fileOf = (folder: 0 | 1, tenant: string, number: number) => join(folders()[folder], tenant, `00000${number}.epoch`)

beforeEach(async () => {
  place = await mkdtemp(join(tmpdir(), 'gatehouse-epochs-'))
  root = await fileKeyStore(join(place, 'root.key'), nodePrimitives, { create: true })
  now = Date.parse('2026-03-01T00:00:00Z')
})
afterEach(() => rm(place, { recursive: true, force: true }))

describe('an epoch key is refused', () => {
  it('in the place of another institution’s, of the node’s, or of another number', async () => {
    for (const tenant of [tenantA, tenantB]) await process().of(tenant).newest()
    await process().newest()
    await process().of(tenantA).beginAfter(1)
    const refused = 'the root key does not open the key of epoch 1'
    for (const folder of [0, 1] as const) await copyFile(fileOf(folder, tenantB, 1), fileOf(folder, tenantA, 1))
    await expect(process().of(tenantA).key(1)).rejects.toThrow(refused)
    for (const folder of [0, 1] as const) await copyFile(fileOf(folder, '', 1), fileOf(folder, tenantA, 1))
    await expect(process().of(tenantA).key(1)).rejects.toThrow(refused)
    for (const folder of [0, 1] as const) await copyFile(fileOf(folder, tenantA, 2), fileOf(folder, tenantA, 1))
    await expect(process().of(tenantA).key(1)).rejects.toThrow('does not hold the key of epoch 1')
    for (const folder of [0, 1] as const) await copyFile(fileOf(folder, tenantB, 1), fileOf(folder, '', 1))
    await expect(process().key(1)).rejects.toThrow(refused)
  })

  it('with a beginning that was changed, under another root key, or with bytes that are none', async () => {
    await process().of(tenantA).newest()
    const text = await readFile(fileOf(0, tenantA, 1), 'utf8')
    await writeFile(fileOf(0, tenantA, 1), text.replace('2026-03-01', '2026-03-02'))
    await expect(process().of(tenantA).key(1)).rejects.toThrow('does not open the key of epoch 1')
    await writeFile(fileOf(0, tenantA, 1), text.slice(0, 40))
    await expect(process().of(tenantA).key(1)).rejects.toThrow('Put the file back from a copy')
    await writeFile(fileOf(0, tenantA, 1), text)
    const other = await fileKeyStore(join(place, 'other.key'), nodePrimitives, { create: true })
    await expect(process(other).of(tenantA).key(1)).rejects.toThrow('does not open the key of epoch 1')
  })
})

describe('the series of an institution', () => {
  it('is one and the same for processes that begin it together, and differs from every other', async () => {
    const made = await Promise.all(Array.from({ length: 6 }, () => process().of(tenantA).newest()))
    expect(new Set(made.map(({ key }) => toHex(key))).size).toBe(1)
    const others = await Promise.all([process().newest(), process().of(tenantB).newest()])
    expect(new Set([...others, ...made].map(({ key }) => toHex(key))).size).toBe(3)
    await expect(process().of(nodeTenant).key(1)).resolves.toEqual(await process().key(1))
  })

  it('is destroyed in every place, and no other’s with it', async () => {
    const [mine, theirs, node] = [process().of(tenantA), process().of(tenantB), process()]
    await Promise.all([mine.newest(), theirs.newest(), node.newest()])
    await mine.beginAfter(1)
    const kept = toHex((await theirs.newest()).key)
    await process().destroySeries(tenantA)
    await process().destroySeries(tenantA)
    for (const folder of folders()) expect((await readdir(folder)).sort()).toEqual(['000001.epoch', tenantB])
    for (const number of [1, 2]) await expect(process().of(tenantA).key(number)).rejects.toThrow(`the key of epoch ${number} is in none of`)
    expect(toHex((await process().of(tenantB).key(1)).key)).toBe(kept)
    expect(await process().tenants()).toEqual([tenantB])
  })

  it('of the node itself cannot be destroyed', async () => {
    await process().newest()
    await expect(process().destroySeries(nodeTenant)).rejects.toThrow(TypeError)
    expect((await process().key(1)).key).toHaveLength(32)
  })
})

describe('an epoch', () => {
  it('ends 28 days after its beginning, or sooner where that was said, and never later', async () => {
    const epochs = process()
    const { endsMs } = await epochs.newest()
    expect(endsMs).toBe(now + 28 * dayMs)
    await epochs.beginAfter(1)
    await epochs.endBelow(2, now + 40 * dayMs)
    expect((await process().list()).map((epoch) => epoch.endsMs)).toEqual([endsMs, endsMs])
    await epochs.endBelow(2, now + 5 * dayMs)
    await epochs.endBelow(2, now + 9 * dayMs)
    expect((await process().list()).map((epoch) => epoch.endsMs)).toEqual([now + 5 * dayMs, endsMs])
    expect((await process().key(1)).key).toHaveLength(32)
  })
})

describe('a change of the root key', () => {
  it('takes every series along, and goes on where it was broken off', async () => {
    const before = process()
    const keys = await Promise.all([before.newest(), before.of(tenantA).newest(), before.of(tenantB).newest()])
    await before.of(tenantA).beginAfter(1)
    const other = await fileKeyStore(join(place, 'other.key'), nodePrimitives, { create: true })
    let left = 3
    const torn: KeyStore = { ...other, wrap: (...given) => (left-- > 0 ? other.wrap(...given) : Promise.reject(new Error('the token was pulled out'))) }
    await expect(process().moveTo(torn)).rejects.toThrow('pulled out')
    expect(await process().moveTo(other)).toBe(1)
    const after = process(other)
    const moved = await Promise.all([after.newest(), after.of(tenantA).key(1), after.of(tenantB).newest()])
    expect(moved.map(({ key }) => toHex(key))).toEqual(keys.map(({ key }) => toHex(key)))
    await expect(process().of(tenantB).key(1)).rejects.toThrow('does not open')
  })

  it('stops at a file that neither root key opens', async () => {
    await process().of(tenantA).newest()
    const [one, two] = await Promise.all(['one', 'two'].map((name) => fileKeyStore(join(place, `${name}.key`), nodePrimitives, { create: true })))
    await expect(process(one).moveTo(two as KeyStore)).rejects.toThrow('neither root key opens the key of epoch 1')
  })
})
