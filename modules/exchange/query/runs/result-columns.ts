/** What is known of each column of a result: its role, and how far it was coarsened. Pure. */
import type { QueryPlan } from '@gatehouse/query/plan/schema'
import { personColumn } from '@gatehouse/query/plan/treatment'
import type { Manifest } from '../../../custody/catalog/index.ts'
import type { StepOutcome } from '../executor/index.ts'
import type { NodeOfResult } from '../parts/schema.ts'
import type { ResultView } from '../results/schema.ts'

export function columnsOfResult(
  plan: QueryPlan,
  { fields }: Pick<Manifest, 'fields'>,
  outputs: ReadonlyMap<string, Pick<StepOutcome, 'facts'>>,
  nodes: readonly Pick<NodeOfResult, 'levels'>[] = [],
): ResultView['columns'] {
  const report = outputs.get('treat')?.facts.report
  return fields.map(({ name, type }) => {
    const element = plan.elements.find((one) => one.name === name)
    const coarsened = report?.columns.find((column) => column.name === name)?.generalisation
    const role =
      name === personColumn && element === undefined
        ? 'token'
        : plan.aggregation !== undefined && !plan.aggregation.by.includes(name)
          ? 'figure'
          : (element?.role ?? 'insensitive')
    // What left its node coarsened is so, however little the joined table was.
    const before = Math.max(0, ...nodes.map(({ levels }) => levels[name] ?? 0))
    const level = coarsened === undefined && before === 0 ? null : Math.max(before, coarsened?.level ?? 0)
    return { name, type, role, level, levels: coarsened?.height ?? null }
  })
}
