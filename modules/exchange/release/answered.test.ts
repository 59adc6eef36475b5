import { reasonCodes } from '@gatehouse/policy/reasons'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { answeredReasons } from './answered.ts'

const codes = Object.keys(reasonCodes)
const telling = ['no_consent', 'not_available']

describe('what a partner is told again of a refusal', () => {
  it('never tells a known person without consent from an unknown one, whatever else was recorded', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...codes)), fc.constantFrom(...telling), fc.array(fc.constantFrom(...codes)), (before, code, after) => {
        expect(answeredReasons({ reasons: [...before, code, ...after] })).toEqual(['not_available'])
      }),
    )
  })

  it('holds no code that partners do not know, nor one from elsewhere', () => {
    const forPartners = new Set<string>([...Object.values(reasonCodes).map(({ partner }) => partner)])
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.constantFrom(...codes, 'constructor', 'partner_mismatch'), fc.string())), (reasons) => {
        for (const code of answeredReasons({ reasons })) expect(forPartners.has(code)).toBe(true)
      }),
    )
  })

  it('is each reason once, and the missing data class where no reason was kept', () => {
    expect(answeredReasons({ reasons: ['prohibited', 'outside_time', 'prohibited'] })).toEqual(['prohibited', 'outside_time'])
    expect(answeredReasons(undefined)).toEqual(['record_type_needed'])
    expect(answeredReasons({})).toEqual(['record_type_needed'])
  })
})
