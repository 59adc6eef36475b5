/** Reads all consents that stay in force for as long as a set counts as fresh, and sorts them into groups. */
import { setImmediate as breathe } from 'node:timers/promises'
import type { Id } from '@gatehouse/core/id'
import { addSeconds } from '@gatehouse/core/instant'
import { commit } from '@gatehouse/credentials/zero-knowledge/commitment'
import type { ConsentGroup } from '@gatehouse/credentials/zero-knowledge/statement'
import type { StepsContext } from '@gatehouse/runtime/door/operation'
import { type StandingConsent, standingConsents } from '../../governance/consents/index.ts'
import { proofGroup } from './group.ts'
import { openings } from './openings.ts'
import { membersPerPublicationMax, pageMax, windowSeconds } from './schema.ts'
import { groupKey, groupsOf } from './sets.ts'
import { insertMembers, type MemberRow, membersOf } from './store.ts'

export interface Gathered {
  readonly groups: readonly { readonly group: ConsentGroup; readonly members: readonly Uint8Array[] }[]
  /** Consents to more combinations than a set is made for, or beyond the size of a publication. */
  readonly leftOut: number
}

/** In short transactions, so that a walk over many consents holds nobody up. */
export async function gather(ctx: StepsContext): Promise<Gathered> {
  const groups = new Map<string, { group: ConsentGroup; members: Uint8Array[] }>()
  let leftOut = 0
  let count = 0
  let after: { subject: Id<'subject'>; id: Id<'consent'> } | undefined
  while (true) {
    const page = await ctx.step((tx) => standingConsents(tx, ctx.now, addSeconds(ctx.now, windowSeconds), after, pageMax))
    for (const row of await ctx.step((tx) => commitments(ctx, tx, page))) {
      if (row === 'left_out' || count >= membersPerPublicationMax) {
        leftOut++
        continue
      }
      const { grantee, scope, expiry } = row
      const key = groupKey(row)
      const found = groups.get(key) ?? { group: { grantee, scope, expiry }, members: [] }
      found.members.push(row.commitment)
      groups.set(key, found)
      count++
    }
    after = page.at(-1)
    if (page.length < pageMax) break
  }
  return { groups: [...groups].sort(([left], [right]) => (left < right ? -1 : 1)).map(([, found]) => found), leftOut }
}

async function commitments(
  ctx: StepsContext,
  tx: Parameters<Parameters<StepsContext['step']>[0]>[0],
  page: readonly StandingConsent[],
): Promise<(MemberRow | 'left_out')[]> {
  const group = await proofGroup()
  const known = new Map((await membersOf(tx, [...new Set(page.map(({ subject }) => subject))])).map((row) => [`${row.consent_id} ${groupKey(row)}`, row]))
  const found: (MemberRow | 'left_out')[] = []
  const made: MemberRow[] = []
  for (const consent of page) {
    const of = groupsOf(consent)
    if (of === undefined) {
      found.push('left_out')
      continue
    }
    let open: Awaited<ReturnType<typeof openings>>
    for (const each of of) {
      const before = known.get(`${consent.id} ${groupKey(each)}`)
      if (before !== undefined) {
        found.push(before)
        continue
      }
      open ??= await openings(tx, ctx.node, group, consent.subject)
      if (open === undefined) break
      const row = { ...each, subject_id: consent.subject, consent_id: consent.id, commitment: commit(group, open(consent.id, each)) }
      made.push(row)
      found.push(row)
    }
    await breathe()
  }
  if (made.length > 0) await insertMembers(tx, made)
  return found
}
