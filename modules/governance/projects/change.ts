/** What every change of a project has in common. */
import { canonicalJson } from '@gatehouse/core/canonical-json'
import type { Id } from '@gatehouse/core/id'
import { toHex, utf8 } from '@gatehouse/crypto/bytes'
import { type Refusal, refuse, type TransactionContext } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { projectsProblems } from './problems.ts'
import type { Project } from './schema.ts'
import { stateAt } from './states.ts'
import { projectById } from './store.ts'

/** The project, held until the act ends, or the refusal where there is none or it is over. */
export async function changeable(ctx: TransactionContext, id: Id<'project'>): Promise<Project | Refusal> {
  const project = await projectById(ctx.tx, id, true)
  if (project === undefined) return refuse(doorProblems.not_found)
  return stateAt(project, ctx.now) === 'ended' ? refuse(projectsProblems.step_refused, 'the project has ended', factsOf(project)) : project
}

export const factsOf = ({ id }: Pick<Project, 'id'>) => ({ object: { kind: 'project', id } })

export function announce(ctx: TransactionContext, { id, state }: Pick<Project, 'id' | 'state'>): void {
  ctx.publish({ type: 'projects.changed', subject: id, data: { project: id, state } })
}

/** SHA-256 in hex of terms as canonical JSON, for the ledger. */
export function termsDigest({ node }: Pick<TransactionContext, 'node'>, terms: object): string {
  return toHex(node.keys.primitives.sha256(utf8(canonicalJson(terms as never))))
}
