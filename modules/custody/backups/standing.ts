import type { Instant } from '@gatehouse/core/instant'
import { nodeTenant } from '@gatehouse/runtime/base/context'
import type { Node } from '@gatehouse/runtime/door/node'
import { judge } from './judge.ts'
import { type Backup, listMax, type Standing } from './schema.ts'
import { listBackups } from './store.ts'

/** The list, and how it stands with it now. */
export async function backupStanding({ database, backups }: Node, now: Instant): Promise<{ standing: Standing; data: Backup[] }> {
  const data = await database.transaction(nodeTenant, (tx) => listBackups(tx, listMax))
  return { standing: typeof backups === 'string' ? backups : judge(data, backups.schedule.everyHours, now), data }
}
