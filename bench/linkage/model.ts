/** The model that the benchmarks of linkage use for generated people, and reading their files. */
import { createReadStream } from 'node:fs'
import { dateOfBirth, defineModel, exact, fullName, nhsNumber, on, postcode, prefix, year } from '@gatehouse/linkage/model/define'
import { type Dataset, datasetBuilder } from '@gatehouse/tabular/dataset'
import type { RecordRow } from '@gatehouse/tabular/json-record'
import { type Fault, isFault } from '@gatehouse/tabular/push-parser'
import { recordReader } from '@gatehouse/tabular/reader'
import type { SourceRecord } from '@gatehouse/tabular/value'

/** One million people in some twenty seconds: five comparisons, five rules. */
export const peopleModel = defineModel({
  link: 'dedupe',
  compare: [...fullName('forename', 'surname'), dateOfBirth('dob'), postcode('postcode'), nhsNumber('nhs')],
  block: [on('nhs'), on('surname', 'dob'), on('forename', 'dob'), on('postcode', 'surname'), on('dob', 'postcode')],
})

/** Wide blocking, so that most pairs are strangers and comparing is the work. */
export const wideModel = defineModel({
  link: 'dedupe',
  compare: [...fullName('forename', 'surname'), dateOfBirth('dob'), postcode('postcode'), exact('sex')],
  block: [on('dob', 'sex'), on('surname', 'forename'), on('postcode'), on(prefix('surname', 2), year('dob'))],
})

export const columns = ['forename', 'surname', 'dob', 'postcode', 'sex', 'nhs']

/** Row by row as the parser gives them: a million rows are too many to await each. */
export async function readPeople(file: string): Promise<Dataset> {
  const builder = peopleBuilder()
  const reader = recordReader({ format: 'csv' })
  const take = (items: readonly (RecordRow | Fault)[]): void => {
    for (const item of items) {
      if (isFault(item)) throw new Error(`line ${item.line}: ${item.message}`)
      builder.add(withoutTruth(item.record))
    }
  }
  for await (const chunk of createReadStream(file, { highWaterMark: 1 << 20 })) take(reader.push(chunk))
  take(reader.end())
  return builder.build()
}

export function peopleFrom(lines: Iterable<string>): Dataset {
  const builder = peopleBuilder()
  for (const line of lines) builder.add(recordOf(line))
  return builder.build()
}

export function recordOf(line: string): SourceRecord {
  const [, ...values] = line.split(',')
  return Object.fromEntries(columns.map((column, index) => [column, values[index] || null]))
}

function withoutTruth({ forename, surname, dob, postcode, sex, nhs }: SourceRecord): SourceRecord {
  return { forename: forename ?? null, surname: surname ?? null, dob: dob ?? null, postcode: postcode ?? null, sex: sex ?? null, nhs: nhs ?? null }
}

function peopleBuilder() {
  return datasetBuilder(columns.map((name) => ({ name, type: 'string', sensitivity: 'plain', nullable: true })))
}
