/** The people of the demonstration: read from the given file or invented, and the few of them that the story is about. */
import { createWriteStream } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { csvWriter } from '@gatehouse/tabular/csv-writer'
import { type Mapping, rowMapper } from '@gatehouse/tabular/mapping'
import { proposeFields } from '@gatehouse/tabular/propose'
import { isFault } from '@gatehouse/tabular/push-parser'
import type { SourceRecord, SourceValue } from '@gatehouse/tabular/value'
import { type MappingChoice, mappingFrom, type ProposedMapping } from '../files/propose-mapping.ts'
import { readRows } from '../files/read-rows.ts'
import { generatePeople } from '../people/people.ts'

export interface Person {
  readonly id: string
  readonly record: Record<string, SourceValue>
}

export interface Cast {
  /** Rows of the file, those that cannot be read among them. */
  readonly rows: number
  readonly faults: number
  /** Everybody, in the order of the file. */
  readonly ids: readonly string[]
  /** Nine in ten consent, the others do not. */
  readonly consenting: readonly string[]
  /** The one whose record is followed, and the one who changes their mind. */
  readonly followed: Person
  readonly withdrawing: string
  readonly silent: string
  /** An id that nobody has. */
  readonly unknown: string
}

/** Records are kept for the first of them, among whom the followed person is chosen. */
const candidatesMax = 200
const everyTenth = 10

export async function inventPeople(folder: string, people: number, seed: number): Promise<string> {
  const path = join(folder, 'people.csv')
  // Nobody opens this file in a spreadsheet, and an apostrophe before a telephone number would change it.
  const writer = csvWriter({ formulaGuard: false })
  function* lines() {
    let first = true
    for (const person of generatePeople({ seed, count: people })) {
      if (first) yield writer.row(Object.keys(person))
      first = false
      yield writer.row(Object.values(person))
    }
  }
  await pipeline(Readable.from(lines()), createWriteStream(path, { mode: 0o600 }))
  return path
}

/**
 * A mapping for a file that nobody has described: its first column of unrepeated identifiers names the person, and other
 * identifiers, which only link rows of the same source, stay behind.
 */
export function demoMapping(rows: readonly SourceRecord[], choice: MappingChoice): ProposedMapping {
  if (choice.subject !== undefined) return mappingFrom(rows, choice)
  const identifiers = proposeFields(rows).fields.filter((field) => field.semantic === 'identifier' && !choice.drop?.includes(field.column))
  const unrepeated = identifiers.find(({ column, nullable }) => !nullable && new Set(rows.map((row) => row[column])).size === rows.length)
  if (unrepeated === undefined) return mappingFrom(rows, choice)
  const others = identifiers.filter((field) => field !== unrepeated).map(({ column }) => column)
  return mappingFrom(rows, { ...choice, subject: unrepeated.column, drop: [...(choice.drop ?? []), ...others] })
}

/** @throws Error when the file has too few people for the story */
export async function chooseCast(path: string, mapping: Mapping): Promise<Cast> {
  const map = rowMapper(mapping)
  const ids = new Set<string>()
  const candidates = new Map<string, Person>()
  let rows = 0
  let faults = 0
  for await (const item of readRows(path)) {
    rows++
    const row = isFault(item) ? item : map(item)
    if (isFault(row)) {
      faults++
      continue
    }
    ids.add(row.subject)
    // The latest record of a person is the one that counts.
    if (candidates.has(row.subject) || candidates.size < candidatesMax) candidates.set(row.subject, { id: row.subject, record: row.record })
  }
  if (ids.size < 3) throw new Error(`The story needs at least three people; ${path} has ${ids.size} that can be read.`)
  const all = [...ids]
  const left = all.filter((_, index) => index % everyTenth === everyTenth - 1)
  const without = new Set(left.length > 0 ? left : all.slice(-1))
  const consenting = all.filter((id) => !without.has(id))
  const followed = mostComplete([...candidates.values()].filter(({ id }) => !without.has(id)))
  const withdrawing = consenting.find((id) => id !== followed.id) ?? ''
  return { rows, faults, ids: all, consenting, followed, withdrawing, silent: [...without][0] ?? '', unknown: unusedId(ids) }
}

function mostComplete(people: readonly Person[]): Person {
  const known = ({ record }: Person) => Object.values(record).filter((value) => value !== null).length
  return people.reduce((best, person) => (known(person) > known(best) ? person : best))
}

function unusedId(ids: ReadonlySet<string>): string {
  let id = 'nobody'
  while (ids.has(id)) id += '0'
  return id
}
