/**
 * Who knocks with an access token. What it says is checked once; what it rests on (the application, the person's connection and account,
 * whether it was revoked) is looked up, and trusted for less than a second.
 */
import type { Id } from '@gatehouse/core/id'
import { instantOf } from '@gatehouse/core/instant'
import { lengthPrefixed } from '@gatehouse/crypto/bytes'
import { TtlCache } from '@gatehouse/runtime/base/cache'
import type { Principal } from '@gatehouse/runtime/base/context'
import type { Node } from '@gatehouse/runtime/door/node'
import type { Knock } from '@gatehouse/runtime/door/operation'
import { actingUser, authenticate as authenticateOtherwise, keyInBasic, stillHold as otherwiseStillHold, provenKey } from '../../identity/index.ts'
import { artifactHash } from '../protocol/adapter.ts'
import { freshSigningKeys } from '../protocol/keys.ts'
import { limits } from '../schema.ts'
import { running } from '../states.ts'
import { applicationById, passesHolding } from '../store.ts'
import { believed } from './believed.ts'
import { verifyOwn } from './own.ts'
import { ownerStands, principalOf, saidBy } from './principal.ts'
import type { Said } from './said.ts'

/** The door's first question, for every kind of credential. */
export async function authenticate(node: Node, knock: Knock): Promise<Principal | 'failed' | undefined> {
  const { authorization } = knock
  if (authorization === undefined || /^basic /i.test(authorization)) {
    // What the authorization server signs with is read here, before any transaction begins.
    await freshSigningKeys(node)
    // An application's own secret (RFC 6749 section 2.3.1) opens one endpoint, which judges it; beside it nobody else is anybody.
    return authorization === undefined || keyInBasic(authorization) !== undefined ? authenticateOtherwise(node, knock) : undefined
  }
  const [, scheme = '', token = ''] = /^(bearer|dpop) +(\S+)$/i.exec(authorization) ?? []
  if (!/^[\w-]+\.[\w-]+\.[\w-]*$/.test(token)) return authenticateOtherwise(node, knock)
  if (token.length > limits.tokenCharacters) return 'failed'
  await freshSigningKeys(node)
  const found = await node.of(tokensFound).get(Buffer.from(node.keys.primitives.sha256(lengthPrefixed([token]))).toString('base64'), () => load(node, token))
  if (found === undefined || found.said.untilMs <= node.source.nowMs()) return 'failed'
  const { said, principal } = found
  // A token that is bound to a key comes as `DPoP` with a proof by it, and one that is not never does (RFC 9449 section 7.1).
  if ((said.jkt !== undefined) !== (scheme.toLowerCase() === 'dpop')) return 'failed'
  const proven = await provenKey(node, knock)
  if (proven === 'invalid' || (said.jkt !== undefined && proven !== said.jkt)) return 'failed'
  return proven === undefined ? principal : { ...principal, keyThumbprint: proven }
}

interface Found {
  readonly said: Said
  readonly principal: Principal
}
const tokensFound = (node: Node): TtlCache<Found | undefined> => new TtlCache(() => node.source.nowMs())

async function load(node: Node, token: string): Promise<Found | undefined> {
  const own = await verifyOwn({ node }, token, node.addresses.origin)
  const said = own === undefined ? await believed(node, token) : saidBy(own)
  if (said === undefined) return undefined
  const principal = await node.database.transaction(said.tenant, (tx) => principalOf(node, tx, said))
  return principal && { said, principal }
}

/** For what stays open: an application's token, its connection and the account behind it, beside what identity asks of the others. */
export async function stillHold(node: Node, tenant: Id<'tenant'>, principals: readonly Principal[]): Promise<boolean[]> {
  const nowMs = node.source.nowMs()
  const byToken = principals.flatMap((principal, at) => (principal.application === undefined ? [] : [{ principal, pass: principal.application, at }]))
  const holding = await otherwiseStillHold(node, tenant, principals)
  if (byToken.length === 0) return holding
  const still = await node.database.transaction(tenant, async (tx) => {
    const states = await passesHolding(
      tx,
      tenant,
      byToken.map(({ pass: { id, connection, token } }) => ({ application: id, connection, token: artifactHash({ node }, 'revoked', token) })),
    )
    const stands = await Promise.all(
      byToken.map(async ({ principal: { kind, id, roles }, pass }) => {
        const now = instantOf(nowMs)
        const application = await applicationById(tx, tenant, pass.id)
        if (application === undefined || !(await ownerStands(tx, application, now))) return false
        if (kind !== 'user') return true
        const user = await actingUser(tx, tenant, id as Id<'user'>, now)
        return user !== undefined && user.principal.roles.length === roles.length && user.principal.roles.every((role) => roles.includes(role))
      }),
    )
    return byToken.map(
      ({ pass, at }, index) =>
        [at, pass.untilMs > nowMs && states[index] !== undefined && running(states[index]) !== undefined && stands[index] === true] as const,
    )
  })
  const told = new Map(still)
  return holding.map((holds, at) => holds && told.get(at) !== false)
}
