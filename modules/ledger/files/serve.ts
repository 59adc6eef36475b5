/** The log as the static files of C2SP tlog-tiles: the same bytes for everybody, from which anyone computes any proof. */
import type { Id } from '@gatehouse/core/id'
import { Problem } from '@gatehouse/core/problem'
import { idSchema } from '@gatehouse/core/schema'
import { nodeTenant } from '@gatehouse/runtime/base/context'
import type { Tx } from '@gatehouse/runtime/data/db'
import { type FileAnswer, operation, type StepsContext } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { formatEntryBundle } from '@gatehouse/transparency/entry-bundle'
import { hashLength } from '@gatehouse/transparency/merkle'
import { formatNoteKey } from '@gatehouse/transparency/note'
import { parseTilePath, tileAt, tileWidth } from '@gatehouse/transparency/tile'
import { z } from 'zod'
import { readGenerations } from '../heads/store.ts'
import { logKeys, logOrigin } from '../key.ts'
import { readHead, tileReader } from '../store.ts'
import { nodeLog, wholeLog } from '../visibility.ts'
import { publishedCheckpoint } from '../witnesses/published.ts'
import { readSettings } from '../witnesses/store.ts'
import { integratedBodies } from './store.ts'

export const publishedLogSchema = z
  .union([idSchema('tenant'), z.literal('node')])
  .describe('The id of the institution, or `node` for the log over the heads of all.')
export const whyPublic = 'a log that its institution has published is for everybody; any other is asked for by right, and does not exist for whoever has none'
const text = 'text/plain; charset=utf-8'
const bytes = 'application/octet-stream'

/**
 * Runs `read` in the log's own scope, for whoever may.
 * @param on what a right must be of where the log is not published
 */
export async function readingLog<T>(
  ctx: StepsContext,
  name: z.output<typeof publishedLogSchema>,
  read: (tx: Tx, tenant: Id<'tenant'>, published: boolean) => Promise<T>,
  on = wholeLog(),
): Promise<T> {
  const tenant = name === 'node' ? nodeTenant : name
  // Asked before the transaction: rights are read over a connection of their own, and nobody waits for one who holds another.
  const byRight =
    ctx.principal.kind !== 'anonymous' && (name === 'node' ? await ctx.may('read', nodeLog()) : ctx.tenant === tenant && (await ctx.may('read', on)))
  return ctx.node.database.transaction(tenant, async (tx) => {
    const published = tenant === nodeTenant ? ctx.node.publishesNodeLog : (await readSettings(tx)).publish_log
    if (!published && !byRight) throw new Problem(doorProblems.not_found)
    return read(tx, tenant, published)
  })
}

const whole = (mediaType: string, content: string | Uint8Array, cache?: string): FileAnswer => ({
  mediaType,
  ...(cache === undefined ? {} : { cache }),
  chunks: (async function* () {
    yield content
  })(),
})

export const logCheckpoint = operation({
  name: 'ledger.log_checkpoint',
  summary: 'Read the checkpoint of a log as a file',
  description: 'C2SP tlog-checkpoint, with the cosignatures of witnesses. Where a quorum is demanded it is the newest checkpoint that has it.',
  kind: 'steps',
  answers: 'file',
  mediaTypes: ['text/plain'],
  input: z.strictObject({ log: publishedLogSchema }),
  output: z.custom<FileAnswer>(),
  access: { public: whyPublic },
  audit: { none: 'a checkpoint is there to be shown' },
  http: { method: 'GET', path: '/logs/:log/checkpoint' },
  example: { input: { log: 'node' } },
  problems: [doorProblems.not_found],
  run: (ctx, input) => readingLog(ctx, input.log, async (tx, tenant) => whole(text, (await publishedCheckpoint(tx, ctx.node, tenant)).note)),
})

export const logVkeys = operation({
  name: 'ledger.log_vkeys',
  summary: 'Read the verifier keys of a log, one a line',
  description:
    'The newest origin last, and of each the keys in the order in which they signed. Whoever checks a log gets its key by another way than the log itself.',
  kind: 'steps',
  answers: 'file',
  mediaTypes: ['text/plain'],
  input: z.strictObject({ log: publishedLogSchema }),
  output: z.custom<FileAnswer>(),
  access: { public: whyPublic },
  audit: { none: 'public keys open nothing' },
  http: { method: 'GET', path: '/logs/:log/vkeys' },
  example: { input: { log: 'node' } },
  problems: [doorProblems.not_found],
  run: (ctx, input) =>
    readingLog(ctx, input.log, async (tx, tenant) => {
      const generations = await readGenerations(tx)
      const keys = (await Promise.all(generations.map((generation) => logKeys(ctx.node, tenant, logOrigin(tenant, generation))))).flat()
      return whole(text, keys.map((key) => `${formatNoteKey(key)}\n`).join(''))
    }),
})

export const logTile = operation({
  name: 'ledger.log_tile',
  summary: 'Read a tile or a bundle of entries of a log',
  description:
    'C2SP tlog-tiles: `<level>/<index>[.p/<width>]` or `entries/<index>[.p/<width>]`, the index as x001/x234/067. What was served once never changes.',
  kind: 'steps',
  answers: 'file',
  mediaTypes: [bytes],
  input: z.strictObject({ log: publishedLogSchema, tile: z.string().max(200) }),
  output: z.custom<FileAnswer>(),
  access: { public: whyPublic },
  audit: { none: 'entries hold opaque ids, digests and counts, and a log of every look at the log would have no end' },
  http: { method: 'GET', path: '/logs/:log/tile/*tile', cached: true },
  example: { input: { log: 'node', tile: '0/000.p/1' } },
  problems: [doorProblems.not_found],
  run: (ctx, input) =>
    readingLog(ctx, input.log, async (tx, _tenant, published) => {
      const content = await tileBytes(tx, `tile/${input.tile}`)
      if (content === undefined) throw new Problem(doorProblems.not_found)
      return whole(bytes, content, `${published ? 'public' : 'private'}, max-age=31536000, immutable`)
    }),
})

/** The bytes of one tile or bundle; `undefined` where the newest checkpoint does not reach it. */
export async function tileBytes(tx: Tx, path: string): Promise<Uint8Array | undefined> {
  const asked = parseTilePath(path)
  if (asked === undefined) return undefined
  const { level, index, width } = asked
  const first = index * tileWidth
  // Asked for together with the head, not after it: an answer costs a way to the database and back.
  const [head, content] = await Promise.all([
    readHead(tx),
    level === 'entries' ? integratedBodies(tx, first, first + width) : tileReader(tx, [{ level, index }]).then((readTile) => readTile(level, index)),
  ])
  if ((tileAt(head?.size ?? 0, level === 'entries' ? 0 : level, index)?.width ?? 0) < width) return undefined
  if (Array.isArray(content)) return content.length === width ? formatEntryBundle(content) : undefined
  return content.length >= width * hashLength ? content.subarray(0, width * hashLength) : undefined
}
