/** People with planted values in every place that may hold one, and the search for them in everything that a node keeps and says. */
import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { SocketConnection } from '@gatehouse/runtime/data/postgres/cluster'
import { type GatehouseClient, must } from '@gatehouse/sdk/client'
import { inspect } from './database.ts'
import { header, sendFile } from './files.ts'
import { type NodeProcess, until } from './node.ts'
import { addPartner, authorize, member, officer, type Partner, policyDocument, publishPolicy, purpose, recordType, redeem } from './scenario.ts'

export interface Planted {
  readonly userId: string
  /** Values that occur nowhere else; each of them stands in the node in one way or another before the erasure. */
  readonly values: readonly string[]
}

/** What every planted value begins with. */
const everyMark = 'zzplanted'

const planted = (number: number): Planted & { readonly given: string; readonly email: string; readonly form: string } => {
  const mark = `${everyMark}${String(number).padStart(5, '0')}`
  const [userId, given, email, form] = [`${mark}-id`, `${mark}given`, `${mark}mail@example.org`, `${mark}form`]
  return { userId, given, email, form, values: [userId, given, email, form] }
}

export interface Plantation {
  readonly second: GatehouseClient
  readonly partner: Partner
  readonly people: readonly Planted[]
}

/** Imports them, lets them consent under a form, invites some to an account, and releases some of their records. */
export async function plant(node: NodeProcess, count: number): Promise<Plantation> {
  const people = Array.from({ length: count }, (_, number) => planted(number))
  const rows = people.map(({ userId, given, email }, number) => `${userId},${given},Family,${email},1970-01-01,${number}`)
  await sendFile(node, recordType, `${[header, ...rows].join('\n')}\n`)
  const second = await officer(node)
  const partner = await addPartner(node, 'northwind-bank')
  await publishPolicy(node, second, policyDocument('northwind-service', 'northwind-bank'))
  const consents = people.map(({ userId, form }) => ({
    user_id: userId,
    purposes: [purpose],
    recipients: ['northwind-bank'],
    data_classes: [recordType],
    method: 'paper' as const,
    evidence_reference: form,
  }))
  for (let first = 0; first < count; first += 500)
    must(await node.operator.POST('/v1/consents/import', { body: { consents: consents.slice(first, first + 500) } as never }))
  for (const { userId, email } of people.slice(0, 20)) {
    must(await node.operator.POST('/v1/people/invitations', { body: { user_id: userId, email } }))
    const { body } = await authorize(node, partner, userId)
    await redeem(node, body.token)
    // A token that is still out when the person is erased.
    await authorize(node, partner, userId)
  }
  return { second, partner, people }
}

/** Requested by the operator, approved by the operator and the second person. @returns the ids of the erasures */
export async function eraseAll(node: NodeProcess, second: GatehouseClient, people: readonly Planted[]): Promise<string[]> {
  const ids: string[] = []
  for (const { userId, values } of people) {
    const body = { user_id: userId, ground: 'request_of_the_person' as const, reference: `letter ${values[3]}` }
    const { id } = must(await node.operator.POST('/v1/erasures', { body }))
    const path = { params: { path: { erasure: id } } }
    must(await node.operator.POST('/v1/erasures/{erasure}/approve', path))
    must(await second.POST('/v1/erasures/{erasure}/approve', path))
    ids.push(id)
  }
  return ids
}

export async function certified(node: NodeProcess, ids: readonly string[], ms = 60_000): Promise<void> {
  let left = [...ids]
  await until(async () => {
    const answers = await Promise.all(
      left.slice(0, 20).map(async (erasure) => {
        const answer = await node.operator.GET('/v1/erasures/{erasure}/certificate', { params: { path: { erasure } } })
        return answer.response.ok ? erasure : undefined
      }),
    )
    left = left.filter((id) => !answers.includes(id))
    return left.length === 0
  }, ms)
}

/** Every value that stands in the text, also where it was written as base64 or hex. */
export function searcher(people: readonly Planted[]): (text: string) => string[] {
  const marks = formsOf(everyMark)
  const forms = people.flatMap(({ values }) => values.flatMap((value) => formsOf(value).map((form) => [form, value] as const)))
  return (text) => {
    const lower = text.toLowerCase()
    // Thousands of forms in a long text take minutes; where the beginning of all of them is not found, none is.
    if (!marks.some((form) => lower.includes(form))) return []
    return [...new Set(forms.flatMap(([form, value]) => (lower.includes(form) ? [value] : [])))]
  }
}

function formsOf(value: string): string[] {
  const bytes = Buffer.from(value)
  // Of the three ways in which base64 may fall upon a value, the part that does not depend on its neighbours.
  const shifted = [0, 1, 2].map((shift) =>
    Buffer.concat([Buffer.alloc(shift), bytes])
      .toString('base64')
      .replaceAll('=', '')
      .slice(shift === 0 ? 0 : 4, -4),
  )
  return [value, bytes.toString('hex'), ...shifted].map((form) => form.toLowerCase())
}

/** A dump: every column of every row of every table, as PostgreSQL prints it. */
export async function dump(superuser: SocketConnection): Promise<string> {
  const tables = await inspect<{ place: string }>(
    superuser,
    `SELECT format('%I.%I', table_schema, table_name) AS place FROM information_schema.tables
      WHERE table_type = 'BASE TABLE' AND table_schema NOT IN ('pg_catalog', 'information_schema') ORDER BY 1`,
  )
  const parts: string[] = []
  for (const { place } of tables) {
    for (const { row } of await inspect<{ row: string }>(superuser, `SELECT t::text AS row FROM ${place} t`)) parts.push(`${place} ${row}`)
  }
  return parts.join('\n')
}

/** The whole log as an auditor exports it, what the process printed, and the files of its home; those of its own PostgreSQL are searched as a dump. */
export async function said(node: NodeProcess): Promise<string> {
  // A client knows its node by its port, which is another one after each start.
  const auditor = await member(node, 'auditor', 'auditor@example.org')
  const log = await auditor.GET('/v1/logs/export', { params: { query: { format: 'ndjson' } }, parseAs: 'text' })
  const text = must(log as { data?: string; error?: unknown; response: Response })
  const folders = (await readdir(node.home)).filter((name) => name !== 'postgres')
  const contents = await Promise.all(folders.map((name) => filesIn(join(node.home, name))))
  return [text, node.output(), ...contents].join('\n')
}

/** Everything that stands in the files of a folder, or in one file, by its name and its bytes. */
export async function filesIn(place: string): Promise<string> {
  const files = (await stat(place)).isDirectory()
    ? (await readdir(place, { recursive: true, withFileTypes: true })).filter((file) => file.isFile()).map((file) => join(file.parentPath, file.name))
    : [place]
  return (await Promise.all(files.map(async (file) => `${file} ${await readFile(file, 'latin1')}`))).join('\n')
}
