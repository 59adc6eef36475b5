import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openDatabase } from '../runtime/data/postgres/open.ts'

/** One PostgreSQL for the whole run, in a temporary folder; each test makes databases of its own in it (`testDatabase`). */
export default async function setup(): Promise<() => Promise<void>> {
  const instanceDir = await mkdtemp(join(tmpdir(), 'gatehouse-test-'))
  const { connection, superuser, stop } = await openDatabase({ instanceDir, searchPath: process.env.PATH, durable: false })
  process.env.GATEHOUSE_TEST_PG = JSON.stringify({ connection, superuser })
  return async () => {
    await stop()
    await rm(instanceDir, { recursive: true, force: true })
  }
}
