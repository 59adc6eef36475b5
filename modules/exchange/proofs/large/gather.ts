/** Reads all consents in force that permit a grantee a scope, whenever they end, and gives their leaves in the order of a set. */
import type { Id } from '@gatehouse/core/id'
import { addSeconds } from '@gatehouse/core/instant'
import { endOf, type LeafOpening, leafGroup, leafSecret } from '@gatehouse/credentials/zero-knowledge/large-set'
import { type ConsentGroup, compareBytes } from '@gatehouse/credentials/zero-knowledge/statement'
import type { StepsContext } from '@gatehouse/runtime/door/operation'
import { type StandingConsent, standingConsents } from '../../../governance/consents/index.ts'
import { commitmentKey } from '../../../subjects/index.ts'
import type { KimchiProcess } from '../kimchi/process.ts'
import { pageMax, windowSeconds } from '../schema.ts'
import { groupsOf } from '../sets.ts'
import { insertLeaves, type LeafRow, leavesOf } from './store.ts'

/** In short transactions; the leaves that are not there yet are computed between them. */
export async function gatherLeaves(ctx: StepsContext, worker: KimchiProcess, group: ConsentGroup): Promise<Uint8Array[]> {
  const leaves: Uint8Array[] = []
  let after: { subject: Id<'subject'>; id: Id<'consent'> } | undefined
  while (true) {
    const page = await ctx.step((tx) => standingConsents(tx, ctx.now, addSeconds(ctx.now, windowSeconds), after, pageMax))
    const members = page.filter((consent) => groupsOf(consent)?.some(({ grantee, scope }) => grantee === group.grantee && scope === group.scope) === true)
    leaves.push(...(await leavesOfPage(ctx, worker, group, members)))
    after = page.at(-1)
    if (page.length < pageMax) break
  }
  return leaves.sort(compareBytes)
}

async function leavesOfPage(ctx: StepsContext, worker: KimchiProcess, group: ConsentGroup, members: readonly StandingConsent[]): Promise<Uint8Array[]> {
  if (members.length === 0) return []
  const { known, openings } = await ctx.step(async (tx) => {
    const subjects = [...new Set(members.map(({ subject }) => subject))]
    const known = new Map((await leavesOf(tx, subjects, group.grantee, group.scope)).map((row) => [row.consent_id, row.leaf]))
    const openings: (Omit<LeafRow, 'leaf'> & LeafOpening)[] = []
    for (const { subject, id, until } of members) {
      if (known.has(id)) continue
      // Without a key the person is erased, and in no set any more.
      const key = await commitmentKey(tx, ctx.node, subject)
      if (key !== undefined) openings.push({ subject_id: subject, consent_id: id, ...openingOfLeaf(ctx, key, id, group, until) })
    }
    return { known, openings }
  })
  const made = openings.length === 0 ? [] : await computeLeaves(ctx, worker, group, openings)
  if (made.length > 0) await ctx.step((tx) => insertLeaves(tx, group.grantee, group.scope, made))
  return [...known.values(), ...made.map(({ leaf }) => leaf)]
}

export function openingOfLeaf(ctx: StepsContext, key: Uint8Array, consent: string, group: ConsentGroup, until: StandingConsent['until']): LeafOpening {
  return { secret: leafSecret(ctx.node.keys.primitives.sha256, key, consent, group), until: endOf(until) }
}

async function computeLeaves(
  ctx: StepsContext,
  worker: KimchiProcess,
  group: ConsentGroup,
  openings: readonly (Omit<LeafRow, 'leaf'> & LeafOpening)[],
): Promise<LeafRow[]> {
  const word = String(leafGroup(ctx.node.keys.primitives.sha256, group))
  const { leaves } = await worker.ask('leaves', {
    openings: openings.map(({ secret, until }) => ({ secret: String(secret), until: String(until), group: word })),
  })
  return openings.map(({ subject_id, consent_id }, at) => ({ subject_id, consent_id, leaf: Uint8Array.from(leaves.subarray(at * 32, at * 32 + 32)) }))
}
