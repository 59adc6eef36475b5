/** Where an institution's credentials come from: its addresses, its DID, and the key it signs with. */
import { type Id, parseId } from '@gatehouse/core/id'
import { Problem } from '@gatehouse/core/problem'
import { didDocument, didWebOf, ed25519Jwk } from '@gatehouse/credentials/did/did-web'
import type { Signer } from '@gatehouse/crypto/primitives'
import type { Tx } from '@gatehouse/runtime/data/db'
import type { Node } from '@gatehouse/runtime/door/node'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { readOwnTenant, type Tenant } from '../../governance/tenancy/index.ts'

/** A path of the DID and of the addresses alike. */
const folder = 'institutions'

export interface Institution {
  /** The identifier of the credential issuer, and what its other addresses begin with. */
  readonly base: string
  readonly did: string
}

export function institutionOf({ addresses: { origin } }: Node, tenant: Id<'tenant'>): Institution {
  return { base: `${origin}/${folder}/${tenant}`, did: didWebOf(origin, [folder, tenant]) }
}

/** The institution of this very node that a DID names. Its existence is not asked. */
export function ownTenantOf({ addresses: { origin } }: Node, did: string): Id<'tenant'> | undefined {
  const head = `${didWebOf(origin, [folder])}:`
  return did.startsWith(head) ? parseId<'tenant'>(did.slice(head.length)) : undefined
}

export const vctOf = (base: string, slug: string): string => `${base}/types/${slug}`
export const listAddress = (base: string, list: number): string => `${base}/status/${list}`
export const keyIdOf = (did: string): string => `${did}#credentials-1`

export function issuerSigner({ keys }: Node, tenant: Id<'tenant'>): Promise<Signer> {
  return keys.signer(tenant, 'credentials/issuer')
}

export async function documentOf(node: Node, tenant: Id<'tenant'>) {
  const { did } = institutionOf(node, tenant)
  const { publicKey } = await issuerSigner(node, tenant)
  return didDocument(did, [{ id: keyIdOf(did), jwk: ed25519Jwk(publicKey) }])
}

/** Reads for everybody what an institution says openly. One that does not exist has no keys made for it. */
export async function openly<T>(node: Node, tenant: Id<'tenant'>, read: (tx: Tx, own: Tenant) => Promise<T>): Promise<T> {
  return node.database.transaction(tenant, async (tx) => {
    const own = await readOwnTenant(tx)
    if (own === undefined) throw new Problem(doorProblems.not_found)
    return read(tx, own)
  })
}
