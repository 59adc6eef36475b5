import { slugSchema } from '@gatehouse/core/schema'
import { operation, refuse } from '@gatehouse/runtime/door/operation'
import { findPartner, inGoodStanding } from '../partners/index.ts'
import { announce, factsOf } from './change.ts'
import { projectsProblems } from './problems.ts'
import { refusedPurpose } from './purpose.ts'
import { type Project, projectSchema, projectTerms } from './schema.ts'
import { projectLife } from './states.ts'
import { insertProject } from './store.ts'

export const createProject = operation({
  name: 'projects.create',
  summary: 'Propose a project',
  description:
    'A project has a purpose, members, sources, an agreement and an end; where it works for a partner, it rests while that partner is not in good standing. Nothing is allowed in it before it begins, and nothing after its end.',
  input: projectTerms.extend({ partner: slugSchema.optional() }),
  output: projectSchema,
  access: { action: 'create', on: () => ({ type: 'project' }) },
  audit: (_input, project) => ({ ...factsOf(project), purpose: project.purpose }),
  http: { method: 'POST', path: '/v1/projects', status: 201 },
  example: {
    input: {
      title: 'Falls of the elderly at home',
      purpose: 'dpv:ScientificResearch',
      agreement: { reference: 'DSA 2026/17' },
      starts_at: '2026-12-01T00:00:00Z',
      ends_at: '2028-12-01T00:00:00Z',
    },
  },
  problems: [projectsProblems.partner_unknown, projectsProblems.purpose_unknown, projectsProblems.dates_refused],
  async run(ctx, { partner: reference, ...input }) {
    const refused = await refusedPurpose(ctx, [input.purpose])
    if (refused !== undefined) return refused
    if (input.starts_at >= input.ends_at || input.ends_at <= ctx.now) return refuse(projectsProblems.dates_refused)
    const partner = reference === undefined ? undefined : await findPartner(ctx.tx, reference)
    if (reference !== undefined && !inGoodStanding(partner, ctx.now)) return refuse(projectsProblems.partner_unknown)
    const project: Project = {
      ...input,
      partner: partner?.id ?? null,
      id: ctx.newId<'project'>(),
      state: projectLife.initial,
      revision: 1,
      created_by: ctx.principal.id,
      created_at: ctx.now,
    }
    await insertProject(ctx.tx, project)
    announce(ctx, project)
    return project
  },
})
