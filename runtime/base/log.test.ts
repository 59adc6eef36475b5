import { describe, expect, it } from 'vitest'
import { createLog, errorFields, type Log, neverLog } from './log.ts'

function logged(write: (log: Log) => void): string {
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

  it.each<[string, (log: Log) => void]>([
    ['alone', (log) => log.error(error)],
    ['alone under its usual name', (log) => log.error({ err: error })],
    ['with words', (log) => log.error({ err: error }, 'it failed')],
    ['before words', (log) => log.error(error, 'it failed')],
    ['in a list', (log) => log.error({ errors: [error] }, 'it failed')],
    ['as a cause', (log) => log.error({ error: new Error('wrapped', { cause: error }) }, 'it failed')],
  ])('never shows its message: %s', (_, write) => {
    const line = logged(write)
    expect(JSON.parse(line)).toMatchObject({ level: 'error', msg: expect.any(String) })
    expect(line).toContain('RangeError')
    expect(line).not.toContain('Jane')
  })

  it('from PostgreSQL keeps table and constraint and drops the values it quotes', () => {
    const fault = Object.assign(new Error('duplicate key value violates unique constraint'), {
      code: '23505',
      detail: 'Key (email)=(jane@example.org) already exists.',
      where: 'unnamed portal parameter $1 = jane@example.org',
      schema: 'identity',
      table: 'user',
      constraint: 'user_email_key',
    })
    const line = logged((log) => log.error({ error: fault }, 'it failed'))
    expect(JSON.parse(line).error).toMatchObject({ code: '23505', table: 'identity.user', constraint: 'user_email_key' })
    expect(line).not.toContain('jane@')
  })

  it('whose message imitates a place does not pass through its stack', () => {
    expect(JSON.stringify(errorFields(new Error('refused\n    at Jane Example (12 Elm Street)')))).not.toContain('Jane')
  })

  it('that is its own cause ends', () => {
    const circle = new Error('a')
    circle.cause = circle
    expect(JSON.stringify(errorFields(circle)).length).toBeLessThan(20_000)
  })
})

describe('what is personal or secret', () => {
  const planted = 'planted-7f3a'

  it.each(['authorization', 'Cookie', 'set-cookie', 'dpop', 'password', 'token', 'secret', 'api_key', 'body', 'record', 'value', 'row', 'detail'])(
    'the field %s never appears, at any depth',
    (name) => {
      const line = logged((log) => log.info({ [name]: planted, request: { headers: [{ [name]: { inner: planted } }] } }, 'a request'))
      expect(line).toContain('"[removed]"')
      expect(line).not.toContain(planted)
    },
  )

  it('a name that a schema marks sensitive is removed everywhere', () => {
    neverLog(['Birth_Date'])
    expect(logged((log) => log.info({ person: { birth_date: planted } }, 'imported'))).not.toContain(planted)
  })

  it('does not come in by the words: they are fixed, and nothing is put into them', () => {
    const line = logged((log) => log.info('hello %s', planted))
    expect(JSON.parse(line).msg).toBe('hello %s')
    expect(line).not.toContain(planted)
  })

  it('bytes are counted and not shown, and what lies too deep is left out', () => {
    const deep = { a: { b: { c: { d: { e: { f: { g: planted } } } } } } }
    const line = logged((log) => log.info({ bytes: new TextEncoder().encode(planted), deep }, 'bytes'))
    expect(JSON.parse(line).bytes).toBe('[12 bytes]')
    expect(line).not.toContain(planted)
  })
})

it('each line is one JSON object with time, level and words', () => {
  const text = logged((log) => {
    log.info({ operation: 'release.redeem' }, 'first\nline')
    log.warn('second')
  })
  const lines = text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
  expect(lines).toMatchObject([
    { level: 'info', msg: 'first\nline', operation: 'release.redeem', time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/) },
    { level: 'warn', msg: 'second' },
  ])
})
