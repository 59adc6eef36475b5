/** Access tokens of the node's own making (RFC 9068): their signature and what they say. Whether they still hold is asked of the database. */
import type { Node } from '@gatehouse/runtime/door/node'
import { createLocalJWKSet, errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose'
import { z } from 'zod'
import { publicKeys, signingKeys } from '../protocol/keys.ts'

const claimsSchema = z.object({
  iss: z.string(),
  aud: z.union([z.string(), z.array(z.string())]),
  sub: z.string(),
  client_id: z.string(),
  tenant: z.string(),
  connection: z.string().optional(),
  jti: z.string(),
  iat: z.int(),
  exp: z.int(),
  scope: z.string().default(''),
  cnf: z.object({ jkt: z.string() }).optional(),
})
export type OwnClaims = z.output<typeof claimsSchema>

interface Expected {
  readonly issuer: string
  readonly audience?: string
  readonly algorithms: string[]
}

/**
 * RFC 9068 section 4: type, issuer, audience, algorithm and time. Keys that both sides know and `none` are never among the algorithms.
 * @returns `undefined` for a token that does not hold
 */
export async function verified(
  { source }: Pick<Node, 'source'>,
  token: string,
  keys: JWTVerifyGetKey,
  { algorithms, ...expected }: Expected,
  typ?: string,
): Promise<JWTPayload | undefined> {
  try {
    const { payload } = await jwtVerify(token, keys, {
      ...expected,
      algorithms,
      ...(typ === undefined ? {} : { typ }),
      requiredClaims: ['exp', 'iat'],
      currentDate: new Date(source.nowMs()),
    })
    return payload
  } catch (error) {
    if (error instanceof errors.JOSEError) return undefined
    throw error
  }
}

/** @param audience whom it has to be for; without one its own application asks after it */
export async function verifyOwn({ node }: { readonly node: Node }, token: string, audience?: string): Promise<OwnClaims | undefined> {
  const keys = createLocalJWKSet({ keys: publicKeys(signingKeys(node)) })
  const expected = { issuer: node.addresses.origin, algorithms: ['ES256'], ...(audience === undefined ? {} : { audience }) }
  const payload = await verified(node, token, keys, expected, 'at+jwt')
  return payload === undefined ? undefined : claimsSchema.safeParse(payload).data
}
