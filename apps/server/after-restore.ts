/**
 * What a node owes before it opens a door on a database that came from a backup: the people erased since are erased again, and
 * every log and every chain of the vault is verified. Broken off, all of it is done again at the next start.
 */
import { rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { reapplyErasures } from '@gatehouse/modules/custody/retention/index'
import { verifyVault } from '@gatehouse/modules/custody/vault/index'
import { listTenants } from '@gatehouse/modules/governance/tenancy/index'
import { verifyLedger } from '@gatehouse/modules/ledger/index'
import { nodeTenant, systemPrincipal } from '@gatehouse/runtime/base/context'
import { restoredMark } from '@gatehouse/runtime/data/backup/restore'
import type { Answer, Door } from '@gatehouse/runtime/door/door'

/** @throws Error naming the first log or vault that does not verify: such a node opens no door */
export async function catchUpAfterRestore(door: Door, home: string, onProgress: (step: string) => void): Promise<void> {
  const mark = join(home, restoredMark)
  if ((await stat(mark).catch(() => undefined)) === undefined) return
  const { node } = door
  onProgress('erasing again whom the backup brought back')
  const { erased, passed } = await reapplyErasures(node)
  onProgress('verifying the restored logs and vaults')
  const tenants = (await node.database.transaction('node', listTenants)).map(({ id }) => id)
  let blocks = 0
  let entries = 0
  for (const tenant of [nodeTenant, ...tenants]) {
    const restore = systemPrincipal(tenant, 'restore')
    const log = outputOf(await door.enter(verifyLedger, {}, restore))
    if (log.outcome === 'broken') throw new Error(`the restored log of ${tenant} does not verify: ${JSON.stringify(log.fault)}. No door was opened.`)
    entries += log.size
    if (tenant === nodeTenant) continue
    const vault = outputOf(await door.enter(verifyVault, {}, restore))
    if (vault.fault_count > 0)
      throw new Error(`the restored vault of ${tenant} has ${vault.fault_count} faults, the first at ${JSON.stringify(vault.faults[0])}. No door was opened.`)
    blocks += vault.blocks
  }
  onProgress(`the restored node holds: ${entries} entries and ${blocks} blocks verified, ${erased} people erased again`)
  node.log.info({ erased, passed, entries, blocks }, 'the node was restored from a backup, brought up to date and verified')
  await rm(mark)
}

function outputOf<Output>(answer: Answer<Output>): Output {
  if (answer.outcome !== 'done') throw new Error(`the verification after a restore was not let in: ${answer.outcome}`)
  return answer.output
}
