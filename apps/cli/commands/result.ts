import { type FileHandle, open, rm } from 'node:fs/promises'
import { type GatehouseClient, must } from '@gatehouse/sdk/client'
import type { paths } from '@gatehouse/sdk/generated/api'
import type { Command } from 'commander'
import { wholeNumber } from './act.ts'
import { allPages } from './all-pages.ts'
import { actAs, keyFile } from './as-whom.ts'

type Format = paths['/v1/projects/{project}/results/{result}/downloads']['post']['requestBody']['content']['application/json']['format']

const at = (project: string, result: string) => ({ params: { path: { project, result } } })

/** Asks for a token and spends it. */
export async function download(client: GatehouseClient, project: string, result: string, format: Format): Promise<Uint8Array> {
  const { token } = must(await client.POST('/v1/projects/{project}/results/{result}/downloads', { ...at(project, result), body: { format } }))
  const file = await client.GET('/v1/projects/{project}/results/{result}/downloads/{token}', {
    params: { path: { project, result, token } },
    parseAs: 'arrayBuffer',
  })
  return new Uint8Array(must(file) as unknown as ArrayBuffer)
}

/** @throws Error in plain words where there is one already, or none can be */
const newFile = (path: string): Promise<FileHandle> =>
  open(path, 'wx', 0o600).catch((cause: NodeJS.ErrnoException) => {
    throw new Error(cause.code === 'EEXIST' ? `There is a file ${path} already; name another.` : `${path} cannot be written (${cause.code}).`, { cause })
  })

export function addResult(program: Command): void {
  const result = program.command('result').description('results of query plans: look, take away')

  result
    .command('list')
    .description('the results of a project')
    .argument('<project>')
    .option(...keyFile)
    .action(
      actAs(async ({ out, client }, project: string) => {
        const found = await allPages((cursor) =>
          client.GET('/v1/projects/{project}/results', { params: { path: { project }, query: { limit: 100, ...(cursor === undefined ? {} : { cursor }) } } }),
        )
        out.table(
          ['result', 'title', 'state', 'form', 'rows', 'made', 'until'],
          found.map(({ id, title, state, form, rows, made_at, expires_at }) => [id, title, state, form, rows, made_at, expires_at]),
        )
        out.result(found)
      }),
    )

  result
    .command('show')
    .description('what is known of a result: its columns and the checks of disclosure control')
    .argument('<project>')
    .argument('<result>')
    .option(...keyFile)
    .action(
      actAs(async ({ out, client }, project: string, id: string) => {
        const found = must(await client.GET('/v1/projects/{project}/results/{result}', at(project, id)))
        out.say(`${found.title}: ${found.state}, ${found.rows} rows, ${found.form}, until ${found.expires_at}.`)
        out.table(
          ['column', 'type', 'role', 'coarsened'],
          found.columns.map(({ name, type, role, level, levels }) => [name, type, role, level === null ? '' : `${level} of ${levels ?? level}`]),
        )
        out.table(
          ['check', 'status', 'what was found'],
          found.report.checks.map(({ check, column, status, detail }) => [column === null ? check : `${check} ${column}`, status, detail]),
        )
        out.result(found)
      }),
    )

  result
    .command('rows')
    .description('its first rows')
    .argument('<project>')
    .argument('<result>')
    .option('--limit <number>', 'how many', wholeNumber, 20)
    .option(...keyFile)
    .action(
      actAs(async ({ out, client }, project: string, id: string, { limit }: { limit: number }) => {
        const page = must(await client.GET('/v1/projects/{project}/results/{result}/rows', { params: { path: { project, result: id }, query: { limit } } }))
        out.table(
          page.columns,
          page.data.map((row) => page.columns.map((column) => row[column] ?? '')),
        )
        out.say(`${page.data.length} of ${page.rows} rows.`)
        out.result(page)
      }),
    )

  result
    .command('download')
    .description('takes a released result away, by a token that is spent at once')
    .argument('<project>')
    .argument('<result>')
    .requiredOption('--out <file>', 'where the file goes')
    .option('--format <format>', 'csv, json, ndjson or parquet', 'csv')
    .option(...keyFile)
    .action(
      actAs(async ({ out, client }, project: string, id: string, { out: file, format }: { out: string; format: string }) => {
        // Before the token is spent: what cannot be kept is not asked for.
        const place = await newFile(file)
        const bytes = await download(client, project, id, format as Format).catch(async (error: unknown) => {
          await place.close()
          await rm(file)
          throw error
        })
        await place.writeFile(bytes)
        await place.close()
        out.say(`${bytes.length} bytes in ${file}. The token is spent.`)
        out.result({ file, bytes: bytes.length })
      }),
    )
}
