/** Brings a file into the node: plans the import, streams the file, and watches how far it has come. */
import { createReadStream } from 'node:fs'
import { basename } from 'node:path'
import { Readable } from 'node:stream'
import { GatehouseError, must, type ProblemDocument } from '@gatehouse/sdk/client'
import type { Mapping } from '@gatehouse/tabular/mapping'
import { formatOfName } from '@gatehouse/tabular/reader'
import type { Connection } from '../node/connection.ts'
import { count } from '../terminal/output.ts'
import { openProgress } from '../terminal/progress.ts'
import { bytesOf } from './read-rows.ts'

export interface Reject {
  readonly line: number
  readonly column?: string
  readonly message: string
}

export interface ImportResult {
  readonly import_id: string
  readonly record_type: string
  readonly record_type_version: number
  readonly read: number
  readonly imported: number
  readonly repeated: number
  readonly rejected: number
  readonly subjects: number
  readonly bytes: number
  readonly seconds: number
  readonly rejects: readonly Reject[]
}

interface Summary extends Omit<ImportResult, 'record_type' | 'record_type_version' | 'seconds'> {
  readonly batches: number
}

const watchEveryMs = 250

export async function importFile(connection: Connection, path: string, mapping: Mapping, show: boolean): Promise<ImportResult> {
  const bytes = await bytesOf(path)
  const format = formatOfName(path)
  const plan = must(await connection.client.POST('/v1/vault/imports', { body: { mapping: { ...mapping }, ...(format === undefined ? {} : { format }) } }))
  const began = performance.now()
  const progress = openProgress('Importing', bytes, show)
  const watch = setInterval(() => {
    connection.client
      .GET('/v1/vault/imports/{import}', { params: { path: { import: plan.import_id } } })
      .then(({ data }) => {
        if (data !== undefined) progress.to(data.progress.bytes, `${count(data.progress.read)} rows`)
      })
      .catch(() => {})
  }, watchEveryMs)
  try {
    const summary = await send(connection, plan.import_id, path)
    const { batches: _, ...counts } = summary
    const seconds = (performance.now() - began) / 1000
    return { ...counts, record_type: plan.record_type, record_type_version: plan.record_type_version, seconds }
  } finally {
    clearInterval(watch)
    progress.end()
  }
}

/** The file is the body, as it is; it is never held in memory. */
async function send({ credential, transport }: Connection, id: string, path: string): Promise<Summary> {
  const answer = await transport(
    new Request(`${credential.origin}/v1/vault/imports/${id}/records`, {
      method: 'POST',
      headers: { authorization: `Bearer ${credential.key}`, 'content-type': mediaType(path) },
      body: Readable.toWeb(createReadStream(path)) as ReadableStream,
      duplex: 'half',
    } as RequestInit),
  )
  const body: unknown = await answer.json()
  if (!answer.ok) throw new GatehouseError(body as ProblemDocument)
  return body as Summary
}

function mediaType(path: string): string {
  const types = { csv: 'text/csv', ndjson: 'application/x-ndjson', json: 'application/json' } as const
  const format = formatOfName(basename(path))
  return format === undefined ? 'application/octet-stream' : types[format]
}
