/** Writes a version of a document into a file, and goes on where it broke: also where an earlier run did. */
import { createWriteStream } from 'node:fs'
import { rename, stat } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { ReadableStream as WebStream } from 'node:stream/web'
import { GatehouseError, type ProblemDocument } from '@gatehouse/sdk/client'
import { openProgress } from '../terminal/progress.ts'
import { Final, goOn, type Line } from './going-on.ts'

export interface Fetching {
  readonly document: string
  readonly version: number
  readonly bytes: number
  readonly purpose: string
  readonly to: string
  readonly show: boolean
}

export async function fetchDocument(line: Line, { document, version, bytes, purpose, to, show }: Fetching): Promise<void> {
  // Named by what lies in it: the beginning of another file is never gone on with.
  const half = `${to}.${document.slice(-12)}-v${version}.part`
  const progress = openProgress('Fetching', bytes, show)
  try {
    await goOn(line, async ({ credential, transport }, moved) => {
      const have = (await stat(half).catch(() => undefined))?.size ?? 0
      if (have > bytes) throw new Final(`${half} is longer than the file. Remove it, and ask again.`)
      if (have === bytes && bytes > 0) return true
      const address = `${credential.origin}/v1/documents/${document}/versions/${version}/content?purpose=${encodeURIComponent(purpose)}`
      const headers = { authorization: `Bearer ${credential.key}`, ...(have === 0 ? {} : { range: `bytes=${have}-` }) }
      const answer = await transport(new Request(address, { headers }))
      if (!answer.ok) throw new GatehouseError((await answer.json()) as ProblemDocument)
      let at = answer.status === 206 ? have : 0
      const body = Readable.fromWeb(answer.body as WebStream)
      body.on('data', (piece: Uint8Array) => {
        at += piece.length
        progress.to(at)
        moved()
      })
      await pipeline(body, createWriteStream(half, { flags: at === 0 ? 'w' : 'a', mode: 0o600 }))
      return at === bytes
    })
  } finally {
    progress.end()
  }
  await rename(half, to)
}
