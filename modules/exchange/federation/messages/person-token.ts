/**
 * Who stands behind a message: a short token that the sending node signs (RFC 7519), for the receiver alone and for this one message. It names
 * nobody: the receiver knows the subject from its own approval, and decides for itself on that person.
 */
import { createPublicKey, type KeyObject } from 'node:crypto'
import { instantMs } from '@gatehouse/core/instant'
import { jwtVerify, SignJWT } from 'jose'
import { z } from 'zod'
import type { Card } from '../../coordinator/index.ts'
import type { Message } from './message.ts'

export const tokenSeconds = 600
const type = 'gatehouse-person+jwt'

export interface Acting {
  /** Of the user at the sending node. */
  readonly user: string
  /** The sending node's project. */
  readonly project: string
  readonly roles: readonly string[]
}

export interface ActingPerson {
  readonly issuer: string
  readonly subject: string
  readonly project: string
  readonly roles: readonly string[]
}

const claims = z.object({
  iat: z.int(),
  exp: z.int(),
  sub: z.string().min(1).max(200),
  jti: z.string(),
  project: z.uuid(),
  roles: z.array(z.string().max(63)).max(50),
})

export function personToken({ user, project, roles }: Acting, about: Pick<Message, 'id' | 'from' | 'to' | 'sent_at'>, key: KeyObject): Promise<string> {
  const issued = Math.floor(instantMs(about.sent_at) / 1000)
  return new SignJWT({ project, roles: [...roles] })
    .setProtectedHeader({ alg: 'EdDSA', typ: type })
    .setIssuer(about.from)
    .setSubject(user)
    .setAudience(about.to)
    .setJti(about.id)
    .setIssuedAt(issued)
    .setExpirationTime(issued + tokenSeconds)
    .sign(key)
}

/**
 * Held against the time at which the message was sent, which its sender signed: a node that slept for a day meets a token that held then, and
 * asks its own rights as they are now.
 * @returns `undefined` for a token of somebody else, for somebody else, for another message or too old
 */
export async function personBehind(
  token: string,
  about: Pick<Message, 'id' | 'from' | 'to' | 'sent_at'>,
  signers: readonly Card['signing'][],
): Promise<ActingPerson | undefined> {
  for (const jwk of signers) {
    try {
      const { payload } = await jwtVerify(token, createPublicKey({ key: { ...jwk }, format: 'jwk' }), {
        algorithms: ['EdDSA'],
        typ: type,
        issuer: about.from,
        audience: about.to,
        currentDate: new Date(instantMs(about.sent_at)),
        maxTokenAge: tokenSeconds,
        requiredClaims: ['exp', 'iat', 'sub', 'jti'],
      })
      const read = claims.safeParse(payload)
      if (!read.success || read.data.jti !== about.id || read.data.exp - read.data.iat > tokenSeconds) return undefined
      return { issuer: about.from, subject: read.data.sub, project: read.data.project, roles: read.data.roles }
    } catch {
      // Another of the keys may be the one.
    }
  }
  return undefined
}
