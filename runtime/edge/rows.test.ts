import { describe, expect, it } from 'vitest'
import { encodeRows } from './rows.ts'

async function* from(rows: Record<string, unknown>[]) {
  yield* rows
}
async function text(rows: Record<string, unknown>[], format: 'csv' | 'ndjson'): Promise<string> {
  let all = ''
  for await (const chunk of encodeRows(from(rows), format)) all += chunk
  return all
}

describe('CSV', () => {
  it.each(['=1+1', '+cmd', '-cmd', '@sum', '\t=1'])('a cell that a spreadsheet would run is disarmed: %j', async (cell) => {
    expect(await text([{ a: 'x', b: cell }], 'csv')).toContain(`'${cell}`)
  })

  it('has the names of the first row as its head, in its order, and one line per row', async () => {
    expect(
      await text(
        [
          { b: 1, a: 'x,"y"' },
          { a: null, b: -2.5 },
        ],
        'csv',
      ),
    ).toBe('b,a\r\n1,"x,""y"""\r\n-2.5,\r\n')
  })

  it('nested values stand as JSON', async () => {
    expect(await text([{ a: ['x'], b: true }], 'csv')).toBe('a,b\r\n"[""x""]",true\r\n')
  })
})

it('NDJSON is one object per line', async () => {
  expect(await text([{ a: '=1\n2' }, { a: null }], 'ndjson')).toBe('{"a":"=1\\n2"}\n{"a":null}\n')
})

it('rows are pulled as they are sent and given back when nobody reads on', async () => {
  let pulled = 0
  let returned = false
  async function* rows() {
    try {
      for (;;) yield { n: pulled++ }
    } finally {
      returned = true
    }
  }
  for await (const line of encodeRows(rows(), 'ndjson')) if (line.includes('2')) break
  expect([pulled, returned]).toEqual([3, true])
})
