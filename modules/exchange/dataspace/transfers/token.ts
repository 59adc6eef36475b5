/**
 * What the data of a transfer is fetched with. It is derived from a key of the institution and from the transfer, so that the same start message can
 * be sent again and nothing but its hash is stored. It opens the data of a started transfer, until its time is over or the data arrived whole.
 */
import { type Id, idBytes } from '@gatehouse/core/id'
import { toBase64url } from '@gatehouse/crypto/bytes'
import { derive } from '@gatehouse/crypto/kdf'
import { parseToken, type Token, tokenHash } from '@gatehouse/crypto/token'
import type { Node } from '@gatehouse/runtime/door/node'
import type { Wire } from '../protocol/messages.ts'
import { pidOf } from '../protocol/names.ts'
import { type ProcessId, path } from '../schema.ts'

const prefix = 'ght_'
const endpointType = 'https://w3id.org/idsa/v4.1/HTTP'

async function pullToken(node: Node, tenant: Id<'tenant'>, transfer: ProcessId): Promise<Token> {
  const root = await node.keys.secret(tenant, 'dataspace/pull')
  const bytes = derive(node.keys.primitives, root, idBytes(transfer as Id<'transfer'>), 'gatehouse/dataspace/pull/v1', 32)
  return parseToken(prefix + toBase64url(bytes), prefix) as Token
}

export async function pullTokenHash(node: Node, tenant: Id<'tenant'>, transfer: ProcessId): Promise<Uint8Array> {
  return tokenHash(node.keys.primitives, await pullToken(node, tenant, transfer))
}

/** As the protocol has it, and as participants read it: the endpoint, and what to present there. */
export async function dataAddressOf(node: Node, tenant: Id<'tenant'>, transfer: ProcessId): Promise<Wire> {
  const property = (name: string, value: string) => ({ '@type': 'EndpointProperty', name, value })
  return {
    '@type': 'DataAddress',
    endpointType,
    endpoint: `${node.addresses.origin}${path}/data/${pidOf(transfer)}`,
    endpointProperties: [property('authorization', await pullToken(node, tenant, transfer)), property('authType', 'bearer')],
  }
}

/** The hash of what a caller presents; `undefined` for what cannot be one. */
export function presentedHash(node: Node, authorization: string | undefined): Uint8Array | undefined {
  // Participants send the property as it stands, or as a bearer token.
  const [, presented = ''] = /^(?:bearer +)?(\S+)$/i.exec(authorization ?? '') ?? []
  const token = parseToken(presented, prefix)
  return token === undefined ? undefined : tokenHash(node.keys.primitives, token)
}
