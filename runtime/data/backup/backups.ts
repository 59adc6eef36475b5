/** The backups of a node that makes them by itself: where they lie, how often, how many, and what can be done with them. */
import { access, constants, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Primitives } from '@gatehouse/crypto/primitives'
import type { BlobStore } from '../blobs/blob-store.ts'
import type { Epochs } from '../keys/epochs.ts'
import { runningSuperuser, switchLog } from '../postgres/running.ts'
import { beginArchive, makeBackup, sealArchive } from './make.ts'
import { listBackups, removeBackup, removeLogBefore } from './shelf.ts'
import { type Look, type Trial, tryRestore } from './trial.ts'

export interface BackupSchedule {
  readonly folder: string
  readonly everyHours: number
  /** Whole backups that are kept. */
  readonly keep: number
}

export interface Backups {
  readonly schedule: BackupSchedule
  list(): ReturnType<typeof listBackups>
  /** A whole one. @returns its id */
  make(): Promise<string>
  /** Adds what the database wrote since, up to this moment. @returns how many parts */
  addLog(): Promise<number>
  /** @throws BackupError where it does not come back */
  tryOut(id: string, look: Look): Promise<Trial>
  remove(id: string): Promise<void>
  /** Parts of the log that only backups before that moment needed. */
  removeLogBefore(oldestMs: number): Promise<number>
}

export interface BackupsInput {
  readonly schedule: BackupSchedule
  readonly home: string
  readonly blobs: BlobStore
  readonly epochs: Epochs
  readonly primitives: Primitives
  readonly searchPath: string | undefined
  readonly nowMs: () => number
}

/** @throws Error in plain words for a folder that no backup can be written to: better at the start than in the hour when one is due */
export async function prepareFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 })
    await access(folder, constants.R_OK | constants.W_OK | constants.X_OK)
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException
    throw new Error(
      `GATEHOUSE_BACKUPS: ${folder} is no folder that backups can be written to (${code}). Name another, or give the node's user the right to it.`,
      { cause },
    )
  }
}

export function backupsOf({ schedule, home, blobs, epochs, primitives, searchPath, nowMs }: BackupsInput): Backups {
  const to = schedule.folder
  const archive = join(home, 'postgres', 'archive')
  const addLog = () => sealArchive({ to, archive, epochs, primitives })
  return {
    schedule,
    list: () => listBackups(to, epochs, primitives),
    async make() {
      await beginArchive(archive)
      const superuser = await runningSuperuser(home)
      const { manifest } = await makeBackup({ dataDir: join(home, 'postgres', 'data'), superuser, blobs, to, epochs, primitives, nowMs: nowMs() })
      await addLog()
      return manifest.id
    },
    async addLog() {
      await beginArchive(archive)
      await switchLog(await runningSuperuser(home))
      return addLog()
    },
    tryOut: (id, look) => tryRestore({ home: join(home, 'trial'), from: join(to, id), epochs, primitives, searchPath, look }),
    remove: (id) => removeBackup(to, id),
    removeLogBefore: (oldestMs) => removeLogBefore(to, oldestMs),
  }
}
