/**
 * Between a node and a linkage unit. The unit gets the distinct encodings of a source in an order that is drawn for the run, and gives
 * back for each place a group: 96 bits that are random, that records of one person have in common, and that mean nothing in another run.
 * The place is all that a row is called by, so there is nothing else to learn from what passes.
 */
import { toHex, utf8 } from '@gatehouse/crypto/bytes'
import type { Primitives } from '@gatehouse/crypto/primitives'
import { columnOf, type Dataset, type DictionaryColumn } from '@gatehouse/tabular/dataset'
import type { Field } from '@gatehouse/tabular/field'
import { numbers } from './columns.ts'
import { numbersOf } from './match.ts'
import { hidden, type StepFacts, StepStop } from './step.ts'
import { number48 } from './tokenise.ts'

/** Where the group stands among the passes: behind the digest that tells the people of a node apart. */
export const groupPass = 1
export const groupBytes = 12
/** Of one source, so that a comparison of all with all has an end. */
export const encodingsMax = 100_000

export interface GroupSecrets {
  /** By which the encodings of a run are put into an order that tells nothing; 32 bytes. */
  readonly order?: Uint8Array
  /** What a linkage unit made of the encodings of each source. */
  readonly groups?: Readonly<Record<string, Uint8Array>>
}

interface Places {
  /** Of each row; -1 where it has no encoding. */
  readonly places: Int32Array
  /** Of each place, a row that has it. */
  readonly rows: Int32Array
}

/** Rows that are alike in all their keys have one place; the order is that of digests under a key that only this run has. */
function placesOf({ hmacSha256 }: Pick<Primitives, 'hmacSha256'>, dataset: Dataset, order: Uint8Array | undefined): Places {
  if (order === undefined) throw new RangeError('encodings are put into an order under a key of the run, and there is none')
  const [high, low] = [numbersOf(dataset, hidden.passHigh(0)), numbersOf(dataset, hidden.passLow(0))]
  const first = new Map<string, number>()
  const names = Array.from({ length: dataset.rowCount }, (_, row) => {
    if (Number.isNaN(high[row])) return undefined
    const name = `${high[row]} ${low[row]}`
    if (!first.has(name)) first.set(name, row)
    return name
  })
  if (first.size > encodingsMax) throw new StepStop('too_large', `a source has ${first.size} people to be compared, and a linkage unit takes ${encodingsMax}`)
  const drawn = new Map([...first.keys()].map((name) => [name, toHex(hmacSha256(order, utf8(name)))]))
  const sorted = [...first.keys()].sort((one, other) => ((drawn.get(one) as string) < (drawn.get(other) as string) ? -1 : 1))
  const place = new Map(sorted.map((name, at) => [name, at]))
  return {
    places: Int32Array.from(names, (name) => (name === undefined ? -1 : (place.get(name) as number))),
    rows: Int32Array.from(sorted, (name) => first.get(name) as number),
  }
}

export interface Grouped {
  readonly dataset: Dataset
  readonly facts: StepFacts
}

/** What a linkage unit gets of a source: the encodings, and no other column. */
export function encodings(primitives: Primitives, dataset: Dataset, { order }: GroupSecrets): Grouped {
  const { rows } = placesOf(primitives, dataset, order)
  const { codes, dictionary, field } = columnOf(dataset, hidden.clk) as DictionaryColumn
  const column: DictionaryColumn = {
    kind: 'dictionary',
    field,
    codes: Int32Array.from(rows.keys()),
    dictionary: Array.from(rows, (row) => dictionary[codes[row] as number] as string),
  }
  const facts: StepFacts = { kind: 'encode', rows_in: dataset.rowCount, rows_out: rows.length, cells_changed: 0, reasons: {} }
  return { dataset: { rowCount: rows.length, columns: [column] }, facts }
}

/** The source with its groups in place of encodings. */
export function group(primitives: Primitives, source: string, dataset: Dataset, { order, groups = {} }: GroupSecrets): Grouped {
  const { places, rows } = placesOf(primitives, dataset, order)
  const bytes = groups[source] ?? new Uint8Array()
  if (bytes.length !== rows.length * groupBytes) throw new RangeError('a linkage unit gave another number of groups than it got encodings')
  const half = (from: number) => Float64Array.from(places, (place) => (place < 0 ? Number.NaN : number48(bytes, place * groupBytes + from)))
  const kept = dataset.columns.filter(({ field }) => field.name !== hidden.clk)
  const columns = [...kept, numbers(hidden.passHigh(groupPass), half(0)), numbers(hidden.passLow(groupPass), half(6))]
  const facts: StepFacts = { kind: 'group', rows_in: dataset.rowCount, rows_out: dataset.rowCount, cells_changed: 0, reasons: {} }
  return { dataset: { rowCount: dataset.rowCount, columns }, facts }
}

/** The fields of a source after `group`, of those before it. */
export function groupedFields(fields: readonly Field[]): readonly Field[] {
  if (!fields.some(({ name }) => name === hidden.clk)) return fields
  const none = new Float64Array()
  return [...fields.filter(({ name }) => name !== hidden.clk), numbers(hidden.passHigh(groupPass), none).field, numbers(hidden.passLow(groupPass), none).field]
}
