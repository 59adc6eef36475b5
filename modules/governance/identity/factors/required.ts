/** What an institution asks of a user beside the password. */
import type { TransactionContext } from '@gatehouse/runtime/door/operation'
import { readOwnTenant } from '../../tenancy/index.ts'
import type { UserRow } from '../store.ts'
import { type FactorRow, type PhoneRow, phoneOf } from './store.ts'

type Who = Pick<UserRow, 'partner_id' | 'subject_id'>

/** Whether the institution lets this user in by no password alone. */
export async function mustHaveFactor({ tx }: Pick<TransactionContext, 'tx'>, user: Who): Promise<boolean> {
  const required = (await readOwnTenant(tx))?.settings.second_factor ?? 'staff'
  if (required === 'nobody') return false
  return required === 'everybody' || (user.partner_id === null && user.subject_id === null)
}

/** What is enough of a second factor for want of a stronger one. */
export interface WeakerWays {
  readonly mail: boolean
  /** Whether codes by SMS are taken, from whoever has confirmed a telephone. */
  readonly sms: boolean
  readonly phone: PhoneRow | undefined
}

/**
 * Whether having the mailbox or the telephone is enough of a second factor: only where the institution takes it, letters or messages
 * leave the node, and there is nothing stronger. No attacker may choose the lock.
 */
export async function weakerWays(
  { tx, node }: Pick<TransactionContext, 'tx' | 'node'>,
  user: Who & Pick<UserRow, 'tenant_id' | 'id'>,
  factors: readonly FactorRow[],
): Promise<WeakerWays> {
  if (factors.length > 0 || !(await mustHaveFactor({ tx }, user))) return { mail: false, sms: false, phone: undefined }
  const settings = (await readOwnTenant(tx))?.settings
  const sms = node.sms !== undefined && settings?.texted_code === true
  return { mail: node.mail.on && settings?.mailed_code === true, sms, phone: sms ? await phoneOf(tx, user.tenant_id, user.id) : undefined }
}
