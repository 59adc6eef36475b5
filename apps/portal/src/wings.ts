/** The wings of the house, in the order of the navigation. Pages say in `features/<wing>/pages.ts` which wing they belong to. */
import { IconArrowsExchange, IconBooks, IconChartHistogram, IconDatabase, IconScale, IconSettings, IconUserHeart, type TablerIcon } from '@tabler/icons-react'
import type { Needed } from './rights.ts'

export type WingName = 'exchange' | 'custody' | 'governance' | 'insight' | 'ledger' | 'administration' | 'me'

export interface Wing {
  readonly name: WingName
  readonly icon: TablerIcon
  /** Opens the wing's own page, which says what the wing is for, also while it has no other. */
  readonly needed: Needed
}

export const wings: readonly Wing[] = [
  { name: 'exchange', icon: IconArrowsExchange, needed: { action: 'read', on: 'release' } },
  { name: 'custody', icon: IconDatabase, needed: { action: 'read', on: 'record_type' } },
  { name: 'governance', icon: IconScale, needed: { action: 'read', on: 'policy' } },
  { name: 'insight', icon: IconChartHistogram, needed: { action: 'read', on: 'ledger_entry', everybodys: true } },
  { name: 'ledger', icon: IconBooks, needed: { action: 'read', on: 'ledger_entry' } },
  { name: 'administration', icon: IconSettings, needed: { action: 'update', on: 'tenant' } },
  // The person concerned sees this one and no other; everybody finds their own sessions in it, by the account menu.
  { name: 'me', icon: IconUserHeart, needed: { kinds: ['person'] } },
]
