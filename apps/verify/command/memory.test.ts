import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Tree } from '../merkle.ts'
import { CannotTell } from '../report.ts'
import { fileMemory, memoryFile } from './memory.ts'

let folder: string
let path: string
beforeEach(async () => {
  second = 0
  folder = await mkdtemp(join(tmpdir(), 'gatehouse-memory-'))
  path = join(folder, 'deep', 'checkpoints.json')
})
afterEach(() => rm(folder, { recursive: true }))

/** The moments of this test, one second apart. */
let second: number
const at = (number: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, number)).toISOString()
const now = () => at(second)

const tree = (size: number): Tree => ({ size, root: new Uint8Array(32).fill(size % 256) })

describe('the memory of checkpoints', () => {
  it.each([
    ['no JSON', '{"log": ['],
    ['a list', '[]'],
    ['null', 'null'],
    ['a checkpoint that is null', '{"log": [null]}'],
    ['no list of checkpoints', '{"log": 5}'],
    ['a root that is too short', '{"log": [{"size": 1, "root": "AAAA"}]}'],
    ['a root that is no base64', `{"log": [{"size": 1, "root": "${'!'.repeat(44)}"}]}`],
    ['a negative size', `{"log": [{"size": -1, "root": "${Buffer.alloc(32).toString('base64')}"}]}`],
    ['a time that is none', `{"log": [{"size": 1, "root": "${Buffer.alloc(32).toString('base64')}", "at": 5}]}`],
    ['a size that is no number', `{"log": [{"size": "1", "root": "${Buffer.alloc(32).toString('base64')}"}]}`],
  ])('does not begin anew over %s', async (_, text) => {
    path = join(folder, 'checkpoints.json')
    await writeFile(path, text)
    await expect(fileMemory(path, now).recall('log')).rejects.toThrow(CannotTell)
    expect(await readFile(path, 'utf8')).toBe(text)
  })

  it('says so where it cannot be written or read', async () => {
    await writeFile(join(folder, 'deep'), 'a file where a folder belongs')
    await expect(fileMemory(path, now).recall('log')).rejects.toThrow(/cannot be read/)
    await rm(join(folder, 'deep'))
    await writeFile(join(folder, 'checkpoints.json'), '{}')
    await expect(fileMemory(join(folder, 'checkpoints.json', 'x'), now).remember('log', [tree(1)])).rejects.toThrow(CannotTell)
  })

  it('keeps each log apart, the newest of each, and is nobody else’s to read', async () => {
    const memory = fileMemory(path, now)
    expect(await memory.recall('log')).toEqual([])
    await memory.remember('other', [tree(7)])
    await memory.remember('__proto__', [tree(9)])
    await memory.remember(
      'log',
      Array.from({ length: 100 }, (_, at) => tree(100 - at)),
    )
    expect((await memory.recall('log')).map(({ size }) => size)).toEqual(Array.from({ length: 64 }, (_, at) => at + 37))
    expect(await memory.recall('other')).toEqual([{ ...tree(7), at: at(0) }])
    expect(await memory.recall('__proto__')).toEqual([{ ...tree(9), at: at(0) }])
    expect(await memory.recall('constructor')).toEqual([])
    expect((await stat(path)).mode & 0o777).toBe(0o600)
  })

  it('tells when each was seen first, and reads what was kept without that', async () => {
    path = join(folder, 'checkpoints.json')
    await writeFile(path, JSON.stringify({ log: [{ size: 1, root: Buffer.from(tree(1).root).toString('base64') }] }))
    const memory = fileMemory(path, now)
    expect(await memory.recall('log')).toEqual([tree(1)])
    second = 5
    await memory.remember('log', [tree(2)])
    second = 9
    await memory.remember('log', [...(await memory.recall('log')), tree(3)])
    expect(await memory.recall('log')).toEqual([
      { ...tree(2), at: at(5) },
      { ...tree(3), at: at(9) },
    ])
  })

  it('lies where the system keeps such things', () => {
    expect(memoryFile({ XDG_STATE_HOME: '/state' })).toBe('/state/gatehouse-verify/checkpoints.json')
  })
})
