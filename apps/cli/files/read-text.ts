/** Files that a command is given: what is wrong with one that cannot be read, in words that say how to mend it. */
import { readFile, stat } from 'node:fs/promises'

/** What a failure of the file system means to whoever typed the path. */
export function unreadable(path: string, cause: unknown): Error {
  const { code } = cause as NodeJS.ErrnoException
  const why: Record<string, string> = {
    ENOENT: 'There is no such file',
    ENOTDIR: 'There is no such file',
    EISDIR: 'This is a folder and no file',
    EACCES: 'You may not read this file',
    EPERM: 'You may not read this file',
  }
  const mend = code === 'EACCES' || code === 'EPERM' ? 'Ask for the right to read it' : `Name one that exists; the path counts from ${process.cwd()}`
  return new Error(`${why[code ?? ''] ?? 'The file cannot be read'}: ${path}. ${mend}.`, { cause })
}

/** How many bytes a file has that is sent. @throws Error in plain words, naming the file */
export async function sizeOf(path: string): Promise<number> {
  const about = await stat(path).catch((cause: unknown) => {
    throw unreadable(path, cause)
  })
  if (!about.isFile()) throw unreadable(path, { code: 'EISDIR' })
  return about.size
}

/** @throws Error in plain words, naming the file */
export const readText = (path: string): Promise<string> =>
  readFile(path, 'utf8').catch((cause: unknown) => {
    throw unreadable(path, cause)
  })
