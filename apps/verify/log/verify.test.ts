import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { nodePrimitives, nodeSigner } from '@gatehouse/crypto/node'
import { parseTilePath, tilePath as writersPath } from '@gatehouse/transparency/tile'
import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { noWitnesses } from '../checkpoint.ts'
import { nodeCryptography, openLog } from '../command/machine.ts'
import { readKeys, type TrustedKey } from '../keys.ts'
import type { Tree } from '../merkle.ts'
import { judge, type Report } from '../report.ts'
import { logKey, type logSigner, origin, strangersKeyFile } from '../testing/write-bundle.ts'
import { type Files, gatehouseEntries, rootOfBodies, sourceOf, writeTiles } from '../testing/write-tiles.ts'
import { tilePath } from './tiles.ts'
import { type LogQuestion, verifyLog } from './verify.ts'

const cryptography = nodeCryptography
let keys: TrustedKey[]
beforeAll(async () => {
  keys = await readKeys(logKey, cryptography)
})

const check = (files: Files, more: Partial<LogQuestion> = {}): Promise<Report> =>
  judge(async (run) => {
    await verifyLog(run, { source: sourceOf(files), keys, policy: noWitnesses, cryptography, ...more })
  })
const faults = (report: Report) => report.checks.filter(({ verdict }) => verdict === 'bad').map(({ place }) => place)
const flipped = (bytes: Uint8Array, bit: number) => bytes.map((byte, at) => (at === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte))
const put = (files: Files, path: string, bytes: Uint8Array) => new Map(files).set(path, bytes)

const bodies = gatehouseEntries(700)
const log = writeTiles(bodies)

describe('a log is refused', () => {
  it.each<[string, string, (files: Files) => unknown]>([
    [
      'with a changed entry',
      'tile/entries/001 entry 300 (byte ',
      (files) => change(files, 'tile/entries/001', (bytes) => (bytes[lengthBefore(300)! + 9]! ^= 1)),
    ],
    [
      'with a changed entry at its edge',
      'tile/entries/002.p/188 entry 699',
      (files) => change(files, 'tile/entries/002.p/188', (bytes) => (bytes[bytes.length - 2]! ^= 1)),
    ],
    ['with a changed length', 'tile/entries/000 entry 7 (byte ', (files) => change(files, 'tile/entries/000', (bytes) => (bytes[lengthBefore(7)! + 1]! ^= 8))],
    ['with a changed tile', 'tile/0/001 hash 4', (files) => change(files, 'tile/0/001', (bytes) => (bytes[4 * 32 + 5]! ^= 64))],
    ['with a changed tile at its edge', 'tile/0/002.p/188 hash 187', (files) => change(files, 'tile/0/002.p/188', (bytes) => (bytes[187 * 32]! ^= 1))],
    ['with a changed tile above', 'tile/1/000.p/2 hash 1', (files) => change(files, 'tile/1/000.p/2', (bytes) => (bytes[63]! ^= 1))],
    ['with a cut tile', 'tile/0/000', (files) => files.set('tile/0/000', files.get('tile/0/000')!.subarray(1))],
    ['with a tile too long', 'tile/0/000', (files) => files.set('tile/0/000', Buffer.concat([files.get('tile/0/000')!, Buffer.alloc(32)]))],
    ['with a cut bundle', 'tile/entries/000 entry 255', (files) => files.set('tile/entries/000', files.get('tile/entries/000')!.subarray(0, -1))],
    [
      'with bytes behind the entries',
      'tile/entries/000 entry 256',
      (files) => files.set('tile/entries/000', Buffer.concat([files.get('tile/entries/000')!, Buffer.alloc(1)])),
    ],
    ['without a tile', 'tile/1/000.p/2', (files) => files.delete('tile/1/000.p/2')],
    ['without a bundle', 'tile/entries/001', (files) => files.delete('tile/entries/001')],
    ['with swapped bundles', 'tile/entries/000 entry 0 (byte 0)', (files) => swap(files, 'tile/entries/000', 'tile/entries/001')],
    ['with swapped tiles', 'tile/0/000 hash 0', (files) => swap(files, 'tile/0/000', 'tile/0/001')],
    ['with a changed checkpoint', 'checkpoint', (files) => change(files, 'checkpoint', (bytes) => (bytes[bytes.indexOf(10) + 1]! ^= 1))],
    ['with a checkpoint that is no text', 'checkpoint', (files) => files.set('checkpoint', Uint8Array.of(0xff))],
    ['with an entry of another tenant', 'tile/entries/000.p/4 entry 3 (byte ', (files) => replace(files, gatehouseEntries(3).concat(foreign))],
    [
      'with an entry that is not canonical',
      'tile/entries/000.p/4 entry 3 (byte ',
      (files) => replace(files, gatehouseEntries(3).concat(Buffer.from('{ "v":1}'))),
    ],
  ])('%s', async (_, place, spoil) => {
    const files = new Map([...log].map(([path, bytes]) => [path, Uint8Array.from(bytes)]))
    spoil(files)
    const report = await check(files)
    expect(report.verdict).toBe('bad')
    expect(faults(report)[0]).toContain(place)
    // One fault has one place: nothing beside it is accused. A swapped file is 256 faults.
    if (!_.includes('swapped')) expect(faults(report)).toHaveLength(1)
  })

  it('when entries and tiles were rewritten together under the old checkpoint', async () => {
    const files = writeTiles([...bodies.slice(0, 10), ...gatehouseEntries(690, 5000)]).set('checkpoint', log.get('checkpoint')!)
    expect(faults(await check(files))).toEqual(['checkpoint'])
  })

  it('when a bundle and its tile were rewritten and what stands above was not', async () => {
    const other = writeTiles(gatehouseEntries(700, 9000))
    const files = new Map(log).set('tile/0/001', other.get('tile/0/001')!).set('tile/entries/001', other.get('tile/entries/001')!)
    const report = await check(files)
    expect(faults(report)).toEqual(['tile/0/001'])
    expect(report.checks.at(-1)?.text).toContain('rewritten together')
  })

  it('naming both faults when two files were changed', async () => {
    const files = put(put(log, 'tile/0/000', flipped(log.get('tile/0/000')!, 77)), 'tile/entries/001', flipped(log.get('tile/entries/001')!, 1000))
    const places = faults(await check(files))
    expect(places).toHaveLength(2)
    expect(places[0]).toBe('tile/0/000 hash 0')
    expect(places[1]).toMatch(/^tile\/entries\/001 entry 256/)
  })

  it('for any flipped bit, with its place', async () => {
    await flips(sized(600), 100)
  })

  it('when it went back, was forked or rewritten against what the reader was shown before', async () => {
    const shown = (...trees: Tree[]) => ({ seen: async (name: string) => (name === origin ? trees : []) })
    const tree = (size: number, first = 0) => ({ size, root: rootOfBodies(gatehouseEntries(size, first)) })
    for (const [seen, words] of [
      [tree(701), 'went back'],
      [tree(700, 1), 'rewritten'],
      [tree(300, 1), 'rewritten'],
      [tree(512, 1), 'rewritten'],
      [tree(0, 0), ''],
      [tree(1), ''],
      [tree(256), ''],
      [tree(257), ''],
      [tree(699), ''],
      [tree(700), ''],
    ] as const) {
      const report = await check(log, shown(seen))
      expect(report.verdict, `${seen.size} ${words}`).toBe(words === '' ? 'good' : 'bad')
      if (words !== '')
        expect(report.checks.find(({ verdict }) => verdict === 'bad')).toMatchObject({ place: 'checkpoint', text: expect.stringContaining(words) })
    }
  })

  it('without the witnesses that are demanded, and with a forged cosignature', async () => {
    const signers = [nodeSigner(new Uint8Array(32).fill(7)), nodeSigner(new Uint8Array(32).fill(8))]
    const [one, two] = await Promise.all(signers.map(({ publicKey }, at) => witnessKey(`witness.example/${at}`, publicKey)))
    const cosigned = (count: number, spoil = false) => {
      let note = new TextDecoder().decode(log.get('checkpoint'))
      for (const [at, signer] of signers.slice(0, count).entries()) note += cosignature(note, `witness.example/${at}`, signer, spoil)
      return put(log, 'checkpoint', Buffer.from(note))
    }
    const policy = { witnesses: [one!, two!], quorum: 2 }
    expect(await check(cosigned(2), { policy })).toMatchObject({ verdict: 'good' })
    expect((await check(cosigned(2), { policy })).checks[1]?.text).toContain('2 of the 2 witnesses cosigned: witness.example/0 at 2026-')
    expect(await check(cosigned(1), { policy })).toMatchObject({ verdict: 'bad' })
    expect(await check(cosigned(1), { policy: { ...policy, quorum: 1 } })).toMatchObject({ verdict: 'good' })
    expect(faults(await check(cosigned(2, true), { policy: { ...policy, quorum: 1 } }))).toEqual(['checkpoint'])
    // Whoever does not know the witnesses ignores what they signed.
    expect(await check(cosigned(2, true))).toMatchObject({ verdict: 'good' })
  })
})

describe('it cannot be told', () => {
  it('where there is no log, or nobody known signed it', async () => {
    expect(await check(new Map())).toMatchObject({ verdict: 'cannot_tell', checks: [{ text: expect.stringContaining('no log') }] })
    const strangers = await readKeys(strangersKeyFile, cryptography)
    expect(await check(log, { keys: strangers })).toMatchObject({ verdict: 'cannot_tell' })
    expect(await check(new Map(), { source: openLog('http://127.0.0.1:9/') })).toMatchObject({ verdict: 'cannot_tell' })
  })
})

describe('a log is good', () => {
  it.each([0, 1, 255, 256, 257, 65_793])('of %d entries', async (size) => {
    expect(await check(writeTiles(sized(size)), { raw: true })).toMatchObject({ verdict: 'good' })
  })

  it('when it has grown and keeps only the full files', async () => {
    const files = new Map(log)
    const grown = writeTiles(gatehouseEntries(1000))
    for (const path of ['tile/entries/002', 'tile/0/002', 'tile/1/000.p/3']) files.set(path, grown.get(path)!)
    files.delete('tile/entries/002.p/188')
    files.delete('tile/0/002.p/188')
    expect(await check(files)).toMatchObject({ verdict: 'good' })
  })

  it('and every right entry is shown in order', async () => {
    const seen: number[] = []
    await check(log, { visit: ({ index }) => seen.push(index) })
    expect(seen).toEqual(Array.from({ length: 700 }, (_, at) => at))
  })
})

it('paths are spelled as the writer spells them', () => {
  fc.assert(
    fc.property(fc.nat({ max: 7 }), fc.integer({ min: 0, max: 2 ** 40 }), fc.integer({ min: 1, max: 256 }), (level, index, width) => {
      expect(tilePath(level, index, width)).toBe(writersPath({ level, index, width }))
      expect(parseTilePath(tilePath('entries', index, width))).toEqual({ level: 'entries', index, width })
    }),
  )
})

const vectors = fileURLToPath(new URL('../../../../shared/data/crypto-vectors/tlog-tiles/', import.meta.url))
const absent = existsSync(vectors) ? '' : ' (skipped: the reference data ../shared/data/crypto-vectors/tlog-tiles is absent)'
describe.skipIf(absent)(`a published log${absent}`, () => {
  it('is good at every size that was published, and each grew out of the one before', async () => {
    const published = await readKeys(readFileSync(`${vectors}vkey.txt`, 'utf8'), cryptography)
    const files: Files = new Map()
    for (const path of readdirSync(`${vectors}log`, { recursive: true, withFileTypes: true }))
      if (path.isFile()) files.set(join(path.parentPath, path.name).slice(`${vectors}log/`.length), readFileSync(join(path.parentPath, path.name)))
    const seen: Tree[] = []
    for (const size of [0, 1, 3, 5, 7, 9, 11, 13, 15]) {
      const source = sourceOf(put(files, 'checkpoint', files.get(`checkpoint.${size}`)!))
      const report = await judge(async (run) => {
        const { checkpoint } = await verifyLog(run, { source, keys: published, policy: noWitnesses, cryptography, raw: true, seen: async () => [...seen] })
        seen.push({ size, root: checkpoint.root })
      })
      expect(report.checks.filter(({ verdict }) => verdict !== 'good')).toEqual([])
      expect(report.verdict).toBe('good')
    }
  })
})

const foreign = Buffer.from(new TextDecoder().decode(bodies[3]).replace(/"tenant":"0198/, '"tenant":"0199'))
const lengths = bodies.map((body) => body.length + 2)
const lengthBefore = (index: number) => lengths.slice(index - (index % 256), index).reduce((sum, length) => sum + length, 0)

function change(files: Files, path: string, edit: (bytes: Uint8Array) => unknown): void {
  edit(files.get(path)!)
}

function swap(files: Files, one: string, two: string): void {
  const [first, second] = [files.get(one)!, files.get(two)!]
  files.set(one, second).set(two, first)
}

function replace(files: Files, by: Uint8Array[]): void {
  files.clear()
  for (const [path, bytes] of writeTiles(by)) files.set(path, bytes)
}

/** Small entries that are not Gatehouse's. */
function sized(size: number): Uint8Array[] {
  return Array.from({ length: size }, (_, at) => Buffer.from(`entry ${at}`))
}

async function witnessKey(name: string, publicKey: Uint8Array): Promise<TrustedKey> {
  const typed = Buffer.concat([Uint8Array.of(4), publicKey])
  const id = Buffer.from(nodePrimitives.sha256(Buffer.concat([Buffer.from(`${name}\n`), typed]))).subarray(0, 4)
  const [key] = await readKeys(`${name}+${id.toString('hex')}+${typed.toString('base64')}`, cryptography)
  return key!
}

/** The line of a witness, made by hand: it signs the time with the checkpoint. */
function cosignature(note: string, name: string, signer: typeof logSigner, spoil: boolean): string {
  const seconds = 1_790_000_000n
  const text = note.slice(0, note.lastIndexOf('\n\n') + 1)
  const signature = signer.sign(Buffer.from(`cosignature/v1\ntime ${seconds + (spoil ? 1n : 0n)}\n${text}`))
  const id = Buffer.from(nodePrimitives.sha256(Buffer.concat([Buffer.from(`${name}\n`), Uint8Array.of(4), signer.publicKey]))).subarray(0, 4)
  const time = Buffer.alloc(8)
  time.writeBigUInt64BE(seconds)
  return `— ${name} ${Buffer.concat([id, time, signature]).toString('base64')}\n`
}

/** Flips single bits anywhere in a log and demands that each is told at its place. */
async function flips(entries: Uint8Array[], runs: number): Promise<void> {
  const files = writeTiles(entries)
  const paths = [...files.keys()]
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...paths), fc.nat(), async (path, seed) => {
      const bytes = files.get(path)!
      const bit = seed % (bytes.length * 8)
      const report = await check(put(files, path, flipped(bytes, bit)), { raw: true })
      expect(report.verdict).not.toBe('good')
      const places = report.checks.filter(({ verdict }) => verdict !== 'good').map(({ place }) => place)
      expect(places).toHaveLength(1)
      expect(places[0]).toMatch(path === 'checkpoint' ? /^checkpoint$/ : new RegExp(`^${path} `))
    }),
    { numRuns: runs },
  )
}
