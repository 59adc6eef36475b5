/** The columns of a source that has no schema, as far as a sample of its rows tells. Pure. */
import { type FieldType, fieldNameOf, isFieldType } from '@gatehouse/tabular/field'
import { parseValue, type SourceRecord, type SourceValue } from '@gatehouse/tabular/value'
import { z } from 'zod'
import type { DiscoveredColumn } from '../connector.ts'

export const sampleRowsMax = 1_000

/** For settings: what a column is where the sample misleads, such as whole numbers that have decimals further on. */
export const typesSchema = z
  .record(z.string().min(1).max(200), z.custom<FieldType>(isFieldType, 'string, integer, number, boolean, date or instant'))
  .describe('Types of columns where a sample of the rows misleads; every other column is as the sample shows it')

/** In order of first appearance. A column is nullable where any row of the sample lacks it. */
export function sampledColumns(rows: readonly SourceRecord[], types: Readonly<Record<string, FieldType>> = {}): DiscoveredColumn[] {
  const found = new Map<string, SourceValue[]>()
  for (const column of Object.keys(types)) found.set(column, [])
  for (const row of rows) {
    for (const [column, value] of Object.entries(row)) {
      const values = found.get(column) ?? []
      found.set(column, values)
      if (value !== null && value !== '') values.push(value)
    }
  }
  const columns = [...found.keys()]
  // Where an object is missing as a whole, its place is no column beside those of its members.
  const empty = columns.filter((column) => found.get(column)?.length === 0 && columns.some((other) => other.startsWith(`${column}.`)))
  for (const column of empty) found.delete(column)
  return [...found].map(([column, values]) => {
    const kinds = [...new Set(values.map((value) => typeof value))].sort()
    const type = (Object.hasOwn(types, column) ? types[column] : undefined) ?? typeOf(values, kinds)
    const physical = kinds.length === 0 ? 'null' : kinds.join(' or ')
    const words = type === 'date' || type === 'instant' ? `${physical} (${type})` : physical
    return {
      column,
      physical: words,
      field: { name: fieldNameOf(column), type, sensitivity: 'sensitive', nullable: values.length < rows.length || rows.length === 0 },
    }
  })
}

/** Digits in text are names and not numbers, so text is only ever a date, a time or text. */
function typeOf(values: readonly SourceValue[], kinds: readonly string[]): FieldType {
  const [kind, other] = kinds
  if (kind === undefined || other !== undefined) return 'string'
  const candidates = ({ boolean: ['boolean'], number: ['integer', 'number'], string: ['date', 'instant'] } as const)[kind as 'boolean' | 'number' | 'string']
  return candidates.find((type) => values.every((value) => parseValue(value, type).ok)) ?? 'string'
}
