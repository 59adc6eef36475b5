/**
 * Reads a plan and tells everything that is wrong with it, each fault at its JSON pointer and with the way to mend it. What the tables
 * have to say is asked later (`checkPlan`): a plan may be written before its sources are there.
 */
import type { FieldProblem } from '@gatehouse/core/problem'
import { parsePlan as parseTreatment } from '@gatehouse/privacy/plan/parse'
import type { Parsed } from '@gatehouse/tabular/parsed'
import { leavesOf } from '@gatehouse/tabular/predicate-parse'
import { at, quoted, readShape } from './fault.ts'
import { say } from './fault-words.ts'
import { placeOf } from './nodes.ts'
import { formProblems } from './parse-form.ts'
import { linkageProblems } from './parse-linkage.ts'
import type { QueryPlan } from './schema.ts'
import { treatmentPlanOf } from './treatment.ts'

export function parsePlan(json: unknown): Parsed<QueryPlan> {
  const read = readShape(json)
  if (!read.ok) return read
  const errors = planProblems(read.value)
  return errors.length === 0 ? read : { ok: false, errors }
}

/** What the parts of a plan have to do with each other. */
export function planProblems(plan: QueryPlan): FieldProblem[] {
  return [
    ...nameProblems(plan),
    ...sourceProblems(plan),
    ...preparationProblems(plan),
    ...linkageProblems(plan),
    ...nodesProblems(plan),
    ...cohortProblems(plan),
    ...formProblems(plan),
    ...treatmentProblems(plan),
  ]
}

function nameProblems({ sources, elements, linkage, output }: QueryPlan): FieldProblem[] {
  const twice = (names: readonly string[], pointerOf: (index: number) => string): FieldProblem[] =>
    names.flatMap((name, index) => (names.indexOf(name) < index ? [{ pointer: pointerOf(index), ...say('stands_twice', { name }) }] : []))
  return [
    ...twice(
      sources.map((source) => source.as),
      (index) => at('sources', index, 'as'),
    ),
    ...twice(
      elements.map((element) => element.name),
      (index) => at('elements', index, 'name'),
    ),
    ...twice(
      (linkage?.keys ?? []).map((key) => key.name),
      (index) => at('linkage', 'keys', index, 'name'),
    ),
    ...twice(output.formats, (index) => at('output', 'formats', index)),
  ]
}

function sourceProblems({ sources, elements, linkage }: QueryPlan): FieldProblem[] {
  const names = sources.map((source) => source.as)
  const problems = elements.flatMap(({ source }, index): FieldProblem[] =>
    names.includes(source) ? [] : [{ pointer: at('elements', index, 'source'), ...say('no_such_source', { source, known: quoted(names) }) }],
  )
  if (linkage === undefined && sources.length > 1) {
    problems.push({ pointer: '/linkage', ...say('not_linked') })
  }
  sources.forEach(({ as }, index) => {
    const used = elements.some(({ source }) => source === as) || (linkage?.keys ?? []).some(({ columns }) => columns[as] !== undefined)
    if (!used) problems.push({ pointer: at('sources', index), ...say('source_unused') })
  })
  return problems
}

function nodesProblems({ nodes, sources }: QueryPlan): FieldProblem[] {
  return nodes === undefined || sources.some(({ table }) => placeOf(table).node !== undefined) ? [] : [{ pointer: '/nodes', ...say('no_other_node') }]
}

function preparationProblems({ sources, prepare, elements, linkage }: QueryPlan): FieldProblem[] {
  const names = sources.map((source) => source.as)
  return Object.entries(prepare).flatMap(([source, steps]) => {
    if (!names.includes(source)) return [{ pointer: at('prepare', source), ...say('no_such_source', { source, known: quoted(names) }) }]
    const problems: FieldProblem[] = []
    /** What a column is called now, where that is another name than the source's. */
    const renamed = new Map<string, string>()
    const gone = (column: string, pointer: string): void => {
      const to = renamed.get(column)
      if (to !== undefined) problems.push({ pointer, ...say('renamed_by_now', { column, to }) })
    }
    steps.forEach((step, index) => {
      const pointer = at('prepare', source, index)
      gone(step.column, `${pointer}/column`)
      if (step.do === 'range' && step.min === undefined && step.max === undefined) problems.push({ pointer, ...say('min_or_max') })
      if (step.do === 'range' && step.min !== undefined && step.max !== undefined && step.min > step.max)
        problems.push({ pointer: `${pointer}/max`, ...say('max_below_min') })
      if (step.do !== 'rename') return
      renamed.delete(step.to)
      renamed.set(step.column, step.to)
    })
    elements.forEach((element, index) => {
      if (element.source === source) gone(element.column, at('elements', index, 'column'))
    })
    linkage?.keys.forEach((key, index) => {
      const column = key.columns[source]
      if (column !== undefined) gone(column, at('linkage', 'keys', index, 'columns', source))
    })
    return problems
  })
}

function cohortProblems({ cohort, elements, form }: QueryPlan): FieldProblem[] {
  if (cohort === undefined) return []
  return [...leavesOf(cohort, '/cohort')].flatMap(({ leaf, pointer }): FieldProblem[] => {
    const element = elements.find(({ name }) => name === leaf.column)
    if (element === undefined) return [{ pointer: `${pointer}/column`, ...say('cohort_of_elements', { column: leaf.column }) }]
    if (element.role !== 'identifying' || form === 'identifiable') return []
    return [{ pointer: `${pointer}/column`, ...say('cohort_singles_out', { column: leaf.column }) }]
  })
}

/** The engine's own reader looks at roles, hierarchies, operators and models; its pointers are brought to where these stand here. */
function treatmentProblems(plan: QueryPlan): FieldProblem[] {
  const treatment = treatmentPlanOf(plan)
  if (treatment === undefined) return []
  const file = plan.elements.flatMap(({ hierarchy }, index): FieldProblem[] =>
    hierarchy?.kind === 'file' ? [{ pointer: at('elements', index, 'hierarchy'), ...say('no_files') }] : [],
  )
  const read = parseTreatment(treatment)
  if (read.ok) return file
  const moved = read.errors.map(({ pointer, detail }): FieldProblem => {
    const [, first, name, ...rest] = pointer.split('/')
    if (first !== 'columns') return { pointer: `/treatment${pointer}`, detail: inPlanWords(detail) }
    const index = plan.elements.findIndex((element) => at(element.name) === `/${name}`)
    return { pointer: index < 0 ? '/elements' : ['/elements', index, ...rest].join('/'), detail: inPlanWords(detail) }
  })
  return [...file, ...moved]
}

/** The treatment engine calls them columns, and knows populations, which a query plan has none of. */
function inPlanWords(detail: string): string {
  return detail.replace('; give "population": {"path": …}', '; a query plan has no table of the population, so use another model')
}
