/**
 * Logs as JSON lines. A line has a fixed message and named fields, and the serialiser keeps personal values out: names that
 * any schema marks sensitive are replaced wherever they stand, errors are reduced to name, code and place.
 */
import { type Logger, pino } from 'pino'

/** Without `child`: the fields of a child log would pass the serialiser by. */
export type Log = Pick<Logger, 'trace' | 'debug' | 'info' | 'warn' | 'error'>

const sensitiveFields = new Set([
  'authorization',
  'cookie',
  'set-cookie',
  'dpop',
  'password',
  'token',
  'secret',
  'api_key',
  'key',
  'body',
  'record',
  'value',
  'values',
  'row',
  'detail',
])

/** Adds the names of fields that schemas mark sensitive, so that no author needs to remember them. */
export function neverLog(names: Iterable<string>): void {
  for (const name of names) sensitiveFields.add(name.toLowerCase())
}

const depthMax = 6

function scrub(value: unknown, depth: number): unknown {
  if (value === null || typeof value !== 'object') return value
  if (value instanceof Error) return errorFields(value)
  if (depth >= depthMax) return '[deep]'
  if (Array.isArray(value)) return value.slice(0, 50).map((item) => scrub(item, depth + 1))
  if (value instanceof Uint8Array) return `[${value.length} bytes]`
  const clean: Record<string, unknown> = {}
  for (const [name, member] of Object.entries(value)) clean[name] = sensitiveFields.has(name.toLowerCase()) ? '[removed]' : scrub(member, depth + 1)
  return clean
}

/**
 * Messages of errors from outside (PostgreSQL's above all) may quote a value, so only their class, code and place are kept.
 */
export function errorFields(error: unknown, depth = 0): Record<string, unknown> {
  if (!(error instanceof Error)) return { name: typeof error }
  const more = error as Error & { code?: unknown; constraint?: unknown; table?: unknown; schema?: unknown; routine?: unknown; kind?: { type?: unknown } }
  return {
    name: error.name,
    ...(more.kind?.type === undefined ? {} : { problem: more.kind.type }),
    ...(typeof more.code === 'string' ? { code: more.code } : {}),
    ...(more.schema === undefined ? {} : { table: `${more.schema}.${more.table}` }),
    ...(more.constraint === undefined ? {} : { constraint: more.constraint }),
    // The stack repeats the message, whose own lines may look like places.
    at: error.stack
      ?.replace(error.message, '')
      .split('\n')
      .filter((line) => line.startsWith('    at '))
      .slice(0, 8)
      .map((line) => line.trim()),
    ...(error.cause === undefined || depth >= depthMax ? {} : { cause: errorFields(error.cause, depth + 1) }),
  }
}

/** @param also gets every line that is written, as it is written */
export function createLog(level: string, destination?: { write(line: string): void }, also?: { write(line: string): void }): Log {
  const first = destination ?? pino.destination({ fd: 2, sync: false })
  return pino(
    {
      level,
      base: undefined,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }), log: (fields) => scrub(fields, 0) as Record<string, unknown> },
      hooks: {
        // Handed a bare error without words of its own, pino would write the error's message as the line's.
        logMethod([first, words], write) {
          if (typeof first === 'string') write.apply(this, [first])
          else write.apply(this, [first instanceof Error ? { error: first } : first, words ?? 'without words'])
        },
      },
    },
    also === undefined ? first : pino.multistream([first, also].map((stream) => ({ stream, level: 'trace' }))),
  )
}
