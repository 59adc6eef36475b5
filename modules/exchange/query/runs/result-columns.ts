/** What is known of each column of a result: its role, and how far it was coarsened. Pure. */
import type { QueryPlan } from '@gatehouse/query/plan/schema'
import { personColumn } from '@gatehouse/query/plan/treatment'
import type { Manifest } from '../../../custody/catalog/index.ts'
import type { StepOutcome } from '../executor/index.ts'
import type { ResultView } from '../results/schema.ts'

export function columnsOfResult(
  plan: QueryPlan,
  { fields }: Pick<Manifest, 'fields'>,
  outputs: ReadonlyMap<string, Pick<StepOutcome, 'facts'>>,
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
    return { name, type, role, level: coarsened?.level ?? null, levels: coarsened?.height ?? null }
  })
}
