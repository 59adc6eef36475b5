import { describe, expect, it } from 'vitest'
import { isOpenTo } from './rights.ts'

type Session = Parameters<typeof isOpenTo>[0]

const session: Session = {
  kind: 'staff',
  partner: null,
  roles: ['officer'],
  user: null,
  awaits: null,
  factors: [],
  mailed_code: false,
  texted_code: null,
  rights: [
    { on: 'release', may: ['read', 'delete'] },
    { on: 'user', may: ['read', 'update'], own: true },
  ],
}

describe('isOpenTo', () => {
  it('refuses what no right speaks of', () => {
    expect(isOpenTo(session, { action: 'create', on: 'release' })).toBe(false)
    expect(isOpenTo(session, { action: 'read', on: 'tenant' })).toBe(false)
    expect(isOpenTo({ ...session, rights: [] }, { action: 'read', on: 'release' })).toBe(false)
  })

  it('lets a right on own things open a page, but not one about those of everybody', () => {
    expect(isOpenTo(session, { action: 'read', on: 'user' })).toBe(true)
    expect(isOpenTo(session, { action: 'read', on: 'user', everybodys: true })).toBe(false)
    expect(isOpenTo(session, { action: 'read', on: 'release', everybodys: true })).toBe(true)
  })

  it('may ask for the kind of person instead', () => {
    expect(isOpenTo(session, { kinds: ['person'] })).toBe(false)
    expect(isOpenTo(session, { kinds: ['staff', 'operator'] })).toBe(true)
  })
})
