/** A session whose run is over leaves nothing: neither what was said in it nor the files that lay beside. */
import type { Id } from '@gatehouse/core/id'
import type { Tx } from '@gatehouse/runtime/data/db'
import type { Node } from '@gatehouse/runtime/door/node'
import { isOnItsWay } from '../../../federation/index.ts'
import { findRun } from '../../runs/store.ts'
import { forgetFiles } from '../../runs/sweep.ts'
import { partsFolder } from '../files.ts'
import { errandOf } from '../store.ts'
import { deleteSession, sessions, wordsOf } from './store.ts'

const atOnceMax = 500

export async function tidySessions(node: Node): Promise<void> {
  const known = await node.database.transaction('node', (tx) => sessions(tx, atOnceMax))
  for (const { tenant_id: tenant, id } of known) {
    if (!(await node.database.transaction(tenant, (tx) => isOver(tx, id)))) continue
    // Those of an errand go with it.
    const errand = await node.database.transaction(tenant, (tx) => errandOf(tx, id))
    if (errand === undefined) await forgetFiles(node.blobs, `${partsFolder(tenant, id)}/`)
    await node.database.transaction(tenant, (tx) => deleteSession(tx, id))
  }
}

/** Its run is over, and what was said has arrived or never will: files stay as long as their message. */
async function isOver(tx: Tx, id: Id<'query_run'>): Promise<boolean> {
  const run = await findRun(tx, id)
  if (run !== undefined && run.wrapped !== null) return false
  for (const { message_id } of await wordsOf(tx, id)) {
    if (message_id !== null && (await isOnItsWay(tx, message_id))) return false
  }
  return true
}
