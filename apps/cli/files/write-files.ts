/**
 * Writes files so that each is whole or not there: everything goes to temporary files beside the targets first, and only when all of
 * them are on the disk do they take the targets' names.
 */
import { randomUUID } from 'node:crypto'
import { open, realpath, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { TableError } from './table-error.ts'

/** Pieces of a file, in order. */
export type FileContent = Iterable<string | Uint8Array>

export interface NewFile {
  readonly path: string
  readonly content: FileContent
}

/** @throws TableError when a file cannot be written, Error when the process is asked to end meanwhile. In both cases nothing is left. */
export async function writeFiles(files: readonly NewFile[]): Promise<void> {
  const written: { readonly temporary: string; readonly path: string }[] = []
  const interruption = new AbortController()
  const { signal } = interruption
  const stop = () => interruption.abort(new TableError('interrupted', files[0]?.path ?? '', 'interrupted; nothing was written'))
  process.once('SIGINT', stop).once('SIGTERM', stop)
  try {
    for (const { path, content } of files) {
      const temporary = join(dirname(path), `.${basename(path)}.${randomUUID()}.part`)
      written.push({ temporary, path })
      await writeOne(temporary, path, content, signal)
    }
    signal.throwIfAborted()
    for (const { temporary, path } of written) await rename(temporary, path)
  } finally {
    process.off('SIGINT', stop).off('SIGTERM', stop)
    await Promise.all(written.map(({ temporary }) => rm(temporary, { force: true })))
  }
}

async function writeOne(temporary: string, path: string, content: FileContent, signal: AbortSignal): Promise<void> {
  const handle = await open(temporary, 'wx').catch((cause: unknown) => {
    throw new TableError('unwritable_file', path, 'the file cannot be written there', undefined, { cause })
  })
  try {
    for (const piece of content) {
      signal.throwIfAborted()
      await handle.writeFile(piece)
    }
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** @throws TableError when a target is one of the sources, under whatever name */
export async function refuseOverwriting(targets: readonly string[], sources: readonly string[]): Promise<void> {
  const places = await Promise.all([...targets, ...sources].map(placeOf))
  for (const [index, target] of targets.entries()) {
    const others = places.filter((_, other) => other !== index)
    if (others.includes(places[index] ?? ''))
      throw new TableError('would_overwrite', target, 'this would overwrite a file that is read or written already; name another')
  }
}

/** The same for every path, link and hard link to one file. */
async function placeOf(path: string): Promise<string> {
  try {
    const { dev, ino } = await stat(path)
    return `${dev}:${ino}`
  } catch {
    return join(await realpath(dirname(path)).catch(() => dirname(path)), basename(path))
  }
}
