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

const coarser = 'Demand larger classes, coarser hierarchies, or fewer columns by which people are known.'

export function rowChecks(dataset: Dataset, asked: RowsAsked): Check[] {
  const quasi = asked.columns.filter(({ name, role }) => role === 'quasi' && dataset.columns.some(({ field }) => field.name === name)).map(({ name }) => name)
  if (quasi.length === 0)
    return [
      review(
        'class_size',
        'The plan names no column by which people could be recognised, so nothing was counted.',
        'Give the columns their roles in the plan.',
      ),
    ]
  const { sizes, suppressedRows } = equivalenceClasses(dataset, quasi)
  const said = `Rows that look alike in ${quasi.join(', ')}`
  const hidden = suppressedRows === 0 ? [] : [pass('suppressed_rows', `${some(suppressedRows, asked.floor)} rows tell nothing in these columns.`)]
  if (sizes.length === 0) return [...hidden, pass('class_size', 'No row tells anything in the columns by which people could be recognised.')]
  const smallest = sizes.reduce((least, size) => Math.min(least, size), Number.POSITIVE_INFINITY)
  const { unique } = sampleRisk(sizes, 1 / asked.floor)
  return [...hidden, sizeCheck(said, smallest, asked), uniqueCheck(unique, asked)]
}

function sizeCheck(said: string, smallest: number, { k, floor, form }: RowsAsked): Check {
  if (k !== undefined && smallest < k)
    return fail(
      'class_size',
      `${said} are fewer than the ${k} that the plan demands.`,
      'The treatment did not keep what it promised; run the plan again and report it.',
    )
  if (smallest >= floor) return pass('class_size', `${said} are ${floor} or more.`)
  const detail = k === undefined ? `${said} are fewer than ${floor}.` : `${said} are ${k} or more, as the plan demands, and fewer than the floor of ${floor}.`
  return form === 'anonymised' && k === undefined ? fail('class_size', detail, coarser) : review('class_size', detail, coarser)
}

function uniqueCheck(unique: number, { form }: RowsAsked): Check {
  if (unique === 0) return pass('unique_rows', 'No row stands alone.')
  const detail = `${unique < 0.01 ? 'Less than 1' : `About ${Math.round(100 * unique)}`} % of the rows stand alone in the columns by which people could be recognised.`
  return form === 'anonymised' ? fail('unique_rows', detail, coarser) : review('unique_rows', detail, coarser)
}
