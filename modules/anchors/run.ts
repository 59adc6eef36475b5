/**
 * One turn: look at what is under way, take up a new checkpoint where one is due, send what is pending. Everything outside happens
 * between short transactions; a process that dies in the middle leaves a state from which the next turn goes on.
 */
import { addSeconds } from '@gatehouse/core/instant'
import { nodeTenant } from '@gatehouse/runtime/base/context'
import { errorFields } from '@gatehouse/runtime/base/log'
import type { Tx } from '@gatehouse/runtime/data/db'
import { operation, type StepsContext } from '@gatehouse/runtime/door/operation'
import { parseCheckpoint } from '@gatehouse/transparency/checkpoint'
import { z } from 'zod'
import { currentCheckpoint, logOrigin, readStretch } from '../ledger/index.ts'
import type { Anchor, Looking } from './anchor.ts'
import { anchorOf } from './drivers.ts'
import { openMax } from './schema.ts'
import { anchorLife } from './states.ts'
import {
  type AnchorChange,
  type AnchorRow,
  changeAnchor,
  insertAnchor,
  listTargets,
  newestAnchor,
  openAnchors,
  type TargetRow,
  tenantsWithTargets,
} from './store.ts'

export const runQueue = 'anchors-run'
const ownEntries = ['anchors.confirmed', 'anchors.lost', 'anchors.run']

const counts = z.strictObject({ sent: z.number().int(), confirmed: z.number().int(), lost: z.number().int(), failed: z.number().int() })
type Counts = z.output<typeof counts>

export const run = operation({
  name: 'anchors.run',
  summary: 'Anchor the newest checkpoint now, and look at what is under way',
  description:
    'The node does this by itself every minute, and takes up a new checkpoint when a target’s interval has passed. Here the interval is not waited for.',
  kind: 'steps',
  input: z.strictObject({}),
  output: counts,
  access: { action: 'publish', on: () => ({ type: 'anchor' }) },
  audit: (_input, { sent, failed }) => ({ details: { sent, failed } }),
  http: { method: 'POST', path: '/v1/anchors/run' },
  example: { input: {} },
  run: (ctx) => turns(ctx, false),
})

/** The job. In the node's own scope it only hands the work to each institution. */
export const runByItself = operation({
  name: 'anchors.run_by_itself',
  summary: 'Anchor what is due in each institution',
  kind: 'steps',
  input: z.strictObject({}),
  output: counts,
  access: { action: 'publish', on: () => ({ type: 'anchor' }) },
  audit: { none: 'what it brings about stands in the log as anchors.confirmed and anchors.lost; a turn that finds nothing to do leaves nothing' },
  async run(ctx) {
    if (ctx.tenant !== nodeTenant) return turns(ctx, true)
    const tenants = await ctx.node.database.transaction('node', tenantsWithTargets)
    for (const tenant of tenants)
      await ctx.node.database.transaction(tenant, (tx) => ctx.node.queue.enqueue(tx, runQueue, { tenant }, { singletonKey: tenant }))
    return { sent: 0, confirmed: 0, lost: 0, failed: 0 }
  },
})

async function turns(ctx: StepsContext, byItself: boolean): Promise<Counts> {
  const found: Counts = { sent: 0, confirmed: 0, lost: 0, failed: 0 }
  for (const target of await ctx.step(listTargets)) {
    if (target.state !== 'active') continue
    for (const what of await turn(ctx, target, byItself)) found[what]++
  }
  return found
}

type Happened = 'sent' | 'confirmed' | 'lost' | 'failed'

async function turn(ctx: StepsContext, target: TargetRow, byItself: boolean): Promise<Happened[]> {
  const happened: Happened[] = []
  const driver = await anchorOf(ctx.node, ctx.tenant, target).catch((error: unknown) => {
    ctx.node.log.warn({ tenant: ctx.tenant, error: errorFields(error) }, 'a target of anchors cannot be used')
    return failing(target.kind, error instanceof Error ? error.message : 'the target cannot be used')
  })
  for (const row of await ctx.step((tx) => openAnchors(tx, target.id, openMax))) {
    if (row.state !== 'pending') happened.push(...(await look(ctx, driver, row)))
  }
  await ctx.step((tx) => takeUp(ctx, tx, target, byItself))
  const pending = (await ctx.step((tx) => openAnchors(tx, target.id, openMax))).filter(({ state }) => state === 'pending')
  for (const row of pending) {
    // A smaller one that was never sent is needless beside a larger one; one that was lost is too.
    if (row !== pending.at(-1)) await ctx.step((tx) => changeAnchor(tx, row, { ...row, state: next(row, 'supersede') }, ctx.now))
    else happened.push(await send(ctx, driver, row))
  }
  // What needs no waiting, such as a time stamp, is confirmed at once.
  const fresh = (await ctx.step((tx) => openAnchors(tx, target.id, openMax))).filter(({ state }) => state === 'sent')
  if (pending.length > 0) for (const row of fresh) happened.push(...(await look(ctx, driver, row)))
  return happened
}

async function look(ctx: StepsContext, driver: Anchor, row: AnchorRow): Promise<Happened[]> {
  if (row.reference === null || row.sent_at === null) return []
  const seen = await driver.look(checkpointOf(ctx, row), row.reference, row.sent_at)
  return ctx.step(async (tx): Promise<Happened[]> => {
    switch (seen.outcome) {
      case 'failed':
        return (await changeAnchor(tx, row, { ...row, fault: seen.fault, last_error: seen.reason }, ctx.now)) ? ['failed'] : []
      case 'waiting':
        await changeAnchor(tx, row, { ...row, depth: seen.depth, fault: null, last_error: null }, ctx.now)
        return []
      case 'lost':
        return (await lose(ctx, tx, driver, row, seen)) ? ['lost'] : []
      case 'confirmed':
        return (await confirm(ctx, tx, driver, row, seen)) ? ['confirmed'] : []
    }
  })
}

type Seen<Outcome extends Looking['outcome']> = Extract<Looking, { outcome: Outcome }>

/** @returns whether it is news */
async function lose(ctx: StepsContext, tx: Tx, driver: Anchor, row: AnchorRow, { fault, reason }: Seen<'lost'>): Promise<boolean> {
  const back = row.state === 'confirmed'
  const to: AnchorChange = {
    ...row,
    state: next(row, 'lose'),
    fault: back ? 'reorganised' : fault,
    losses: row.losses + 1,
    depth: null,
    receipt: null,
    confirmed_at: null,
    last_error: back ? `the chain took it back (${reason})` : reason,
  }
  if (!(await changeAnchor(tx, row, to, ctx.now))) return false
  await tell(ctx, tx, 'anchors.lost', row, { kind: driver.kind, was: row.state })
  return true
}

/** @returns whether it is news: the first block is, those upon it are not */
async function confirm(ctx: StepsContext, tx: Tx, driver: Anchor, row: AnchorRow, { depth, final, receipt }: Seen<'confirmed'>): Promise<boolean> {
  const to: AnchorChange = {
    ...row,
    state: stateUpon(row, final),
    depth,
    receipt,
    fault: null,
    last_error: null,
    confirmed_at: row.confirmed_at ?? ctx.now,
  }
  if (!(await changeAnchor(tx, row, to, ctx.now)) || row.state !== 'sent') return false
  await tell(ctx, tx, 'anchors.confirmed', row, { kind: driver.kind })
  return true
}

function stateUpon(row: AnchorRow, final: boolean): AnchorRow['state'] {
  if (row.state === 'sent') return next(row, 'confirm')
  return final ? next(row, 'finish') : row.state
}

/** Into the log, and to whoever listens. */
async function tell(ctx: StepsContext, tx: Tx, type: string, { id, size }: AnchorRow, details: Record<string, string>): Promise<void> {
  await ctx.record(tx, type, { object: { kind: 'anchor', id }, details: { size, ...details } }, [{ type, subject: id, data: { anchor: id, size } }])
}

/** A new checkpoint, if the log has grown by more than our own entries and the interval has passed. */
async function takeUp(ctx: StepsContext, tx: Tx, target: TargetRow, byItself: boolean): Promise<void> {
  const [newest, checkpoint] = await Promise.all([newestAnchor(tx, target.id), currentCheckpoint(tx)])
  if (checkpoint === undefined) return
  if (newest !== undefined) {
    if (checkpoint.size <= newest.size || newest.state === 'sent') return
    if (byItself && newest.created_at > addSeconds(ctx.now, -target.every_minutes * 60)) return
    const { next: end, entries } = await readStretch(tx, ownEntries, newest.size, openMax)
    if (end === checkpoint.size && entries.length === end - newest.size) return
  }
  await insertAnchor(tx, {
    id: ctx.newId<'anchor'>(),
    target_id: target.id,
    size: checkpoint.size,
    root: checkpoint.root,
    checkpoint: checkpoint.note,
    created_at: ctx.now,
  })
}

async function send(ctx: StepsContext, driver: Anchor, row: AnchorRow): Promise<Happened> {
  const sent = await driver.send(checkpointOf(ctx, row), row.reference)
  const attempts = row.attempts + 1
  return ctx.step(async (tx): Promise<Happened> => {
    if (sent.outcome === 'superseded') {
      await changeAnchor(tx, row, { ...row, state: next(row, 'supersede'), attempts, fault: null, last_error: null }, ctx.now)
      return 'sent'
    }
    if (sent.outcome === 'failed') {
      await changeAnchor(tx, row, { ...row, attempts, reference: sent.reference ?? row.reference, fault: sent.fault, last_error: sent.reason }, ctx.now)
      return 'failed'
    }
    await changeAnchor(
      tx,
      row,
      { ...row, state: next(row, 'send'), attempts, reference: sent.reference, sent_at: ctx.now, fault: null, last_error: null },
      ctx.now,
    )
    return 'sent'
  })
}

function next(row: AnchorRow, event: Parameters<typeof anchorLife.next>[1]) {
  const state = anchorLife.next(row.state, event)
  if (state === undefined) throw new Error(`an anchor that is ${row.state} cannot ${event}`)
  return state
}

function checkpointOf(ctx: StepsContext, { size, root, checkpoint }: AnchorRow) {
  const read = parseCheckpoint(checkpoint.slice(0, checkpoint.indexOf('\n\n') + 1))
  return { origin: read?.origin ?? logOrigin(ctx.tenant), size, root, checkpoint }
}

/** A target that cannot even be set up fails like one that does not answer: visible, and tried again. */
function failing(kind: Anchor['kind'], reason: string): Anchor {
  const failed = async () => ({ outcome: 'failed' as const, fault: 'unusable' as const, reason })
  return { kind, send: failed, look: failed }
}
