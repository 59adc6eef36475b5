/**
 * The keys and status lists of those who issue. An institution of this node is asked directly; others are fetched by the node's one way
 * out, without redirects, bounded in time and size. What cannot be learned is not known.
 */
import { inflateSync } from 'node:zlib'
import { Problem } from '@gatehouse/core/problem'
import { keyOfDidKey } from '@gatehouse/credentials/did/did-key'
import { assertionKeys, documentUrlOf, ed25519Jwk } from '@gatehouse/credentials/did/did-web'
import { type Jwk, parseJws } from '@gatehouse/credentials/sd-jwt/jws'
import type { StatusReference } from '@gatehouse/credentials/sd-jwt/verify'
import { listBytesMax, readList, statusListType } from '@gatehouse/credentials/status/status-list'
import { EgressError } from '@gatehouse/runtime/data/egress'
import type { Node } from '@gatehouse/runtime/door/node'
import { documentOf, institutionOf, ownTenantOf } from '../institution.ts'
import { documentBytesMax, fetchTimeoutMs, listAnswerBytesMax } from '../schema.ts'
import { signedList } from '../status/list.ts'
import { verifyJws } from '../verify-jws.ts'

/** @param keyId a DID URL; without it the DID has to have one key only */
export async function issuerKey(node: Node, did: string, keyId: string | undefined): Promise<Jwk | undefined> {
  const raw = keyOfDidKey(did)
  if (raw !== undefined) return keyId === undefined || keyId.split('#')[0] === did ? ed25519Jwk(raw) : undefined
  const keys = assertionKeys(await didDocumentOf(node, did), did)
  const full = keyId?.startsWith('#') ? did + keyId : keyId
  return full === undefined ? (keys.length === 1 ? keys[0]?.jwk : undefined) : keys.find(({ id }) => id === full)?.jwk
}

async function didDocumentOf(node: Node, did: string): Promise<unknown> {
  const own = ownTenantOf(node, did)
  if (own !== undefined) return known(() => documentOf(node, own))
  const url = documentUrlOf(did)
  const text = url === undefined ? undefined : await fetched(node, url, 'application/did+json, application/json', documentBytesMax)
  try {
    return JSON.parse(text ?? '') as unknown
  } catch {
    return undefined
  }
}

export async function isRevoked(node: Node, issuer: string, { uri, index }: StatusReference): Promise<boolean | undefined> {
  const text = await listOf(node, issuer, uri)
  const keyId = text === undefined ? undefined : parseJws(text)?.header.kid
  const key = text === undefined ? undefined : await issuerKey(node, issuer, typeof keyId === 'string' ? keyId : undefined)
  if (text === undefined || key === undefined) return undefined
  return readList(text, { uri, index, now: Math.floor(node.source.nowMs() / 1000) }, key, verifyJws, unpack)
}

async function listOf(node: Node, issuer: string, uri: string): Promise<string | undefined> {
  const own = ownTenantOf(node, issuer)
  if (own === undefined) return fetched(node, uri, `application/${statusListType}`, listAnswerBytesMax)
  const head = `${institutionOf(node, own).base}/status/`
  const list = Number(uri.startsWith(head) ? uri.slice(head.length) : Number.NaN)
  return Number.isSafeInteger(list) ? known(() => signedList(node, own, list)) : undefined
}

async function known<T>(read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read()
  } catch (error) {
    if (error instanceof Problem) return undefined
    throw error
  }
}

async function fetched(node: Node, url: string, accept: string, bytesMax: number): Promise<string | undefined> {
  try {
    const { status, body } = await node.egress.send(url, { method: 'GET', headers: { accept }, timeoutMs: fetchTimeoutMs, bytesMax })
    return status === 200 ? body : undefined
  } catch (error) {
    if (!(error instanceof EgressError)) throw error
    node.log.warn({ why: error.message }, 'what an issuer says could not be fetched')
    return undefined
  }
}

function unpack(bytes: Uint8Array): Uint8Array | undefined {
  try {
    return inflateSync(bytes, { maxOutputLength: listBytesMax })
  } catch {
    return undefined
  }
}
