/** Tables for tests: from records in the test itself, from generated people, and from the reference data. */
import { existsSync, readFileSync } from 'node:fs'
import { type Dataset, datasetFrom } from '@gatehouse/tabular/dataset'
import { isFault, parseAll } from '@gatehouse/tabular/push-parser'
import { recordReader } from '@gatehouse/tabular/reader'
import type { SourceRecord } from '@gatehouse/tabular/value'
import type { LinkType } from '../block/blocks.ts'
import { truePairs } from '../block/report.ts'
import type { Links } from '../model/link.ts'
import { type PeopleOptions, people, peopleHeader } from './people.ts'

export interface TestSource {
  readonly name: string
  readonly data: Dataset
  readonly records: readonly SourceRecord[]
}

export function sourceOf(name: string, records: readonly SourceRecord[], columns = Object.keys(records[0] ?? {})): TestSource {
  const fields = columns.map((column) => ({ name: column, type: 'string' as const, sensitivity: 'plain' as const, nullable: true }))
  return { name, data: datasetFrom(fields, records), records }
}

function read(name: string, text: string | Uint8Array): TestSource {
  const items = parseAll(recordReader({ format: 'csv', csv: { trim: true } }), [text])
  return sourceOf(
    name,
    items.flatMap((item) => (isFault(item) ? [] : [item.record])),
  )
}

export function peopleSource(name: string, options: PeopleOptions): TestSource {
  return read(name, [peopleHeader, ...people(options)].join('\n'))
}

const folder = new URL('../../../../shared/data/linkage/', import.meta.url)

export const referenceIsThere = existsSync(folder)
export const ifThere = referenceIsThere ? '' : ' (skipped: the reference data is absent)'

export function reference(file: string): TestSource {
  return read(file, readFileSync(new URL(file, folder)))
}

/** Per record the number of its person. */
export function truthOf(sources: readonly TestSource[], personOf: (record: SourceRecord) => unknown): Int32Array {
  const numberOf = new Map<string, number>()
  return Int32Array.from(
    sources.flatMap((source) => source.records),
    (record) => {
      const person = String(personOf(record))
      const known = numberOf.get(person) ?? numberOf.size
      numberOf.set(person, known)
      return known
    },
  )
}

export interface Quality {
  readonly precision: number
  readonly recall: number
  readonly f1: number
  readonly wrong: number
}

/** Pairwise, against the truth. */
export function qualityOf(links: Links, truth: Int32Array, link: LinkType, offsets: readonly number[], atLeast = 0): Quality {
  let [right, wrong] = [0, 0]
  for (let i = 0; i < links.length; i++) {
    if ((links.probability[i] ?? 0) < atLeast) continue
    if (truth[links.left[i] ?? 0] === truth[links.right[i] ?? 0]) right++
    else wrong++
  }
  const precision = right / Math.max(1, right + wrong)
  const recall = right / truePairs(truth, link, offsets)
  return { precision, recall, f1: (2 * precision * recall) / (precision + recall), wrong }
}

/** The best F1 that any threshold reaches: what the truth in hand would choose. */
export function oracleF1(links: Links, truth: Int32Array, link: LinkType, offsets: readonly number[]): number {
  const all = truePairs(truth, link, offsets)
  const order = [...links.weight.keys()].sort((one, other) => (links.weight[other] ?? 0) - (links.weight[one] ?? 0))
  let [right, best] = [0, 0]
  order.forEach((index, taken) => {
    if (truth[links.left[index] ?? 0] === truth[links.right[index] ?? 0]) right++
    best = Math.max(best, (2 * right) / (taken + 1 + all))
  })
  return best
}
