import { basename, extname } from 'node:path'
import { must } from '@gatehouse/sdk/client'
import { type Command, InvalidArgumentError } from 'commander'
import { lookThrough } from '../files/look-through.ts'
import { readText } from '../files/read-text.ts'
import { sendTable } from '../files/send-table.ts'
import type { Connection } from '../node/connection.ts'
import { count, type Output, several } from '../terminal/output.ts'
import { openStep } from '../terminal/progress.ts'
import { act } from './act.ts'
import { allPages } from './all-pages.ts'

interface AddOptions {
  readonly kind: string
  readonly title?: string
  readonly settings?: string
  readonly set?: Record<string, unknown>
  readonly secret?: string
}

interface UploadOptions {
  readonly name?: string
  readonly title?: string
  readonly format?: 'csv' | 'ndjson' | 'json' | 'parquet' | 'xlsx'
  readonly sheet?: string
}

type Client = Connection['client']

export function addSource(program: Command): void {
  const source = program.command('source').description('where records can be read from: files that are sent, and databases and services that are asked')

  source
    .command('kinds')
    .description('which kinds there are, and what each asks for')
    .action(
      act(async ({ out, connect }) => {
        const { data } = must(await (await connect()).client.GET('/v1/source-kinds'))
        out.table(
          ['kind', 'what it is', 'settings', 'secret'],
          data.map((kind) => [
            kind.kind,
            `${kind.title}${kind.install === null ? '' : ` (add it with: ${kind.install})`}`,
            membersOf(kind.settings),
            membersOf(kind.secret),
          ]),
        )
        out.result(data)
      }),
    )

  source
    .command('list')
    .description('list the sources, with their health')
    .action(
      act(async ({ out, connect }) => {
        const sources = await allSources((await connect()).client)
        out.table(
          ['slug', 'kind', 'title', 'tables', 'state', 'health'],
          sources.map(({ slug, kind, title, tables, state, health }) => [slug, kind, title, tables, state, health.state]),
        )
        out.result(sources)
      }),
    )

  source
    .command('add')
    .description('name a source; see "gatehouse source kinds" for what each kind asks for')
    .argument('<slug>', 'how plans call it: small letters, digits and "-"')
    .requiredOption('--kind <kind>', 'file, postgresql, mysql, …')
    .option('--title <text>', 'what people call it; the slug where it is absent')
    .option('--set <name=value>', 'one setting, such as --set host=db.example.org; repeat it', setting)
    .option('--settings <file>', 'settings as a JSON file, instead of --set')
    .option('--secret <file>', 'the secret as a JSON file, such as {"user": …, "password": …}; never on the command line')
    .action(
      act(async ({ out, connect }, slug: string, options: AddOptions) => {
        const { client } = await connect()
        const settings = options.settings === undefined ? (options.set ?? {}) : await jsonIn(options.settings)
        const secret = options.secret === undefined ? {} : { secret: await jsonIn(options.secret) }
        const added = must(await client.POST('/v1/data-sources', { body: { slug, kind: options.kind, title: options.title ?? slug, settings, ...secret } }))
        out.say(`${added.slug} is a source: ${added.id}.`)
        out.say(added.kind === 'file' ? `Send a table with: gatehouse source upload ${slug} FILE` : `Look through it with: gatehouse source discover ${slug}`)
        out.result(added)
      }),
    )

  source
    .command('show')
    .description('a source and its tables, or one table with its columns, versions and changes')
    .argument('<reference>', 'a source, or source.table')
    .action(
      act(async ({ out, connect }, reference: string) => {
        const { client } = await connect()
        await (reference.includes('.') ? showTable(out, client, reference) : showSource(out, client, reference))
      }),
    )

  source
    .command('check')
    .description('see whether it answers, lets us in, and is as the catalogue knows it; status 1 where it does not')
    .argument('<source>')
    .action(
      act(async ({ out, connect }, slug: string) => {
        const { client } = await connect()
        const { id } = await sourceOf(client, slug)
        const step = openStep(!out.json)
        step.tell('asking the source')
        const checked = must(await client.POST('/v1/data-sources/{source}/check', { params: { path: { source: id } } }))
        step.end()
        const { health, detail, server, read_only: readOnly } = checked
        out.say(`${slug} is ${health}${detail === null ? '' : `: ${detail}`}.`)
        if (server !== null)
          out.say(`${server}; ${readOnly === true ? 'it keeps us from writing by itself' : 'the user could write there: give it one that cannot'}.`)
        showChanges(out, checked.changes)
        out.result(checked)
        if (health !== 'healthy') process.exitCode = 1
      }),
    )

  source
    .command('discover')
    .description('look through it for tables, and keep what is new; it goes on whoever leaves')
    .argument('<source>')
    .action(
      act(async ({ out, connect }, slug: string) => {
        const { client } = await connect()
        const { id } = await sourceOf(client, slug)
        const found = await lookThrough(client, id, !out.json)
        out.say(
          `${several(found.tables, 'table')}; ${found.changes.length === 0 ? 'nothing is new' : `${several(found.changes.length, 'table')} differ from the last time`}.`,
        )
        showChanges(out, found.changes)
        const { tables: more, columns } = found.left_out
        if (more + columns > 0)
          out.say(
            `Left out: ${several(more, 'table')} and ${several(columns, 'column')} beyond the most that the catalogue keeps of a source. Name fewer schemas in its settings.`,
          )
        out.result(found)
      }),
    )

  source
    .command('upload')
    .description('send a file as a table, or as its newest version: CSV, NDJSON, JSON, Parquet or xlsx')
    .argument('<source>', 'a source of the kind "file"')
    .argument('<file>', 'at most 2 GiB')
    .option('--name <slug>', 'of the table; the name of the file where it is absent')
    .option('--title <text>', 'what people call the table')
    .option('--format <format>', 'csv, ndjson, json, parquet or xlsx; told by the first bytes where it is absent')
    .option('--sheet <name>', 'of a spreadsheet; the first where it is absent')
    .action(
      act(async (cli, slug: string, file: string, options: UploadOptions) => {
        const { out } = cli
        const connection = await cli.connect()
        const { id } = await sourceOf(connection.client, slug)
        const { name = nameOf(file), ...more } = options
        const { table, upload, repeated } = await sendTable(connection, { source: id, path: file, show: !out.json, query: { name, ...more } })
        out.say(`${table.reference} has ${several(upload.rows, 'row')} in version ${upload.version}${repeated ? ', as before' : ''}.`)
        if (upload.bad_rows > 0) {
          out.say(`${several(upload.bad_rows, 'row')} could not be read and ${upload.bad_rows === 1 ? 'was' : 'were'} left out:`)
          for (const fault of upload.faults)
            out.say(`  ${count(fault.rows)} × ${fault.field === null ? '' : `${fault.field}: `}${fault.message} (first in line ${count(fault.line)})`)
        }
        showColumns(out, table.columns)
        out.result({ table, upload, repeated })
      }),
    )

  source
    .command('secret')
    .description('give it its secret, or another one; used from the next connection on')
    .argument('<source>')
    .argument('<file>', 'the secret as JSON, such as {"user": …, "password": …}')
    .action(
      act(async ({ out, connect }, slug: string, file: string) => {
        const { client } = await connect()
        const { id } = await sourceOf(client, slug)
        const kept = must(await client.PUT('/v1/data-sources/{source}/secret', { params: { path: { source: id } }, body: { secret: await jsonIn(file) } }))
        out.say(`${slug} has a new secret. Nothing shows it again: remove ${file} when it has served.`)
        out.result(kept)
      }),
    )

  source
    .command('remove')
    .description('remove it with its tables, its uploads and its secret; nothing is done at the source itself')
    .argument('<source>')
    .action(
      act(async ({ out, connect }, slug: string) => {
        const { client } = await connect()
        const { id } = await sourceOf(client, slug)
        const removed = must(await client.DELETE('/v1/data-sources/{source}', { params: { path: { source: id } } }))
        out.say(`${slug} is removed, with ${several(removed.tables, 'table')}.`)
        out.result(removed)
      }),
    )
}

const allSources = (client: Client) =>
  allPages((cursor) => client.GET('/v1/data-sources', { params: { query: { limit: 500, ...(cursor === undefined ? {} : { cursor }) } } }))

async function sourceOf(client: Client, slug: string) {
  const found = (await allSources(client)).find((source) => source.slug === slug)
  if (found === undefined) throw new Error(`There is no source ${slug}; "gatehouse source list" tells which there are.`)
  return found
}

async function showSource(out: Output, client: Client, slug: string): Promise<void> {
  const found = await sourceOf(client, slug)
  const tables = await allPages((cursor) =>
    client.GET('/v1/tables', { params: { query: { source: found.id, limit: 500, ...(cursor === undefined ? {} : { cursor }) } } }),
  )
  out.say(`${found.title} (${found.kind}), ${found.state}, ${found.health.state}${found.health.detail === null ? '' : `: ${found.health.detail}`}`)
  out.table(
    ['table', 'as the source writes it', 'columns', 'rows'],
    tables.map(({ reference, name, columns, rows, gone }) => [reference, gone ? `${name} (gone)` : name, columns.length, rows === null ? '' : count(rows)]),
  )
  out.result({ ...found, tables })
}

async function showTable(out: Output, client: Client, reference: string): Promise<void> {
  const [row] = must(await client.GET('/v1/tables', { params: { query: { reference } } })).data
  if (row === undefined) throw new Error(`There is no table ${reference}; "gatehouse source show SOURCE" tells which there are.`)
  const table = must(await client.GET('/v1/tables/{table}', { params: { path: { table: row.id } } }))
  out.say(`${table.title}: schema version ${table.schema_version}${table.rows === null ? '' : `, ${several(table.rows, 'row')}`}`)
  showColumns(out, table.columns)
  for (const { version, rows, bad_rows, created_at } of table.uploads.slice(0, 5))
    out.say(`version ${version}: ${several(rows, 'row')}, ${count(bad_rows)} left out (${created_at})`)
  out.result(table)
}

interface Column {
  readonly name: string
  readonly physical: string
  readonly type: string
  readonly identifier_role: string
  readonly semantic?: unknown
  readonly confirmed: boolean
}

function showColumns(out: Output, columns: readonly Column[]): void {
  out.table(
    ['column', 'type', 'meaning', 'role', ''],
    columns.map((column) => [column.name, column.type, String(column.semantic ?? ''), column.identifier_role, column.confirmed ? '' : 'proposed']),
  )
}

interface Changed {
  readonly table: string
  readonly changes: readonly { readonly what: string; readonly column: string | null; readonly from: string | null; readonly to: string | null }[]
}

function showChanges(out: Output, tables: readonly Changed[]): void {
  for (const { table, changes } of tables) {
    for (const { what, column, from, to } of changes) {
      const types = from === null && to === null ? '' : ` (${[from, to].filter((part) => part !== null).join(' → ')})`
      out.say(`  ${table}${column === null ? '' : `, ${column}`}: ${what.replaceAll('_', ' ')}${types}`)
    }
  }
}

/** Names of members in a JSON schema, those that must be there first. */
function membersOf(schema: unknown): string {
  const { properties = {}, required = [], anyOf } = (schema ?? {}) as { properties?: Record<string, unknown>; required?: string[]; anyOf?: unknown[] }
  if (anyOf !== undefined) return anyOf.map(membersOf).join(', or ')
  const optional = Object.keys(properties).filter((name) => !required.includes(name))
  return [...required, ...optional.map((name) => `[${name}]`)].join(' ')
}

function setting(text: string, before: Record<string, unknown> = {}): Record<string, unknown> {
  const [, name, value] = /^([a-z_]+)=(.*)$/s.exec(text) ?? []
  if (name === undefined || value === undefined) throw new InvalidArgumentError('Write it as name=value.')
  return { ...before, [name]: /^(?:\d+|true|false)$/.test(value) ? JSON.parse(value) : value }
}

async function jsonIn(file: string): Promise<Record<string, unknown>> {
  const text = await readText(file)
  try {
    return JSON.parse(text) as Record<string, unknown>
  } catch {
    // The parser's words would quote the secret.
    throw new Error(`${file} holds no JSON object.`)
  }
}

function nameOf(file: string): string {
  return basename(file, extname(file))
    .toLowerCase()
    .replace(/[^a-z0-9_-]+/g, '_')
    .replace(/^[^a-z0-9]+/, '')
    .slice(0, 63)
}
