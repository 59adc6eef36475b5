/**
 * The released results of a project on another Gatehouse, each a table. They are read by that node's own pages with a key of an account there,
 * which is asked for its right and written into its ledger at every page; its floor, its form and its end come along.
 */
import { type Field, fieldTypes, isFieldName, type Sensitivity } from '@gatehouse/tabular/field'
import type { SourceRecord } from '@gatehouse/tabular/value'
import { z } from 'zod'
import { type Connection, type Connector, ConnectorError, type DiscoveredTable } from '../connector.ts'
import { type HttpAccess, httpAccess } from '../http/access.ts'
import { addressSchema, below } from '../http/address.ts'
import type { JsonClient } from '../http/client.ts'
import { pagesOf } from '../http/pages.ts'
import { isObject, type Json, memberOf } from '../json/document.ts'
import { flatten } from '../json/flatten.ts'
import { reading } from '../reading.ts'
import { say } from '../words.ts'

const uuid = z.uuid('the id of it, as that node writes it')

const gatehouseSettings = z.strictObject({
  url: addressSchema.describe('The address of the other node, such as https://gatehouse.example.org'),
  project: uuid,
  results: z.array(uuid).min(1).max(200).optional().describe('Which are tables; all that are released where left out'),
})
type GatehouseSettings = z.output<typeof gatehouseSettings>

const secretSchema = z.strictObject({
  key: z
    .string()
    .max(200)
    .regex(/^ghk_[A-Za-z0-9_-]+$/, 'an API key of that node (ghk_…)'),
})

export const gatehouse: Connector<GatehouseSettings> = {
  kind: 'gatehouse',
  title: 'Another Gatehouse',
  settings: gatehouseSettings as Connector<GatehouseSettings>['settings'],
  secret: secretSchema,
  resumes: false,
  async open({ node }, settings, secret) {
    return connection(settings, httpAccess(node, undefined, { bearer: (secret as z.output<typeof secretSchema>).key }))
  },
}

const rowsPerPage = 1_000
const resultsMax = 200

const columnSchema = z.object({ name: z.string().refine(isFieldName), type: z.enum(fieldTypes), role: z.string().max(40) })
const resultSchema = z.object({
  id: uuid,
  title: z.string().max(500),
  form: z.string().max(40),
  state: z.string().max(40),
  rows: z.int().min(0),
  expires_at: z.string().max(40),
  columns: z.array(columnSchema).min(1).max(4_096),
  report: z.object({ floor: z.int().min(0).max(1_000_000) }),
})
type Result = z.output<typeof resultSchema>

function connection({ url: base, project, results }: GatehouseSettings, { client, closing, close }: HttpAccess): Connection {
  const host = new URL(base).hostname
  const at = (path: string) => below(base, `v1/projects/${project}/results${path}`)
  async function resultOf(asking: JsonClient, id: string): Promise<Result> {
    const parsed = resultSchema.safeParse((await asking.ask(at(`/${id}`))).json)
    if (!parsed.success) throw new ConnectorError('unsupported', say('result_undescribed', { host }))
    if (parsed.data.state !== 'released') throw new ConnectorError('drifted', say('result_not_released', { host, result: id, state: parsed.data.state }))
    return parsed.data
  }
  return {
    async check() {
      const url = at('')
      url.searchParams.set('limit', '1')
      const { json } = await client().ask(url)
      if (!Array.isArray(memberOf(json, 'data'))) throw new ConnectorError('unsupported', say('not_gatehouse', { host }))
      return { server: `Gatehouse at ${host}`, readOnly: true }
    },
    async discover() {
      const asking = client()
      const tables: DiscoveredTable[] = []
      for (const id of results ?? (await releasedIn(asking, at('')))) tables.push(tableOf(await resultOf(asking, id)))
      return tables
    },
    read(request) {
      const id = request.table.name
      if (!uuid.safeParse(id).success) throw new ConnectorError('unsupported', say('result_absent', { host }))
      return reading(
        request,
        closing,
        () => false,
        async function* pages({ plan, signal }) {
          const asking = client(signal)
          const now = new Map((await resultOf(asking, id)).columns.map((column) => [column.name, column.type]))
          for (const { column, field } of plan.columns) {
            if (now.get(column) !== field.type) throw new ConnectorError('drifted', say('result_no_column', { host, result: id, column, type: field.type }))
          }
          const first = at(`/${id}/rows`)
          first.searchParams.set('limit', String(request.sample ? Math.min(request.rowsMax, rowsPerPage) : rowsPerPage))
          yield* pagesOf(asking, first, id, ({ json }) => pageOf(json, first, host))
        },
      )
    },
    close,
  }
}

async function releasedIn(client: JsonClient, first: URL): Promise<string[]> {
  first.searchParams.set('limit', '100')
  const found: string[] = []
  const pages = pagesOf(client, first, 'the results', ({ json }) => {
    const data = memberOf(json, 'data')
    if (!Array.isArray(data)) throw new ConnectorError('unsupported', say('not_gatehouse', { host: first.hostname }))
    return { rows: data as readonly Json[], next: cursorOf(json, first) }
  })
  for await (const page of pages) {
    for (const result of page) if (memberOf(result, 'state') === 'released') found.push(String(memberOf(result, 'id')))
    if (found.length >= resultsMax) break
  }
  return found.slice(0, resultsMax)
}

function pageOf(json: Json, first: URL, host: string): { readonly rows: readonly SourceRecord[]; readonly next: URL | undefined } {
  const data = memberOf(json, 'data')
  if (!Array.isArray(data) || !(data as readonly Json[]).every(isObject)) throw new ConnectorError('unsupported', say('no_page', { host }))
  return { rows: data.map((row) => flatten(row, host)), next: cursorOf(json, first) }
}

function cursorOf(json: Json, first: URL): URL | undefined {
  const cursor = memberOf(json, 'next')
  if (typeof cursor !== 'string') return undefined
  const next = new URL(first)
  next.searchParams.set('cursor', cursor)
  return next
}

/** What each role of a column there tells of a person. A role that we do not know tells the most. */
const sensitivities: Readonly<Record<string, Sensitivity>> = { quasi: 'quasi_identifier', sensitive: 'sensitive', insensitive: 'plain', figure: 'plain' }

function tableOf({ id, title, form, rows, expires_at, columns, report }: Result): DiscoveredTable {
  return {
    name: id,
    title,
    description: `A result in the form ${form} of another Gatehouse, which ends at ${expires_at}`,
    floor: report.floor,
    columns: columns.map(({ name, type, role }) => {
      const field: Field = {
        name,
        type,
        sensitivity: (Object.hasOwn(sensitivities, role) ? sensitivities[role] : undefined) ?? 'direct_identifier',
        nullable: true,
      }
      return { column: name, physical: `${type}, ${role}`, field, declared: true }
    }),
    key: [],
    references: [],
    rows,
  }
}
