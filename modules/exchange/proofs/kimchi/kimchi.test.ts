/** Needs o1js, an optional install: name its folder in GATEHOUSE_O1JS. A proof takes a quarter of a minute of computing. */
import { randomBytes } from 'node:crypto'
import {
  endless,
  fieldOrder,
  kimchiId,
  type LargeSet,
  type LeafOpening,
  leafGroup,
  numberBytes,
  numberOf,
} from '@gatehouse/credentials/zero-knowledge/large-set'
import { compareBytes } from '@gatehouse/credentials/zero-knowledge/statement'
import { proofSystemContract } from '@gatehouse/credentials/zero-knowledge/testing/proof-system-contract'
import { nodePrimitives } from '@gatehouse/crypto/node'
import { describe, expect, it } from 'vitest'
import { verificationKey } from './key.ts'
import { loadO1js, O1jsMissing } from './o1js.ts'
import { startKimchi } from './process.ts'
import { kimchiSystem } from './system.ts'

const { sha256 } = nodePrimitives
const folder = process.env.GATEHOUSE_O1JS
const group = { grantee: 'harbour-bank', scope: 'dpv:CreditChecking employee', expiry: 'any' }
const minutes = 60_000
const openingAt = (member: number): LeafOpening => ({ secret: BigInt(member) + 10n ** 60n, until: member % 2 === 0 ? endless : BigInt(Date.UTC(2030, 0, 1)) })

describe('without o1js', () => {
  it('it is said how it is added', async () => {
    await expect(loadO1js('/nowhere')).rejects.toThrow(O1jsMissing)
    await expect(loadO1js('/nowhere')).rejects.toThrow(/npm install --save-exact o1js@2\.15\.0.*GATEHOUSE_O1JS/)
  })

  it('the process says the same, and ends when it is told to', async () => {
    const worker = startKimchi({ folder: '/nowhere', sha256 })
    await expect(worker.ask('compile', {})).rejects.toMatchObject({ reason: 'missing', message: expect.stringContaining('GATEHOUSE_O1JS') })
    await worker.end('cancelled')
    await expect(worker.ask('compile', {})).rejects.toMatchObject({ reason: 'cancelled' })
  })

  it('a process that needs more than it may is ended, and so is one that takes too long', async () => {
    const large = startKimchi({ folder: '/nowhere', sha256, memoryMb: 1 })
    await expect(Promise.race([large.ask('compile', {}).catch((fault) => fault.reason), large.ask('usage', {}).then(() => 'answered')])).resolves.toBeDefined()
    await new Promise((resolve) => setTimeout(resolve, 700))
    await expect(large.ask('usage', {})).rejects.toMatchObject({ reason: 'memory' })
    const slow = startKimchi({ folder: '/nowhere', sha256, taskMs: 1 })
    await expect(slow.ask('usage', {})).rejects.toMatchObject({ reason: 'too_slow' })
  })
})

describe.skipIf(folder === undefined)('with o1js (skipped unless GATEHOUSE_O1JS names its folder)', () => {
  proofSystemContract(
    kimchiId,
    async () => {
      const worker = startKimchi({ folder, sha256 })
      const groupText = String(leafGroup(sha256, group))
      const openings = Array.from({ length: 41 }, (_, member) => openingAt(member))
      const { leaves } = await worker.ask('leaves', {
        openings: openings.map(({ secret, until }) => ({ secret: String(secret), until: String(until), group: groupText })),
      })
      const all = Array.from({ length: 41 }, (_, at) => Uint8Array.from(leaves.subarray(at * 32, at * 32 + 32)))
      const setOf = async (size: number): Promise<LargeSet> => {
        const sorted = all.slice(0, size).sort(compareBytes)
        const { root } = await worker.ask('root', { leaves: Buffer.concat(sorted) })
        return { group, size, root: numberBytes(BigInt(root)), leaves: sorted }
      }
      return {
        system: kimchiSystem(worker, sha256),
        opening: (member) => openings[member] as LeafOpening,
        setOf,
        outsider: openingAt(4711),
        close: () => worker.end('ended'),
      }
    },
    15 * minutes,
  )

  it('the committed key is the one that the circuit gives', { timeout: 10 * minutes }, async () => {
    const worker = startKimchi({ folder, sha256 })
    expect((await worker.ask('compile', {})).verificationKey).toBe(verificationKey)
    await worker.end('ended')
  })

  it('a circuit of other tags has another key, and its worker proves nothing', { timeout: 10 * minutes }, async () => {
    const worker = startKimchi({ folder, sha256: (data) => sha256(sha256(data)) })
    const { leaves } = await worker.ask('leaves', { openings: [{ secret: '5', until: String(endless), group: '7' }] })
    const { root } = await worker.ask('root', { leaves })
    const witness = { secret: '5', until: String(endless), leaves, place: 0 }
    await expect(worker.ask('prove', { publicInput: [root, '7', '1', '2', '3'], ...witness })).rejects.toMatchObject({ reason: 'failed' })
    await worker.end('ended')
  })

  it('an ended consent is refused, a second spelling of a nullifier too, and a root beyond the field', { timeout: 5 * minutes }, async () => {
    const worker = startKimchi({ folder, sha256 })
    const openings = Array.from({ length: 32 }, (_, member) => openingAt(member))
    const { leaves } = await worker.ask('leaves', {
      openings: openings.map(({ secret, until }) => ({ secret: String(secret), until: String(until), group: String(leafGroup(sha256, group)) })),
    })
    const sorted = Array.from({ length: 32 }, (_, at) => Uint8Array.from(leaves.subarray(at * 32, at * 32 + 32))).sort(compareBytes)
    const root = numberBytes(BigInt((await worker.ask('root', { leaves: Buffer.concat(sorted) })).root))
    const system = kimchiSystem(worker, sha256)
    const statement = {
      origin: 'gatehouse/one',
      checkpoint: { size: 1, root: sha256(root) },
      set: { group, size: 32, root, leaves: sorted },
      time: '2030-01-01T00:00:00.000Z' as never,
      requestHash: sha256(root),
      verifier: 'harbour-bank',
    }
    expect(await system.prove(statement, openingAt(1), randomBytes)).toEqual({ outcome: 'refused', reason: 'ended' })
    const second = new Uint8Array(2_000)
    second.set(numberBytes(numberOf(root) + fieldOrder), 0)
    expect(await system.verify(statement, second)).toEqual({ outcome: 'refused', reason: 'malformed' })
    const beyond = { ...statement, set: { ...statement.set, root: numberBytes(numberOf(root) + fieldOrder) } }
    expect(await system.verify(beyond, second)).toEqual({ outcome: 'refused', reason: 'set_not_canonical' })
    await worker.end('ended')
  })
})
