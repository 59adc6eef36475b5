/** A session as this node has it: what was said, what it is called in it, and the seed of its secrets while they live. */
import type { Id } from '@gatehouse/core/id'
import { instantOf } from '@gatehouse/core/instant'
import type { SessionTerms } from '@gatehouse/query/session/terms'
import type { StepsContext } from '@gatehouse/runtime/door/operation'
import { ownIdentity } from '../../../federation/index.ts'
import { keyOf, newSessionSeed } from '../../keys.ts'
import { findSession, insertSession, setDue, type WordRow, wordsOf } from './store.ts'

export interface OwnSession {
  readonly party: string
  readonly terms: SessionTerms | undefined
  readonly words: readonly WordRow[]
  /** Absent once it is destroyed. */
  readonly seed: Uint8Array | undefined
}

/** @param begins whether one is begun where there is none. @returns undefined where there is none */
export async function ownSession(ctx: StepsContext, id: Id<'query_run'>, begins: boolean): Promise<OwnSession | undefined> {
  const { node, tenant } = ctx
  const { known, fresh, words, party } = await ctx.step(async (tx) => {
    const found = await findSession(tx, id)
    const made = found === undefined && begins ? await newSessionSeed(node, tenant, id) : undefined
    if (made !== undefined) await insertSession(tx, { id, ...made }, instantOf(node.source.nowMs()))
    // Whatever is said from here on makes it look again.
    await setDue(tx, id, false)
    return { known: found, fresh: made, words: await wordsOf(tx, id), party: (await ownIdentity(tx, node, tenant))?.identity.name }
  })
  if (party === undefined || (known === undefined && fresh === undefined)) return undefined
  const seed = fresh?.seed ?? (known && (await keyOf(node, tenant, 'session', known)))
  return { party, terms: known?.terms ?? undefined, words, seed }
}
