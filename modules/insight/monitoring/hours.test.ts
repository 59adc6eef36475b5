import { instantMs } from '@gatehouse/core/instant'
import { describe, expect, it } from 'vitest'
import { atWork, lastMorning } from './hours.ts'

const hours = { days: ['mon', 'tue', 'wed', 'thu', 'fri'] as ('mon' | 'tue' | 'wed' | 'thu' | 'fri')[], from: '08:00', until: '18:00' }
const ms = (text: string) => instantMs(text as never)

describe('working time', () => {
  it.each([
    ['UTC', '2026-11-23T07:59:59.999Z', false],
    ['UTC', '2026-11-23T08:00:00.000Z', true],
    ['UTC', '2026-11-23T17:59:59.999Z', true],
    ['UTC', '2026-11-23T18:00:00.000Z', false],
    ['UTC', '2026-11-22T10:00:00.000Z', false],
    ['Europe/Vienna', '2026-07-06T06:00:00.000Z', true],
    ['Europe/Vienna', '2026-11-23T06:59:00.000Z', false],
    ['Pacific/Auckland', '2026-11-22T19:30:00.000Z', true],
  ])('%s %s: %s', (timezone, at, working) => {
    expect(atWork(hours, timezone)(ms(at))).toBe(working)
  })
})

describe('the last morning', () => {
  it.each([
    ['UTC', '2026-11-23T08:00:00.000Z', '2026-11-23T08:00:00.000Z'],
    ['UTC', '2026-11-23T07:59:59.999Z', '2026-11-20T08:00:00.000Z'],
    ['UTC', '2026-11-22T12:00:00.000Z', '2026-11-20T08:00:00.000Z'],
    ['Europe/Vienna', '2026-03-30T12:00:00.000Z', '2026-03-30T06:00:00.000Z'],
    ['America/New_York', '2026-11-02T20:00:00.000Z', '2026-11-02T13:00:00.000Z'],
    ['Pacific/Auckland', '2026-11-22T20:00:00.000Z', '2026-11-22T19:00:00.000Z'],
  ])('%s, looked for at %s', (timezone, now, morning) => {
    expect(lastMorning(hours, timezone, ms(now))).toBe(morning)
  })
  it('of one day in the week is at most a week old', () => {
    expect(lastMorning({ ...hours, days: ['mon'] }, 'UTC', ms('2026-11-23T07:00:00.000Z'))).toBe('2026-11-16T08:00:00.000Z')
  })
})
