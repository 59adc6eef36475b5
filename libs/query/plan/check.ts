/** A plan held to the tables it names: what is there, of which type, and how much the catalogue says it tells of people. */
import type { FieldProblem } from '@gatehouse/core/problem'
import type { FieldType } from '@gatehouse/tabular/field'
import { predicateProblems } from '@gatehouse/tabular/predicate-parse'
import { conversionProblem } from '../units/convert.ts'
import { at, quoted } from './fault.ts'
import { say } from './fault-words.ts'
import { placeOf } from './nodes.ts'
import { planProblems } from './parse.ts'
import type { PlanElement, PlanSource, Preparation, QueryPlan } from './schema.ts'
import { columnOfTable, type ElementRole, leastRole, type PlanTable, stricterRole } from './table.ts'

export interface Raised {
  readonly pointer: string
  readonly from: ElementRole
  readonly to: ElementRole
}

export type PlanCheck =
  | {
      readonly ok: true
      /** With the stricter role of plan and catalogue for each element: this is the plan to keep, approve and run. */
      readonly plan: QueryPlan
      readonly raised: readonly Raised[]
    }
  | { readonly ok: false; readonly errors: readonly FieldProblem[] }

/**
 * @param tables by the name that the plan gives the source; absent where the catalogue has none, or none that may be seen
 * @param known the sources that can be judged here; what lies at a node that has not told of it is that node's to judge
 */
export function checkPlan(
  plan: QueryPlan,
  tables: ReadonlyMap<string, PlanTable>,
  known: ReadonlySet<string> = new Set(plan.sources.map(({ as }) => as)),
): PlanCheck {
  const errors = plan.sources.flatMap((source, index) => (known.has(source.as) ? tableProblems(plan, source, index, tables.get(source.as)) : []))
  if (errors.length > 0) return { ok: false, errors }
  const types: ColumnTypes = new Map([...typesOf(plan, tables)].filter(([as]) => known.has(as)))
  errors.push(...elementProblems(plan, types), ...keyProblems(plan, types))
  const { raised, elements } = raise(plan, tables)
  const stricter = { ...plan, elements }
  if (errors.length === 0) errors.push(...planProblems(stricter).map((problem) => withReason(problem, raised)))
  return errors.length === 0 ? { ok: true, plan: stricter, raised } : { ok: false, errors }
}

/** What each source's columns are called and typed after it is prepared. */
export type ColumnTypes = ReadonlyMap<string, ReadonlyMap<string, FieldType>>

export function typesOf(plan: QueryPlan, tables: ReadonlyMap<string, PlanTable>): ColumnTypes {
  return new Map(
    plan.sources.map(({ as }) => {
      const types = new Map((tables.get(as)?.columns ?? []).map(({ field }): [string, FieldType] => [field.name, field.type]))
      for (const step of plan.prepare[as] ?? []) prepareType(types, step)
      return [as, types]
    }),
  )
}

function prepareType(types: Map<string, FieldType>, step: Preparation): void {
  const type = types.get(step.column)
  if (type === undefined) return
  if (step.do === 'rename') {
    types.delete(step.column)
    types.set(step.to, type)
  } else if (step.do === 'code' || step.do === 'normalise') types.set(step.column, 'string')
  else if (step.do === 'convert') types.set(step.column, 'number')
}

function tableProblems(plan: QueryPlan, source: PlanSource, index: number, table: PlanTable | undefined): FieldProblem[] {
  if (table === undefined) return [{ pointer: at('sources', index, 'table'), ...absent(source.table) }]
  const typeOf = (name: string): FieldType | undefined => columnOfTable(table, name)?.field.type
  const where = source.where === undefined ? [] : predicateProblems(source.where, typeOf, at('sources', index, 'where'))
  const types = new Map(table.columns.map(({ field }): [string, FieldType] => [field.name, field.type]))
  const prepared = (plan.prepare[source.as] ?? []).flatMap((step, place) => {
    const problems = stepProblems(step, types, at('prepare', source.as, place))
    prepareType(types, step)
    return problems
  })
  const missing = (name: string) => say('table_lacks', { table: source.table, column: name, known: quoted([...types.keys()].slice(0, 40)) })
  const elements = plan.elements.flatMap((element, place): FieldProblem[] =>
    element.source !== source.as || types.has(element.column) ? [] : [{ pointer: at('elements', place, 'column'), ...missing(element.column) }],
  )
  const keys = (plan.linkage?.keys ?? []).flatMap((key, place): FieldProblem[] => {
    const column = key.columns[source.as]
    return column === undefined || types.has(column) ? [] : [{ pointer: at('linkage', 'keys', place, 'columns', source.as), ...missing(column) }]
  })
  return [...where, ...prepared, ...elements, ...keys]
}

function absent(table: string) {
  const { node, reference } = placeOf(table)
  return node === undefined ? say('table_absent', { table }) : say('table_untold', { node, table: reference })
}

function stepProblems(step: Preparation, types: ReadonlyMap<string, FieldType>, pointer: string): FieldProblem[] {
  const type = types.get(step.column)
  if (type === undefined)
    return [{ pointer: `${pointer}/column`, ...say('no_such_column', { column: step.column, known: quoted([...types.keys()].slice(0, 40)) }) }]
  const numeric = type === 'integer' || type === 'number'
  switch (step.do) {
    case 'range':
      return numeric ? [] : [{ pointer: `${pointer}/column`, ...say('no_range', { type }) }]
    case 'convert': {
      if (!numeric) return [{ pointer: `${pointer}/column`, ...say('no_unit', { type }) }]
      const problem = conversionProblem(step.from, step.to)
      return problem === undefined ? [] : [{ pointer: `${pointer}/${problem.member}`, detail: problem.detail, said: problem.said }]
    }
    case 'rename':
      return types.has(step.to) ? [{ pointer: `${pointer}/to`, ...say('column_taken', { column: step.to }) }] : []
    default:
      return []
  }
}

function elementProblems(plan: QueryPlan, types: ColumnTypes): FieldProblem[] {
  return plan.elements.flatMap((element, index) => {
    const source = types.get(element.source)
    if (source === undefined) return []
    const pointer = at('elements', index)
    const read = source.get(element.column) ?? 'string'
    const type = element.type ?? read
    const problems: FieldProblem[] = []
    if (!retypes(read, type)) problems.push({ pointer: `${pointer}/type`, ...say('not_taken_for', { read, type }) })
    const numeric = type === 'integer' || type === 'number'
    if ((element.reduce === 'mean' || element.reduce === 'sum') && !numeric)
      problems.push({ pointer: `${pointer}/reduce`, ...say('reduce_type', { type, reduce: element.reduce }) })
    if (element.reduce === 'any' && type !== 'boolean') problems.push({ pointer: `${pointer}/reduce`, ...say('any_type', { type }) })
    if (element.hierarchy?.kind === 'interval' && !numeric) problems.push({ pointer: `${pointer}/hierarchy`, ...say('interval_type', { type }) })
    if (element.hierarchy?.kind === 'date' && type !== 'date') problems.push({ pointer: `${pointer}/hierarchy`, ...say('span_type', { type }) })
    return problems.concat(measureProblems(plan, element, numeric), cohortProblems(plan, element, elementType(element, read)))
  })
}

function measureProblems({ aggregation }: QueryPlan, { name }: PlanElement, numeric: boolean): FieldProblem[] {
  return (aggregation?.measures ?? []).flatMap((measure, index): FieldProblem[] =>
    measure.kind === 'count' || measure.of !== name || numeric
      ? []
      : [{ pointer: at('aggregation', 'measures', index, 'of'), ...say('no_numbers', { name, measure: measure.kind }) }],
  )
}

function cohortProblems({ cohort }: QueryPlan, { name }: PlanElement, type: FieldType): FieldProblem[] {
  if (cohort === undefined) return []
  // Columns of other elements are told of with those.
  return predicateProblems(cohort, (column) => (column === name ? type : undefined), '/cohort').filter(({ pointer }) => !pointer.endsWith('/column'))
}

/** What the element is of after several rows of a person became one. */
export function elementType({ type, reduce }: PlanElement, read: FieldType): FieldType {
  if (reduce === 'count') return 'integer'
  return reduce === 'mean' ? 'number' : (type ?? read)
}

/** Text may be read as anything, and anything as text; a whole number is a number. */
function retypes(from: FieldType, to: FieldType): boolean {
  return from === to || from === 'string' || to === 'string' || (from === 'integer' && to === 'number')
}

const numericForms = new Set(['number'])
const datedForms = new Set(['date'])

/** The forms read text; a date kept as a number, or an amount as a date, would give keys that agree with nobody. */
function keyProblems(plan: QueryPlan, types: ColumnTypes): FieldProblem[] {
  return (plan.linkage?.keys ?? []).flatMap((key, index) => {
    const pointer = at('linkage', 'keys', index, 'columns')
    const read = Object.entries(key.columns).flatMap(([source, column]) => {
      const columns = types.get(source)
      return columns === undefined ? [] : [[source, columns.get(column) ?? 'string'] as const]
    })
    const wrong = read.filter(
      ([, type]) =>
        (datedForms.has(key.form) && type !== 'date' && type !== 'string') ||
        (numericForms.has(key.form) && (type === 'date' || type === 'instant' || type === 'boolean')),
    )
    if (wrong.length > 0) return wrong.map(([source, type]) => ({ pointer: pointer + at(source), ...say('key_type', { type, form: key.form }) }))
    const dates = read.filter(([, type]) => type === 'date' || type === 'instant')
    if (dates.length === 0 || dates.length === read.length || datedForms.has(key.form)) return []
    return [
      {
        pointer,
        ...say('key_types', { types: quoted(new Set(read.map(([, type]) => type))) }),
      },
    ]
  })
}

function raise(plan: QueryPlan, tables: ReadonlyMap<string, PlanTable>): { readonly elements: PlanElement[]; readonly raised: readonly Raised[] } {
  const raised: Raised[] = []
  const elements = plan.elements.map((element, index) => {
    const column = columnOfTable(tables.get(element.source), sourceColumnOf(plan, element.source, element.column))
    const role = column === undefined ? element.role : stricterRole(element.role, leastRole(column))
    if (role === element.role) return element
    raised.push({ pointer: at('elements', index, 'role'), from: element.role, to: role })
    return { ...element, role }
  })
  return { elements, raised }
}

/** What the source itself calls a column that the plan renamed. */
export function sourceColumnOf(plan: QueryPlan, source: string, column: string): string {
  return (plan.prepare[source] ?? []).reduceRight((name, step) => (step.do === 'rename' && step.to === name ? step.column : name), column)
}

/** A fault that the plan has only since the catalogue's word was heard says so. */
function withReason(problem: FieldProblem, raised: readonly Raised[]): FieldProblem {
  const [, first, index] = problem.pointer.split('/')
  const why = first === 'elements' ? raised.find(({ pointer }) => pointer.startsWith(`/elements/${index}/`)) : undefined
  return why === undefined ? problem : { ...problem, detail: `${problem.detail} (the catalogue knows the column as ${why.to})` }
}
