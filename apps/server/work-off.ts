/**
 * A node that was woken for one visit: it looks into its mailboxes, works off what came and what follows from it, delivers the answers, and is
 * done when nothing more can be done now. What is to be tried later is left for the next time.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { instantOf } from '@gatehouse/core/instant'
import { endedSince, type Visited, visitAll } from '@gatehouse/modules/exchange/federation/index'
import { listTenants } from '@gatehouse/modules/governance/tenancy/index'
import { logStanding } from '@gatehouse/modules/ledger/index'
import type { Node } from '@gatehouse/runtime/door/node'
import { dueJobs } from '@gatehouse/runtime/work/queue'

const lookMs = 100
/** A visit that takes longer ends; the next one goes on. */
const limitMs = 60 * 60_000

export interface WorkedOff extends Visited {
  /** Messages that came, by what became of them. */
  readonly handled: number
  readonly refused: number
  /** Messages that were sent earlier or now, by what their receivers answered. */
  readonly acknowledged: number
  readonly refusedByPeers: number
  readonly expired: number
  readonly seconds: number
}

export async function workOff(node: Node): Promise<WorkedOff> {
  const start = node.source.nowMs()
  const since = instantOf(start)
  const total = { polled: 0, left: 0, received: 0, faults: 0 }
  const errors = new Set<string>()
  for (;;) {
    const seen = await visitAll(node)
    total.polled += seen.polled
    total.left += seen.left
    total.received += seen.received
    total.faults += seen.faults
    for (const error of seen.errors) errors.add(error)
    const worked = await untilQuiet(node, start + limitMs)
    if ((seen.left === 0 && seen.received === 0 && !worked) || node.source.nowMs() - start > limitMs) break
  }
  const ended = await node.database.transaction('node', (tx) => endedSince(tx, since))
  const of = (direction: string, state: string) =>
    ended.filter((one) => one.direction === direction && one.state === state).reduce((sum, { count }) => sum + count, 0)
  return {
    ...total,
    errors: [...errors],
    handled: of('received', 'handled'),
    refused: of('received', 'refused'),
    acknowledged: of('sent', 'acknowledged'),
    refusedByPeers: of('sent', 'refused'),
    expired: of('sent', 'expired') + of('received', 'expired'),
    seconds: (node.source.nowMs() - start) / 1000,
  }
}

/** Until no job could run and every entry has its place in the log. @returns whether there was work */
async function untilQuiet(node: Node, deadlineMs: number): Promise<boolean> {
  for (let worked = false; ; worked = true) {
    const jobs = await node.database.transaction('node', dueJobs)
    if ((jobs === 0 && (await allPlaced(node))) || node.source.nowMs() > deadlineMs) return worked
    await sleep(lookMs)
  }
}

async function allPlaced(node: Node): Promise<boolean> {
  for (const { id } of await node.database.transaction('node', listTenants)) if ((await node.database.transaction(id, logStanding)).waiting > 0) return false
  return true
}
