import { describe, expect, it } from 'vitest'
import { passwordFault } from './password.ts'

describe('passwordFault', () => {
  it.each([
    ['short', 'too_short'],
    ['elevenchars', 'too_short'],
    ['x'.repeat(129), 'too_long'],
    ['passwordpassword', 'too_common'],
    ['Password123456!', 'too_common'],
    ['QWERTYUIOP1234567890', 'too_common'],
    ['123456789012', 'too_common'],
    ['iloveyou2024!!', 'too_common'],
    ['ababababababab', 'too_common'],
    ['zzzzzzzzzzzz', 'too_common'],
  ])('refuses %s as %s', (password, fault) => {
    expect(passwordFault(password)).toBe(fault)
  })

  it('refuses the own address with a little around it', () => {
    expect(passwordFault('ada.lovelace-42', ['ada.lovelace@example.org'])).toBe('contains_address')
  })

  it.each(['four quiet otters read', 'correct horse battery staple', 'ünïcödé zählt auch', '           x y z 7 8', 'dragonfly over teapots'])(
    'takes %s',
    (password) => {
      expect(passwordFault(password, ['ada@example.org'])).toBeUndefined()
    },
  )
})
