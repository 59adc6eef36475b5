import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { didKeyOf, keyOfDidKey } from './did-key.ts'
import { assertionKeys, didDocument, didWebOf, documentUrlOf, ed25519Jwk, readJwk } from './did-web.ts'

// The example of the did:key specification, section 3.1.
const known = 'did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK'

describe('did:key', () => {
  it.each([
    '',
    'did:key:',
    'did:key:z',
    'did:web:example.org',
    known.slice(0, -1),
    `${known}1`,
    known.replace('z6Mk', 'z16Mk'),
    known.replace('a', 'O'),
    `${known}#key`,
    'did:key:zQ3shokFTS3brHcDQrn82RUDfCZESWL1ZdCEJwekUDPQiYBme',
    `did:key:z${'1'.repeat(10_000)}`,
  ])('is not %s', (text) => expect(keyOfDidKey(text)).toBeUndefined())

  it('is read and written as the specification has it', () => {
    const key = keyOfDidKey(known)
    expect(key).toHaveLength(32)
    expect(key && didKeyOf(key)).toBe(known)
  })

  it('comes back from any key', () => {
    fc.assert(fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (key) => void expect(keyOfDidKey(didKeyOf(key))).toEqual(key)))
  })
})

describe('did:web', () => {
  it.each([
    ['did:web:example.org', 'https://example.org/.well-known/did.json'],
    ['did:web:example.org%3A8443', 'https://example.org:8443/.well-known/did.json'],
    ['did:web:example.org:users:alice', 'https://example.org/users/alice/did.json'],
    ['did:web:127.0.0.1%3A5000:a', 'http://127.0.0.1:5000/a/did.json'],
  ])('%s lies at %s', (did, url) => expect(documentUrlOf(did)).toBe(url))

  it.each([
    'did:web:',
    'did:web:..',
    'did:web:a@b',
    'did:web:example.org%2Fpath',
    'did:web:example.org:..',
    'did:web:example.org:a%2Fb',
    'did:web:example.org:',
    'did:web:example.org?x',
    'did:web:example.org#key',
    'did:web:[::1]',
    `did:web:${'a'.repeat(600)}`,
    'did:key:z6Mk',
  ])('%s lies nowhere', (did) => expect(documentUrlOf(did)).toBeUndefined())

  const did = didWebOf('https://example.org:8443', ['credentials', 'default'])
  const jwk = ed25519Jwk(new Uint8Array(32).fill(9))
  const document = () => didDocument(did, [{ id: `${did}#1`, jwk }])

  it('has a document that is read back', () => {
    expect(did).toBe('did:web:example.org%3A8443:credentials:default')
    expect(assertionKeys(document(), did)).toEqual([{ id: `${did}#1`, jwk }])
    expect(assertionKeys({ ...document(), assertionMethod: ['#1'] }, did)).toHaveLength(1)
  })

  it.each([
    ['another’s', { id: 'did:web:elsewhere.example.org' }],
    ['keys for something else', { assertionMethod: [] }],
    ['a key of another controller', { verificationMethod: [{ id: `${did}#1`, controller: 'did:web:elsewhere.example.org', publicKeyJwk: jwk }] }],
    ['a private key', { verificationMethod: [{ id: `${did}#1`, controller: did, publicKeyJwk: { ...jwk, d: jwk.x } }] }],
    ['no list', { verificationMethod: 'x' }],
  ])('gives no key where the document has %s', (_, more) => expect(assertionKeys({ ...document(), ...more }, did)).toEqual([]))

  it('takes two kinds of keys, without what stands beside them', () => {
    const x = 'A'.repeat(43)
    expect(readJwk({ kty: 'EC', crv: 'P-256', x, y: x, use: 'sig' })).toEqual({ kty: 'EC', crv: 'P-256', x, y: x })
    for (const wrong of [
      { kty: 'oct', k: x },
      { kty: 'EC', crv: 'P-256', x },
      { kty: 'OKP', crv: 'X25519', x },
      { kty: 'OKP', crv: 'Ed25519', x: 'AA' },
      null,
      'x',
    ])
      expect(readJwk(wrong)).toBeUndefined()
  })
})
