/** did:web: a document at an address of one's own. Fetching it is the caller's, through its own way out. */
import { fromBase64url, toBase64url } from '@gatehouse/crypto/bytes'
import type { Jwk } from '../sd-jwt/jws.ts'

const part = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/
const didMax = 512
const keysMax = 100
const loopback = /^(localhost|127\.0\.0\.1)$/

/** The DID of a place below an origin: `https://example.org:8443` and `['a']` give `did:web:example.org%3A8443:a`. */
export function didWebOf(origin: string, path: readonly string[]): string {
  return ['did:web', new URL(origin).host.replaceAll(':', '%3A'), ...path].join(':')
}

/** Where the document lies, or `undefined` when the text is no did:web. Plain HTTP is for this machine only. */
export function documentUrlOf(did: string): string | undefined {
  if (did.length > didMax || !did.startsWith('did:web:')) return undefined
  const [host = '', ...path] = did.slice('did:web:'.length).split(':')
  if (!/^[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*(%3[Aa]\d{1,5})?$/.test(host) || !path.every((one) => part.test(one))) return undefined
  const authority = host.replace(/%3a/i, ':')
  if (!URL.canParse(`https://${authority}`)) return undefined
  const scheme = loopback.test(new URL(`https://${authority}`).hostname) ? 'http' : 'https'
  return `${scheme}://${authority.toLowerCase()}/${path.length === 0 ? '.well-known' : path.join('/')}/did.json`
}

export interface DidKey {
  /** The full DID URL, `did:…#name`. */
  readonly id: string
  readonly jwk: Jwk
}

export function ed25519Jwk(publicKey: Uint8Array): Jwk {
  return { kty: 'OKP', crv: 'Ed25519', x: toBase64url(publicKey) }
}

export function didDocument(did: string, keys: readonly DidKey[]) {
  return {
    '@context': ['https://www.w3.org/ns/did/v1', 'https://w3id.org/security/suites/jws-2020/v1'],
    id: did,
    verificationMethod: keys.map(({ id, jwk }) => ({ id, type: 'JsonWebKey2020', controller: did, publicKeyJwk: jwk })),
    assertionMethod: keys.map(({ id }) => id),
    authentication: keys.map(({ id }) => id),
  }
}

/** The keys of a document by which its owner makes assertions; none where it is not the document of that DID. */
export function assertionKeys(document: unknown, did: string): readonly DidKey[] {
  const { id, verificationMethod, assertionMethod } = (document ?? {}) as Record<string, unknown>
  if (id !== did || !Array.isArray(verificationMethod) || !Array.isArray(assertionMethod)) return []
  const full = (name: unknown) => (typeof name === 'string' && name.startsWith('#') ? did + name : name)
  const may = new Set(assertionMethod.map((method: unknown) => full(typeof method === 'object' && method !== null && 'id' in method ? method.id : method)))
  return verificationMethod.slice(0, keysMax).flatMap((method: unknown) => {
    const { id: name, controller, publicKeyJwk } = (method ?? {}) as Record<string, unknown>
    const key = full(name)
    if (typeof key !== 'string' || controller !== did || !may.has(key)) return []
    const jwk = readJwk(publicKeyJwk)
    return jwk === undefined ? [] : [{ id: key, jwk }]
  })
}

/** A public key of one of the two kinds that are taken, without anything beside it. A private key is none. */
export function readJwk(value: unknown): Jwk | undefined {
  const { kty, crv, x, y, d } = (value ?? {}) as Record<string, unknown>
  const coordinate = (text: unknown): text is string => typeof text === 'string' && fromBase64url(text)?.length === 32
  if (d !== undefined || !coordinate(x)) return undefined
  if (kty === 'OKP' && crv === 'Ed25519') return { kty, crv, x }
  return kty === 'EC' && crv === 'P-256' && coordinate(y) ? { kty, crv, x, y } : undefined
}
