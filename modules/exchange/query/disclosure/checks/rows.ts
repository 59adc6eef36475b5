/** What the rows tell together: how many look alike to somebody who knows what can be known of a person. Pure; nothing is believed that the treatment says of itself. */

import { equivalenceClasses } from '@gatehouse/privacy/risk/equivalence-classes'
import { sampleRisk } from '@gatehouse/privacy/risk/sample-risk'
import type { Dataset } from '@gatehouse/tabular/dataset'
import { type Check, fail, pass, review, some } from './check.ts'
import type { LookedAt } from './columns.ts'

export interface RowsAsked extends LookedAt {
  /** The smallest class that the plan demands (k), where it does. */
  readonly k: number | undefined
}

export function rowChecks(dataset: Dataset, asked: RowsAsked): Check[] {
  const quasi = asked.columns.filter(({ name, role }) => role === 'quasi' && dataset.columns.some(({ field }) => field.name === name)).map(({ name }) => name)
  if (quasi.length === 0) return [review('class_size', 'classes_unknown')]
  const { sizes, suppressedRows } = equivalenceClasses(dataset, quasi)
  const hidden = suppressedRows === 0 ? [] : [pass('suppressed_rows', ...some(suppressedRows, asked.floor, 'suppressed_few', 'suppressed_about'))]
  if (sizes.length === 0) return [...hidden, pass('class_size', 'classes_empty')]
  const smallest = sizes.reduce((least, size) => Math.min(least, size), Number.POSITIVE_INFINITY)
  const { unique } = sampleRisk(sizes, 1 / asked.floor)
  return [...hidden, sizeCheck(quasi.join(', '), smallest, asked), uniqueCheck(unique, asked)]
}

function sizeCheck(columns: string, smallest: number, { k, floor, form }: RowsAsked): Check {
  if (k !== undefined && smallest < k) return fail('class_size', 'classes_below_k', { columns, k })
  if (smallest >= floor) return pass('class_size', 'classes_kept', { columns, floor })
  if (k !== undefined) return review('class_size', 'classes_between', { columns, k, floor })
  const judged = form === 'anonymised' ? fail : review
  return judged('class_size', 'classes_small', { columns, floor })
}

function uniqueCheck(unique: number, { form }: RowsAsked): Check {
  if (unique === 0) return pass('unique_rows', 'unique_none')
  const judged = form === 'anonymised' ? fail : review
  return unique < 0.01 ? judged('unique_rows', 'unique_few') : judged('unique_rows', 'unique_some', { percent: Math.round(100 * unique) })
}
