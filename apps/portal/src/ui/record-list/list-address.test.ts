import { describe, expect, it } from 'vitest'
import type { ListFilter } from './columns.ts'
import { readAddress, viewOf } from './list-address.ts'

const filters: ListFilter[] = [
  { kind: 'text', name: 'purpose', label: 'Purpose' },
  { kind: 'day', name: 'since', label: 'Since' },
]

describe('the address of a list', () => {
  it('leaves out what is not a filter of the list, and what is empty', () => {
    expect(readAddress({ tab: 'activity', purpose: '', since: '2026-05-03' }, filters)).toEqual({
      filters: { since: '2026-05-03' },
      columns: undefined,
      sorting: undefined,
    })
    expect(viewOf({ tab: 'activity', purpose: '' }, filters)).toBe('')
  })

  it('reads columns and sorting, and comes back the same from a saved view', () => {
    const query = { purpose: 'care & cure', columns: 'id,state', sort: '-issued_at', page: '3' }
    const read = readAddress(query, filters)
    expect(read).toEqual({ filters: { purpose: 'care & cure' }, columns: ['id', 'state'], sorting: { column: 'issued_at', descending: true } })
    expect(readAddress(Object.fromEntries(new URLSearchParams(viewOf(query, filters))), filters)).toEqual(read)
  })
})
