/**
 * How a node proves to a mailbox that a request is its own: HTTP Message Signatures (RFC 9421) with Ed25519. Always the same parts are signed:
 * the method, the whole address, the digest of the body (RFC 9530) and the time, under the node's name.
 */
import { createHash, type KeyObject, sign, verify } from 'node:crypto'

/** How far the clocks of a node and a mailbox may lie apart. */
export const skewSeconds = 300
const label = 'mesh'
const parts = ['@method', '@target-uri', 'content-digest'] as const

export interface SignedRequest {
  readonly method: string
  readonly url: string
  /** The value of the header `content-digest`. */
  readonly digest: string
}

export const digestOf = (body: Uint8Array): string => `sha-256=:${createHash('sha256').update(body).digest('base64')}:`

/** RFC 9421 section 2.5. */
export function signatureBase(covered: readonly (readonly [string, string])[], parameters: string): string {
  return [...covered.map(([name, value]) => `"${name}": ${value}`), `"@signature-params": ${parameters}`].join('\n')
}

function baseOf({ method, url, digest }: SignedRequest, parameters: string): Buffer {
  const values = [method, url, digest]
  return Buffer.from(
    signatureBase(
      parts.map((name, at) => [name, values[at] as string] as const),
      parameters,
    ),
  )
}

const covers = `(${parts.map((name) => `"${name}"`).join(' ')})`

export function signRequest(request: SignedRequest, name: string, key: KeyObject, nowMs: number): Record<string, string> {
  const parameters = `${covers};created=${Math.floor(nowMs / 1000)};keyid="${name}";alg="ed25519";tag="gatehouse-mesh"`
  return {
    'content-digest': request.digest,
    'signature-input': `${label}=${parameters}`,
    signature: `${label}=:${sign(null, baseOf(request, parameters), key).toString('base64')}:`,
  }
}

const inputForm =
  /^mesh=(\("@method" "@target-uri" "content-digest"\);created=(\d{1,12});keyid="([a-z0-9][a-z0-9-]{0,62})";alg="ed25519";tag="gatehouse-mesh")$/
const signatureForm = /^mesh=:([A-Za-z0-9+/]{86}==):$/

export interface Claimed {
  readonly name: string
  readonly createdMs: number
  holds(request: SignedRequest, key: KeyObject): boolean
}

/** What the headers claim, before anything of it is believed. @returns `undefined` for any other form than the one that nodes send */
export function claimedBy(input: string, signature: string): Claimed | undefined {
  const [, parameters, created, name] = inputForm.exec(input) ?? []
  const [, bytes] = signatureForm.exec(signature) ?? []
  if (parameters === undefined || created === undefined || name === undefined || bytes === undefined) return undefined
  return {
    name,
    createdMs: Number(created) * 1000,
    holds: (request, key) => verify(null, baseOf(request, parameters), key, Buffer.from(bytes, 'base64')),
  }
}
