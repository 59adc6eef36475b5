/**
 * The linkage unit compares. It has encodings and no key of theirs, and gives each node the groups of its own encodings, drawn for this run.
 * What it got and what it found are deleted; that it compared stands in its ledger.
 */
import { instantOf } from '@gatehouse/core/instant'
import { idSchema } from '@gatehouse/core/schema'
import { groupBytes } from '@gatehouse/query/steps/group'
import type { Tx } from '@gatehouse/runtime/data/db'
import { operation, type StepsContext } from '@gatehouse/runtime/door/operation'
import { ProcessFault } from '@gatehouse/runtime/work/bounded-process'
import { z } from 'zod'
import { putPart, readPart, TableFileError, tableKey } from '../../../../custody/catalog/index.ts'
import { openSealed, send } from '../../../federation/index.ts'
import { later } from '../end-part.ts'
import { partKinds } from '../kinds.ts'
import { isPeer } from '../peer.ts'
import { attached } from '../receive.ts'
import { comparisonsOf } from './compare.ts'
import { compareInProcess } from './comparer-process.ts'
import { endComparison } from './end.ts'
import { groupsFolder } from './files.ts'
import { groupsKey, wayFor } from './keys.ts'
import { readiness } from './ready.ts'
import { type GroupsBody, limits, unitKinds } from './schema.ts'
import { type ComparisonRow, comparisonOf, forgetReceived, type ReceivedEncodings, receivedFor } from './store.ts'
import { unwilling } from './take.ts'

/** Why it gives up, as a code; and of which node, where it is one of them. */
class GivenUp extends Error {
  override readonly name = 'GivenUp'
}

export const conductComparison = operation({
  name: 'query.conduct_comparison',
  kind: 'steps',
  summary: 'Compare encodings for a run of another node, as its linkage unit',
  input: z.strictObject({ peer: z.string(), run: idSchema('query_run') }),
  output: z.strictObject({ outcome: z.string() }),
  access: { action: 'use', on: () => ({ type: 'query_run' }) },
  audit: { none: 'that it was asked for and what became of it stand in the log as query.comparison_taken and query.comparison_ended' },
  async run(ctx, { peer, run: foreign_run }) {
    const comparison = await ctx.step((tx) => comparisonOf(tx, { peer, foreign_run }))
    if (comparison?.state !== 'waiting') return { outcome: 'not_open' }
    const received = await ctx.step((tx) => receivedFor(tx, comparison))
    const there = readiness(comparison, received, ctx.now)
    if (there === 'waiting') return { outcome: 'waiting' }
    try {
      if (there === 'missing') throw new GivenUp('encodings_missing')
      const { asker, person, project, request } = { ...comparison, asker: peer, project: comparison.project_id }
      const reason = await ctx.step((tx) => unwilling(ctx, tx, { asker, person, project, request }))
      if (reason !== undefined) throw new GivenUp(reason)
      return { outcome: await compareAndTell(ctx, comparison, there) }
    } catch (error) {
      if (!(error instanceof GivenUp)) throw error
      await ctx.step((tx) => giveUp(ctx, tx, comparison, error.message))
      return { outcome: error.message }
    }
  },
})

interface Table {
  readonly peer: string
  readonly as: string
  readonly bytes: Uint8Array
  /** Of the node's own way, for what goes back to it. */
  readonly key: Uint8Array
}

async function compareAndTell(ctx: StepsContext, comparison: ComparisonRow, received: readonly ReceivedEncodings[]): Promise<string> {
  const tables = await tablesOf(ctx, comparison, received)
  const counts = tables.map(({ bytes }) => bytes.length / limits.encodingBytes)
  if (comparisonsOf(counts) > limits.comparisonsMax) throw new GivenUp('too_large')
  const ids = await compared(tables, comparison.request.threshold)
  const groups = drawn(ctx, ids)
  const { node, tenant } = ctx
  const { primitives } = node.keys
  let from = 0
  for (const [at, { peer, as, key }] of tables.entries()) {
    const to = from + (counts[at] as number)
    const file = tableKey(tenant, fileOf(ctx, comparison, peer, as), groupsKey(primitives, key))
    await putPart(node.blobs, primitives, file, 'groups', groups.subarray(from * groupBytes, to * groupBytes))
    from = to
  }
  const forgotten = await ctx.step((tx) => tell(ctx, tx, comparison, tables))
  if (forgotten === undefined) return 'not_open'
  for (const blob of forgotten) await node.blobs.delete(blob)
  return 'compared'
}

const fileOf = ({ tenant }: Pick<StepsContext, 'tenant'>, comparison: ComparisonRow, peer: string, as: string) =>
  `${groupsFolder(tenant, comparison)}/${peer}/${as}`

async function tablesOf({ node, tenant, step }: StepsContext, comparison: ComparisonRow, received: readonly ReceivedEncodings[]): Promise<Table[]> {
  const tables: Table[] = []
  for (const { peer, sealed_key, tables: files } of received) {
    const about = wayFor(comparison.peer, comparison.foreign_run)
    const key = await step((tx) => openSealed(tx, node, tenant, peer, sealed_key, about))
    if (key?.length !== 32) throw new GivenUp('encodings_unusable')
    for (const [as, file] of Object.entries(files)) {
      const bytes = await readable(() => readPart(attached(node.blobs, file), node.keys.primitives, tableKey(file.tenant, file.file, key), 'encodings'))
      if (bytes?.length !== file.records * limits.encodingBytes) throw new GivenUp('encodings_unusable')
      tables.push({ peer, as, bytes, key })
    }
  }
  return tables
}

async function readable<T>(read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read()
  } catch (error) {
    if (error instanceof TableFileError) return undefined
    throw error
  }
}

async function compared(tables: readonly Table[], threshold: number): Promise<Int32Array> {
  try {
    return await compareInProcess({ sources: tables.map(({ bytes }) => bytes), threshold })
  } catch (error) {
    if (error instanceof ProcessFault) throw new GivenUp(error.reason === 'too_many_pairs' || error.reason === 'too_slow' ? 'too_large' : 'comparison_failed')
    throw error
  }
}

/** The same bytes for all of one group, and drawn for each: they say nothing of the encodings and mean nothing in another run. */
function drawn({ node }: Pick<StepsContext, 'node'>, ids: Int32Array): Uint8Array {
  const random = node.keys.primitives.randomBytes(ids.length * groupBytes)
  const groups = new Uint8Array(ids.length * groupBytes)
  for (const [at, id] of ids.entries()) groups.set(random.subarray(id * groupBytes, (id + 1) * groupBytes), at * groupBytes)
  return groups
}

/** All are told, that they are and the entry commit together: a process that dies before has told nobody, one that dies after has told them once. */
async function tell(ctx: StepsContext, tx: Tx, comparison: ComparisonRow, tables: readonly Table[]): Promise<string[] | undefined> {
  const { node, tenant } = ctx
  const { peer: asker, foreign_run: run, deadline_at, request } = comparison
  const at = instantOf(node.source.nowMs())
  if ((await comparisonOf(tx, comparison, true))?.state !== 'waiting') return undefined
  const present = new Set(tables.map(({ peer }) => peer))
  const absent = request.parties.map(({ node: peer }) => peer).filter((peer) => !present.has(peer))
  const toldBy = []
  for (const peer of new Set([...present, asker])) {
    if (!(await isPeer(tx, peer))) continue
    const files = Object.fromEntries(tables.filter((table) => table.peer === peer).map(({ as }) => [as, fileOf(ctx, comparison, peer, as)]))
    const body: GroupsBody = {
      run,
      tables: Object.fromEntries(Object.entries(files).map(([as, file]) => [as, { tenant, file }])),
      absent: peer === asker ? absent : [],
    }
    const attachments = Object.entries(files).map(([as, file]) => ({ name: as, blob: `${file}/groups` }))
    toldBy.push(await send(tx, node, tenant, { to: peer, kind: unitKinds.groups, thread: run, body, attachments, expiresAt: later(at, deadline_at) }))
  }
  await endComparison(ctx, tx, comparison, { on: 'compare', at, toldBy, parties: [...present] })
  return forgetReceived(tx, comparison)
}

async function giveUp(ctx: StepsContext, tx: Tx, comparison: ComparisonRow, reason: string): Promise<void> {
  const { node, tenant } = ctx
  const { peer: to, foreign_run: run, deadline_at } = comparison
  const at = instantOf(node.source.nowMs())
  if (!(await endComparison(ctx, tx, comparison, { on: 'refuse', at, reason }))) return
  if (!(await isPeer(tx, to))) return
  await send(tx, node, tenant, { to, kind: partKinds.refused, thread: run, body: { run, attempt: 1, reason }, expiresAt: later(at, deadline_at) })
}
