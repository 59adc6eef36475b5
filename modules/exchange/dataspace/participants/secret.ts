/** What this node presents to another participant: the whole value of an Authorization header, as its owner gave it. */
import type { Id } from '@gatehouse/core/id'
import { utf8, utf8Text } from '@gatehouse/crypto/bytes'
import type { Node } from '@gatehouse/runtime/door/node'

const leaseSeconds = 60
const nameOf = (partner: Id<'partner'>) => `dataspace/participants/${partner}`

export async function keepParticipantSecret(node: Node, tenant: Id<'tenant'>, partner: Id<'partner'>, authorization: string): Promise<void> {
  await node.secrets.put(tenant, nameOf(partner), utf8(authorization), leaseSeconds)
}

export async function participantSecret(node: Node, tenant: Id<'tenant'>, partner: Id<'partner'>): Promise<string | undefined> {
  const leased = await node.secrets.read(tenant, nameOf(partner))
  return leased === undefined ? undefined : utf8Text(leased.value)
}

export const forgetParticipantSecret = (node: Node, tenant: Id<'tenant'>, partner: Id<'partner'>): Promise<boolean> =>
  node.secrets.delete(tenant, nameOf(partner))
