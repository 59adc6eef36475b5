/** What is laid beside a result for its reviewers: each check with its status, what was found, and what would mend it. Pure. */
import type { DifferencingOutcome } from '@gatehouse/privacy/aggregate/differencing'
import type { QueryPlan } from '@gatehouse/query/plan/schema'
import type { StepFacts } from '@gatehouse/query/steps/step'
import type { Manifest } from '../../../custody/catalog/index.ts'
import type { SdcReport } from '../results/schema.ts'
import type { RunFacts } from '../runs/store.ts'

export interface Reported {
  readonly plan: QueryPlan
  readonly floor: number
  readonly manifest: Pick<Manifest, 'rows'>
  readonly people: number
  readonly facts: RunFacts
  readonly outputs: ReadonlyMap<string, { readonly facts: StepFacts }>
  readonly guard: DifferencingOutcome
}

type Check = SdcReport['checks'][number]

export function reportOf({ plan, floor, manifest, people, facts, guard }: Reported): SdcReport {
  const risk = facts.risk_after?.prosecutor_highest
  const identifying = plan.elements.filter(({ role }) => role === 'identifying').map(({ name }) => name)
  const checks: Check[] = [
    { check: 'threshold', status: 'pass', detail: `It is about ${people} people; the floor is ${floor}.`, mitigation: null },
    ...(plan.aggregation === undefined ? [riskCheck(risk, floor)] : []),
    identifying.length === 0 || plan.aggregation !== undefined
      ? { check: 'direct_identifiers', status: 'pass', detail: 'No column names people.', mitigation: null }
      : {
          check: 'direct_identifiers',
          status: 'review',
          detail: `Columns name people: ${identifying.join(', ')}.`,
          mitigation: 'Leave them out, or mask them.',
        },
    guard.outcome === 'release'
      ? { check: 'differencing', status: 'pass', detail: 'No earlier release of the project, subtracted, leaves a few people.', mitigation: null }
      : {
          check: 'differencing',
          status: 'review',
          detail: `Subtracted from ${guard.isolations.length} earlier releases it would leave fewer than ${floor} people; its figures are rounded.`,
          mitigation: 'Ask about the very same people as before, or about clearly others.',
        },
  ]
  const worst = (['fail', 'review'] as const).find((status) => checks.some((check) => check.status === status)) ?? 'pass'
  return { status: worst, checks, rows: manifest.rows, people, floor, risk_highest: risk ?? null, loss: facts.loss ?? null, cells_suppressed: null }
}

function riskCheck(risk: number | undefined, floor: number): Check {
  if (risk === undefined)
    return { check: 'risk', status: 'review', detail: 'The rows are not treated, so nothing bounds the risk.', mitigation: 'Add a treatment.' }
  const said = `The highest risk that a row is recognised is ${(100 * risk).toFixed(1)} %.`
  return risk <= 1 / floor + 1e-9
    ? { check: 'risk', status: 'pass', detail: said, mitigation: null }
    : {
        check: 'risk',
        status: 'review',
        detail: `${said} The floor would have it at ${(100 / floor).toFixed(1)} %.`,
        mitigation: 'Demand larger classes of rows that look alike.',
      }
}
