/** What a plan comes to: the steps, in an order in which each has its inputs before it. */

import { columnsIn } from '@gatehouse/tabular/predicate-parse'
import { sourceColumnOf } from '../plan/check.ts'
import type { QueryPlan } from '../plan/schema.ts'
import { columnOfTable, type PlanTable } from '../plan/table.ts'
import { hasPersonColumn, treatmentPlanOf } from '../plan/treatment.ts'
import type { ElementSpec, ExtractParams, KeyField, PassSpec, RowDigests, StepSpec } from './step.ts'

/**
 * @param tables by the name of the source; a plan that `checkPlan` has seen
 * @param absent sources of nodes that gave nothing, where the plan allows a partial result
 */
export function planSteps(plan: QueryPlan, tables: ReadonlyMap<string, PlanTable>, absent: readonly string[] = []): StepSpec[] {
  const elements = plan.elements.map((element) => elementSpec(plan, tables, element))
  const extracts = plan.sources.map(
    ({ as }): StepSpec => ({ id: `extract:${as}`, kind: 'extract', inputs: [], params: extractParams(plan, tables, as, elements) }),
  )
  const steps: StepSpec[] = [...extracts]
  let last = extracts.map(({ id }) => id)
  const then = (step: StepSpec): void => {
    steps.push(step)
    last = [step.id]
  }
  if (plan.linkage !== undefined)
    then({
      id: 'link',
      kind: 'link',
      inputs: last,
      params: { sources: plan.sources.map(({ as }) => as), elements, linkage: plan.linkage, ...(absent.length === 0 ? {} : { absent }) },
    })
  if (plan.cohort !== undefined) then({ id: 'select', kind: 'select', inputs: last, params: { cohort: plan.cohort } })
  const treatment = treatmentPlanOf(plan)
  if (treatment !== undefined) then({ id: 'treat', kind: 'treat', inputs: last, params: { plan: treatment } })
  if (plan.aggregation !== undefined) then({ id: 'aggregate', kind: 'aggregate', inputs: last, params: plan.aggregation })
  then({ id: 'write', kind: 'write', inputs: last, params: { form: plan.form, pseudonyms: hasPersonColumn(plan) } })
  return steps
}

/**
 * What a node does with its own sources for a plan that another node carries out: the same extraction, and then its own floor, before
 * anything leaves. It makes these steps itself of the plan; steps that somebody hands it are not looked at.
 *
 * @param untreated its holders have agreed to exactly this plan, whose rows nothing is done to
 */
export function partSteps(
  plan: QueryPlan,
  tables: ReadonlyMap<string, PlanTable>,
  { sources, floor, untreated }: { readonly sources: readonly string[]; readonly floor: number; readonly untreated: boolean },
): StepSpec[] {
  const elements = plan.elements.map((element) => elementSpec(plan, tables, element))
  return sources.flatMap((source): StepSpec[] => {
    // By the key of a table its own node tells rows apart, and nobody else knows it.
    const params = extractParams(plan, tables, source, elements, ['subject'])
    const quasi = untreated ? [] : plan.elements.filter((element) => element.source === source && element.role === 'quasi' && element.reduce !== 'count')
    const columns = Object.fromEntries(
      quasi.map(({ name, hierarchy, weight }) => [name, { ...(hierarchy === undefined ? {} : { hierarchy }), ...(weight === undefined ? {} : { weight }) }]),
    )
    const suppressionLimit = plan.treatment?.suppression_limit ?? 1
    return [
      { id: `extract:${source}`, kind: 'extract', inputs: [], params },
      {
        id: `protect:${source}`,
        kind: 'protect',
        inputs: [`extract:${source}`],
        params: { floor, passes: params.passes.length, columns, suppressionLimit },
      },
    ]
  })
}

/**
 * The step that counts whom a plan of one source means, and reads no more than that takes; `undefined` where rows have to be linked first.
 * @param objections whether anybody is to be left out, for which the ids have to be read
 */
export function countStep(plan: QueryPlan, tables: ReadonlyMap<string, PlanTable>, objections: boolean): Extract<StepSpec, { kind: 'count' }> | undefined {
  const [source] = plan.sources
  if (plan.linkage !== undefined || source === undefined) return undefined
  const asked = new Set(plan.cohort === undefined ? [] : columnsIn(plan.cohort))
  const elements = plan.elements.filter(({ name }) => asked.has(name)).map((element) => elementSpec(plan, tables, element))
  const { subject, ...params } = extractParams(plan, tables, source.as, elements, [])
  const columns = params.columns.filter((column) => column !== subject || objections || elements.some((element) => element.column === subject))
  const extract: ExtractParams = { ...params, columns, pseudonyms: false, ...(subject === undefined || !objections ? {} : { subject }) }
  return { id: 'count', kind: 'count', inputs: [], params: { extract, ...(plan.cohort === undefined ? {} : { cohort: plan.cohort }) } }
}

/** The passes of a deterministic plan as the columns of one source have them: what its tokens are made of. */
export function passesOf(plan: QueryPlan, tables: ReadonlyMap<string, PlanTable>, source: string): PassSpec[] {
  const { linkage } = plan
  if (linkage === undefined) return []
  const passes = linkage.method.kind === 'deterministic' ? linkage.method.passes : [linkage.keys.map(({ name }) => name)]
  return passes.map((pass) => ({ id: passId(pass), fields: pass.flatMap((name) => keyField(plan, tables, source, name) ?? []) }))
}

/** The names of the keys, as they can stand in a token. */
function passId(pass: readonly string[]): string {
  return pass.join('-').replaceAll('_', '-').slice(0, 64).replace(/-+$/, '')
}

function keyField(plan: QueryPlan, tables: ReadonlyMap<string, PlanTable>, source: string, name: string): KeyField | undefined {
  const key = plan.linkage?.keys.find((each) => each.name === name)
  const column = key?.columns[source]
  if (key === undefined || column === undefined) return undefined
  const order = columnOfTable(tables.get(source), sourceColumnOf(plan, source, column))?.dateOrder
  return { column, form: key.form, ...(order === undefined ? {} : { order }) }
}

function elementSpec(
  plan: QueryPlan,
  tables: ReadonlyMap<string, PlanTable>,
  { name, column, source, reduce, type, date_order }: QueryPlan['elements'][number],
): ElementSpec {
  const dateOrder = date_order ?? columnOfTable(tables.get(source), sourceColumnOf(plan, source, column))?.dateOrder
  return { name, column, source, reduce, ...(type === undefined ? {} : { type }), ...(dateOrder === undefined ? {} : { dateOrder }) }
}

/** By what people or rows are told apart in a table of which nothing is linked. */
export function rowDigestsOf({ columns, key }: PlanTable, among: readonly RowDigests['by'][] = ['subject', 'key']): RowDigests | undefined {
  const subject = columns.find(({ identifierRole }) => identifierRole === 'subject')?.field.name
  if (subject !== undefined) return among.includes('subject') ? { by: 'subject', columns: [subject] } : undefined
  return key === undefined || key.length === 0 || !among.includes('key') ? undefined : { by: 'key', columns: key }
}

function extractParams(
  plan: QueryPlan,
  tables: ReadonlyMap<string, PlanTable>,
  source: string,
  elements: readonly ElementSpec[],
  apartBy?: readonly RowDigests['by'][],
): ExtractParams {
  const { table, where, rows_max } = plan.sources.find(({ as }) => as === source) as QueryPlan['sources'][number]
  const prepare = plan.prepare[source] ?? []
  const own = elements.filter((element) => element.source === source)
  const passes = passesOf(plan, tables, source)
  const of = tables.get(source)
  const apart = plan.linkage === undefined && of !== undefined ? rowDigestsOf(of, apartBy) : undefined
  const subject = of?.columns.find(({ identifierRole }) => identifierRole === 'subject')?.field.name
  const keys =
    plan.linkage?.method.kind === 'probabilistic'
      ? plan.linkage.keys.flatMap(({ name }) => {
          const field = keyField(plan, tables, source, name)
          return field === undefined ? [] : [{ ...field, name }]
        })
      : []
  const rowKey = keys.length === 0 ? [] : (of?.key ?? [])
  const used = [...own.map(({ column }) => column), ...passes.flatMap(({ fields }) => fields.map(({ column }) => column))]
  const read = [
    ...used.map((column) => sourceColumnOf(plan, source, column)),
    ...prepare.flatMap((step) => (step.do === 'require' ? [sourceColumnOf(plan, source, step.column)] : [])),
  ]
  const columns = [...new Set([...(subject === undefined ? [] : [subject]), ...(apart?.columns ?? []), ...rowKey, ...read])]
  return {
    source,
    table,
    columns,
    ...(where === undefined ? {} : { where }),
    rowsMax: rows_max,
    ...(subject === undefined ? {} : { subject }),
    prepare,
    elements: own,
    passes,
    keys,
    ...(apart === undefined ? {} : { apart }),
    ...(rowKey.length === 0 ? {} : { rowKey }),
    pseudonyms: hasPersonColumn(plan),
  }
}
