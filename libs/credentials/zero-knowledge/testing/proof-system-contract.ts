/** What every `ProofSystem` owes, whichever mathematics it is made of. */
import { createHash, randomBytes } from 'node:crypto'
import { type Instant, instantOf } from '@gatehouse/core/instant'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ProofSystem } from '../proof-system.ts'
import { type ConsentGroup, membersMin, type StatementAbout } from '../statement.ts'

export interface ProofWorld<Opening, Set extends { readonly group: ConsentGroup }> {
  readonly system: ProofSystem<Opening, StatementAbout<Set>>
  /** Of one member of every set that is large enough. */
  opening(member: number): Opening
  /** A set of the first members; the size is what it says and what it has. */
  setOf(size: number): Promise<Set> | Set
  /** Somebody who is in no set. */
  readonly outsider: Opening
  close(): Promise<void>
}

const sha256 = (text: string) => new Uint8Array(createHash('sha256').update(text).digest())

/** Few proofs and many checks: a proof may cost half a minute. */
export function proofSystemContract<Opening, Set extends { readonly group: ConsentGroup }>(
  name: string,
  open: () => Promise<ProofWorld<Opening, Set>>,
  patienceMs = 20_000,
): void {
  describe(`the port ProofSystem, kept by ${name}`, { timeout: patienceMs }, () => {
    let world: ProofWorld<Opening, Set>
    let statement: StatementAbout<Set>
    let proof: Uint8Array
    let nullifier: Uint8Array
    const made = async (about: StatementAbout<Set>, member: number) => {
      const attempt = await world.system.prove(about, world.opening(member), randomBytes)
      if (attempt.outcome !== 'made') throw new Error(attempt.reason)
      return attempt
    }
    const about = (set: Set, changes: Partial<StatementAbout<Set>> = {}): StatementAbout<Set> => ({
      origin: 'gatehouse/0198c1de-7b3a-7c4d-8e5f-000000000001',
      checkpoint: { size: 4711, root: sha256('root') },
      set,
      time: moment('2026-11-22T10:00:00Z'),
      requestHash: sha256('request'),
      verifier: 'harbour-bank',
      ...changes,
    })
    const moment = (text: string): Instant => instantOf(Date.parse(text))
    beforeAll(async () => {
      world = await open()
      statement = about(await world.setOf(40))
      ;({ proof, nullifier } = await made(statement, 7))
    }, patienceMs)
    afterAll(() => world.close())

    it('holds, tells the nullifier, and begins with it', async () => {
      expect(await world.system.verify(statement, proof)).toEqual({ outcome: 'proven', nullifier })
      expect(nullifier).toHaveLength(32)
      expect(proof.subarray(0, 32)).toEqual(nullifier)
    })

    it('is refused below thirty-two members, by who proves and by who verifies', async () => {
      const small = about(await world.setOf(membersMin - 1))
      expect(await world.system.prove(small, world.opening(7), randomBytes)).toEqual({ outcome: 'refused', reason: 'set_too_small' })
      expect(await world.system.verify(small, proof)).toEqual({ outcome: 'refused', reason: 'set_too_small' })
    })

    it('cannot be made by somebody outside the set', async () => {
      expect(await world.system.prove(statement, world.outsider, randomBytes)).toEqual({ outcome: 'refused', reason: 'not_a_member' })
    })

    it('is bound to every part of its statement', async () => {
      const { set } = statement
      const others: Partial<StatementAbout<Set>>[] = [
        { origin: 'gatehouse/another' },
        { checkpoint: { size: 4712, root: statement.checkpoint.root } },
        { checkpoint: { size: 4711, root: sha256('another root') } },
        { time: moment('2026-11-22T10:00:00.001Z') },
        { requestHash: sha256('another request') },
        { verifier: 'another-bank' },
        { set: { ...set, group: { ...set.group, grantee: '*' } } },
        { set: { ...set, group: { ...set.group, scope: 'everything' } } },
        { set: { ...set, group: { ...set.group, expiry: '2030-01' } } },
        { set: await world.setOf(41) },
      ]
      for (const change of others)
        expect(await world.system.verify({ ...statement, ...change }, proof), JSON.stringify(Object.keys(change))).toMatchObject({ outcome: 'refused' })
    })

    it('refuses what was changed, cut, made longer, or is of nothing', async () => {
      const changed = (place: number) => {
        const bytes = Uint8Array.from(proof)
        bytes[place] = (bytes[place] as number) ^ 1
        return bytes
      }
      const places = Array.from({ length: 8 }, (_, at) => 31 + Math.floor((at * (proof.length - 32)) / 7))
      const wrong = [
        ...places.map(changed),
        changed(0),
        proof.subarray(0, -1),
        proof.subarray(0, 40),
        Uint8Array.of(...proof, 0),
        new Uint8Array(0),
        new Uint8Array(proof.length),
      ]
      for (const [at, bytes] of wrong.entries()) expect(await world.system.verify(statement, bytes), `change ${at}`).toMatchObject({ outcome: 'refused' })
    })

    it('gives one nullifier for one request at any time, and takes no other member’s', async () => {
      const later = await made(about(statement.set, { time: moment('2026-11-22T10:05:00Z') }), 7)
      expect(later.nullifier).toEqual(nullifier)
      expect(later.proof).not.toEqual(proof)
      const other = await made(statement, 8)
      expect(other.nullifier).not.toEqual(nullifier)
      const swapped = Uint8Array.from(proof)
      swapped.set(other.nullifier, 0)
      expect(await world.system.verify(statement, swapped)).toMatchObject({ outcome: 'refused' })
    })
  })
}
