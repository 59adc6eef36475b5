/**
 * The data leaves, for whoever has the token of a started transfer. The agreement, the policies and the partner's standing are asked once more; the
 * entry commits before the first byte, and another says whether the last one left. A fetching that broke off may be repeated; one that arrived whole
 * spends the token.
 */
import { instantOf } from '@gatehouse/core/instant'
import { systemPrincipal } from '@gatehouse/runtime/base/context'
import { type FileAnswer, operation, Refusal, refuse, type StepsContext } from '@gatehouse/runtime/door/operation'
import { z } from 'zod'
import { openTable } from '../../../custody/catalog/index.ts'
import { csvText } from '../../query/index.ts'
import { agreementStands } from '../catalogue/offers.ts'
import { counterpartyOf } from '../participants/counterparty.ts'
import { problems } from '../problems.ts'
import { agreementById, beginPull, changeProcess, endPull, lockProcess, type ProcessRow, processByToken } from '../processes/store.ts'
import { processOf } from '../protocol/names.ts'
import { examples, limits, path, pidSchema } from '../schema.ts'
import { presentedHash } from './token.ts'

const mediaType = 'text/csv; charset=utf-8'

export const pullData = operation({
  name: 'dataspace.pull',
  kind: 'steps',
  answers: 'file',
  mediaTypes: [mediaType],
  summary: 'Fetch the data of a transfer, as another participant',
  description: 'With the token of the start message in `Authorization`. Every refusal of a token looks the same; the ledger knows why.',
  input: z.looseObject({ pid: pidSchema }),
  output: z.custom<FileAnswer>(),
  access: { public: 'the token says for whose transfer the caller comes, and is checked here' },
  audit: () => ({}),
  http: { method: 'GET', path: `${path}/data/:pid`, speaks: 'dsp:transfer' },
  example: { input: { pid: examples.pid } },
  problems: [problems.token_refused],
  async run(ctx, { pid }) {
    const hash = presentedHash(ctx.node, ctx.knock.authorization)
    const id = processOf(pid)
    const known = hash && id && (await ctx.node.database.transaction('node', (tx) => processByToken(tx, id, hash)))
    if (known === undefined) return refuse(problems.token_refused)
    await ctx.actAs(systemPrincipal(known.tenant_id, 'dataspace'))
    const begun = await ctx.step(async (tx) => {
      const process = await lockProcess(tx, known.id)
      const refused = (reason: string) =>
        refuse(problems.token_refused, undefined, { partner: known.partner_id, object: objectOf(known), details: { reasons: [reason] } })
      if (process?.state !== 'STARTED' || process.agreement_id === null) return refused('not_started')
      if (process.token_until === null || process.token_until <= ctx.now) return refused('expired')
      if (process.delivered_at !== null) return refused('spent')
      const to = await counterpartyOf(tx, process.partner_id, ctx.now)
      if ('reason' in to) return refused(to.reason)
      const agreement = await agreementById(tx, process.agreement_id)
      if (agreement === undefined) return refused('agreement_unknown')
      const standing = await agreementStands({ tx, node: ctx.node, now: ctx.now }, to, agreement)
      if ('reason' in standing) return refused(standing.reason)
      const pull = ctx.newId<'release'>()
      if (!(await beginPull(tx, { id: pull, process: process.id, agreement: agreement.id, at: ctx.now }))) return refused('being_fetched')
      return { process, standing, pull }
    })
    if (begun instanceof Refusal) return begun
    const { process, standing, pull } = begun
    const cut = new AbortController()
    const close = (state: 'delivered' | 'broken', bytes: number) => closePull(ctx, process, pull, state, bytes)
    const options = { columns: standing.fields, rowsMax: limits.rowsMax, signal: cut.signal }
    const opened = await openTable(ctx.node, ctx.tenant, standing.table, options).catch(async (error: unknown) => {
      await close('broken', 0)
      throw error
    })
    ctx.describe({
      decision: 'permit',
      partner: process.partner_id,
      object: objectOf(process),
      details: { pull, dataset: process.dataset, columns: standing.fields.slice(0, 50) },
    })
    const name = `${process.dataset.replace(/[^A-Za-z0-9.-]+/g, '-')}.csv`
    return { name, mediaType, chunks: leaving(csvText(standing.fields, opened.chunks), ctx, close, cut) }
  },
})

const objectOf = ({ id }: ProcessRow) => ({ kind: 'transfer', id })

async function closePull(
  ctx: StepsContext,
  process: ProcessRow,
  pull: Parameters<typeof endPull>[1],
  state: 'delivered' | 'broken',
  bytes: number,
): Promise<void> {
  await ctx.step(async (tx) => {
    const now = instantOf(ctx.node.source.nowMs())
    // First the process, as whoever begins to fetch does: two that wait for each other would both fail.
    await lockProcess(tx, process.id)
    if (!(await endPull(tx, pull, state, now, bytes))) return
    if (state === 'delivered') await changeProcess(tx, process.id, { delivered_at: now })
    const details = { pull, dataset: process.dataset, delivered: state === 'delivered', bytes }
    await ctx.record(tx, 'dataspace.delivered', { partner: process.partner_id, object: objectOf(process), details })
  })
}

/** Hands the file on and writes down what became of it, also when its reader left before the end. */
async function* leaving(
  pieces: AsyncIterable<string>,
  ctx: StepsContext,
  close: (state: 'delivered' | 'broken', bytes: number) => Promise<void>,
  cut: AbortController,
): AsyncGenerator<string, void, undefined> {
  const untilMs = ctx.node.source.nowMs() + limits.pullMinutes * 60_000
  let bytes = 0
  let whole = false
  try {
    for await (const piece of pieces) {
      if (ctx.node.source.nowMs() > untilMs) throw new RangeError(`data leaves within ${limits.pullMinutes} minutes or not at all`)
      bytes += Buffer.byteLength(piece)
      yield piece
    }
    whole = true
  } finally {
    cut.abort()
    ctx.node.metrics.bytesReleased.inc(bytes)
    await close(whole ? 'delivered' : 'broken', bytes)
  }
}
