import { describe, expect, it } from 'vitest'
import { idBytes, idKinds, isUuid, lowestIdAt, newId, parseId } from './id.ts'

const source = (ms: number, bytes: number[]) => ({ nowMs: () => ms, randomBytes: () => Uint8Array.from(bytes) })

describe('ids refuse', () => {
  it.each([
    '',
    'x',
    '017f22e279b07cc398c4dc0c0c07398f',
    '{017f22e2-79b0-7cc3-98c4-dc0c0c07398f}',
    '017f22e2-79b0-7cc3-98c4-dc0c0c07398g',
    ' 017f22e2-79b0-7cc3-98c4-dc0c0c07398f',
  ])('%j', (text) => {
    expect(parseId(text)).toBeUndefined()
    expect(isUuid(text)).toBe(false)
  })
  it('times that do not fit 48 bits', () => {
    for (const ms of [-1, 2 ** 48, 0.5, Number.NaN]) expect(() => newId(source(ms, Array(10).fill(0)))).toThrow(RangeError)
  })
})

describe('ids', () => {
  it('are those of RFC 9562 appendix A.6', () => {
    expect(newId(source(0x017f22e279b0, [0x0c, 0xc3, 0x18, 0xc4, 0xdc, 0x0c, 0x0c, 0x07, 0x39, 0x8f]))).toBe('017f22e2-79b0-7cc3-98c4-dc0c0c07398f')
  })
  it('keep version and variant whatever the random bytes are', () => {
    expect(newId(source(2 ** 48 - 1, Array(10).fill(0xff)))).toBe('ffffffff-ffff-7fff-bfff-ffffffffffff')
    expect(newId(source(0, Array(10).fill(0)))).toBe('00000000-0000-7000-8000-000000000000')
  })
  it('sort by time as text', () => {
    const ids = [1, 2 ** 31, 2 ** 32, 2 ** 40, 2 ** 47].map((ms) => newId(source(ms, Array(10).fill(ms % 7))))
    expect([...ids].sort()).toEqual(ids)
  })
  it('are parted in time by the lowest of a moment', () => {
    for (const ms of [1, 2 ** 31, 2 ** 48 - 1]) {
      const bound = lowestIdAt(ms)
      expect(parseId(bound)).toBe(bound)
      expect(newId(source(ms, Array(10).fill(0))) >= bound).toBe(true)
      expect(newId(source(ms - 1, Array(10).fill(0xff))) < bound).toBe(true)
    }
    expect(lowestIdAt(-5)).toBe(lowestIdAt(0))
  })
  it('fold upper case and give their sixteen bytes', () => {
    const id = parseId('017F22E2-79B0-7CC3-98C4-DC0C0C07398F')!
    expect(id).toBe('017f22e2-79b0-7cc3-98c4-dc0c0c07398f')
    expect(Buffer.from(idBytes(id)).toString('hex')).toBe('017f22e279b07cc398c4dc0c0c07398f')
  })
  it('have kinds that stand in order, each once', () => {
    expect([...new Set(idKinds)].sort()).toEqual([...idKinds])
  })
})
