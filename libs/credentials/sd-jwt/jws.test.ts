/** Wycheproof's vectors for JSON Web Signatures: our own strict reader, and jose, which reads what identity providers and wallets sign. */
import { createPublicKey, verify as verifySignature } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { compactVerify, importJWK, type JWK } from 'jose'
import { describe, expect, it } from 'vitest'
import { type Jwk, parseJws, type VerifyJws, verifiesWith } from './jws.ts'

const file = new URL('../../../../shared/data/crypto-vectors/wycheproof/json_web_signature_test.json', import.meta.url)
const absent = existsSync(file) ? '' : ' (skipped: the reference data ../shared/data/crypto-vectors is absent)'

interface Group {
  readonly public?: JWK
  readonly private: JWK
  readonly tests: readonly { readonly tcId: number; readonly jws: string; readonly result: 'valid' | 'invalid'; readonly comment: string }[]
}
const groups: readonly Group[] = absent ? [] : JSON.parse(readFileSync(file, 'utf8')).testGroups
const keyOf = (group: Group): JWK => group.public ?? group.private

/** Signed by another algorithm than the key is for; a character in the header that base64url does not have. Both are right to refuse. */
const stricter = ['346 Figure20', '372 InvalidCharacterInsertedInHeader']
/** Base64url written in other ways than the one. Signed is the text as it came, so nothing can be changed in it; our own reader takes one way only. */
const laxer = ['365 spacesInHeader', '367 invalidBase64Padding', '370 invalidBase64PaddingInPayload', '375 MacOfIncorrectlyEncodedMessage']

const onNode: VerifyJws = (_algorithm, key, signed, signature) =>
  verifySignature('sha256', signed, { key: createPublicKey({ key: { ...key }, format: 'jwk' }), dsaEncoding: 'ieee-p1363' }, signature)

describe.skipIf(absent)(`Wycheproof: JSON Web Signatures${absent}`, () => {
  it('our reader takes none: the invalid for what is wrong with them, the valid because of their algorithm or because no JSON object is in them', () => {
    for (const group of groups) {
      const key = keyOf(group)
      for (const { tcId, jws } of group.tests) {
        const parsed = parseJws(jws)
        expect(parsed !== undefined && verifiesWith(parsed, key as unknown as Jwk, onNode), `tcId ${tcId}`).toBe(false)
      }
    }
  })

  it('jose, held to the algorithm of the key', async () => {
    const different: string[] = []
    for (const group of groups) {
      const key = keyOf(group)
      for (const { tcId, jws, result, comment } of group.tests) {
        const holds = await importJWK(key, key.alg ?? 'none')
          .then((imported) => compactVerify(jws, imported, { algorithms: [key.alg ?? 'none'] }))
          .then(
            () => true,
            () => false,
          )
        if (holds !== (result === 'valid')) different.push(`${tcId} ${comment}`)
      }
    }
    expect(different).toEqual([...stricter, ...laxer].sort())
  })
})
