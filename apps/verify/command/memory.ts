/**
 * The checkpoints that this user was shown before, one small file for all logs. A log that goes back, or shows somebody else
 * another past, contradicts them.
 */
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { fromBase64 } from '../encoding.ts'
import { hashLength, type Tree } from '../merkle.ts'
import { CannotTell } from '../report.ts'

export interface Seen extends Tree {
  /** When, as an instant; what older versions of this program kept has none. */
  readonly at?: string
}

export interface Memory {
  /** By ascending size. */
  recall(origin: string): Promise<readonly Seen[]>
  /** Replaces what is remembered of the log. */
  remember(origin: string, seen: readonly Seen[]): Promise<void>
}

/** Of one log; the oldest ones are forgotten first. */
const seenMax = 64

export const noMemory: Memory = { recall: async () => [], remember: async () => {} }

export function memoryFile(environment: NodeJS.ProcessEnv): string {
  return join(environment.XDG_STATE_HOME ?? join(homedir(), '.local', 'state'), 'gatehouse-verify', 'checkpoints.json')
}

type Stored = Record<string, { readonly size: number; readonly root: string; readonly at?: string }[]>

/** @param now the present, as an instant */
export function fileMemory(path: string, now: () => string): Memory {
  return {
    async recall(origin) {
      const stored = await read(path)
      return (Object.hasOwn(stored, origin) ? (stored[origin] ?? []) : []).map(({ size, root, at }) => {
        const bytes = fromBase64(root)
        if (!Number.isSafeInteger(size) || size < 0 || bytes?.length !== hashLength || (at !== undefined && typeof at !== 'string'))
          throw new CannotTell(`${path} is damaged: move it away to begin anew`)
        return { size, root: bytes, ...(at === undefined ? {} : { at }) }
      })
    },
    async remember(origin, seen) {
      const kept = [...seen].sort((left, right) => left.size - right.size).slice(-seenMax)
      const stored = { ...(await read(path)), [origin]: kept.map(({ size, root, at = now() }) => ({ size, root: btoa(String.fromCharCode(...root)), at })) }
      try {
        await mkdir(dirname(path), { recursive: true, mode: 0o700 })
        // Renamed into place, so that a power cut leaves the old memory or the new one.
        await writeFile(`${path}.${process.pid}`, `${JSON.stringify(stored, null, 2)}\n`, { mode: 0o600 })
        await rename(`${path}.${process.pid}`, path)
      } catch (error) {
        throw new CannotTell(`what you were shown cannot be remembered (${(error as Error).message}): name a file with --memory, or say --no-memory`)
      }
    },
  }
}

async function read(path: string): Promise<Stored> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {}
    throw new CannotTell(`the memory cannot be read: ${(error as Error).message}`)
  }
  try {
    const value: unknown = JSON.parse(text)
    const isObject = (found: unknown) => typeof found === 'object' && found !== null && !Array.isArray(found)
    if (isObject(value) && Object.values(value as object).every((seen) => Array.isArray(seen) && seen.every(isObject))) return value as Stored
  } catch {
    // Told below, as for any other damage.
  }
  throw new CannotTell(`${path} is damaged: move it away to begin anew`)
}
