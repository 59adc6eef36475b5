/** One proof that it is the user: checked here for signing in, for dangerous acts, and for nothing else. */
import { instantOf } from '@gatehouse/core/instant'
import { utf8 } from '@gatehouse/crypto/bytes'
import { commitment } from '@gatehouse/crypto/hmac'
import { type Refusal, refuse, type TransactionContext } from '@gatehouse/runtime/door/operation'
import type { z } from 'zod'
import { afterFailure, factorRule, isLocked } from '../attempts.ts'
import { credentialsOf } from '../credentials.ts'
import { problems } from '../problems.ts'
import type { proofInput } from '../schema.ts'
import { keepAttempts, lockAttempts, userById } from '../store.ts'
import { codeDigest } from './codes.ts'
import { factorKey } from './keys.ts'
import { answeredBy } from './passkey.ts'
import { weakerWays } from './required.ts'
import { spendsCode } from './sent-code.ts'
import { type FactorRow, lockFactorsOf, spendRecoveryCode, usedFactor } from './store.ts'
import { openText, stepOf } from './totp.ts'

export type Proof = z.output<typeof proofInput>
export type Proven = { readonly by: 'totp' | 'passkey' | 'recovery' | 'mail' | 'sms' | 'password' }
export type NotProven = { readonly reason: 'locked' | 'refused' | 'too_weak'; readonly failures: number; readonly waitSeconds: number }

export function prove(ctx: TransactionContext, proof: Proof): Promise<Proven | NotProven> {
  return counted(ctx, () => holds(ctx, proof))
}

/** Counts failures per user over all kinds of proof, so that changing the kind gives no further guesses. */
export async function counted(ctx: TransactionContext, judge: () => Promise<Proven['by'] | 'too_weak' | undefined>): Promise<Proven | NotProven> {
  const { tx, tenant, principal, node } = ctx
  const digest = commitment(node.keys.primitives, await factorKey(node, tenant), 'gatehouse/identity/attempts/v1', utf8(principal.id))
  const attempts = await lockAttempts(tx, tenant, digest, ctx.now)
  const waitSeconds = (untilMs: number) => Math.max(0, Math.ceil((untilMs - ctx.nowMs) / 1000))
  if (isLocked(attempts, ctx.nowMs)) return { reason: 'locked', failures: attempts.failures, waitSeconds: waitSeconds(attempts.lockedUntilMs) }
  const by = await judge()
  if (by === 'too_weak') return { reason: 'too_weak', failures: attempts.failures, waitSeconds: 0 }
  const next = by === undefined ? afterFailure(attempts, ctx.nowMs, factorRule) : { failures: 0, lockedUntilMs: ctx.nowMs }
  await keepAttempts(tx, tenant, digest, next.failures, ctx.now, instantOf(next.lockedUntilMs))
  return by === undefined ? { reason: 'refused', failures: next.failures, waitSeconds: waitSeconds(next.lockedUntilMs) } : { by }
}

export function refusedProof({ reason, failures, waitSeconds }: NotProven): Refusal {
  if (reason === 'too_weak') return refuse(problems.factor_too_weak, undefined, { details: { reason } })
  return refuse(problems.factor_refused, waitSeconds === 0 ? undefined : `wait ${waitSeconds} seconds`, { details: { reason, failures } })
}

async function holds(ctx: TransactionContext, proof: Proof): Promise<Proven['by'] | 'too_weak' | undefined> {
  const { tx, tenant, principal, node } = ctx
  const factors = await lockFactorsOf(tx, tenant, principal.id)
  if (proof.code !== undefined) return (await byApp(ctx, factors, proof.code)) ? 'totp' : undefined
  if (proof.recovery !== undefined) {
    const digest = codeDigest(node.keys.primitives, await factorKey(node, tenant), principal.id, proof.recovery)
    return factors.length > 0 && (await spendRecoveryCode(tx, tenant, principal.id, digest)) ? 'recovery' : undefined
  }
  if (proof.passkey !== undefined) {
    const passkeys = factors.filter(({ kind }) => kind === 'passkey')
    const key = passkeys.find(({ credential_id }) => credential_id === proof.passkey?.id)
    return key !== undefined && (await answeredBy(ctx, key, proof.passkey, `prove ${principal.id}`)) ? 'passkey' : undefined
  }
  // What is weaker opens nothing where there is something stronger: no attacker may choose the lock.
  if (factors.length > 0) return 'too_weak'
  return byWeaker(ctx, proof)
}

async function byWeaker(ctx: TransactionContext, { mailed, texted, password = '' }: Proof): Promise<Proven['by'] | 'too_weak' | undefined> {
  const user = await userById(ctx.tx, ctx.tenant, ctx.principal.id as never)
  if (user === undefined) return undefined
  const { mail, phone } = await weakerWays(ctx, user, [])
  if (mailed !== undefined) return !mail ? 'too_weak' : (await spendsCode(ctx, undefined, mailed)) ? 'mail' : undefined
  if (texted !== undefined) return phone === undefined ? 'too_weak' : (await spendsCode(ctx, phone.id, texted)) ? 'sms' : undefined
  if (mail || phone !== undefined) return 'too_weak'
  return (await ctx.node.of(credentialsOf).isPassword(ctx, user.id, password)) ? 'password' : undefined
}

async function byApp({ tx, tenant, node, now, nowMs }: TransactionContext, factors: readonly FactorRow[], code: string): Promise<boolean> {
  const { primitives } = node.keys
  for (const factor of factors.filter(({ kind }) => kind === 'totp')) {
    const seed = openText(primitives, await factorKey(node, tenant), factor.id, factor.sealed)
    const step = await stepOf(primitives, seed, code, nowMs, factor.last_step)
    if (step === undefined) continue
    await usedFactor(tx, tenant, factor.id, now, { step })
    return true
  }
  return false
}
