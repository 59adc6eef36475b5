import { createHash, randomBytes } from 'node:crypto'
import { instantOf } from '@gatehouse/core/instant'
import type { Element, Group } from '@gatehouse/crypto/group/group'
import { nobleGroup } from '@gatehouse/crypto/group/noble'
import { sodiumGroup } from '@gatehouse/crypto/group/sodium'
import { beforeAll, describe, expect, it } from 'vitest'
import { commit, nullifierBase, type Opening, openingOf } from './commitment.ts'
import { oneOutOfMany, proofLength } from './one-out-of-many.ts'
import { type ConsentStatement, compareBytes, isFresh, membersMax, membersMin, requestContext } from './statement.ts'
import { proofSystemContract } from './testing/proof-system-contract.ts'

const consentGroup = { grantee: 'harbour-bank', scope: 'dpv:CreditChecking employee', expiry: '2027-11' }
const sha256 = (text: string) => new Uint8Array(createHash('sha256').update(text).digest())

let group: Group
let system: ReturnType<typeof oneOutOfMany>
const openings: Opening[] = []
const members: Element[] = []
beforeAll(async () => {
  group = await sodiumGroup()
  system = oneOutOfMany(group)
  for (let index = 0; index < 70; index++) {
    const opening = openingOf(group, randomBytes(32), `consent-${index}`, consentGroup)
    openings.push(opening)
    members.push(commit(group, opening))
  }
})

const setOf = (count: number) => ({ group: consentGroup, members: members.slice(0, count).sort(compareBytes) })
const statementOf = (count: number, changes: Partial<ConsentStatement> = {}): ConsentStatement => ({
  origin: 'gatehouse/0198c1de-7b3a-7c4d-8e5f-000000000001',
  checkpoint: { size: 4711, root: sha256('root') },
  set: setOf(count),
  time: instantOf(Date.parse('2026-11-22T10:00:00Z')),
  requestHash: sha256('request'),
  verifier: 'harbour-bank',
  ...changes,
})
const proofOf = (statement: ConsentStatement, member: number) => {
  const made = system.prove(statement, openings[member] as Opening, randomBytes)
  if (made.outcome !== 'made') throw new Error(made.reason)
  return made
}

proofSystemContract('one out of many', async () => {
  const backend = await sodiumGroup()
  const own = Array.from({ length: 41 }, (_, index) => openingOf(backend, randomBytes(32), `consent-${index}`, consentGroup))
  return {
    system: oneOutOfMany(backend),
    opening: (member) => own[member] as Opening,
    setOf: (size) => ({
      group: consentGroup,
      members: own
        .slice(0, size)
        .map((opening) => commit(backend, opening))
        .sort(compareBytes),
    }),
    outsider: openingOf(backend, randomBytes(32), 'elsewhere', consentGroup),
    close: async () => undefined,
  }
})

describe('a consent proof', () => {
  it('is refused on both sides for a set below thirty-two members, whoever made it', () => {
    const statement = statementOf(membersMin - 1)
    expect(system.prove(statement, openings[0] as Opening, randomBytes)).toEqual({ outcome: 'refused', reason: 'set_too_small' })
    expect(system.verify(statement, new Uint8Array(proofLength(31)))).toEqual({ outcome: 'refused', reason: 'set_too_small' })
  })

  it('counts no member twice, so a set cannot be filled up with one person', () => {
    const padded = { group: consentGroup, members: [...setOf(31).members, ...setOf(31).members].sort(compareBytes) }
    expect(system.verify(statementOf(32, { set: padded }), proofOf(statementOf(32), 3).proof)).toEqual({ outcome: 'refused', reason: 'set_not_canonical' })
    const unsorted = { group: consentGroup, members: setOf(32).members.toReversed() }
    expect(system.verify(statementOf(32, { set: unsorted }), proofOf(statementOf(32), 3).proof)).toMatchObject({ reason: 'set_not_canonical' })
    const tooMany = { group: consentGroup, members: Array.from({ length: membersMax + 1 }, () => members[0] as Element) }
    expect(system.verify(statementOf(32, { set: tooMany }), new Uint8Array(0))).toMatchObject({ reason: 'set_too_large' })
  })

  it('cannot be made by somebody outside the set', () => {
    const outsider = openingOf(group, randomBytes(32), 'elsewhere', consentGroup)
    expect(system.prove(statementOf(40), outsider, randomBytes)).toEqual({ outcome: 'refused', reason: 'not_a_member' })
    expect(system.prove(statementOf(40), { ...(openings[1] as Opening), secret: outsider.secret }, randomBytes)).toMatchObject({ reason: 'not_a_member' })
  })

  it.each([32, 33, 64, 65])('holds for any member of %i, and tells which by nothing but its nullifier', (count) => {
    const statement = statementOf(count)
    for (const member of [0, count - 1]) {
      const { proof, nullifier } = proofOf(statement, member)
      expect(proof).toHaveLength(proofLength(count))
      expect(system.verify(statement, proof)).toEqual({ outcome: 'proven', nullifier })
    }
  })

  it('is bound to every part of its statement', () => {
    const statement = statementOf(40)
    const { proof } = proofOf(statement, 7)
    const others: Partial<ConsentStatement>[] = [
      { origin: 'gatehouse/another' },
      { checkpoint: { size: 4712, root: statement.checkpoint.root } },
      { checkpoint: { size: 4711, root: sha256('another root') } },
      { time: instantOf(Date.parse('2026-11-22T10:00:00.001Z')) },
      { requestHash: sha256('another request') },
      { verifier: 'another-bank' },
      { set: { ...statement.set, group: { ...consentGroup, grantee: '*' } } },
      { set: { ...statement.set, group: { ...consentGroup, scope: 'everything' } } },
      { set: { ...statement.set, group: { ...consentGroup, expiry: '2027-12' } } },
      { set: { group: consentGroup, members: members.slice(1, 41).sort(compareBytes) } },
    ]
    for (const change of others)
      expect(system.verify({ ...statement, ...change }, proof), JSON.stringify(Object.keys(change))).toMatchObject({ outcome: 'refused' })
    expect(system.verify(statement, proof)).toMatchObject({ outcome: 'proven' })
  })

  it('gives one nullifier for one request, and unlike ones for different requests and members', () => {
    const [first, again] = [proofOf(statementOf(40), 7), proofOf(statementOf(41, { time: instantOf(Date.parse('2026-11-22T10:05:00Z')) }), 7)]
    expect(again.nullifier).toEqual(first.nullifier)
    expect(again.proof).not.toEqual(first.proof)
    expect(proofOf(statementOf(40), 8).nullifier).not.toEqual(first.nullifier)
    expect(proofOf(statementOf(40, { requestHash: sha256('next') }), 7).nullifier).not.toEqual(first.nullifier)
  })

  it('takes no nullifier but that of the hidden member', () => {
    const statement = statementOf(40)
    const { proof } = proofOf(statement, 7)
    const swapped = Uint8Array.from(proof)
    swapped.set(group.multiply(nullifierBase(group, requestContext(statement)), (openings[8] as Opening).secret), 0)
    expect(system.verify(statement, swapped)).toEqual({ outcome: 'refused', reason: 'not_proven' })
  })

  it('takes no nullifier of a secret that the prover chose beside its consent', () => {
    // A cheat that proves membership with its own commitment and takes the nullifier from a D of another secret.
    const statement = statementOf(40)
    const [honest, other] = [proofOf(statement, 7), proofOf(statement, 8)]
    const mixed = Uint8Array.from(honest.proof)
    mixed.set(other.proof.subarray(0, 64), 0)
    expect(system.verify(statement, mixed)).toMatchObject({ outcome: 'refused' })
  })

  it('refuses 300 mutated proofs: bits turned, parts swapped, cut short, made longer', () => {
    const statement = statementOf(32)
    const { proof } = proofOf(statement, 5)
    for (let round = 0; round < 300; round++) {
      expect(system.verify(statement, mutate(proof, round)), `mutation ${round}`).toMatchObject({ outcome: 'refused' })
    }
  })

  it('is the same proof to both backends', () => {
    const statement = statementOf(32)
    const { proof, nullifier } = proofOf(statement, 9)
    expect(oneOutOfMany(nobleGroup()).verify(statement, proof)).toEqual({ outcome: 'proven', nullifier })
  })

  it('at 256 members has less than 2 kB', () => {
    expect(proofLength(256)).toBe(1_440)
    expect(proofLength(1_024)).toBeLessThan(2_000)
  })
})

describe('freshness', () => {
  it('ends ten minutes after the set was published, and does not begin before', () => {
    const moment = (text: string) => instantOf(Date.parse(text))
    const published = moment('2026-11-22T10:00:00Z')
    expect(isFresh(published, moment('2026-11-22T09:59:59.999Z'))).toBe(false)
    expect(isFresh(published, published)).toBe(true)
    expect(isFresh(published, moment('2026-11-22T10:10:00Z'))).toBe(true)
    expect(isFresh(published, moment('2026-11-22T10:10:00.001Z'))).toBe(false)
  })
})

function mutate(proof: Uint8Array, round: number): Uint8Array {
  const changed = Uint8Array.from(proof)
  const [first, second] = [randomBytes(2).readUInt16BE() % (proof.length / 32), randomBytes(2).readUInt16BE() % (proof.length / 32)]
  const bit = randomBytes(2).readUInt16BE() % (proof.length * 8)
  if (round % 10 === 0) return proof.subarray(0, bit % proof.length)
  if (round % 10 === 1) return Uint8Array.from([...proof, 0])
  if (round % 10 === 2 && first !== second) {
    changed.copyWithin(first * 32, second * 32, second * 32 + 32)
    return changed
  }
  if (round % 10 === 3) {
    changed.fill(round % 20 === 3 ? 0 : 0xff, first * 32, first * 32 + 32)
    return changed
  }
  changed[bit >>> 3] = (changed[bit >>> 3] as number) ^ (1 << (bit & 7))
  return changed
}
