/** The reference table with its hierarchies, read from beside the repository; absent in most checkouts. */
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { csvParser } from '@gatehouse/tabular/csv'
import { type Dataset, datasetFrom } from '@gatehouse/tabular/dataset'
import { isFault, parseAll } from '@gatehouse/tabular/push-parser'
import { csvHierarchy } from '../../hierarchy/csv.ts'
import type { Hierarchy } from '../../hierarchy/hierarchy.ts'

const dir = fileURLToPath(new URL('../../../../../shared/data/adult/', import.meta.url))

export const adultIsAbsent = !existsSync(dir)

export function readAdult(): { readonly dataset: Dataset; readonly names: readonly string[]; readonly hierarchies: Readonly<Record<string, Hierarchy>> } {
  const [names = [], ...rows] = parseAll(csvParser({ delimiter: ';' }), [readFileSync(`${dir}adult.csv`)]).flatMap((item) =>
    isFault(item) ? [] : [item.values],
  )
  const fields = names.map((name) => ({ name, type: 'string' as const, sensitivity: 'quasi_identifier' as const, nullable: false }))
  const records = rows.map((values) => Object.fromEntries(names.map((name, index) => [name, values[index] ?? null])))
  const hierarchies = Object.fromEntries(names.map((name) => [name, csvHierarchy(name, readFileSync(`${dir}adult_hierarchy_${name}.csv`))]))
  return { dataset: datasetFrom(fields, records), names, hierarchies }
}
