import { operation, refuse } from '@gatehouse/runtime/door/operation'
import { z } from 'zod'
import { lineageEvents, type RunEvent, runEventSchema } from '../../../custody/catalog/index.ts'
import { openProject } from '../../../governance/projects/index.ts'
import { problems } from '../problems.ts'
import { exampleProject, inProject, inputOfProject } from '../schema.ts'

export const exportLineage = operation({
  name: 'query.export_lineage',
  summary: 'Export the lineage of a project’s runs',
  description:
    'Events of OpenLineage 2-0-2, oldest first, one to a line: which tables and columns each result was made from, and how. They name tables and columns, and no record.',
  kind: 'steps',
  answers: 'rows',
  input: inputOfProject,
  output: runEventSchema.or(z.custom<AsyncIterable<RunEvent>>()),
  access: { action: 'read', on: inProject('catalogue') },
  audit: { none: 'it tells tables, columns and times, and no record' },
  http: { method: 'GET', path: '/v1/projects/:project/lineage' },
  example: { input: { project: exampleProject } },
  problems: [problems.project_closed],
  async run(ctx, { project }) {
    const open = await ctx.step((tx) => openProject(tx, project, ctx.now))
    if (open === undefined) return refuse(problems.project_closed)
    return lineageEvents((act) => ctx.step(act), project)
  },
})
