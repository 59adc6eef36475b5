/**
 * Proposes what the columns of a source are, from their headings and a sample of values. Every proposal gives its reason in a
 * sentence without a value in it, and is for a person to confirm.
 */
import { type ColumnSample, guessType, percent, sampleColumns, shareOf } from './column-sample.ts'
import { type Field, type FieldType, fieldNameOf, type Semantic, type Sensitivity, semantics } from './field.ts'
import { namesPerson, semanticOfHeading } from './headings.ts'
import type { FieldMapping, Mapping } from './mapping.ts'
import {
  isCardNumber,
  isEmail,
  isIban,
  isIpAddress,
  isNationalInsuranceNumber,
  isNhsNumber,
  isPhone,
  isSocialSecurityNumber,
  isSpanishIdentity,
  isUkPostcode,
  isZipPlusFour,
} from './patterns.ts'
import type { DateOrder, SourceRecord } from './value.ts'

export interface ProposedField extends Field {
  readonly column: string
  readonly date_order?: DateOrder
  readonly reason: string
}

export interface Proposal {
  readonly fields: readonly ProposedField[]
  /** The column that names the person, where one does. */
  readonly subject?: { readonly column: string; readonly reason: string }
}

/** Values that tell their meaning whatever the heading is, and the words for it. */
const telling: readonly (readonly [Semantic, (text: string) => boolean, string])[] = [
  ['email', isEmail, 'are e-mail addresses'],
  ['national_health_number', isNhsNumber, 'are ten digits with a valid modulus 11 check'],
  ['card_number', isCardNumber, 'are card numbers with a valid Luhn check'],
  ['national_identifier', isSocialSecurityNumber, 'are written like social security numbers'],
  ['national_identifier', isNationalInsuranceNumber, 'are written like national insurance numbers'],
  ['national_identifier', isSpanishIdentity, 'are Spanish identity numbers with a valid letter'],
  ['account_number', isIban, 'are IBANs with a valid check'],
  ['postcode', isUkPostcode, 'are written like UK postcodes'],
  ['postcode', isZipPlusFour, 'are written like ZIP+4 codes'],
  ['ip_address', isIpAddress, 'are IP addresses'],
  ['phone', isPhone, 'are written like phone numbers'],
]

/** Below this share a pattern is chance: one in eleven ten-digit numbers passes modulus 11, one in ten passes Luhn. */
const tellingShare = 0.8
const uniqueShare = 0.99
const sampleForUniqueness = 20
const codeCountMax = 50
const rowsPerCode = 10
const longText = 60

/** Digits in these are names and not numbers: nobody adds them up, and leading zeros count. */
const textSemantics: ReadonlySet<Semantic> = new Set([
  'account_number',
  'address',
  'card_number',
  'code',
  'identifier',
  'national_health_number',
  'national_identifier',
  'phone',
  'postcode',
])

export function proposeFields(rows: readonly SourceRecord[]): Proposal {
  const samples = sampleColumns(rows)
  const names = new Set<string>()
  const fields = samples.map((sample) => proposeField(sample, names))
  const subject = proposeSubject(samples, fields)
  return subject === undefined ? { fields } : { fields, subject }
}

function proposeField(sample: ColumnSample, names: Set<string>): ProposedField {
  const { column, values, missing } = sample
  const meaning = proposeSemantic(sample)
  const dated = meaning.semantic === 'date_of_birth' || meaning.semantic === 'event_date'
  const guess = guessType(values, dated)
  const asText = meaning.semantic !== undefined && textSemantics.has(meaning.semantic)
  const type: FieldType = asText ? 'string' : guess.type
  const typeReason = asText ? 'kept as text, since it is a name and no quantity' : guess.reason
  return {
    column,
    name: uniqueName(fieldNameOf(column), names),
    type,
    ...(meaning.semantic === undefined ? {} : { semantic: meaning.semantic }),
    sensitivity: meaning.sensitivity,
    nullable: missing > 0 || values.length === 0,
    ...(type !== 'date' || guess.dateOrder === undefined ? {} : { date_order: guess.dateOrder }),
    reason: `${capital(meaning.reason)}; ${typeReason}.`,
  }
}

interface Meaning {
  readonly semantic?: Semantic
  readonly sensitivity: Sensitivity
  readonly reason: string
}

function meant(semantic: Semantic, reason: string): Meaning {
  return { semantic, sensitivity: semantics[semantic], reason }
}

/** A telling value beats a vague heading; a particular heading beats the values, which may all be missing. */
function proposeSemantic({ column, values, distinct }: ColumnSample): Meaning {
  const headed = semanticOfHeading(column)
  const vague = headed === undefined || headed === 'identifier' || headed === 'code'
  if (!vague) return meant(headed, `the heading says ${words(headed)}`)
  for (const [semantic, passes, says] of telling) {
    const share = shareOf(values, passes)
    if (share >= tellingShare) return meant(semantic, `${percent(share)} of the values ${says}`)
  }
  if (headed === 'identifier') return meant('identifier', 'the heading says identifier')
  if (isUnique(values, distinct)) return meant('identifier', 'nearly every row has its own short value, so it points at one row or person')
  if (headed === 'code') return meant('code', 'the heading says code')
  const dates = guessType(values, false)
  if (dates.type === 'date' || dates.type === 'instant') return meant('event_date', 'the values are dates or times')
  if (distinct > 0 && distinct <= codeCountMax && values.length >= distinct * rowsPerCode) {
    return meant('code', `only ${distinct} different values in ${values.length} rows`)
  }
  if (shareOf(values, (value) => value.length > longText) > 0.2) return meant('free_text', 'many values are long texts, which may say anything of anybody')
  return { sensitivity: 'sensitive', reason: 'neither heading nor values tell what it is, so it is treated as sensitive' }
}

/** Measurements with decimals are nearly unique too, and texts of several words are no identifiers. */
function isUnique(values: readonly string[], distinct: number): boolean {
  if (values.length < sampleForUniqueness || distinct < values.length * uniqueShare) return false
  return values.every((value) => value.length <= 40 && /^[\p{L}\p{N}_:/-]+$/u.test(value) && /\d/.test(value)) && guessType(values, false).type !== 'date'
}

/** The rarest value wins: a person has one customer number, but a national number may be missing or mistyped. */
function proposeSubject(samples: readonly ColumnSample[], fields: readonly ProposedField[]): Proposal['subject'] {
  const candidates = samples.flatMap((sample, index) => {
    const semantic = fields[index]?.semantic
    if (semantic !== 'identifier' && semantic !== 'national_health_number' && semantic !== 'national_identifier') return []
    const complete = sample.missing === 0 && sample.values.length > 0
    const rank = (complete ? 4 : 0) + (namesPerson(sample.column) ? 2 : 0) + (semantic === 'identifier' ? 0 : 1)
    return [{ column: sample.column, complete, named: namesPerson(sample.column), national: semantic !== 'identifier', rank }]
  })
  const best = candidates.sort((a, b) => b.rank - a.rank)[0]
  if (!best?.complete) return undefined
  const why = best.named ? 'its heading names a person' : best.national ? 'it is a national number' : 'it is an identifier'
  return { column: best.column, reason: `Every row has a value here and ${why}.` }
}

/** A mapping that takes every column as proposed; a person edits it before it is used. */
export function proposeMapping(proposal: Proposal, recordType: string, subject: string): Mapping {
  const fields: Record<string, FieldMapping> = {}
  for (const { column, name, type, semantic, sensitivity, date_order, nullable } of proposal.fields) {
    fields[column] = { name, type, ...(semantic === undefined ? {} : { semantic }), sensitivity, ...(date_order === undefined ? {} : { date_order }), nullable }
  }
  return { record_type: recordType, subject, fields }
}

function uniqueName(wanted: string, taken: Set<string>): string {
  let name = wanted
  for (let i = 2; taken.has(name); i++) name = `${wanted.slice(0, 58)}_${i}`
  taken.add(name)
  return name
}

function words(semantic: Semantic): string {
  return semantic.replaceAll('_', ' ')
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
