import { mkdtemp, rm, statfs } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openDatabase } from '../runtime/data/postgres/open.ts'

/**
 * One PostgreSQL for the whole run; each test makes databases of its own in it (`testDatabase`). It lies in `GATEHOUSE_TEST_FOLDER`, where the
 * homes of nodes lie too.
 */
export default async function setup(): Promise<() => Promise<void>> {
  const folder = process.env.GATEHOUSE_TEST_FOLDER ?? (await roomiest())
  process.env.GATEHOUSE_TEST_FOLDER = folder
  const instanceDir = await mkdtemp(join(folder, 'gatehouse-test-'))
  const { connection, superuser, stop } = await openDatabase({ instanceDir, searchPath: process.env.PATH, durable: false })
  process.env.GATEHOUSE_TEST_PG = JSON.stringify({ connection, superuser })
  return async () => {
    await stop()
    await rm(instanceDir, { recursive: true, force: true })
  }
}

const roomBytes = 4 * 2 ** 30

/** In memory where there is room: a database is hundreds of files, made there with a tenth of the work, and nothing waits for a disk. */
async function roomiest(): Promise<string> {
  const memory = '/dev/shm'
  const free = await statfs(memory).then(
    ({ bavail, bsize }) => bavail * bsize,
    () => 0,
  )
  return free > roomBytes ? memory : tmpdir()
}
