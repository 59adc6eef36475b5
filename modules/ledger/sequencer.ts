/**
 * Gives every committed entry its place in its tenant's log. The list of waiting entries is written with the entries, so a
 * transaction that commits late is found late and never passed over. One process of the database sequences at a time; the
 * head's fencing number keeps one that fell behind from signing a second tree of the same size.
 */
import type { Id } from '@gatehouse/core/id'
import { instantMs, instantOf } from '@gatehouse/core/instant'
import { toHex } from '@gatehouse/crypto/bytes'
import { momentOf, nodeTenant } from '@gatehouse/runtime/base/context'
import { errorFields } from '@gatehouse/runtime/base/log'
import type { Loop } from '@gatehouse/runtime/door/module'
import type { Node } from '@gatehouse/runtime/door/node'
import { newSignal } from '@gatehouse/runtime/work/signal'
import { signCheckpoint } from '@gatehouse/transparency/checkpoint'
import { edgeTiles } from '@gatehouse/transparency/tile'
import { appendEntry } from './append.ts'
import { logOrigin, logSigner } from './key.ts'
import { announceMs, gatherMs, integrationMax } from './schema.ts'
import { LogBrokenError, planIntegration } from './sequence.ts'
import {
  becomeSequencer,
  insertCheckpoint,
  insertPositions,
  moveHead,
  readHead,
  takePending,
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
    const [waiting, heads] = await Promise.all([tenantsWaiting(tx), takeUnannounced(tx, moment.now, instantOf(moment.nowMs - announceMs))])
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

/** One step of one log: all of it is written, or none. */
async function integrate(node: Node, tenant: Id<'tenant'>): Promise<number> {
  const { sha256 } = node.keys.primitives
  const signer = await logSigner(node, tenant)
  const at = momentOf(node.source).now
  return node.database.transaction(tenant, async (tx) => {
    if (!(await becomeSequencer(tx))) return 0
    const head = await readHead(tx)
    const [readTile, entries] = await Promise.all([tileReader(tx, head === undefined ? [] : edgeTiles(head.size)), takePending(tx, integrationMax)])
    if (entries.length === 0) return 0
    const { first, ids, size, root, tiles } = planIntegration(sha256, head, readTile, entries)
    const checkpoint = { size, root, note: signCheckpoint(sha256, { origin: logOrigin(tenant), size, root }, signer) }
    const [moved] = await Promise.all([
      moveHead(tx, head, checkpoint, at),
      insertPositions(tx, first, ids),
      writeTiles(tx, tiles),
      insertCheckpoint(tx, checkpoint, at),
    ])
    if (!moved) throw new LogBrokenError(`the head of the log left size ${first} while the next checkpoint was made`)
    return entries.length
  })
}

/** When this process last began an integration. */
const pace = (_node: Node) => ({ beganMs: Number.NEGATIVE_INFINITY })

export const sequencer: Loop = {
  name: 'ledger.sequencer',
  idleMs: 200,
  async run(node) {
    const turn = node.of(pace)
    const nowMs = node.source.nowMs()
    // Each commit wakes the loop. Under load it waits for company; a clock that was set back must not make it wait for long.
    if (Math.abs(nowMs - turn.beganMs) < gatherMs) return false
    turn.beganMs = nowMs
    const { more } = await sequence(node)
    if (more) turn.beganMs = Number.NEGATIVE_INFINITY
    return more
  },
}
