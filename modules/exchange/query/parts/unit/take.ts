/** A linkage unit is asked, and gets encodings: its own people said in which project it acts as one, and for whom. */
import type { Id } from '@gatehouse/core/id'
import type { Tx } from '@gatehouse/runtime/data/db'
import { messageKind, type ReceivedMessage } from '@gatehouse/runtime/door/message-kind'
import type { ActContext, TransactionContext } from '@gatehouse/runtime/door/operation'
import { openProject } from '../../../../governance/projects/index.ts'
import { send } from '../../../federation/index.ts'
import { settingsOf } from '../../budget/store.ts'
import { inProject } from '../../schema.ts'
import { later } from '../end-part.ts'
import { partKinds } from '../kinds.ts'
import { isPeer } from '../peer.ts'
import { mayHere } from '../person.ts'
import { filesBeside } from './files.ts'
import { compareWhenReady } from './ready.ts'
import { type CompareBody, compareBody, type EncodingsBody, encodingsBody, limits, unitKinds } from './schema.ts'
import { comparisonOf, insertComparison, insertReceived } from './store.ts'

/** Why this node does not compare, as a code; asked when it is asked, and again before it compares. */
export async function unwilling(
  ctx: Pick<ActContext, 'node' | 'tenant' | 'now'>,
  tx: Tx,
  asked: { readonly asker: string; readonly person: Id<'user'>; readonly project: Id<'project'>; readonly request: Pick<CompareBody, 'parties'> },
): Promise<string | undefined> {
  const { asker, person, project, request } = asked
  if (!(await mayHere(ctx, person, 'create', inProject('query_run')({ project })))) return 'not_member'
  if ((await openProject(tx, project, ctx.now)) === undefined) return 'project_closed'
  if (!(await settingsOf(tx, project)).linkage_unit) return 'unit_unwilling'
  for (const { node } of request.parties) if (node !== asker && !(await isPeer(tx, node))) return 'party_unknown'
  return undefined
}

export const takeComparison = messageKind({
  kind: unitKinds.compare,
  versions: [1],
  body: compareBody,
  acting: true,
  async run(ctx, received) {
    const { tx, node, tenant, now } = ctx
    const { from: asker, body: request, thread } = received
    if ((await comparisonOf(tx, { peer: asker, foreign_run: request.run }, true)) !== undefined) return undefined
    const reason = await refusalOf(ctx, received)
    const facts = { object: { kind: 'project', id: received.project?.id ?? '' }, details: { node: asker, foreign_run: request.run } }
    if (reason !== undefined) {
      const body = { run: request.run, attempt: request.attempt, reason }
      await send(tx, node, tenant, { to: asker, kind: partKinds.refused, thread, body, expiresAt: later(now, request.deadline_at) })
      await ctx.record(tx, 'query.comparison_refused', { ...facts, details: { ...facts.details, reason } })
      return undefined
    }
    await ctx.record(tx, 'query.comparison_taken', facts)
    const comparison = await comparisonOf(tx, { peer: asker, foreign_run: request.run })
    if (comparison !== undefined) await compareWhenReady(ctx, tx, comparison)
    const body = { run: request.run, attempt: request.attempt, state: 'working' }
    await send(tx, node, tenant, { to: asker, kind: partKinds.state, thread, body, expiresAt: request.deadline_at })
    return undefined
  },
})

async function refusalOf(ctx: TransactionContext, { from: asker, person, project, body: request }: ReceivedMessage<CompareBody>): Promise<string | undefined> {
  if (person === undefined || project === undefined) return 'not_member'
  const reason = await unwilling(ctx, ctx.tx, { asker, person: person.user, project: project.id, request })
  if (reason !== undefined) return reason
  const { run: foreign_run, deadline_at } = request
  const row = { peer: asker, foreign_run, project_id: project.id, person: person.user, request, asked_at: ctx.now, deadline_at }
  return (await insertComparison(ctx.tx, row, limits.openMax)) ? undefined : 'too_many_runs'
}

export const takeEncodings = messageKind({
  kind: unitKinds.encodings,
  versions: [1],
  body: encodingsBody,
  async run(ctx, received) {
    const { tx, node, tenant, now } = ctx
    const { from, thread, body } = received
    const comparison = await comparisonOf(tx, { peer: body.asker, foreign_run: body.run }, true)
    const reason = comparison === undefined ? undefined : refusalOfEncodings(comparison, from, body)
    if (reason === undefined && (await insertReceived(tx, receivedOf(ctx, received), limits.waitingMax))) {
      if (comparison !== undefined) await compareWhenReady(ctx, tx, comparison)
      return undefined
    }
    // There is nobody to tell.
    if (!(await isPeer(tx, from))) return undefined
    const refused = { run: body.run, reason: reason ?? 'too_many_runs' }
    await send(tx, node, tenant, { to: from, kind: unitKinds.refused, thread, body: refused, expiresAt: later(now, body.deadline_at) })
    return undefined
  },
})

function refusalOfEncodings(
  { state, request }: { readonly state: string; readonly request: CompareBody },
  from: string,
  { tables }: EncodingsBody,
): string | undefined {
  if (state !== 'waiting') return 'too_late'
  const party = request.parties.find(({ node }) => node === from)
  return party?.sources.toSorted().join(' ') === Object.keys(tables).toSorted().join(' ') ? undefined : 'not_asked_for'
}

function receivedOf({ now }: TransactionContext, { from, body, attachments }: ReceivedMessage<EncodingsBody>) {
  const tables = filesBeside(body.tables, attachments, 'encodings')
  return { asker: body.asker, foreign_run: body.run, peer: from, sealed_key: body.key, tables, received_at: now, deadline_at: body.deadline_at }
}
