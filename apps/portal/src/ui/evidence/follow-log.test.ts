import { logKeys, writeLog } from '@gatehouse/verify/testing/write-log'
import { changedKeys } from '@gatehouse/verify/testing/write-rotation'
import { beforeEach, describe, expect, it } from 'vitest'
import { followLog, type Ports } from './follow-log.ts'
import { type Keep, pin, recall } from './memory.ts'

const { key: vkey, origin, strangers: otherKey } = logKeys
const kept = new Map<string, string>()
const keep: Keep = {
  getItem: (name) => kept.get(name) ?? null,
  setItem: (name, value) => void kept.set(name, value),
  removeItem: (name) => void kept.delete(name),
}
/** A node whose log has so many entries now. */
const nodeWith = (size: number, first = 0): Ports => ({
  keep,
  now: () => `at ${size}`,
  readGrowth: async (from, to) => (to > size ? undefined : writeLog(to, first).consistency(from)),
  readKeyChanges: async () => undefined,
})
const state = (size: number, first = 0) => ({ checkpoint: writeLog(size, first).checkpoint, vkey })
const see = (size: number, first = 0) => followLog(state(size, first), nodeWith(size, first))

beforeEach(() => kept.clear())

describe('a log is refused', () => {
  it('when it was set back, and the checkpoint that shows it is kept', async () => {
    await see(9)
    expect(await see(5)).toMatchObject({ good: false, fault: 'set_back', since: { size: 9 } })
    expect(await see(0)).toMatchObject({ good: false, fault: 'set_back' })
    expect(recall(keep, origin)?.seen?.size).toBe(9)
  })

  it('when what was seen is no longer its beginning, whether it grew, shrank or stayed', async () => {
    await see(9)
    expect(await see(12, 100)).toMatchObject({ good: false, fault: 'rewritten' })
    expect(await see(9, 100)).toMatchObject({ good: false, fault: 'forked' })
    expect(await followLog(state(5, 100), nodeWith(9))).toMatchObject({ good: false, fault: 'rewritten' })
    expect(recall(keep, origin)?.seen?.size).toBe(9)
  })

  it('when a node that grew will not prove it', async () => {
    await see(5)
    expect((await followLog(state(9), { ...nodeWith(9), readGrowth: async () => undefined })).good).toBe(false)
    expect((await followLog(state(9), { ...nodeWith(9), readGrowth: async () => [] })).good).toBe(false)
  })

  it('when the node states another key than the pinned one, or than the one it gave first', async () => {
    await see(5)
    expect(await followLog({ ...state(9), vkey: otherKey }, nodeWith(9))).toMatchObject({ good: false, fault: 'key_changed', place: '/vkey', pinned: false })
    pin(keep, origin, otherKey)
    expect(await see(9)).toMatchObject({ good: false, fault: 'key_changed', pinned: true })
  })

  it('when the key or the note is nonsense', async () => {
    expect(await followLog({ ...state(5), vkey: 'x' }, nodeWith(5))).toMatchObject({ good: false, fault: 'key_malformed', place: '/vkey' })
    expect(await followLog({ checkpoint: 'x', vkey }, nodeWith(5))).toMatchObject({ good: false, fault: 'checkpoint_malformed' })
    expect(kept.size).toBe(0)
  })
})

describe('a log is followed', () => {
  it('from the first checkpoint seen, each held against the one before', async () => {
    const first = await see(5)
    expect(first).toMatchObject({ good: true, size: 5, pinned: false })
    expect(first).not.toHaveProperty('since')
    expect(await see(9)).toMatchObject({ good: true, size: 9, since: { size: 5, at: 'at 5' } })
    expect(recall(keep, origin)?.seen).toMatchObject({ size: 9, at: 'at 9' })
  })

  it('without asking the node where nothing is new', async () => {
    await see(9)
    const silent = { ...nodeWith(9), readGrowth: () => Promise.reject(new Error('asked')) }
    expect(await followLog(state(9), silent)).toMatchObject({ good: true, size: 9 })
  })

  it('when an older answer comes late, and the later checkpoint stays remembered', async () => {
    await see(9)
    expect(await followLog(state(5), nodeWith(9))).toMatchObject({ good: true, size: 5 })
    expect(recall(keep, origin)?.seen?.size).toBe(9)
  })

  it('from the empty log on', async () => {
    await see(0)
    expect(await see(3)).toMatchObject({ good: true, size: 3 })
  })

  it('under a pinned key, which keeps what was seen under the same key only', async () => {
    await see(5)
    pin(keep, origin, vkey)
    expect(await see(9)).toMatchObject({ good: true, pinned: true, since: { size: 5 } })
    pin(keep, origin, otherKey)
    expect(recall(keep, origin)).toEqual({ key: otherKey, pinned: true })
  })

  it('where the memory was spoilt, as if it were the first time', async () => {
    kept.set(`gatehouse-log ${origin}`, '{')
    expect(await see(5)).toMatchObject({ good: true, size: 5 })
  })
})

describe('a log whose key was changed', () => {
  const { keys, stateAt, changes, growth, thief } = changedKeys()
  const [first, second, third] = keys as [string, string, string]
  const ports: Ports = { keep, now: () => 'later', readGrowth: async (from, to) => growth(from, to), readKeyChanges: async () => changes }
  const look = (size: number, vkey: string, more: Partial<Ports> = {}) => followLog({ checkpoint: stateAt(size, vkey), vkey }, { ...ports, ...more })

  it('is followed by the entry that names the new key, and over two changes', async () => {
    expect(await look(5, first)).toMatchObject({ good: true, followed: false })
    expect(await look(12, second)).toMatchObject({ good: true, followed: true, since: { size: 5 } })
    expect(recall(keep, origin)).toMatchObject({ key: second, earlier: [first], pinned: false, seen: { size: 12 } })
    kept.clear()
    await look(5, first)
    expect(await look(30, third)).toMatchObject({ good: true, followed: true })
    expect(recall(keep, origin)).toMatchObject({ key: third, earlier: [first, second] })
    expect(await look(30, third)).toMatchObject({ good: true, followed: false })
  })

  it('stays pinned, and is still held to what was seen under the old key', async () => {
    pin(keep, origin, first)
    await look(5, first)
    expect(await look(30, third)).toMatchObject({ good: true, pinned: true })
    expect(await look(4, first)).toMatchObject({ good: true, size: 4 })
    expect(recall(keep, origin)?.seen?.size).toBe(30)
    kept.clear()
    await followLog(state(5, 100), nodeWith(5, 100))
    expect(await look(30, third)).toMatchObject({ good: false, fault: 'rewritten' })
    expect(recall(keep, origin)?.key).toBe(vkey)
  })

  it('is refused where the log does not name the key, or does not stand behind the entry that does', async () => {
    await look(5, first)
    for (const readKeyChanges of [
      async () => undefined,
      async () => ({ ...changes, entries: [] }),
      async () => ({ ...changes, entries: changes.entries.slice(1) }),
      async () => ({ ...changes, entries: changes.entries.map((entry) => ({ ...entry, proof: entry.proof.slice(1) })) }),
      async () => ({ ...changes, checkpoint: stateAt(40, first) }),
      async () => thief.changes,
    ])
      expect(await look(30, third, { readKeyChanges })).toMatchObject({ good: false, fault: 'key_changed' })
    expect(await look(30, third, { readGrowth: async (from, to) => (to === 40 ? [] : growth(from, to)) })).toMatchObject({ good: false, fault: 'rewritten' })
    expect(await followLog({ checkpoint: thief.checkpoint, vkey: thief.key }, ports)).toMatchObject({ good: false, fault: 'key_changed' })
    expect(recall(keep, origin)?.key).toBe(first)
  })

  it('is refused where an old key signs what is newer than all that was seen', async () => {
    await look(12, second)
    expect(await look(30, first)).toMatchObject({ good: false, fault: 'key_changed' })
    expect(await look(3, first)).toMatchObject({ good: true, size: 3 })
  })
})
