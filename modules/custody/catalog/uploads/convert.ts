/** The second way through a file: rows into typed chunks. A row that does not fit its types is left out and counted, with the reason. */
import { type Dataset, datasetBuilder } from '@gatehouse/tabular/dataset'
import type { Field } from '@gatehouse/tabular/field'
import { type Fault, isFault } from '@gatehouse/tabular/push-parser'
import { type DateOrder, parseValue, type SourceValue } from '@gatehouse/tabular/value'
import { rowsPerChunk } from '../connectors/connector.ts'
import { limits, type Upload } from '../schema.ts'
import type { Row } from './rows.ts'

export interface FileColumn {
  /** As the file writes it. */
  readonly column: string
  readonly field: Field
  readonly date_order?: DateOrder | undefined
}

export interface Conversion {
  readonly chunks: AsyncIterable<Dataset>
  /** Once the chunks are through. */
  told(): { readonly rows: number; readonly bad_rows: number; readonly faults: Upload['faults']; readonly missing: ReadonlyMap<string, number> }
}

export function convert(columns: readonly FileColumn[], rows: AsyncIterable<Row | Fault>): Conversion {
  const fields = columns.map(({ field }) => field)
  const missing = columns.map(() => 0)
  const faults = new Map<string, Upload['faults'][number]>()
  let good = 0
  let bad = 0

  function refuse({ fault, line, message, field: named }: Fault): void {
    const field = named ?? null
    bad++
    const key = `${fault}\0${field}`
    const seen = faults.get(key)
    if (seen !== undefined) seen.rows++
    else if (faults.size < limits.faultsTold) faults.set(key, { fault, field, rows: 1, line, message })
  }

  async function* chunks(): AsyncGenerator<Dataset, void, undefined> {
    let builder = datasetBuilder(fields)
    let held = 0
    for await (const item of rows) {
      const typed = isFault(item) ? item : typedRow(columns, item)
      if (isFault(typed)) {
        refuse(typed as Fault)
        continue
      }
      const record = typed as Record<string, SourceValue>
      for (const [index, { name }] of fields.entries()) if (record[name] === null) missing[index] = (missing[index] as number) + 1
      builder.add(record)
      good++
      if (++held < rowsPerChunk) continue
      yield builder.build()
      builder = datasetBuilder(fields)
      held = 0
    }
    if (held > 0) yield builder.build()
  }

  return {
    chunks: chunks(),
    told: () => ({
      rows: good,
      bad_rows: bad,
      faults: [...faults.values()],
      missing: new Map(fields.map(({ name }, index) => [name, good === 0 ? 0 : (missing[index] as number) / good])),
    }),
  }
}

function typedRow(columns: readonly FileColumn[], { line, record }: Row): Record<string, SourceValue> | Fault {
  const out: Record<string, SourceValue> = {}
  for (const { column, field, date_order } of columns) {
    const typed = parseValue(record[column] ?? null, field.type, date_order)
    if (!typed.ok) return { fault: 'bad_value', line, field: column, message: `expected ${typed.expected}` }
    out[field.name] = typed.value
  }
  return out
}
