import type { Id } from '@gatehouse/core/id'
import type { Instant } from '@gatehouse/core/instant'
import { type Principal, systemPrincipal } from '@gatehouse/runtime/base/context'
import { defineModule } from '@gatehouse/runtime/door/module'
import { operation } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { type TestNode, testNode } from '@gatehouse/runtime/door/testing/node'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { assignRole, listHolders, unassignRole } from './assign.ts'
import { stalenessMaxMs } from './authorizer.ts'
import { compareAccess } from './compare.ts'
import { breakGlass, giveBack, listEmergencies, reviewGlass } from './emergency.ts'
import { checkAccess, whatMay, whoMay } from './explain.ts'
import { accessModule, authorize, mirrorRoles, openScope, writeRelations } from './index.ts'
import { accessProblems } from './problems.ts'
import { createRole, deleteRole, updateRole } from './save-role.ts'
import { limits, type RoleGrant, type Scope } from './schema.ts'

/** A thing of some project, with facts, that only asks for a right. */
const lookAt = operation({
  name: 'look.at',
  summary: 'Look',
  input: z.strictObject({ type: z.string(), project: z.string().optional(), purpose: z.string().optional(), sensitivity: z.number().optional() }),
  output: z.strictObject({}),
  access: {
    action: 'read',
    on: ({ type, project, purpose, sensitivity }) => ({
      type,
      ...(project === undefined ? {} : { scope: { kind: 'project' as const, id: project } }),
      facts: { ...(purpose === undefined ? {} : { purpose }), ...(sensitivity === undefined ? {} : { sensitivity }) },
    }),
  },
  audit: { none: 'a test that looks' },
  run: async () => ({}),
})

const open = (scope: Scope, endsAt: Instant | null = null) =>
  t.database.transaction(t.tenant, (tx) => openScope({ tx, tenant: t.tenant, node: t.door.node }, scope, endsAt))

/** Long work in two steps; the test decides when it goes on. */
let between: () => Promise<void> = async () => {}
const stepsDone: number[] = []
const workOn = operation({
  name: 'look.work',
  summary: 'Work',
  kind: 'steps',
  input: z.strictObject({}),
  output: z.strictObject({}),
  access: { action: 'read', on: () => ({ type: 'webhook' }) },
  audit: { none: 'a test that works' },
  async run(ctx) {
    await ctx.step(async () => void stepsDone.push(1))
    await between()
    await ctx.step(async () => void stepsDone.push(2))
    return {}
  },
})

let t: TestNode
beforeAll(async () => {
  t = await testNode({ modules: [accessModule, defineModule({ name: 'look', operations: [lookAt, workOn], problems: {} })], plugs: { allowed: authorize } })
})
afterAll(() => t.close())

let count = 0
beforeEach(() => {
  count++
})
const id = (n: number) => `01980000-0000-7000-8000-${String(count).padStart(6, '0')}${String(n).padStart(6, '0')}` as Id<'user'>
const person = (n: number, roles: string[] = []): Principal => t.principal({ id: id(n), roles })
const admin = () => person(0, ['administrator'])
const officer = () => person(1, ['officer'])

async function done<O>(entered: Promise<{ outcome: string; output?: O; problem?: { kind: unknown } }>): Promise<O> {
  const answer = await entered
  if (answer.outcome !== 'done') throw answer.problem ?? new Error(answer.outcome)
  return answer.output as O
}
const refusedBy = async (entered: Promise<{ outcome: string; problem?: { kind: unknown } }>) => {
  const answer = await entered
  return answer.outcome === 'refused' ? answer.problem?.kind : answer.outcome
}
const sees = (who: Principal, input: z.input<typeof lookAt.input>) =>
  t.door.enter(lookAt, input, who).then(
    () => true,
    (problem: { kind: unknown }) => {
      if (problem.kind !== doorProblems.not_allowed) throw problem
      return false
    },
  )
const make = (grants: RoleGrant[], by = admin(), name = `role-${count}-${grants.length}-${Math.random().toString(36).slice(2, 8)}`) =>
  done(t.door.enter(createRole, { name, summary: '', grants }, by))
const give = (role: string, to: string, by = admin(), kind: 'user' | 'team' = 'user', ends_at?: string) =>
  t.door.enter(assignRole, { role, to: kind, id: to, ...(ends_at === undefined ? {} : { ends_at: ends_at as never }) }, by)
const look: RoleGrant[] = [{ area: 'webhook', level: 'read' }]

describe('escalation', () => {
  it('vertical: nobody makes a role with more than they have, gives one, or widens one', async () => {
    expect(await refusedBy(t.door.enter(createRole, { name: `up-${count}`, grants: [{ area: 'staff_read', level: 'read' }] }, admin()))).toBe(
      accessProblems.more_than_own,
    )
    expect(await refusedBy(t.door.enter(createRole, { name: `up-${count}`, grants: [{ area: 'policy', level: 'write' }] }, admin()))).toBe(
      accessProblems.more_than_own,
    )
    const reads = await make([{ area: 'staff_read', level: 'read' }], officer())
    expect(await refusedBy(give(reads.id, id(0)))).toBe(accessProblems.more_than_own)
    expect(await refusedBy(give('officer', id(0)))).toBe(accessProblems.more_than_own)
    expect(
      await refusedBy(t.door.enter(updateRole, { role: reads.id, name: reads.name, grants: [...reads.grants, { area: 'ledger', level: 'write' }] }, admin())),
    ).toBe(accessProblems.more_than_own)
    expect(await sees(person(0, ['administrator']), { type: 'staff_read' })).toBe(false)
  })

  it('a conditional right is not enough to give the right on, with or without the condition', async () => {
    const some = await make([
      { area: 'role', level: 'write' },
      { area: 'policy', level: 'read', condition: 'sensitivity < 3' },
    ])
    await done(give(some.id, id(5)))
    expect(await refusedBy(t.door.enter(createRole, { name: `c-${count}`, grants: [{ area: 'policy', level: 'read' }] }, person(5)))).toBe(
      accessProblems.more_than_own,
    )
  })

  it('horizontal: who has a role in one project sees nothing of another', async () => {
    const project = id(900)
    await open({ kind: 'project', id: project })
    const scoped = await make([{ area: 'webhook', level: 'read', scope: { kind: 'project', id: project } }])
    await done(give(scoped.id, id(6)))
    expect(await sees(person(6), { type: 'webhook', project })).toBe(true)
    expect(await sees(person(6), { type: 'webhook', project: id(901) })).toBe(false)
    expect(await sees(person(6), { type: 'webhook' })).toBe(false)
  })

  it('of one’s kind: what is given to the staff counts for no engineer, person or partner of the same id', async () => {
    const role = await make(look)
    await done(give(role.id, id(7)))
    expect(await sees(person(7), { type: 'webhook' })).toBe(true)
    for (const more of [{ partner: id(50) as never }, { subject: id(51) as never }, { kind: 'partner' as const }])
      expect(await sees(t.principal({ id: id(7), roles: [], ...more }), { type: 'webhook' })).toBe(false)
  })

  it('roles that come with an account are given to nobody', async () => {
    for (const role of ['system', 'partner', 'engineer', 'person', 'user'] as const) expect(await refusedBy(give(role, id(8)))).toBe(accessProblems.role_fixed)
  })

  it('across institutions: the same ids mean nothing there', async () => {
    const role = await make(look)
    await done(give(role.id, id(9)))
    const elsewhere = '01980000-0000-7000-8000-000000000002' as Id<'tenant'>
    expect(await sees({ ...person(9), tenant: elsewhere }, { type: 'webhook' })).toBe(false)
    expect(await refusedBy(t.door.enter(updateRole, { role: role.id, name: 'mine', grants: look }, { ...admin(), tenant: elsewhere }))).toBe(
      doorProblems.not_found,
    )
    expect(await refusedBy(t.door.enter(deleteRole, { role: role.id }, { ...admin(), tenant: elsewhere }))).toBe(doorProblems.not_found)
    expect(await refusedBy(t.door.enter(assignRole, { role: role.id, to: 'user', id: id(9) }, { ...admin(), tenant: elsewhere }))).toBe(doorProblems.not_found)
    expect((await done(t.door.enter(whoMay, { area: 'webhook', action: 'read' }, { ...admin(), tenant: elsewhere }))).data).toEqual([])
  })

  it('a condition cannot break out of its caveat, loop, or be none', async () => {
    for (const condition of ['true } definition x {', 'sensitivity', 'sensitivity < "3"', 'nobody == 1', 'category.matches("(a+)+")', '`', 'true // } \n']) {
      const answer = await refusedBy(t.door.enter(createRole, { name: `bad-${count}`, grants: [{ area: 'policy', level: 'read', condition }] }, admin()))
      expect([condition, answer]).toEqual([condition, condition.startsWith('true //') ? expect.anything() : accessProblems.condition_invalid])
    }
  })
})

describe('locking out', () => {
  it('a change by which its author could change no role any more is refused and not made', async () => {
    const keeper = await make([
      { area: 'role', level: 'write' },
      { area: 'webhook', level: 'read' },
    ])
    await done(give(keeper.id, id(10)))
    const me = person(10)
    for (const change of [
      () => t.door.enter(unassignRole, { role: keeper.id, to: 'user', id: id(10) }, me),
      () => t.door.enter(deleteRole, { role: keeper.id }, me),
      () => t.door.enter(updateRole, { role: keeper.id, name: keeper.name, grants: look }, me),
    ]) {
      expect(await refusedBy(change())).toBe(accessProblems.locks_out)
      expect(await sees(me, { type: 'role' })).toBe(true)
    }
    expect((await done(t.door.enter(unassignRole, { role: keeper.id, to: 'user', id: id(10) }, admin()))).id).toBe(id(10))
    expect(await sees(me, { type: 'role' })).toBe(false)
  })
})

describe('roles of one’s own', () => {
  it('give what they say, to people and to teams in teams, until they are taken away', async () => {
    const role = await make([
      { area: 'webhook', level: 'read' },
      { area: 'ledger_entry', level: 'read', condition: 'sensitivity <= 2 && now < timestamp("2030-01-01T00:00:00Z")' },
    ])
    const [inner, outer] = [id(20), id(21)]
    const team = (object: string, subject: { type: string; id: string; relation?: string }) => ({
      object: { type: 'team', id: object },
      relation: 'member',
      subject,
    })
    await t.database.transaction(t.tenant, (tx) =>
      writeRelations(tx, t.tenant, {
        touch: [
          team(inner, { type: 'staff', id: id(22) }),
          team(outer, { type: 'team', id: inner, relation: 'member' }),
          team(inner, { type: 'team', id: outer, relation: 'member' }),
        ],
      }),
    )
    expect(await sees(person(22), { type: 'webhook' })).toBe(false)
    await done(give(role.id, outer, admin(), 'team'))
    expect(await sees(person(22), { type: 'webhook' })).toBe(true)
    expect(await sees(person(22), { type: 'ledger_entry' })).toBe(false)
    expect(await sees(person(22), { type: 'ledger_entry', sensitivity: 2 })).toBe(true)
    expect(await sees(person(22), { type: 'ledger_entry', sensitivity: 3 })).toBe(false)
    expect((await done(t.door.enter(listHolders, { role: role.id }, admin()))).data).toEqual([{ kind: 'team', id: outer, scope: null, ends_at: null }])
    await done(t.door.enter(unassignRole, { role: role.id, to: 'team', id: outer }, admin()))
    expect(await sees(person(22), { type: 'webhook' })).toBe(false)
  })

  it('are held by those who hold that very role, and none whose name only looks alike', async () => {
    const held = (role: string, holder: string) => ({ object: { type: 'role', id: role }, relation: 'holder', subject: { type: 'staff', id: holder } })
    const [owner, alike] = [`project/${id(50)}/data_owner`, `project/${id(50)}/data-owner`]
    await t.database.transaction(t.tenant, (tx) => writeRelations(tx, t.tenant, { touch: [held(owner, id(51)), held(alike, id(52))] }))
    const holders = (await done(t.door.enter(listHolders, { role: 'data_owner' }, admin()))).data.map((one) => one.id)
    expect(holders).toContain(id(51))
    expect(holders).not.toContain(id(52))
  })

  it('end when they are said to, to the millisecond', async () => {
    const role = await make(look)
    await done(give(role.id, id(30), admin(), 'user', new Date(t.clock.nowMs() + 1000).toISOString()))
    expect(await sees(person(30), { type: 'webhook' })).toBe(true)
    t.clock.advance(999)
    expect(await sees(person(30), { type: 'webhook' })).toBe(true)
    t.clock.advance(1)
    expect(await sees(person(30), { type: 'webhook' })).toBe(false)
  })

  it('change for all who hold them', async () => {
    const role = await make(look)
    await done(give(role.id, id(31)))
    expect(await sees(person(31), { type: 'webhook' })).toBe(true)
    await done(t.door.enter(updateRole, { role: role.id, name: role.name, grants: [{ area: 'policy', level: 'read' }] }, admin()))
    expect([await sees(person(31), { type: 'webhook' }), await sees(person(31), { type: 'policy' })]).toEqual([false, true])
    await done(t.door.enter(deleteRole, { role: role.id }, admin()))
    expect(await sees(person(31), { type: 'policy' })).toBe(false)
    expect(await refusedBy(t.door.enter(deleteRole, { role: role.id }, admin()))).toBe(doorProblems.not_found)
  })

  it('have names of their own', async () => {
    const role = await make(look)
    expect(await refusedBy(t.door.enter(createRole, { name: role.name, grants: look }, admin()))).toBe(accessProblems.name_taken)
    expect(await refusedBy(t.door.enter(createRole, { name: 'auditor', grants: look }, admin()))).toBe(accessProblems.name_taken)
  })

  it('taken away by another process is taken away here within half a second', async () => {
    const role = await make(look)
    await done(give(role.id, id(32)))
    expect(await sees(person(32), { type: 'webhook' })).toBe(true)
    // As another process would: past this one's memory.
    await t.database.transaction(t.tenant, (tx) =>
      writeRelations(tx, t.tenant, { delete: [{ object: { type: 'role', id: role.id }, relation: 'holder', subject: { type: 'staff', id: id(32) } }] }),
    )
    t.clock.advance(stalenessMaxMs)
    expect(await sees(person(32), { type: 'webhook' })).toBe(false)
  })
})

describe('a right that is taken away', () => {
  const behalf = (n: number) => ({ principal: { kind: 'user' as const, id: id(n), roles: [] }, action: 'read' as const, resource: { type: 'webhook' } })
  const work = (n: number) => t.door.enter(workOn, {}, systemPrincipal(t.tenant), { channel: 'job', behalf: behalf(n) })

  it('stops a job that carries it on: before it begins, and between two steps', async () => {
    const role = await make(look)
    await done(give(role.id, id(70)))
    stepsDone.length = 0
    between = async () => void (await done(t.door.enter(unassignRole, { role: role.id, to: 'user', id: id(70) }, admin())))
    await expect(work(70)).rejects.toMatchObject({ kind: doorProblems.not_allowed })
    expect(stepsDone).toEqual([1])
    await expect(work(70)).rejects.toMatchObject({ kind: doorProblems.not_allowed })
    expect(stepsDone).toEqual([1])
    between = async () => {}
    await done(give(role.id, id(70)))
    await done(work(70))
    expect(stepsDone).toEqual([1, 1, 2])
  })

  it('ends what stays open', async () => {
    const role = await make(look)
    await done(give(role.id, id(71)))
    const may = () => t.door.stillMay(person(71), { action: 'read', resource: { type: 'webhook' } })
    expect(await may()).toBe(true)
    await done(t.door.enter(unassignRole, { role: role.id, to: 'user', id: id(71) }, admin()))
    expect(await may()).toBe(false)
  })
})

describe('explanations', () => {
  it('tell who may, and by which relationships', async () => {
    const role = await make([{ area: 'partner_key', level: 'read' }])
    await done(give(role.id, id(40)))
    await t.database.transaction(t.tenant, (tx) => mirrorRoles(tx, t.tenant, id(41), ['auditor']))
    const who = (await done(t.door.enter(whoMay, { area: 'partner_key', action: 'read' }, admin()))).data.filter(({ user }) =>
      user.startsWith(id(0).slice(0, 30)),
    )
    expect(who).toMatchObject([
      {
        user: id(40),
        answer: 'yes',
        path: [
          { object: 'area:partner_key', relation: 'can_read', subject: `role:${role.id}#bearer` },
          { object: `role:${role.id}`, relation: 'holder', subject: `staff:${id(40)}` },
        ],
      },
      { user: id(41), answer: 'yes', path: [{ subject: 'role:auditor#bearer' }, { object: 'role:auditor', subject: `staff:${id(41)}` }] },
    ])
    const what = (await done(t.door.enter(whatMay, { user: id(40) }, admin()))).data
    expect(what.map(({ area, action, answer }) => `${area} ${action} ${answer}`)).toEqual(['partner_key read yes'])
    expect(await done(t.door.enter(checkAccess, { user: id(40), area: 'policy', action: 'publish' }, admin()))).toEqual({ answer: 'no', path: [], needs: [] })
  })

  it('say on what a conditional right depends', async () => {
    const role = await make([{ area: 'policy', level: 'read', condition: 'category in ["labs"] && sensitivity < 2' }])
    await done(give(role.id, id(42)))
    const ask = (facts?: object) =>
      done(t.door.enter(checkAccess, { user: id(42), area: 'policy', action: 'read', ...(facts === undefined ? {} : { facts }) }, admin()))
    expect(await ask()).toMatchObject({ answer: 'conditional', needs: expect.arrayContaining(['category', 'sensitivity']) })
    expect(await ask({ category: 'labs', sensitivity: 1 })).toMatchObject({ answer: 'yes', path: [{ condition: expect.stringContaining('labs') }, {}] })
    expect(await ask({ category: 'notes' })).toMatchObject({ answer: 'no' })
  })

  it('are refused to whoever may not read roles, but about oneself', async () => {
    await expect(t.door.enter(whatMay, { user: id(44) }, person(43))).rejects.toMatchObject({ kind: doorProblems.not_allowed })
    await expect(t.door.enter(whoMay, { area: 'policy', action: 'read' }, person(43))).rejects.toMatchObject({ kind: doorProblems.not_allowed })
    expect((await done(t.door.enter(whatMay, { user: id(43) }, person(43)))).data).toEqual([])
  })

  it('compare two roles, and a role with a person', async () => {
    const { data } = await done(t.door.enter(compareAccess, { left: 'role:auditor', right: 'role:officer' }, admin()))
    expect(data).toContainEqual({ area: 'policy', action: 'publish', left: 'no', right: 'yes' })
    expect(data).toContainEqual({ area: 'ledger', action: 'export', left: 'yes', right: 'no' })
    expect(data.every((row) => row.left !== row.right)).toBe(true)
    const same = await done(t.door.enter(compareAccess, { left: 'role:auditor', right: 'role:auditor', same: 'true' }, admin()))
    expect(same.data.length).toBeGreaterThan(20)
    await expect(t.door.enter(compareAccess, { left: 'role:auditor', right: 'role:nobody' }, admin())).rejects.toMatchObject({
      kind: doorProblems.input_invalid,
    })
  })
})

describe('breaking the glass', () => {
  const reason = 'The physician cannot be reached and it cannot wait'
  const taker = () => person(60, ['data_custodian'])
  const take = (more: object = {}, by = taker()) =>
    t.door.enter(breakGlass, { area: 'staff_read', purpose: 'dpv:VitalInterest', reason, minutes: 10, ...more }, by)

  it('is refused without the right, without a reason, for longer than an hour, and for other areas', async () => {
    await expect(take({}, person(61, ['researcher']))).rejects.toMatchObject({ kind: doorProblems.not_allowed })
    for (const wrong of [
      { reason: 'because' },
      { minutes: limits.emergencyMinutesMax + 1 },
      { minutes: 0 },
      { area: 'user' },
      { area: 'policy', action: 'publish' },
    ]) {
      await expect(take(wrong)).rejects.toMatchObject({ kind: doorProblems.input_invalid })
    }
  })

  it('gives the one right for the one purpose, writes each use, and ends by itself', async () => {
    expect(await sees(taker(), { type: 'staff_read', purpose: 'dpv:VitalInterest' })).toBe(false)
    const taken = await done(take())
    const from = t.entries.length
    expect(await sees(taker(), { type: 'staff_read', purpose: 'dpv:VitalInterest' })).toBe(true)
    expect(await sees(taker(), { type: 'staff_read', purpose: 'dpv:VitalInterest' })).toBe(true)
    expect(t.entries.slice(from)).toMatchObject([
      { type: 'access.emergency_used', facts: { object: { kind: 'emergency', id: taken.id } } },
      { type: 'access.emergency_used', facts: { details: { area: 'staff_read', action: 'read' } } },
    ])
    expect(await sees(taker(), { type: 'staff_read', purpose: 'dpv:Marketing' })).toBe(false)
    expect(await sees(taker(), { type: 'staff_read' })).toBe(false)
    expect(await sees(person(62, ['data_custodian']), { type: 'staff_read', purpose: 'dpv:VitalInterest' })).toBe(false)
    t.clock.advance(10 * 60_000)
    expect(await sees(taker(), { type: 'staff_read', purpose: 'dpv:VitalInterest' })).toBe(false)
  })

  it('stands in the ledger and is announced, without its reason', async () => {
    const from = t.entries.length
    const taken = await done(take())
    const [entry] = t.entries.slice(from)
    expect(entry).toMatchObject({ type: 'access.break_glass', facts: { object: { kind: 'emergency', id: taken.id }, purpose: 'dpv:VitalInterest' } })
    expect(JSON.stringify(entry)).not.toContain('physician')
    const events = await t.database.transaction('node', (tx) =>
      tx.query<{ type: string; data: unknown }>(`SELECT * FROM work.outbox WHERE type = 'access.glass_broken'`),
    )
    expect(events.length).toBeGreaterThan(0)
    expect(JSON.stringify(events)).not.toContain('physician')
  })

  it('is given back, and reviewed by somebody else; what is not justified ends at once', async () => {
    const first = await done(take())
    await done(t.door.enter(giveBack, { emergency: first.id }, taker()))
    expect(await sees(taker(), { type: 'staff_read', purpose: 'dpv:VitalInterest' })).toBe(false)
    expect(await refusedBy(t.door.enter(giveBack, { emergency: first.id }, taker()))).toBe(accessProblems.emergency_over)
    t.clock.advance(1)
    const second = await done(take())
    expect(await refusedBy(t.door.enter(giveBack, { emergency: second.id }, person(63, ['data_custodian'])))).toBe(doorProblems.not_found)
    await expect(t.door.enter(reviewGlass, { emergency: second.id, review: 'justified' }, taker())).rejects.toMatchObject({ kind: doorProblems.not_allowed })
    expect(await refusedBy(t.door.enter(reviewGlass, { emergency: second.id, review: 'justified' }, person(60, ['officer'])))).toBe(
      accessProblems.emergency_own,
    )
    expect(await done(t.door.enter(reviewGlass, { emergency: second.id, review: 'not_justified' }, officer()))).toMatchObject({
      review: 'not_justified',
      ended_at: expect.any(String),
    })
    expect(await sees(taker(), { type: 'staff_read', purpose: 'dpv:VitalInterest' })).toBe(false)
    expect(await refusedBy(t.door.enter(reviewGlass, { emergency: second.id, review: 'justified' }, officer()))).toBe(accessProblems.emergency_over)
    const mine = await done(t.door.enter(listEmergencies, { mine: 'true' }, taker()))
    expect(mine.data.map((row) => row.id)).toEqual([second.id, first.id])
  })

  it('is taken at most three times at once, also by many calls at the same moment', async () => {
    const by = person(64, ['data_custodian'])
    const answers = await Promise.all(Array.from({ length: 8 }, () => take({}, by)))
    expect(answers.filter(({ outcome }) => outcome === 'done')).toHaveLength(limits.emergenciesOpenMax)
  })
})
