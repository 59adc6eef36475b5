import { describe, expect, it } from 'vitest'
import { createLog, errorFields } from './log.ts'

function logged(write: (log: ReturnType<typeof createLog>) => void): string {
  const lines: string[] = []
  write(createLog('info', { write: (line) => lines.push(line) }))
  return lines.join('')
}

describe('an error in the log', () => {
  const error = Object.assign(new RangeError('Jane Example is not a number'), { code: '22P02' })

  it.each([
    ['itself', error],
    ['its fields', errorFields(error)],
  ])('is kept by name, code and place, given as %s, and without its message', (_, given) => {
    const line = logged((log) => log.error({ error: given }, 'it failed'))
    expect(JSON.parse(line)).toMatchObject({ msg: 'it failed', error: { name: 'RangeError', code: '22P02', at: expect.arrayContaining([]) } })
    expect(line).not.toContain('Jane')
  })
})
