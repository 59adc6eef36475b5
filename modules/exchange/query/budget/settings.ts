import type { Id } from '@gatehouse/core/id'
import { operation, refuse, type TransactionContext } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { projectById } from '../../../governance/projects/index.ts'
import { countReleased } from '../results/store.ts'
import { countRuns } from '../runs/store.ts'
import { exampleProject, inputOfProject } from '../schema.ts'
import { budgetView, projectSettings } from './schema.ts'
import { epsilonSpent, questionsOn, setSettings, settingsOf } from './store.ts'

async function viewOf({ tx, now }: Pick<TransactionContext, 'tx' | 'now'>, project: Id<'project'>) {
  const settings = await settingsOf(tx, project)
  const spent = await epsilonSpent(tx, project)
  return {
    ...settings,
    epsilon_spent: spent,
    epsilon_left: Math.max(0, settings.epsilon_total - spent),
    questions_today: await questionsOn(tx, project, now),
    runs: await countRuns(tx, project),
    released: await countReleased(tx, project),
  }
}

/** They are terms of the project: whoever sees it sees them, and whoever lets it begin sets them. */
const limitsOf = ({ project }: { readonly project: string }) => ({ type: 'project', id: project, scope: { kind: 'project' as const, id: project } })

export const readBudget = operation({
  name: 'query.read_budget',
  summary: 'The privacy budget and the floor of a project',
  input: inputOfProject,
  output: budgetView,
  access: { action: 'read', on: limitsOf },
  audit: { none: 'settings and sums of a project; nothing about a person' },
  http: { method: 'GET', path: '/v1/projects/:project/query-budget' },
  example: { input: { project: exampleProject } },
  run: (ctx, { project }) => viewOf(ctx, project),
})

export const setBudget = operation({
  name: 'query.set_budget',
  summary: 'Set the privacy budget and the floor of a project',
  description: 'By whoever lets projects begin, and so never by those who work in it. What was spent stays spent.',
  input: inputOfProject.extend(projectSettings.shape),
  output: budgetView,
  access: { action: 'publish', on: limitsOf },
  audit: ({ project }, { epsilon_total, floor, clean_results, questions_per_day, linkage_unit }) => ({
    object: { kind: 'project', id: project },
    details: { epsilon_total, floor, clean_results, questions_per_day, linkage_unit },
  }),
  stepUp: true,
  http: { method: 'PUT', path: '/v1/projects/:project/query-budget' },
  example: { input: { project: exampleProject, epsilon_total: 2, floor: 10, clean_results: 'reviewed', questions_per_day: 1_000, linkage_unit: false } },
  problems: [doorProblems.not_found],
  async run(ctx, { project, ...settings }) {
    if ((await projectById(ctx.tx, project)) === undefined) return refuse(doorProblems.not_found)
    await setSettings(ctx.tx, project, settings)
    return viewOf(ctx, project)
  },
})
