/** One proof over a large set: gather, publish, wait for the checkpoint, prove. */
import type { Id } from '@gatehouse/core/id'
import { instantOf } from '@gatehouse/core/instant'
import { kimchiId, type LargeSet, type LargeStatement, largeSetBytes, largeSetFault, numberBytes } from '@gatehouse/credentials/zero-knowledge/large-set'
import type { ConsentGroup } from '@gatehouse/credentials/zero-knowledge/statement'
import { concat, toHex } from '@gatehouse/crypto/bytes'
import type { StepsContext } from '@gatehouse/runtime/door/operation'
import { leafHash } from '@gatehouse/transparency/merkle'
import { commitmentKey } from '../../../subjects/index.ts'
import { recordAsNode } from '../entry.ts'
import type { KimchiProcess } from '../kimchi/process.ts'
import { kimchiSystem } from '../kimchi/system.ts'
import type { Stage } from '../kimchi/tasks.ts'
import { covered, evidenceColumns, standingOf } from '../make.ts'
import { membersPerPublicationMax, windowSeconds } from '../schema.ts'
import { setsTree } from '../sets.ts'
import { insertProof, type PublicationRow } from '../store.ts'
import { gatherLeaves, openingOfLeaf } from './gather.ts'
import type { RequestReason } from './states.ts'
import { finishRequest, insertLargePublication, type RequestRow } from './store.ts'

export type LargeOutcome = 'made' | 'forgotten' | RequestReason

export async function makeLargeProof(
  ctx: StepsContext,
  worker: KimchiProcess,
  request: RequestRow & { readonly subject: Id<'subject'> },
  onStage: (stage: Stage, members?: number) => void,
): Promise<LargeOutcome> {
  const { sha256 } = ctx.node.keys.primitives
  const { grantee, purpose, data_class: dataClass, subject } = request
  const standing = await ctx.step((tx) => standingOf(tx, { subject, grantee, purpose, dataClass }, ctx.now))
  const key = await ctx.step((tx) => commitmentKey(tx, ctx.node, subject))
  if (standing === undefined || key === undefined) return 'not_in_set'
  // The month is not told: each consent's own end is compared inside the proof.
  const group: ConsentGroup = { grantee, scope: standing.group.scope, expiry: 'any' }

  onStage('gathering')
  const leaves = await gatherLeaves(ctx, worker, group)
  if (leaves.length > membersPerPublicationMax) return 'set_too_large'
  onStage('tree', leaves.length)
  const { root } = await worker.ask('root', { leaves: concat(...leaves) })
  const set: LargeSet = { group, size: leaves.length, root: numberBytes(BigInt(root)), leaves }
  const fault = largeSetFault(set)
  if (fault !== undefined) return fault === 'set_too_small' ? fault : 'not_proven'

  const publication = await publishLarge(ctx, set)
  const checkpoint = await covered(ctx, publication.entry_id)
  if (checkpoint === undefined) return 'checkpoint_late'
  const statement: LargeStatement = {
    origin: checkpoint.origin,
    checkpoint: { size: checkpoint.size, root: checkpoint.root },
    set,
    time: publication.published_at,
    requestHash: request.request_hash,
    verifier: request.verifier,
  }
  const system = kimchiSystem(worker, sha256, onStage)
  const made = await system.prove(statement, openingOfLeaf(ctx, key, standing.consent, group, standing.until), ctx.node.source.randomBytes)
  if (made.outcome === 'refused') return made.reason === 'not_a_member' ? 'not_in_set' : made.reason === 'ended' ? 'consent_ended' : 'not_proven'
  // What is handed out was checked by the one who hands it out.
  if ((await system.verify(statement, made.proof)).outcome !== 'proven') return 'not_proven'

  const id = ctx.newId<'proof'>()
  const now = instantOf(ctx.node.source.nowMs())
  return ctx.step(async (tx) => {
    // Cancelled, or the person erased, meanwhile: then nothing is kept.
    if (!(await finishRequest(tx, request.id, { state: 'made', proof: id, reason: null, now }))) return 'forgotten'
    await insertProof(tx, {
      id,
      publication_id: publication.id,
      place: 0,
      system: kimchiId,
      nullifier: made.nullifier,
      request_hash: request.request_hash,
      verifier: request.verifier,
      proven_for: publication.published_at,
      ...evidenceColumns(checkpoint),
      proof: made.proof,
      made_at: now,
    })
    return 'made'
  })
}

async function publishLarge(ctx: StepsContext, set: LargeSet): Promise<PublicationRow> {
  const { sha256 } = ctx.node.keys.primitives
  const leaf = leafHash(sha256, largeSetBytes(set))
  const { root } = setsTree(sha256, [leaf])
  // Gathering may have taken minutes: the ten minutes of the set begin now.
  const at = instantOf(ctx.node.source.nowMs())
  return ctx.step(async (tx) => {
    const id = ctx.newId<'publication'>()
    const details = { sets: 1, sets_root: toHex(root), fresh_seconds: windowSeconds, system: kimchiId }
    const entry = await recordAsNode(ctx, tx, 'proofs.published', { object: { kind: 'publication', id }, details }, at)
    const row = { id, entry_id: entry, published_at: at, sets_root: root }
    await insertLargePublication(tx, row, kimchiId, set, leaf)
    return row
  })
}
