import { describe, expect, it } from 'vitest'
import { isForeign, isOwnOrigin } from './origin.ts'

describe('isOwnOrigin', () => {
  it.each([
    undefined,
    'null',
    '',
    'http://evil.example',
    'http://127.0.0.1:5001',
    'https://127.0.0.1:5000',
    'http://localhost.evil.example:5000',
    'http://127.0.0.1:5000.evil.example',
  ])('refuses %s', (origin) => {
    expect(isOwnOrigin(origin, 'http://127.0.0.1:5000')).toBe(false)
  })

  it('does not take this machine for a node that has a name', () => {
    expect(isOwnOrigin('https://localhost', 'https://node.example.org')).toBe(false)
  })

  it.each(['http://127.0.0.1:5000', 'http://localhost:5000', 'http://[::1]:5000'])('takes %s for the node on this machine', (origin) => {
    expect(isOwnOrigin(origin, 'http://127.0.0.1:5000')).toBe(true)
  })
})

describe('isForeign', () => {
  const own = 'http://127.0.0.1:5000'

  it('is whatever another site begins, reads too: a link must not leave an entry in somebody’s name', () => {
    for (const safe of [true, false]) for (const site of ['cross-site', 'same-site']) expect(isForeign({ safe, site, origin: own }, own)).toBe(true)
  })

  it('is a change without an origin, or with another’s', () => {
    for (const origin of [undefined, 'null', 'https://evil.example'])
      expect(isForeign({ safe: false, ...(origin && { origin }), site: 'same-origin' }, own)).toBe(true)
    expect(isForeign({}, own)).toBe(true)
  })

  it('is not what the node’s own pages ask, nor an address typed in, nor a browser that says nothing', () => {
    for (const site of ['same-origin', 'none', undefined]) {
      expect(isForeign({ safe: true, ...(site && { site }) }, own)).toBe(false)
      expect(isForeign({ safe: false, origin: own, ...(site && { site }) }, own)).toBe(false)
    }
  })
})
