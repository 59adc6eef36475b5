/** What a step says of itself, as it is kept with the run. Pure. */
import type { StepFacts as Said } from '@gatehouse/query/steps/step'
import type { RiskFacts, RunFacts, StepFacts } from './store.ts'

/** `extract patients`: the kind, and the source that its id names. */
export const stepTitle = ({ id, kind }: { readonly id: string; readonly kind: string }): string => id.replace(/^.*?(:|$)/, `${kind} `).trim()

export function factsOf({ rows_in, rows_out, cells_changed, reasons, stages, report, loss }: Said): { readonly step: StepFacts; readonly run: RunFacts } {
  return {
    step: { rows_in, rows_out, cells_changed, reasons, ...(stages === undefined ? {} : { stages }) },
    run: {
      ...(report === undefined ? {} : { risk_before: riskOf(report.riskBefore) }),
      ...(report?.riskAfter === undefined ? {} : { risk_after: riskOf(report.riskAfter) }),
      ...(loss === undefined ? {} : { loss }),
    },
  }
}

type Risk = NonNullable<NonNullable<Said['report']>['riskAfter']>

export const riskOf = ({ rowCount, prosecutor }: Risk): RiskFacts => ({
  rows: rowCount,
  prosecutor_highest: prosecutor.highest,
  prosecutor_average: prosecutor.average,
  rows_at_risk: prosecutor.recordsAtRisk,
})
