/**
 * From where an institution can be reached: the portal, the API and the exchange each from certain networks, or with certain client
 * certificates. The door asks for every knock, and again for what stays open.
 */
import type { Id } from '@gatehouse/core/id'
import { IpAddress, inNetwork, parseAddress } from '@gatehouse/policy/relations/caveat-type'
import { TtlCache } from '@gatehouse/runtime/base/cache'
import type { Place, Principal } from '@gatehouse/runtime/base/context'
import type { Tx } from '@gatehouse/runtime/data/db'
import type { Node } from '@gatehouse/runtime/door/node'
import type { Boundaries, Boundary } from './schema.ts'
import { readOwnTenant } from './store.ts'

/** Whether somebody in this place may come in by its door. */
export function isWithin(boundaries: Boundaries, { by, source, certificate }: Place): boolean {
  const boundary = boundaries[by]
  return boundary === null || (certificate !== undefined && boundary.certificates.includes(certificate)) || liesIn(boundary, source)
}

function liesIn({ networks }: Boundary, source: string | undefined): boolean {
  const address = source === undefined ? undefined : addressOf(source)
  return address !== undefined && networks.some((network) => inNetwork(address, network) === true)
}

/** An IPv4 address that a socket for both families tells as ::ffff:192.0.2.1 is the IPv4 address; the zone of a link-local one is none of its own. */
function addressOf(text: string): IpAddress | undefined {
  const address = parseAddress(text.replace(/%.*$/, ''))
  return address?.bits === 128 && address.value >> 32n === 0xffffn ? new IpAddress(32, address.value & 0xffffffffn) : address
}

/**
 * Persons concerned come from anywhere: what the law lets them ask does not end at an institution's network. So does the node's own work, and an
 * operator's key on the machine itself, which is the way back in.
 */
function isBound({ kind, subject, place, apiKey, roles }: Principal): boolean {
  if (place === undefined || subject !== undefined || kind === 'system' || kind === 'anonymous') return false
  const ofMachine = apiKey !== undefined && roles.includes('operator') && place.source !== undefined && isLoopback(place.source)
  return !ofMachine
}

function isLoopback(source: string): boolean {
  const address = addressOf(source)
  return address !== undefined && (inNetwork(address, '127.0.0.0/8') === true || inNetwork(address, '::1/128') === true)
}

const known = (node: Node) => new TtlCache<Boundaries | undefined>(() => node.source.nowMs())

/** Answers are up to 900 ms old, so a change takes effect on every process within a second. */
const boundariesOf = (node: Node, tenant: Id<'tenant'>, read: () => Promise<Boundaries | undefined>) => node.of(known).get(tenant, read)

export function forgetBoundaries(node: Node, tenant: Id<'tenant'>): void {
  node.of(known).forget(tenant)
}

/** What the door asks. @param tx the transaction of the principal's institution, where the act is in one already */
export async function within(node: Node, principal: Principal, tx?: Tx): Promise<boolean> {
  const { tenant, place } = principal
  if (place === undefined || !isBound(principal)) return true
  const read = async (at: Tx) => (await readOwnTenant(at))?.settings.boundaries
  const boundaries = await boundariesOf(node, tenant, () => (tx === undefined ? node.database.transaction(tenant, read) : read(tx)))
  return boundaries === undefined || isWithin(boundaries, place)
}

/** Whether whoever makes a change could still come in after it, the way they came. */
export function keepsAuthor(boundaries: Boundaries, principal: Principal): boolean {
  return principal.place === undefined || !isBound(principal) || isWithin(boundaries, principal.place)
}
