/** Who sits where: asked of accounts, relations and delegations as they are inside the act. */
import type { Id } from '@gatehouse/core/id'
import type { TransactionContext } from '@gatehouse/runtime/door/operation'
import type { Panel } from '@gatehouse/runtime/door/review-kind'
import { type Asking, belongsTo, type Group, membersOf } from '../../access/index.ts'
import { staffMember, staffWithRole } from '../../identity/index.ts'
import type { Seat, Vote } from './decide.ts'
import { delegationsAround } from './store.ts'

type At = Asking & Pick<TransactionContext, 'now'>

/** The seats from which somebody may vote now, the own first. Whoever has handed the own over has none until then; the staff alone has any. */
export async function seatsOf(at: At, user: string, panels: readonly Group[]): Promise<Seat[]> {
  if ((await staffMember(at.tx, at.tenant, user as Id<'user'>)) === undefined) return []
  const delegations = await delegationsAround(at.tx, user, at.now)
  const away = delegations.some(({ from }) => from === user)
  const holders = [...(away ? [] : [user]), ...delegations.filter(({ to }) => to === user).map(({ from }) => from)]
  const seats: Seat[] = []
  for (const holder of holders) {
    const sits = await placesOf(at, holder, panels)
    if (sits.length > 0) seats.push({ holder, panels: sits })
  }
  return seats
}

/** Those who voted in this round and would not be let onto their seat now. A delegation that ran out since takes nothing back. */
export async function goneAmong(at: At, votes: readonly Vote[], panels: readonly Panel[]): Promise<Set<string>> {
  const gone = new Set<string>()
  for (const { voter, seat, panel } of votes) {
    const group = panels[panel]
    const there = group !== undefined && (await placesOf(at, seat, [group])).length > 0
    if (!there || (await staffMember(at.tx, at.tenant, voter as Id<'user'>)) === undefined) gone.add(voter)
  }
  return gone
}

/** Everybody who sits in a panel now. */
export async function sittersOf(at: Omit<At, 'now'>, group: Group): Promise<string[]> {
  const [related, borne] = await Promise.all([membersOf(at, group), group.kind === 'role' ? staffWithRole(at.tx, at.tenant, group.id) : []])
  const sitters: string[] = []
  for (const id of new Set([...related, ...borne])) if ((await staffMember(at.tx, at.tenant, id as Id<'user'>)) !== undefined) sitters.push(id)
  return sitters
}

async function placesOf(at: Omit<At, 'now'>, holder: string, panels: readonly Group[]): Promise<number[]> {
  const account = await staffMember(at.tx, at.tenant, holder as Id<'user'>)
  if (account === undefined) return []
  const sits: number[] = []
  for (const [place, group] of panels.entries()) {
    const byAccount = group.kind === 'role' && account.roles.includes(group.id)
    if (byAccount || (await belongsTo(at, group, holder))) sits.push(place)
  }
  return sits
}
