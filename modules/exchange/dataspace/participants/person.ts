import type { Id } from '@gatehouse/core/id'
import type { TransactionContext } from '@gatehouse/runtime/door/operation'
import { staffMember } from '../../../governance/identity/index.ts'

/** Somebody of the staff, who can be asked about again. A machine's own credential is nobody on the review desk. */
export const isPerson = async ({ tx, tenant, principal }: TransactionContext): Promise<boolean> =>
  principal.kind === 'user' && (await staffMember(tx, tenant, principal.id as Id<'user'>)) !== undefined
