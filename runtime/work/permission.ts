/**
 * What a call between the roles of a split node carries: who may, decided when. The roles share a database, and whoever can write there could
 * otherwise ask a worker for anything in anybody's name. A token is good for one queue, one institution and this very input.
 */
import { canonicalJson } from '@gatehouse/core/canonical-json'
import type { Id } from '@gatehouse/core/id'
import { toBase64url, utf8 } from '@gatehouse/crypto/bytes'
import { jwtVerify, SignJWT } from 'jose'
import { nodeTenant, type Source } from '../base/context.ts'
import type { Keys } from '../data/keys/keys.ts'

const type = 'gatehouse-permission+jwt'
/** As long as a job may wait for a worker; the right behind it is asked again when it begins and at each step. */
export const permissionSeconds = 14 * 86_400

/** What is asked of another role, as it travels. */
export type Call = Readonly<Record<string, unknown>> & {
  readonly tenant?: Id<'tenant'>
  /** In whose place it acts, and the revision of the institution's rights by which that was decided. */
  readonly behalf?: { readonly principal: { readonly kind: string; readonly id: string }; readonly revision?: number }
}

export interface Permissions {
  /** @returns the call with its token */
  sign(audience: string, call: Call, notBeforeSeconds?: number): Promise<Call & { readonly permission: string }>
  /** @returns whether the node itself has signed this call for this audience, and its time is not over */
  holds(audience: string, call: Call & { readonly permission?: unknown }): Promise<boolean>
}

export function permissionsOf({ keys, source }: { readonly keys: Keys; readonly source: Pick<Source, 'nowMs'> }): Permissions {
  const key = () => keys.secret(nodeTenant, 'work/permissions')
  const digestOf = (call: Call) => toBase64url(keys.primitives.sha256(utf8(canonicalJson(call))))
  const subjectOf = ({ behalf }: Call) => (behalf === undefined ? 'system' : `${behalf.principal.kind}:${behalf.principal.id}`)
  const claimsOf = (call: Call) => ({ tenant: call.tenant ?? nodeTenant, revision: call.behalf?.revision ?? 0, digest: digestOf(call) })
  return {
    async sign(audience, given, notBeforeSeconds = 0) {
      // As it will be read again: what JSON leaves out was never asked for.
      const call = JSON.parse(JSON.stringify(given)) as Call
      const now = Math.floor(source.nowMs() / 1_000)
      const permission = await new SignJWT(claimsOf(call))
        .setProtectedHeader({ alg: 'HS256', typ: type })
        .setAudience(audience)
        .setSubject(subjectOf(call))
        .setIssuedAt(now)
        .setExpirationTime(now + notBeforeSeconds + permissionSeconds)
        .sign(await key())
      return { ...call, permission }
    },
    async holds(audience, { permission, ...call }) {
      if (typeof permission !== 'string') return false
      const expected = claimsOf(call)
      const verified = await jwtVerify(permission, await key(), {
        algorithms: ['HS256'],
        typ: type,
        audience,
        subject: subjectOf(call),
        requiredClaims: ['iat', 'exp'],
        currentDate: new Date(source.nowMs()),
      }).catch(() => undefined)
      if (verified === undefined) return false
      const { tenant, revision, digest } = verified.payload
      return tenant === expected.tenant && revision === expected.revision && digest === expected.digest
    },
  }
}
