/**
 * Recomputes a whole log from its files: every entry's leaf, every tile, the root. The tree is built from the entries alone and
 * held against what the tiles state; where the two differ, what stands above tells which of them was changed.
 */
import { type Checkpoint, noteCharactersMax, noteCheckpoint, readCheckpoint, type WitnessPolicy } from '../checkpoint.ts'
import type { Cryptography } from '../cryptography.ts'
import { same, utf8Text } from '../encoding.ts'
import { type Entry, readBody } from '../entries.ts'
import type { TrustedKey } from '../keys.ts'
import { hashLength, leafHash, type Tree } from '../merkle.ts'
import { CannotTell, Fault, type Run } from '../report.ts'
import { type Hashes, hashesIn, perfectRoot, rootOver } from './rows.ts'
import type { LogSource } from './source.ts'
import { followKeys, namesKey, noteKeys } from './succession.ts'
import { readEntryBundle, readTile, splitBundle, tilePath, tileWidth, widthOf } from './tiles.ts'

export interface LogQuestion {
  readonly source: LogSource
  readonly keys: readonly TrustedKey[]
  readonly policy: WitnessPolicy
  readonly cryptography: Cryptography
  /** What the reader was shown of this log before; each must be one of its earlier states. */
  readonly seen?: (origin: string) => Promise<readonly Tree[]>
  /** Entries may be any bytes, not only those of Gatehouse. */
  readonly raw?: boolean
  /** Called with every entry that is right, in order. */
  readonly visit?: (entry: Entry) => void
  readonly progress?: (done: number, total: number) => void
}

export const checkpointPath = 'checkpoint'

export interface VerifiedLog {
  readonly checkpoint: Checkpoint
  /** The reader's keys, and those that follow from them in this log. */
  readonly keys: readonly TrustedKey[]
}

/** @throws CannotTell where there is no log or nobody known signed it, Fault where its checkpoint is wrong */
export async function verifyLog(run: Run, question: LogQuestion): Promise<VerifiedLog> {
  const { source, keys, policy, cryptography } = question
  const note = await readLogNote(source)
  const checkpoint = await readCheckpoint(note, checkpointPath, keys, policy, cryptography)
  if (checkpoint.signed) noteCheckpoint(run, checkpointPath, checkpoint, policy)
  const seen = (await question.seen?.(checkpoint.origin)) ?? []
  for (const { size } of seen) {
    if (size > checkpoint.size) run.note('bad', checkpointPath, `the log went back: you were shown ${size} entries before, now it has ${checkpoint.size}`)
  }
  const recomputation = new Recomputation(run, question, checkpoint, seen)
  await recomputation.all()
  // Of a log that was changed nothing is followed: its entries are not those that were signed.
  const followed = run.clean ? await followKeys(recomputation.namingKeys, keys, cryptography) : []
  const all = [...keys, ...followed.map(({ key }) => key)]
  const vouched = followed.length === 0 ? checkpoint : await readCheckpoint(note, checkpointPath, all, policy, cryptography)
  noteKeys(run, checkpointPath, vouched, followed)
  if (!checkpoint.signed) noteCheckpoint(run, checkpointPath, vouched, policy, 'a key that follows from one in the key file')
  return { checkpoint: vouched, keys: all }
}

async function readLogNote(source: LogSource): Promise<string> {
  const bytes = await source.read(checkpointPath, noteCharactersMax)
  if (bytes === undefined) throw new CannotTell(`${source.name} holds no file "${checkpointPath}": it is no log, or the log is not published`)
  const note = utf8Text(bytes)
  if (note === undefined) throw new Fault(checkpointPath, 'the checkpoint is not UTF-8 text')
  return note
}

/** A tile whose stated hashes differ from the computed ones, and nothing above it to tell which are right: the tree ends there. */
interface Undecided {
  readonly level: number
  readonly path: string
  readonly stated: Hashes
  readonly differing: readonly number[]
  readonly tell: (blame: 'below' | 'tile' | 'either') => void
}

/** Bundles and tiles that are fetched before their turn. */
const aheadMax = 4

class Recomputation {
  private readonly run: Run
  private readonly question: LogQuestion
  private readonly size: number
  private readonly root: Uint8Array
  private readonly seen: readonly Tree[]
  private readonly sha: Cryptography
  /** The computed hashes of each level that are not yet under a full tile. */
  private readonly rows: Uint8Array[][] = []
  /** Of each level the tile in use: what the log states. */
  private readonly stated: { index: number; tile: Promise<{ path: string; hashes: Hashes } | undefined> }[] = []
  private readonly undecided: Undecided[] = []
  /** Of each level how many tiles are finished. */
  private readonly closed: number[] = []
  /** Hashes by level and number that differ for a reason that was told already. */
  private readonly told = new Set<string>()
  private tenant: string | undefined
  /** Entries by which the log's key named its next. */
  readonly namingKeys: Entry[] = []

  constructor(run: Run, question: LogQuestion, { size, root }: Checkpoint, seen: readonly Tree[]) {
    this.run = run
    this.question = question
    this.size = size
    this.root = root
    this.seen = seen
    this.sha = question.cryptography
  }

  async all(): Promise<void> {
    const bundles = Math.ceil(this.size / tileWidth)
    const ahead: ReturnType<Recomputation['fetch']>[] = []
    await this.compareSeen(0, [])
    for (let index = 0; index < bundles; index++) {
      while (ahead.length < aheadMax && index + ahead.length < bundles) ahead.push(this.fetch(index + ahead.length))
      await this.takeBundle(index, await (ahead.shift() as ReturnType<Recomputation['fetch']>))
      this.question.progress?.(Math.min(this.size, (index + 1) * tileWidth), this.size)
    }
    await this.closeEdges()
  }

  /** Never rejects: a file that cannot be had is told when its turn comes. */
  private async fetch(index: number) {
    const width = widthOf(this.size, 0, index)
    return readEntryBundle(this.question.source, index, width).then(
      (file) => ({ file }),
      (error: unknown) => ({ error }),
    )
  }

  private async takeBundle(index: number, fetched: Awaited<ReturnType<Recomputation['fetch']>>): Promise<void> {
    const width = widthOf(this.size, 0, index)
    const tile = await this.statedTile(0, index)
    const path = 'file' in fetched ? fetched.file.path : tilePath('entries', index, width)
    const { entries, broken } = await this.entriesOf(fetched, width)
    const leaves = await Promise.all(entries.map(({ body }) => leafHash(body, this.sha)))
    const place = (at: number) => `${path} entry ${index * tileWidth + at}${entries[at] === undefined ? '' : ` (byte ${entries[at].at})`}`
    const differing = tile === undefined ? [] : leaves.flatMap((leaf, at) => (same(leaf, tile.hashes[at] as Uint8Array) ? [] : [at]))
    if (broken !== undefined) {
      // A changed length shifts all that follows, so the first entry that differs is the place, not where reading ended.
      const first = differing[0] ?? entries.length
      if ('file' in fetched) this.run.note('bad', place(first), `from here on the bundle cannot be read: ${broken}`)
      for (let at = first; at < width; at++) leaves[at] = tile?.hashes[at] ?? new Uint8Array(hashLength)
      differing.length = 0
    } else {
      const wrong = new Set(differing)
      entries.forEach(({ body }, at) => {
        if (!wrong.has(at)) this.takeEntry(index * tileWidth + at, body, () => place(at))
      })
    }
    if (broken !== undefined && tile === undefined) this.told.add(`1 ${index}`)
    await this.compareSeen(index * tileWidth, leaves)
    await this.close(0, index, leaves, tile, differing, (at) => [
      place(at),
      'the entry was changed: the tile beside it and what stands above state another one',
    ])
  }

  private async entriesOf(fetched: Awaited<ReturnType<Recomputation['fetch']>>, width: number) {
    if ('file' in fetched) return splitBundle(fetched.file.bytes, width, fetched.file.full)
    if (!(fetched.error instanceof Fault)) throw fetched.error
    this.run.note('bad', fetched.error.place, fetched.error.message)
    return { entries: [], broken: fetched.error.message }
  }

  /** @param place is asked for only where somebody wants to know it: a million names cost more than a million hashes */
  private takeEntry(index: number, body: Uint8Array, place: () => string): void {
    if (this.question.raw === true) return
    try {
      const at = this.question.visit === undefined ? '' : place()
      const entry = readBody({ index, body }, at, at)
      this.tenant ??= entry.tenant
      if (entry.tenant !== this.tenant) throw new Fault(at, 'the entry belongs to another tenant than the first one')
      if (namesKey(entry)) this.namingKeys.push(entry)
      this.question.visit?.(entry)
    } catch (error) {
      if (!(error instanceof Fault)) throw error
      this.run.note('bad', place(), error.message)
    }
  }

  /** The tile as the log states it; `undefined` where that is missing, which is told once. */
  private statedTile(level: number, index: number): Promise<{ path: string; hashes: Hashes } | undefined> {
    const known = this.stated[level]
    if (known?.index === index) return known.tile
    const tile = readTile(this.question.source, level, index, widthOf(this.size, level, index)).then(
      ({ path, bytes }) => ({ path, hashes: hashesIn(bytes) }),
      (error: unknown) => {
        if (!(error instanceof Fault)) throw error
        this.run.note('bad', error.place, error.message)
        return undefined
      },
    )
    this.stated[level] = { index, tile }
    return tile
  }

  /**
   * Judges one finished tile and hands its hash upwards.
   * @param below the fault of what the computed hash at a place was computed from; `undefined` where it was told already
   */
  private async close(
    level: number,
    index: number,
    computed: Uint8Array[],
    tile: { path: string; hashes: Hashes } | undefined,
    differing: readonly number[],
    below: (at: number) => readonly [place: string, text: string],
  ): Promise<void> {
    const tell = (blame: 'below' | 'tile' | 'either') => {
      for (const at of differing) {
        if (blame !== 'tile') this.run.note('bad', ...below(at))
        if (blame !== 'below' && tile !== undefined)
          this.run.note('bad', `${tile.path} hash ${at}`, 'the tile states another hash than what stands below it gives')
      }
    }
    if (computed.length < tileWidth) {
      this.rows[level] = computed
      if (differing.length > 0 && tile !== undefined) this.undecided.push({ level, path: tile.path, stated: tile.hashes, differing, tell })
      return
    }
    let hash = await perfectRoot(computed, this.sha)
    if (differing.length > 0 && tile !== undefined) {
      const above = (await this.statedTile(level + 1, Math.floor(index / tileWidth)))?.hashes[index % tileWidth]
      const statedHash = await perfectRoot(tile.hashes, this.sha)
      const bornOut = above !== undefined && same(statedHash, above)
      if (bornOut) hash = statedHash
      const computedFits = above !== undefined && same(hash, above)
      if (!bornOut && !computedFits) this.told.add(`${level + 1} ${index}`)
      tell(bornOut ? 'below' : computedFits ? 'tile' : 'either')
    }
    this.rows[level] = []
    await this.raise(level + 1, hash)
  }

  private async raise(level: number, hash: Uint8Array): Promise<void> {
    const row = this.rows[level] ?? []
    this.rows[level] = row
    row.push(hash)
    if (row.length === tileWidth) await this.closeRow(level)
  }

  private async closeRow(level: number): Promise<void> {
    const row = this.rows[level] as Uint8Array[]
    const index = this.closed[level] ?? 0
    this.closed[level] = index + 1
    const tile = await this.statedTile(level, index)
    const told = (at: number) => this.told.has(`${level} ${index * tileWidth + at}`)
    const differing = tile === undefined ? [] : row.flatMap((hash, at) => (same(hash, tile.hashes[at] as Uint8Array) || told(at) ? [] : [at]))
    const child = (at: number) => tilePath(level - 1, index * tileWidth + at, tileWidth)
    await this.close(level, index, row, tile, differing, (at) => [
      child(at),
      'this tile and all below it agree, and what stands above states otherwise: they were rewritten together',
    ])
  }

  /** At the right edge nothing stands above a tile but the root. */
  private async closeEdges(): Promise<void> {
    for (let level = 1; level < this.rows.length; level++) {
      if ((this.rows[level] as Uint8Array[]).length > 0) await this.closeRow(level)
    }
    const doubtful = this.undecided
    for (let choice = 0; choice < 2 ** doubtful.length; choice++) {
      const believed = doubtful.filter((_, at) => Math.floor(choice / 2 ** at) % 2 === 1)
      const rows = this.rows.map((row, level) => believed.find((tile) => tile.level === level)?.stated ?? row)
      if (!same(await rootOver(rows, this.sha), this.root)) continue
      for (const tile of doubtful) tile.tell(believed.includes(tile) ? 'below' : 'tile')
      this.summarise()
      return
    }
    for (const tile of doubtful) tile.tell('either')
    if (doubtful.length === 0 && this.run.clean)
      this.run.note('bad', checkpointPath, 'entries and tiles agree with each other and give another root than the signed one: they were rewritten together')
    else this.run.note('bad', checkpointPath, 'the log does not give the signed root')
  }

  private summarise(): void {
    if (!this.run.clean) return
    this.run.note('good', 'tile', `${this.size} entries${this.question.raw === true ? '' : ', each in its canonical form,'} and all tiles give the signed root`)
    for (const { size } of this.seen) this.run.note('good', checkpointPath, `the log begins with the ${size} entries that you were shown before`)
  }

  /** Holds the tree of each earlier size against what the reader was shown of it. */
  private async compareSeen(before: number, leaves: Hashes): Promise<void> {
    // Of a log in which something was changed the place was told, and that says more.
    if (!this.run.clean) return
    for (const { size, root } of this.seen) {
      if (size > this.size || (size === 0 ? before > 0 || leaves.length > 0 : size <= before || size > before + leaves.length)) continue
      const rows = [leaves.slice(0, size - before), ...this.rows.slice(1)]
      if (!same(await rootOver(rows, this.sha), root))
        this.run.note('bad', checkpointPath, `the log was rewritten: its first ${size} entries are not those that you were shown before`)
    }
  }
}
