import type { Instant } from '@gatehouse/core/instant'
import type { Tx } from '@gatehouse/runtime/data/db'
import type { BeaconSetting, Level } from './schema.ts'

export async function settingOf(tx: Tx): Promise<{ readonly document: BeaconSetting; readonly changed_at: Instant } | undefined> {
  return (
    await tx.query<{ document: BeaconSetting; changed_at: Instant }>('SELECT document, changed_at FROM beacon.setting WHERE tenant_id = $1', [tx.tenant])
  )[0]
}

export async function putSetting(tx: Tx, document: BeaconSetting, at: Instant): Promise<void> {
  await tx.query(
    `INSERT INTO beacon.setting (tenant_id, document, changed_at) VALUES ($1, $2, $3)
      ON CONFLICT (tenant_id) DO UPDATE SET document = $2, changed_at = $3`,
    [tx.tenant, JSON.stringify(document), at],
  )
}

/** Counts a question, and says how many there were in its minute; minutes that are over are forgotten. */
export async function tally(tx: Tx, level: Level, now: Instant): Promise<number> {
  await tx.change("DELETE FROM beacon.tally WHERE tenant_id = $1 AND minute < date_trunc('minute', $2::timestamptz)", [tx.tenant, now])
  const rows = await tx.query<{ questions: number }>(
    `INSERT INTO beacon.tally (tenant_id, minute, level, questions) VALUES ($1, date_trunc('minute', $2::timestamptz), $3, 1)
      ON CONFLICT (tenant_id, minute, level) DO UPDATE SET questions = beacon.tally.questions + 1 RETURNING questions`,
    [tx.tenant, now, level],
  )
  return rows[0]?.questions ?? 0
}
