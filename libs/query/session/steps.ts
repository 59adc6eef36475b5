/**
 * The rounds of a session as steps on tables. An item is what one pass tells of one person in one source: a keyed digest, each once. The
 * table that leaves a node holds numbers of items in place of digests; the items travel sealed, pass through every party's hands, and
 * what comes of them, equal exactly where the people are, stands in place of the digests at the node that links.
 */
import { concat, toBase64url } from '@gatehouse/crypto/bytes'
import type { Element, Group } from '@gatehouse/crypto/group/group'
import { sodiumGroup } from '@gatehouse/crypto/group/sodium'
import type { Primitives } from '@gatehouse/crypto/primitives'
import type { BatchProof } from '@gatehouse/linkage/anon/batch-proof'
import { type Ciphertext, decodeSealed, encodeSealed, type Sealed, seal } from '@gatehouse/linkage/anon/ciphertext'
import { AnonError } from '@gatehouse/linkage/anon/error'
import { admitRows, firstStep, lastStep, verifyFirstStep } from '@gatehouse/linkage/anon/session'
import type { FitToken } from '@gatehouse/linkage/token/fit-token'
import { columnOf, type Dataset, type DictionaryColumn, missingCode } from '@gatehouse/tabular/dataset'
import { exactPasses } from '../plan/schema.ts'
import { numbers } from '../steps/columns.ts'
import { numbersOf } from '../steps/match.ts'
import { hidden, type LinkParams, StepStop } from '../steps/step.ts'
import { number48 } from '../steps/tokenise.ts'
import { bytesOf, type OpenedSession, opened, read, type SessionSecret, type SessionTerms, secretOf, siteOf, sitesOf } from './terms.ts'

/** A session as one of its parties has it. */
export interface HeldSession {
  readonly party: string
  readonly terms: SessionTerms
  /** 32 bytes; see `secretOf`. Absent once it is destroyed: what there is of the session can be read, and no turn be taken. */
  readonly seed: Uint8Array | undefined
  /** Of the turns before, by the party. */
  readonly proofs: Readonly<Record<string, string>>
}

export const turnedColumn = (turn: number): string => `#turned${turn}`

interface Item {
  readonly pass: number
  readonly high: number
  readonly low: number
}

/** Items in the order in which the table has them, so that their numbers tell nothing that its rows do not. */
function itemsOf(dataset: Dataset, passes: number): { readonly items: readonly Item[]; readonly numbered: readonly Float64Array[] } {
  const items: Item[] = []
  const numbered = Array.from({ length: passes }, (_, pass) => {
    const [highs, lows] = [numbersOf(dataset, hidden.passHigh(pass)), numbersOf(dataset, hidden.passLow(pass))]
    const known = new Map<string, number>()
    return highs.map((high, row) => {
      if (Number.isNaN(high)) return high
      const low = lows[row] as number
      const name = `${high} ${low}`
      const item = known.get(name) ?? items.push({ pass, high, low }) - 1
      known.set(name, item)
      return item
    })
  })
  return { items, numbered }
}

/** The same table with the number of its item in place of each digest. */
export function numberItems(dataset: Dataset, passes: number): { readonly dataset: Dataset; readonly items: number } {
  const { items, numbered } = itemsOf(dataset, passes)
  const columns = dataset.columns.map((column) => {
    const pass = numbered.findIndex((_, at) => column.field.name === hidden.passHigh(at))
    if (pass >= 0) return numbers(column.field.name, numbered[pass] as Float64Array)
    const low = numbered.findIndex((_, at) => column.field.name === hidden.passLow(at))
    return low < 0
      ? column
      : numbers(
          column.field.name,
          (numbered[low] as Float64Array).map((item) => (Number.isNaN(item) ? item : 0)),
        )
  })
  return { dataset: { ...dataset, columns }, items: items.length }
}

/** Each item of a source, sealed for this session: no two look alike, and none looks so again. */
export async function sealItems(dataset: Dataset, passes: number, source: string, held: HeldSession, { randomBytes: random }: Primitives): Promise<Dataset> {
  const group = await sodiumGroup()
  return named(() => {
    const { session } = opened(group, held.terms)
    const site = siteOf(held.party, source)
    const { items } = itemsOf(dataset, passes)
    if (items.length !== held.terms.items[site]) throw new AnonError('not_registered', `the source ${source} has other rows by now than were announced`)
    const sealed = items.map(({ pass, high, low }, record) => {
      // As telling as a FITtoken: keyed, and of this run alone.
      const identity = `${pass}.${high}.${low}` as FitToken
      return toBase64url(encodeSealed(seal(group, session.key, { project: session.project, site, record: String(record) }, identity, random).sealed))
    })
    return table({ [hidden.sealed]: sealed })
  })
}

/** All that a party needs for its turn, row by row: the sealed items of all sources, and what the turns before made of them. */
export function gathered(sealed: readonly Dataset[], turns: readonly Dataset[]): Dataset {
  const all = sealed.flatMap((each) => textsOf(each, hidden.sealed))
  return table({ [hidden.sealed]: all, ...Object.fromEntries(turns.map((each, turn) => [turnedColumn(turn), textsOf(each, hidden.turned)])) })
}

/** @param own this node's sealed items by source: nobody puts others in their place */
export async function takeTurn(
  gatheredTable: Dataset,
  own: ReadonlyMap<string, Dataset>,
  held: HeldSession,
  primitives: Primitives,
): Promise<{ readonly dataset: Dataset; readonly proof: string }> {
  const group = await sodiumGroup()
  return named(() => {
    const session = opened(group, held.terms)
    const { rows, turns } = admitted(group, session, gatheredTable, held)
    for (const [source, items] of own) {
      const site = sitesOf(held.terms).find((one) => one.site === siteOf(held.party, source))
      const sent = textsOf(items, hidden.sealed)
      const there = textsOf(gatheredTable, hidden.sealed).slice(site?.from, (site?.from ?? 0) + (site?.count ?? 0))
      if (sent.length !== there.length || sent.some((text, at) => text !== there[at]))
        throw new AnonError('wrong_context', 'the items of this node are not those that it sealed')
    }
    const { authority, part } = ownSecret(group, primitives, held)
    const step = firstStep(group, session.session, authority, part, turns.at(-1) ?? rows, primitives.randomBytes)
    return {
      dataset: table({ [hidden.turned]: step.rows.map(({ c1, c2 }) => toBase64url(concat(c1, c2))) }),
      proof: writeProof(step.proof),
    }
  })
}

/** The last turn, at the node that links: two whole numbers for each item, equal exactly where the people are, and random otherwise. */
export async function meet(gatheredTable: Dataset, held: HeldSession, primitives: Primitives): Promise<Dataset> {
  const group = await sodiumGroup()
  return named(() => {
    const { session, parts } = opened(group, held.terms)
    const { rows, turns, unproven } = admitted(group, { session, parts }, gatheredTable, held, 1)
    const before = held.terms.halves.at(-2)?.party ?? ''
    const beforePart = parts.get(before)
    if (beforePart === undefined || unproven === undefined) throw new AnonError('step_refused', 'nobody had a turn before')
    const { authority, part } = ownSecret(group, primitives, held)
    const last = lastStep(
      group,
      session,
      authority,
      part,
      { input: turns.at(-1) ?? rows, step: unproven, publicShare: shareOf(session, before), part: beforePart },
      primitives.randomBytes,
    )
    const digests = last.handles.map((handle) => primitives.sha256(handle))
    return {
      rowCount: digests.length,
      columns: [
        numbers(
          hidden.high,
          Float64Array.from(digests, (digest) => number48(digest, 0)),
        ),
        numbers(
          hidden.low,
          Float64Array.from(digests, (digest) => number48(digest, 6)),
        ),
      ],
    }
  })
}

/**
 * What every party checks before it works: each item is proven and announced, and each turn before was the same for all items.
 * @param left turns that the caller holds to their proof itself; the last of them is given unproven
 */
function admitted(group: Group, { session, parts }: OpenedSession, gatheredTable: Dataset, { terms, party, proofs }: HeldSession, left = 0) {
  const texts = textsOf(gatheredTable, hidden.sealed)
  const sites = sitesOf(terms)
  if (texts.length !== sites.reduce((sum, { count }) => sum + count, 0)) throw new AnonError('not_registered', 'there are other rows than were announced')
  const rows: Sealed[] = sites.flatMap(({ site, from, count }) =>
    texts.slice(from, from + count).map((text, record) => decodeSealed(group, bytesOf(text), { project: session.project, site, record: String(record) })),
  )
  admitRows(group, session, rows)
  const before = terms.halves.slice(
    0,
    terms.halves.findIndex((half) => half.party === party),
  )
  const steps = before.map(({ party: name }, at) => ({
    name,
    rows: textsOf(gatheredTable, turnedColumn(at)).map((text) => ciphertextOf(group, text)),
    proof: readProof(group, proofs[name] ?? ''),
  }))
  const turns: (readonly Ciphertext[])[] = []
  for (const { name, ...step } of steps.slice(0, steps.length - left)) {
    const part = parts.get(name)
    if (part === undefined || !verifyFirstStep(group, session, shareOf(session, name), part, turns.at(-1) ?? rows, step))
      throw new AnonError('step_refused', `${name} does not prove that it treated all rows alike`)
    turns.push(step.rows)
  }
  return { rows, turns, unproven: steps[turns.length] }
}

/** What this party gave its half of, and nothing else: with another secret nobody would be linked, and nothing would say so. */
function ownSecret(group: Group, primitives: Primitives, { party, terms, seed }: HeldSession): SessionSecret {
  const half = terms.halves.find((one) => one.party === party)
  const secret = seed && secretOf(group, primitives, seed, { party, run: terms.run })
  if (secret === undefined || half === undefined || toBase64url(secret.authority.publicShare) !== half.share)
    throw new AnonError('erased', 'this party’s secret of the session is gone; begin a new run')
  return secret
}

const shareOf = (session: OpenedSession['session'], party: string): Element =>
  session.key.authorities.find(({ name }) => name === party)?.publicShare as Element

function ciphertextOf(group: Group, text: string): Ciphertext {
  const bytes = bytesOf(text)
  if (bytes.length !== 64) throw new AnonError('malformed', 'what a turn made of an item has 64 bytes')
  return read(() => ({ c1: group.element(bytes.subarray(0, 32), 'the first half'), c2: group.element(bytes.subarray(32), 'the second half') }))
}

const writeProof = ({ challenge, blindResponse, productResponse }: BatchProof): string => toBase64url(concat(challenge, blindResponse, productResponse))

function readProof(group: Group, text: string): BatchProof {
  const bytes = bytesOf(text)
  if (bytes.length !== 96) throw new AnonError('malformed', 'the proof of a turn has 96 bytes')
  const scalar = (at: number) => read(() => group.scalar(bytes.subarray(at, at + 32), 'a proof'))
  return { challenge: scalar(0), blindResponse: scalar(32), productResponse: scalar(64) }
}

/** The tables of the sources with what came of their items in place of the numbers. */
export function recalled(
  { sources: names, parties = {}, linkage: { method } }: LinkParams,
  tables: readonly Dataset[],
  met: Dataset,
  { terms }: HeldSession,
): Dataset[] {
  const passes = exactPasses(method)?.length ?? 0
  const sites = new Map(sitesOf(terms).map((site) => [site.site, site]))
  const [highs, lows] = [numbersOf(met, hidden.high), numbersOf(met, hidden.low)]
  return tables.map((dataset, at) => {
    const name = names[at] as string
    const { from, count } = sites.get(siteOf(parties[name] ?? '', name)) ?? { from: 0, count: 0 }
    const columns = dataset.columns.map((column) => {
      const pass = Array.from({ length: passes }, (_, index) => index).find(
        (index) => column.field.name === hidden.passHigh(index) || column.field.name === hidden.passLow(index),
      )
      if (pass === undefined) return column
      const found = column.field.name === hidden.passHigh(pass) ? highs : lows
      const items = numbersOf(dataset, hidden.passHigh(pass))
      return numbers(
        column.field.name,
        items.map((item) => {
          if (Number.isNaN(item)) return item
          if (!Number.isInteger(item) || item < 0 || item >= count) throw new StepStop('session_broken', `the source ${name} has rows that were not announced`)
          return found[from + item] as number
        }),
      )
    })
    return { ...dataset, columns }
  })
}

/** What the engine refuses ends the run by name; its words name rows by their number and repeat nothing of them. */
function named<T>(act: () => T): T {
  try {
    return act()
  } catch (error) {
    if (error instanceof AnonError) throw new StepStop('session_broken', `${error.code}: ${error.message}`)
    throw error
  }
}

function table(texts: Readonly<Record<string, readonly string[]>>): Dataset {
  const columns = Object.entries(texts).map(
    ([name, dictionary]): DictionaryColumn => ({
      kind: 'dictionary',
      field: { name, type: 'string', sensitivity: 'plain', nullable: false },
      codes: Int32Array.from(dictionary.keys()),
      dictionary,
    }),
  )
  return { rowCount: columns[0]?.codes.length ?? 0, columns }
}

function textsOf(dataset: Dataset, name: string): string[] {
  const column = columnOf(dataset, name)
  if (column.kind !== 'dictionary') throw new AnonError('malformed', 'a column of a session holds texts')
  return Array.from(column.codes, (code) => (code === missingCode ? '' : (column.dictionary[code] as string)))
}
