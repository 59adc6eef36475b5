/**
 * Writing a model in TypeScript. Every function here gives plain JSON members; `defineModel` puts them together, fills in the
 * canonical form of each column and checks everything that can be checked without data.
 */
import type { z } from 'zod'
import { levelsOf } from '../compare/levels.ts'
import { LinkageError } from './error.ts'
import {
  type Comparison,
  type ComparisonKind,
  type Forbid,
  type Form,
  type FormName,
  forbidSchema,
  type Model,
  modelSchema,
  patternCountMax,
  type Rule,
  type Term,
  termName,
} from './schema.ts'

/** A comparison with the canonical forms its columns are read in. */
export interface Defined {
  readonly comparison: Comparison
  readonly forms: Readonly<Record<string, Form>>
}

export interface CompareOptions {
  readonly name?: string
  readonly termFrequency?: boolean
  /** Two present values that differ forbid the link, whatever else agrees. */
  readonly conflict?: 'forbid'
  readonly bands?: readonly number[]
}

const formOf: Readonly<Record<ComparisonKind, FormName>> = {
  address: 'address',
  clk: 'clk',
  dateOfBirth: 'date',
  email: 'email',
  exact: 'text',
  geo: 'number',
  identifier: 'identifier',
  name: 'name',
  nhsNumber: 'nhs_number',
  number: 'number',
  phone: 'phone',
  postcode: 'postcode',
  set: 'set',
  text: 'text',
  token: 'token',
}

function compare(
  kind: ComparisonKind,
  columns: string[],
  options: CompareOptions,
  frequencyDefault: boolean,
  more: Partial<Form> & { swap?: 'counts' | 'yields' } = {},
): Defined {
  const { swap, ...form } = more
  const { name = columns[0] ?? kind, termFrequency = frequencyDefault, conflict, bands } = options
  return {
    comparison: {
      name,
      kind,
      columns,
      termFrequency,
      ...(swap === undefined ? {} : { swap }),
      ...(conflict === undefined ? {} : { conflict }),
      ...(bands === undefined ? {} : { bands: [...bands] }),
    },
    forms: Object.fromEntries(columns.map((column) => [column, { form: formOf[kind], version: 1 as const, ...form }])),
  }
}

/** One name: same, nearly the same, a short form ("Bob" for "Robert"), alike, an initial. Frequent names weigh less. */
export const name = (column: string, options: CompareOptions = {}): Defined => compare('name', [column], options, true)

/** Forename and surname, which may stand in each other's place. Two comparisons, so spread it: `...fullName('first', 'last')`. */
export function fullName(forename: string, surname: string, options: Omit<CompareOptions, 'name' | 'bands'> = {}): [Defined, Defined] {
  return [compare('name', [forename, surname], options, true, { swap: 'counts' }), compare('name', [surname, forename], options, true, { swap: 'yields' })]
}

export const dateOfBirth = (column: string, options: CompareOptions & { order?: 'dmy' | 'mdy' | 'ymd' } = {}): Defined =>
  compare('dateOfBirth', [column], options, false, options.order === undefined ? {} : { order: options.order })
export const postcode = (column: string, options: CompareOptions = {}): Defined => compare('postcode', [column], options, false)
export const email = (column: string, options: CompareOptions = {}): Defined => compare('email', [column], options, false)
export const phone = (column: string, options: CompareOptions & { callingCode?: string } = {}): Defined =>
  compare('phone', [column], options, false, options.callingCode === undefined ? {} : { callingCode: options.callingCode })
/** A number with a check digit: what fails the check is no value, so two that differ are two people or a slip that cannot be told. */
export const nhsNumber = (column: string, options: CompareOptions = {}): Defined => compare('nhsNumber', [column], options, false)
/** Any other number given to one person, where slips happen unnoticed. */
export const identifier = (column: string, options: CompareOptions = {}): Defined => compare('identifier', [column], options, false)
export const exact = (column: string, options: CompareOptions = {}): Defined => compare('exact', [column], options, false)
/** Text with slips: a city, an employer. */
export const text = (column: string, options: CompareOptions = {}): Defined => compare('text', [column], options, true)
export const address = (column: string, options: CompareOptions = {}): Defined => compare('address', [column], options, true)
/** Latitude and longitude in degrees; bands in kilometres. */
export const geo = (latitude: string, longitude: string, options: CompareOptions = {}): Defined => compare('geo', [latitude, longitude], options, false)
/** Bands are differences. */
export const number = (column: string, options: CompareOptions = {}): Defined => compare('number', [column], options, false)
/** Several elements in one value; bands are shares of the elements that both have. */
export const set = (column: string, options: CompareOptions & { separator?: string } = {}): Defined =>
  compare('set', [column], options, false, options.separator === undefined ? {} : { separator: options.separator })

/** A pseudonym made elsewhere: same or different. */
export const token = (column: string, options: CompareOptions = {}): Defined => compare('token', [column], options, false)

/** A Bloom-filter encoding made elsewhere; bands are Dice coefficients. Block it with `...sampled(column)`. */
export const clk = (column: string, options: CompareOptions = {}): Defined => compare('clk', [column], options, false)

type TermGiven = string | Term

/** A blocking rule: records that agree on all terms are looked at. */
export function on(...terms: readonly TermGiven[]): Rule {
  const full = terms.map((term): Term => (typeof term === 'string' ? { column: term, take: 'whole' } : term))
  return { name: full.map(termName).join(' + '), terms: full }
}
export const prefix = (column: string, length: number): Term => ({ column, take: 'prefix', length })
export const suffix = (column: string, length: number): Term => ({ column, take: 'suffix', length })
/** How a name sounds (Soundex). */
export const sound = (column: string): Term => ({ column, take: 'sound' })
/** The year of a date. */
export const year = (column: string): Term => ({ column, take: 'year' })

/** Rules for encodings: each looks at other places of the filter, so that alike filters meet in one of them (locality-sensitive hashing). */
export function sampled(column: string, rules = 20, places = 16): Rule[] {
  return Array.from({ length: rules }, (_, sample) => ({
    name: `${places} bits of ${column}, sample ${sample + 1}`,
    terms: [{ column, take: 'bits' as const, length: places, sample }],
  }))
}

/**
 * Forbids links whose comparisons stand at the listed levels: `forbid('same-name relatives', { surname: ['same'], dob: ['same'],
 * first_name: ['different'] })`.
 */
export function forbid(ruleName: string, when: Readonly<Record<string, readonly string[]>>): Forbid {
  return forbidSchema.parse({ name: ruleName, when: Object.entries(when).map(([comparison, levels]) => ({ comparison, levels })) })
}

export interface ModelDefinition {
  readonly link: Model['link']
  readonly compare: readonly Defined[]
  readonly block: readonly Rule[]
  readonly forbid?: readonly Forbid[]
  /** Forms of columns that only rules look at, or other forms than a comparison's own. */
  readonly columns?: Readonly<Record<string, FormName | Partial<Form>>>
  readonly pairCap?: number
}

/** @throws LinkageError with a name for what is wrong */
export function defineModel(definition: ModelDefinition): Model {
  const columns: Record<string, Form> = {}
  for (const [column, given] of Object.entries(definition.columns ?? {})) {
    columns[column] = { form: 'text', version: 1, ...(typeof given === 'string' ? { form: given } : given) }
  }
  for (const { forms, comparison } of definition.compare) {
    for (const [column, form] of Object.entries(forms)) {
      const known = columns[column]
      if (known !== undefined && known.form !== form.form && definition.columns?.[column] === undefined) {
        throw new LinkageError(
          'bad_model',
          `the comparison "${comparison.name}" reads the column "${column}" as ${form.form}, an earlier one as ${known.form}; say which under columns`,
        )
      }
      columns[column] = known ?? form
    }
  }
  const { link, compare: defined, block, forbid: forbidden = [], pairCap } = definition
  return parseModel({ link, columns, compare: defined.map((each) => each.comparison), block, forbid: forbidden, ...(pairCap === undefined ? {} : { pairCap }) })
}

/** Reads a model from JSON. @throws LinkageError `bad_model` with the place of each fault, or another name */
export function parseModel(json: unknown): Model {
  const parsed = modelSchema.safeParse(json)
  if (!parsed.success)
    throw new LinkageError('bad_model', parsed.error.issues.map((issue: z.core.$ZodIssue) => `/${issue.path.join('/')}: ${issue.message}`).join('; '))
  const model = { ...parsed.data, columns: formsOf(parsed.data) }
  checkNames(model)
  for (const rule of model.forbid) for (const { comparison, levels } of rule.when) checkLevels(model, rule.name, comparison, levels)
  const patterns = model.compare.reduce((product, comparison) => product * levelsOf(comparison).length, 1)
  if (patterns > patternCountMax) {
    throw new LinkageError(
      'too_many_patterns',
      `the comparisons' levels make ${patterns} patterns and the most is ${patternCountMax}; leave a comparison out or give one fewer bands`,
    )
  }
  checkTraining(model)
  return model
}

/** Every column's form: as it is given, or the own one of the comparison that reads it, or text. */
function formsOf({ columns, compare: comparisons, block }: Model): Model['columns'] {
  const full = { ...columns }
  for (const { columns: read, kind } of comparisons) for (const column of read) full[column] ??= { form: formOf[kind], version: 1 }
  for (const { column, take } of block.flatMap((rule) => rule.terms)) full[column] ??= { form: take === 'bits' ? 'clk' : 'text', version: 1 }
  return full
}

function checkNames(model: Model): void {
  const seen = new Set<string>()
  for (const { name: each, columns, kind, swap } of model.compare) {
    if (seen.has(each)) throw new LinkageError('bad_model', `two comparisons have the name "${each}"; give each its own`)
    seen.add(each)
    const needed = kind === 'geo' || swap !== undefined ? 2 : 1
    if (columns.length !== needed) throw new LinkageError('bad_model', `the comparison "${each}" needs ${needed === 1 ? 'one column' : 'two columns'}`)
  }
}

function checkLevels(model: Model, rule: string, comparisonName: string, levels: readonly string[]): void {
  const comparison = model.compare.find((each) => each.name === comparisonName)
  if (comparison === undefined) {
    throw new LinkageError(
      'unknown_comparison',
      `the conflict rule "${rule}" names "${comparisonName}"; the comparisons are ${model.compare.map((each) => each.name).join(', ')}`,
    )
  }
  const known = levelsOf(comparison).map((level) => level.label)
  for (const level of levels) {
    if (!known.includes(level))
      throw new LinkageError(
        'unknown_level',
        `the conflict rule "${rule}" names the level "${level}" of "${comparisonName}"; its levels are ${known.join(', ')}`,
      )
  }
}

function checkTraining({ compare: comparisons, training }: Model): void {
  if (training === undefined) return
  for (const [index, comparison] of comparisons.entries()) {
    const count = levelsOf(comparison).length
    if (training.m[index]?.length !== count || training.u[index]?.length !== count) {
      throw new LinkageError('bad_model', `the training does not fit the comparison "${comparison.name}", which has ${count} levels; train the model anew`)
    }
  }
}
