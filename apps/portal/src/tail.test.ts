import { describe, expect, it } from 'vitest'
import { isOfType, withNews } from './tail.ts'

const entry = (type: string) => ({ body: { type } })

describe('isOfType', () => {
  it.each([
    ['release.authorize', ['release.redeem'], false],
    ['release.authorize', [], false],
    ['releases.list', ['release.*'], false],
    ['release.authorize', ['policies.publish', 'release.*'], true],
    ['release.authorize', ['release.authorize'], true],
    ['anything', ['*'], true],
  ])('%s among %j: %s', (type, types, fits) => {
    expect(isOfType(entry(type), types)).toBe(fits)
  })
})

describe('withNews', () => {
  it('never keeps more than it may, and counts all', () => {
    const first = withNews({ entries: [], seen: 0 }, [1, 2], 3)
    expect(first).toEqual({ entries: [2, 1], seen: 2 })
    expect(withNews(first, [3, 4], 3)).toEqual({ entries: [4, 3, 2], seen: 4 })
    expect(withNews(first, [3, 4, 5, 6, 7], 3)).toEqual({ entries: [7, 6, 5], seen: 7 })
  })
})
