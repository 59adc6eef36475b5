/** What an institution asks of a user beside the password. */
import type { TransactionContext } from '@gatehouse/runtime/door/operation'
import { readOwnTenant } from '../../tenancy/index.ts'
import type { UserRow } from '../store.ts'
import type { FactorRow } from './store.ts'

type Who = Pick<UserRow, 'partner_id' | 'subject_id'>

/** Whether the institution lets this user in by no password alone. */
export async function mustHaveFactor({ tx }: Pick<TransactionContext, 'tx'>, user: Who): Promise<boolean> {
  const required = (await readOwnTenant(tx))?.settings.second_factor ?? 'staff'
  if (required === 'nobody') return false
  return required === 'everybody' || (user.partner_id === null && user.subject_id === null)
}

/**
 * Whether having the mailbox is enough of a second factor: only where the institution takes it, letters leave the node, and there is
 * nothing stronger. No attacker may choose the lock.
 */
export async function mailSuffices({ tx, node }: Pick<TransactionContext, 'tx' | 'node'>, user: Who, factors: readonly FactorRow[]): Promise<boolean> {
  if (factors.length > 0 || !node.mail.on || !(await mustHaveFactor({ tx }, user))) return false
  return (await readOwnTenant(tx))?.settings.mailed_code === true
}
