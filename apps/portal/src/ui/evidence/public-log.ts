/** A published log, read as any outsider reads it, and judged here. It asks for files only; no account, no operation. */

import { openCheckpoint, readKey, type SuccessionClaim } from '@gatehouse/verify/browser'
import { checkFile, type DroppedFile, kindOf } from '@gatehouse/verify/browser-files'
import { noWitnesses } from '@gatehouse/verify/checkpoint'
import { readKeys } from '@gatehouse/verify/keys'
import { Nodes } from '@gatehouse/verify/log/nodes'
import type { LogSource } from '@gatehouse/verify/log/source'
import { verifyLog } from '@gatehouse/verify/log/verify'
import { CannotTell, judge, type Report } from '@gatehouse/verify/report'
import { webCryptography } from '@gatehouse/verify/web-cryptography'
import { type FollowedLog, followLog, type LogRefusal } from './follow-log.ts'
import { keysOf, recall } from './memory.ts'

export type { Report } from '@gatehouse/verify/report'

/** @param credential of an operator, for a log that is published to nobody; without it the session's own right counts */
interface Reading {
  readonly signal?: AbortSignal
  readonly credential?: string | undefined
}

/** The log's own folder on this node. */
function publishedLog(log: string, { signal, credential }: Reading = {}): LogSource {
  const asked: RequestInit = {
    ...(signal === undefined ? {} : { signal }),
    ...(credential === undefined ? {} : { headers: { authorization: `Bearer ${credential}` }, credentials: 'omit' }),
    redirect: 'error',
  }
  return {
    name: `/logs/${log}`,
    async read(path) {
      const answer = await fetch(`/logs/${encodeURIComponent(log)}/${path}`, asked).catch((error: unknown) => {
        if (signal?.aborted === true) throw error
        throw new CannotTell(`${path} cannot be fetched`)
      })
      // To whoever may not read it, it does not exist.
      if ([401, 403, 404].includes(answer.status)) return undefined
      if (!answer.ok) throw new CannotTell(`${path} was answered with ${answer.status}`)
      return new Uint8Array(await answer.arrayBuffer())
    },
  }
}

export interface OpenedLog {
  /** The keys that the node states, one a line. */
  readonly keyText: string
  readonly vkey: string
  readonly checkpoint: string
  readonly log: FollowedLog | LogRefusal
}

const noteBytesMax = 64 * 1024
const keyChangesBytesMax = 1024 * 1024
const text = (bytes: Uint8Array | undefined) => (bytes === undefined ? undefined : new TextDecoder().decode(bytes))

/** The newest checkpoint, held against what this browser remembers of the log; `undefined` where it is not published. */
export async function openPublished(name: string, reading: Reading): Promise<OpenedLog | undefined> {
  const source = publishedLog(name, reading)
  const [keyText, checkpoint] = [text(await source.read('vkeys', noteBytesMax)), text(await source.read('checkpoint', noteBytesMax))]
  if (keyText === undefined || checkpoint === undefined) return undefined
  const origin = checkpoint.split('\n', 1)[0] ?? ''
  const vkey = await signerOf(
    checkpoint,
    keyText.split('\n').filter((line) => line.startsWith(`${origin}+`)),
  )
  const log = await followLog(
    { checkpoint, vkey },
    {
      keep: globalThis.localStorage,
      now: () => new Date().toISOString(),
      readGrowth: async (from, to) => growthOf(source, from, to),
      readKeyChanges: () => keyChangesOf(source),
    },
  )
  return { keyText, vkey, checkpoint, log }
}

/** The newest of the keys that has signed; they stand in the order in which they did. */
async function signerOf(checkpoint: string, vkeys: readonly string[]): Promise<string> {
  for (const vkey of vkeys.toReversed()) if ((await openCheckpoint(checkpoint, vkey)).good) return vkey
  return vkeys.at(-1) ?? ''
}

/** From the tiles, as anybody computes it; tiles that are not there show nothing. */
async function growthOf(source: LogSource, from: number, to: number): Promise<string[] | undefined> {
  const proof = await new Nodes(source, to, webCryptography()).growth(from).catch(() => undefined)
  return proof?.map((hash) => btoa(String.fromCharCode(...hash)))
}

/** A folder of files says nothing of it; this node answers beside them. */
async function keyChangesOf(source: LogSource): Promise<SuccessionClaim | undefined> {
  const found = text(await source.read('key-changes', keyChangesBytesMax))
  return found === undefined ? undefined : (JSON.parse(found) as SuccessionClaim)
}

export interface Recompute {
  readonly name: string
  readonly keyText: string
  readonly credential?: string | undefined
  readonly signal: AbortSignal
  readonly onProgress: (done: number, total: number) => void
}

/** Fetches the whole log and computes it anew, with the key that this browser holds it to. */
export async function recomputePublished({ name, keyText, credential, signal, onProgress }: Recompute): Promise<Report> {
  return judge(async (run) => {
    const cryptography = webCryptography()
    const keys = await readKeys(await heldTo(keyText), cryptography)
    const witnesses = (await readKeys(keyText, cryptography)).filter(({ witness }) => witness)
    await verifyLog(run, {
      source: publishedLog(name, { signal, credential }),
      keys,
      policy: witnesses.length === 0 ? noWitnesses : { witnesses, quorum: 0 },
      cryptography,
      seen: async (origin) => seenOf(origin),
      progress(done, total) {
        signal.throwIfAborted()
        onProgress(done, total)
      },
    })
  })
}

/** What this browser was shown of the log before. */
async function seenOf(origin: string) {
  const known = recall(globalThis.localStorage, origin)
  if (known?.seen === undefined) return []
  const opened = await openCheckpoint(known.seen.checkpoint, keysOf(known).join('\n'))
  return opened.good ? [{ size: opened.size, root: Uint8Array.from(opened.root.match(/../g) ?? [], (digits) => Number.parseInt(digits, 16)) }] : []
}

/** The node's keys, with those of each log that this browser holds it to in their place. */
async function heldTo(keyText: string): Promise<string> {
  const lines = await Promise.all(
    keyText.split('\n').map(async (line) => {
      const read = line === '' || line.startsWith('#') ? undefined : await readKey(line)
      const known = read?.good === true ? recall(globalThis.localStorage, read.origin) : undefined
      return known === undefined ? line : keysOf(known).join('\n')
    }),
  )
  return lines.join('\n')
}

export interface CheckedFile {
  readonly name: string
  readonly report: Report
}

/** Checks files that were dropped on the page. An entry is no file of its own: it belongs to its proof. */
export async function checkDropped(name: string, keyText: string, files: readonly File[], credential?: string): Promise<CheckedFile[]> {
  const dropped: DroppedFile[] = await Promise.all(files.map(async (file) => ({ name: file.name, bytes: new Uint8Array(await file.arrayBuffer()) })))
  const proven = dropped.some((file) => kindOf(file) === 'proof')
  const held = await heldTo(keyText)
  const asked = dropped.filter((file) => !proven || kindOf(file) !== 'unknown')
  return Promise.all(
    asked.map(async (file) => ({
      name: file.name,
      report: await checkFile({
        file,
        beside: dropped.filter((other) => other !== file),
        keyText: held,
        log: publishedLog(name, { credential }),
        cryptography: webCryptography(),
      }),
    })),
  )
}
