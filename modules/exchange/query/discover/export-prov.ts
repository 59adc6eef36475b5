import { type FileAnswer, operation, refuse } from '@gatehouse/runtime/door/operation'
import { z } from 'zod'
import { lineageEvents, provContext, provNodes, type RunEvent } from '../../../custody/catalog/index.ts'
import { openProject } from '../../../governance/projects/index.ts'
import { problems } from '../problems.ts'
import { exampleProject, inProject, inputOfProject } from '../schema.ts'

const mediaType = 'application/ld+json'

export const exportProvenance = operation({
  name: 'query.export_provenance',
  summary: 'Export the lineage of a project’s runs as W3C PROV',
  description:
    'The events of `lineage` in the words of PROV-O, as JSON-LD with its context: runs are activities, tables, results and their columns entities, plans what a run went by. They name tables and columns, and no record.',
  kind: 'steps',
  answers: 'file',
  mediaTypes: [mediaType],
  input: inputOfProject,
  output: z.custom<FileAnswer>(),
  access: { action: 'read', on: inProject('catalogue') },
  audit: { none: 'it tells tables, columns and times, and no record' },
  http: { method: 'GET', path: '/v1/projects/:project/lineage.prov' },
  example: { input: { project: exampleProject } },
  problems: [problems.project_closed],
  async run(ctx, { project }) {
    const open = await ctx.step((tx) => openProject(tx, project, ctx.now))
    if (open === undefined) return refuse(problems.project_closed)
    return {
      name: 'provenance.jsonld',
      mediaType,
      chunks: graphOf(lineageEvents((act) => ctx.step(act), project)),
    }
  },
})

/** Node by node, so that no graph lies in memory, however long the project has worked. */
async function* graphOf(events: AsyncIterable<RunEvent>): AsyncGenerator<string> {
  yield `{"@context":${JSON.stringify(provContext)},"@graph":[`
  let before = ''
  for await (const event of events)
    for (const node of provNodes(event)) {
      yield `${before}\n${JSON.stringify(node)}`
      before = ','
    }
  yield '\n]}\n'
}
