/** Sends a file as a table. The file is the body, as it is; it is never held in memory. */
import { createReadStream } from 'node:fs'
import { Readable } from 'node:stream'
import { GatehouseError, type ProblemDocument } from '@gatehouse/sdk/client'
import type { paths } from '@gatehouse/sdk/generated/api'
import type { Connection } from '../node/connection.ts'
import { count } from '../terminal/output.ts'
import { openProgress } from '../terminal/progress.ts'
import { sizeOf } from './read-text.ts'

type Sent = paths['/v1/data-sources/{source}/uploads']['post']['responses'][201]['content']['application/json']

export interface Table {
  readonly source: string
  readonly path: string
  readonly query: Readonly<Record<string, string>>
  readonly show: boolean
}

export async function sendTable({ credential, transport }: Connection, { source, path, query, show }: Table): Promise<Sent> {
  const size = await sizeOf(path)
  const progress = openProgress('Sending', size, show)
  let sent = 0
  async function* body(): AsyncGenerator<Uint8Array> {
    for await (const piece of createReadStream(path) as AsyncIterable<Uint8Array>) {
      yield piece
      sent += piece.length
      progress.to(sent, sent === size ? 'being kept' : `${count(sent)} bytes`)
    }
  }
  try {
    const answer = await transport(
      new Request(`${credential.origin}/v1/data-sources/${source}/uploads?${new URLSearchParams(query)}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${credential.key}`, 'content-type': 'application/octet-stream' },
        body: Readable.toWeb(Readable.from(body())) as ReadableStream,
        duplex: 'half',
      } as RequestInit),
    )
    const told: unknown = await answer.json()
    if (!answer.ok) throw new GatehouseError(told as ProblemDocument)
    return told as Sent
  } finally {
    progress.end()
  }
}
