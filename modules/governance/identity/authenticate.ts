/**
 * Who knocks. Both kinds of credential are opaque random texts that are found by their SHA-256; what was found is trusted for
 * less than a second, so that ending a session, revoking a key or suspending a partner takes effect within one.
 */
import type { Id } from '@gatehouse/core/id'
import { type Instant, instantMs, instantOf } from '@gatehouse/core/instant'
import { parseToken, type Token, tokenHash } from '@gatehouse/crypto/token'
import { TtlCache } from '@gatehouse/runtime/base/cache'
import type { Principal } from '@gatehouse/runtime/base/context'
import type { Node } from '@gatehouse/runtime/door/node'
import type { Knock } from '@gatehouse/runtime/door/operation'
import { inGoodStanding, partnerById } from '../partners/index.ts'
import { addressKey } from './address.ts'
import { keyInBasic } from './basic-key.ts'
import { challengeKey, factorKey } from './factors/keys.ts'
import { operatorRoles } from './operator.ts'
import { isForeign } from './origin.ts'
import { provenKey } from './proven-key.ts'
import { limits } from './schema.ts'
import { findSession, touchSession } from './sessions/store.ts'
import { stands } from './standing.ts'
import { type Behind, findKey, touchKey } from './store.ts'
import { principalOf } from './user.ts'

interface Found {
  readonly principal: Principal
  readonly untilMs: number
}

/**
 * What the act may need of identity later is fetched here, before its transaction begins: inside, each act would hold one
 * connection while it waits for a second, and as many acts as there are connections would wait for ever.
 *
 * @returns `undefined` when nobody is named, `failed` when a credential was presented that does not hold
 */
export async function authenticate(node: Node, knock: Knock): Promise<Principal | 'failed' | undefined> {
  if (knock.dpop !== undefined) await provenKey(node, knock)
  const answer = knock.authorization === undefined ? await bySession(node, knock) : await byKey(node, knock, knock.authorization)
  if (answer === undefined) await Promise.all([addressKey(node), challengeKey(node)])
  return answer
}

async function byKey(node: Node, knock: Knock, authorization: string): Promise<Principal | 'failed' | undefined> {
  const basic = keyInBasic(authorization)
  if (basic !== undefined) {
    const found = await remembered(node, keysFound, basic, loadKey)
    // Such a key lies in workbooks and gateways: one that is good for everything is not taken this way.
    return found?.principal.scopes === undefined ? 'failed' : found.principal
  }
  const [, presented] = /^(?:bearer|dpop) +(\S+)$/i.exec(authorization) ?? []
  if (presented === undefined) return 'failed'
  // The token of a release, of a wallet, of a directory or of a transfer opens one thing and says nothing about who presents it.
  if ((['gh1_', 'ghw_', 'ghp_', 'ght_'] as const).some((prefix) => parseToken(presented, prefix) !== undefined)) return undefined
  const token = parseToken(presented, 'ghk_')
  if (token === undefined) return 'failed'
  const found = await remembered(node, keysFound, token, loadKey)
  if (found === undefined) return 'failed'
  if (knock.dpop === undefined && knock.certificateThumbprint === undefined) return found.principal
  const proven = await provenKey(node, knock)
  if (proven === 'invalid') return 'failed'
  return proven === undefined ? found.principal : { ...found.principal, keyThumbprint: proven }
}

async function bySession(node: Node, knock: Knock): Promise<Principal | 'failed' | undefined> {
  const token = knock.sessionToken === undefined ? undefined : parseToken(knock.sessionToken, 'ghs_')
  if (token === undefined) return undefined
  const found = await remembered(node, sessionsFound, token, loadSession)
  // A cookie that has run out is as good as none: with `failed` its owner could not even sign in again.
  if (found === undefined) return undefined
  return knock.channel === 'http' && isForeign(knock, node.addresses.origin) ? 'failed' : found.principal
}

type Cache = TtlCache<Found | undefined>
const keysFound = (node: Node): Cache => new TtlCache(() => node.source.nowMs())
const sessionsFound = (node: Node): Cache => new TtlCache(() => node.source.nowMs())

async function remembered(
  node: Node,
  cache: (node: Node) => Cache,
  token: Token,
  load: (node: Node, hash: Uint8Array) => Promise<Found | undefined>,
): Promise<Found | undefined> {
  const hash = tokenHash(node.keys.primitives, token)
  const found = await node.of(cache).get(Buffer.from(hash).toString('base64'), () => load(node, hash))
  return found === undefined || found.untilMs <= node.source.nowMs() ? undefined : found
}

async function loadSession(node: Node, hash: Uint8Array): Promise<Found | undefined> {
  const nowMs = node.source.nowMs()
  const row = await node.database.transaction('node', async (tx) => {
    const session = await findSession(tx, hash)
    if (session === undefined || endOf(session) <= nowMs) return undefined
    if (due(session.last_seen_at, nowMs)) await touchSession(tx, session.tenant_id, session.id, instantOf(nowMs))
    return session
  })
  if (row === undefined) return undefined
  await Promise.all([factorKey(node, row.tenant_id), challengeKey(node)])
  const roles = row.awaits === null ? row.roles : [wayIn[row.awaits]]
  const by = { session: row.id, ...(row.proven_at === null ? {} : { provenAtMs: instantMs(row.proven_at) }) }
  return ofUser(node, { principal: principalOf(row.tenant_id, row.user_id, { ...row, roles }, by), untilMs: endOf(row) }, row)
}

/** The only role of somebody whose session still owes something. */
const wayIn = { factor: 'entering', enrolment: 'enrolling' } as const

function endOf({ last_seen_at: seen, expires_at: expires }: { readonly last_seen_at: Instant; readonly expires_at: Instant }): number {
  return Math.min(instantMs(expires), instantMs(seen) + limits.sessionIdleMinutes * 60_000)
}

async function ofUser(node: Node, found: Found, behind: Omit<Behind, 'roles'>): Promise<Found | undefined> {
  if (behind.partner_id === null && behind.subject_id === null) return found
  return (await node.database.transaction(found.principal.tenant, (tx) => stands(tx, behind, instantOf(node.source.nowMs())))) ? found : undefined
}

async function loadKey(node: Node, hash: Uint8Array): Promise<Found | undefined> {
  const nowMs = node.source.nowMs()
  const row = await node.database.transaction('node', async (tx) => {
    const key = await findKey(tx, hash)
    if (key === undefined || instantMs(key.expires_at) <= nowMs) return undefined
    if (due(key.last_used_at, nowMs)) await touchKey(tx, key.tenant_id, key.id, instantOf(nowMs))
    return key
  })
  if (row === undefined) return undefined
  const { tenant_id: tenant, owner_id: id, roles } = row
  const by = { apiKey: row.id, ...(row.scopes === null ? {} : { scopes: row.scopes }) }
  const untilMs = instantMs(row.expires_at)
  if (row.owner_kind === 'operator') return { principal: { kind: 'user', id, tenant, roles: operatorRoles, ...by }, untilMs }
  if (row.owner_kind === 'user') {
    return roles === null ? undefined : ofUser(node, { principal: principalOf(tenant, id as Id<'user'>, { ...row, roles }, by), untilMs }, row)
  }
  const partner = await node.database.transaction(tenant, (tx) => partnerById(tx, id as Id<'partner'>))
  if (!inGoodStanding(partner, instantOf(nowMs))) return undefined
  const endMs = partner.expires_at === null ? untilMs : Math.min(untilMs, instantMs(partner.expires_at))
  return { principal: { kind: 'partner', id, tenant, roles: ['partner'], partner: partner.id, ...by }, untilMs: endMs }
}

function due(at: Instant | null, nowMs: number): boolean {
  return at === null || nowMs - instantMs(at) >= limits.touchSeconds * 1000
}
