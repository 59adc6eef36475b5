import type { Id } from '@gatehouse/core/id'

/**
 * Whoever can read the node's own files acts as the operator. It has a fixed id and no password, so the ledger tells its acts
 * from those of people, and where two people must agree it counts as one.
 */
export const operatorId = '00000000-0000-7000-8000-0000000f0e2a' as Id<'user'>
export const operatorRoles: readonly string[] = ['administrator', 'officer', 'operator']
