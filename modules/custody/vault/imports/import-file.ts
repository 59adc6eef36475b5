/**
 * Brings a file into the vault, batch by batch. Each batch is one transaction: people, keys, blocks, chain ends, ledger and
 * progress commit together or not at all. While one batch is being written, the next is already read and sealed; it locks after
 * and commits after the one before, so the chains grow in the order of the file and a failure leaves no hole.
 */
import { Problem } from '@gatehouse/core/problem'
import { toHex } from '@gatehouse/crypto/bytes'
import { momentOf } from '@gatehouse/runtime/base/context'
import type { Tx } from '@gatehouse/runtime/data/db'
import type { StepsContext } from '@gatehouse/runtime/door/operation'
import { registerSubjects } from '../../../subjects/index.ts'
import { problems } from '../problems.ts'
import { headsPerEntryMax, noProgress, type Progress, type Reject, rejectsMax } from '../schema.ts'
import { insertBlocks, insertKeys, type LockedChain, lockChains, moveHeads, type NewHead } from '../store.ts'
import { type Batch, readBatches } from './read-batches.ts'
import { type SealedRows, type SealingContext, sealRows } from './seal-rows.ts'
import { advanceImport, type ImportRow, moveImport } from './store.ts'

export interface ImportSummary extends Progress {
  readonly rejects: readonly Reject[]
}

interface Stage {
  /** Its chains are locked and its blocks made; what is left is the database's work. */
  readonly sealed: Promise<unknown>
  /** It has committed; with what has been done of the file so far. */
  readonly stored: Promise<Progress>
}

/** @throws Problem header_mismatch, import_halted where somebody stopped it, or import_stopped with what was kept */
export async function importFile(ctx: StepsContext, plan: ImportRow, body: AsyncIterable<Uint8Array>): Promise<ImportSummary> {
  const rejects: Reject[] = []
  let kept = noProgress
  let before: Stage = { sealed: Promise.resolve(), stored: Promise.resolve(noProgress) }
  let newest = before
  try {
    for await (const batch of readBatches(body, plan.mapping, plan.format ?? undefined)) {
      newest = await begin(ctx, plan, batch, before.stored, rejects)
      newest.stored.then(
        (progress) => {
          kept = progress
        },
        () => {},
      )
      await Promise.all([newest.sealed, before.stored])
      before = newest
    }
    const progress = await newest.stored
    await ctx.step((tx) => advance(tx, plan, { status: 'finished', at: momentOf(ctx.node.source).now, progress, rejects }))
    return { ...progress, rejects }
  } catch (error) {
    await Promise.allSettled([before.stored, newest.stored])
    await markEnded(ctx, plan, kept, rejects, error instanceof Problem && error.kind === problems.import_halted ? 'stopped' : 'failed')
    if (error instanceof Problem) throw error
    throw new Problem(problems.import_stopped, `${kept.read} rows of the file were dealt with and are kept`, { extensions: { progress: kept }, cause: error })
  }
}

/** @throws Problem import_halted where somebody has stopped the import: the batch it comes with is then not kept */
async function advance(tx: Tx, plan: ImportRow, move: Parameters<typeof advanceImport>[2]): Promise<void> {
  if (!(await advanceImport(tx, plan.id, move))) throw new Problem(problems.import_halted)
}

/** Where the database is away this fails too; the import is then taken for dead by its age. */
async function markEnded(ctx: StepsContext, plan: ImportRow, progress: Progress, rejects: readonly Reject[], status: 'failed' | 'stopped'): Promise<void> {
  await ctx
    .step((tx) => moveImport(tx, plan.id, { status, at: momentOf(ctx.node.source).now, progress, rejects }))
    .catch(() => ctx.node.log.warn({ import: plan.id }, 'an import that ended early could not be marked so'))
}

async function begin(ctx: StepsContext, plan: ImportRow, batch: Batch, before: Promise<Progress>, rejects: Reject[]): Promise<Stage> {
  const { keys } = ctx.node
  const moment = momentOf(ctx.node.source)
  const [kek, { current: signer }] = await Promise.all([keys.kek(ctx.tenant), keys.signing(ctx.tenant, 'vault/block')])
  const sealing: SealingContext = {
    keys,
    kek,
    signer,
    tenant: ctx.tenant,
    recordType: { id: plan.record_type_id, slug: plan.slug },
    at: moment.now,
    newBlockId: () => moment.newId<'block'>(),
  }
  let tellSealed = () => {}
  const sealed = new Promise<void>((resolve) => {
    tellSealed = resolve
  })
  const stored = ctx.step(async (tx) => {
    const rows = await seal(tx, ctx, sealing, batch)
    tellSealed()
    const progress = added(await before, batch, rows)
    for (const reject of [...batch.rejects, ...rows.rejects]) if (rejects.length < rejectsMax) rejects.push(reject)
    await write(tx, ctx, plan, sealing, rows, progress)
    return progress
  })
  return { sealed: Promise.race([sealed, stored]), stored }
}

async function seal(tx: Tx, ctx: StepsContext, sealing: SealingContext, { rows }: Batch): Promise<SealedRows> {
  const subjects = await registerSubjects(
    tx,
    ctx.node,
    rows.map((row) => row.subject),
  )
  const known = rows.flatMap(({ line, subject, record }) => {
    const found = subjects.get(subject)
    return found === undefined ? [] : [{ line, subject: found, record }]
  })
  const ids = new Set(known.flatMap(({ subject }) => (subject.status === 'active' ? [subject.id] : [])))
  return sealRows(sealing, known, await lockChains(tx, [...ids], sealing.recordType.id))
}

async function write(tx: Tx, ctx: StepsContext, plan: ImportRow, { at, recordType }: SealingContext, rows: SealedRows, progress: Progress): Promise<void> {
  // Waited for together from the first moment: one that fails while nobody waits for it would end the process.
  await Promise.all([
    advance(tx, plan, { status: 'running', at, progress }),
    ...(rows.blocks.length === 0
      ? []
      : [
          insertKeys(tx, rows.newKeys),
          insertBlocks(tx, recordType.id, at, rows.blocks),
          stateHeads(tx, ctx, plan, rows.heads).then((heads) => moveHeads(tx, heads)),
        ]),
  ])
}

/** Writes the new ends of the chains into the ledger, where cutting a chain's end off will show. */
async function stateHeads(tx: Tx, ctx: StepsContext, plan: ImportRow, grown: readonly LockedChain[]): Promise<NewHead[]> {
  const groups = Array.from({ length: Math.ceil(grown.length / headsPerEntryMax) }, (_, index) =>
    grown.slice(index * headsPerEntryMax, (index + 1) * headsPerEntryMax),
  )
  const stated = await Promise.all(
    groups.map(async (group) => {
      const heads = group.map(({ subject_id, block_hash, sequence }) => ({ subject: subject_id, head: toHex(block_hash), blocks: sequence }))
      const entry = await ctx.record(tx, 'vault.head', { object: { kind: 'import', id: plan.id }, details: { heads } })
      return group.map((head) => ({ ...head, entry }))
    }),
  )
  return stated.flat()
}

function added(before: Progress, batch: Batch, rows: SealedRows): Progress {
  return {
    read: before.read + batch.rows.length + batch.rejects.length,
    imported: before.imported + rows.blocks.length,
    repeated: before.repeated + rows.repeated,
    rejected: before.rejected + batch.rejects.length + rows.rejects.length,
    subjects: before.subjects + rows.begun,
    batches: before.batches + 1,
    bytes: before.bytes + batch.bytes,
  }
}
