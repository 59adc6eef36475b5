/** A token of the mesh's identity provider: who stands behind a message, said by somebody else than the node that sends it. */
import { instantMs } from '@gatehouse/core/instant'
import { createLocalJWKSet, decodeJwt, errors, jwtVerify } from 'jose'
import type { Message } from '../messages/message.ts'
import type { ActingPerson } from '../messages/person-token.ts'
import type { ProviderRow } from './store.ts'

/** Signatures by a key of the provider's own. */
const algorithms = ['ES256', 'EdDSA', 'RS256', 'PS256']

/** Nothing of it is believed yet. */
export function issuerOf(token: string): string | undefined {
  try {
    return decodeJwt(token).iss
  } catch {
    return undefined
  }
}

/** Held, like the tokens of nodes, against the time at which the message was sent. The project is the message's: the provider knows none. */
export async function personOfProvider(
  token: string,
  { sent_at, project }: Pick<Message, 'sent_at' | 'project'>,
  { issuer, audience, jwks }: ProviderRow,
): Promise<ActingPerson | undefined> {
  if (jwks === null || project === undefined) return undefined
  try {
    const { payload } = await jwtVerify(token, createLocalJWKSet(jwks), {
      algorithms,
      issuer,
      audience,
      currentDate: new Date(instantMs(sent_at)),
      requiredClaims: ['exp', 'iat', 'sub'],
    })
    return { issuer, subject: payload.sub ?? '', project, roles: [] }
  } catch (error) {
    if (error instanceof errors.JOSEError) return undefined
    throw error
  }
}
