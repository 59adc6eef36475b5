import { sourcesByNode } from '@gatehouse/query/plan/nodes'
import { type QueryPlan, queryPlanSchema } from '@gatehouse/query/plan/schema'
import { operation, Refusal } from '@gatehouse/runtime/door/operation'
import { dryRun, type Trial } from '../executor/trial.ts'
import { problems } from '../problems.ts'
import { factsOf, stepTitle } from '../runs/step-facts.ts'
import { riskView, stepsView } from '../runs/view.ts'
import { exampleProject, inProject, inputOfProject, limits, told, toldChange } from '../schema.ts'
import { approvalReasonsOf } from './approval.ts'
import { type ColumnFigures, dryRunResult, examplePlan } from './schema.ts'
import { prepareQuestion, toldOf } from './trial.ts'

export const dryRunPlan = operation({
  name: 'query.dry_run',
  kind: 'steps',
  summary: 'Try a plan, and keep nothing',
  description:
    'Rows and cells lost by each step, what becomes of each column, and the risk before and after, on the first rows of each source. Figures are rounded, and absent where they are about too few people; of the tables nothing is shown.',
  input: inputOfProject.extend({ document: queryPlanSchema }),
  output: dryRunResult,
  access: { action: 'create', on: inProject('query_run') },
  audit: ({ project, document }, { outcome }) => ({
    object: { kind: 'project', id: project },
    details: { tables: document.sources.map(({ table }) => table), outcome },
  }),
  http: { method: 'POST', path: '/v1/projects/:project/query-plans/dry-run' },
  example: { input: { project: exampleProject, document: examplePlan } },
  problems: [problems.project_closed, problems.plan_unfit, problems.trials_spent, problems.source_fault],
  async run(ctx, { project, document }) {
    const prepared = await prepareQuestion(ctx, project, document)
    if (prepared instanceof Refusal) return prepared
    const { input, floor, offered } = prepared
    const trial = await dryRun(ctx.node, { ...input, rowsPerSource: limits.dryRunRowsMax, signal: AbortSignal.timeout(limits.trialMs) }).catch(toldOf)
    if (trial instanceof Refusal) return trial
    const steps = trial.steps.map(({ id, kind, facts }) => ({ id, kind, title: stepTitle({ id, kind }), facts: factsOf(facts) }))
    const facts = Object.assign({}, ...steps.map((step) => step.facts.run)) as ReturnType<typeof factsOf>['run']
    const reason = reasonOf(trial, floor) ?? (approvalReasonsOf(input.plan, offered).length > 0 ? 'not_approved' : null)
    const sampled = steps.some(({ kind, facts: { step } }) => kind === 'extract' && (step.rows_in ?? 0) >= limits.dryRunRowsMax)
    const nodes = [...sourcesByNode(input.plan).keys()]
    const across = nodes.length > 0
    return {
      outcome: across ? ('depends_on_nodes' as const) : reasonOf(trial, floor) === undefined ? ('would_be_held' as const) : ('would_be_refused' as const),
      reason: across && reason !== 'not_approved' ? null : reason,
      sampled,
      floor,
      nodes,
      steps: stepsView(
        steps.map(({ facts: { step }, ...rest }) => ({ ...rest, facts: step })),
        floor,
      ),
      rows: across ? null : told(trial.rows, floor),
      risk_before: riskView(facts.risk_before, floor),
      risk_after: riskView(facts.risk_after, floor),
      loss: facts.loss ?? null,
      columns: columnsOf(input.plan, trial, floor),
    }
  },
})

/** What becomes of each element between its source and the result. */
function columnsOf({ elements }: QueryPlan, { steps }: Trial, floor: number): ColumnFigures[] {
  const treated = steps.find(({ kind }) => kind === 'treat')?.facts.columns ?? {}
  return elements.flatMap(({ name, source, column }) => {
    const stages = steps.find(({ id }) => id === `extract:${source}`)?.facts.stages
    if (stages === undefined) return []
    const before = stages.find(({ kind }) => kind === 'prepare')?.columns?.[column]
    const after = treated[name]
    return {
      name,
      prepared: toldChange(before?.changed ?? 0, floor),
      changed: toldChange(after?.changed ?? 0, floor),
      suppressed: toldChange((before?.suppressed ?? 0) + (after?.suppressed ?? 0), floor),
      loss: after?.loss === undefined ? null : Math.round(100 * after.loss) / 100,
    }
  })
}

/** The reason with which a run would end so. */
function reasonOf({ refused, rows }: Trial, floor: number): string | undefined {
  if (refused !== undefined) return 'bound_not_met'
  if (rows === 0) return 'empty_cohort'
  return rows < floor ? 'cohort_too_small' : undefined
}
