/**
 * What an operation is given. It names what it uses; nothing is reached for from the side, so a test can give it another
 * clock, another randomness and a database of its own.
 */
import { type Id, type IdKind, newId } from '@gatehouse/core/id'
import { type Instant, instantOf } from '@gatehouse/core/instant'

/** Time and randomness. The node has one; tests bring their own. */
export interface Source {
  nowMs(): number
  randomBytes(length: number): Uint8Array
}

export interface Moment {
  readonly now: Instant
  readonly nowMs: number
  newId<K extends IdKind>(): Id<K>
  randomBytes(length: number): Uint8Array
}

/** One reading of the clock for a whole act, so that everything the act writes carries the same time. */
export function momentOf(source: Source): Moment {
  const nowMs = source.nowMs()
  return {
    now: instantOf(nowMs),
    nowMs,
    newId: <K extends IdKind>() => newId<K>(source),
    randomBytes: (length) => source.randomBytes(length),
  }
}

export type PrincipalKind = 'user' | 'partner' | 'system' | 'anonymous'

/** One kind of thing, to look at or to do with what its owner may, in the whole institution or in one product or project. */
export interface CredentialScope {
  readonly area: string
  readonly level: 'read' | 'write'
  readonly scope?: { readonly kind: 'product' | 'project'; readonly id: string } | undefined
}

/** The doors by which somebody comes in from outside: a browser with a session, a program with a key, a receiver with a token. */
export const doors = ['portal', 'api', 'exchange'] as const

/** By which door somebody came, and from where. It lives as long as what was let in, and is kept nowhere. */
export interface Place {
  readonly by: (typeof doors)[number]
  /** A network address. */
  readonly source?: string
  /** SHA-256 thumbprint (base64url) of the client certificate whose key the TLS handshake proved. */
  readonly certificate?: string
}

/** What an access token says of the way on which somebody comes. */
export interface ApplicationPass {
  readonly id: string
  /** The token's own id, by which it may have been revoked. */
  readonly token: string
  /** Set where it acts for somebody who let it, who has not proven a factor to the node this time. */
  readonly connection?: string
  /** It was not admitted yet: it is told what is made up, and nothing is done. */
  readonly sandbox?: true
  readonly untilMs: number
}

/** Who acts. The tenant and the partner come from the credential and never from the input. */
export interface Principal {
  readonly kind: PrincipalKind
  /** An opaque id: it may stand in the ledger. */
  readonly id: string
  readonly tenant: Id<'tenant'>
  readonly roles: readonly string[]
  /** Set for a partner, and for a user who works for one: a partner's engineer. */
  readonly partner?: Id<'partner'>
  /** Set for a user who is one of the persons whose records the institution keeps. */
  readonly subject?: Id<'subject'>
  /** SHA-256 thumbprint (base64url) of the key the caller has proven, by certificate or DPoP. */
  readonly keyThumbprint?: string
  /** The credential that the caller came in by, so that it can be asked later whether it still holds. */
  readonly session?: string
  readonly apiKey?: string
  /** What the credential is limited to, whatever else its owner may do; without it there is no limit. */
  readonly scopes?: readonly CredentialScope[]
  /** The application by which it came, where an access token was the credential. */
  readonly application?: ApplicationPass
  /** Absent for the node's own work. */
  readonly place?: Place
  /** When the owner of the session last proved a factor, in milliseconds since 1970; dangerous acts ask for a fresh one. */
  readonly provenAtMs?: number
}

/** The node's own tenant: entries about the node itself and keys that belong to no institution. */
export const nodeTenant = '00000000-0000-0000-0000-000000000000' as Id<'tenant'>

export const anonymous: Principal = { kind: 'anonymous', id: 'anonymous', tenant: nodeTenant, roles: ['anonymous'] }

/** The node acting by itself for a tenant: jobs, the sequencer, the exchange closing a delivery. */
export function systemPrincipal(tenant: Id<'tenant'>, id = 'system'): Principal {
  return { kind: 'system', id, tenant, roles: ['system'] }
}
