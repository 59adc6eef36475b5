/** The steps in the life of a project. To let it begin, or go on, is another right than to stop it. */
import { operation, Refusal, refuse, type TransactionContext } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { announce, changeable, factsOf } from './change.ts'
import { projectsProblems } from './problems.ts'
import { closeRights, openRights } from './rights.ts'
import { exampleId, inProject, type Project, projectInput, projectSchema } from './schema.ts'
import { type ProjectEvent, projectLife } from './states.ts'
import { changeProject } from './store.ts'

const { step_refused, dates_refused, agreement_missing } = projectsProblems

const step = (event: ProjectEvent, action: 'publish' | 'update', summary: string, description: string) =>
  operation({
    name: `projects.${event}`,
    summary,
    description,
    input: projectInput,
    output: projectSchema,
    access: { action, on: inProject },
    audit: (_input, project) => factsOf(project),
    stepUp: true,
    http: { method: 'POST', path: `/v1/projects/:project/${event}` },
    example: { input: { project: exampleId } },
    problems: [doorProblems.not_found, step_refused, ...(event === 'begin' ? [dates_refused, agreement_missing] : [])],
    run: (ctx, { project }) => take(ctx, project, event),
  })

async function take(ctx: TransactionContext, id: Project['id'], event: ProjectEvent): Promise<Project | Refusal> {
  const before = await changeable(ctx, id)
  if (before instanceof Refusal) return before
  const state = projectLife.next(before.state, event)
  if (state === undefined) return refuse(step_refused, `the project is ${before.state}`, factsOf(before))
  if (event === 'begin' && before.starts_at > ctx.now) return refuse(dates_refused, 'its first day lies ahead', factsOf(before))
  if (event === 'begin' && before.agreement === null) return refuse(agreement_missing, undefined, factsOf(before))
  const project = { ...before, state, revision: before.revision + 1 }
  await changeProject(ctx.tx, project)
  await (state === 'active' ? openRights(ctx, project) : closeRights(ctx, project))
  announce(ctx, project)
  return project
}

export const beginProject = step(
  'begin',
  'publish',
  'Let a project begin',
  'From here on the roles of its members hold in it, until its end. It has an agreement, and its first day has come.',
)
export const suspendProject = step(
  'suspend',
  'update',
  'Suspend a project',
  'Nobody has a right in it until it goes on: requests, jobs and open streams end within a second.',
)
export const resumeProject = step('resume', 'publish', 'Let a suspended project go on', 'The roles of its members hold again.')
export const endProject = step('end', 'update', 'End a project', 'For good, and at once: nothing is allowed in it any more.')
