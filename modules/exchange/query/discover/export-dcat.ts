import { Readable } from 'node:stream'
import { type FileAnswer, operation, refuse, type StepsContext } from '@gatehouse/runtime/door/operation'
import { z } from 'zod'
import { searchTables } from '../../../custody/catalog/index.ts'
import { readOwnTenant } from '../../../governance/tenancy/index.ts'
import { problems } from '../problems.ts'
import { exampleProject, inProject, inputOfProject } from '../schema.ts'
import { offersTo, type Viewer, viewerOf } from './catalogue.ts'
import { dcatCatalogue } from './dcat.ts'
import { entryDetail } from './entry-detail.ts'
import { limits } from './schema.ts'

const mediaType = 'application/ld+json'
const pageSize = 100

export const exportCatalogue = operation({
  name: 'query.export_catalogue',
  summary: 'Export the catalogue as a project sees it, as DCAT',
  description: `DCAT 3 in the profile DCAT-AP 3.0.1, as JSON-LD, of at most ${limits.exportedMax} tables: what the project is told of them in any other way too.`,
  kind: 'steps',
  answers: 'file',
  mediaTypes: [mediaType],
  input: inputOfProject,
  output: z.custom<FileAnswer>(),
  access: { action: 'read', on: inProject('catalogue') },
  audit: { none: 'it tells tables and what is offered, and no record' },
  http: { method: 'GET', path: '/v1/projects/:project/catalogue.dcat' },
  example: { input: { project: exampleProject } },
  problems: [problems.project_closed],
  async run(ctx, { project }) {
    const viewer = await ctx.step((tx) => viewerOf(tx, ctx.node, project, ctx.now))
    if (viewer === undefined) return refuse(problems.project_closed)
    const own = await ctx.step((tx) => readOwnTenant(tx))
    const catalogue = dcatCatalogue({
      base: `${ctx.node.addresses.origin}/v1/projects/${project}/catalogue`,
      institution: { id: ctx.tenant, name: own?.name ?? ctx.tenant },
      project: viewer.project,
      entries: await entries(ctx, viewer),
      issued: ctx.now,
    })
    return { name: 'catalogue.jsonld', mediaType, chunks: Readable.from([`${JSON.stringify(catalogue, null, 2)}\n`]) }
  },
})

async function entries(ctx: StepsContext, viewer: Viewer) {
  const found: Parameters<typeof dcatCatalogue>[0]['entries'][number][] = []
  let after: string | undefined
  while (found.length < limits.exportedMax) {
    const page = await ctx.step(async (tx) => {
      const tables = await searchTables(tx, { search: undefined, known: [], after, limit: pageSize })
      const told = []
      for (const table of tables) told.push({ entry: await entryDetail(tx, ctx.tenant, viewer, table), policies: offersTo(viewer, table.reference) })
      return told
    })
    found.push(...page)
    if (page.length < pageSize) break
    after = page.at(-1)?.entry.reference
  }
  return found
}
