import { addSeconds } from '@gatehouse/core/instant'
import { toHex } from '@gatehouse/crypto/bytes'
import { operation, type StepsContext } from '@gatehouse/runtime/door/operation'
import { z } from 'zod'
import { recordAsNode } from './entry.ts'
import { gather } from './gather.ts'
import { publicationView, windowSeconds } from './schema.ts'
import { setLeaf, setsOf, setsTree } from './sets.ts'
import { dropPublications, insertPublication, type PublicationRow } from './store.ts'
import { setViews } from './view.ts'

export const publish = operation({
  name: 'proofs.publish',
  summary: 'Publish the sets of consents as they are now',
  description:
    'Groups all consents that are in force by grantee, scope and month of their end, and puts the root over the sets of commitments into the log. ' +
    'Proofs are made against it for ten minutes. A request for a proof publishes by itself when the newest sets are a minute old.',
  kind: 'steps',
  input: z.strictObject({}),
  output: publicationView,
  access: { action: 'publish', on: () => ({ type: 'proof' }) },
  audit: (_input, { id, sets }) => ({ object: { kind: 'publication', id }, details: { sets: sets.length } }),
  http: { method: 'POST', path: '/v1/proofs/publications', status: 201 },
  example: { input: {} },
  async run(ctx) {
    const { publication, leftOut } = await publishSets(ctx)
    return { ...(await ctx.step((tx) => setViews(tx, publication))), left_out: leftOut }
  },
})

/** The publication's entry bears the same time as its row, and its root over the sets; the sets themselves stand beside the log. */
export async function publishSets(ctx: StepsContext): Promise<{ publication: PublicationRow; leftOut: number }> {
  const { groups, leftOut } = await gather(ctx)
  const { sha256 } = ctx.node.keys.primitives
  const sets = setsOf(groups)
  const leaves = sets.map((set) => setLeaf(sha256, set))
  const { root } = setsTree(sha256, leaves)
  const publication = await ctx.step(async (tx) => {
    const id = ctx.newId<'publication'>()
    const entry = await recordAsNode(ctx, tx, 'proofs.published', {
      object: { kind: 'publication', id },
      details: { sets: sets.length, sets_root: toHex(root), fresh_seconds: windowSeconds },
    })
    const row = { id, entry_id: entry, published_at: ctx.now, sets_root: root }
    await insertPublication(tx, row, sets, leaves)
    await dropPublications(tx, addSeconds(ctx.now, -2 * windowSeconds))
    return row
  })
  return { publication, leftOut }
}
