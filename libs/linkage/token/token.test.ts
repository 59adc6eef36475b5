import { randomBytes } from 'node:crypto'
import { instantOf } from '@gatehouse/core/instant'
import { toHex, utf8 } from '@gatehouse/crypto/bytes'
import type { Group } from '@gatehouse/crypto/group/group'
import { sodiumGroup } from '@gatehouse/crypto/group/sodium'
import { nodePrimitives } from '@gatehouse/crypto/node'
import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { blindEvaluate, OprfProofError } from '../oprf/voprf.ts'
import type { TokenError } from './error.ts'
import { acceptToken, isTokenOf, parseFitToken, tokenMaker, tokenMessage } from './fit-token.ts'
import { type AudienceKey, deriveAudienceKey, makingKey, readingKeys } from './key.ts'
import { finishTokens, obliviousKey, requestTokens, tokenAlone } from './oblivious.ts'
import { commonSchemes, defineScheme, schemeReader } from './scheme.ts'

const master = utf8('a master secret of more than thirty-two bytes')
const at = (day: number) => instantOf(Date.UTC(2026, 0, day))
const key = (keyId = 'k1', audience = 'heart-study', from = 1, to = 100): AudienceKey =>
  deriveAudienceKey(nodePrimitives, master, { audience, keyId, notBefore: at(from), notAfter: at(to) })
const schemes = [commonSchemes.nhsNumber(), commonSchemes.namesAndBirth(), commonSchemes.initialBirthPostcode()]
const ada = { nhs_number: '943 476 5919', given_name: 'Ada', family_name: 'Lovelace', date_of_birth: '1955-12-10', postcode: 'sw1a 1aa' }
const code = (act: () => unknown) => {
  try {
    act()
  } catch (error) {
    return (error as TokenError).code
  }
  return 'nothing was thrown'
}
const tokens = (record: Record<string, string | null>, by = key()) => tokenMaker(nodePrimitives, by, schemes)(record)

describe('no token', () => {
  it('is made of a field that is missing, invalid or stands for a missing value, and the reason repeats nothing', () => {
    const [nhs, names, initial] = tokens({ ...ada, nhs_number: '9434765918', date_of_birth: '1955-02-30', postcode: null })
    expect(nhs).toEqual({ scheme: 'nhs-1', because: expect.stringContaining('nhs_number: ') })
    expect(names).toEqual({ scheme: 'names-dob-1', because: expect.stringContaining('date_of_birth: ') })
    expect(initial).toEqual({ scheme: 'initial-dob-postcode-1', because: expect.stringMatching(/date_of_birth|postcode is missing/) })
    expect(JSON.stringify([nhs, names, initial])).not.toMatch(/9434765918|1955-02-30/)
    for (const same of ['0000000000', '1111111111', '9999999999']) expect(tokens({ ...ada, nhs_number: same })[0]).toHaveProperty('because')
    expect(tokens({ ...ada, given_name: 'unknown' })[1]).toHaveProperty('because')
  })

  it('comes from a weak secret, a window that ends before it begins, a name that cannot stand in it, or an empty scheme', () => {
    const window = { audience: 'a', keyId: 'k', notBefore: at(1), notAfter: at(2) }
    expect(code(() => deriveAudienceKey(nodePrimitives, new Uint8Array(16), window))).toBe('weak_secret')
    expect(code(() => deriveAudienceKey(nodePrimitives, master, { ...window, notAfter: at(1) }))).toBe('bad_window')
    expect(code(() => deriveAudienceKey(nodePrimitives, master, { ...window, audience: 'a.b' }))).toBe('bad_name')
    expect(code(() => defineScheme('x', []))).toBe('bad_scheme')
    expect(code(() => tokenMaker(nodePrimitives, key(), [commonSchemes.nhsNumber(), commonSchemes.nhsNumber()]))).toBe('bad_scheme')
  })

  it('is taken in another form, for another audience, under an unknown key or an expired one', () => {
    const [made] = tokens(ada)
    const text = (made as { token: string }).token
    expect(code(() => parseFitToken(text.slice(0, -1)))).toBe('malformed')
    expect(code(() => parseFitToken(`${text}.more`))).toBe('malformed')
    expect(code(() => acceptToken(text, 'other-study', [key()], at(2)))).toBe('other_audience')
    expect(code(() => acceptToken(text, 'heart-study', [key('k2')], at(2)))).toBe('unknown_key')
    expect(code(() => acceptToken(text, 'heart-study', [key()], at(100)))).toBe('expired_key')
    expect(acceptToken(text, 'heart-study', [key()], at(99)).scheme).toBe('nhs-1')
  })
})

describe('a token', () => {
  it('has the form fit1.<audience>.<scheme>.<key id>.<mac>, and is the same for the same person however written', () => {
    const [made] = tokens(ada)
    expect(made).toHaveProperty('token', expect.stringMatching(/^fit1\.heart-study\.nhs-1\.k1\.[A-Za-z0-9_-]{43}$/))
    expect(tokens({ ...ada, nhs_number: '9434765919', given_name: ' ADA ', postcode: 'SW1A1AA' })).toEqual(tokens(ada))
  })

  it('is the HMAC of a list whose parts bear their lengths, under a key derived for the audience', () => {
    const scheme = commonSchemes.nhsNumber()
    const mac = nodePrimitives.hmacSha256(key().key, tokenMessage('heart-study', scheme, ['9434765919']))
    expect(toHex(parseFitToken((tokens(ada)[0] as { token: string }).token).mac)).toBe(toHex(mac))
  })

  it('joins with none of another audience, key, scheme or person', () => {
    const all = [tokens(ada), tokens(ada, key('k2')), tokens(ada, key('k1', 'other-study')), tokens({ ...ada, given_name: 'Anna' })].map((made) =>
      made.map((one) => ('token' in one ? toHex(parseFitToken(one.token).mac) : '')),
    )
    expect(new Set([...all.slice(0, 3).flat(), all[3]?.[1]]).size).toBe(10)
    // The NHS number and the initial are the same, so these two are too.
    expect([all[3]?.[0], all[3]?.[2]]).toEqual([all[0]?.[0], all[0]?.[2]])
  })

  it('never takes two lists of fields for one', () => {
    const scheme = defineScheme('two-1', [
      { column: 'a', form: { form: 'text' } },
      { column: 'b', form: { form: 'text' } },
    ])
    fc.assert(
      fc.property(fc.tuple(fc.string(), fc.string()), fc.tuple(fc.string(), fc.string()), (one, other) => {
        const same = one[0] === other[0] && one[1] === other[1]
        return (toHex(tokenMessage('x', scheme, one)) === toHex(tokenMessage('x', scheme, other))) === same
      }),
    )
  })

  it('is recognised as a record’s by who holds the key', () => {
    const [made] = tokens(ada)
    const text = (made as { token: string }).token
    expect(isTokenOf(nodePrimitives, key(), commonSchemes.nhsNumber(), ada, text)).toBe(true)
    expect(isTokenOf(nodePrimitives, key(), commonSchemes.nhsNumber(), { nhs_number: '4010232137' }, text)).toBe(false)
    expect(isTokenOf(nodePrimitives, key('k2'), commonSchemes.nhsNumber(), ada, text)).toBe(false)
  })
})

describe('keys of an audience', () => {
  it('overlap during a rotation: the newer one makes, both read', () => {
    const keys = [key('k1', 'heart-study', 1, 40), key('k2', 'heart-study', 30, 100), key('k9', 'other-study', 1, 100)]
    expect(makingKey(keys, 'heart-study', at(29)).keyId).toBe('k1')
    expect(makingKey(keys, 'heart-study', at(30)).keyId).toBe('k2')
    expect(readingKeys(keys, 'heart-study', at(39)).map(({ keyId }) => keyId)).toEqual(['k1', 'k2'])
    expect(readingKeys(keys, 'heart-study', at(40)).map(({ keyId }) => keyId)).toEqual(['k2'])
    expect(code(() => makingKey(keys, 'heart-study', at(100)))).toBe('no_key')
  })
})

describe('the oblivious mode', () => {
  let group: Group
  beforeAll(async () => {
    group = await sodiumGroup()
  })

  it('gives the site what the key holder would make alone, and shows the key holder nothing that repeats', () => {
    const holder = obliviousKey(group, key())
    const scheme = commonSchemes.nhsNumber()
    const read = schemeReader(scheme)(ada)
    const values = read.values === undefined ? [] : [read.values, read.values]
    const request = requestTokens(group, holder, scheme, values, randomBytes)
    expect(toHex(request.blindedElements[0] as Uint8Array)).not.toBe(toHex(request.blindedElements[1] as Uint8Array))
    const evaluation = blindEvaluate(group, holder, request.blindedElements, randomBytes)
    const made = finishTokens(group, nodePrimitives, holder, scheme, request, evaluation)
    expect(made).toEqual(values.map((fields) => tokenAlone(group, nodePrimitives, holder, scheme, fields)))
    expect(parseFitToken(made[0] as string).keyId).toBe('o-k1')
    const other = obliviousKey(group, key('k2'))
    const forged = blindEvaluate(group, other, request.blindedElements, randomBytes)
    expect(() => finishTokens(group, nodePrimitives, holder, scheme, request, forged)).toThrow(OprfProofError)
  })
})
