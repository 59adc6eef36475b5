/** Everything that happened stands in the log, and an outsider checks the log without the node. */
import { mkdir, writeFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { must } from '@gatehouse/sdk/client'
import { ownLog, readLogFile } from '../../commands/log.ts'
import { exportLog } from '../../files/export-log.ts'
import type { Connection } from '../../node/connection.ts'
import { verdictOn } from '../../node/verifier.ts'
import { count } from '../../terminal/output.ts'
import type { Story } from '../story.ts'

export interface Proof {
  readonly log: string
  readonly keys: string
  readonly file: string
  readonly entries: number
}

export async function proveIt(story: Story, connection: Connection, folder: string, file: Uint8Array): Promise<Proof> {
  story.step('The proof leaves the house')
  await mkdir(folder, { recursive: true })
  const [log, keys, result] = [join(folder, 'log'), join(folder, 'keys.txt'), join(folder, 'result.json')]
  await writeFile(result, file, { mode: 0o600 })
  const { key_file } = must(await connection.client.GET('/v1/evidence/keys', {}))
  await writeFile(keys, key_file)
  const id = await ownLog(connection)
  const { size } = await exportLog(log, (path) => readLogFile(connection, id, path))
  story.tell(`${relative('.', log)} holds all ${count(size)} entries of the institution’s log; ${relative('.', keys)} the public keys.`)
  const exitCode = await verdictOn(['log', log, '--key', keys])
  story.claim('An independent program that shares no code with the node finds it whole, offline.', exitCode === 0, String(exitCode))
  return { log, keys, file: result, entries: size }
}
