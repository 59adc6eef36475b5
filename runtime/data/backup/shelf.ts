/** The folder that holds backups: which lie there, and which have served. */
import { readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Primitives } from '@gatehouse/crypto/primitives'
import type { Epochs } from '../keys/epochs.ts'
import { KeyStoreError } from '../keys/key-store.ts'
import { readManifest } from './make.ts'
import { BackupError } from './sealed-file.ts'

export interface Kept {
  readonly id: string
  readonly madeAt: string
  /** Sealed, of all its files. */
  readonly bytes: number
  /** Until when its epoch key exists; after that it is noise. */
  readonly opensUntil: string
}

export interface Unreadable {
  readonly id: string
  readonly fault: string
}

const backupName = /^\d{8}T\d{6}Z-[0-9a-f]{8}$/

/** Newest first. What lies there under the name of a backup and does not open as one is told apart. */
export async function listBackups(
  folder: string,
  epochs: Epochs,
  primitives: Primitives,
): Promise<{ readonly kept: readonly Kept[]; readonly unreadable: readonly Unreadable[] }> {
  const names = (await readdir(folder).catch(() => []))
    .filter((name) => backupName.test(name))
    .sort()
    .reverse()
  const ends = new Map((await epochs.list()).map(({ number, endsMs }) => [number, endsMs]))
  const kept: Kept[] = []
  const unreadable: Unreadable[] = []
  for (const id of names) {
    try {
      const { made_at, epoch, files } = await readManifest(join(folder, id), epochs, primitives)
      const bytes = files.reduce((sum, file) => sum + file.bytes, 0)
      kept.push({ id, madeAt: made_at, bytes, opensUntil: new Date(ends.get(epoch) ?? Date.parse(made_at)).toISOString() })
    } catch (error) {
      if (!(error instanceof BackupError || error instanceof KeyStoreError)) throw error
      unreadable.push({ id, fault: error.message })
    }
  }
  return { kept, unreadable }
}

/**
 * Those beyond the newest so many. One that came back in a trial stays until a newer one did, however many have been made since: a
 * row of backups that do not hold must not push the last good one out.
 */
export function servedBackups(newestFirst: readonly string[], keep: number, good: ReadonlySet<string>): string[] {
  const lastGood = newestFirst.find((id) => good.has(id))
  return newestFirst.slice(keep).filter((id) => id !== lastGood)
}

export async function removeBackup(folder: string, id: string): Promise<void> {
  if (!backupName.test(id)) throw new TypeError('this is no name of a backup')
  await rm(join(folder, id), { recursive: true, force: true })
}

/** Parts of the database's log that no backup needs any more: sealed before the oldest of them was begun. */
export async function removeLogBefore(folder: string, oldestMs: number): Promise<number> {
  const wal = join(folder, 'wal')
  let removed = 0
  for (const name of await readdir(wal).catch(() => [])) {
    const found = await stat(join(wal, name)).catch(() => undefined)
    if (found === undefined || found.mtimeMs >= oldestMs) continue
    await rm(join(wal, name), { force: true })
    removed++
  }
  return removed
}
