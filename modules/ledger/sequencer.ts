/**
 * Gives every committed entry its place in its tenant's log. The list of waiting entries is written with the entries, so a
 * transaction that commits late is found late and never passed over. One process of the database sequences at a time; the
 * head's fencing number keeps one that fell behind from signing a second tree of the same size, and the store of heads keeps
 * copies and backups of the database from it (docs/decisions/0014-heads.md).
 */
import type { Id } from '@gatehouse/core/id'
import { instantMs, instantOf } from '@gatehouse/core/instant'
import { toHex } from '@gatehouse/crypto/bytes'
import { momentOf, nodeTenant } from '@gatehouse/runtime/base/context'
import { errorFields } from '@gatehouse/runtime/base/log'
import type { Tx } from '@gatehouse/runtime/data/db'
import type { Loop } from '@gatehouse/runtime/door/module'
import type { Node } from '@gatehouse/runtime/door/node'
import { newSignal } from '@gatehouse/runtime/work/signal'
import { signCheckpoint } from '@gatehouse/transparency/checkpoint'
import { equalHashes } from '@gatehouse/transparency/merkle'
import { edgeTiles } from '@gatehouse/transparency/tile'
import { appendEntry } from './append.ts'
import { type Claim, claimHead } from './heads/claim.ts'
import {
  clearHalt,
  clearPrepared,
  countHalts,
  firstPending,
  type Halt,
  insertPrepared,
  leafHashesOf,
  readPrepared,
  readSuccession,
  takePending,
  writeHalt,
} from './heads/store.ts'
import { logOrigin, logSigners, originOf } from './key.ts'
import { announceMs, gatherMs, headsLookMs, integrationMax } from './schema.ts'
import { type Integration, LogBrokenError, planIntegration } from './sequence.ts'
import {
  becomeSequencer,
  insertCheckpoint,
  insertPositions,
  logSizes,
  moveHead,
  readHead,
  takeUnannounced,
  tenantsWaiting,
  tileReader,
  writeTiles,
} from './store.ts'

/** Rings in this process after each integration. */
export const integrated = (_node: Node) => newSignal()

/**
 * Integrates what waits, at most `integrationMax` entries of each tenant.
 * @returns the number of entries that found their place, and whether more wait
 */
export async function sequence(node: Node): Promise<{ integrated: number; more: boolean }> {
  const waiting = await lookAround(node)
  let total = 0
  let more = false
  for (const tenant of waiting) {
    try {
      const count = await integrate(node, tenant)
      total += count
      more ||= count === integrationMax
    } catch (error) {
      // One broken log must not stop the others; its lag shows in the metric until somebody looks.
      node.log.error({ tenant, error: errorFields(error) }, 'a log could not be sequenced')
    }
  }
  node.metrics.ledgerIntegrated.inc(total)
  if (total > 0) node.of(integrated).ring()
  return { integrated: total, more }
}

/** Who waits; and the heads that have moved since the node's log last spoke of them. */
async function lookAround(node: Node): Promise<Id<'tenant'>[]> {
  const moment = momentOf(node.source)
  return node.database.transaction('node', async (tx) => {
    const [waiting, heads, halted] = await Promise.all([
      tenantsWaiting(tx),
      takeUnannounced(tx, moment.now, instantOf(moment.nowMs - announceMs)),
      countHalts(tx),
    ])
    node.metrics.ledgerHalted.set(halted)
    await Promise.all(
      heads.map(({ tenant, size, root }) =>
        appendEntry(
          tx,
          {
            id: moment.newId<'entry'>(),
            tenant: nodeTenant,
            type: 'ledger.head',
            at: moment.now,
            actor: { kind: 'system', id: 'ledger.sequencer' },
            facts: { object: { kind: 'tenant', id: tenant }, details: { size, root: toHex(root) } },
          },
          node,
        ),
      ),
    )
    const oldestMs = Math.min(moment.nowMs, ...waiting.map((tenant) => instantMs(tenant.oldest)))
    node.metrics.ledgerLag.set((moment.nowMs - oldestMs) / 1000)
    return waiting.map((row) => row.tenant)
  })
}

interface Intent {
  readonly claim: Claim & { readonly to: object }
  readonly fencing: number | undefined
  readonly step: Integration
  /** Left by a process that came no further: there may be more to do at once. */
  readonly resumed: boolean
}

/**
 * One step of one log. What shall be signed is written down first, then claimed in the store of heads, and only then signed and shown. A
 * crash between any two leaves what was written down, from which the next turn goes on to the very same checkpoint.
 */
async function integrate(node: Node, tenant: Id<'tenant'>): Promise<number> {
  const intent = await prepare(node, tenant)
  if (intent === undefined) return 0
  const claimed = await claimHead(node.heads, intent.claim)
  if (claimed !== 'claimed') {
    await halt(node, tenant, claimed)
    return 0
  }
  const placed = await publish(node, tenant, intent)
  return placed > 0 && intent.resumed ? placed + (await integrate(node, tenant)) : placed
}

/** Where a log stands, and whether its head lies under the origin that it is signed under now. */
async function readPlace(tx: Tx, tenant: Id<'tenant'>) {
  const [head, succession, prepared] = await Promise.all([readHead(tx), readSuccession(tx), readPrepared(tx)])
  const generation = succession?.generation ?? 1
  const continues = head !== undefined && originOf(tenant, head.note) === logOrigin(tenant, generation)
  return { head, succession, prepared, generation, continues }
}

function prepare(node: Node, tenant: Id<'tenant'>): Promise<Intent | undefined> {
  return node.database.transaction(tenant, async (tx) => {
    if (!(await becomeSequencer(tx))) return undefined
    const { head, succession, prepared, generation, continues } = await readPlace(tx, tenant)
    const begins = succession !== undefined && !continues
    // The entry that names the old checkpoint is the first under the new origin, whatever else waits.
    const ids = prepared?.entry_ids ?? (begins ? [succession.entry_id] : await firstPending(tx, integrationMax))
    if (ids.length === 0) return undefined
    const [readTile, entries] = await Promise.all([tileReader(tx, head === undefined ? [] : edgeTiles(head.size)), leafHashesOf(tx, ids)])
    const step = planIntegration(node.keys.primitives.sha256, head, readTile, entries)
    if (prepared === undefined) await insertPrepared(tx, { size: step.size, root: step.root, entry_ids: ids })
    else if (!equalHashes(prepared.root, step.root)) throw new LogBrokenError(`the entries prepared for size ${step.size} no longer give the root they gave`)
    const claim = { tenant, generation, from: begins ? undefined : head, stored: !begins && head?.stored === true, to: { size: step.size, root: step.root } }
    return { claim, fencing: head?.fencing, step, resumed: prepared !== undefined }
  })
}

function publish(node: Node, tenant: Id<'tenant'>, { claim, fencing, step }: Intent): Promise<number> {
  const { sha256 } = node.keys.primitives
  const at = momentOf(node.source).now
  const { first, ids, size, root, tiles } = step
  return node.database.transaction(tenant, async (tx) => {
    if (!(await becomeSequencer(tx))) return 0
    const head = await readHead(tx)
    // Another process resumed what this one had prepared, and was first.
    if (head?.fencing !== fencing) return 0
    const signers = await logSigners(tx, node, tenant, at, { first, ids })
    const checkpoint = { size, root, note: signCheckpoint(sha256, { origin: logOrigin(tenant, claim.generation), size, root }, ...signers) }
    const [moved, taken] = await Promise.all([
      moveHead(tx, head, checkpoint, at),
      takePending(tx, ids),
      insertPositions(tx, first, ids),
      writeTiles(tx, tiles),
      insertCheckpoint(tx, checkpoint, at),
      clearPrepared(tx),
      clearHalt(tx),
    ])
    if (!moved || taken !== ids.length) throw new LogBrokenError(`the log left size ${first} while the next checkpoint was made`)
    return ids.length
  })
}

async function halt(node: Node, tenant: Id<'tenant'>, found: Halt): Promise<void> {
  const news = await node.database.transaction(tenant, (tx) => writeHalt(tx, found, momentOf(node.source).now))
  if (news) node.log.error({ tenant, ...found }, 'a log signs nothing: the store of heads does not agree with the database')
}

/**
 * Compares every log with the store of heads, also those that nobody writes to: a database that was put back from a backup says so before
 * its first act.
 */
export async function lookAtHeads(node: Node): Promise<void> {
  const logs = await node.database.transaction('node', logSizes)
  for (const { tenant } of logs) {
    const claim = await node.database.transaction(tenant, async (tx): Promise<Claim | undefined> => {
      const { head, prepared, generation, continues } = await readPlace(tx, tenant)
      // What is prepared is compared when it is claimed.
      if (head === undefined || prepared !== undefined || !continues) return undefined
      return { tenant, generation, from: head, stored: head.stored, to: undefined }
    })
    const found = claim === undefined ? undefined : await claimHead(node.heads, claim)
    if (found === 'claimed') await node.database.transaction(tenant, clearHalt)
    else if (found !== undefined) await halt(node, tenant, found)
  }
}

/** When this process last began an integration, and when it last looked at all heads. */
const pace = (_node: Node) => ({ beganMs: Number.NEGATIVE_INFINITY, lookedMs: Number.NEGATIVE_INFINITY })

export const sequencer: Loop = {
  name: 'ledger.sequencer',
  idleMs: 200,
  async run(node) {
    const turn = node.of(pace)
    const nowMs = node.source.nowMs()
    // Under load it waits for company; a clock that was set back must not make it wait for long.
    if (Math.abs(nowMs - turn.beganMs) < gatherMs) return false
    turn.beganMs = nowMs
    if (Math.abs(nowMs - turn.lookedMs) >= headsLookMs) {
      turn.lookedMs = nowMs
      await lookAtHeads(node)
    }
    const { more } = await sequence(node)
    if (more) turn.beganMs = Number.NEGATIVE_INFINITY
    return more
  },
}
