/** Encodings from the rows of two nodes to groups and back, in memory: what the linkage unit sees, and what comes of it. */
import { fromBase64url } from '@gatehouse/crypto/bytes'
import { nodePrimitives } from '@gatehouse/crypto/node'
import { clksFrom } from '@gatehouse/linkage/bloom/clk'
import { groupsAmong } from '@gatehouse/linkage/bloom/groups'
import { columnOf, type Dataset, type DictionaryColumn, datasetFrom, rowsOf } from '@gatehouse/tabular/dataset'
import { describe, expect, it } from 'vitest'
import { clkSchemaOf } from './encode.ts'
import { groupBytes, groupPass } from './group.ts'
import { numbersOf } from './match.ts'
import { runStep, type StepSecrets } from './run.ts'
import { type EncodeParams, hidden, type StepSpec } from './step.ts'

const encode: EncodeParams = {
  keys: [
    { name: 'given', column: 'given', form: 'name' },
    { name: 'family', column: 'family', form: 'name' },
    { name: 'born', column: 'born', form: 'date' },
    { name: 'postcode', column: 'postcode', form: 'postcode' },
  ],
  keysMin: 2,
}
const filled = (byte: number) => new Uint8Array(32).fill(byte)
/** Two nodes share the key of encodings and nothing else. */
const north: StepSecrets = { person: filled(1), clk: filled(9), order: filled(2) }
const south: StepSecrets = { person: filled(3), clk: filled(9), order: filled(4) }

type Person = readonly [given: string, family: string, born: string, postcode: string]
const people: readonly Person[] = [
  ['Anna', 'Ørsted', '1980-02-03', 'YO1 7HH'],
  ['Robert', 'Ash', '1955-11-27', 'LS2 9JT'],
  ['Margaret', 'Whitfield', '1942-06-30', 'HU5 2EG'],
  ['Tobias', 'Marchetti', '1999-12-24', 'HG4 1QE'],
]
const table = (rows: readonly Person[]): Dataset =>
  datasetFrom(
    ['given', 'family', 'born', 'postcode'].map((name) => ({ name, type: 'string', sensitivity: 'plain', nullable: true })),
    rows.map(([given, family, born, postcode]) => ({ given, family, born, postcode })),
  )
const extract = (source: string): StepSpec => ({
  id: `extract:${source}`,
  kind: 'extract',
  inputs: [],
  params: {
    source,
    table: `${source}.people`,
    columns: ['given', 'family', 'born', 'postcode'],
    rowsMax: 1_000,
    prepare: [],
    elements: [{ name: 'town', source, column: 'postcode', reduce: 'first' }],
    passes: [],
    keys: [],
    encode,
    pseudonyms: false,
  },
})
async function stepOf(step: StepSpec, input: Dataset, secrets: StepSecrets): Promise<Dataset> {
  const fields = input.columns.map(({ field }) => field)
  const made = await runStep(step, [{ fields, filtered: false, chunks: () => [input] }], { primitives: nodePrimitives, secrets, rowsPerChunk: 1_000 })
  for await (const chunk of made.chunks) return chunk
  throw new Error('the step made nothing')
}
const extracted = (rows: readonly Person[], secrets = north) => stepOf(extract('gp'), table(rows), secrets)
const encoded = async (rows: readonly Person[], secrets = north) =>
  stepOf({ id: 'encode:gp', kind: 'encode', inputs: [], params: { source: 'gp' } }, await extracted(rows, secrets), secrets)
const textsOf = (made: Dataset) => {
  const { codes, dictionary } = columnOf(made, hidden.clk) as DictionaryColumn
  return Array.from(codes, (code) => dictionary[code] as string)
}
const clks = (made: Dataset) =>
  clksFrom(
    'one',
    2_048,
    textsOf(made).map((text) => fromBase64url(text)),
  )
/** How many are linked of the same people, with and without slips. */
async function linked(left: readonly Person[], right: readonly Person[], threshold = 0.8) {
  const ids = groupsAmong([clks(await encoded(left)), clks(await encoded(right, south))], { threshold })
  return ids.length - new Set(ids).size
}

describe('encodings', () => {
  it('of one person are alike in spite of slips, and those of two people are not', async () => {
    const slips: readonly Person[] = [
      ['Ana', 'Oersted', '1980-02-03', 'YO1 7HH'],
      ['Robret', 'Ash', '1955-11-27', 'LS2 9JT'],
      ['Margaret', 'Whitefield', '1942-06-03', 'HU5 2EG'],
      ['Tobias', 'Marchetti', '1999-12-24', 'HG4 1QF'],
    ]
    expect(await linked(people, slips)).toBe(4)
    expect(await linked(people, people, 1)).toBe(4)
    expect(await linked(people, slips, 0.99)).toBe(0)
    expect(await linked(people.slice(0, 2), people.slice(2))).toBe(0)
  })

  it('are of distinct rows alone, in an order of the run, all with as many ones, and nothing else leaves', async () => {
    const rows = [...people, ...people, ['', '', '1970-01-02', ''] as const]
    const made = await encoded(rows)
    expect(made.columns.map(({ field }) => field.name)).toEqual([hidden.clk])
    expect(made.rowCount).toBe(4)
    expect(new Set(clks(made).ones)).toEqual(new Set([1_024]))
    const other = await encoded(rows, { ...north, order: filled(8) })
    expect(textsOf(other)).not.toEqual(textsOf(made))
    expect(textsOf(other).toSorted()).toEqual(textsOf(made).toSorted())
  })

  it('of two runs have nothing in common, nor have digests of two nodes', async () => {
    const [first, second] = [await encoded(people), await encoded(people, { ...north, clk: filled(10) })]
    expect(new Set(groupsAmong([clks(first), clks(second)], { threshold: 0.7 })).size).toBe(8)
    const digests = async (secrets: StepSecrets) => [...numbersOf(await extracted(people, secrets), hidden.passHigh(0))]
    const there = new Set(await digests(south))
    expect((await digests(north)).some((digest) => there.has(digest))).toBe(false)
  })

  it('fill a third of a filter, whatever the keys are', () => {
    const gramsIn = (params: EncodeParams) => clkSchemaOf(params).fields.map(({ bitsPerGram }) => bitsPerGram)
    expect(gramsIn(encode)).toEqual([13, 13, 13, 13])
    expect(gramsIn({ ...encode, keys: encode.keys.slice(0, 2) })).toEqual([26, 26])
  })

  it('come back as groups, in the rows that had them, and a row without one stays alone', async () => {
    const rows: readonly Person[] = [people[1] as Person, people[0] as Person, ['', '', '1970-01-02', ''], people[1] as Person]
    const groups = Uint8Array.from({ length: 2 * groupBytes }, (_, at) => (at < groupBytes ? 1 : 2))
    const step: StepSpec = { id: 'group:gp', kind: 'group', inputs: [], params: { source: 'gp' } }
    const made = await stepOf(step, await extracted(rows), { ...north, groups: { gp: groups } })
    const [first, second, none, again] = [...numbersOf(made, hidden.passHigh(groupPass))]
    expect([first === again, first === second, Number.isNaN(none)]).toEqual([true, false, true])
    expect(made.columns.some(({ field }) => field.name === hidden.clk)).toBe(false)
    expect([...rowsOf(made)].map(({ town }) => town)).toEqual(rows.map(([, , , postcode]) => postcode))
    await expect(stepOf(step, await extracted(rows), { ...north, groups: { gp: groups.slice(1) } })).rejects.toThrow(/another number/)
  })
})
