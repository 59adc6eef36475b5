/** A query plan as the forms see it, and what the forms do to it. The node reads it for good; here it is only taken apart and put together. */
import { isObject } from '../../../ui/json/document.ts'
import type { Predicate } from './predicate.ts'

export const forms = ['anonymised', 'pseudonymised', 'identifiable'] as const
export type Form = (typeof forms)[number]
export const roles = ['quasi', 'sensitive', 'insensitive', 'identifying'] as const
export type Role = (typeof roles)[number]
export const formats = ['csv', 'json', 'ndjson', 'parquet'] as const
export const reductions = ['first', 'last', 'min', 'max', 'mean', 'sum', 'count', 'any'] as const
export const linkForms = ['identifier', 'name', 'date', 'postcode', 'phone', 'email', 'address', 'nhs_number', 'number', 'text', 'set', 'token', 'clk'] as const

export interface PlanSource {
  readonly as: string
  readonly table: string
  readonly where?: Predicate
  readonly rows_max?: number
}

export interface Hierarchy {
  readonly kind: string
  readonly [parameter: string]: unknown
}

export interface Element {
  readonly name: string
  readonly source: string
  readonly column: string
  readonly role: Role
  readonly type?: string
  readonly weight?: number
  readonly reduce?: (typeof reductions)[number]
  readonly hierarchy?: Hierarchy
  readonly mask?: Readonly<Record<string, unknown>>
}

export interface Preparation {
  readonly do: 'require' | 'range' | 'rename' | 'code' | 'convert' | 'normalise'
  readonly column: string
  readonly [parameter: string]: unknown
}

export interface LinkKey {
  readonly name: string
  readonly form: (typeof linkForms)[number]
  readonly columns: Readonly<Record<string, string>>
}

export interface Linkage {
  readonly keys: readonly LinkKey[]
  readonly method:
    | { readonly kind: 'deterministic' | 'session'; readonly passes: readonly (readonly string[])[] }
    | { readonly kind: 'probabilistic'; readonly threshold?: number; readonly review_from?: number; readonly seed?: number }
    | { readonly kind: 'encoded'; readonly unit: string; readonly threshold?: number; readonly keys_min?: number }
  readonly keep?: 'everybody' | 'linked' | 'first'
}

export interface Model {
  readonly model: string
  readonly [parameter: string]: unknown
}

export interface Treatment {
  readonly models: readonly Model[]
  readonly suppression_limit?: number
  readonly risk?: { readonly threshold?: number }
  readonly [more: string]: unknown
}

export interface Aggregation {
  readonly by: readonly string[]
  readonly measures?: readonly { readonly kind: 'count' | 'sum' | 'mean'; readonly of?: string }[]
  readonly profile?: string
  readonly noise?: { readonly epsilon: number }
}

export interface Output {
  readonly title: string
  readonly formats?: readonly string[]
  readonly expires_days?: number
  readonly source?: { readonly floor?: number }
}

export interface Plan {
  readonly version: 1
  readonly form: Form
  readonly sources: readonly PlanSource[]
  readonly prepare?: Readonly<Record<string, readonly Preparation[]>>
  readonly elements: readonly Element[]
  readonly linkage?: Linkage
  readonly cohort?: Predicate
  readonly treatment?: Treatment
  readonly aggregation?: Aggregation
  readonly output: Output
}

/** What the builder knows of a column of the catalogue. */
export interface KnownColumn {
  readonly name: string
  readonly type: string
  readonly semantic: string | null
  readonly identifier_role: string
  readonly weight_hint: number | null
}

const isText = (value: unknown): value is string => typeof value === 'string'
const isListOf = (value: unknown, ...texts: readonly string[]) =>
  Array.isArray(value) && value.every((one) => isObject(one) && texts.every((name) => isText(one[name])))

/** The plan, where it has the form that the forms can show; whatever else it holds stays in it. */
export function asPlan(value: unknown): Plan | undefined {
  if (!isObject(value) || !isText(value.form) || !isObject(value.output)) return undefined
  if (!isListOf(value.sources, 'as', 'table') || !isListOf(value.elements, 'name', 'source', 'column', 'role')) return undefined
  const { prepare = {}, linkage, treatment, aggregation, cohort } = value
  if (!isObject(prepare) || !Object.values(prepare).every((steps) => isListOf(steps, 'do', 'column'))) return undefined
  if (linkage !== undefined && !(isObject(linkage) && isListOf(linkage.keys, 'name', 'form') && isObject(linkage.method) && hasColumns(linkage.keys)))
    return undefined
  if (
    linkage !== undefined &&
    isObject(linkage) &&
    isObject(linkage.method) &&
    (linkage.method.kind === 'deterministic' || linkage.method.kind === 'session') &&
    !isListOfLists(linkage.method.passes)
  )
    return undefined
  if (treatment !== undefined && !(isObject(treatment) && isListOf(treatment.models, 'model'))) return undefined
  if (aggregation !== undefined && !(isObject(aggregation) && Array.isArray(aggregation.by))) return undefined
  if (cohort !== undefined && !isObject(cohort)) return undefined
  return value as unknown as Plan
}

const hasColumns = (keys: unknown) => Array.isArray(keys) && keys.every((key) => isObject(key) && isObject(key.columns))
const isListOfLists = (value: unknown) => Array.isArray(value) && value.every(Array.isArray)

export const emptyPlan = (title: string): Plan => ({
  version: 1,
  form: 'anonymised',
  sources: [],
  elements: [],
  treatment: { models: [{ model: 'k_anonymity', k: 5 }], suppression_limit: 0.05 },
  output: { title, formats: ['csv', 'json', 'parquet'], expires_days: 90 },
})

/** `wanted`, or with the first number that nothing else is called by; in small letters, digits and "_". */
export function freeName(wanted: string, taken: readonly string[]): string {
  const plain =
    wanted
      .toLowerCase()
      .replaceAll(/[^a-z0-9_]+/g, '_')
      .replace(/^[^a-z]+/, '')
      .slice(0, 56) || 'x'
  if (!taken.includes(plain)) return plain
  let number = 2
  while (taken.includes(`${plain}_${number}`)) number += 1
  return `${plain}_${number}`
}

const without = <T>(members: Readonly<Record<string, T>> | undefined, name: string): Record<string, T> =>
  Object.fromEntries(Object.entries(members ?? {}).filter(([key]) => key !== name))

export function addSource(plan: Plan, table: string): Plan {
  const as = freeName(
    table.split('.')[1] ?? table,
    plan.sources.map((source) => source.as),
  )
  return { ...plan, sources: [...plan.sources, { as, table }] }
}

/** With all that was taken from it: a plan must not name what it does not read. */
export function removeSource(plan: Plan, as: string): Plan {
  const sources = plan.sources.filter((source) => source.as !== as)
  const gone = plan.elements.filter(({ source }) => source === as).map(({ name }) => name)
  const { linkage, ...rest } = gone.reduce(removeElement, { ...plan, sources, prepare: without(plan.prepare, as) })
  if (linkage === undefined || sources.length < 2) return rest
  return { ...rest, linkage: { ...linkage, keys: linkage.keys.map((key) => ({ ...key, columns: without(key.columns, as) })) } }
}

/** A column that says who somebody is stands in no anonymised result; people are linked by it. */
export const barsColumn = (plan: Plan, { identifier_role }: Pick<KnownColumn, 'identifier_role'>): boolean =>
  plan.form === 'anonymised' && (identifier_role === 'subject' || identifier_role === 'direct')

const roleOf: Readonly<Record<string, Role>> = { subject: 'identifying', direct: 'identifying', quasi: 'quasi', sensitive: 'sensitive' }

/** How a column of the catalogue comes into a plan: in the role and with the weight that its keepers gave it, coarsened as its meaning suggests. */
export function elementFor(plan: Plan, source: string, column: KnownColumn): Element {
  const name = freeName(
    column.name,
    plan.elements.map((element) => element.name),
  )
  const role = roleOf[column.identifier_role] ?? 'insensitive'
  return inForm(plan.form, withRole({ name, source, column: column.name, role: 'insensitive' }, role, column))
}

/** Only what could be known from elsewhere is coarsened, and only that is weighed. */
export function withRole({ weight: _, hierarchy: __, ...element }: Element, role: Role, column: KnownColumn | undefined): Element {
  if (role !== 'quasi') return { ...element, role }
  const hierarchy = suggestedHierarchy(column ?? { type: 'string', semantic: null })
  return { ...element, role, hierarchy, ...(column?.weight_hint == null ? {} : { weight: column.weight_hint }) }
}

function suggestedHierarchy({ type, semantic }: Pick<KnownColumn, 'type' | 'semantic'>): Hierarchy {
  if (type === 'date' || type === 'instant') return { kind: 'date', spans: ['month', 'year', 'decade'] }
  if (type === 'integer' || type === 'number') return { kind: 'interval', widths: [5, 10, 20, 40] }
  if (semantic === 'postcode') return { kind: 'mask', from: 'right' }
  return { kind: 'suppression' }
}

export const addElement = (plan: Plan, source: string, column: KnownColumn): Plan => ({
  ...plan,
  elements: [...plan.elements, elementFor(plan, source, column)],
})

/** Out of the elements, and out of the cohort and the figures that were made of it. */
export function removeElement(plan: Plan, name: string): Plan {
  const { cohort, aggregation, ...rest } = { ...plan, elements: plan.elements.filter((element) => element.name !== name) }
  const kept = cohort === undefined ? undefined : withoutColumn(cohort, name)
  const by = aggregation?.by.filter((one) => one !== name) ?? []
  return {
    ...rest,
    ...(kept === undefined ? {} : { cohort: kept }),
    ...(aggregation === undefined || by.length === 0
      ? {}
      : {
          aggregation: {
            ...aggregation,
            by,
            ...(aggregation.measures === undefined ? {} : { measures: aggregation.measures.filter(({ of }) => of !== name) }),
          },
        }),
  }
}

/** Another name for an element, also where the cohort and the figures speak of it. */
export function renameElement(plan: Plan, from: string, to: string): Plan {
  const named = (name: string) => (name === from ? to : name)
  return {
    ...plan,
    elements: plan.elements.map((element) => (element.name === from ? { ...element, name: to } : element)),
    ...(plan.cohort === undefined ? {} : { cohort: renameColumn(plan.cohort, from, to) }),
    ...(plan.aggregation === undefined
      ? {}
      : {
          aggregation: {
            ...plan.aggregation,
            by: plan.aggregation.by.map(named),
            ...(plan.aggregation.measures === undefined
              ? {}
              : { measures: plan.aggregation.measures.map((measure) => (measure.of === undefined ? measure : { ...measure, of: named(measure.of) })) }),
          },
        }),
  }
}

function withoutColumn(predicate: Predicate, column: string): Predicate | undefined {
  if ('column' in predicate) return predicate.column === column ? undefined : predicate
  if ('not' in predicate) {
    const kept = withoutColumn(predicate.not, column)
    return kept === undefined ? undefined : { not: kept }
  }
  const kept = ('all' in predicate ? predicate.all : predicate.any).flatMap((one) => withoutColumn(one, column) ?? [])
  if (kept.length === 0) return undefined
  return 'all' in predicate ? { all: kept } : { any: kept }
}

function renameColumn(predicate: Predicate, from: string, to: string): Predicate {
  if ('column' in predicate) return predicate.column === from ? { ...predicate, column: to } : predicate
  if ('not' in predicate) return { not: renameColumn(predicate.not, from, to) }
  return 'all' in predicate
    ? { all: predicate.all.map((one) => renameColumn(one, from, to)) }
    : { any: predicate.any.map((one) => renameColumn(one, from, to)) }
}

/** At which nodes the tables of a plan lie; the empty name is this node's own. */
export const nodesOf = ({ sources }: Pick<Plan, 'sources'>): ReadonlySet<string> =>
  new Set(sources.map(({ table }) => (table.includes('/') ? table.slice(0, table.indexOf('/')) : '')))

/** What a form of result does not allow or asks for, as words of the form. */
export type Rail = 'probabilistic' | 'identifying' | 'untreated' | 'figures' | 'pseudonym_keys' | 'link_missing'

export function railsOf({ form, sources, linkage, treatment, aggregation }: Plan): readonly Rail[] {
  const anonymised = form === 'anonymised'
  return [
    ...(anonymised ? (['probabilistic', 'identifying'] as const) : []),
    ...(anonymised && treatment === undefined && aggregation === undefined ? (['untreated'] as const) : []),
    ...(anonymised ? [] : (['figures'] as const)),
    ...(form === 'pseudonymised' && linkage === undefined ? (['pseudonym_keys'] as const) : []),
    ...(sources.length > 1 && linkage === undefined ? (['link_missing'] as const) : []),
  ]
}

const masked: Readonly<Record<string, unknown>> = { mask: 'token' }

/** A name that stands in a result in which it may: as a token where people have pseudonyms. */
function inForm(form: Form, { mask, ...element }: Element): Element {
  if (element.role !== 'identifying') return mask === undefined ? element : { ...element, mask }
  return form === 'pseudonymised' ? { ...element, mask: mask ?? masked } : element
}

/** Why people are not linked in a session of nodes, as words of the form. */
export function sessionBarred({ form, sources }: Plan): 'sessionElsewhere' | 'sessionPseudonyms' | undefined {
  if (form === 'pseudonymised') return 'sessionPseudonyms'
  return sources.some(({ table }) => table.includes('/')) ? undefined : 'sessionElsewhere'
}

/** Another form of result; what the new one does not allow is taken out. */
export function withForm(plan: Plan, form: Form): Plan {
  const named = form === 'anonymised' ? plan.elements.filter(({ role }) => role === 'identifying') : []
  const { linkage, aggregation, treatment, ...rest } = named.reduce((left, { name }) => removeElement(left, name), plan)
  const kind = linkage?.method.kind
  const barred = (form === 'anonymised' && kind === 'probabilistic') || (form === 'pseudonymised' && (kind === 'session' || kind === 'encoded'))
  return {
    ...rest,
    form,
    elements: rest.elements.map((element) => inForm(form, element)),
    ...(linkage === undefined
      ? {}
      : { linkage: barred ? { ...linkage, method: { kind: 'deterministic', passes: [linkage.keys.map(({ name }) => name)] } } : linkage }),
    // A treatment would take out what names people, and figures name nobody.
    ...(treatment === undefined || form === 'identifiable' ? {} : { treatment }),
    ...(aggregation === undefined || form !== 'anonymised' ? {} : { aggregation }),
  }
}
