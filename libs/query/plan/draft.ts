/** A first plan for tables of the catalogue, for a person to correct: what people are told by, what is told of them, and a treatment. */
import type { FormName } from '@gatehouse/linkage/model/schema'
import type { Field, Semantic } from '@gatehouse/tabular/field'
import type { PlanElement, QueryPlanInput } from './schema.ts'
import { leastRole, type PlanColumn, type PlanTable } from './table.ts'

type DraftElement = QueryPlanInput['elements'][number]
type DraftKey = NonNullable<QueryPlanInput['linkage']>['keys'][number]

const formOf: Partial<Record<Semantic, FormName>> = {
  national_health_number: 'nhs_number',
  national_identifier: 'identifier',
  identifier: 'identifier',
  given_name: 'name',
  family_name: 'name',
  full_name: 'name',
  date_of_birth: 'date',
  postcode: 'postcode',
  email: 'email',
  phone: 'phone',
}

/** Each pass alone tells most people apart; the surest stands first. */
const passes: readonly (readonly Semantic[])[] = [
  ['national_health_number'],
  ['national_identifier'],
  ['family_name', 'given_name', 'date_of_birth'],
  ['full_name', 'date_of_birth'],
  ['date_of_birth', 'postcode', 'family_name'],
  ['email'],
  ['identifier'],
]

/** @param tables by the name that the plan is to give the source */
export function draftPlan(tables: ReadonlyMap<string, PlanTable>, title: string): QueryPlanInput {
  const used = new Set<string>()
  const elements = [...tables].flatMap(([source, table]) =>
    table.columns.filter((column) => leastRole(column) !== 'identifying').map((column) => elementOf(source, column, nameFor(column.field.name, source, used))),
  )
  const linkage = linkageOf(tables)
  const treated = elements.some(({ role }) => role === 'quasi')
  return {
    version: 1,
    form: 'anonymised',
    sources: [...tables].map(([as, { reference }]) => ({ as, table: reference })),
    elements,
    ...(linkage === undefined ? {} : { linkage }),
    ...(treated ? { treatment: { models: [{ model: 'k_anonymity', k: 5 }], suppression_limit: 0.02 } } : {}),
    output: { title },
  }
}

function nameFor(column: string, source: string, used: Set<string>): string {
  const name = used.has(column) ? `${source}_${column}`.slice(0, 63) : column
  used.add(name)
  return name
}

function elementOf(source: string, column: PlanColumn, name: string): DraftElement {
  const { field, weightHint } = column
  const role: PlanElement['role'] = leastRole(column)
  const hierarchy = role === 'quasi' ? hierarchyOf(field) : undefined
  return {
    name,
    source,
    column: field.name,
    role,
    ...(hierarchy === undefined ? {} : { hierarchy }),
    ...(role === 'quasi' && weightHint !== undefined ? { weight: weightHint } : {}),
  }
}

/** Ages and years by five, ten and thirty; a range that nobody has looked at is for a person to set. */
function hierarchyOf({ type, semantic }: Field): DraftElement['hierarchy'] {
  if (type === 'date') return { kind: 'date', spans: ['month', 'year', 'decade'] }
  if (type === 'integer' || type === 'number') return { kind: 'interval', widths: [5, 10, 30] }
  return semantic === 'postcode' ? { kind: 'mask', from: 'right' } : undefined
}

/** Keys that every source has, in the passes that they make whole. */
function linkageOf(tables: ReadonlyMap<string, PlanTable>): QueryPlanInput['linkage'] {
  const keyOf = (semantic: Semantic): DraftKey | undefined => {
    const form = formOf[semantic]
    const columns = [...tables].map(([source, table]) => [source, table.columns.find(({ field }) => field.semantic === semantic)?.field.name] as const)
    if (form === undefined || columns.some(([, column]) => column === undefined)) return undefined
    return { name: semantic, form, columns: Object.fromEntries(columns) as Record<string, string> }
  }
  const whole = passes.filter((pass) => pass.every((semantic) => keyOf(semantic) !== undefined))
  if (whole.length === 0) return undefined
  const keys = [...new Set(whole.flat())].flatMap((semantic) => keyOf(semantic) ?? [])
  return { keys, method: { kind: 'deterministic', passes: whole.map((pass) => [...pass]) } }
}
