import { randomBytes } from 'node:crypto'
import { concat, fromHex, toHex, u32, utf8 } from '@gatehouse/crypto/bytes'
import type { Element, Group } from '@gatehouse/crypto/group/group'
import { nobleGroup } from '@gatehouse/crypto/group/noble'
import { sodiumGroup } from '@gatehouse/crypto/group/sodium'
import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { agreementHash, type PsiAgreement } from './agreement.ts'
import { PsiError } from './error.ts'
import { answer, ask } from './intersect.ts'
import { compareBytes, readRequest, writeRequest } from './message.ts'

let group: Group
beforeAll(async () => {
  group = await sodiumGroup()
})

const agreement: PsiAgreement = { mode: 'intersection', session: 'study 7, run 1', askedMax: 100, heldMax: 200 }
const counting: PsiAgreement = { ...agreement, mode: 'cardinality' }
const items = (...texts: string[]) => texts.map(utf8)
const mine = items('ada', 'bob', 'cyd', 'bob', 'dan')
const theirs = items('eve', 'bob', 'dan', 'fay', 'eve')
const headLength = 4 + 1 + 32
/** The elements of a list that begins at `at`. */
function listAt(message: Uint8Array, at: number): string[] {
  const count = new DataView(message.buffer, message.byteOffset).getUint32(at)
  return Array.from({ length: count }, (_, index) => toHex(message.subarray(at + 4 + 32 * index, at + 36 + 32 * index)))
}
const changed = (message: Uint8Array, at: number, bytes: Uint8Array) => {
  const copy = Uint8Array.from(message)
  copy.set(bytes, at)
  return copy
}
const identity = new Uint8Array(32)
/** RFC 9496 appendix A.3: a number that is negative, and one not below the field's prime. */
const notCanonical = ['0100000000000000000000000000000000000000000000000000000000000000', 'f3ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f']

function refusal(run: () => unknown): PsiError {
  try {
    run()
  } catch (error) {
    if (error instanceof PsiError) return error
    throw error
  }
  throw new Error('nothing was refused')
}

describe('an agreement', () => {
  it.each<[string, Partial<PsiAgreement>]>([
    ['of another mode', { mode: 'union' as 'intersection' }],
    ['without a session', { session: '' }],
    ['with a session as long as a file', { session: 'x'.repeat(1_001) }],
    ['that lets nobody ask', { askedMax: 0 }],
    ['without an end', { heldMax: Number.POSITIVE_INFINITY }],
  ])('%s is refused', (_, wrong) => {
    expect(refusal(() => ask(group, { ...agreement, ...wrong }, mine, randomBytes)).code).toBe('bad_agreement')
  })
})

describe('a request', () => {
  const answered = (request: Uint8Array, by = agreement) => refusal(() => answer(group, by, theirs, request, randomBytes))

  it('is refused when it is cut, has more behind it, or is something else', () => {
    const { request } = ask(group, agreement, mine, randomBytes)
    for (const wrong of [new Uint8Array(), request.subarray(0, 20), request.subarray(0, headLength + 2), request.subarray(0, -1), concat(request, identity)]) {
      expect(answered(wrong).code).toBe('malformed')
    }
    expect(answered(changed(request, 0, utf8('psi2'))).code).toBe('malformed')
    expect(answered(answer(group, agreement, theirs, request, randomBytes)).code).toBe('wrong_kind')
  })

  it('is refused under another session, mode or limit', () => {
    const { request } = ask(group, agreement, mine, randomBytes)
    for (const other of [{ session: 'study 7, run 2' }, { mode: 'cardinality' as const }, { askedMax: 101 }, { heldMax: 1_000 }]) {
      expect(answered(request, { ...agreement, ...other }).code).toBe('other_agreement')
    }
  })

  it('is refused with more elements than were agreed, before they are read', () => {
    const head = concat(utf8('psi1'), Uint8Array.of(1), agreementHash(group, agreement))
    expect(answered(concat(head, u32(101))).code).toBe('too_many_items')
    expect(refusal(() => ask(group, { ...agreement, askedMax: 3 }, mine, randomBytes)).code).toBe('too_many_items')
    const { request } = ask(group, { ...agreement, heldMax: 2 }, mine, randomBytes)
    expect(answered(request, { ...agreement, heldMax: 2 }).code).toBe('too_many_items')
  })

  it('is refused with the identity or an encoding that is not canonical, and says which element', () => {
    const { request } = ask(group, agreement, mine, randomBytes)
    for (const wrong of [identity, ...notCanonical.map((hex) => fromHex(hex) as Uint8Array)]) {
      const error = answered(changed(request, headLength + 4 + 32, wrong))
      expect(error).toMatchObject({ code: 'bad_element', element: 1 })
    }
  })

  it('is refused when its order could say something, or an element stands twice', () => {
    const { request } = ask(group, agreement, mine, randomBytes)
    const first = request.slice(headLength + 4, headLength + 36)
    const second = request.slice(headLength + 36, headLength + 68)
    expect(answered(changed(request, headLength + 4, concat(second, first))).code).toBe('not_sorted')
    expect(answered(changed(request, headLength + 4, concat(first, first))).code).toBe('not_sorted')
  })

  it('holds more elements than a call takes arguments', () => {
    const [element] = readRequest(group, agreement, ask(group, agreement, mine, randomBytes).request)
    const many = writeRequest(
      group,
      agreement,
      Array.from({ length: 200_000 }, () => element as Element),
    )
    expect(many).toHaveLength(headLength + 4 + 200_000 * 32)
  })

  it('is another each time, and has one element for each distinct item', () => {
    const [one, two] = [ask(group, agreement, mine, randomBytes).request, ask(group, agreement, mine, randomBytes).request]
    expect(readRequest(group, agreement, one)).toHaveLength(4)
    expect(listAt(one, headLength).filter((element) => listAt(two, headLength).includes(element))).toEqual([])
  })
})

describe('a reply', () => {
  const asking = (by: PsiAgreement) => {
    const run = ask(group, by, mine, randomBytes)
    return { run, reply: answer(group, by, theirs, run.request, randomBytes) }
  }

  it('is refused when it answers fewer, holds too many, repeats an element or is not of the group', () => {
    const { run, reply } = asking(agreement)
    const head = reply.subarray(0, headLength)
    const [raised, held] = [reply.subarray(headLength, headLength + 4 + 4 * 32), reply.subarray(headLength + 4 + 4 * 32)]
    const fewer = concat(head, u32(3), raised.subarray(4, 4 + 96), held)
    expect(refusal(() => run.finish(fewer)).code).toBe('wrong_count')
    expect(refusal(() => run.finish(concat(head, raised, u32(201)))).code).toBe('too_many_items')
    const twice = concat(head, u32(4), raised.subarray(4, 36), raised.subarray(4, 36), raised.subarray(68), held)
    expect(refusal(() => run.finish(twice)).code).toBe('not_sorted')
    expect(refusal(() => run.finish(changed(reply, headLength + 4, identity)))).toMatchObject({ code: 'bad_element', element: 0 })
    expect(refusal(() => run.finish(run.request)).code).toBe('wrong_kind')
    expect(refusal(() => run.finish(reply.subarray(0, -1))).code).toBe('malformed')
    // What was refused has not used the run up.
    expect(run.finish(reply).count).toBe(2)
  })

  it('of cardinality is refused when it is not sorted: its order could tell positions', () => {
    const { run, reply } = asking(counting)
    const swapped = changed(reply, headLength + 4, concat(reply.slice(headLength + 36, headLength + 68), reply.slice(headLength + 4, headLength + 36)))
    expect(refusal(() => run.finish(swapped)).code).toBe('not_sorted')
  })

  it('is taken once', () => {
    const { run, reply } = asking(agreement)
    run.finish(reply)
    expect(refusal(() => run.finish(reply)).code).toBe('finished')
  })
})

describe('set intersection', () => {
  const run = (by: PsiAgreement, asked: readonly Uint8Array[], held: readonly Uint8Array[], on = group) => {
    const asking = ask(on, by, asked, randomBytes)
    return asking.finish(answer(on, by, held, asking.request, randomBytes))
  }

  it('tells the asker which places hold an item of both, and how many the other holds', () => {
    expect(run(agreement, mine, theirs)).toEqual({ mode: 'intersection', count: 2, indices: [1, 3, 4], heldCount: 4 })
  })

  it('of cardinality tells how many and nothing more', () => {
    expect(run(counting, mine, theirs)).toEqual({ mode: 'cardinality', count: 2, heldCount: 4 })
  })

  it('takes empty sets', () => {
    expect(run(agreement, [], theirs)).toMatchObject({ count: 0, indices: [], heldCount: 4 })
    expect(run(counting, mine, [])).toEqual({ mode: 'cardinality', count: 0, heldCount: 0 })
  })

  it('is the same with one party on each backend', () => {
    const asking = ask(group, agreement, mine, randomBytes)
    expect(asking.finish(answer(nobleGroup(), agreement, theirs, asking.request, randomBytes))).toMatchObject({ indices: [1, 3, 4] })
  })

  it('is exact on random sets in both modes', () => {
    const set = fc.array(
      fc.nat({ max: 25 }).map((number) => utf8(`person ${number}`)),
      { maxLength: 20 },
    )
    fc.assert(
      fc.property(set, set, (asked, held) => {
        const heldNames = new Set(held.map(toHex))
        const expected = asked.flatMap((item, place) => (heldNames.has(toHex(item)) ? [place] : []))
        const count = new Set(expected.map((place) => toHex(asked[place] as Uint8Array))).size
        expect(run(agreement, asked, held)).toEqual({ mode: 'intersection', count, indices: expected, heldCount: heldNames.size })
        expect(run(counting, asked, held)).toEqual({ mode: 'cardinality', count, heldCount: heldNames.size })
      }),
      { numRuns: 40 },
    )
  })

  it('of cardinality puts the answers into an order that has nothing to do with the request’s', () => {
    // The asker sends three elements and the answerer holds the item of one. Were the order kept, its place in the reply would not move.
    const places = [0, 0, 0]
    const asked = items('ada', 'bob', 'cyd')
    for (let round = 0; round < 150; round++) {
      const asking = ask(group, counting, asked, randomBytes)
      const bytes = Uint8Array.from(randomBytes(32))
      const fixed = () => Uint8Array.from(bytes, (byte, index) => (index === 31 ? byte & 0x0f : byte))
      const reply = answer(group, counting, items('bob'), asking.request, fixed)
      const raised = listAt(reply, headLength)
      // The same secret over a request of one element tells which answer belongs to the first element asked.
      const first = concat(asking.request.subarray(0, headLength), u32(1), asking.request.subarray(headLength + 4, headLength + 36))
      const [itsAnswer = ''] = listAt(answer(group, counting, items('bob'), first, fixed), headLength)
      const place = raised.indexOf(itsAnswer)
      places[place] = (places[place] as number) + 1
    }
    // A third each; 25 is more than four standard deviations below 50.
    for (const count of places) expect(count).toBeGreaterThan(25)
  })

  it('shares no element between two sessions, even under one secret', () => {
    const fixed = () => new Uint8Array(32).fill(5)
    const one = ask(group, agreement, mine, fixed).request
    const two = ask(group, { ...agreement, session: 'study 7, run 2' }, mine, fixed).request
    expect(listAt(one, headLength).filter((element) => listAt(two, headLength).includes(element))).toEqual([])
  })

  it('sends nothing in clear, and says nothing of items or secrets in a refusal', () => {
    const planted = 'Plantedname 9434765919'
    const secret = new Uint8Array(32).fill(6)
    const asking = ask(group, agreement, items(planted), () => secret)
    const reply = answer(group, agreement, items(planted), asking.request, () => secret)
    const shown = [planted, toHex(utf8(planted)), toHex(secret)]
    const messages = [
      refusal(() => ask(group, { ...agreement, askedMax: 1 }, items(planted, 'x'), randomBytes)),
      refusal(() => ask(group, agreement, [utf8(planted.repeat(200))], randomBytes)),
      refusal(() => answer(group, agreement, items(planted), changed(asking.request, headLength + 4, identity), randomBytes)),
      refusal(() => asking.finish(asking.request)),
    ].map((error) => JSON.stringify([error.message, error]))
    for (const text of [...messages, toHex(asking.request), toHex(reply)]) for (const value of shown) expect(text).not.toContain(value)
  })
})

it('bytes are compared from the front', () => {
  expect(compareBytes(Uint8Array.of(1, 2), Uint8Array.of(1, 3))).toBeLessThan(0)
  expect(compareBytes(Uint8Array.of(2, 0), Uint8Array.of(1, 9))).toBeGreaterThan(0)
  expect(compareBytes(Uint8Array.of(1, 2), Uint8Array.of(1, 2))).toBe(0)
})
