/** What stands behind a project in the model of rights: who holds which role there, while it is active. */
import type { Relationship } from '@gatehouse/policy/relations/relationship'
import type { TransactionContext } from '@gatehouse/runtime/door/operation'
import { closeScope, holdingIn, openScope, standingOf, writeRelations } from '../access/index.ts'
import type { Member, Project } from './schema.ts'
import { membersOf } from './store.ts'

type Act = Pick<TransactionContext, 'tx' | 'tenant' | 'node'>
type Of = Pick<Project, 'id' | 'ends_at'>

const scopeOf = ({ id }: Pick<Project, 'id'>) => ({ kind: 'project' as const, id })

/** Whoever is a member sees the project; what else they may do in it comes with the role. */
export async function openRights(act: Act, project: Of): Promise<void> {
  await openScope(act, scopeOf(project), project.ends_at)
  const everybody = holdingIn(scopeOf(project), 'project_member', { type: 'project', id: project.id, relation: 'member' }, project.ends_at)
  const members = (await membersOf(act.tx, project.id)).filter(({ state }) => state === 'admitted')
  await write(act, { touch: [everybody, ...members.flatMap((member) => relationsOf(project, member))] })
}

export async function closeRights(act: Act, project: Pick<Project, 'id'>): Promise<void> {
  await closeScope(act, scopeOf(project))
  standingOf(act.node).forget(act.tenant)
}

export const admit = (act: Act, project: Of, member: Member): Promise<void> => write(act, { touch: relationsOf(project, member) })
export const dismiss = (act: Act, project: Of, member: Member): Promise<void> => write(act, { delete: relationsOf(project, member) })

async function write(act: Act, change: { readonly touch?: readonly Relationship[]; readonly delete?: readonly Relationship[] }): Promise<void> {
  await writeRelations(act.tx, act.tenant, change)
  standingOf(act.node).forget(act.tenant)
}

function relationsOf(project: Of, { kind, holder, role }: Member): Relationship[] {
  const subject = kind === 'user' ? { type: 'staff', id: holder } : { type: 'team', id: holder, relation: 'member' }
  return [{ object: { type: 'project', id: project.id }, relation: 'member', subject }, holdingIn(scopeOf(project), role, subject, project.ends_at)]
}
