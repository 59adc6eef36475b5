/** A session as the steps of its parties carry it: it links as digests do, and gives no party anything that lasts. */
import { toBase64url } from '@gatehouse/crypto/bytes'
import { sodiumGroup } from '@gatehouse/crypto/group/sodium'
import { nodePrimitives as primitives } from '@gatehouse/crypto/node'
import { columnOf, type Dataset, type DictionaryColumn, datasetFrom } from '@gatehouse/tabular/dataset'
import type { Field } from '@gatehouse/tabular/field'
import { beforeAll, describe, expect, it } from 'vitest'
import { matchDigests, numbersOf } from '../steps/match.ts'
import { hidden, type LinkParams, StepStop } from '../steps/step.ts'
import { gathered, type HeldSession, meet, numberItems, recalled, sealItems, takeTurn } from './steps.ts'
import { type Expected, halfOf, type SessionTerms, secretOf, sessionLimits, termsFault, tooMany } from './terms.ts'

const digestFields: Field[] = [hidden.passHigh(0), hidden.passLow(0)].map((name) => ({ name, type: 'number', sensitivity: 'plain', nullable: true }))
/** Rows of people by their digest; several of one, and some that nothing tells apart. */
const rowsOf = (people: readonly (number | null)[]): Dataset =>
  datasetFrom(
    digestFields,
    people.map((person) => ({ [hidden.passHigh(0)]: person, [hidden.passLow(0)]: person === null ? null : person * 7 })),
  )

const tables = { york: rowsOf([1, 2, 3, null, 4]), leeds: rowsOf([3, 3, 1, 9]), hull: rowsOf([9, 4]) }
type Party = keyof typeof tables

async function begun(parties: readonly Party[], run = 'run-1') {
  const group = await sodiumGroup()
  const seeds = new Map(parties.map((party) => [party, primitives.randomBytes(32)]))
  const halves = parties.map((party) => halfOf(group, secretOf(group, primitives, seeds.get(party) as Uint8Array, { party, run }), primitives.randomBytes))
  const items = Object.fromEntries(parties.map((party) => [`${party}/${party}`, numberItems(tables[party], 1).items]))
  const terms: SessionTerms = { run, project: 'p-1', halves, items }
  const held = (party: Party, proofs: Record<string, string> = {}): HeldSession => ({ party, terms, seed: seeds.get(party) as Uint8Array, proofs })
  return { terms, held, seeds }
}
/** All rounds; the last party links. */
async function run(parties: readonly Party[], id?: string) {
  const { terms, held } = await begun(parties, id)
  const sealed = new Map<Party, Dataset>()
  for (const party of parties) sealed.set(party, await sealItems(tables[party], 1, party, held(party), primitives))
  const all = [...parties].sort().map((party) => sealed.get(party) as Dataset)
  const turns: Dataset[] = []
  const proofs: Record<string, string> = {}
  for (const party of parties.slice(0, -1)) {
    const { dataset, proof } = await takeTurn(gathered(all, turns), new Map([[party, sealed.get(party) as Dataset]]), held(party, proofs), primitives)
    turns.push(dataset)
    proofs[party] = proof
  }
  const last = parties.at(-1) as Party
  const met = await meet(gathered(all, turns), held(last, proofs), primitives)
  return { terms, held, sealed, all, turns, proofs, met }
}
type Ran = Awaited<ReturnType<typeof run>>
let ran: Ran
beforeAll(async () => {
  ran = await run(['leeds', 'hull', 'york'])
})

const texts = (dataset: Dataset, name: string): string[] => {
  const { codes, dictionary } = columnOf(dataset, name) as DictionaryColumn
  return Array.from(codes, (code) => dictionary[code] as string)
}
const withTexts = (dataset: Dataset, name: string, values: readonly string[]): Dataset => ({
  rowCount: values.length,
  columns: dataset.columns.map((column) =>
    column.field.name === name ? { ...(column as DictionaryColumn), codes: Int32Array.from(values.keys()), dictionary: [...values] } : column,
  ),
})
const linkParams = (parties: readonly Party[]): LinkParams => ({
  sources: parties,
  elements: [],
  linkage: { keys: [], method: { kind: 'session', passes: [['number']] }, keep: 'everybody' },
  parties: Object.fromEntries(parties.map((party) => [party, party])),
})
const fault = async (act: () => unknown): Promise<string> => {
  try {
    await act()
  } catch (error) {
    if (error instanceof StepStop && error.code === 'session_broken') return error.message
    throw error
  }
  return 'nothing was thrown'
}
/** Leeds's turn with something else than was gathered for it. */
const turnOf = (change: (all: Dataset) => Dataset, held = ran.held('leeds')) =>
  fault(() => takeTurn(change(gathered(ran.all, [])), new Map([['leeds', ran.sealed.get('leeds') as Dataset]]), held, primitives))

describe('a turn', () => {
  const changed = (row: number, text: string) => (all: Dataset) => {
    const sealed = texts(all, hidden.sealed)
    sealed[row] = text
    return withTexts(all, hidden.sealed, sealed)
  }

  it('is not taken of items that are no members of the group, or of other lengths', async () => {
    const identity = new Uint8Array(128)
    const bad = new Uint8Array(128).fill(255)
    for (const bytes of [identity, bad, new Uint8Array(127), new Uint8Array(0)]) expect(await turnOf(changed(0, toBase64url(bytes)))).toMatch(/malformed/)
    expect(await turnOf(changed(0, '%'))).toMatch(/malformed/)
  })

  it('is not taken of items that come twice, were sealed by nobody, or were not announced', async () => {
    const sealed = texts(gathered(ran.all, []), hidden.sealed)
    expect(await turnOf(changed(0, sealed[1] as string))).toMatch(/replayed|proof_refused/)
    const flipped = Uint8Array.from(Buffer.from(sealed[0] as string, 'base64url'))
    flipped[127] = (flipped[127] as number) ^ 1
    expect(await turnOf(changed(0, toBase64url(flipped)))).toMatch(/proof_refused/)
    expect(await turnOf((all) => withTexts(all, hidden.sealed, [...sealed, sealed[0] as string]))).toMatch(/not_registered/)
    expect(await turnOf((all) => withTexts(all, hidden.sealed, sealed.slice(1)))).toMatch(/not_registered/)
  })

  it('is not taken of items of another session, nor of others in the place of its own', async () => {
    const other = await run(['leeds', 'hull', 'york'], 'run-2')
    expect(await turnOf(() => gathered(other.all, []))).toMatch(/proof_refused/)
    // Items that somebody else sealed under the same key in this node's name are proven, and are not its own.
    const forged = await sealItems(rowsOf([1, 2, 3]), 1, 'leeds', ran.held('leeds'), primitives)
    const own = ran.terms.items['hull/hull'] as number
    expect(
      await turnOf((all) => {
        const sealed = texts(all, hidden.sealed)
        sealed.splice(own, forged.rowCount, ...texts(forged, hidden.sealed))
        return withTexts(all, hidden.sealed, sealed)
      }),
    ).toMatch(/wrong_context/)
  })

  it('is refused by the next where it was not the same for all items, or bears another’s proof', async () => {
    const [first, second] = ran.turns as [Dataset, Dataset]
    const turned = texts(first, hidden.turned)
    const exchanged = withTexts(first, hidden.turned, [turned[1] as string, turned[0] as string, ...turned.slice(2)])
    const own = new Map([['hull', ran.sealed.get('hull') as Dataset]])
    const next = (turn: Dataset, proofs = ran.proofs) => fault(() => takeTurn(gathered(ran.all, [turn]), own, ran.held('hull', proofs), primitives))
    expect(await next(exchanged)).toMatch(/step_refused/)
    expect(await next(first, { leeds: ran.proofs.hull as string })).toMatch(/step_refused/)
    expect(await next(first, {})).toMatch(/malformed/)
    expect(await next(withTexts(first, hidden.turned, turned.slice(1)))).toMatch(/malformed|step_refused/)
    const last = (turns: Dataset[], proofs = ran.proofs) => fault(() => meet(gathered(ran.all, turns), ran.held('york', proofs), primitives))
    expect(await last([exchanged, second])).toMatch(/step_refused/)
    expect(await last([first, first])).toMatch(/step_refused/)
    expect(await last([first, second])).toBe('nothing was thrown')
  })

  it('says nothing of an item in what it refuses', async () => {
    const sealed = texts(gathered(ran.all, []), hidden.sealed)
    expect(await turnOf(changed(0, sealed[1] as string))).not.toContain((sealed[1] as string).slice(0, 12))
  })
})

describe('what a session comes to', () => {
  it.each([[['leeds', 'york']], [['leeds', 'hull', 'york']]] as const)('links as the digests do: %s', async (parties) => {
    const { met, terms, held } = await run(parties)
    const there = parties.map((party) => numberItems(tables[party], 1).dataset)
    const linked = matchDigests(recalled(linkParams(parties), there, met, held(parties.at(-1) as Party)), 1)
    const alone = matchDigests(
      parties.map((party) => tables[party]),
      1,
    )
    expect([...linked.person]).toEqual([...alone.person])
    expect(Object.values(terms.items).reduce((sum, count) => sum + count, 0)).toBe(met.rowCount)
  })

  it('has nothing in common with another session over the same people, nor with what their digests were', async () => {
    const other = await run(['leeds', 'hull', 'york'], 'run-2')
    const seen = ({ all, turns, met }: Ran) => [
      ...all.flatMap((each) => texts(each, hidden.sealed)),
      ...turns.flatMap((each) => texts(each, hidden.turned)),
      ...[hidden.high, hidden.low].flatMap((name) => [...new Set(numbersOf(met, name))].map(String)),
    ]
    const [one, two] = [seen(ran), seen(other)]
    expect(one.filter((text) => two.includes(text))).toEqual([])
    const digests = Object.values(tables).flatMap((each) => [...numbersOf(each, hidden.passHigh(0))].map(String))
    expect([...one, ...two].filter((text) => digests.includes(text))).toEqual([])
  })

  it('is met with the secret of this session alone, and not once that is gone', async () => {
    const other = await begun(['leeds', 'hull', 'york'])
    const last = (seed: Uint8Array | undefined) => fault(() => meet(gathered(ran.all, ran.turns), { ...ran.held('york', ran.proofs), seed }, primitives))
    expect(await last(other.seeds.get('york'))).toMatch(/erased/)
    expect(await last(undefined)).toMatch(/erased/)
    expect(await turnOf((all) => all, { ...ran.held('leeds'), seed: undefined })).toMatch(/erased/)
  })

  it('is not taken for rows that were not announced', () => {
    const rows = datasetFrom(digestFields, [{ [hidden.passHigh(0)]: 400, [hidden.passLow(0)]: 0 }])
    const more = () => recalled(linkParams(['leeds', 'hull', 'york']), [rows, rows, rows], ran.met, ran.held('york'))
    expect(more).toThrow(/not announced/)
  })
})

describe('terms', () => {
  const expected = (): Expected => ({
    run: 'run-1',
    project: 'p-1',
    last: 'york',
    half: ran.terms.halves[0] as Expected['half'],
    items: { 'leeds/leeds': ran.terms.items['leeds/leeds'] as number },
    nodes: new Map([
      ['leeds', 'leeds'],
      ['hull', 'hull'],
      ['york', 'york'],
    ]),
  })

  it('are those of the run, with this node’s own half, for sources and parties of the plan', () => {
    expect(termsFault(ran.terms, expected())).toBeUndefined()
    const [leeds, hull, york] = ran.terms.halves as [Expected['half'], Expected['half'], Expected['half']]
    const wrong = (change: Partial<SessionTerms>) => termsFault({ ...ran.terms, ...change }, expected())
    expect(wrong({ run: 'run-2' })).toMatch(/another run/)
    expect(wrong({ project: 'p-2' })).toMatch(/another run/)
    expect(wrong({ halves: [leeds, york, hull] })).toMatch(/parties/)
    expect(wrong({ halves: [leeds, leeds, york] })).toMatch(/parties/)
    expect(wrong({ halves: [{ ...leeds, share: hull.share }, hull, york] })).toMatch(/half of this node/)
    expect(wrong({ halves: [hull, york] })).toMatch(/half of this node/)
    expect(wrong({ halves: [leeds, { ...hull, party: 'ripon' }, york] })).toMatch(/no table/)
    expect(wrong({ items: { ...ran.terms.items, 'york/others': 4 } })).toMatch(/no party/)
    expect(wrong({ items: { ...ran.terms.items, 'leeds/leeds': 1 } })).toMatch(/other rows of this node/)
    expect(wrong({ items: { ...ran.terms.items, 'york/york': sessionLimits.itemsMax } })).toMatch(/at most/)
    expect(tooMany({ 'york/york': 0 })).toMatch(/nobody/)
  })
})
