/** Restores a backup beside the node, reads what came back to its end, lets somebody look at it, and throws it away. A backup that was never restored is a hope. */
import { chmod, mkdir, rm } from 'node:fs/promises'
import pg from 'pg'
import type { BlobStore } from '../blobs/blob-store.ts'
import { type Database, openPool } from '../db.ts'
import { startCluster } from '../postgres/cluster.ts'
import { type RestoreInput, restoreBackup } from './restore.ts'

/** Of the copy's own server; the node's connections are the node's. */
const lookConnections = 4

export interface Trial {
  readonly tables: number
  readonly rows: number
  readonly objects: number
}

/** Looks at the database that came back, while it is there. @throws BackupError where it is not what it has to be */
export type Look = (restored: Database) => Promise<void>

interface TrialInput extends Omit<RestoreInput, 'blobs' | 'toMs' | 'durable'> {
  readonly look: Look
}

/** @throws BackupError where it does not come back */
export async function tryRestore({ home, look, ...input }: TrialInput): Promise<Trial> {
  await rm(home, { recursive: true, force: true })
  await mkdir(home, { recursive: true })
  // The server's account walks through to its own folder.
  await chmod(home, 0o711)
  const sink = countingSink()
  try {
    await restoreBackup({ ...input, home, blobs: sink.blobs, durable: false })
    const cluster = await startCluster({ instanceDir: home, durable: false, searchPath: input.searchPath })
    try {
      const read = await readEverything({ ...cluster.superuser, database: cluster.connection.database })
      const restored = openPool({ connection: cluster.connection, poolSize: lookConnections })
      try {
        await look(restored)
      } finally {
        await restored.close()
      }
      return { ...read, objects: sink.count() }
    } finally {
      await cluster.stop()
    }
  } finally {
    await rm(home, { recursive: true, force: true })
  }
}

/** Every row of every table, as the server keeps it: a page that was harmed does not go unread. */
async function readEverything(connection: pg.ClientConfig): Promise<{ tables: number; rows: number }> {
  const client = new pg.Client(connection)
  await client.connect()
  try {
    const tables = await client.query<{ name: string }>(
      `SELECT format('%I.%I', n.nspname, c.relname) AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relkind = 'r' AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'`,
    )
    let rows = 0
    for (const { name } of tables.rows) {
      // Of the whole row, so that what lies beside the table (TOAST) is read as well.
      const [counted] = (await client.query<{ rows: string }>(`SELECT count(hashtext(t::text)) AS rows FROM ${name} t`)).rows
      rows += Number(counted?.rows ?? 0)
    }
    return { tables: tables.rows.length, rows }
  } finally {
    await client.end()
  }
}

/** Objects are opened to their end and kept nowhere. */
function countingSink(): { readonly blobs: BlobStore; count(): number } {
  let objects = 0
  const nothing = async () => undefined
  return {
    count: () => objects,
    blobs: {
      kind: 'nowhere',
      async put(name, body) {
        let size = 0
        for await (const piece of body) size += piece.length
        objects++
        return { name, size, modifiedMs: 0 }
      },
      get: nothing,
      stat: nothing,
      delete: nothing,
      list: async () => [],
    },
  }
}
