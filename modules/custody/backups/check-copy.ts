/** Whether what came back is what was written: every log and every chain of the vault, in a database that was restored for a trial. */
import { nodeTenant } from '@gatehouse/runtime/base/context'
import { BackupError } from '@gatehouse/runtime/data/backup/sealed-file'
import type { Database } from '@gatehouse/runtime/data/db'
import type { Node } from '@gatehouse/runtime/door/node'
import { logSizes, verifyLog } from '../../ledger/index.ts'
import { walkVault } from '../vault/index.ts'

/**
 * Institutions that the node itself knows no more were erased since; their keys are gone and the copy cannot be read.
 * @throws BackupError naming the first log or vault that does not verify
 */
export async function checkCopy(node: Node, restored: Database): Promise<void> {
  const copy = { ...node, database: restored }
  for (const { tenant } of await node.database.transaction('node', logSizes)) {
    const { fault } = await verifyLog(copy, tenant)
    if (fault !== undefined) throw new BackupError(`the log of ${tenant} does not verify in the copy: ${fault.kind}`)
    if (tenant === nodeTenant) continue
    const { faultCount } = await walkVault({ node: copy, tenant, step: (act) => restored.transaction(tenant, act) })
    if (faultCount > 0) throw new BackupError(`the vault of ${tenant} has ${faultCount} faults in the copy`)
  }
}
