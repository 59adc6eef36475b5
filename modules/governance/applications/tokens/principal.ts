/** As whom somebody acts who comes with a token: looked up each time, so that nothing that has ended is acted for. */
import { type Id, isUuid } from '@gatehouse/core/id'
import { type Instant, instantOf } from '@gatehouse/core/instant'
import type { Principal } from '@gatehouse/runtime/base/context'
import type { Tx } from '@gatehouse/runtime/data/db'
import type { Node } from '@gatehouse/runtime/door/node'
import { reachesNoFurther, scopesOf } from '../../access/index.ts'
import { actingUser } from '../../identity/index.ts'
import { inGoodStanding, partnerById } from '../../partners/index.ts'
import { artifactHash } from '../protocol/adapter.ts'
import { running } from '../states.ts'
import { type ApplicationRow, applicationById, passesHolding } from '../store.ts'
import type { OwnClaims } from './own.ts'
import type { Said } from './said.ts'

export function saidBy({ tenant, client_id: application, connection, sub, jti: id, scope, cnf, exp }: OwnClaims): Said {
  return {
    tenant: tenant as Id<'tenant'>,
    application,
    ...(connection === undefined ? {} : { connection, user: sub as Id<'user'> }),
    id,
    scope,
    ...(cnf === undefined ? {} : { jkt: cnf.jkt }),
    untilMs: exp * 1000,
  }
}

/** @returns `undefined` where the application, the connection, the account or the token has ended */
export async function principalOf(node: Node, tx: Tx, said: Said): Promise<Principal | undefined> {
  const { tenant, connection, user } = said
  const now = instantOf(node.source.nowMs())
  const pass = { application: said.application, connection, token: artifactHash({ node }, 'revoked', said.id) }
  const [[state], application] = await Promise.all([passesHolding(tx, tenant, [pass]), applicationById(tx, tenant, said.application)])
  const mode = state === undefined ? undefined : running(state)
  if (mode === undefined || application === undefined || !(await ownerStands(tx, application, now))) return undefined
  // What was registered may have become less since the token was made.
  const scopes = scopesOf(said.scope).filter((one) => reachesNoFurther([one], application.scopes))
  const by = {
    scopes,
    application: {
      id: application.id,
      token: said.id,
      untilMs: said.untilMs,
      ...(connection === undefined ? {} : { connection }),
      ...(mode === 'sandbox' ? { sandbox: true as const } : {}),
    },
  }
  const owner = user === undefined ? await ownerOf(tx, tenant, application, now) : (await actingUser(tx, tenant, user, now))?.principal
  return owner && { ...owner, ...by }
}

/** An application that comes by itself acts for whoever owns it, like a key of theirs. */
async function ownerOf(
  tx: Tx,
  tenant: Id<'tenant'>,
  { acts_by_itself: may, owner_kind: kind, owner_id: id }: ApplicationRow,
  now: Instant,
): Promise<Principal | undefined> {
  if (!may || !isUuid(id)) return undefined
  if (kind === 'user') return (await actingUser(tx, tenant, id as Id<'user'>, now))?.principal
  return { kind: 'partner', id, tenant, roles: ['partner'], partner: id as Id<'partner'> }
}

/** An application of a partner opens nothing for anybody while the partner is not in good standing. */
export async function ownerStands(tx: Tx, { owner_kind: kind, owner_id: id }: Pick<ApplicationRow, 'owner_kind' | 'owner_id'>, now: Instant): Promise<boolean> {
  return kind !== 'partner' || inGoodStanding(await partnerById(tx, id as Id<'partner'>), now)
}
