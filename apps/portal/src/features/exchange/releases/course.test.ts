import { describe, expect, it } from 'vitest'
import type { Entry } from '../../../api.ts'
import { courseOf, groundOf } from './course.ts'

const entry = (type: string, at: string, more: object = {}) =>
  ({ id: type, body: { type, at: `2026-11-22T09:00:${at}Z`, actor: { kind: 'partner', id: 'key-1' }, ...more } }) as unknown as Entry

describe('the course of a release', () => {
  it('tells the time between steps, and never one that runs backwards', () => {
    const steps = courseOf([entry('release.authorize', '01.000', { took_ms: 9 }), entry('release.redeem', '03.500'), entry('release.deliver', '03.400')])
    expect(steps.map(({ afterMs, tookMs }) => [afterMs, tookMs])).toEqual([
      [undefined, 9],
      [2_500, undefined],
      [0, undefined],
    ])
  })

  it('takes from an entry only what has the form that it should', () => {
    const [strange, whole] = courseOf([
      entry('release.redeem', '01.000', { details: { reasons: 'spent', bytes: '7', delivered: 'yes', receiver_key: 1 } }),
      entry('release.deliver', '02.000', { details: { reasons: ['spent', 2], bytes: 7, delivered: false, receiver_key: 'thumb' } }),
    ])
    expect(strange).toMatchObject({ reasons: [], bytes: undefined, delivered: undefined, receiverKey: undefined })
    expect(whole).toMatchObject({ reasons: ['spent'], bytes: 7, delivered: false, receiverKey: 'thumb' })
  })
})

describe('what a release rested on', () => {
  it('is named by the entry that permitted it, and by none that refused', () => {
    const details = { policies: [{ policy_id: 'p', policy_version: 2 }, { policy_id: 1 }], consents: [{ consent_id: 'c' }, null] }
    expect(groundOf([entry('release.authorize', '01.000', { decision: 'deny', details })])).toEqual({ policies: [], consents: [] })
    expect(groundOf([entry('release.authorize', '01.000', { decision: 'permit', details })])).toEqual({
      policies: [{ policy: 'p', version: 2 }],
      consents: ['c'],
    })
  })
})
