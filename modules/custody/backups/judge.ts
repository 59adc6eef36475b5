/** How it stands with the backups, in one word. Pure. */
import { type Instant, instantMs } from '@gatehouse/core/instant'
import { type Backup, lateAfter, type Standing } from './schema.ts'

type Seen = Pick<Backup, 'made_at' | 'tried_at' | 'fault' | 'gone_at'>

export function judge(newestFirst: readonly Seen[], everyHours: number, now: Instant): Standing {
  const newest = newestFirst.find(({ gone_at }) => gone_at === null)
  if (newest === undefined) return 'none'
  if (newest.fault !== null) return 'faulty'
  if (isOlder(newest.made_at, lateAfter * everyHours, now)) return 'late'
  return newest.tried_at === null ? 'untried' : 'good'
}

/** Whether so many hours have passed since. */
export function isOlder(at: Instant, hours: number, now: Instant): boolean {
  return instantMs(now) - instantMs(at) >= hours * 3_600_000
}
