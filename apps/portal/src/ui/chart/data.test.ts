import { describe, expect, it } from 'vitest'
import { tableOf } from './data.ts'

const format = { number: String }

describe('tableOf', () => {
  it('has a row for each place on the axis and a column for each series, and says where nothing is known', () => {
    const series = [
      { name: 'Permitted', values: [1, null] },
      { name: 'Refused', values: [3] },
    ]
    expect(tableOf({ kind: 'line', xLabel: 'Hour', x: ['10', '11'], series }, format)).toEqual({
      head: ['Hour', 'Permitted', 'Refused'],
      rows: [
        ['10', '1', '3'],
        ['11', '–', '–'],
      ],
    })
  })

  it('says what each step of a waterfall adds, and what it comes to', () => {
    const steps = [
      { name: 'Before', from: 0, to: -4 },
      { name: 'Name', from: -4, to: 3 },
    ]
    expect(tableOf({ kind: 'waterfall', xLabel: 'Compared', steps, change: 'Adds', total: 'Sum' }, format)).toEqual({
      head: ['Compared', 'Adds', 'Sum'],
      rows: [
        ['Before', '-4', '-4'],
        ['Name', '7', '3'],
      ],
    })
  })

  it('keeps the shape of a heat map', () => {
    expect(tableOf({ kind: 'heat', xLabel: 'Hour', x: ['10', '11'], yLabel: 'Partner', y: ['a', 'b'], values: [[1, 2], [0]] }, format)).toEqual({
      head: ['Partner', '10', '11'],
      rows: [
        ['a', '1', '2'],
        ['b', '0', '–'],
      ],
    })
  })
})
