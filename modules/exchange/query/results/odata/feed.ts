/**
 * A released result as an OData 4 feed, for spreadsheets and BI tools. Filters choose among rows that have left disclosure control already,
 * so whatever is subtracted from whatever stays within one release that was judged whole: they spend no budget.
 */
import type { Id } from '@gatehouse/core/id'
import { type FileAnswer, operation, Refusal, refuse, type StepsContext } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { problems } from '../../problems.ts'
import { inProject } from '../../schema.ts'
import { leavingResult } from '../leaving.ts'
import { exampleResult } from '../read.ts'
import { cellValue, resultInput } from '../schema.ts'
import type { ResultRow } from '../store.ts'
import { type OpenResult, openResult } from '../table.ts'
import { resultFacts } from '../view.ts'
import { csdlJson, csdlXml, entitySet } from './csdl.ts'
import { recordFetch } from './hours.ts'
import { type FeedOptions, type FeedQuestion, feedOptions, nextLink, readOptions } from './options.ts'
import { countOf, pageOf } from './page.ts'

const path = '/v1/projects/:project/results/:result/odata'
const pathOf = ({ node }: StepsContext, project: string, result: string) => `${node.addresses.origin}/v1/projects/${project}/results/${result}/odata`
const asks = [doorProblems.not_found, problems.result_held, problems.result_ended, problems.stays_here, problems.format_not_planned]

interface Feed {
  readonly result: ResultRow
  readonly open: OpenResult
}

/** Asked for every page: what ended since the page before ends the feed. */
async function feedOf(ctx: StepsContext, project: Id<'project'>, id: Id<'query_result'>): Promise<Feed | Refusal> {
  const found = await ctx.step(async (tx) => {
    const found = await leavingResult(ctx, tx, project, id)
    if (found instanceof Refusal) return found
    // The feed is JSON; a plan that gives out none has none.
    return found.version.document.output.formats.includes('json') ? found : refuse(problems.format_not_planned, undefined, resultFacts(found.result))
  })
  if (found instanceof Refusal) return found
  const open = await openResult(ctx.node, ctx.tenant, found.result)
  return open === undefined ? refuse(problems.result_ended, undefined, resultFacts(found.result)) : { result: found.result, open }
}

export const feedService = operation({
  name: 'query.feed_service',
  kind: 'steps',
  summary: 'A result for BI tools: the service document of its OData feed',
  description: 'The address to give to Excel, Power BI or any other client of OData 4. It takes an API key as the password of HTTP Basic, with any user name.',
  input: resultInput.extend({ $format: feedOptions.shape.$format }),
  output: z.strictObject({
    '@odata.context': z.string(),
    value: z.array(z.strictObject({ name: z.string(), kind: z.string(), url: z.string() })),
  }),
  access: { action: 'export', on: inProject('query_result') },
  audit: { none: 'it names one list of rows; nothing that stands in them' },
  http: { method: 'GET', path, speaks: 'odata' },
  example: { input: exampleResult },
  problems: asks,
  async run(ctx, { project, result }) {
    const feed = await feedOf(ctx, project, result)
    if (feed instanceof Refusal) return feed
    return { '@odata.context': `${pathOf(ctx, project, result)}/$metadata`, value: [{ name: entitySet, kind: 'EntitySet', url: entitySet }] }
  },
})

export const feedMetadata = operation({
  name: 'query.feed_metadata',
  kind: 'steps',
  answers: 'file',
  mediaTypes: ['application/xml', 'application/json'],
  summary: 'The columns of an OData feed',
  description: 'CSDL in XML, which Excel and Power BI read, or in JSON by `$format=json`.',
  input: resultInput.extend({ $format: feedOptions.shape.$format }),
  output: z.custom<FileAnswer>(),
  access: { action: 'export', on: inProject('query_result') },
  audit: { none: 'names and types of columns; nothing that stands in them' },
  http: { method: 'GET', path: `${path}/$metadata`, speaks: 'odata' },
  example: { input: exampleResult },
  problems: asks,
  async run(ctx, { project, result, $format }) {
    const feed = await feedOf(ctx, project, result)
    if (feed instanceof Refusal) return feed
    const { fields } = feed.open.manifest
    const json = $format === 'json' || $format === 'application/json'
    return {
      mediaType: json ? 'application/json' : 'application/xml',
      chunks: text(json ? JSON.stringify(csdlJson(fields)) : csdlXml(fields)),
    }
  },
})

const rowsInput = resultInput.extend(feedOptions.shape)

export const feedRows = operation({
  name: 'query.feed_rows',
  kind: 'steps',
  summary: 'The rows of an OData feed',
  description:
    'In the order of the result, 5,000 at most, with `@odata.nextLink` to the next. `$top`, `$skip`, `$select`, `$count` and a part of `$filter` are spoken; `$orderby` is refused by its name.',
  input: rowsInput,
  output: z.strictObject({
    '@odata.context': z.string(),
    '@odata.count': z.int().optional(),
    value: z.array(z.record(z.string(), cellValue)),
    '@odata.nextLink': z.string().optional(),
  }),
  access: { action: 'export', on: inProject('query_result') },
  audit: { none: 'one entry for each reader, result and hour, written before the first of its rows, and one with the sums behind it' },
  http: { method: 'GET', path: `${path}/${entitySet}`, speaks: 'odata' },
  example: { input: { ...exampleResult, $top: '10', $filter: 'birth_year ge 1980' } },
  problems: [...asks, problems.filter_wrong, problems.odata_unspoken],
  async run(ctx, { project, result: id, ...options }) {
    const feed = await feedOf(ctx, project, id)
    if (feed instanceof Refusal) return feed
    const question = questionOf(feed, options)
    if (question instanceof Refusal) return question
    const page = await pageOf(ctx.node, feed.open, question)
    const count = question.counted ? await countOf(ctx.node, feed.open, question) : undefined
    await recordFetch(ctx, feed.result, page.rows.length)
    const base = pathOf(ctx, project, id)
    return {
      '@odata.context': `${base}/$metadata#${entitySet}`,
      ...(count === undefined ? {} : { '@odata.count': count }),
      value: [...page.rows],
      ...(page.next === undefined ? {} : { '@odata.nextLink': nextLink(`${base}/${entitySet}`, options, page.next, question.wanted - page.rows.length) }),
    }
  },
})

export const feedCount = operation({
  name: 'query.feed_count',
  kind: 'steps',
  answers: 'file',
  mediaTypes: ['text/plain'],
  summary: 'How many rows of an OData feed hold',
  input: resultInput.extend({ $filter: feedOptions.shape.$filter }),
  output: z.custom<FileAnswer>(),
  access: { action: 'export', on: inProject('query_result') },
  audit: { none: 'counted with the fetches of rows of its reader and hour' },
  http: { method: 'GET', path: `${path}/${entitySet}/$count`, speaks: 'odata' },
  example: { input: exampleResult },
  problems: [...asks, problems.filter_wrong],
  async run(ctx, { project, result: id, $filter }) {
    const feed = await feedOf(ctx, project, id)
    if (feed instanceof Refusal) return feed
    const question = questionOf(feed, { $filter } as FeedOptions)
    if (question instanceof Refusal) return question
    const rows = await countOf(ctx.node, feed.open, question)
    await recordFetch(ctx, feed.result, 0)
    return { mediaType: 'text/plain', chunks: text(String(rows)) }
  },
})

async function* text(whole: string): AsyncGenerator<string, void, undefined> {
  yield whole
}

function questionOf({ result, open }: Feed, options: FeedOptions): FeedQuestion | Refusal {
  const read = readOptions(options, open.manifest.fields)
  if (read.ok) return read.question
  return refuse(read.fault === 'unspoken' ? problems.odata_unspoken : problems.filter_wrong, read.detail, resultFacts(result))
}
