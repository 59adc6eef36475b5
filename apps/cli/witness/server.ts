/**
 * A witness (C2SP tlog-witness): a process of its own with a key and one file, and no database. It cosigns a checkpoint only when it
 * begins with the last one that it cosigned, and what it cosigned is on the disk before it answers. It belongs into other hands
 * than the logs that it watches.
 */
import { randomBytes } from 'node:crypto'
import { chmod, mkdir, open, readFile, rename } from 'node:fs/promises'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import { dirname, join } from 'node:path'
import { fromBase64, fromHex, toBase64, toHex } from '@gatehouse/crypto/bytes'
import { nodePrimitives, nodeSigner, nodeVerify } from '@gatehouse/crypto/node'
import { cosign, formatNoteKey, noteKey, parseNoteKey } from '@gatehouse/transparency/note'
import { type Judgement, judgeCheckpoint } from '@gatehouse/transparency/witness'

const { sha256 } = nodePrimitives
/** 63 hashes and a checkpoint with as many signatures as a note may have. */
const bodyBytesMax = 64 * 1024
const requestMs = 10_000

export interface WitnessOptions {
  /** Keeps `witness.key` and `state.json`; both are made when they are not there. */
  readonly folder: string
  readonly name: string
  /** Verifier keys of the logs that are witnessed. */
  readonly logs: readonly string[]
  readonly nowMs?: () => number
}

export interface Witness {
  readonly vkey: string
  /** Answers `POST …/add-checkpoint`; the caller decides where it listens. */
  readonly server: Server
}

/** @throws Error for a key of a log that is none, and for a state that cannot be read: a witness that forgets must not start */
export async function openWitness({ folder, name, logs, nowMs = Date.now }: WitnessOptions): Promise<Witness> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const signer = nodeSigner(await seedIn(join(folder, 'witness.key')))
  const own = noteKey(sha256, name, signer.publicKey, 'cosignature')
  const keys = logs.map((text) => {
    const key = parseNoteKey(sha256, text)
    if (key?.type !== 'ed25519') throw new Error(`not the verifier key of a log: ${text}`)
    return key
  })
  const stateFile = join(folder, 'state.json')
  const latest = await readState(stateFile)

  // One at a time: the look at the latest checkpoint and the keeping of the new one must be one step.
  let turn: Promise<unknown> = Promise.resolve()
  const inTurn = <T>(act: () => Promise<T>): Promise<T> => {
    const mine = turn.then(act)
    turn = mine.catch(() => undefined)
    return mine
  }

  const judge = (body: string) =>
    inTurn(async (): Promise<{ status: number; type?: string; body: string }> => {
      const judgement = judgeCheckpoint(sha256, nodeVerify, body, keys, (origin) => latest.get(origin))
      if (judgement.status !== 200) return refusal(judgement)
      const { origin, size, root } = judgement.checkpoint
      const before = latest.get(origin)
      if (before?.size !== size || before === undefined) {
        latest.set(origin, { size, root })
        try {
          await writeState(stateFile, latest)
        } catch (error) {
          // Nothing was kept, so nothing was seen.
          if (before === undefined) latest.delete(origin)
          else latest.set(origin, before)
          throw error
        }
      }
      return { status: 200, body: cosign(sha256, judgement.text, { name, signer }, Math.floor(nowMs() / 1000)) }
    })

  const server = createServer({ requestTimeout: requestMs, headersTimeout: requestMs }, (request, response) => {
    const path = new URL(request.url ?? '/', 'http://witness').pathname
    const answer = async () => {
      if (!path.endsWith('/add-checkpoint')) return { status: 404, body: '' }
      if (request.method !== 'POST') return { status: 405, body: '' }
      const body = await bodyOf(request)
      return body === undefined ? { status: 413, body: '' } : judge(body)
    }
    answer().then(
      ({ status, body, ...more }) => response.writeHead(status, { 'content-type': ('type' in more && more.type) || 'text/plain; charset=utf-8' }).end(body),
      () => response.writeHead(500).end(),
    )
  })
  return { vkey: formatNoteKey(own), server }
}

function refusal(judgement: Exclude<Judgement, { status: 200 }>): { status: number; type?: string; body: string } {
  return judgement.status === 409 ? { status: 409, type: 'text/x.tlog.size', body: `${judgement.latest}\n` } : { status: judgement.status, body: '' }
}

/** `undefined` when there is too much of it. */
async function bodyOf(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > bodyBytesMax) return undefined
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

type State = Map<string, { readonly size: number; readonly root: Uint8Array }>

async function readState(path: string): Promise<State> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '{}'
    throw error
  })
  const state: State = new Map()
  for (const [origin, { size, root }] of Object.entries(JSON.parse(text) as Record<string, { size: number; root: string }>)) {
    const bytes = fromBase64(root)
    if (!Number.isSafeInteger(size) || bytes?.length !== 32)
      throw new Error(`${path} cannot be read: put it back from its copy, and never begin with an empty one`)
    state.set(origin, { size, root: bytes })
  }
  return state
}

/** Written beside its place, flushed, and moved there: a crash leaves the old state or the new one, whole. */
async function writeState(path: string, state: State): Promise<void> {
  const content = Object.fromEntries([...state].map(([origin, { size, root }]) => [origin, { size, root: toBase64(root) }]))
  await writeDurably(path, `${JSON.stringify(content, null, 2)}\n`)
}

async function writeDurably(path: string, content: string): Promise<void> {
  const draft = `${path}.draft`
  const file = await open(draft, 'w', 0o600)
  try {
    await file.writeFile(content)
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(draft, path)
  const folder = await open(dirname(path), 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}

async function seedIn(path: string): Promise<Uint8Array> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
  if (text === undefined) {
    await writeDurably(path, `${toHex(randomBytes(32))}\n`)
    return seedIn(path)
  }
  await chmod(path, 0o600)
  const seed = fromHex(text.trim())
  if (seed?.length !== 32) throw new Error(`${path} does not hold a key: 64 hexadecimal digits are expected`)
  return seed
}
