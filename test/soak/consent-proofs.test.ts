/** Ten thousand mutated consent proofs, each of which has to be refused. */
import { createHash, randomBytes } from 'node:crypto'
import { instantOf } from '@gatehouse/core/instant'
import { commit, type Opening, openingOf } from '@gatehouse/credentials/zero-knowledge/commitment'
import { oneOutOfMany } from '@gatehouse/credentials/zero-knowledge/one-out-of-many'
import { compareBytes } from '@gatehouse/credentials/zero-knowledge/statement'
import type { Element } from '@gatehouse/crypto/group/group'
import { sodiumGroup } from '@gatehouse/crypto/group/sodium'
import { expect, it } from 'vitest'

it('refuses 10,000 proofs with a turned bit, a swapped part or another length', { timeout: 1_800_000 }, async () => {
  const group = await sodiumGroup()
  const of = { grantee: 'harbour-bank', scope: 'dpv:DirectMarketing employee', expiry: '2027-11' }
  const openings = Array.from({ length: 32 }, (_, index) => openingOf(group, randomBytes(32), `consent-${index}`, of))
  const statement = {
    origin: 'gatehouse/soak',
    checkpoint: { size: 1, root: new Uint8Array(32) },
    set: { group: of, members: openings.map((opening) => commit(group, opening)).sort(compareBytes) as Element[] },
    time: instantOf(0),
    requestHash: new Uint8Array(createHash('sha256').update('soak').digest()),
    verifier: 'soak',
  }
  const system = oneOutOfMany(group)
  const made = system.prove(statement, openings[5] as Opening, randomBytes)
  if (made.outcome !== 'made') throw new Error(made.reason)
  const { proof } = made
  expect(system.verify(statement, proof).outcome).toBe('proven')
  for (let round = 0; round < 10_000; round++) {
    const changed = Uint8Array.from(proof)
    const bit = randomBytes(4).readUInt32BE() % (proof.length * 8)
    const part = bit % (proof.length / 32)
    if (round % 20 === 0) changed.copyWithin(part * 32, ((part + 1) % (proof.length / 32)) * 32, ((part + 1) % (proof.length / 32)) * 32 + 32)
    else changed[bit >>> 3] = (changed[bit >>> 3] as number) ^ (1 << (bit & 7))
    const given = round % 50 === 1 ? changed.subarray(0, bit % proof.length) : changed
    expect(system.verify(statement, given).outcome, `mutation ${round}`).toBe('refused')
  }
})
