import { dictionary } from '@zxcvbn-ts/language-common'
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
    ['justinbieber', 'too_common'],
    ['FinalFantasy', 'too_common'],
    ['finalfantasy2019!', 'too_common'],
    ['Strelka-92fz', 'too_common'],
    ['strelkastrelka', 'too_common'],
    ['L3@v3m3al0n3', 'too_common'],
    ['Contraseña2024!!', 'too_common'],
  ])('refuses %s as %s', (password, fault) => {
    expect(passwordFault(password)).toBe(fault)
  })

  it('refuses the own address with a little around it', () => {
    expect(passwordFault('ada.lovelace-42', ['ada.lovelace@example.org'])).toBe('contains_address')
  })

  it('refuses every password of the list that is long enough to be one', () => {
    const listed = dictionary['passwords-common'].filter(({ length }) => length >= 12)
    expect(listed.length).toBeGreaterThan(250)
    expect(listed.filter((password) => passwordFault(password) !== 'too_common')).toEqual([])
  })

  it.each([
    'four quiet otters read',
    'correct horse battery staple',
    'ünïcödé zählt auch',
    '           x y z 7 8',
    'dragonfly over teapots',
    '8305917462love',
    'Xk7#mQ2!vT9z',
  ])('takes %s', (password) => {
    expect(passwordFault(password, ['ada@example.org'])).toBeUndefined()
  })
})
