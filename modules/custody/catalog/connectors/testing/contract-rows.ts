/** What every source holds while the contract is held against its driver: made up, and with everything in it that has broken drivers. */
import type { Dataset } from '@gatehouse/tabular/dataset'
import { datasetFrom } from '@gatehouse/tabular/dataset'
import type { Field, FieldType } from '@gatehouse/tabular/field'
import type { SourceValue } from '@gatehouse/tabular/value'

const field = (name: string, type: FieldType, nullable = true): Field => ({ name, type, sensitivity: 'plain', nullable })

/** Columns as the source is to write them. `id` is the key. */
export const contractFields: readonly Field[] = [
  field('id', 'integer', false),
  field('name', 'string'),
  field('score', 'number'),
  field('active', 'boolean'),
  field('born', 'date'),
  field('seen', 'instant'),
]

const names = [
  'Ana',
  'Zoë Ñandú',
  `O'Brien`,
  'a"b',
  'back\\slash',
  'tab\there',
  'line\nbreak',
  '😀 astral',
  '%',
  '_',
  `'; DROP TABLE patients; --`,
  '$1',
  'NULL',
  '{"$gt": ""}',
  ' leading',
]

export const contractCount = 2_000

export const contractRows: readonly Readonly<Record<string, SourceValue>>[] = Array.from({ length: contractCount }, (_, index) => ({
  id: index + 1,
  name: index % 11 === 10 ? null : `${names[index % names.length]}${index % 3 === 0 ? '' : ` ${index % 7}`}`,
  score: index % 13 === 12 ? null : index % 2 === 0 ? index / 4 : -index * 0.37,
  active: index % 5 === 4 ? null : index % 2 === 0,
  born: index % 17 === 16 ? null : new Date(Date.UTC(1920 + (index % 100), index % 12, 1 + (index % 28))).toISOString().slice(0, 10),
  seen: index % 19 === 18 ? null : new Date(Date.UTC(2020, 0, 1) + index * 3_600_123).toISOString(),
}))

export const contractDataset: Dataset = datasetFrom(contractFields, contractRows)
