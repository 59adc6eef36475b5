/** The wallet here is an independent one: it signs with jose and presents with the library, and shares no code with what verifies. */
import { createHash, createPublicKey, verify as verifySignature } from 'node:crypto'
import { deflateSync, inflateSync } from 'node:zlib'
import { fromBase64url, toBase64url, utf8 } from '@gatehouse/crypto/bytes'
import { nodeSigner, nodePrimitives as primitives } from '@gatehouse/crypto/node'
import { SDJwtInstance } from '@sd-jwt/core'
import { type CryptoKey, exportJWK, generateKeyPair, SignJWT } from 'jose'
import { beforeAll, describe, expect, it } from 'vitest'
import { didKeyOf, keyOfDidKey } from '../did/did-key.ts'
import { ed25519Jwk, readJwk } from '../did/did-web.ts'
import { packList, readList, signList } from '../status/status-list.ts'
import { issueCredential, type NewCredential } from './issue.ts'
import { type Jwk, signJws, type VerifyJws } from './jws.ts'
import { type Expected, type Surroundings, verifyPresentation } from './verify.ts'

const now = 1_790_000_000
const issuerSigner = nodeSigner(new Uint8Array(32).fill(1))
const strangerSigner = nodeSigner(new Uint8Array(32).fill(2))
const issuer = didKeyOf(issuerSigner.publicKey)
const audience = 'decentralized_identifier:did:web:bank.example.org'
const nonce = 'n-0S6_WzA2Mj'
const vct = 'https://hospital.example.org/credentials/age'

const verify: VerifyJws = (algorithm, jwk, signed, signature) => {
  const key = createPublicKey({ key: jwk, format: 'jwk' })
  return algorithm === 'EdDSA'
    ? verifySignature(null, signed, key, signature)
    : verifySignature('sha256', signed, { key, dsaEncoding: 'ieee-p1363' }, signature)
}
const around: Surroundings = {
  primitives,
  verify,
  issuerKey: async (iss) => {
    const key = iss === issuer ? keyOfDidKey(iss) : undefined
    return key === undefined ? undefined : ed25519Jwk(key)
  },
  isRevoked: async () => false,
}
const expected: Expected = { now, audience, nonce, vcts: [vct], claims: ['age_over_18'], ageMax: 300 }

interface Wallet {
  readonly key: CryptoKey
  readonly alg: 'ES256' | 'EdDSA'
  readonly jwk: Jwk
}
const newWallet = async (alg: Wallet['alg']): Promise<Wallet> => {
  const { publicKey, privateKey } = await generateKeyPair(alg, alg === 'EdDSA' ? { crv: 'Ed25519' } : {})
  const jwk = readJwk(await exportJWK(publicKey))
  if (jwk === undefined) throw new Error('no key')
  return { key: privateKey, alg, jwk }
}
let wallet: Wallet
let other: Wallet
let credential: string
beforeAll(async () => {
  ;[wallet, other] = [await newWallet('ES256'), await newWallet('EdDSA')]
  credential = await issue()
})

const issue = (more: Partial<NewCredential> = {}, signer = issuerSigner) =>
  issueCredential(primitives, signer, {
    issuer,
    keyId: `${issuer}#key`,
    vct,
    holder: wallet.jwk,
    issuedAt: now - 1_000,
    expiresAt: now + 1_000,
    status: { uri: 'https://hospital.example.org/status/1', index: 7 },
    claims: { age_over_18: true, age_over_65: false, given_name: 'Ana Quetzalli' },
    ...more,
  })

const sha256 = (text: string) => createHash('sha256').update(text).digest('base64url')
/** What a wallet shows: the claims chosen, then its own signature over all of it. */
const show = async (from: string, names: readonly string[]) => {
  const instance = new SDJwtInstance({ hasher: (data) => createHash('sha256').update(String(data)).digest(), hashAlg: 'sha-256' })
  return instance.present(from, Object.fromEntries(names.map((name) => [name, true])) as never)
}
interface Binding {
  readonly aud?: unknown
  readonly nonce?: unknown
  readonly iat?: unknown
  readonly sd_hash?: string
  readonly typ?: string
}
const bind = async (shown: string, more: Binding = {}, by = wallet) => {
  const { typ = 'kb+jwt', ...rest } = more
  const jwt = await new SignJWT({ aud: audience, nonce, iat: now, sd_hash: sha256(shown), ...rest } as never)
    .setProtectedHeader({ alg: by.alg, typ })
    .sign(by.key)
  return shown + jwt
}
const present = async (more: Binding = {}, names = ['age_over_18']) => bind(await show(credential, names), more)
const check = (text: string, more: Partial<Expected> = {}, surroundings: Partial<Surroundings> = {}) =>
  verifyPresentation(text, { ...expected, ...more }, { ...around, ...surroundings })
const refusedFor = (reason: string) => ({ outcome: 'refused', reason })
const resign = (payload: object, header: object = {}) => signJws({ typ: 'dc+sd-jwt', kid: `${issuer}#key`, ...header }, payload as never, issuerSigner.sign)
const payloadOf = (text: string) => JSON.parse(Buffer.from(text.split('.')[1] ?? '', 'base64url').toString()) as Record<string, unknown>

describe('criterion 22: refused is', () => {
  it('a presentation for somebody else', async () => {
    for (const aud of ['did:web:bank.example.org', 'https://bank.example.org', [audience], '', undefined])
      expect(await check(await present({ aud }))).toEqual(refusedFor('audience_mismatch'))
  })

  it('an old one, one from the future, and one without a time', async () => {
    expect(await check(await present({ iat: now - 301 }))).toEqual(refusedFor('too_old'))
    expect(await check(await present({ iat: now + 61 }))).toEqual(refusedFor('from_the_future'))
    for (const iat of [String(now), now + 0.5, null]) expect(await check(await present({ iat }))).toEqual(refusedFor('key_binding_invalid'))
    expect(await check(await present({ iat: now - 299 }))).toMatchObject({ outcome: 'proven' })
  })

  it('one for another request: the same again under a new nonce, and none', async () => {
    const once = await present()
    expect(await check(once)).toMatchObject({ outcome: 'proven' })
    expect(await check(once, { nonce: 'another' })).toEqual(refusedFor('nonce_mismatch'))
    expect(await check(await present({ nonce: undefined }))).toEqual(refusedFor('nonce_mismatch'))
  })

  it('one without the holder’s signature', async () => {
    const shown = await show(credential, ['age_over_18'])
    expect(await check(shown)).toEqual(refusedFor('key_binding_missing'))
    expect(await check(shown.slice(0, -1))).toEqual(expect.objectContaining({ outcome: 'refused' }))
  })

  it('“none”, a symmetric algorithm, and one that names another', async () => {
    const [, body, signature] = credential.split('~')[0]?.split('.') ?? []
    for (const alg of ['none', 'None', 'HS256', 'RS256', 'ES384', undefined]) {
      const head = toBase64url(utf8(JSON.stringify({ alg, typ: 'dc+sd-jwt' })))
      for (const end of ['', signature ?? '']) expect(await check(await bind(`${head}.${body}.${end}~`))).toEqual(refusedFor('malformed'))
    }
    const unsigned = `${toBase64url(utf8('{"alg":"none","typ":"kb+jwt"}'))}.${toBase64url(utf8(JSON.stringify({ aud: audience, nonce, iat: now })))}.`
    expect(await check((await show(credential, ['age_over_18'])) + unsigned)).toEqual(refusedFor('key_binding_invalid'))
  })

  it('a digest that stands twice, at one place or at two', async () => {
    const payload = payloadOf(credential)
    const [first = ''] = payload._sd as string[]
    for (const twice of [
      { ...payload, _sd: [...(payload._sd as string[]), first] },
      { ...payload, inner: { _sd: [first] } },
      { ...payload, list: [{ '...': first }] },
    ])
      expect(await check(await bind(`${resign(twice)}~`), { claims: [] })).toEqual(refusedFor('duplicate_digest'))
  })
})

describe('criterion 22, by a real status list: refused is', () => {
  const place = { uri: 'https://hospital.example.org/status/1', index: 7 }
  const listed = (status: 'valid' | 'revoked', more: object = {}, by = issuerSigner) => {
    const token = { uri: place.uri, issuer, keyId: `${issuer}#key`, issuedAt: now - 10, expiresAt: now + 600, ttl: 60, ...more }
    return signList(packList(status === 'valid' ? [] : [{ place: place.index, status }]), token, deflateSync, by.sign)
  }
  const checkBy = async (list: string) => {
    const key = ed25519Jwk(issuerSigner.publicKey)
    const isRevoked: Surroundings['isRevoked'] = async (_, status) => readList(list, { ...status, now }, key, verify, inflateSync)
    return check(await present(), {}, { isRevoked })
  }

  it('a credential that the list revokes, and one whose list is over, another’s, of another place, or no list', async () => {
    expect(await checkBy(listed('valid'))).toMatchObject({ outcome: 'proven' })
    expect(await checkBy(listed('revoked'))).toEqual(refusedFor('revoked'))
    for (const list of [
      listed('valid', { expiresAt: now }),
      listed('valid', {}, strangerSigner),
      listed('valid', { uri: 'https://hospital.example.org/status/2' }),
      '',
    ])
      expect(await checkBy(list)).toEqual(refusedFor('status_unknown'))
  })
})

describe('refused is also', () => {
  it('a disclosure that was changed, cut, repeated, invented, or taken from another credential', async () => {
    const shown = await show(credential, ['age_over_18'])
    const [jwt, disclosure = ''] = shown.split('~')
    const text = Buffer.from(disclosure, 'base64url').toString()
    const foreign = (await show(await issue({ claims: { age_over_18: true } }), ['age_over_18'])).split('~')[1]
    for (const changed of [
      toBase64url(utf8(text.replace('true', 'false'))),
      disclosure.slice(0, -4),
      `${disclosure}~${disclosure}`,
      `${disclosure}~${toBase64url(utf8('["salt","age_over_21",true]'))}`,
      foreign,
      '',
      'no-base64!',
      toBase64url(utf8('{"a":1}')),
    ])
      expect(await check(await bind(`${jwt}~${changed}~`), { claims: [] })).toEqual(refusedFor('disclosure_invalid'))
  })

  it('a claim that is not shown, or disclosures shown beside what the holder signed', async () => {
    expect(await check(await present({}, ['age_over_65']))).toEqual(refusedFor('claim_missing'))
    const [less, more] = [await show(credential, ['age_over_18']), await show(credential, ['age_over_18', 'given_name'])]
    const binding = (await bind(less)).slice(less.length)
    expect(await check(more + binding)).toEqual(refusedFor('key_binding_invalid'))
  })

  it('a disclosure that would change the envelope', async () => {
    const disclosure = toBase64url(utf8('["c2FsdA","exp",9999999999]'))
    const { exp: _, ...payload } = payloadOf(credential)
    expect(await check(await bind(`${resign({ ...payload, _sd: [sha256(disclosure)] })}~${disclosure}~`), { claims: [] })).toEqual(
      refusedFor('disclosure_invalid'),
    )
  })

  it('the signature of somebody else than the holder, and no key to hold it against', async () => {
    const shown = await show(credential, ['age_over_18'])
    expect(await check(await bind(shown, {}, other))).toEqual(refusedFor('key_binding_invalid'))
    expect(await check(await bind(shown, { typ: 'JWT' }))).toEqual(refusedFor('key_binding_invalid'))
    const { cnf: _, ...payload } = payloadOf(credential)
    expect(await check(await bind(`${resign({ ...payload, _sd: [] })}~`), { claims: [] })).toEqual(refusedFor('holder_key_missing'))
  })

  it('another issuer: one that is not trusted, and one that signs in the name of one that is', async () => {
    const stranger = didKeyOf(strangerSigner.publicKey)
    expect(await check(await bind(await show(await issue({ issuer: stranger }, strangerSigner), ['age_over_18'])))).toEqual(refusedFor('issuer_unknown'))
    expect(await check(await bind(await show(await issue({}, strangerSigner), ['age_over_18'])))).toEqual(refusedFor('signature_invalid'))
  })

  it('one that is over, one that has not begun, and one of another type', async () => {
    expect(await check(await bind(await show(await issue({ expiresAt: now - 60 }), ['age_over_18'])))).toEqual(refusedFor('expired'))
    expect(await check(await bind(await show(await issue({ issuedAt: now + 61 }), ['age_over_18'])))).toEqual(refusedFor('not_yet_valid'))
    expect(await check(await bind(await show(await issue({ vct: 'https://elsewhere.example.org' }), ['age_over_18'])))).toEqual(refusedFor('type_refused'))
    expect(await check(await bind(`${resign(payloadOf(credential), { typ: 'JWT' })}~`), { claims: [] })).toEqual(refusedFor('type_refused'))
  })

  it('one that was revoked, and one whose status nobody can tell', async () => {
    expect(await check(await present(), {}, { isRevoked: async () => true })).toEqual(refusedFor('revoked'))
    expect(await check(await present(), {}, { isRevoked: async () => undefined })).toEqual(refusedFor('status_unknown'))
    for (const status of [{}, { status_list: {} }, { status_list: { idx: -1, uri: 'https://a' } }, { status_list: { idx: '7', uri: 'https://a' } }]) {
      const text = `${resign({ ...payloadOf(credential), _sd: [], status })}~`
      expect(await check(await bind(text), { claims: [] })).toEqual(refusedFor('status_unknown'))
    }
  })

  it('every single changed character, and every cut', async () => {
    const text = await present()
    const step = 7
    for (let at = 0; at < text.length; at += step) {
      const letter = text[at] === 'A' ? 'B' : 'A'
      const changed = text.slice(0, at) + letter + text.slice(at + 1)
      expect((await check(changed)).outcome, `${at}`).toBe('refused')
      expect((await check(text.slice(0, at))).outcome, `${at}`).toBe('refused')
    }
  })
})

describe('a presentation', () => {
  it.each(['ES256', 'EdDSA'] as const)('of a wallet with a key of %s proves what it shows and nothing else', async (alg) => {
    const holder = await newWallet(alg)
    const own = await issue({ holder: holder.jwk })
    const text = await bind(await show(own, ['age_over_18']), {}, holder)
    expect(await check(text)).toEqual({
      outcome: 'proven',
      issuer,
      vct,
      claims: { age_over_18: true },
      holder: holder.jwk,
      expiresAt: now + 1_000,
    })
    expect(Buffer.from(text.replaceAll(/[.~]/g, ''), 'base64url').toString('latin1')).not.toContain('Quetzalli')
    expect(text).not.toContain(toBase64url(utf8('Ana Quetzalli')))
  })

  it('has salts of 128 bits and decoys, so that digests tell neither values nor their number', async () => {
    const salts = credential
      .split('~')
      .slice(1, -1)
      .map((text) => (JSON.parse(Buffer.from(text, 'base64url').toString()) as [string])[0])
    expect(salts.every((salt) => fromBase64url(salt)?.length === 16)).toBe(true)
    expect(new Set(salts).size).toBe(3)
    expect((payloadOf(credential)._sd as string[]).length).toBe(7)
  })

  it('cannot have a claim with a name of the envelope', async () => {
    await expect(issue({ claims: { iss: 'x' } })).rejects.toThrow('not a name for a claim: iss')
  })
})
