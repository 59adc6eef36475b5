/** FITtokens with their canonical forms, the bare HMAC beside them, and the oblivious mode. */
import { createHmac, randomBytes } from 'node:crypto'
import { instantOf } from '@gatehouse/core/instant'
import { utf8 } from '@gatehouse/crypto/bytes'
import { sodiumGroup } from '@gatehouse/crypto/group/sodium'
import { nodePrimitives } from '@gatehouse/crypto/node'
import { blindEvaluate } from '@gatehouse/linkage/oprf/voprf'
import { tokenMaker } from '@gatehouse/linkage/token/fit-token'
import { deriveAudienceKey } from '@gatehouse/linkage/token/key'
import { finishTokens, obliviousKey, requestTokens } from '@gatehouse/linkage/token/oblivious'
import { commonSchemes } from '@gatehouse/linkage/token/scheme'
import { type Measured, perSecond } from './measure.ts'

const people = 60_000
const obliviousPeople = 200

export async function measureTokens(): Promise<Measured> {
  const key = deriveAudienceKey(nodePrimitives, randomBytes(32), {
    audience: 'bench',
    keyId: 'k1',
    notBefore: instantOf(0),
    notAfter: instantOf(Date.UTC(2100, 0)),
  })
  const scheme = commonSchemes.namesAndBirth()
  const records = Array.from({ length: people }, (_, index) => ({
    given_name: `Ana ${letters(index)}`,
    family_name: `O’Brien-${letters(index * 7)}`,
    date_of_birth: `19${10 + (index % 80)}-0${1 + (index % 9)}-1${index % 10}`,
  }))
  const make = tokenMaker(nodePrimitives, key, [scheme])
  const whole = await perSecond(people, () => {
    for (const record of records) make(record)
  })
  const message = utf8('a message of about the length that the fields of one person take up')
  const bare = await perSecond(people, () => {
    for (let index = 0; index < people; index++) createHmac('sha256', key.key).update(message).digest()
  })

  const group = await sodiumGroup()
  const holder = obliviousKey(group, key)
  const values = records.slice(0, obliviousPeople).map((record) => Object.values(record))
  const oblivious = await perSecond(obliviousPeople, () => {
    const request = requestTokens(group, holder, scheme, values, randomBytes)
    finishTokens(group, nodePrimitives, holder, scheme, request, blindEvaluate(group, holder, request.blindedElements, randomBytes))
  })
  return {
    rows: [
      { figure: 'tokens with canonical forms', 'per second and core': whole },
      { figure: 'bare HMAC-SHA256 (reference)', 'per second and core': bare },
      { figure: 'oblivious tokens, both sides and proof', 'per second and core': oblivious },
    ],
    checks: [
      { name: 'FITtokens with canonical forms', value: whole, unit: '/s', bound: { min: 80_000 } },
      { name: 'bare HMAC', value: bare, unit: '/s', bound: { min: 150_000 } },
    ],
  }
}

function letters(index: number): string {
  return index.toString(26).replace(/\d/g, (digit) => 'qrstuvwxyz'[Number(digit)] ?? '')
}
