/** Rights in a product or project: they hold there, nowhere else, and no longer than it. */
import type { Instant } from '@gatehouse/core/instant'
import type { Principal } from '@gatehouse/runtime/base/context'
import type { Tx } from '@gatehouse/runtime/data/db'
import { defineModule } from '@gatehouse/runtime/door/module'
import { operation } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { type TestNode, testNode } from '@gatehouse/runtime/door/testing/node'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { assignRole, listHolders, unassignRole } from './assign.ts'
import { stalenessMaxMs } from './authorizer.ts'
import { whatMay, whoMay } from './explain.ts'
import { accessModule, authorize, closeScope, openScope } from './index.ts'
import { accessProblems } from './problems.ts'
import { createRole, updateRole } from './save-role.ts'
import type { OwnRole, Scope } from './schema.ts'

const lookAt = operation({
  name: 'look.at',
  summary: 'Look',
  input: z.strictObject({ type: z.string(), kind: z.enum(['product', 'project']).default('product'), in: z.string().optional() }),
  output: z.strictObject({}),
  access: { action: 'read', on: ({ type, kind, in: place }) => ({ type, ...(place === undefined ? {} : { scope: { kind, id: place } }) }) },
  audit: { none: 'a test that looks' },
  run: async () => ({}),
})

let t: TestNode
beforeAll(async () => {
  t = await testNode({ modules: [accessModule, defineModule({ name: 'look', operations: [lookAt], problems: {} })], plugs: { allowed: authorize } })
})
afterAll(() => t.close())

let count = 0
const fresh = () => `01980000-0000-7000-8000-${(++count).toString(16).padStart(12, '0')}`
const someone = (roles: readonly string[] = []): Principal => t.principal({ id: fresh(), roles })
const admin = () => t.principal({ roles: ['administrator', 'officer'] })
const open = async (endsAt: Instant | null = null, kind: Scope['kind'] = 'product') => {
  const scope = { kind, id: fresh() }
  await t.database.transaction(t.tenant, (tx) => openScope({ tx, tenant: t.tenant, node: t.door.node }, scope, endsAt))
  return scope
}
const inDays = (days: number) => new Date(t.clock.nowMs() + days * 86_400_000).toISOString() as Instant
const give = (role: string, to: Principal, scope: Scope, more: object = {}, by = admin()) =>
  t.door.enter(assignRole, { role, to: 'user', id: to.id, scope, ...more } as never, by)
const sees = async (who: Principal, type: string, scope?: Scope): Promise<boolean> => {
  try {
    await t.door.enter(lookAt, { type, ...(scope === undefined ? {} : { kind: scope.kind, in: scope.id }) }, who)
    return true
  } catch (error) {
    expect(error).toMatchObject({ kind: doorProblems.not_allowed })
    return false
  }
}
const make = async (grants: object[]): Promise<OwnRole> => {
  const answer = await t.door.enter(createRole, { name: `r-${++count}`, grants } as never, admin())
  if (answer.outcome !== 'done') throw new Error('not made')
  return answer.output
}

describe('a role held in a product', () => {
  it('cannot be given in one that is unknown, over or closed', async () => {
    const who = someone()
    const over = await open(inDays(-1))
    const closed = await open()
    await t.database.transaction(t.tenant, (tx) => closeScope({ tx, tenant: t.tenant }, closed))
    for (const scope of [{ kind: 'product' as const, id: fresh() }, over, closed])
      expect(await give('researcher', who, scope)).toMatchObject({ outcome: 'refused', problem: { kind: accessProblems.scope_closed } })
  })

  it('cannot be given in a project, for roles there come with membership, and none of those is given elsewhere', async () => {
    await expect(give('researcher', someone(), await open(null, 'project'))).rejects.toMatchObject({ kind: { status: 400 } })
    expect(await give('project_lead', someone(), await open())).toMatchObject({ outcome: 'refused', problem: { kind: accessProblems.role_fixed } })
    expect(await t.door.enter(assignRole, { role: 'project_lead', to: 'user', id: fresh() }, admin())).toMatchObject({ outcome: 'refused' })
  })

  it('gives there what it gives, and nothing in another product or outside', async () => {
    const [mine, other] = [await open(), await open()]
    const who = someone()
    await give('researcher', who, mine)
    expect([await sees(who, 'policy', mine), await sees(who, 'policy', other), await sees(who, 'policy')]).toEqual([true, false, false])
    expect([await sees(who, 'record', mine), await sees(who, 'webhook', { ...mine, kind: 'project' })]).toEqual([false, false])
  })

  it('is not given by somebody who has it in another product only', async () => {
    const [mine, other] = [await open(), await open()]
    const keeper = await make([{ area: 'role', level: 'write' }])
    const lead = someone()
    await t.door.enter(assignRole, { role: keeper.id, to: 'user', id: lead.id }, admin())
    await give('researcher', lead, mine)
    expect(await give('researcher', someone(), mine, {}, lead)).toMatchObject({ outcome: 'done' })
    expect(await give('researcher', someone(), other, {}, lead)).toMatchObject({ outcome: 'refused', problem: { kind: accessProblems.more_than_own } })
  })

  it('ends with the product, by the clock alone, and no later however it was given', async () => {
    const scope = await open(inDays(1))
    const who = someone()
    const answer = await give('researcher', who, scope, { ends_at: inDays(30) })
    expect(answer).toMatchObject({ output: { ends_at: inDays(1), scope } })
    expect(await sees(who, 'policy', scope)).toBe(true)
    t.clock.advance(86_400_000)
    expect(await sees(who, 'policy', scope)).toBe(false)
  })

  it('ends at once when the product is ended, and follows when its end is moved', async () => {
    const scope = await open(inDays(30))
    const who = someone()
    await give('researcher', who, scope)
    await t.database.transaction(t.tenant, (tx) => openScope({ tx, tenant: t.tenant, node: t.door.node }, scope, inDays(1)))
    t.clock.advance(stalenessMaxMs)
    expect(await sees(who, 'policy', scope)).toBe(true)
    t.clock.advance(86_400_000)
    expect(await sees(who, 'policy', scope)).toBe(false)

    const again = await open()
    await give('researcher', who, again)
    expect(await sees(who, 'policy', again)).toBe(true)
    await t.database.transaction(t.tenant, (tx) => closeScope({ tx, tenant: t.tenant }, again))
    t.clock.advance(stalenessMaxMs)
    expect(await sees(who, 'policy', again)).toBe(false)
  })

  it('of the institution’s own gives there what it says, changes with it, and goes with it', async () => {
    const scope = await open()
    const who = someone()
    const role = await make([{ area: 'webhook', level: 'read' }])
    await give(role.id, who, scope)
    expect([await sees(who, 'webhook', scope), await sees(who, 'webhook'), await sees(who, 'policy', scope)]).toEqual([true, false, false])
    await t.door.enter(updateRole, { role: role.id, name: role.name, grants: [{ area: 'policy', level: 'read' }] }, admin())
    expect([await sees(who, 'webhook', scope), await sees(who, 'policy', scope)]).toEqual([false, true])
  })

  it('is listed with its product, explained by its path, and taken back', async () => {
    const scope = await open()
    const who = someone()
    await give('researcher', who, scope)
    const holders = await t.door.enter(listHolders, { role: 'researcher' }, admin())
    expect(holders).toMatchObject({ output: { data: expect.arrayContaining([{ kind: 'user', id: who.id, scope, ends_at: null }]) } })
    const where = `product/${scope.id}`
    const what = await t.door.enter(whatMay, { user: who.id, scope: where } as never, admin())
    const seen = (what as { output: { data: { area: string; path: { object: string }[] }[] } }).output.data.find(({ area }) => area === 'policy')
    expect(seen?.path.map(({ object }) => object)).toEqual([`area:${where}/policy`, `role:${where}/researcher`])
    const whoCan = await t.door.enter(whoMay, { area: 'policy', action: 'read', scope: where }, admin())
    expect((whoCan as { output: { data: { user: string }[] } }).output.data.map(({ user }) => user)).toContain(who.id)

    expect(await t.door.enter(unassignRole, { role: 'researcher', to: 'user', id: who.id }, admin())).toMatchObject({ outcome: 'refused' })
    await t.door.enter(unassignRole, { role: 'researcher', to: 'user', id: who.id, scope: where } as never, admin())
    expect(await sees(who, 'policy', scope)).toBe(false)
  })
})

describe('a role of the institution’s own with a right in a project', () => {
  it('cannot name one that is not open, and ends with it', async () => {
    expect(
      await t.door.enter(createRole, { name: 'ghost', grants: [{ area: 'webhook', level: 'read', scope: { kind: 'project', id: fresh() } }] }, admin()),
    ).toMatchObject({ outcome: 'refused', problem: { kind: accessProblems.scope_closed } })
    const scope = await open(inDays(1), 'project')
    const who = someone()
    const role = await make([{ area: 'webhook', level: 'read', scope }])
    await t.door.enter(assignRole, { role: role.id, to: 'user', id: who.id }, admin())
    expect(await sees(who, 'webhook', scope)).toBe(true)
    t.clock.advance(86_400_000)
    expect(await sees(who, 'webhook', scope)).toBe(false)
  })

  it('holds again where a project goes on', async () => {
    const scope = await open(inDays(5), 'project')
    const who = someone()
    const role = await make([{ area: 'webhook', level: 'read', scope }])
    await t.door.enter(assignRole, { role: role.id, to: 'user', id: who.id }, admin())
    const act = <T>(change: (act: { tx: Tx; tenant: typeof t.tenant; node: typeof t.door.node }) => Promise<T>) =>
      t.database.transaction(t.tenant, (tx) => change({ tx, tenant: t.tenant, node: t.door.node }))
    await act((at) => closeScope(at, scope))
    t.clock.advance(stalenessMaxMs)
    expect(await sees(who, 'webhook', scope)).toBe(false)
    await act((at) => openScope(at, scope, inDays(1)))
    t.clock.advance(stalenessMaxMs)
    expect(await sees(who, 'webhook', scope)).toBe(true)
    t.clock.advance(86_400_000)
    expect(await sees(who, 'webhook', scope)).toBe(false)
  })
})
