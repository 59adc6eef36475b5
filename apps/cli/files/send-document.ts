/** Sends a file as a version of a document, and goes on where it broke. */
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { Readable } from 'node:stream'
import { GatehouseError, must, type ProblemDocument } from '@gatehouse/sdk/client'
import type { Connection } from '../node/connection.ts'
import { openProgress } from '../terminal/progress.ts'
import { Final, goOn, type Line } from './going-on.ts'
import { sizeOf } from './read-text.ts'

export interface SentVersion {
  readonly document_id: string
  readonly version: number
  readonly bytes: number
  readonly media_type: string
  readonly scan: string
  readonly repeated: boolean
}

export interface Sending {
  readonly path: string
  readonly document: string
  /** An upload that another run has begun. */
  readonly upload?: string | undefined
  readonly show: boolean
  /** Told as soon as it is known, so that a later run can go on. */
  readonly onBegun?: (upload: string) => void
}

export async function sendDocument(line: Line, { path, document, upload: begun, show, onBegun }: Sending): Promise<SentVersion> {
  const size = await sizeOf(path)
  const sha256 = await digestOf(path)
  let upload = begun
  let sent: SentVersion | undefined
  const progress = openProgress('Sending', size, show)
  try {
    await goOn(line, async (connection, moved) => {
      if (upload === undefined) {
        upload = must(await connection.client.POST('/v1/documents/{document}/uploads', { params: { path: { document } }, body: { bytes: size } })).id
        onBegun?.(upload)
      }
      const place = { params: { path: { document, upload } } }
      const { received, bytes, version } = must(await connection.client.GET('/v1/documents/{document}/uploads/{upload}', place))
      if (bytes !== size) throw new Final(`The upload was begun for a file of ${bytes} bytes, and ${path} has ${size}. Send it without --upload.`)
      progress.to(received)
      if (version === null && received < size) {
        await append(connection, { path, document, upload, from: received }, (at) => progress.to(at))
        moved()
        return false
      }
      sent = must(await connection.client.POST('/v1/documents/{document}/uploads/{upload}/finish', { ...place, body: { sha256 } }))
      return true
    })
  } finally {
    progress.end()
  }
  if (sent === undefined) throw new Error('the node did not say what became of the file')
  return sent
}

interface Append {
  readonly path: string
  readonly document: string
  readonly upload: string
  readonly from: number
}

/** Everything from there on is the body; the node keeps it piece by piece. */
async function append({ credential, transport }: Connection, { path, document, upload, from }: Append, onSent: (at: number) => void): Promise<void> {
  let at = from
  const file = createReadStream(path, { start: from, highWaterMark: 262_144 })
  file.on('data', (piece) => {
    at += piece.length
    onSent(at)
  })
  const answer = await transport(
    new Request(`${credential.origin}/v1/documents/${document}/uploads/${upload}?offset=${from}`, {
      method: 'PATCH',
      headers: { authorization: `Bearer ${credential.key}`, 'content-type': 'application/octet-stream' },
      body: Readable.toWeb(file) as ReadableStream,
      duplex: 'half',
    } as RequestInit),
  ).finally(() => file.destroy())
  const body: unknown = await answer.json()
  if (!answer.ok) throw new GatehouseError(body as ProblemDocument)
}

async function digestOf(path: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const piece of createReadStream(path)) hash.update(piece as Buffer)
  return hash.digest('hex')
}
