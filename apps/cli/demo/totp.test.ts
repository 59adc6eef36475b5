import { expect, it } from 'vitest'
import { codeOf } from './totp.ts'

it('agrees with RFC 6238 appendix B, in six digits', () => {
  const uri = 'otpauth://totp/x?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ'
  for (const [seconds, code] of [
    [59, '287082'],
    [1_111_111_109, '081804'],
    [1_111_111_111, '050471'],
    [1_234_567_890, '005924'],
    [2_000_000_000, '279037'],
    [20_000_000_000, '353130'],
  ] as const)
    expect(codeOf(uri, seconds * 1000)).toBe(code)
})
