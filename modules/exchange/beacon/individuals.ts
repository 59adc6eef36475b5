/**
 * Are there individuals like this, and how many? The answer is a cohort count of the query module after disclosure control, asked in
 * the name of the beacon's project: its purpose, its tables, its floor, the objections of the people in them. Coarser than asked where
 * a figure would tell of a few, and it says so.
 */
import type { Id } from '@gatehouse/core/id'
import { anonymous } from '@gatehouse/runtime/base/context'
import { operation, Refusal, refuse, type StepsContext } from '@gatehouse/runtime/door/operation'
import { z } from 'zod'
import { type CatalogTable, tableByReference } from '../../custody/catalog/index.ts'
import { type AskedCohort, askCohort } from '../query/index.ts'
import { type Received, responseMeta } from './answers.ts'
import { type Filter, filtersSchema, readFilters } from './filters.ts'
import { beaconPath, ofInstitution, openBeacon } from './open.ts'
import { type AskedTable, askedTable, planOf } from './plan.ts'
import { problems } from './problems.ts'
import { type BeaconSetting, granularityAt, type Level, limits } from './schema.ts'
import { tally } from './store.ts'

const granularity = z.enum(['boolean', 'count', 'record'])
const page = { skip: z.coerce.number().int().min(0).max(1_000_000).optional(), limit: z.coerce.number().int().min(0).max(1_000_000).optional() }
const responses = z.enum(['ALL', 'HIT', 'MISS', 'NONE'])
const schemas = z.array(z.looseObject({})).max(20)

const posted = ofInstitution.extend({
  $schema: z.string().max(500).optional(),
  meta: z.looseObject({ apiVersion: z.string().max(20), requestedSchemas: schemas.optional() }),
  query: z
    .strictObject({
      filters: filtersSchema.default([]),
      requestedGranularity: granularity.default('boolean'),
      includeResultsetResponses: responses.optional(),
      pagination: z.looseObject(page).default({}),
      requestParameters: z.union([z.record(z.string(), z.unknown()), z.array(z.unknown()).max(100)]).optional(),
      testMode: z.boolean().optional(),
    })
    .default({ filters: [], requestedGranularity: 'boolean', pagination: {} }),
})

const output = z.strictObject({
  meta: z.looseObject({ beaconId: z.string(), apiVersion: z.string(), returnedGranularity: z.enum(['boolean', 'count']) }),
  responseSummary: z.strictObject({ exists: z.boolean(), numTotalResults: z.int().optional() }),
  info: z.strictObject({ fewest: z.int(), rounded_to: z.int(), note: z.string() }),
})

const common = {
  kind: 'steps',
  output,
  access: { public: 'who is answered how is said by the institution; whoever has a right in its project is told more' },
  audit: { none: 'each answer is written with an entry of its own, beacon.answered, in the institution’s log' },
  problems: Object.values(problems).filter((kind) => kind !== problems.terms_unfit),
} as const

export const postIndividuals = operation({
  ...common,
  name: 'beacon.individuals',
  summary: 'Beacon: whether there are such individuals, and how many',
  description:
    'Boolean and count; records are refused. Figures are rounded to 5 and told of no fewer than the floor; what differs from an earlier answer in a few people is answered alike.',
  input: posted,
  http: { method: 'POST', path: `${beaconPath}/individuals`, speaks: 'beacon' },
  run: (ctx, { tenant, meta, query }) => answer(ctx, tenant, { apiVersion: meta.apiVersion, ...query }),
})

export const getIndividuals = operation({
  ...common,
  name: 'beacon.individuals_get',
  summary: 'Beacon: whether there are such individuals, by terms alone',
  description: 'Filters are ids of terms, with commas between. What compares values is asked by POST.',
  input: ofInstitution.extend({
    filters: z.string().max(2_000).optional(),
    requestedGranularity: granularity.default('boolean'),
    requestedSchema: z.string().max(500).optional(),
    includeResultsetResponses: responses.optional(),
    testMode: z.enum(['true', 'false']).optional(),
    ...page,
  }),
  http: { method: 'GET', path: `${beaconPath}/individuals`, speaks: 'beacon' },
  run(ctx, { tenant, filters = '', requestedGranularity, skip, limit }) {
    const ids = filters.split(',').filter((id) => id !== '')
    if (ids.length > limits.filtersMax) return Promise.resolve(refuse(problems.filter_wrong, `at most ${limits.filtersMax} filters`))
    return answer(ctx, tenant, { apiVersion: 'v2.0', requestedGranularity, filters: ids.map((id) => ({ id })), pagination: { skip, limit } })
  },
})

interface Question extends Omit<Received, 'requestedGranularity'> {
  readonly requestedGranularity: z.output<typeof granularity>
  readonly filters: readonly Filter[]
  readonly requestParameters?: object | undefined
}

async function answer(ctx: StepsContext, tenant: Id<'tenant'>, question: Question): Promise<z.output<typeof output> | Refusal> {
  const { node } = ctx
  const beacon = await openBeacon(node, tenant)
  if (beacon instanceof Refusal) return beacon
  const { setting } = beacon
  if (ctx.principal.kind === 'anonymous') await ctx.actAs({ ...anonymous, tenant })
  else if (ctx.tenant !== tenant) return refuse(problems.elsewhere)
  const level = await levelOf(ctx, setting)
  const finest = granularityAt(setting, level)
  if (finest === 'none') return refuse(problems.level_refused)
  if (!/^v?2(\.|$)/.test(question.apiVersion)) return refuse(problems.version_unspoken)
  if (question.requestedGranularity === 'record') return refuse(problems.record_refused)
  if (Object.keys(question.requestParameters ?? {}).length > 0) return refuse(problems.parameters_unspoken)
  if ((await ctx.step((tx) => tally(tx, level, ctx.now))) > limits.questionsPerMinute[level]) return refuse(problems.rate_limited)

  const asked = await tablesAsked(ctx, setting, question.filters)
  if (asked instanceof Refusal) return asked
  const want = finest === 'count' && question.requestedGranularity === 'count' ? 'count' : 'exists'
  const told = await askCohort(ctx, { project: setting.project, document: planOf(asked.tables, asked.where), want, questionsPerDay: setting.questions_per_day })
  if (told instanceof Refusal) return told
  await ctx.step((tx) =>
    ctx.record(tx, 'beacon.answered', {
      object: { kind: 'project', id: setting.project },
      details: { level, filters: question.filters.map(({ id }) => id), granularity: told.told === 'count' ? 'count' : 'boolean' },
    }),
  )
  return answerOf(setting, { ...question, requestedGranularity: question.requestedGranularity }, told)
}

function answerOf(setting: BeaconSetting, received: Received, told: AskedCohort): z.output<typeof output> {
  const counted = told.told === 'count'
  return {
    meta: responseMeta(setting, counted ? 'count' : 'boolean', received),
    responseSummary: { exists: told.told !== 'too_few', ...(counted ? { numTotalResults: told.people } : {}) },
    info: {
      fewest: told.floor,
      rounded_to: 5,
      note: `exists is true from ${told.floor} individuals on; figures are rounded to 5, and whoever differs from an earlier question in a few people is answered alike`,
    },
  }
}

/** Everybody, whoever the institution knows, and whoever may run queries in the beacon's project. */
async function levelOf(ctx: StepsContext, { project }: BeaconSetting): Promise<Level> {
  if (ctx.principal.kind === 'anonymous') return 'PUBLIC'
  return (await ctx.may('create', { type: 'query_run', scope: { kind: 'project', id: project } })) ? 'CONTROLLED' : 'REGISTERED'
}

async function tablesAsked(ctx: StepsContext, { terms, individuals }: BeaconSetting, filters: readonly Filter[]) {
  const references = [...new Set([individuals, ...terms.filter(({ id }) => filters.some((filter) => filter.id === id)).map(({ table }) => table)])]
  const tables = await ctx.step(async (tx) => {
    const found = new Map<string, CatalogTable>()
    for (const reference of references) {
      const table = await tableByReference(tx, reference)
      if (table !== undefined) found.set(reference, table)
    }
    return found
  })
  const read = readFilters(filters, terms, (table, column) => tables.get(table)?.columns.find(({ name }) => name === column)?.type)
  if (!read.ok) return refuse(problems[read.fault], read.detail)
  const asked: AskedTable[] = []
  // Only the tables that the question is about: the others would leave people out who are in them and not here.
  for (const reference of references.filter((one) => one === individuals || read.where.has(one))) {
    const table = askedTable(reference, tables.get(reference))
    if (table === undefined) return refuse(problems.filter_unknown, 'what the question is about is not in the catalogue any more')
    asked.push(table)
  }
  return { tables: asked, where: read.where }
}
