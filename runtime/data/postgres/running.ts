/** The server of a home that runs: how a command on the same machine reaches it. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import type { SocketConnection } from './cluster.ts'
import { superuser } from './settings.ts'

const archiveLimitMs = 60_000

/** @throws Error saying that no server runs there */
export async function runningSuperuser(home: string): Promise<SocketConnection> {
  const lines = (await readFile(join(home, 'postgres', 'data', 'postmaster.pid'), 'utf8').catch(() => '')).split('\n')
  const [port, host] = [Number(lines[3]), lines[4]]
  if (!Number.isInteger(port) || host === undefined || host === '')
    throw new Error(`No PostgreSQL runs in ${home}. A backup is made while the node runs: npm start.`)
  return { host, port, user: superuser, database: 'postgres' }
}

/** Ends the segment that is being written, and waits until it lies in the archive. */
export async function switchLog(connection: SocketConnection): Promise<void> {
  const client = new pg.Client(connection)
  await client.connect()
  try {
    // Where nothing was written since the last switch, the answer is the first byte of a segment nobody has ended: what counts lies before it.
    const [written] = (await client.query<{ segment: string }>('SELECT pg_walfile_name(pg_switch_wal() - 1) AS segment')).rows
    for (const deadline = Date.now() + archiveLimitMs; ; await sleep(100)) {
      const [row] = (await client.query<{ last: string | null }>('SELECT last_archived_wal AS last FROM pg_stat_archiver')).rows
      if ((row?.last ?? '') >= (written?.segment ?? '')) return
      if (Date.now() > deadline) throw new Error('PostgreSQL did not hand its log to the archive within a minute; its own log says why.')
    }
  } finally {
    await client.end()
  }
}
