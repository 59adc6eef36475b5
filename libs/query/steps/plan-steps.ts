/** What a plan comes to: the steps, in an order in which each has its inputs before it. */

import { columnsIn } from '@gatehouse/tabular/predicate-parse'
import { sourceColumnOf } from '../plan/check.ts'
import { ownSources, placeOf, unitOf } from '../plan/nodes.ts'
import { exactPasses, type QueryPlan } from '../plan/schema.ts'
import { columnOfTable, type PlanTable } from '../plan/table.ts'
import { hasPersonColumn, treatmentPlanOf } from '../plan/treatment.ts'
import { siteOf } from '../session/terms.ts'
import type { ElementSpec, ExtractParams, KeyField, PassSpec, RowDigests, StepSpec } from './step.ts'

/** Who holds a session for a plan: this node, and the others in the order of their turns. */
export interface SessionParties {
  readonly party: string
  readonly others: readonly string[]
}

/**
 * @param tables by the name of the source; a plan that `checkPlan` has seen
 * @param absent sources of nodes that gave nothing, where the plan allows a partial result
 * @param session where the method is one and there is somebody to hold it with
 */
export function planSteps(plan: QueryPlan, tables: ReadonlyMap<string, PlanTable>, absent: readonly string[] = [], session?: SessionParties): StepSpec[] {
  const elements = plan.elements.map((element) => elementSpec(plan, tables, element))
  const extracts = plan.sources.map(
    ({ as }): StepSpec => ({ id: `extract:${as}`, kind: 'extract', inputs: [], params: extractParams(plan, tables, as, elements) }),
  )
  // What lies elsewhere comes with its groups, from the node that had it encoded.
  const own = unitOf(plan) === undefined ? [] : ownSources(plan).map(({ as }) => as)
  const steps: StepSpec[] = [...extracts, ...own.map(encodeStep), ...own.map(groupStep)]
  let last = plan.sources.map(({ as }) => `${own.includes(as) ? 'group' : 'extract'}:${as}`)
  const then = (step: StepSpec): void => {
    steps.push(step)
    last = [step.id]
  }
  if (plan.linkage !== undefined) {
    const held = session === undefined ? undefined : sessionSteps(plan, tables, absent, session)
    steps.push(...(held?.steps ?? []))
    then({
      id: 'link',
      kind: 'link',
      inputs: held?.inputs ?? last,
      params: {
        sources: plan.sources.map(({ as }) => as),
        elements,
        linkage: plan.linkage,
        ...(absent.length === 0 ? {} : { absent }),
        ...(held === undefined ? {} : { parties: held.parties }),
      },
    })
  }
  if (plan.cohort !== undefined) then({ id: 'select', kind: 'select', inputs: last, params: { cohort: plan.cohort } })
  const treatment = treatmentPlanOf(plan)
  if (treatment !== undefined) then({ id: 'treat', kind: 'treat', inputs: last, params: { plan: treatment } })
  if (plan.aggregation !== undefined) then({ id: 'aggregate', kind: 'aggregate', inputs: last, params: plan.aggregation })
  then({ id: 'write', kind: 'write', inputs: last, params: { form: plan.form, pseudonyms: hasPersonColumn(plan) } })
  return steps
}

/** Items of all sources in the order of their sites, through the hands of all parties, and back beside the rows. */
function sessionSteps(plan: QueryPlan, tables: ReadonlyMap<string, PlanTable>, absent: readonly string[], { party, others }: SessionParties) {
  const parties = Object.fromEntries(plan.sources.map(({ as, table }) => [as, placeOf(table).node ?? party]))
  const there = plan.sources.map(({ as }) => as).filter((as) => !absent.includes(as))
  const own = there.filter((as) => parties[as] === party)
  const siteName = (as: string) => siteOf(parties[as] as string, as)
  const sealed = there.toSorted((one, other) => (siteName(one) < siteName(other) ? -1 : 1)).map((as) => `seal:${as}`)
  const turnOf = (name: string) => `turn:${name}`
  const passesIn = (as: string) => passesOf(plan, tables, as).length
  const gather = (name: string, turns: number): StepSpec => ({
    id: `gather:${name}`,
    kind: 'gather',
    inputs: [...sealed, ...others.slice(0, turns).map(turnOf)],
    params: { party: name, turns },
  })
  const steps: StepSpec[] = [
    ...own.map((as): StepSpec => ({ id: `number:${as}`, kind: 'number', inputs: [`extract:${as}`], params: { passes: passesIn(as) } })),
    // Those of other nodes are what they send.
    ...there.map((as): StepSpec => ({ id: `seal:${as}`, kind: 'seal', inputs: [`extract:${as}`], params: { source: as, passes: passesIn(as) } })),
    ...others.flatMap((name, turn): StepSpec[] => [
      gather(name, turn),
      { id: turnOf(name), kind: 'turn', inputs: [`gather:${name}`], params: { party: name, sources: [] } },
    ]),
    gather(party, others.length),
    { id: 'meet', kind: 'meet', inputs: [`gather:${party}`], params: { party } },
  ]
  const inputs = [...plan.sources.map(({ as }) => (own.includes(as) ? `number:${as}` : `extract:${as}`)), 'meet']
  return { steps, inputs, parties }
}

/**
 * What a node does with its own sources for a plan that another node carries out: the same extraction, and then its own floor, before
 * anything leaves. It makes these steps itself of the plan; steps that somebody hands it are not looked at.
 *
 * @param untreated its holders have agreed to exactly this plan, whose rows nothing is done to
 * @param session what this node is called in the session that is held for the plan
 */
export function partSteps(
  plan: QueryPlan,
  tables: ReadonlyMap<string, PlanTable>,
  {
    sources,
    floor,
    untreated,
    session,
  }: { readonly sources: readonly string[]; readonly floor: number; readonly untreated: boolean; readonly session?: string | undefined },
): StepSpec[] {
  const elements = plan.elements.map((element) => elementSpec(plan, tables, element))
  const encoded = unitOf(plan) !== undefined
  const each = sources.map((source): StepSpec[] => {
    // By the key of a table its own node tells rows apart, and nobody else knows it.
    const params = extractParams(plan, tables, source, elements, ['subject'])
    const quasi = untreated ? [] : plan.elements.filter((element) => element.source === source && element.role === 'quasi' && element.reduce !== 'count')
    const columns = Object.fromEntries(
      quasi.map(({ name, hierarchy, weight }) => [name, { ...(hierarchy === undefined ? {} : { hierarchy }), ...(weight === undefined ? {} : { weight }) }]),
    )
    const suppressionLimit = plan.treatment?.suppression_limit ?? 1
    return [
      { id: `extract:${source}`, kind: 'extract', inputs: [], params },
      ...(encoded ? [encodeStep(source), groupStep(source)] : []),
      {
        id: `protect:${source}`,
        kind: 'protect',
        inputs: [`${encoded ? 'group' : 'extract'}:${source}`],
        params: { floor, passes: params.passes.length, columns, suppressionLimit },
      },
    ]
  })
  // All that goes to a linkage unit goes there at once, and what comes back is waited for once.
  const place = ({ kind }: StepSpec): number => (kind === 'extract' || kind === 'encode' ? 0 : 1)
  const parts = each.flat()
  if (session !== undefined) return [...parts, ...partyInSession(plan, tables, sources, session)]
  return encoded ? parts.toSorted((one, other) => place(one) - place(other)) : parts
}

/** What leaves has numbers in place of digests, and goes with the turn: behind the last round there is nothing left to say. */
function partyInSession(plan: QueryPlan, tables: ReadonlyMap<string, PlanTable>, sources: readonly string[], party: string): StepSpec[] {
  const passes = (source: string) => passesOf(plan, tables, source).length
  return [
    ...sources.map((source): StepSpec => ({ id: `number:${source}`, kind: 'number', inputs: [`protect:${source}`], params: { passes: passes(source) } })),
    ...sources.map((source): StepSpec => ({ id: `seal:${source}`, kind: 'seal', inputs: [`protect:${source}`], params: { source, passes: passes(source) } })),
    { id: `gather:${party}`, kind: 'gather', inputs: [], params: { party, turns: 0 } },
    { id: `turn:${party}`, kind: 'turn', inputs: [`gather:${party}`, ...sources.map((source) => `seal:${source}`)], params: { party, sources } },
  ]
}

const encodeStep = (source: string): StepSpec => ({ id: `encode:${source}`, kind: 'encode', inputs: [`extract:${source}`], params: { source } })
const groupStep = (source: string): StepSpec => ({ id: `group:${source}`, kind: 'group', inputs: [`extract:${source}`], params: { source } })

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
  if (linkage === undefined || linkage.method.kind === 'encoded') return []
  const passes = exactPasses(linkage.method) ?? [linkage.keys.map(({ name }) => name)]
  return passes.map((pass) => ({ id: passId(pass), fields: pass.flatMap((name) => keyField(plan, tables, source, name) ?? []) }))
}

/** What people are told by as one source has it, where it is not looked at in passes. */
export function keyFieldsOf(plan: QueryPlan, tables: ReadonlyMap<string, PlanTable>, source: string): (KeyField & { readonly name: string })[] {
  if (plan.linkage === undefined || plan.linkage.method.kind === 'deterministic') return []
  return plan.linkage.keys.flatMap(({ name }) => {
    const field = keyField(plan, tables, source, name)
    return field === undefined ? [] : [{ ...field, name }]
  })
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
  const method = plan.linkage?.method
  const named = keyFieldsOf(plan, tables, source)
  const keys = method?.kind === 'probabilistic' ? named : []
  const encode = method?.kind === 'encoded' ? { keys: named, keysMin: method.keys_min } : undefined
  const rowKey = keys.length === 0 ? [] : (of?.key ?? [])
  const used = [
    ...own.map(({ column }) => column),
    ...passes.flatMap(({ fields }) => fields.map(({ column }) => column)),
    ...(encode?.keys ?? []).map(({ column }) => column),
  ]
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
    ...(encode === undefined ? {} : { encode }),
    pseudonyms: hasPersonColumn(plan),
  }
}
