/**
 * One turn at the mailboxes, outwards only: what is to be sent is left there, what waits is taken, attachments are fetched. Nothing is handled
 * here; messages that are whole are put into the queue. Whatever breaks on the way is repeated by the next turn.
 */
import { createHash } from 'node:crypto'
import type { Id } from '@gatehouse/core/id'
import { addSeconds, type Instant, instantOf } from '@gatehouse/core/instant'
import { Problem } from '@gatehouse/core/problem'
import { momentOf } from '@gatehouse/runtime/base/context'
import { errorFields } from '@gatehouse/runtime/base/log'
import type { Tx } from '@gatehouse/runtime/data/db'
import type { Node } from '@gatehouse/runtime/door/node'
import { type ExchangeAnswer, type Health, type LeftMessage, mailboxLimits, type TakenMessage } from '../../coordinator/index.ts'
import { type Own, ownIdentity } from '../identity/own.ts'
import { expireQueue } from '../messages/expire.ts'
import { handleQueue } from '../messages/handle.ts'
import { messageLimits } from '../messages/message.ts'
import { receive } from '../messages/receive.ts'
import { receiptKind } from '../messages/send.ts'
import { type DueRow, dueFor, forgetEnded, handleable, isDue, noteLeft, openCounts } from '../messages/store.ts'
import { refreshKeys } from '../provider/keys.ts'
import { fetchAttachments, leaveAttachments } from './attachments.ts'
import { healthOf } from './health.ts'
import { type Mailbox, MailboxError, mailboxAt } from './mailbox.ts'
import { addressesOf, claimMailbox, countFault, type MailboxRow, notePolled, noteRegistered } from './store.ts'

/** A mailbox is asked again after so long: sooner while an answer is waited for, later the longer it fails. */
export const pollSeconds = { busy: 1, idle: 5, failingMax: 60, lease: 120 } as const
/** A message without an answer is left again after this, then twice as long each time, up to an hour. */
const againSeconds = 120
const againSecondsMax = 3_600
const refusedSeconds = 30
const roundsMax = 50
const jobsPerTurn = 200

export interface Turn {
  readonly polled: number
  readonly left: number
  readonly received: number
  readonly faults: number
  /** What went wrong at a mailbox, in words. */
  readonly errors: readonly string[]
}

export async function turn(node: Node, tenant: Id<'tenant'>): Promise<Turn> {
  const start = momentOf(node.source).now
  const inTenant = <T>(act: (tx: Tx) => Promise<T>) => node.database.transaction(tenant, act)
  const own = await inTenant((tx) => ownIdentity(tx, node, tenant))
  const counts = { polled: 0, left: 0, received: 0, faults: 0, errors: [] as string[] }
  if (own === undefined) return counts
  await refreshKeys(node, tenant)
  for (const address of await inTenant((tx) => addressesOf(tx, own.identity.mailbox))) {
    const row = await inTenant((tx) => claimMailbox(tx, address, start, addSeconds(start, pollSeconds.lease)))
    if (row === undefined) continue
    counts.polled++
    const error = await atMailbox({ node, tenant, own, address, row, counts })
    if (error !== undefined) counts.errors.push(`${address}: ${error}`)
  }
  await inTenant(async (tx) => {
    const now = instantOf(node.source.nowMs())
    for (const { id, peer_id } of await handleable(tx, jobsPerTurn))
      await node.queue.enqueue(tx, handleQueue, { tenant, peer: peer_id, message: id }, { singletonKey: id })
    if (await isDue(tx, now)) await node.queue.enqueue(tx, expireQueue, { tenant }, { singletonKey: tenant })
  })
  const old = await inTenant((tx) => forgetEnded(tx, addSeconds(start, -messageLimits.keptDays * 86_400), jobsPerTurn))
  for (const blob of old) await node.blobs.delete(blob)
  return counts
}

interface At {
  readonly node: Node
  readonly tenant: Id<'tenant'>
  readonly own: Own
  readonly address: string
  readonly row: MailboxRow
  readonly counts: { left: number; received: number; faults: number }
}

/** @returns what went wrong, in words */
async function atMailbox(at: At): Promise<string | undefined> {
  const { node, tenant, address, row } = at
  let error: string | undefined
  try {
    const mailbox = mailboxAt(node, address, at.own)
    error = await registration(at, mailbox)
    if (error === undefined) await exchanges(at, mailbox)
  } catch (fault) {
    if (!(fault instanceof MailboxError || fault instanceof Problem)) node.log.warn({ tenant, error: errorFields(fault) }, 'a turn at a mailbox failed')
    error = fault instanceof MailboxError || fault instanceof Problem ? fault.message : 'the turn failed; the log of the node knows more'
  }
  const now = instantOf(node.source.nowMs())
  await node.database.transaction(tenant, async (tx) => {
    const { waiting_out, waiting_in } = await openCounts(tx)
    const rest =
      error === undefined
        ? waiting_out + waiting_in > 0
          ? pollSeconds.busy
          : pollSeconds.idle
        : Math.min(pollSeconds.idle * 2 ** Math.min(row.failures, 10), pollSeconds.failingMax)
    await notePolled(tx, address, { at: now, next: addSeconds(now, rest), ...(error === undefined ? {} : { error }) })
  })
  return error
}

/** A new card, and one whose standing is in doubt, is shown first. @returns why nothing can be exchanged yet */
async function registration({ node, tenant, own: { identity }, address, row }: At, mailbox: Mailbox): Promise<string | undefined> {
  const digest = createHash('sha256').update(identity.card).digest('hex')
  if (row.registered === digest && row.standing === 'admitted' && row.failures === 0) return undefined
  const standing = await mailbox.register(identity.card)
  await node.database.transaction(tenant, (tx) => noteRegistered(tx, address, digest, standing))
  if (standing === 'proposed') return 'the node waits there to be admitted; tell its operator the fingerprint'
  return standing === 'excluded' ? 'the node was excluded there' : undefined
}

async function exchanges(at: At, mailbox: Mailbox): Promise<void> {
  const { node, tenant, address, own } = at
  const inTenant = <T>(act: (tx: Tx) => Promise<T>) => node.database.transaction(tenant, act)
  let taken: TakenMessage[] = []
  let health: Health | undefined = await inTenant((tx) => healthOf(tx, node))
  for (let round = 0; round < roundsMax; round++) {
    const due = fitting(await inTenant((tx) => dueFor(tx, address, instantOf(node.source.nowMs()), mailboxLimits.messagesPerExchange)))
    if (round > 0 && due.length === 0 && taken.length === 0) break
    // Before the message that names them, so that its receiver finds them.
    for (const row of due) if (row.state === 'queued') await leaveAttachments(node.blobs, mailbox, row)
    const leave = due.map(({ id, to, sealed, expires_at }): LeftMessage => ({ id, to, sealed, expires_at }))
    const answer = await mailbox.exchange({ leave, taken, ...(health === undefined ? {} : { health }) })
    health = undefined
    await noteAnswers(at, mailbox, due, answer)
    taken = []
    for (const envelope of answer.waiting) {
      const fault = await inTenant(async (tx) => {
        const found = await receive(tx, node, tenant, own, envelope)
        if (found !== undefined) await countFault(tx, address, envelope.from, found, instantOf(node.source.nowMs()))
        return found
      })
      if (fault === undefined) at.counts.received++
      else at.counts.faults++
      taken.push({ id: envelope.id, from: envelope.from })
    }
  }
  await fetchAttachments(node, tenant, mailbox)
}

/** As many as one request holds, at least one. */
function fitting(rows: readonly DueRow[]): DueRow[] {
  let size = 0
  return rows.filter(({ sealed }, at) => {
    size += sealed.length + 300
    return at === 0 || size < mailboxLimits.exchangeBytes - 200_000
  })
}

async function noteAnswers({ node, tenant, counts }: At, mailbox: Mailbox, due: readonly DueRow[], { left }: ExchangeAnswer): Promise<void> {
  if (due.length === 0) return
  const now = instantOf(node.source.nowMs())
  const answers = new Map(left.map(({ id, answer }) => [id, answer]))
  // A mailbox that lost what it had is given all of it again.
  for (const row of due) if (row.state === 'delivered' && answers.get(row.id) === 'kept') await leaveAttachments(node.blobs, mailbox, row)
  const rows = due.flatMap((row) => {
    const answer = answers.get(row.id)
    return answer === undefined ? [] : [leftRow(row, answer, now)]
  })
  counts.left += rows.filter(({ reason }) => reason === null).length
  await node.database.transaction(tenant, (tx) => noteLeft(tx, rows, now))
}

function leftRow({ id, kind, state, attempts }: DueRow, answer: ExchangeAnswer['left'][number]['answer'], now: Instant) {
  if (answer !== 'kept' && answer !== 'waits') return { id, state, reason: answer, nextAt: addSeconds(now, refusedSeconds) }
  const again = Math.min(againSeconds * 2 ** Math.min(attempts, 10), againSecondsMax)
  // An answer is not answered: where it is lost, the message comes again and is answered again.
  return { id, state: kind === receiptKind ? ('acknowledged' as const) : ('delivered' as const), reason: null, nextAt: addSeconds(now, again) }
}
