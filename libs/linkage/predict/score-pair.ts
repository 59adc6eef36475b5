/** Two records by themselves, without table and blocking: for a form that is being filled in, or a case on a desk. */
import type { SourceRecord } from '@gatehouse/tabular/value'
import { prepareComparison } from '../compare/prepared.ts'
import { LinkageError } from '../model/error.ts'
import type { PairWeight } from '../model/link.ts'
import type { TrainedModel } from '../model/schema.ts'
import { canonicalizer } from '../normalize/form.ts'
import type { RecordColumn } from '../normalize/table.ts'
import { pairWeight } from './explain.ts'
import { scorer } from './score.ts'
import { weightsOf } from './weights.ts'

/** The share of records that hold a canonical value; `undefined` for one never seen. */
export type FrequencyOf = (column: string, value: string) => number | undefined

/**
 * @param frequencyOf the population's frequencies; without it no value counts as rare or common
 * @returns a function that weighs two records, numbered 0 and 1. It throws LinkageError `missing_column` for a record that lacks a member
 */
export function pairScorer(model: TrainedModel, frequencyOf?: FrequencyOf): (left: SourceRecord, right: SourceRecord) => PairWeight {
  const weights = weightsOf(model)
  const read = new Map(Object.entries(model.columns).map(([name, form]) => [name, canonicalizer(form)]))
  const canonical = (record: SourceRecord, name: string): string | undefined => {
    const value = record[name]
    if (value === undefined) throw new LinkageError('missing_column', `a record has no member "${name}"; give null where the value is missing`)
    return value === null ? undefined : read.get(name)?.(String(value)).value
  }
  const names = [...new Set(model.compare.flatMap((comparison) => comparison.columns))]
  return (left, right) => {
    const columns = new Map(names.map((name) => [name, pairColumn(canonical(left, name), canonical(right, name))]))
    const columnsOf = model.compare.map((comparison) => comparison.columns.map((name) => columns.get(name) ?? pairColumn(undefined, undefined)))
    const frequencies = model.compare.map((comparison, index) => {
      const name = comparison.columns[0] ?? ''
      const same = weights.sameU[index] ?? 1
      // A value nobody has seen is left at what "same" weighs by itself.
      return comparison.termFrequency ? Float64Array.from(columnsOf[index]?.[0]?.values ?? [], (value) => frequencyOf?.(name, value) ?? same) : undefined
    })
    const comparisons = model.compare.map((comparison, index) => prepareComparison(comparison, columnsOf[index] ?? []))
    return pairWeight(model, weights, scorer({ comparisons, frequencies }, weights), 0, 1)
  }
}

function pairColumn(left: string | undefined, right: string | undefined): RecordColumn {
  const values = [left, right].filter((value, index, both) => value !== undefined && both.indexOf(value) === index) as string[]
  const codes = Int32Array.of(left === undefined ? -1 : values.indexOf(left), right === undefined ? -1 : values.indexOf(right))
  return { codes, values, counts: new Int32Array(values.length).fill(1), refused: [] }
}
