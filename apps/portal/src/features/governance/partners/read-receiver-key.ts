/** What can be told of a pasted key before it is sent. Whether it is strong, valid and free is the node's to say. */
export type KeyFault = 'private' | 'notPem' | 'chain' | 'notJson' | 'notJwk'

type Body = { readonly certificate_pem: string } | { readonly jwk: { readonly kty: string } }

/** RFC 7518 sections 6.2.2, 6.3.2 and 6.4.1. */
const privateMembers = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k']

export function readReceiverKey(kind: 'certificate' | 'jwk', text: string): { readonly key: Body } | { readonly fault: KeyFault } {
  if (/PRIVATE KEY-----/.test(text)) return { fault: 'private' }
  return kind === 'certificate' ? readPem(text.trim()) : readJwk(text)
}

function readPem(text: string): { readonly key: Body } | { readonly fault: KeyFault } {
  const blocks = text.match(/-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g) ?? []
  if (blocks.length === 0) return { fault: 'notPem' }
  return blocks.length > 1 ? { fault: 'chain' } : { key: { certificate_pem: `${text}\n` } }
}

function readJwk(text: string): { readonly key: Body } | { readonly fault: KeyFault } {
  let jwk: unknown
  try {
    jwk = JSON.parse(text)
  } catch {
    return { fault: 'notJson' }
  }
  if (typeof jwk !== 'object' || jwk === null || !('kty' in jwk) || typeof jwk.kty !== 'string') return { fault: 'notJwk' }
  if (privateMembers.some((name) => name in jwk)) return { fault: 'private' }
  return { key: { jwk: jwk as { kty: string } } }
}
