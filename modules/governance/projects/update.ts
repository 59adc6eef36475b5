import { operation, Refusal, refuse } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { announce, changeable, factsOf, termsDigest } from './change.ts'
import { projectsProblems } from './problems.ts'
import { openRights } from './rights.ts'
import { agreementSchema, exampleId, inProject, type Project, projectInput, projectSchema, projectTerms } from './schema.ts'
import { changeProject, holdersOfProject } from './store.ts'

const { title, description, starts_at, ends_at } = projectTerms.shape

export const updateProject = operation({
  name: 'projects.update',
  summary: 'Change the terms of a project',
  description:
    'Its title, description, agreement and dates; its purpose never changes. An end that is moved is moved for every right in the project. With `if_revision` only what you have seen is changed. The entry in the ledger holds the digests of the terms before and after.',
  input: projectInput
    .extend({
      title: title.optional(),
      description: description.unwrap().optional(),
      agreement: agreementSchema.optional(),
      starts_at: starts_at.optional(),
      ends_at: ends_at.optional(),
      if_revision: z.int().min(1).optional(),
    })
    .refine(({ project: _, if_revision: __, ...changes }) => Object.keys(changes).length > 0, 'send what is to change'),
  output: projectSchema,
  access: { action: 'update', on: inProject },
  audit: (_input, project) => factsOf(project),
  stepUp: true,
  http: { method: 'PATCH', path: '/v1/projects/:project' },
  example: { input: { project: exampleId, ends_at: '2028-06-01T00:00:00Z' } },
  problems: [doorProblems.not_found, doorProblems.conflict, projectsProblems.step_refused, projectsProblems.dates_refused, projectsProblems.terms_approved],
  async run(ctx, { project: id, if_revision, ...changes }) {
    const before = await changeable(ctx, id)
    if (before instanceof Refusal) return before
    if (if_revision !== undefined && if_revision !== before.revision)
      return refuse(doorProblems.conflict, `the project is at revision ${before.revision}, and the change is for ${if_revision}`)
    const project: Project = { ...before, ...changes, revision: before.revision + 1 }
    // What has begun has begun.
    const moved = project.starts_at !== before.starts_at && before.state !== 'draft'
    if (moved || project.starts_at >= project.ends_at || project.ends_at <= ctx.now) return refuse(projectsProblems.dates_refused, undefined, factsOf(before))
    // What holders have judged, or are about to judge, is not made more than it was.
    const widened = project.ends_at > before.ends_at || JSON.stringify(project.agreement) !== JSON.stringify(before.agreement)
    if (widened && (await holdersOfProject(ctx.tx, id)).length > 0) return refuse(projectsProblems.terms_approved, undefined, factsOf(before))
    await changeProject(ctx.tx, project)
    if (project.state === 'active' && project.ends_at !== before.ends_at) await openRights(ctx, project)
    ctx.describe({ details: { changed: Object.keys(changes), before: termsDigest(ctx, termsOf(before)), after: termsDigest(ctx, termsOf(project)) } })
    announce(ctx, project)
    return project
  },
})

const termsOf = ({ title, description, purpose, agreement, starts_at, ends_at }: Project) => ({ title, description, purpose, agreement, starts_at, ends_at })
