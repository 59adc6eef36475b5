import { idSchema } from '@gatehouse/core/schema'
import { operation, Refusal, refuse } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { requestReview } from '../approvals/index.ts'
import { announce, changeable } from './change.ts'
import { projectsProblems } from './problems.ts'
import { exampleId, fitsKind, formOfSource, inProject, limits, projectInput, type Source, sourceReference, sourceSchema } from './schema.ts'
import { deleteSource, holderOf, insertSource, lockSource, membersOf, sourcesOf } from './store.ts'

const facts = ({ project }: { readonly project: string }, { id, kind }: Source) => ({ object: { kind: 'project', id: project }, details: { source: id, kind } })

export const addSource = operation({
  name: 'projects.add_source',
  summary: 'Say what a project works with',
  description:
    'It gives no right by itself: what members may do with it comes with their roles and with the policies of the institution. Where it has a holder, the holder approves the project and its members first: it is `asked` and a review is open (`membership`).',
  input: projectInput.extend({ kind: sourceSchema.shape.kind, reference: sourceReference }).refine(fitsKind, formOfSource),
  output: sourceSchema,
  access: { action: 'update', on: inProject },
  audit: facts,
  http: { method: 'POST', path: '/v1/projects/:project/sources', status: 201 },
  example: { input: { project: exampleId, kind: 'record_type', reference: 'customer' } },
  problems: [
    doorProblems.not_found,
    projectsProblems.step_refused,
    projectsProblems.source_there,
    projectsProblems.project_full,
    projectsProblems.people_alone,
  ],
  async run(ctx, { project: id, ...asked }) {
    const project = await changeable(ctx, id)
    if (project instanceof Refusal) return project
    if ((await sourcesOf(ctx.tx, id)).length >= limits.sourcesPerProject) return refuse(projectsProblems.project_full)
    await lockSource(ctx.tx, asked.kind, asked.reference)
    const held = (await holderOf(ctx.tx, asked.kind, asked.reference)) !== undefined
    if (held && (await membersOf(ctx.tx, id)).some(({ kind }) => kind === 'team')) return refuse(projectsProblems.people_alone)
    const source: Source = { id: ctx.newId<'source'>(), ...asked, state: held ? 'asked' : 'admitted', added_by: ctx.principal.id, added_at: ctx.now }
    if (!(await insertSource(ctx.tx, id, source))) return refuse(projectsProblems.source_there)
    if (held) {
      const review = await requestReview(ctx, 'membership', source.id)
      if (review instanceof Refusal) {
        await deleteSource(ctx.tx, id, source.id)
        return review
      }
    }
    announce(ctx, project)
    return source
  },
})

export const removeSource = operation({
  name: 'projects.remove_source',
  summary: 'Take back that a project works with something',
  input: projectInput.extend({ source: idSchema('source') }),
  output: sourceSchema,
  access: { action: 'update', on: inProject },
  audit: facts,
  http: { method: 'DELETE', path: '/v1/projects/:project/sources/:source' },
  example: { input: { project: exampleId, source: '0198c1de-7b3a-7c4d-8e5f-000000000002' } },
  problems: [doorProblems.not_found, projectsProblems.step_refused],
  async run(ctx, { project: id, source: sourceId }) {
    const project = await changeable(ctx, id)
    if (project instanceof Refusal) return project
    const source = await deleteSource(ctx.tx, id, sourceId)
    if (source === undefined) return refuse(doorProblems.not_found)
    announce(ctx, project)
    return source
  },
})
