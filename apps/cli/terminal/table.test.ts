import { describe, expect, it } from 'vitest'
import { tableLines } from './table.ts'

describe('a table', () => {
  it('never lets a value repaint the terminal', () => {
    expect(tableLines(['a', 'b'], [['x\u001b[31my', 'l1\nl2']])[2]).toBe('x [31my  l1 l2')
  })

  it('lines up by characters, cuts long cells but the last, and shows what is missing', () => {
    const long = 'é'.repeat(80)
    const [heading, rule, first, second] = tableLines(
      ['a', 'b'],
      [
        [long, long],
        ['ü', null],
      ],
    )
    expect(first).toBe(`${'é'.repeat(59)}…  ${long}`)
    expect(heading).toBe(`a${' '.repeat(59)}  b`)
    expect(rule).toBe(`${'─'.repeat(60)}  ${'─'.repeat(60)}`)
    expect(second).toBe(`ü${' '.repeat(59)}  –`)
  })
})
