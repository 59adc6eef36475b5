import { describe, expect, it } from 'vitest'
import { formatIn } from './format.ts'

describe('formats', () => {
  const en = formatIn('en')
  const now = Date.parse('2026-11-22T12:00:00.000Z')

  it.each([
    ['2026-11-22T12:00:00.000Z', 'now'],
    ['2026-11-22T11:59:01.000Z', '59 seconds ago'],
    ['2026-11-22T11:58:01.000Z', '1 minute ago'],
    ['2026-11-22T10:00:01.000Z', '1 hour ago'],
    ['2026-11-20T12:00:00.000Z', '2 days ago'],
    ['2026-11-23T12:00:00.000Z', 'tomorrow'],
    ['2024-11-21T12:00:00.000Z', '2 years ago'],
  ])('says of %s at noon: %s', (at, words) => {
    expect(en.relative(at, now)).toBe(words)
  })

  it.each([
    [0, '0 bytes'],
    [999, '999 bytes'],
    [1_500, '1.5 kB'],
    [12_000_000, '12 MB'],
    [9e15, '9,000 TB'],
  ])('says of %d bytes: %s', (bytes, words) => {
    expect(en.bytes(bytes)).toBe(words)
  })

  it.each([
    [12, '12ms'],
    [3_400, '3.4s'],
    [300_000, '5m'],
    [7_200_000, '2h'],
  ])('says of %d milliseconds: %s', (ms, words) => {
    expect(en.duration(ms)).toBe(words)
  })

  it('uses the marks of the language', () => {
    expect(formatIn('es').number(12_345.5)).toBe('12.345,5')
    expect(en.percent(0.125)).toBe('12.5%')
  })

  it('says days and months in words', () => {
    expect(en.longDay('2026-05-03T12:00:00.000Z')).toBe('May 3, 2026')
    expect(formatIn('es').longDay('2026-05-03T12:00:00.000Z')).toBe('3 de mayo de 2026')
    expect(en.month('2026-05')).toBe('May 2026')
    expect(formatIn('es').month('2026-05-03T12:00:00.000Z')).toBe('mayo de 2026')
  })

  it('names the zone of an exact time', () => {
    expect(en.exact('2026-11-22T12:00:00.000Z')).toMatch(/2026.*(UTC|GMT|[A-Z]{2,5}T?)/)
  })
})
