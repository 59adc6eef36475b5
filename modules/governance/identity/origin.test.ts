import { describe, expect, it } from 'vitest'
import { isOwnOrigin } from './origin.ts'

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
