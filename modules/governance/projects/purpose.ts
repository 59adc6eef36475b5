import { type Refusal, refuse, type TransactionContext } from '@gatehouse/runtime/door/operation'
import { purposeTree } from '../policies/index.ts'
import { projectsProblems } from './problems.ts'

/** The refusal for the first of the purposes that does not stand in the institution's tree. */
export async function refusedPurpose({ node, tx }: TransactionContext, purposes: readonly string[]): Promise<Refusal | undefined> {
  const tree = await purposeTree(node, tx)
  const unknown = purposes.find((purpose) => !tree.has(purpose))
  return unknown === undefined ? undefined : refuse(projectsProblems.purpose_unknown, `there is no purpose ${unknown}`)
}
