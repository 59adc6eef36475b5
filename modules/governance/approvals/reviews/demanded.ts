import { type Refusal, refuse, type TransactionContext } from '@gatehouse/runtime/door/operation'
import { approvalsProblems } from '../problems.ts'
import { insteadOf } from './kinds.ts'

/** @returns the refusal of an act that the institution wants panels to judge instead */
export async function reviewDemanded({ tx, node }: Pick<TransactionContext, 'tx' | 'node'>, operation: string): Promise<Refusal | undefined> {
  const kind = await insteadOf(tx, node, operation)
  return kind && refuse(approvalsProblems.review_demanded, `the institution demands a review of the kind ${kind.name}`)
}
