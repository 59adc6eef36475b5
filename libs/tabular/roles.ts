/**
 * Proposes what part each column of a table plays in telling who a row is about: a direct identifier by its heading, its values or
 * its near-uniqueness; a quasi-identifier by its meaning; else sensitive or plain. For a person to confirm.
 */
import { type Dataset, rowsOf } from './dataset.ts'
import type { Semantic, Sensitivity } from './field.ts'
import { profile } from './profile.ts'
import { proposeFields } from './propose.ts'
import type { SourceRecord } from './value.ts'

export interface ProposedRole {
  readonly column: string
  readonly sensitivity: Sensitivity
  readonly semantic?: Semantic
  /** One sentence without a value in it. */
  readonly reason: string
}

const sampleRowsMax = 5_000
const nearlyUnique = 0.95
const rowsForUniqueness = 20

export function proposeRoles(dataset: Dataset): ProposedRole[] {
  const proposed = proposeFields(sample(dataset))
  const columns = profile(dataset).columns
  return dataset.columns.map(({ field, kind }, index) => {
    const { semantic, sensitivity, reason } = proposed.fields.find(({ column }) => column === field.name) ?? {
      sensitivity: 'sensitive' as const,
      reason: 'The column has no value.',
    }
    const { missing, unique } = columns[index] ?? { missing: 0, unique: 0 }
    const present = dataset.rowCount - missing
    const standsOut = kind === 'dictionary' && present >= rowsForUniqueness && unique >= present * nearlyUnique
    const about = { column: field.name, ...(semantic === undefined ? {} : { semantic }) }
    if (!standsOut || sensitivity === 'direct_identifier') return { ...about, sensitivity, reason }
    const counted = `${unique} different values in ${present} rows`
    // A postcode or a day of birth can be coarsened; what has no such meaning can only be a name for its row.
    if (sensitivity === 'quasi_identifier') return { ...about, sensitivity, reason: `${reason} As it stands it points at single people: ${counted}.` }
    return { ...about, sensitivity: 'direct_identifier' as const, reason: `Nearly every row has its own value (${counted}), so it can point at one person.` }
  })
}

/** Evenly over the table: the first rows of a sorted file are not like the others. */
function sample(dataset: Dataset): SourceRecord[] {
  const step = Math.max(1, Math.floor(dataset.rowCount / sampleRowsMax))
  const rows: SourceRecord[] = []
  let row = 0
  for (const record of rowsOf(dataset)) if (row++ % step === 0) rows.push(record)
  return rows
}
