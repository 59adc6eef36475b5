/** Answers for applications that were not admitted yet: of the operation's shape, made up from what was asked. */
import { canonicalJson } from '@gatehouse/core/canonical-json'
import { madeUp } from '@gatehouse/core/made-up'
import { Problem } from '@gatehouse/core/problem'
import { lengthPrefixed, readU32 } from '@gatehouse/crypto/bytes'
import type { Primitives } from '@gatehouse/crypto/primitives'
import type { Principal } from '../base/context.ts'
import type { ActContext, AnyOperation } from './operation.ts'
import { doorProblems } from './problems.ts'

/** Whether an operation's answer is one value, which can be made up: no file, stream or session. */
export function hasSandbox(operation: AnyOperation): boolean {
  if (operation.session !== undefined) return false
  return operation.kind !== 'steps' || ((operation.answers ?? 'json') === 'json' && operation.streams !== true)
}

/**
 * The same for the same question of the same application, so that a program can be tested against it.
 * @throws Problem `not_in_sandbox`
 */
export function sandboxAnswer(operation: AnyOperation, { application }: Pick<Principal, 'application'>, input: unknown, { sha256 }: Primitives): unknown {
  if (!hasSandbox(operation)) throw new Problem(doorProblems.not_in_sandbox)
  const seed = readU32(sha256(lengthPrefixed([application?.id ?? '', operation.name, canonicalJson(input ?? null)])))
  const answer = operation.example?.output ?? madeUp(operation.output, seed)
  const parsed = operation.output.safeParse(answer)
  if (!parsed.success) throw new Problem(doorProblems.not_in_sandbox)
  return parsed.data
}

/** Past all checks: the operation itself is not run, and nothing is opened or changed. Its entry has a type of its own, for nothing happened. */
export async function inSandbox({ node, tenant, principal, entry, record, operation }: ActContext & { readonly operation: AnyOperation }, input: unknown) {
  const output = sandboxAnswer(operation, principal, input, node.keys.primitives)
  if (typeof operation.audit === 'function') await node.database.transaction(tenant, (tx) => record(tx, `${operation.name}.sandbox`, {}))
  return { outcome: 'done' as const, output, tenant, entry, principal }
}
