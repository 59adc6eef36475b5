/** Commands that read tables: every fault is told with its code and place, for people and for scripts. */
import type { Output } from '../terminal/output.ts'

interface Coded {
  readonly code?: unknown
  readonly path?: unknown
  readonly line?: unknown
  readonly pointer?: unknown
  readonly attribute?: unknown
  readonly column?: unknown
}

/** @param failed the status for anything that goes wrong; 1 unless the command gives another meaning to 1 */
export async function tellingFaults(out: Output, run: () => Promise<void>, failed = 1): Promise<void> {
  try {
    await run()
  } catch (error) {
    process.exitCode = failed
    console.error((error as Error).message)
    const { code, path, line, pointer, attribute, column } = error as Coded
    const place = Object.entries({ path, line, pointer, column: attribute ?? column }).filter(
      ([, value]) => typeof value === 'string' || typeof value === 'number',
    )
    const named = typeof code === 'string' ? code : error instanceof Error ? codeOf(error.name) : 'failed'
    out.result({ error: { code: named, detail: (error as Error).message, ...Object.fromEntries(place) } })
  }
}

/** `ModelError` gives `model_error`: errors of one kind need no code of their own. */
function codeOf(name: string): string {
  return name.replace(/(?<=[a-z])([A-Z])/g, '_$1').toLowerCase()
}
