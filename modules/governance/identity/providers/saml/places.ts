import type { Node } from '@gatehouse/runtime/door/node'

/** Each provider has addresses of its own, so that a response to one cannot be passed off as another's. */
export function placesOf({ addresses }: Pick<Node, 'addresses'>, provider: string) {
  const base = `${addresses.origin}/v1/auth/saml/${provider}`
  return { entity_id: `${base}/metadata`, metadata_uri: `${base}/metadata`, acs_uri: `${base}/acs`, logout_uri: `${base}/logout` }
}
