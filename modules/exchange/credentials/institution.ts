/** Where an institution's credentials come from: its addresses, its DID, and the keys it signs with. */
import { type Id, parseId } from '@gatehouse/core/id'
import { Problem } from '@gatehouse/core/problem'
import { didDocument, didWebOf, ed25519Jwk } from '@gatehouse/credentials/did/did-web'
import type { Signer } from '@gatehouse/crypto/primitives'
import type { Tx } from '@gatehouse/runtime/data/db'
import { signingSecret } from '@gatehouse/runtime/data/keys/keys'
import { isTakenBack, listSigning } from '@gatehouse/runtime/data/keys/store'
import type { Node } from '@gatehouse/runtime/door/node'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { secretOf } from '../../custody/keyring/index.ts'
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

/** A key that the institution signs with, by its name in the DID document. */
interface IssuerKey extends Signer {
  readonly id: string
}

/** Those by which credentials verify, the newest first. One that was taken back is none of them. */
async function issuerKeys(tx: Tx, node: Node, tenant: Id<'tenant'>): Promise<IssuerKey[]> {
  const name = secretOf.credentials
  const rows = await listSigning(tx, name)
  const { did } = institutionOf(node, tenant)
  const counting = [1, ...rows.map(({ generation }) => generation)].filter((_, at) => !isTakenBack(rows[at]))
  const keys = counting.map(async (generation) => ({
    id: `${did}#credentials-${generation}`,
    ...(await node.keys.signer(tenant, signingSecret(name, generation))),
  }))
  return (await Promise.all(keys)).reverse()
}

/** The newest, read anew each time: it signs from the moment on that the DID document names it. */
export async function signingKey(tx: Tx, node: Node, tenant: Id<'tenant'>): Promise<IssuerKey> {
  const [newest] = await issuerKeys(tx, node, tenant)
  if (newest === undefined) throw new Error('an institution has no key for credentials')
  return newest
}

export function documentOf(node: Node, tenant: Id<'tenant'>) {
  return openly(node, tenant, async (tx) => {
    const keys = await issuerKeys(tx, node, tenant)
    return didDocument(
      institutionOf(node, tenant).did,
      keys.map(({ id, publicKey }) => ({ id, jwk: ed25519Jwk(publicKey) })),
    )
  })
}

/** Reads for everybody what an institution says openly. One that does not exist has no keys made for it. */
export async function openly<T>(node: Node, tenant: Id<'tenant'>, read: (tx: Tx, own: Tenant) => Promise<T>): Promise<T> {
  return node.database.transaction(tenant, async (tx) => {
    const own = await readOwnTenant(tx)
    if (own === undefined) throw new Problem(doorProblems.not_found)
    return read(tx, own)
  })
}
