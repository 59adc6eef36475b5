import { describe, expect, it } from 'vitest'
import { readReceiverKey } from './read-receiver-key.ts'

const block = (name: string) => `-----BEGIN ${name}-----\nMIIB\n-----END ${name}-----`

describe('a pasted receiver key', () => {
  it.each([
    ['certificate', block('PRIVATE KEY'), 'private'],
    ['certificate', `${block('CERTIFICATE')}\n${block('EC PRIVATE KEY')}`, 'private'],
    ['jwk', block('PRIVATE KEY'), 'private'],
    ['jwk', '{"kty":"EC","crv":"P-256","x":"a","y":"b","d":"c"}', 'private'],
    ['jwk', '{"kty":"oct","k":"c2VjcmV0"}', 'private'],
    ['certificate', 'MIIB', 'notPem'],
    ['certificate', block('CERTIFICATE REQUEST'), 'notPem'],
    ['certificate', `${block('CERTIFICATE')}\n${block('CERTIFICATE')}`, 'chain'],
    ['jwk', '{"kty":', 'notJson'],
    ['jwk', '[]', 'notJwk'],
    ['jwk', 'null', 'notJwk'],
  ] as const)('as %s is not sent: %j', (kind, text, fault) => {
    expect(readReceiverKey(kind, text)).toEqual({ fault })
  })

  it('is sent as what it is', () => {
    expect(readReceiverKey('certificate', `\n${block('CERTIFICATE')}  `)).toEqual({ key: { certificate_pem: `${block('CERTIFICATE')}\n` } })
    const jwk = { kty: 'OKP', crv: 'Ed25519', x: 'abc' }
    expect(readReceiverKey('jwk', JSON.stringify(jwk))).toEqual({ key: { jwk } })
  })
})
