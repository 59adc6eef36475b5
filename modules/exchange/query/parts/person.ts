/** Somebody of another node in a project of this one: a member like any other, whose rights are the project's and end with it. */
import type { Id } from '@gatehouse/core/id'
import type { ActContext, Action, Behalf, Resource } from '@gatehouse/runtime/door/operation'
import { authorize } from '../../../governance/access/index.ts'
import { inProject } from '../schema.ts'

const principalOf = (person: Id<'user'>): Behalf['principal'] => ({ kind: 'user', id: person, roles: [] })

export async function mayHere({ node, tenant }: Pick<ActContext, 'node' | 'tenant'>, person: Id<'user'>, action: Action, resource: Resource): Promise<boolean> {
  return (await authorize({ ...principalOf(person), tenant }, action, resource, node)) !== false
}

/** In whose place a run acts that somebody of another node asked for: asked again at each step, like any run's. */
export const behalfOfPerson = (person: Id<'user'>, project: Id<'project'>): Behalf => ({
  principal: principalOf(person),
  action: 'create',
  resource: inProject('query_run')({ project }),
})
