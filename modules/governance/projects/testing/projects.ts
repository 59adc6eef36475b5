/** A node with projects and all that they rest on, and the few steps that their tests begin with. */
import type { Id } from '@gatehouse/core/id'
import type { Principal } from '@gatehouse/runtime/base/context'
import type { Module } from '@gatehouse/runtime/door/module'
import type { AnyOperation } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { type TestNode, testNode } from '@gatehouse/runtime/door/testing/node'
import { expect } from 'vitest'
import { ledgerModule } from '../../../ledger/index.ts'
import { subjectsModule } from '../../../subjects/index.ts'
import { accessModule, authorize } from '../../access/index.ts'
import { approvalsModule, approve, declareReviewKinds } from '../../approvals/index.ts'
import { identityModule } from '../../identity/index.ts'
import { insertAccount, insertUser } from '../../identity/store.ts'
import { createTeam } from '../../identity/teams/teams.ts'
import { partnersModule } from '../../partners/index.ts'
import { policiesModule } from '../../policies/index.ts'
import { tenancyModule } from '../../tenancy/index.ts'
import { projectsModule } from '../index.ts'
import { readProject } from '../read.ts'

export type ProjectsNode = Awaited<ReturnType<typeof projectsNode>>
export const dayMs = 86_400_000

/** @param more modules that are tested in projects, lowest first */
export async function projectsNode(
  more: readonly Module[] = [],
  options: Pick<Parameters<typeof testNode>[0], 'egressAllow' | 'clock'> = {},
  plugs: Parameters<typeof testNode>[0]['plugs'] = {},
) {
  const t: TestNode = await testNode({
    ...options,
    modules: [
      ledgerModule,
      subjectsModule,
      tenancyModule,
      accessModule,
      partnersModule,
      identityModule,
      approvalsModule,
      policiesModule,
      projectsModule,
      ...more,
    ],
    plugs: { allowed: authorize, approve, ...plugs },
  })
  declareReviewKinds(
    t.door.node,
    [policiesModule, projectsModule, ...more].flatMap(({ reviewKinds = [] }) => reviewKinds),
  )
  let count = 0
  const inDays = (days: number) => new Date(t.clock.nowMs() + days * dayMs).toISOString()

  /** A member of the staff with an account that can sign in. */
  async function staff(roles: string[] = [], tenant: Id<'tenant'> = t.tenant): Promise<Principal> {
    const number = (++count).toString(16).padStart(12, '0')
    const id = `01980000-0000-7000-9000-${number}` as Id<'user'>
    const row = { tenant_id: tenant, id, email: `p${number}@example.org`, name: 'P', roles, created_at: inDays(0) as never, partner_id: null, subject_id: null }
    await t.database.transaction(tenant, async (tx) => {
      await insertUser(tx, row)
      await insertAccount(
        tx,
        tenant,
        { id: `01980000-0000-7000-a000-${number}`, userId: id, providerId: 'credential', accountId: id, password: null },
        inDays(0) as never,
      )
    })
    return t.principal({ id, roles, tenant, session: 'here' })
  }
  const enter = (operation: AnyOperation, input: object, by: Principal) => t.door.enter(operation, input, { ...by, provenAtMs: t.clock.nowMs() })
  async function done<T>(operation: AnyOperation, input: object, by: Principal): Promise<T> {
    const answer = await enter(operation, input, by)
    if (answer.outcome !== 'done') throw answer.outcome === 'refused' ? answer.problem : new Error(answer.outcome)
    return answer.output as T
  }
  /** The kind of problem that an act ends with. */
  const refused = (operation: AnyOperation, input: object, by: Principal) =>
    done(operation, input, by).then(
      () => expect.fail('it was not refused'),
      (problem: { kind: unknown }) => problem.kind,
    )
  async function team(...members: Principal[]): Promise<string> {
    const by = t.principal({ roles: ['administrator'] })
    return (await done<{ id: string }>(createTeam, { name: `Team ${++count}`, members: members.map(({ id }) => id) }, by)).id
  }
  async function reads(project: { readonly id: string }, who: Principal): Promise<boolean> {
    const kind = await done(readProject, { project: project.id }, who).then(
      () => undefined,
      (problem: { kind: unknown }) => problem.kind,
    )
    if (kind !== undefined) expect(kind).toBe(doorProblems.not_allowed)
    return kind === undefined
  }
  const terms = () => ({
    title: 'Falls at home',
    purpose: 'dpv:ScientificResearch',
    agreement: { reference: 'DSA 17' },
    starts_at: inDays(0),
    ends_at: inDays(30),
  })
  return { t, inDays, staff, team, enter, done, refused, reads, terms }
}
