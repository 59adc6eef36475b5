/**
 * A policy is one JSON document in ODRL's words. The profile is closed: whatever the engine cannot evaluate has no place in
 * these schemas, so it is refused when the policy is saved and never ignored when it is asked.
 */
import { instantSchema, slugSchema } from '@gatehouse/core/schema'
import { z } from 'zod'
import { actionNames } from './actions.ts'
import { legalBasis, restsOnConsent } from './bases.ts'
import { durationSeconds } from './duration.ts'

export const profileIri = 'urn:gatehouse:odrl:v1'

export const limits = {
  rulesMax: 200,
  fieldsMax: 500,
  purposesMax: 50,
  /** Constraints of one list; groups nest at most `groupDepthMax` deep. */
  constraintsMax: 30,
  groupDepthMax: 4,
  dutiesMax: 10,
  listMax: 300,
  ttlSecondsMax: 86_400,
} as const

/** The name of a field of a record type. Starts with a letter, so that it is never a name JavaScript reserves. */
export const fieldNameSchema = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9_.-]{0,127}$/, 'a field name starts with a letter and has letters, digits, "_", "-" and "."')

const title = z.string().trim().min(1).max(200)
/** A slug, or a UUID: the id of a partner. `*` stands for every partner. */
const partyName = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}$/, 'name a partner by its id')
const party = z.union([z.literal('*'), partyName], { error: 'name a partner by its id, or "*" for every partner' })
/** A table of the catalogue: its source's name and its own. What is said of one is an offer to projects. */
const table = z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}\.[a-z0-9][a-z0-9_-]{0,62}$/)
const dataClass = z.union([slugSchema, table], { error: 'a record type by its name, or a table of the catalogue as source.table' })
/** What a query tells of whom: the person; a pseudonym of the project; nobody. */
export const resultForms = ['identifiable', 'pseudonymised', 'anonymised'] as const
export type ResultForm = (typeof resultForms)[number]
const resultForm = z.enum(resultForms)
/** How a query finds the people of several tables again: not at all, by equal keys, by evidence, or between nodes by what none of them keeps. */
export const linkages = ['none', 'deterministic', 'probabilistic', 'encoded', 'session'] as const
export type Linkage = (typeof linkages)[number]
const linkage = z.enum(linkages)
/** What a partner is to the institution now, by which alone it is told whether it may be given something. */
export const standings = ['active', 'suspended', 'expired', 'sanctioned', 'retired'] as const
export type Standing = (typeof standings)[number]
const standing = z.enum(standings)
const purposeTerm = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_:-]{0,127}$/, 'name a purpose by its term, such as dpv:LegalCompliance or loan_application')
const purposes = z.array(purposeTerm).min(1).max(limits.purposesMax)
const duration = z
  .string()
  .refine((text) => durationSeconds(text) !== undefined, 'use a duration of fixed length such as PT12H, P30D or P2W; months and years vary')
const ttl = z.int().min(1).max(limits.ttlSecondsMax)

/** What this library knows of a mask: its kind. The rest is checked by the validator that the caller brings. */
export const maskSchema = z.looseObject({ mask: z.string().min(1).max(63) })
export type Mask = Readonly<z.infer<typeof maskSchema>>

export const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const
const weekday = z.enum(weekdays)
/** ISO 3166-1 alpha-2, or a subdivision of ISO 3166-2. */
const place = z.string().regex(/^[A-Z]{2}(-[A-Z0-9]{1,3})?$/, 'name a place by ISO 3166, such as DE or GB-SCT')
const clock = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'a time of day is HH:MM in UTC, such as 08:30')

const equal = ['eq', 'neq'] as const
const order = ['lt', 'lteq', 'gt', 'gteq'] as const
const list = <T extends z.ZodType>(item: T) => z.array(item).min(1).max(limits.listMax)
const condition = <Operand extends string, const Operators extends readonly [string, ...string[]], Right extends z.ZodType>(
  operand: Operand,
  operators: Operators,
  right: Right,
) => z.strictObject({ leftOperand: z.literal(operand), operator: z.enum(operators), rightOperand: right })

/** Operand by operand: which operators it takes, and what stands on the right of them. */
const conditions = [
  condition('dateTime', [...equal, ...order], instantSchema),
  condition('timeOfDay', order, clock),
  condition('dayOfWeek', equal, weekday),
  condition('dayOfWeek', ['isAnyOf'], list(weekday)),
  condition('elapsedTime', order, duration),
  condition('purpose', [...equal, 'isA'], purposeTerm),
  condition('purpose', ['isAnyOf'], list(purposeTerm)),
  condition('recipient', equal, partyName),
  condition('recipient', ['isAnyOf'], list(partyName)),
  condition('spatial', [...equal, 'isA'], place),
  condition('spatial', ['isAnyOf'], list(place)),
  condition('resultForm', equal, resultForm),
  condition('resultForm', ['isAnyOf'], list(resultForm)),
  condition('linkage', equal, linkage),
  condition('linkage', ['isAnyOf'], list(linkage)),
  condition('standing', equal, standing),
  condition('standing', ['isAnyOf'], list(standing)),
  condition('count', ['lt', 'lteq'], z.int().min(1).max(1_000_000_000)).extend({
    /** The sliding time the acts are counted in; without it all acts count. */
    window: duration.optional(),
    /** What is counted: the acts of this partner under this rule, all of them or those on the same person. */
    per: z.enum(['rule', 'subject']).default('rule'),
  }),
] as const

export type Condition = z.infer<(typeof conditions)[number]>
export type OperandName = Condition['leftOperand']
export type OperatorName = Condition['operator']

/** Operator by operand as the messages list them. */
export const operandOperators: ReadonlyMap<string, readonly string[]> = operatorsByOperand()

function operatorsByOperand(): Map<string, string[]> {
  const found = new Map<string, string[]>()
  for (const { shape } of conditions) {
    const operand = shape.leftOperand.value
    found.set(operand, [...(found.get(operand) ?? []), ...shape.operator.options])
  }
  return found
}

export type Constraint = Condition | { readonly and: readonly Constraint[] } | { readonly or: readonly Constraint[] }

export const conditionSchema = z.unknown().transform((value, context): Condition => {
  const { leftOperand, operator } = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>
  const fault = (path: string[], message: string) => {
    context.addIssue({ code: 'custom', path, message })
    return z.NEVER
  }
  const operators = operandOperators.get(String(leftOperand))
  if (operators === undefined) return fault(['leftOperand'], `the engine cannot evaluate this operand; use one of ${[...operandOperators.keys()].join(', ')}`)
  const schema = conditions.find(({ shape }) => shape.leftOperand.value === leftOperand && (shape.operator.options as readonly unknown[]).includes(operator))
  if (schema === undefined) return fault(['operator'], `${String(leftOperand)} takes ${operators.join(', ')}`)
  const read = schema.safeParse(value)
  if (read.success) return read.data
  for (const issue of read.error.issues) context.addIssue({ code: 'custom', path: issue.path, message: issueText(issue) })
  return z.NEVER
})

/** Zod's own words for an unknown member do not say where; this does. */
export function issueText(issue: { readonly code: string; readonly message: string; readonly keys?: readonly string[] }): string {
  return issue.code === 'unrecognized_keys'
    ? `unknown member ${issue.keys?.map((key) => JSON.stringify(key)).join(', ')}; remove it or correct its name`
    : issue.message
}

const group = (member: string, value: unknown) => typeof value === 'object' && value !== null && Object.hasOwn(value, member)

/** A group is chosen by its member, not by trying all forms, so that a fault is reported where it is. */
function constraintSchema(depth: number): z.ZodType<Constraint> {
  const members = z.lazy(() =>
    z
      .array(constraintSchema(depth + 1))
      .min(1)
      .max(limits.constraintsMax),
  )
  const and = z.strictObject({ and: members })
  const or = z.strictObject({ or: members })
  return z.unknown().transform((value, context): Constraint => {
    const schema = group('and', value) ? and : group('or', value) ? or : conditionSchema
    if (schema !== conditionSchema && depth > limits.groupDepthMax) {
      context.addIssue({ code: 'custom', message: `groups nest at most ${limits.groupDepthMax} deep; flatten this one` })
      return z.NEVER
    }
    const read = schema.safeParse(value)
    if (read.success) return read.data
    for (const issue of read.error.issues) context.addIssue({ code: 'custom', path: issue.path, message: issueText(issue) })
    return z.NEVER
  })
}

const constraints = z.array(constraintSchema(1)).min(1).max(limits.constraintsMax).optional()

/** What must be done after or beside the act. The engine hands duties on; whoever acts carries them out and says so. */
const duty = z.discriminatedUnion('action', [
  z.strictObject({ action: z.literal('log') }),
  z.strictObject({ action: z.literal('delete'), after: duration }),
  z.strictObject({ action: z.literal('inform'), party: z.enum(['subject', 'controller', 'authority']), within: duration.optional() }),
])
export type Duty = z.infer<typeof duty>
const duties = z.array(duty).min(1).max(limits.dutiesMax).optional()

const basis = z
  .strictObject({
    basis: z.string().refine((term) => legalBasis(term) !== undefined, 'name a legal basis by its DPV term, such as dpv:Consent or eu-gdpr:A6-1-c'),
    /** The law, contract or interest relied on, as the person is shown it. */
    law: z.string().trim().min(1).max(500).optional(),
  })
  .refine((value) => value.law !== undefined || restsOnConsent(value.basis), {
    path: ['law'],
    message: 'a basis other than consent names the law, contract or interest it rests on; it is shown to the person',
  })

const permission = z.strictObject({
  uid: slugSchema,
  title: title.optional(),
  action: z.enum(actionNames),
  target: dataClass,
  purpose: purposes,
  legal_basis: basis,
  fields: z
    .record(fieldNameSchema, maskSchema)
    .refine((fields) => Object.keys(fields).length > 0, 'name at least one field; a field without a rule is dropped')
    .refine((fields) => Object.keys(fields).length <= limits.fieldsMax, `name at most ${limits.fieldsMax} fields`),
  constraint: constraints,
  duty: duties,
  token_ttl_max_seconds: ttl.optional(),
})
export type Permission = Readonly<z.infer<typeof permission>>

const prohibition = z.strictObject({
  uid: slugSchema,
  title: title.optional(),
  action: z.union([z.literal('*'), z.enum(actionNames)]),
  target: z.union([z.literal('*'), dataClass]),
  /** Any of these purposes, or a narrower or broader one. Without it: whatever the purpose. */
  purpose: purposes.optional(),
  /** Only these fields are withheld. Without it the act itself is refused. */
  fields: z.array(fieldNameSchema).min(1).max(limits.fieldsMax).optional(),
  constraint: constraints,
})
export type Prohibition = Readonly<z.infer<typeof prohibition>>

export const policySchema = z.strictObject({
  uid: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,127}$/, 'a policy is named by a slug or a UUID'),
  type: z.literal('Set'),
  profile: z.literal(profileIri),
  title,
  assigner: partyName.optional(),
  assignee: party,
  /** The longest life of a token issued under any rule; a rule may set a shorter one. */
  token_ttl_max_seconds: ttl.optional(),
  permission: z.array(permission).max(limits.rulesMax).default([]),
  prohibition: z.array(prohibition).max(limits.rulesMax).default([]),
})
export type Policy = Readonly<z.infer<typeof policySchema>>
