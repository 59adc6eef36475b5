/** Checks and harmonising of one source, chunk by chunk, each loss counted by its reason. */
import type { FormName } from '@gatehouse/linkage/model/schema'
import { type Column, columnOf, type Dataset, valueAt } from '@gatehouse/tabular/dataset'
import type { Semantic } from '@gatehouse/tabular/field'
import { countIn, keepRows } from '@gatehouse/tabular/rows'
import type { SourceValue } from '@gatehouse/tabular/value'
import type { Preparation } from '../plan/schema.ts'
import { converter } from '../units/convert.ts'
import { type Changed, lostOf, mapNumbers, mapTexts, presentMask, rowsOfColumn } from './columns.ts'
import type { StageCounts } from './counts.ts'
import { StepStop } from './step.ts'
import { canonicalizerOf } from './tokenise.ts'

/** Of one preparation; what must be remembered from chunk to chunk lies in it. */
type Prepare = (chunk: Dataset) => Dataset

/** @throws StepStop from the function it gives, where a check says that the run ends */
export function preparer(steps: readonly Preparation[], counts: StageCounts): Prepare {
  const each = steps.map((step, index) => prepareBy(step, counts, `${step.do} of ${step.column} (/${index})`))
  return (chunk) => {
    counts.rowsIn += chunk.rowCount
    const prepared = each.reduce((table, prepare) => prepare(table), chunk)
    counts.rowsOut += prepared.rowCount
    return prepared
  }
}

/** What a crash forgets: with it, reading has to begin anew. */
export function remembers(steps: readonly Preparation[]): boolean {
  return steps.some((step) => step.do === 'require' && step.rule === 'unique')
}

function prepareBy(step: Preparation, counts: StageCounts, where: string): Prepare {
  const changing = (change: (column: Column) => Changed, stops = false): Prepare => {
    return (chunk) => {
      const { column, cells, refused } = change(columnOf(chunk, step.column))
      counts.changed(step.column, cells, lostOf(refused))
      for (const [reason, count] of refused) {
        if (stops) throw new StepStop('check_failed', `${where}: ${reason}`)
        counts.because(reason, count)
      }
      return replaced(chunk, column)
    }
  }
  switch (step.do) {
    case 'require':
      return requiring(step, counts, where)
    case 'range':
      return ranging(step, counts, where)
    case 'rename':
      return (chunk) => {
        counts.renamed(step.column, step.to)
        return renamed(chunk, step.column, step.to)
      }
    case 'convert': {
      const convert = converter(step.from, step.to)
      return changing((column) => {
        if (column.kind !== 'number') throw new StepStop('unfit_table', `${where}: the column holds no numbers`)
        return mapNumbers(column, convert, 'number')
      })
    }
    case 'normalise': {
      const canonicalize = canonicalizerOf({ form: step.form })
      return changing((column) =>
        mapTexts(column, (text) => {
          const canonical = canonicalize(text)
          return canonical.value === undefined ? { text: undefined, because: `not_${step.form}` } : { text: canonical.value }
        }),
      )
    }
    case 'code': {
      const list = new Map(Object.entries(step.list))
      const keep = step.otherwise === 'keep'
      return changing(
        (column) =>
          mapTexts(column, (text) => {
            const coded = list.get(text) ?? (keep ? text : undefined)
            return coded === undefined ? { text: undefined, because: 'not_in_list' } : { text: coded }
          }),
        step.otherwise === 'stop',
      )
    }
  }
}

function requiring({ column, rule, otherwise }: Extract<Preparation, { do: 'require' }>, counts: StageCounts, where: string): Prepare {
  const seen = new Set<SourceValue>()
  return (chunk) => {
    const found = columnOf(chunk, column)
    const mask = rule === 'present' ? presentMask(found) : rule === 'valid' ? validMask(found) : uniqueMask(found, seen)
    const failing = chunk.rowCount - countIn(mask)
    if (failing > 0 && otherwise === 'stop') throw new StepStop('check_failed', `${where}: ${failing} rows of a chunk are not ${rule}`)
    counts.because(`not_${rule}`, failing)
    return keepRows(chunk, mask)
  }
}

/** The first row that has a value stays; those without one do, too. */
function uniqueMask(column: Column, seen: Set<SourceValue>): Uint8Array {
  const mask = new Uint8Array(rowsOfColumn(column))
  for (let row = 0; row < mask.length; row++) {
    const value = valueAt(column, row)
    if (value !== null && seen.has(value)) continue
    if (value !== null) seen.add(value)
    mask[row] = 1
  }
  return mask
}

const formOf: Partial<Record<Semantic, FormName>> = {
  date_of_birth: 'date',
  email: 'email',
  event_date: 'date',
  family_name: 'name',
  full_name: 'name',
  given_name: 'name',
  identifier: 'identifier',
  national_health_number: 'nhs_number',
  national_identifier: 'identifier',
  phone: 'phone',
  postcode: 'postcode',
}

/** By what the column means: check digits, calendar days, what only stands for a missing value. What is missing is not wrong. */
function validMask(column: Column): Uint8Array {
  const form = column.field.semantic === undefined ? undefined : formOf[column.field.semantic]
  const mask = new Uint8Array(rowsOfColumn(column)).fill(1)
  if (form === undefined) return mask
  const canonicalize = canonicalizerOf({ form })
  if (column.kind === 'number') {
    for (let row = 0; row < mask.length; row++)
      mask[row] = Number.isNaN(column.values[row]) || canonicalize(String(column.values[row])).value !== undefined ? 1 : 0
    return mask
  }
  const valid = Uint8Array.from(column.dictionary, (text) => (canonicalize(text).value === undefined ? 0 : 1))
  for (let row = 0; row < mask.length; row++) mask[row] = (column.codes[row] as number) < 0 ? 1 : (valid[column.codes[row] as number] as number)
  return mask
}

function ranging(
  { column, min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY, otherwise }: Extract<Preparation, { do: 'range' }>,
  counts: StageCounts,
  where: string,
): Prepare {
  return (chunk) => {
    const found = columnOf(chunk, column)
    if (found.kind !== 'number') throw new StepStop('unfit_table', `${where}: the column holds no numbers`)
    const inside = (value: number): boolean => Number.isNaN(value) || (value >= min && value <= max)
    const mask = new Uint8Array(chunk.rowCount)
    for (let row = 0; row < mask.length; row++) mask[row] = inside(found.values[row] as number) ? 1 : 0
    const outside = chunk.rowCount - countIn(mask)
    if (outside > 0 && otherwise === 'stop') throw new StepStop('check_failed', `${where}: ${outside} values of a chunk are outside`)
    counts.because('out_of_range', outside)
    if (otherwise === 'drop') return keepRows(chunk, mask)
    counts.changed(column, outside, outside)
    return replaced(chunk, { ...found, values: found.values.map((value) => (inside(value) ? value : Number.NaN)) })
  }
}

function replaced(chunk: Dataset, column: Column): Dataset {
  return { rowCount: chunk.rowCount, columns: chunk.columns.map((each) => (each.field.name === column.field.name ? column : each)) }
}

function renamed(chunk: Dataset, from: string, to: string): Dataset {
  return {
    rowCount: chunk.rowCount,
    columns: chunk.columns.map((column) => (column.field.name === from ? { ...column, field: { ...column.field, name: to } } : column)),
  }
}
