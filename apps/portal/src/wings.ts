/** The wings of the house as a person sees them: those that the roles have something to do in. The API refuses the rest anyway. */
import { IconArrowsExchange, IconBooks, IconDatabase, IconScale, IconSettings, type TablerIcon } from '@tabler/icons-react'

export interface Wing {
  readonly name: 'exchange' | 'custody' | 'governance' | 'ledger' | 'administration'
  readonly icon: TablerIcon
  readonly roles: readonly string[]
}

const staff = ['administrator', 'officer', 'auditor']

const wings: readonly Wing[] = [
  { name: 'exchange', icon: IconArrowsExchange, roles: staff },
  { name: 'custody', icon: IconDatabase, roles: staff },
  { name: 'governance', icon: IconScale, roles: staff },
  { name: 'ledger', icon: IconBooks, roles: staff },
  { name: 'administration', icon: IconSettings, roles: ['administrator'] },
]

export function wingsFor(roles: readonly string[]): Wing[] {
  return wings.filter((wing) => wing.roles.some((role) => roles.includes(role)))
}
