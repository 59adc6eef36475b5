/** The draft of a model from what columns mean: a first one that works, for a person to look at. */
import type { Semantic } from '@gatehouse/tabular/field'
import { proposeFields } from '@gatehouse/tabular/propose'
import type { SourceRecord } from '@gatehouse/tabular/value'
import { levelsOf } from '../compare/levels.ts'
import {
  address,
  type Defined,
  dateOfBirth,
  defineModel,
  email,
  exact,
  forbid,
  fullName,
  identifier,
  name,
  nhsNumber,
  on,
  phone,
  postcode,
  prefix,
  text,
} from '../model/define.ts'
import { LinkageError } from '../model/error.ts'
import type { Comparison, Forbid, Model, Rule } from '../model/schema.ts'

/** What tells people apart and what draft comparisons look at; the first column of each meaning. */
export const tellingMeanings = [
  'given_name',
  'family_name',
  'full_name',
  'date_of_birth',
  'postcode',
  'email',
  'phone',
  'national_health_number',
  'national_identifier',
  'sex',
  'city',
  'address',
] as const satisfies readonly Semantic[]
type Used = (typeof tellingMeanings)[number]

export interface Meaning {
  readonly column: string
  readonly dateOrder?: 'dmy' | 'mdy' | 'ymd'
}
export type Meanings = ReadonlyMap<Used, Meaning>

/** @param samples some records of each source; only columns that all sources have are used */
export function meaningsOf(samples: readonly (readonly SourceRecord[])[]): Meanings {
  const proposals = samples.map((rows) => proposeFields(rows).fields)
  const shared = (proposals[0] ?? []).filter(({ column }) => proposals.every((fields) => fields.some((field) => field.column === column)))
  const meanings = new Map<Used, Meaning>()
  for (const semantic of tellingMeanings) {
    const column = shared.find((field) =>
      proposals.some((fields) => fields.some((other) => other.column === field.column && other.semantic === semantic)),
    )?.column
    if (column === undefined) continue
    const dateOrder = proposals.map((fields) => fields.find((field) => field.column === column)?.date_order).find((order) => order !== undefined)
    meanings.set(semantic, { column, ...(dateOrder === undefined ? {} : { dateOrder }) })
  }
  return meanings
}

/** @throws LinkageError `no_column` where nothing is known that tells people apart, or that pairs could be found by */
export function draftModel(link: Model['link'], meanings: Meanings): Model {
  const at = (semantic: Used): string | undefined => meanings.get(semantic)?.column
  const block = rules(at)
  if (block.length === 0)
    throw new LinkageError(
      'no_column',
      'no columns of these sources are known to tell people apart, such as names and dates of birth, numbers or addresses; name columns so, or write the model',
    )
  return defineModel({ link, compare: comparisons(at, meanings.get('date_of_birth')), block, forbid: conflicts(at) })
}

type At = (semantic: Used) => string | undefined

function comparisons(at: At, birth: Meaning | undefined): Defined[] {
  const each = (semantic: Used, define: (column: string) => Defined): Defined[] => {
    const column = at(semantic)
    return column === undefined ? [] : [define(column)]
  }
  const [given, family] = [at('given_name'), at('family_name')]
  return [
    ...(given !== undefined && family !== undefined ? fullName(given, family) : [...each('given_name', name), ...each('family_name', name)]),
    ...(given === undefined && family === undefined ? each('full_name', name) : []),
    ...(birth === undefined ? [] : [dateOfBirth(birth.column, birth.dateOrder === undefined ? {} : { order: birth.dateOrder })]),
    ...each('postcode', postcode),
    ...each('email', email),
    ...each('phone', phone),
    // A number with a check digit is right or absent, so two that differ are two people.
    ...each('national_health_number', (column) => nhsNumber(column, { conflict: 'forbid' })),
    ...each('national_identifier', identifier),
    ...each('sex', exact),
    ...each('city', text),
    ...each('address', address),
  ]
}

/** Single columns that few people share, and pairs of columns that few people share; each forgives slips that others do not. */
function rules(at: At): Rule[] {
  const birth = at('date_of_birth')
  const initialAndBirth = (semantic: Used): Rule[] => {
    const column = at(semantic)
    return column === undefined || birth === undefined ? [] : [on(prefix(column, 1), birth)]
  }
  const together = (...terms: readonly Used[]): Rule[] => {
    const columns = terms.flatMap((term) => at(term) ?? [])
    return columns.length === terms.length ? [on(...columns)] : []
  }
  return [
    ...together('national_health_number'),
    ...together('national_identifier'),
    ...together('email'),
    ...together('phone'),
    ...together('given_name', 'family_name'),
    ...initialAndBirth('family_name'),
    ...initialAndBirth('given_name'),
    ...together('full_name'),
    ...together('date_of_birth', 'postcode'),
    ...together('family_name', 'postcode'),
    ...together('given_name', 'postcode'),
  ]
}

/** Twins agree in almost everything; that two records agree in a number that each person has alone says that they are none. */
function conflicts(at: At): Forbid[] {
  const [given, family, birth] = [at('given_name'), at('family_name'), at('date_of_birth')]
  if (given === undefined || family === undefined || birth === undefined) return []
  const own = [nhsNumber, identifier].flatMap((define, index) => {
    const column = at(index === 0 ? 'national_health_number' : 'national_identifier')
    return column === undefined ? [] : [[column, othersThanSame(define(column).comparison)] as const]
  })
  return [forbid('twins', { [given]: ['different'], [family]: ['same'], [birth]: ['same'], ...Object.fromEntries(own) })]
}

function othersThanSame(comparison: Comparison): string[] {
  return levelsOf(comparison).flatMap(({ label }) => (label === 'same' || label === 'one slip' ? [] : [label]))
}
