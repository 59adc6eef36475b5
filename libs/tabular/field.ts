/** What a column of a table is: its type, what it means and how much it tells of a person. */
import type { FieldProblem } from '@gatehouse/core/problem'
import { isObject, type Parsed, unknownMembers } from './parsed.ts'

export const fieldTypes = ['string', 'integer', 'number', 'boolean', 'date', 'instant'] as const
export type FieldType = (typeof fieldTypes)[number]

/** From most to least telling. The release side masks by this, so a doubtful field takes the stricter one. */
export const sensitivities = ['direct_identifier', 'quasi_identifier', 'sensitive', 'plain'] as const
export type Sensitivity = (typeof sensitivities)[number]

/** Every meaning a field can have, with the sensitivity it has unless its owner says otherwise. Alphabetical and append-only. */
export const semantics = {
  account_number: 'direct_identifier',
  address: 'direct_identifier',
  age: 'quasi_identifier',
  amount: 'sensitive',
  card_number: 'direct_identifier',
  city: 'quasi_identifier',
  code: 'plain',
  country: 'quasi_identifier',
  date_of_birth: 'quasi_identifier',
  diagnosis: 'sensitive',
  email: 'direct_identifier',
  ethnicity: 'sensitive',
  event_date: 'quasi_identifier',
  family_name: 'direct_identifier',
  free_text: 'sensitive',
  full_name: 'direct_identifier',
  given_name: 'direct_identifier',
  identifier: 'direct_identifier',
  ip_address: 'direct_identifier',
  marital_status: 'quasi_identifier',
  measurement: 'sensitive',
  national_health_number: 'direct_identifier',
  national_identifier: 'direct_identifier',
  occupation: 'quasi_identifier',
  phone: 'direct_identifier',
  postcode: 'quasi_identifier',
  region: 'quasi_identifier',
  religion: 'sensitive',
  sex: 'quasi_identifier',
} as const satisfies Record<string, Sensitivity>

export type Semantic = keyof typeof semantics

export interface Field {
  readonly name: string
  readonly type: FieldType
  readonly semantic?: Semantic
  readonly sensitivity: Sensitivity
  readonly nullable: boolean
  readonly description?: string
}

export const fieldCountMax = 4_096
export const descriptionLengthMax = 1_000

const fieldNameText = /^[a-z][a-z0-9_]{0,62}$/

export function isFieldName(text: string): boolean {
  return fieldNameText.test(text)
}

export const fieldNameRule = 'use lower-case letters, digits and "_", starting with a letter, at most 63'

/** A column's heading as a field name: "First Name" and "firstName" give `first_name`, "Código postal" gives `codigo_postal`. */
export function fieldNameOf(column: string): string {
  const folded = column
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '')
  return (/^[a-z]/.test(folded) ? folded : `column_${folded}`).slice(0, 63).replace(/_+$/, '')
}

export function isFieldType(value: unknown): value is FieldType {
  return fieldTypes.includes(value as FieldType)
}

export function isSensitivity(value: unknown): value is Sensitivity {
  return sensitivities.includes(value as Sensitivity)
}

export function isSemantic(value: unknown): value is Semantic {
  return typeof value === 'string' && Object.hasOwn(semantics, value)
}

const members = new Set(['name', 'type', 'semantic', 'sensitivity', 'nullable', 'description'])

/** Reads a list of fields from JSON; every fault is told at once, each with its JSON pointer (RFC 6901). */
export function parseFields(json: unknown): Parsed<Field[]> {
  if (!Array.isArray(json)) return { ok: false, errors: [{ pointer: '', detail: 'fields are a list' }] }
  if (json.length === 0 || json.length > fieldCountMax) return { ok: false, errors: [{ pointer: '', detail: `give 1 to ${fieldCountMax} fields` }] }
  const errors: FieldProblem[] = []
  const seen = new Set<string>()
  const fields: Field[] = []
  for (const [index, item] of json.entries()) {
    const found = fieldProblems(item, `/${index}`)
    errors.push(...found)
    if (found.length > 0) continue
    const field = item as Field
    if (seen.has(field.name)) errors.push({ pointer: `/${index}/name`, detail: 'another field has this name; field names are unique' })
    seen.add(field.name)
    fields.push({ ...field })
  }
  return errors.length > 0 ? { ok: false, errors } : { ok: true, value: fields }
}

function fieldProblems(item: unknown, at: string): FieldProblem[] {
  if (!isObject(item)) return [{ pointer: at, detail: 'a field is an object with name, type, sensitivity and nullable' }]
  const problems = unknownMembers(item, members, at)
  const check = (member: string, good: boolean, detail: string): void => {
    if (!good) problems.push({ pointer: `${at}/${member}`, detail })
  }
  check('name', typeof item.name === 'string' && isFieldName(item.name), fieldNameRule)
  check('type', isFieldType(item.type), oneOf(fieldTypes))
  check('semantic', item.semantic === undefined || isSemantic(item.semantic), oneOf(Object.keys(semantics)))
  check('sensitivity', isSensitivity(item.sensitivity), oneOf(sensitivities))
  check('nullable', typeof item.nullable === 'boolean', 'say true or false')
  const { description } = item
  const described = description === undefined || (typeof description === 'string' && description.length <= descriptionLengthMax)
  check('description', described, `a text of at most ${descriptionLengthMax} characters`)
  return problems
}

export function oneOf(names: readonly string[]): string {
  return `use one of ${names.join(', ')}`
}
