/** Any source that gives lists of JSON objects page by page. It is only ever asked by GET. */
import type { SourceRecord } from '@gatehouse/tabular/value'
import { type Connection, type Connector, ConnectorError, type ReadRequest } from '../connector.ts'
import { type HttpAccess, httpAccess } from '../http/access.ts'
import { below } from '../http/address.ts'
import type { JsonClient } from '../http/client.ts'
import { type Credential, credentialSchema } from '../http/credential.ts'
import { firstOf, pagesOf } from '../http/pages.ts'
import { isObject, pointedTo } from '../json/document.ts'
import { flatten } from '../json/flatten.ts'
import { sampledColumns, sampleRowsMax } from '../json/sampled.ts'
import { type Reading, reading } from '../reading.ts'
import { say } from '../words.ts'
import { firstPage, nextPage } from './paging.ts'
import { type RestSettings, type RestTable, restSettings } from './settings.ts'

export const rest: Connector<RestSettings> = {
  kind: 'rest',
  title: 'REST (JSON)',
  settings: restSettings as Connector<RestSettings>['settings'],
  secret: credentialSchema.optional(),
  resumes: false,
  async open({ node }, settings, secret) {
    return connection(settings, httpAccess(node, settings.oauth, secret as Credential | undefined))
  },
}

function connection(settings: RestSettings, { client, closing, close }: HttpAccess): Connection {
  const host = new URL(settings.url).hostname
  const tableOf = (name: string): RestTable => {
    const found = settings.tables.find((table) => table.name === name)
    if (found === undefined) throw new ConnectorError('drifted', say('settings_table_gone', { table: name }))
    return found
  }
  return {
    async check() {
      const [table] = settings.tables
      if (table !== undefined) await firstOf(pages(client(), requestOf(settings.url, table), table), 1)
      return { server: `REST at ${host}`, readOnly: true }
    },
    async discover() {
      const asking = client()
      return Promise.all(
        settings.tables.map(async (table) => {
          const rows = await firstOf(pages(asking, requestOf(settings.url, table), table), sampleRowsMax)
          const columns = sampledColumns(rows, table.types)
          const key = table.key.every((name) => columns.some(({ column }) => column === name)) ? table.key : []
          return { name: table.name, columns, key, references: [], rows: undefined }
        }),
      )
    },
    read(request: ReadRequest) {
      const table = tableOf(request.table.name)
      return reading(
        request,
        closing,
        (leaf, { column }) => 'is' in leaf && leaf.is === 'eq' && Object.hasOwn(table.filters, column),
        (given) => pages(client(given.signal), requestOf(settings.url, table, given), table),
      )
    },
    close,
  }
}

function requestOf(base: string, { path, query, size, columns, filters }: RestTable, given?: Reading): URL {
  const url = below(base, path)
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value)
  if (size !== undefined) url.searchParams.set(size.parameter, String(size.rows))
  if (given === undefined) return url
  if (columns !== undefined && given.plan.columns.length > 0)
    url.searchParams.set(columns.parameter, given.plan.columns.map(({ column }) => column).join(columns.separator))
  // Only what all rows have to meet can be said in parameters; the rest is judged over what comes.
  const { hint } = given
  for (const part of hint === undefined ? [] : 'all' in hint ? hint.all : [hint]) {
    if ('is' in part) url.searchParams.set(filters[given.columnOf(part.column).column] ?? '', String(part.value))
  }
  return url
}

function pages(client: JsonClient, start: URL, { paging, rows: pointer, name }: RestTable): AsyncGenerator<readonly SourceRecord[], void, undefined> {
  const first = firstPage(paging, start)
  let soFar = 0
  return pagesOf(client, first, name, (page) => {
    const list = pointedTo(page.json, pointer)
    if (!Array.isArray(list)) throw new ConnectorError('drifted', say('no_list', { host: first.hostname, table: name, pointer }))
    const rows = list.map((item) => {
      if (!isObject(item)) throw new ConnectorError('drifted', say('row_no_object', { host: first.hostname, table: name }))
      return flatten(item, name)
    })
    soFar += rows.length
    return { rows, next: nextPage(paging, first, page, { rows: rows.length, soFar }) }
  })
}
