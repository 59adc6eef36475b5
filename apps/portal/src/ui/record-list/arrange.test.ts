import { describe, expect, it } from 'vitest'
import { arrange } from './arrange.ts'
import { type ListColumn, startOfDay } from './columns.ts'

interface Pet {
  readonly name: string
  readonly kind: string
  readonly age: number | null
}

const rows: Pet[] = [
  { name: 'Item 10', kind: 'cat', age: 3 },
  { name: 'Item 9', kind: 'dog', age: null },
  { name: 'Ítem 2', kind: 'cat', age: 12 },
]
const columns: ListColumn<Pet>[] = [
  { name: 'name', label: 'Name', value: (pet) => pet.name },
  { name: 'kind', label: 'Kind', value: (pet) => pet.kind },
  { name: 'age', label: 'Age', value: (pet) => pet.age },
]
const names = (found: readonly Pet[]) => found.map(({ name }) => name)

describe('arrange', () => {
  it('gives the very rows where nothing is asked, so that nothing is drawn anew', () => {
    expect(arrange(rows, columns, {})).toBe(rows)
  })

  it('filters by the value of the column, whole and not in part', () => {
    expect(names(arrange(rows, columns, { filters: { kind: 'cat' } }))).toEqual(['Item 10', 'Ítem 2'])
    expect(arrange(rows, columns, { filters: { kind: 'ca' } })).toEqual([])
    expect(names(arrange(rows, columns, { filters: { age: '12' } }))).toEqual(['Ítem 2'])
  })

  it('leaves filters alone that the node has applied', () => {
    expect(arrange(rows, columns, { filters: { kind: 'dog' } }, true)).toHaveLength(3)
  })

  it('finds all words of a search in any column, in small letters or capitals', () => {
    expect(names(arrange(rows, columns, { search: ' CAT  item ' }))).toEqual(['Item 10'])
    expect(arrange(rows, columns, { search: 'bird' })).toEqual([])
  })

  it('sorts numbers within words as numbers, and what is missing last both ways', () => {
    expect(names(arrange(rows, columns, { sorting: { column: 'name', descending: false } }))).toEqual(['Ítem 2', 'Item 9', 'Item 10'])
    expect(arrange(rows, columns, { sorting: { column: 'age', descending: false } }).map(({ age }) => age)).toEqual([3, 12, null])
    expect(arrange(rows, columns, { sorting: { column: 'age', descending: true } }).map(({ age }) => age)).toEqual([12, 3, null])
    expect(rows[0]?.name).toBe('Item 10')
  })

  it('arranges 100,000 rows within a blink', () => {
    const many = Array.from({ length: 100_000 }, (_, at) => ({ name: `Item ${at}`, kind: at % 2 === 0 ? 'cat' : 'dog', age: at % 90 }))
    const began = performance.now()
    expect(arrange(many, columns, { filters: { kind: 'cat' }, search: '99', sorting: { column: 'age', descending: true } }).length).toBeGreaterThan(100)
    expect(performance.now() - began).toBeLessThan(1_500)
  })
})

describe('startOfDay', () => {
  it.each([[undefined], [''], ['yesterday'], ['2026']])('has no moment for %s', (day) => {
    expect(startOfDay(day)).toBeUndefined()
  })

  it('is midnight where the reader is, and may be of a later day', () => {
    expect(startOfDay('2026-05-31')).toBe(new Date(2026, 4, 31).toISOString())
    expect(startOfDay('2026-05-31', 1)).toBe(new Date(2026, 5, 1).toISOString())
  })
})
