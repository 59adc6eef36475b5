import { describe, expect, it } from 'vitest'
import { merge } from './merge.ts'

const rule = (uid: string, fields: object, more: object = {}) => ({ uid, fields, ...more })
const base = { title: 'Loans', permission: [rule('a', { name: 'keep' }), rule('b', { born: 'year' })] }

describe('two people’s changes of one document', () => {
  it('are contested where both changed the same place, and mine stands', () => {
    const merged = merge(base, { ...base, title: 'Mine' }, { ...base, title: 'Theirs' })
    expect(merged).toEqual({ document: { ...base, title: 'Mine' }, contested: ['/title'] })
  })

  it('are contested where one took out what the other changed', () => {
    const mine = { ...base, permission: [base.permission[0]] }
    const theirs = { ...base, permission: [base.permission[0], rule('b', { born: 'month' })] }
    expect(merge(base, mine, theirs)).toEqual({ document: mine, contested: ['/permission/b'] })
  })

  it('meet in one document where they are of different places, whatever the order of the rules', () => {
    const mine = { ...base, permission: [rule('a', { name: 'hash' }), rule('b', { born: 'year' }), rule('mine', {})] }
    const theirs = { title: 'Theirs', permission: [rule('theirs', {}), rule('b', { born: 'month' }), rule('a', { name: 'keep', city: 'drop' })] }
    expect(merge(base, mine, theirs)).toEqual({
      document: {
        title: 'Theirs',
        permission: [rule('theirs', {}), rule('b', { born: 'month' }), rule('a', { name: 'hash', city: 'drop' }), rule('mine', {})],
      },
      contested: [],
    })
  })

  it('take out what one has taken out', () => {
    const without = { title: 'Loans', permission: [base.permission[1]] }
    expect(merge(base, without, { ...base, title: 'Theirs' }).document).toEqual({ ...without, title: 'Theirs' })
    expect(merge(base, { ...base, title: 'Mine' }, without).document).toEqual({ ...without, title: 'Mine' })
  })

  it('are one change where both made the same', () => {
    expect(merge(base, { ...base, title: 'New' }, { ...base, title: 'New' }).contested).toEqual([])
  })
})
