/** What is given out: the elements and, where there are any, the pseudonyms; in an order that tells nothing unless the result names people anyway. */
import { shuffle } from '@gatehouse/privacy/random/draw'
import type { RandomSource } from '@gatehouse/privacy/random/random'
import type { Column, Dataset } from '@gatehouse/tabular/dataset'
import { takeRows } from '@gatehouse/tabular/rows'
import { personColumn } from '../plan/treatment.ts'
import { numbersOf } from './match.ts'
import { hidden, isHidden, type StepFacts, type WriteParams } from './step.ts'

export interface Written {
  readonly dataset: Dataset
  readonly facts: StepFacts
}

export function write({ form, pseudonyms }: WriteParams, dataset: Dataset, random: RandomSource): Written {
  const told = dataset.columns.filter(({ field }) => !isHidden(field.name))
  const tokens = pseudonyms ? dataset.columns.filter(({ field }) => field.name === hidden.token) : []
  const columns = [...tokens.map((column): Column => ({ ...column, field: { ...column.field, name: personColumn } })), ...told]
  const table = { rowCount: dataset.rowCount, columns }
  const facts: StepFacts = { kind: 'write', rows_in: dataset.rowCount, rows_out: dataset.rowCount, cells_changed: 0, reasons: {} }
  return { dataset: form === 'identifiable' ? table : takeRows(table, Int32Array.from(shuffle(random, Array(dataset.rowCount).keys()))), facts }
}

/**
 * Who is behind the rows, as 64 bits of each person's digest, little-endian: for comparing cohorts, and in no result. `undefined` where
 * nothing tells one row's person from another's.
 */
export function peopleOf(dataset: Dataset): Uint8Array | undefined {
  // Where nothing was linked, rows have the digests that they were extracted with.
  const named = [[hidden.high, hidden.low] as const, [hidden.passHigh(0), hidden.passLow(0)] as const]
  const found = named.find(([name]) => dataset.columns.some(({ field }) => field.name === name))
  if (found === undefined) return undefined
  const [high, low] = [numbersOf(dataset, found[0]), numbersOf(dataset, found[1])]
  const bytes = new Uint8Array(dataset.rowCount * 8)
  const view = new DataView(bytes.buffer)
  let at = 0
  for (let row = 0; row < dataset.rowCount; row++) {
    if (Number.isNaN(high[row])) continue
    view.setUint32(at, (low[row] as number) % 2 ** 32, true)
    view.setUint32(at + 4, (high[row] as number) % 2 ** 32, true)
    at += 8
  }
  return bytes.subarray(0, at)
}
