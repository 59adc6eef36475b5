/** The modes that check what came without its log: what they remember, and what the log beside them adds. */
import { canonicalJson } from '@gatehouse/core/canonical-json'
import { utf8 } from '@gatehouse/crypto/bytes'
import { nodeSigner } from '@gatehouse/crypto/node'
import type { Signer } from '@gatehouse/crypto/primitives'
import { beforeEach, describe, expect, it } from 'vitest'
import { bundleMode } from '../bundle/mode.ts'
import { noWitnesses } from '../checkpoint.ts'
import { nodeCryptography } from '../command/machine.ts'
import type { Seen } from '../command/memory.ts'
import type { Machine, Mode } from '../command/mode.ts'
import { consistencyMode } from '../consistency/mode.ts'
import { readKeys } from '../keys.ts'
import { proofMode } from '../proof/mode.ts'
import type { Report } from '../report.ts'
import { logKey, logSigner, origin, vaultSigner } from '../testing/write-bundle.ts'
import { entryOf, writeLogOver } from '../testing/write-log.ts'
import { bodiesNaming, naming, vkeyOf } from '../testing/write-rotation.ts'
import { type Files, sourceOf, writeTiles } from '../testing/write-tiles.ts'
import { writeVault } from '../testing/write-vault.ts'
import { vaultMode } from '../vault/mode.ts'
import { logMode } from './mode.ts'

const [second, third, thief] = [12, 13, 19].map((seed) => nodeSigner(new Uint8Array(32).fill(seed))) as [Signer, Signer, Signer]
const rotation = { 4: naming(logSigner, second) }
/** Forty entries; the fifth of them changes the key. */
const bodies = bodiesNaming(40, rotation)
const log = writeTiles(bodies, second)
const [kept, files, logs] = [new Map<string, readonly Seen[]>(), new Map<string, string>(), new Map<string, Files>()]
/** The entries of the log that evidence is made of. */
let written = bodies
beforeEach(() => {
  written = bodies
  for (const one of [kept, files, logs]) one.clear()
  logs.set('log', log)
})

function machine(keys: string): Machine {
  const readText = async (path: string) => files.get(path) ?? ''
  return {
    cryptography: nodeCryptography,
    readText,
    readBytes: async (path) => utf8(await readText(path)),
    async *readLines(path) {
      for (const [at, text] of (await readText(path)).split('\n').entries()) yield { text, place: `line ${at + 1}` }
    },
    openLog: (place) => sourceOf(logs.get(place) ?? new Map()),
    keys: () => readKeys(keys, nodeCryptography),
    policy: async () => noWitnesses,
    memory: {
      recall: async (name) => kept.get(name) ?? [],
      remember: async (name, seen) =>
        void kept.set(
          name,
          [...seen].map((one) => ({ at: '2026-02-01T00:00:00.000Z', ...one })).sort((a, b) => a.size - b.size),
        ),
    },
    progress: () => {},
  }
}
const run = (mode: Mode, positionals: string[], values: Record<string, string> = {}, keys = logKey): Promise<Report> =>
  mode.run({ positionals, values, machine: machine(keys) })
const texts = ({ checks }: Report) => checks.map(({ text }) => text).join('\n')
const followed = 'the key of the log was changed, and the one before it vouches for the new one'

const stateOf = (size: number, ...signers: Signer[]) => writeLogOver(written.slice(0, size), ...signers)
function proofOf(index: number, size: number, ...signers: Signer[]): string[] {
  const { proof, checkpoint, body } = stateOf(size, ...signers).inclusion(index)
  files.set('proof', `c2sp.org/tlog-proof@v1\nindex ${index}\n${proof.join('\n')}\n\n${checkpoint}`)
  files.set('entry', Buffer.from(body, 'base64').toString())
  return ['proof', 'entry']
}
function bundleOf(state: ReturnType<typeof writeLogOver>, index: number, created = '2026-01-15T00:00:00.000Z'): string[] {
  const { proof, body, checkpoint } = state.inclusion(index)
  const found = {
    origin,
    log: { checkpoint, entries: [{ index, body, proof }] },
    vault: { chains: [] },
    documents: [],
    story: [{ text: 'It was.', entry: index }],
  }
  files.set('bundle', JSON.stringify({ format: 'gatehouse-evidence/v1', created, ...found }))
  return ['bundle']
}
function checkpointsOf(earlier: string, later: string): string[] {
  files.set('earlier', earlier)
  files.set('later', later)
  return ['earlier', 'later']
}

const modes: [string, Mode, (size: number, ...signers: Signer[]) => string[]][] = [
  ['a proof', proofMode, (size, ...signers) => proofOf(7, size, ...signers)],
  ['a bundle', bundleMode, (size, ...signers) => bundleOf(stateOf(size, ...signers), 7)],
  ['two checkpoints', consistencyMode, (size, ...signers) => checkpointsOf(stateOf(3, logSigner).checkpoint, stateOf(size, ...signers).checkpoint)],
]

describe.each(modes)('%s under a key that came later', (_, mode, write) => {
  it('cannot be told by whoever knows the first key only', async () => {
    if (mode !== consistencyMode) expect(await run(mode, write(20, second))).toMatchObject({ verdict: 'cannot_tell' })
    expect(kept.size).toBe(0)
  })

  it('is good with the log beside it, which names the key', async () => {
    const report = await run(mode, write(20, second), { log: 'log' })
    expect([report.verdict, texts(report)]).toEqual(['good', expect.stringContaining(followed)])
    expect(kept.get(origin)?.length).toBeGreaterThan(0)
  })

  it('is not followed where somebody else named it', async () => {
    written = bodiesNaming(40, { 4: naming(thief, third) })
    logs.set('log', writeTiles(written, third))
    expect(await run(mode, write(20, third), { log: 'log' })).toMatchObject({ verdict: 'cannot_tell' })
  })

  it('is bad where the log beside it was changed', async () => {
    logs.set(
      'log',
      new Map(log).set(
        'tile/entries/000.p/40',
        (log.get('tile/entries/000.p/40') as Uint8Array).map((byte, at) => (at === 60 ? byte ^ 1 : byte)),
      ),
    )
    expect(await run(mode, write(20, second), { log: 'log' })).toMatchObject({ verdict: 'bad' })
  })
})

describe.each(modes.slice(0, 2))('%s beside its log', (_, mode, write) => {
  it('is bad where the log never was what it stands under', async () => {
    logs.set('log', writeTiles(bodiesNaming(40, { 5: naming(logSigner, second) }), second))
    const report = await run(mode, write(20, second), { log: 'log' })
    expect([report.verdict, texts(report)]).toEqual(['bad', expect.stringContaining('the log was forked: its first 20 entries are not those')])
  })

  it('cannot be told where the copy of the log is older', async () => {
    logs.set('log', writeTiles(bodies.slice(0, 10), second))
    const report = await run(mode, write(20, second), { log: 'log' })
    expect([report.verdict, texts(report)]).toEqual(['cannot_tell', expect.stringContaining('an older copy of 10')])
  })
})

describe('a bundle', () => {
  const key = vkeyOf(second)

  it('is remembered, and refused where it is of another log of the same size', async () => {
    expect(await run(bundleMode, bundleOf(stateOf(20, second), 7), {}, key)).toMatchObject({ verdict: 'good' })
    expect(kept.get(origin)).toMatchObject([{ size: 20 }])
    const fork = writeLogOver(bodiesNaming(20, { 5: naming(logSigner, second) }), second)
    const report = await run(bundleMode, bundleOf(fork, 7), {}, key)
    expect([report.verdict, texts(report)]).toEqual(['bad', expect.stringContaining('the log was forked: you were shown another log of 20 entries before')])
    // What it was remembered for: the log itself is held to it.
    logs.set('log', writeTiles(bodiesNaming(40, { 5: naming(logSigner, second) }), second))
    expect(texts(await run(logMode, ['log'], {}, key))).toContain('the log was rewritten: its first 20 entries')
  })

  it('that was made after one was shown more entries is not believed without the log', async () => {
    expect(await run(logMode, ['log'], {}, key)).toMatchObject({ verdict: 'good' })
    const late = () => bundleOf(stateOf(20, second), 7, '2026-03-01T00:00:00.000Z')
    const report = await run(bundleMode, late(), {}, key)
    expect([report.verdict, texts(report)]).toEqual(['cannot_tell', expect.stringContaining('the log went back, or its witnesses are behind')])
    expect(await run(bundleMode, late(), { log: 'log' }, key)).toMatchObject({ verdict: 'good' })
    expect(await run(bundleMode, bundleOf(stateOf(20, second), 7), {}, key)).toMatchObject({ verdict: 'good' })
  })

  it('is refused with the log of somebody else beside it', async () => {
    const other = `${origin}/other`
    logs.set('other', new Map([['checkpoint', utf8(stateOf(0, second).checkpoint)]]))
    const report = await run(bundleMode, bundleOf(stateOf(20, second), 7), { log: 'other' }, `${key}\n${vkeyOf(second, other)}`)
    expect(report.verdict).toBe('cannot_tell')
  })
})

it('blocks under a key of the vault that came later are followed by the log', async () => {
  const vault = writeVault({ subjects: 1, blocks: 2, covered: 2 })
  const heads = vault.heads.map(({ entry: _, ...head }) => head)
  const stated = heads.map((head, at) => utf8(canonicalJson({ ...entryOf(at), type: 'vault.head', details: { heads: [head] } })))
  const old = nodeSigner(new Uint8Array(32).fill(14))
  const named = utf8(
    canonicalJson({ ...entryOf(2), type: 'keyring.rotate_signing', details: { key: 'vault', generation: 2, ...naming(old, vaultSigner, `${origin}/vault`) } }),
  )
  logs.set('log', writeTiles([...stated, named]))
  const header = { ...vault.header, checkpoint: writeLogOver([...stated, named], logSigner).checkpoint }
  files.set('vault', [header, ...vault.lines].map((line) => JSON.stringify(line)).join('\n'))
  const report = await run(vaultMode, ['vault'], { log: 'log' }, `${logKey}\n${vkeyOf(old, `${origin}/vault`)}`)
  expect([report.verdict, texts(report)]).toEqual(['good', expect.stringContaining(`the key ${origin}/vault was changed`)])
  expect(await run(vaultMode, ['vault'], { log: 'log' }, `${logKey}\n${vkeyOf(thief, `${origin}/vault`)}`)).toMatchObject({ verdict: 'bad' })
})
