import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { walkChain } from './hash-chain.ts'

const genesis = '0'
const chain = (length: number) => Array.from({ length }, (_, at) => ({ previousHash: String(at), hash: String(at + 1) }))

describe('walkChain', () => {
  it('names the first fault, wherever a link is dropped, doubled, swapped or changed', () => {
    fc.assert(
      fc.property(fc.integer({ min: 3, max: 30 }), fc.nat(), (length, seed) => {
        const links = chain(length)
        const at = seed % (length - 1)
        const [link, next] = [links[at]!, links[at + 1]!]
        expect(walkChain(links.toSpliced(at, 1), genesis)).toMatchObject({ outcome: 'broken', at })
        expect(walkChain(links.toSpliced(at, 0, link), genesis)).toMatchObject({ outcome: 'broken', at: at + 1 })
        expect(walkChain(links.toSpliced(at, 2, next, link), genesis)).toMatchObject({ outcome: 'broken', at })
        expect(walkChain(links.with(at, { ...link, hash: 'x' }), genesis)).toEqual({ outcome: 'broken', at: at + 1, expected: 'x', found: link.hash })
      }),
    )
  })
  it('names a cut tail only against a known head', () => {
    expect(walkChain(chain(4), genesis)).toEqual({ outcome: 'whole', length: 4, head: '4' })
    expect(walkChain(chain(4), genesis, '5')).toEqual({ outcome: 'broken', at: 4, expected: '5', found: '4' })
  })
  it('walks on from a head walked to before, and takes an empty chain for whole', () => {
    expect(walkChain(chain(9).slice(4), '4', '9')).toEqual({ outcome: 'whole', length: 5, head: '9' })
    expect(walkChain([], genesis)).toEqual({ outcome: 'whole', length: 0, head: genesis })
  })
})
