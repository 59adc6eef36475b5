/** What every way of setting a factor up ends with. */
import { instantSchema } from '@gatehouse/core/schema'
import type { TransactionContext } from '@gatehouse/runtime/door/operation'
import { z } from 'zod'
import { factorSchema } from '../schema.ts'
import { issueRecoveryCodes } from './codes.ts'
import { factorOf } from './factor.ts'
import { renew } from './renew.ts'
import { countRecoveryCodes, type FactorRow } from './store.ts'

export const enrolledSchema = z.strictObject({
  session_token: z.string().optional(),
  factor: factorSchema,
  /** Shown once, with the first factor: each opens the account once when the factor is lost. */
  recovery_codes: z.array(z.string()),
  expires_at: instantSchema.nullable(),
})

/** Setting a factor up proves it; a session that owed one is whole now. */
export async function enrolled(ctx: TransactionContext, factor: FactorRow): Promise<z.output<typeof enrolledSchema>> {
  const { tx, tenant, principal, node } = ctx
  const first = (await countRecoveryCodes(tx, tenant, principal.id)) === 0
  const codes = first ? await issueRecoveryCodes(node, tx, tenant, principal.id) : []
  const renewed = principal.session === undefined ? undefined : await renew(ctx, false)
  return {
    ...(renewed === undefined ? {} : { session_token: renewed.session_token }),
    factor: factorOf({ ...factor, confirmed_at: ctx.now }),
    recovery_codes: codes,
    expires_at: renewed?.session.expires_at ?? null,
  }
}
