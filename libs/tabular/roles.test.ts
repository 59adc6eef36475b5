import { describe, expect, it } from 'vitest'
import { datasetFrom } from './dataset.ts'
import type { Field } from './field.ts'
import { isIban, isNationalInsuranceNumber, isSpanishIdentity } from './patterns.ts'
import { proposeRoles } from './roles.ts'

const field = (name: string, type: Field['type'] = 'string'): Field => ({ name, type, sensitivity: 'plain', nullable: true })

describe('roles of columns', () => {
  const rows = Array.from({ length: 40 }, (_, i) => ({
    contact: `person${i}@example.org`,
    ref: `K-${(i * 7919) % 1000}-x y`,
    sex: i % 2 === 0 ? 'F' : 'M',
    height: 1.5 + i / 100,
    diagnosis: `D${i % 3}`,
    born: `19${60 + (i % 40)}-0${1 + (i % 9)}-01`,
    empty: null,
  }))
  const roles = proposeRoles(
    datasetFrom([field('contact'), field('ref'), field('sex'), field('height', 'number'), field('diagnosis'), field('born', 'date'), field('empty')], rows),
  )

  it('find direct identifiers by value and by near-uniqueness, and never by a measure’s decimals', () => {
    expect(roles.map(({ column, sensitivity }) => `${column} ${sensitivity}`)).toEqual([
      'contact direct_identifier',
      'ref direct_identifier',
      'sex quasi_identifier',
      'height sensitive',
      'diagnosis sensitive',
      'born quasi_identifier',
      'empty sensitive',
    ])
    expect(roles[1]?.reason).toContain('40 different values in 40 rows')
  })

  it('keep as a quasi-identifier what can be coarsened, and say that it stands out', () => {
    expect(roles[5]?.reason).toContain('points at single people: 40 different values')
  })

  it('give reasons without a value', () => {
    expect(JSON.stringify(roles)).not.toMatch(/example\.org|K-\d/)
  })
})

describe('national numbers', () => {
  it('are told by their checks', () => {
    expect(['12345678Z', 'X1234567L', '00000000T'].every(isSpanishIdentity)).toBe(true)
    expect(['12345678A', 'X12345678L', '1234567Z', 'words'].some(isSpanishIdentity)).toBe(false)
    expect(['AB123456C', 'ab 12 34 56 d'].every(isNationalInsuranceNumber)).toBe(true)
    expect(['BG123456C', 'AB123456E', 'AB12345C', 'DO123456A'].some(isNationalInsuranceNumber)).toBe(false)
    expect(['GB82 WEST 1234 5698 7654 32', 'ES9121000418450200051332'].every(isIban)).toBe(true)
    expect(['GB82 WEST 1234 5698 7654 33', 'GB82', '9121000418450200051332'].some(isIban)).toBe(false)
  })
})
