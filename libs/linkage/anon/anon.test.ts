import { randomBytes } from 'node:crypto'
import type { Element, Group, Scalar } from '@gatehouse/crypto/group/group'
import { nobleGroup } from '@gatehouse/crypto/group/noble'
import { sodiumGroup } from '@gatehouse/crypto/group/sodium'
import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import type { FitToken } from '../token/fit-token.ts'
import { type Authority, type JointKey, jointKey, newAuthority, publicHalf } from './authority.ts'
import { decodeSealed, encodeSealed, isSealed, type Sealed, seal } from './ciphertext.ts'
import { AnonError } from './error.ts'
import { proveSameIdentity, verifySameIdentity } from './same-identity.ts'
import { admitRows, erasePart, firstStep, groupsOf, lastStep, newPart, type Part, type Session, verifyFirstStep, verifyLastStep } from './session.ts'

const token = (person: number | string) => `fit1.heart-study.nhs-1.k1.${String(person).padStart(43, 'A')}` as FitToken
const context = (record: string, site = 'north', project = 'heart-study') => ({ project, site, record })

let group: Group
let first: Authority
let second: Authority
let key: JointKey
beforeAll(async () => {
  group = await sodiumGroup()
  first = newAuthority(group, 'registry', '2026', randomBytes)
  second = newAuthority(group, 'university', '2026', randomBytes)
  key = jointKey(
    group,
    [first, second].map((authority) => publicHalf(group, authority, randomBytes)),
  )
})

const fault = (act: () => unknown) => {
  try {
    act()
  } catch (error) {
    if (error instanceof AnonError) return { code: error.code, ...(error.row === undefined ? {} : { row: error.row }) }
    throw error
  }
  return 'nothing was thrown'
}
const sealed = (person: number | string, record: string, site?: string, project?: string) =>
  seal(group, key, context(record, site, project), token(person), randomBytes).sealed
const flipped = (bytes: Uint8Array, bit: number) => {
  const other = Uint8Array.from(bytes)
  other[bit >> 3] = (other[bit >> 3] ?? 0) ^ (1 << (bit & 7))
  return other
}

describe('a joint key', () => {
  it('is not made with a half whose share nobody knows, such as one that cancels another out', () => {
    const honest = publicHalf(group, first, randomBytes)
    const mine = newAuthority(group, 'rogue', '1', randomBytes)
    const cancelling = { ...publicHalf(group, mine, randomBytes), publicShare: group.subtract(mine.publicShare, first.publicShare) }
    expect(fault(() => jointKey(group, [honest, cancelling]))).toEqual({ code: 'possession_not_proven' })
  })

  it('is not made of one authority, of one twice, or of a half that was given another name', () => {
    const honest = publicHalf(group, first, randomBytes)
    expect(fault(() => jointKey(group, [honest]))).toEqual({ code: 'possession_not_proven' })
    expect(fault(() => jointKey(group, [honest, honest]))).toEqual({ code: 'possession_not_proven' })
    expect(fault(() => jointKey(group, [honest, { ...honest, name: 'another' }]))).toEqual({ code: 'possession_not_proven' })
  })
})

describe('a sealed identity', () => {
  it('is refused with any bit of it flipped', () => {
    const bytes = encodeSealed(sealed(1, 'r1'))
    for (let bit = 0; bit < bytes.length * 8; bit += 5) {
      const accepted = (() => {
        try {
          return isSealed(group, key, decodeSealed(group, flipped(bytes, bit), context('r1')))
        } catch (error) {
          expect(error).toMatchObject({ code: 'malformed' })
          return false
        }
      })()
      expect(accepted, `bit ${bit}`).toBe(false)
    }
  })

  it('is refused for another record, site or project, and under another key', () => {
    const one = sealed(1, 'r1')
    expect(isSealed(group, key, one)).toBe(true)
    for (const other of [context('r2'), context('r1', 'south'), context('r1', 'north', 'other')])
      expect(isSealed(group, key, { ...one, context: other })).toBe(false)
    const otherKey = jointKey(
      group,
      [newAuthority(group, 'registry', '2026', randomBytes), second].map((authority) => publicHalf(group, authority, randomBytes)),
    )
    expect(isSealed(group, otherKey, one)).toBe(false)
  })

  it('cannot be made out of another: shifted and re-randomised ones bear no proof', () => {
    const one = sealed(1, 'r1')
    const r = group.randomScalar(randomBytes)
    const again = { ...one, c1: group.add(one.c1, group.multiplyBase(r)), c2: group.add(one.c2, group.multiply(key.publicKey, r)) }
    expect(isSealed(group, key, again)).toBe(false)
    expect(isSealed(group, key, { ...one, c2: group.add(one.c2, group.multiplyBase(r)) })).toBe(false)
  })

  it('is fresh each time: of ten thousand of one person no two have a half in common', () => {
    const halves = new Set<string>()
    for (let count = 0; count < 10_000; count++) {
      const { c1, c2 } = sealed(1, 'r1')
      halves.add(c1.join()).add(c2.join())
    }
    expect(halves.size).toBe(20_000)
  })

  it('comes out of its bytes as it went in', () => {
    const one = sealed(1, 'r1')
    expect(decodeSealed(group, encodeSealed(one), one.context)).toEqual(one)
    expect(isSealed(nobleGroup(), key, one)).toBe(true)
  })
})

describe('a proof of the same identity', () => {
  const open = (person: number, record: string) => seal(group, key, context(record), token(person), randomBytes)

  it('is not accepted for two people, whoever makes it, nor for other ciphertexts', () => {
    const [a, b, other] = [open(1, 'a'), open(1, 'b'), open(2, 'c')]
    const good = proveSameIdentity(group, key, a, b, randomBytes)
    expect(verifySameIdentity(group, key, a.sealed, other.sealed, proveSameIdentity(group, key, a, other, randomBytes))).toBe(false)
    expect(verifySameIdentity(group, key, a.sealed, other.sealed, good)).toBe(false)
    expect(verifySameIdentity(group, key, b.sealed, a.sealed, good)).toBe(false)
    for (let bit = 0; bit < 256; bit += 11) {
      expect(verifySameIdentity(group, key, a.sealed, b.sealed, { ...good, response: flipped(good.response, bit) as Scalar })).toBe(false)
      expect(verifySameIdentity(group, key, a.sealed, b.sealed, { ...good, challenge: flipped(good.challenge, bit) as Scalar })).toBe(false)
    }
  })

  it('is accepted for one person, and refused for one and the same ciphertext', () => {
    const [a, b] = [open(1, 'a'), open(1, 'b')]
    expect(verifySameIdentity(group, key, a.sealed, b.sealed, proveSameIdentity(group, key, a, b, randomBytes))).toBe(true)
    expect(fault(() => proveSameIdentity(group, key, a, a, randomBytes))).toEqual({ code: 'same_ciphertext' })
  })
})

describe('a session', () => {
  const session = (rowsOf: Record<string, number>, id = 's1'): Session => ({ id, project: 'heart-study', key, rowsOf })

  it('takes no row that is unannounced, too many, of another project, sent before, or not proven', () => {
    const one = sealed(1, 'r1')
    const announced = session({ north: 2 })
    const rows = (...more: Sealed[]) => fault(() => admitRows(group, announced, [one, ...more]))
    expect(rows(sealed(2, 'r2', 'west'))).toEqual({ code: 'not_registered', row: 1 })
    expect(rows(sealed(2, 'r2', 'toString'))).toEqual({ code: 'not_registered', row: 1 })
    expect(rows(sealed(2, 'r2'), sealed(3, 'r3'))).toEqual({ code: 'too_many_rows', row: 2 })
    expect(rows(sealed(2, 'r2', 'north', 'other'))).toEqual({ code: 'wrong_context', row: 1 })
    expect(rows(sealed(2, 'r1'))).toEqual({ code: 'replayed', row: 1 })
    expect(rows({ ...one, context: context('r9') })).toEqual({ code: 'replayed', row: 1 })
    expect(rows({ ...sealed(2, 'r2'), context: context('r3') })).toEqual({ code: 'proof_refused', row: 1 })
    expect(rows(sealed(2, 'r2'))).toBe('nothing was thrown')
  })

  function run(people: readonly number[], id = 's1') {
    const rows = people.map((person, index) => sealed(person, `r${index}`, index % 2 === 0 ? 'north' : 'south'))
    const on = session({ north: people.length, south: people.length }, id)
    admitRows(group, on, rows)
    const [a, b] = [newPart(group, first, randomBytes), newPart(group, second, randomBytes)]
    const step = firstStep(group, on, first, a, rows, randomBytes)
    const last = lastStep(group, on, second, b, { input: rows, step, publicShare: first.publicShare, part: a }, randomBytes)
    return { on, rows, a, b, step, last }
  }

  it('gives equal handles exactly to equal people', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 1, maxLength: 12 }), (people) => {
        const { on, rows, a, b, step, last } = run(people)
        expect([...groupsOf(last.handles)]).toEqual(people.map((person) => people.indexOf(person)))
        expect(verifyFirstStep(group, on, first.publicShare, a, rows, step)).toBe(true)
        expect(verifyLastStep(group, on, second.publicShare, b, step.rows, last)).toBe(true)
      }),
      { numRuns: 8 },
    )
  })

  it('gives handles that tell nothing in another session', () => {
    const [one, other] = [run([1, 2, 3]), run([1, 2, 3], 's2')]
    const all = [...one.last.handles, ...other.last.handles].map((handle) => handle.join())
    expect(new Set(all).size).toBe(6)
  })

  it('refuses a step that was not the same for all rows, took another share, or belongs to another session', () => {
    const { on, rows, a, b, step, last } = run([1, 2, 2])
    const elsewhere = session(on.rowsOf, 's2')
    const exchanged = [step.rows[1], step.rows[0], step.rows[2]] as typeof step.rows
    const other = group.randomScalar(randomBytes)
    const altered = step.rows.map((row, index) => (index === 1 ? { ...row, c2: group.multiply(row.c2, other) } : row))
    const refused = (given: typeof step, share: Element = first.publicShare, part: Omit<Part, 'secret'> = a, where = on) =>
      verifyFirstStep(group, where, share, part, rows, given) === false
    expect(refused({ ...step, rows: exchanged })).toBe(true)
    expect(refused({ ...step, rows: altered })).toBe(true)
    expect(refused({ ...step, rows: step.rows.slice(1) })).toBe(true)
    expect(refused(step, second.publicShare)).toBe(true)
    expect(refused(step, first.publicShare, b)).toBe(true)
    expect(refused(step, first.publicShare, a, elsewhere)).toBe(true)
    const handles = [last.handles[1], last.handles[0], last.handles[2]] as Element[]
    expect(verifyLastStep(group, on, second.publicShare, b, step.rows, { ...last, handles })).toBe(false)
    expect(verifyLastStep(group, elsewhere, second.publicShare, b, step.rows, last)).toBe(false)
    const before = { input: rows, step: { ...step, rows: altered }, publicShare: first.publicShare, part: a }
    expect(fault(() => lastStep(group, on, second, b, before, randomBytes))).toEqual({ code: 'step_refused' })
  })

  it('cannot be gone on with once its numbers are erased', () => {
    const { on, rows, a } = run([1, 2])
    erasePart(a)
    expect(fault(() => firstStep(group, on, first, a, rows, randomBytes))).toEqual({ code: 'erased' })
  })

  it('comes out alike on both backends', () => {
    const noble = nobleGroup()
    const { on, rows, a, b, step, last } = run([1, 2, 1])
    expect(verifyFirstStep(noble, on, first.publicShare, a, rows, step)).toBe(true)
    expect(verifyLastStep(noble, on, second.publicShare, b, step.rows, last)).toBe(true)
  })

  it('says nothing of identities, tokens or secrets in what it refuses', () => {
    const planted = 'PLANTED-IDENTITY'
    const row = { ...sealed(planted, 'r1'), context: context('r2') }
    const message = (() => {
      try {
        admitRows(group, session({ north: 1 }), [row])
        return ''
      } catch (error) {
        return `${(error as Error).message} ${JSON.stringify(error)}`
      }
    })()
    expect(message).toContain('row 0')
    expect(message).not.toContain(planted)
  })
})
