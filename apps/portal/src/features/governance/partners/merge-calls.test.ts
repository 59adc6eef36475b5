import { describe, expect, it } from 'vitest'
import { lastCallDays } from './last-call.ts'
import { mergeCalls } from './merge-calls.ts'

const granted = (at: string) => ({ id: `granted ${at}`, issued_at: at, purpose: 'p', state: 'delivered', fields: ['a', 'b'] })
const refused = (at: string) => ({ id: `refused ${at}`, at, purpose: null, reasons: ['no_policy'], fields_requested: null })

describe('the calls of a partner', () => {
  it('are told newest first, granted and refused together', () => {
    const calls = mergeCalls([granted('2026-05-03'), granted('2026-05-01')], [refused('2026-05-04'), refused('2026-05-02')], 10)
    expect(calls.map(({ kind, at }) => [kind, at])).toEqual([
      ['refused', '2026-05-04'],
      ['granted', '2026-05-03'],
      ['refused', '2026-05-02'],
      ['granted', '2026-05-01'],
    ])
    expect(calls[1]).toMatchObject({ fields: 2, state: 'delivered' })
  })

  it('leave no gap: where one list is cut, older ones of the other are left out', () => {
    const calls = mergeCalls([granted('2026-05-04'), granted('2026-05-03')], [refused('2026-01-01')], 2)
    expect(calls.map(({ at }) => at)).toEqual(['2026-05-04', '2026-05-03'])
  })
})

describe('the day of the last call', () => {
  it('is that of the last count, and none for whoever did not call', () => {
    const columns = ['2026-05-01T00:00:00.000Z', '2026-05-02T00:00:00.000Z', '2026-05-03T00:00:00.000Z']
    const days = lastCallDays({
      columns,
      rows: [
        { partner: { id: 'a' }, values: [4, 1, 0] },
        { partner: { id: 'b' }, values: [0, 0, 0] },
      ],
    })
    expect([...days]).toEqual([['a', '2026-05-02T00:00:00.000Z']])
  })
})
