/**
 * A model is plain JSON: what to compare, where to look for pairs, what must never be linked and, once trained, how much each
 * level of agreement weighs. It holds no value of any person.
 */
import { z } from 'zod'

export const modelFormat = 'gatehouse-linkage-model/1'

/** Named limits: what a model may ask for. */
export const comparisonCountMax = 24
export const ruleCountMax = 32
export const termCountMax = 8
export const pairCapDefault = 200_000_000
/** Patterns are 32-bit numbers, so the product of all level counts stays below this. */
export const patternCountMax = 2 ** 31

/** Canonical forms; see normalize/. */
export const forms = ['address', 'clk', 'date', 'email', 'identifier', 'name', 'nhs_number', 'number', 'phone', 'postcode', 'set', 'text', 'token'] as const
export type FormName = (typeof forms)[number]

const columnName = z.string().min(1).max(200)

/** How a column's values are brought into one canonical form before anything is compared. */
export const formSchema = z.strictObject({
  form: z.enum(forms),
  version: z.literal(1).default(1),
  /** Dates: the order of numbers in dates that are not ISO 8601. */
  order: z.enum(['dmy', 'mdy', 'ymd']).optional(),
  /** Phones: the calling code that national numbers belong to. */
  callingCode: z
    .string()
    .regex(/^[1-9]\d{0,2}$/)
    .optional(),
  /** Sets: what stands between the elements. */
  separator: z.string().min(1).max(4).optional(),
})
export type Form = z.infer<typeof formSchema>

export const comparisonKinds = [
  'address',
  'clk',
  'dateOfBirth',
  'email',
  'exact',
  'geo',
  'identifier',
  'name',
  'nhsNumber',
  'number',
  'phone',
  'postcode',
  'set',
  'text',
  'token',
] as const
export type ComparisonKind = (typeof comparisonKinds)[number]

const comparisonObject = z.strictObject({
  /** Unique in the model; the first column's name unless given. */
  name: z.string().min(1).max(200).optional(),
  kind: z.enum(comparisonKinds),
  /** One column; two for `geo` (latitude, longitude) and for a `name` that may stand in another column's place. */
  columns: z.array(columnName).min(1).max(2),
  /**
   * Forename and surname in each other's place: the comparison that counts has a level for it, the one that yields then stands at
   * "missing", so that one exchange is counted once.
   */
  swap: z.enum(['counts', 'yields']).optional(),
  /** Rare values that agree weigh more than common ones; so it is for names, text and addresses unless it is said here. */
  termFrequency: z.boolean().optional(),
  /** Two present values at the last level forbid the link. */
  conflict: z.literal('forbid').optional(),
  /** Where the kind has bands: similarities, kilometres or differences, from the strongest to the weakest. */
  bands: z.array(z.number().nonnegative()).min(1).max(6).optional(),
})

/** Kinds whose values some people share by chance, some more often than others. */
const frequentKinds: ReadonlySet<ComparisonKind> = new Set(['address', 'name', 'text'])

export const comparisonSchema = comparisonObject.transform((given) => ({
  ...given,
  name: given.name ?? given.columns[0] ?? given.kind,
  termFrequency: given.termFrequency ?? frequentKinds.has(given.kind),
}))
export type Comparison = z.infer<typeof comparisonSchema>

/** What of a column's canonical value a rule looks at. */
const termObject = z.strictObject({
  column: columnName,
  take: z.enum(['whole', 'prefix', 'suffix', 'sound', 'year', 'bits']).default('whole'),
  /** Characters of a prefix or suffix; places of `bits`. */
  length: z.number().int().min(1).max(32).optional(),
  /** `bits`: which sample of places, so that several rules look at different ones. */
  sample: z.number().int().min(0).max(1_000).optional(),
})
/** A column's name by itself means its whole value. */
export const termSchema = z.preprocess((given) => (typeof given === 'string' ? { column: given } : given), termObject)
export type Term = z.infer<typeof termSchema>

export function termName({ column, take, length }: Term): string {
  if (take === 'whole') return column
  return length === undefined ? `${take} of ${column}` : `${take} ${length} of ${column}`
}

/** Two records are looked at when they agree on every term. A missing value agrees with nothing. */
const ruleObject = z.strictObject({ name: z.string().min(1).max(200).optional(), terms: z.array(termSchema).min(1).max(termCountMax) })
/** A list of terms by itself is a rule named after them. */
export const ruleSchema = z
  .preprocess((given) => (Array.isArray(given) ? { terms: given } : given), ruleObject)
  .transform((given) => ({ ...given, name: given.name ?? given.terms.map(termName).join(' + ') }))
export type Rule = z.infer<typeof ruleSchema>

/** A link is forbidden where every named comparison stands at one of the listed levels, given as a list or as `{ comparison: levels }`. */
export const forbidSchema = z.strictObject({
  name: z.string().min(1).max(200),
  when: z.preprocess(whenList, z.array(z.strictObject({ comparison: z.string(), levels: z.array(z.string()).min(1) })).min(1)),
})

function whenList(given: unknown): unknown {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) return given
  return Object.entries(given).map(([comparison, levels]) => ({ comparison, levels }))
}
export type Forbid = z.infer<typeof forbidSchema>

/** m and u per level of each comparison, in the comparisons' order. Level 0, "missing", carries how often that is but no weight. */
export const trainingSchema = z.strictObject({
  /** Probability that two records picked at random belong to one person. */
  prior: z.number().gt(0).lt(1),
  m: z.array(z.array(z.number().min(0).max(1))),
  u: z.array(z.array(z.number().min(0).max(1))),
  seed: z.number().int(),
  iterations: z.number().int().nonnegative(),
  warnings: z.array(z.string()),
  /** Measured on labels: weights in bits, rising, with the probability found there. */
  calibration: z.strictObject({ weight: z.array(z.number()), probability: z.array(z.number()) }).optional(),
})
export type Training = z.infer<typeof trainingSchema>

/** `{ kind: 'fullName', columns: [forename, surname] }` stands for the two comparisons that know each other. */
function withFullNames(given: unknown): unknown {
  if (!Array.isArray(given)) return given
  return given.flatMap((comparison: unknown) => {
    if (typeof comparison !== 'object' || comparison === null || !('kind' in comparison) || comparison.kind !== 'fullName') return [comparison]
    const columns = 'columns' in comparison && Array.isArray(comparison.columns) ? comparison.columns : []
    return [
      { ...comparison, kind: 'name', swap: 'counts' },
      { ...comparison, kind: 'name', swap: 'yields', columns: columns.toReversed() },
    ]
  })
}

export const modelSchema = z.strictObject({
  format: z.literal(modelFormat).default(modelFormat),
  /** Within one source, between sources, or both. */
  link: z.enum(['dedupe', 'link', 'both']),
  /** Columns that are not named here are read in their comparison's own form. */
  columns: z.record(columnName, formSchema).default({}),
  compare: z.preprocess(withFullNames, z.array(comparisonSchema).min(1).max(comparisonCountMax)),
  block: z.array(ruleSchema).min(1).max(ruleCountMax),
  forbid: z.array(forbidSchema).default([]),
  pairCap: z.number().int().positive().default(pairCapDefault),
  training: trainingSchema.optional(),
})
export type Model = z.infer<typeof modelSchema>

export interface TrainedModel extends Model {
  readonly training: Training
}
