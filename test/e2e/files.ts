/** Files of records on their way into a node, and what they cost it. */
import { readFileSync } from 'node:fs'
import { Readable } from 'node:stream'
import type { NodeProcess } from './node.ts'
import { mapping } from './scenario.ts'

export interface Imported {
  readonly imported: number
  readonly repeated: number
  readonly rejected: number
  readonly rejects: readonly { readonly line: number; readonly column?: string; readonly message: string }[]
  readonly type?: string
}

export const header = 'customer_id,given_name,family_name,email,date_of_birth,annual_income'

export async function planImport(node: NodeProcess, recordType: string, format?: string): Promise<string> {
  const planned = await fetch(`${node.origin}/v1/vault/imports`, {
    method: 'POST',
    headers: { authorization: `Bearer ${node.credential.key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ mapping: { ...mapping, record_type: recordType }, ...(format === undefined ? {} : { format }) }),
  })
  return ((await planned.json()) as { import_id: string }).import_id
}

/** Each file under a record type of its own, so that no test counts another's rows as repeated. */
export async function sendFile(node: NodeProcess, recordType: string, file: string | Readable, format?: string): Promise<{ status: number; body: Imported }> {
  const importId = await planImport(node, recordType, format)
  const answer = await fetch(`${node.origin}/v1/vault/imports/${importId}/records`, {
    method: 'POST',
    headers: { authorization: `Bearer ${node.credential.key}` },
    body: file instanceof Readable ? (Readable.toWeb(file) as ReadableStream) : file,
    duplex: 'half',
  } as RequestInit)
  return { status: answer.status, body: (await answer.json()) as Imported }
}

/** A file that is made while it is sent. */
export function manyRows(count: number): Readable {
  return Readable.from(
    (function* () {
      yield `${header}\n`
      for (let i = 0; i < count; i += 500)
        yield Array.from({ length: Math.min(500, count - i) }, (_, k) => `B${i + k},Given${i + k},Family${k},b${i + k}@example.org,1970-01-01,${k}\n`).join('')
    })(),
  )
}

/** Imports so many rows; `growth` is by how many bytes the node's memory exceeded what it held before. */
export async function importMany(node: NodeProcess, recordType: string, count: number): Promise<{ status: number; body: Imported; growth: number }> {
  const before = residentBytes(node)
  let peak = before
  const watch = setInterval(() => {
    peak = Math.max(peak, residentBytes(node))
  }, 200)
  try {
    const sent = await sendFile(node, recordType, manyRows(count))
    return { ...sent, growth: peak - before }
  } finally {
    clearInterval(watch)
  }
}

/** What the node's process holds in memory; known on Linux only. */
export function residentBytes(node: NodeProcess): number {
  return process.platform === 'linux' ? Number(readFileSync(`/proc/${node.process.pid}/statm`, 'utf8').split(' ')[1]) * 4096 : 0
}
