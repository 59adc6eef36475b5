/** The linkage unit of a run is asked by the node whose run it is. It is a part of the run that has no sources. */
import { addSeconds, type Instant } from '@gatehouse/core/instant'
import { ownSources, sourcesByNode, unitOf } from '@gatehouse/query/plan/nodes'
import type { QueryPlan } from '@gatehouse/query/plan/schema'
import type { Tx } from '@gatehouse/runtime/data/db'
import type { ActContext } from '@gatehouse/runtime/door/operation'
import { ownIdentity, send } from '../../../federation/index.ts'
import { type Acting, behalfOfRun } from '../behalf.ts'
import { putPart } from '../store.ts'
import { type CompareBody, unitKinds } from './schema.ts'

/** Whoever has sent no encodings in half of the time is left out, so that the others have the other half. */
const waitUntil = (asked: Instant, deadline: Instant): Instant => addSeconds(asked, Math.floor((Date.parse(deadline) - Date.parse(asked)) / 2_000))

interface Asked extends Acting {
  readonly document: QueryPlan
  readonly keyId: string
  readonly deadline: Instant
}

export async function askUnit({ node, tenant, now }: Pick<ActContext, 'node' | 'tenant' | 'now'>, tx: Tx, asked: Asked): Promise<void> {
  const { run, document, deadline } = asked
  const method = document.linkage?.method
  const unit = unitOf(document)
  if (unit === undefined || method?.kind !== 'encoded') return
  const own = ownSources(document).map(({ as }) => as)
  const name = (await ownIdentity(tx, node, tenant))?.identity.name ?? ''
  const others = [...sourcesByNode(document)].map(([peer, sources]) => ({ node: peer, sources: sources.map(({ as }) => as) }))
  const body: CompareBody = {
    run: run.id,
    attempt: 1,
    parties: [...(own.length === 0 ? [] : [{ node: name, sources: own }]), ...others],
    threshold: method.threshold,
    partial: document.nodes?.partial === 'allowed',
    wait_until: waitUntil(now, deadline),
    deadline_at: deadline,
  }
  const message = { to: unit, kind: unitKinds.compare, thread: run.id, body, expiresAt: deadline, onBehalfOf: behalfOfRun(run) }
  const part = { run_id: run.id, peer: unit, project_id: run.project_id, attempt: 1, sources: [], key_id: asked.keyId, asked_at: now, deadline_at: deadline }
  await putPart(tx, { ...part, message_id: await send(tx, node, tenant, message) })
}
